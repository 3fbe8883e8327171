//! A stand-in for `unicode-normalization`, which the Python parser uses for one thing: names that are not ASCII are the same when their NFKC is. Its tables are
//! 120 kB, and every browser has them.

/// What the parser calls.
pub trait UnicodeNormalization {
    /// The characters of the text's NFKC.
    fn nfkc(self) -> std::vec::IntoIter<char>;
}

impl UnicodeNormalization for &str {
    fn nfkc(self) -> std::vec::IntoIter<char> {
        nfkc(self).chars().collect::<Vec<_>>().into_iter()
    }
}

#[cfg(target_arch = "wasm32")]
fn nfkc(text: &str) -> String {
    // It throws for forms that it does not know, and knows this one.
    js_sys::JsString::from(text).normalize("NFKC").into()
}

#[cfg(not(target_arch = "wasm32"))]
fn nfkc(text: &str) -> String {
    icu_normalizer::ComposingNormalizer::new_nfkc().normalize(text).into_owned()
}

//! Compression, version 1: PPMd (variant H) whose model has read a dictionary of model files before it meets the project.
//!
//! The dictionary is put before the text on both sides. The bytes that it compresses to are the same in every link, so
//! links leave them out, and the reader puts them back. Measured on Django models of five to seven tables, this
//! takes a quarter of what deflate does; brotli would bring its own dictionary of 120 KB of web pages.

use std::io::{Read, Write};
use std::sync::LazyLock;

use ppmd_rust::{Ppmd7Decoder, Ppmd7Encoder};

use super::LinkError;
use super::container::{END, MODELS, SCRIPT, SQL};

/// Part of version 1, as the dictionary is: another order or memory size would read other text out of the same bytes.
const ORDER: u32 = 16;
const MEMORY: u32 = 2 << 20;

/// The commonest last: what was read last weighs most.
const DICTIONARY: [(u8, &str); 6] = [
    (MODELS, include_str!("dictionary_v1/tortoise.py")),
    (MODELS, include_str!("dictionary_v1/ormar.py")),
    (MODELS, include_str!("dictionary_v1/peewee.py")),
    (SQL, include_str!("dictionary_v1/query.sql")),
    (SCRIPT, include_str!("dictionary_v1/script.py")),
    (MODELS, include_str!("dictionary_v1/django.py")),
];

/// The dictionary as the model reads it, and the bytes of its compression that every link begins with.
struct Primer {
    text: Vec<u8>,
    packed: Vec<u8>,
}

static PRIMER: LazyLock<Primer> = LazyLock::new(|| {
    let mut text = Vec::new();
    for (tag, section) in DICTIONARY {
        text.push(tag);
        text.extend_from_slice(section.as_bytes());
        text.push(END);
    }
    text.push(END);
    let mut packed = compress(&[&text]);
    packed.truncate(packed.len().saturating_sub(UNSETTLED));
    Primer { text, packed }
});

/// How many of the last bytes of the compressed dictionary may still change with the text that follows it: the
/// range coder holds back one byte for a carry, and ends with four.
const UNSETTLED: usize = 5;

fn compress(parts: &[&[u8]]) -> Vec<u8> {
    // Writing into a `Vec` does not fail, and the constants are in the ranges of the encoder.
    let Ok(mut encoder) = Ppmd7Encoder::new(Vec::new(), ORDER, MEMORY) else { return Vec::new() };
    for part in parts {
        if encoder.write_all(part).is_err() {
            return Vec::new();
        }
    }
    encoder.finish(false).unwrap_or_default()
}

/// Compresses.
pub(super) fn pack(text: &[u8]) -> Vec<u8> {
    let primer = &*PRIMER;
    let whole = compress(&[&primer.text, text]);
    whole.strip_prefix(primer.packed.as_slice()).unwrap_or_default().to_vec()
}

/// Decompresses byte by byte, so that the reader stops where its text ends.
pub(super) struct Unpacker<'a> {
    decoder: Ppmd7Decoder<std::io::Chain<&'a [u8], &'a [u8]>>,
    left: usize,
}

impl<'a> Unpacker<'a> {
    /// Reads at most `limit` bytes out of `packed`.
    pub(super) fn new(packed: &'a [u8], limit: usize) -> Result<Self, LinkError> {
        let primer = &*PRIMER;
        let source = primer.packed.as_slice().chain(packed);
        let mut decoder =
            Ppmd7Decoder::new(source, ORDER, MEMORY).map_err(|_| LinkError::Broken)?;
        let mut dictionary = vec![0; primer.text.len()];
        decoder.read_exact(&mut dictionary).map_err(|_| LinkError::Broken)?;
        if dictionary != primer.text {
            return Err(LinkError::Broken);
        }
        Ok(Self { decoder, left: limit })
    }

    /// The next byte.
    pub(super) fn next(&mut self) -> Result<u8, LinkError> {
        self.left = self.left.checked_sub(1).ok_or(LinkError::TooLarge)?;
        let mut byte = [0];
        self.decoder.read_exact(&mut byte).map_err(|_| LinkError::Broken)?;
        let [byte] = byte;
        Ok(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_continuation_begins_with_the_same_bytes() {
        for first in (0..=u8::MAX).step_by(15) {
            assert!(
                compress(&[&PRIMER.text, &[first, first]]).starts_with(&PRIMER.packed),
                "{first}"
            );
        }
    }

    #[test]
    fn the_limit_holds() {
        let packed = pack(&[b'a'; 1000]);
        assert!(packed.len() < 50);
        let mut unpacker = Unpacker::new(&packed, 999).unwrap();
        for _ in 0..999 {
            assert_eq!(unpacker.next(), Ok(b'a'));
        }
        assert_eq!(unpacker.next(), Err(LinkError::TooLarge));
    }
}

//! Numbers as the parser keeps them, as text. Their own way to write themselves brings long division and all kinds of formats.

use bigdecimal::BigDecimal;

/// What nine digits count to.
const NINE: u64 = 1_000_000_000;

/// A number that is not negative, without an exponent: as it was written.
pub(crate) fn written(number: &BigDecimal) -> String {
    let (digits, scale) = number.as_bigint_and_scale();
    let mut text = whole(digits.magnitude().to_u32_digits());
    match usize::try_from(scale) {
        Ok(0) => {}
        Ok(places) => {
            let missing = (places + 1).saturating_sub(text.len());
            text.insert_str(0, &"0".repeat(missing));
            text.insert(text.len() - places, '.');
        }
        Err(_) => {
            let zeros = usize::try_from(scale.unsigned_abs()).unwrap_or_default();
            text.push_str(&"0".repeat(zeros));
        }
    }
    text
}

/// A whole number of so many 32 bits, the lowest first.
fn whole(mut bits: Vec<u32>) -> String {
    let mut parts = Vec::new();
    while bits.iter().any(|bits| *bits != 0) {
        let mut rest = 0;
        for bits in bits.iter_mut().rev() {
            let all = (rest << 32) | u64::from(*bits);
            // Less than 32 bits, as the rest was less than what it is divided by.
            *bits = u32::try_from(all / NINE).unwrap_or_default();
            rest = all % NINE;
        }
        parts.push(rest);
    }
    let mut text = parts.pop().unwrap_or_default().to_string();
    for part in parts.iter().rev() {
        text += &format!("{part:09}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::{BigDecimal, written};

    #[test]
    fn a_number_is_written_as_it_was() {
        for text in [
            "0",
            "7",
            "1.50",
            "0.5",
            "0.00001",
            "0.00000000001",
            "1000000000",
            "999999999",
            "4294967296",
            "9223372036854775808",
            "18446744073709551616",
            "123456789012345678901234567890.123456789012345678901234567890",
        ] {
            assert_eq!(written(&BigDecimal::from_str(text).unwrap()), text);
        }
        assert_eq!(written(&BigDecimal::from_str("12e3").unwrap()), "12000");
    }
}

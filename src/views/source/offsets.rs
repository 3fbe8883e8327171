//! Bytes to UTF-16 and back: the core counts the one, editors in a browser the other. Pure.

/// Where the two ways of counting drift apart in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offsets {
    /// After each character that is not ASCII: the byte offset and the UTF-16 offset.
    drifts: Vec<(u32, u32)>,
}

impl Offsets {
    /// Of this text.
    pub(super) fn new(text: &str) -> Self {
        let mut drifts = Vec::new();
        let mut saved = 0;
        for (at, character) in text.char_indices().filter(|(_, character)| !character.is_ascii()) {
            saved += character.len_utf8() - character.len_utf16();
            let byte = at + character.len_utf8();
            drifts.push((byte as u32, (byte - saved) as u32));
        }
        Self { drifts }
    }

    /// The UTF-16 offset of a byte offset.
    pub(super) fn utf16(&self, byte: u32) -> u32 {
        let before = self.drifts.partition_point(|(at, _)| *at <= byte);
        let (at, units) = self.last(before);
        units + (byte - at)
    }

    /// The byte offset of a UTF-16 offset.
    pub(super) fn byte(&self, unit: u32) -> u32 {
        let before = self.drifts.partition_point(|(_, units)| *units <= unit);
        let (at, units) = self.last(before);
        at + (unit - units)
    }

    fn last(&self, count: usize) -> (u32, u32) {
        count.checked_sub(1).and_then(|index| self.drifts.get(index)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_agree_with_the_standard_library() {
        let text = "a = 'ü☂𝄞' # ok\nb = 1";
        let offsets = Offsets::new(text);
        for (byte, _) in text.char_indices() {
            let units = text[..byte].encode_utf16().count() as u32;
            assert_eq!(
                (offsets.utf16(byte as u32), offsets.byte(units)),
                (units, byte as u32),
                "at {byte}"
            );
        }
    }
}

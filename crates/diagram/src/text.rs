//! How wide text will be, so that no view has to ask the browser before it can lay out.

/// Advance widths of Inter 400 at 12 px from U+0020 to U+007E, in hundredths of a pixel.
const REGULAR_12: [u16; 95] = [
    337, 334, 484, 757, 765, 975, 767, 266, 435, 435, 600, 791, 336, 552, 331, 428, 750, 557, 726,
    764, 770, 730, 748, 709, 740, 748, 331, 336, 791, 791, 791, 609, 1123, 811, 781, 873, 862, 718,
    704, 891, 888, 317, 651, 782, 675, 1067, 903, 914, 762, 914, 767, 765, 770, 890, 811, 1139,
    770, 798, 750, 435, 367, 435, 562, 542, 597, 677, 745, 670, 745, 699, 433, 731, 709, 285, 285,
    653, 285, 1043, 702, 716, 731, 731, 447, 627, 436, 697, 668, 975, 648, 668, 649, 435, 392, 435,
    791,
];

/// Advance widths of Inter 600 at 14 px, likewise.
const STRONG_14: [u16; 95] = [
    348, 433, 554, 900, 909, 1181, 928, 298, 551, 551, 761, 942, 413, 652, 407, 530, 934, 673, 870,
    912, 932, 885, 907, 849, 904, 907, 407, 413, 942, 942, 942, 762, 1399, 1013, 920, 1041, 1014,
    851, 820, 1057, 1042, 385, 785, 948, 792, 1269, 1037, 1085, 901, 1086, 911, 909, 924, 1027,
    1013, 1409, 966, 986, 914, 551, 455, 551, 674, 655, 696, 804, 882, 808, 882, 830, 528, 875,
    858, 365, 365, 796, 365, 1257, 854, 851, 874, 874, 555, 769, 532, 852, 806, 1172, 787, 806,
    786, 551, 501, 551, 942,
];

/// The faces that stand in a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Names of fields: Inter 12, weight 400.
    Name,
    /// Names of primary keys: Inter 12, weight 600.
    StrongName,
    /// Titles: Inter 14, weight 600.
    Title,
    /// Types and tables: IBM Plex Mono 11.
    Code,
}

/// The width of a text in whole pixels, rounded up. Letters outside ASCII count as wide as the widest common capital.
pub fn width(text: &str, face: Face) -> i32 {
    let hundredths: u64 = text.chars().map(|letter| u64::from(advance(letter, face))).sum();
    i32::try_from(hundredths.div_ceil(100)).unwrap_or(i32::MAX / 4)
}

/// The text, cut with an ellipsis where it is wider than `room`. Never longer than it was.
pub fn fitted(text: &str, face: Face, room: i32) -> String {
    if width(text, face) <= room {
        return text.to_owned();
    }
    let room = u64::try_from(room.saturating_sub(width("…", face))).unwrap_or_default() * 100;
    let mut used = 0;
    let kept = text.chars().take_while(|letter| {
        used += u64::from(advance(*letter, face));
        used <= room
    });
    kept.chain(std::iter::once('…')).collect()
}

fn advance(letter: char, face: Face) -> u16 {
    let index = usize::try_from(u32::from(letter).wrapping_sub(32)).unwrap_or(usize::MAX);
    match face {
        Face::Name => REGULAR_12.get(index).copied().unwrap_or(1200),
        Face::StrongName => STRONG_14.get(index).map_or(1200, |at_14| at_14 - at_14 / 7),
        Face::Title => STRONG_14.get(index).copied().unwrap_or(1400),
        Face::Code if letter.is_ascii() || letter == '…' => 660,
        Face::Code => 1100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_fonts() {
        assert_eq!(width("app_student", Face::Code), 73);
        assert_eq!(width("Student", Face::Title), 54);
        assert_eq!(width("", Face::Name), 0);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(fitted("Date", Face::Code, 40), "Date");
        assert_eq!(fitted("SmallInteger", Face::Code, 40), "Small…");
        assert_eq!(fitted("SmallInteger", Face::Code, 0), "…");
    }
}

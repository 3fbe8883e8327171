//! The four ends of a relation (crow's feet). The maximum stands next to the node, the minimum inside of it.

use crate::geometry::{Point, Side};

/// How many rows of this side a row of the other side may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// The key is not null.
    ExactlyOne,
    /// The key may be null, or the reverse side of a one-to-one.
    ZeroOrOne,
    /// The reverse side of a key, and both sides of a many-to-many.
    ZeroOrMany,
    /// Only where the model demands it.
    OneOrMany,
}

impl End {
    /// The words for it in a sentence: "has exactly one".
    pub const fn words(self) -> &'static str {
        match self {
            Self::ExactlyOne => "exactly one",
            Self::ZeroOrOne => "zero or one",
            Self::ZeroOrMany => "zero or many",
            Self::OneOrMany => "one or many",
        }
    }
}

/// What is drawn at an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndMarks {
    /// Bars and foot, as the data of an SVG path.
    pub path: String,
    /// The middle of the ring as written into `cx` and `cy`, where there is one. Its radius is 3.5.
    pub ring: Option<(String, String)>,
}

/// Draws an end at a port. `side` is the node's side that the line leaves.
pub fn marks(end: End, port: Point, side: Side) -> EndMarks {
    let out = side.outward() * 2;
    // Twice the coordinates: half pixels stay whole numbers.
    let (x, y) = (port.x * 2, port.y * 2 + 1);
    let along = |distance: i32| half(x + out / 2 * distance);
    let bar =
        |distance: i32| format!("M{0} {1}L{0} {2}", along(distance), half(y - 9), half(y + 9));
    let foot = || {
        format!("M{0} {1}L{2} {3}L{0} {4}", half(x), half(y - 12), along(21), half(y), half(y + 12))
    };
    let ring = || Some((along(29), half(y)));
    match end {
        End::ExactlyOne => EndMarks { path: bar(17) + &bar(25), ring: None },
        End::ZeroOrOne => EndMarks { path: bar(15), ring: ring() },
        End::ZeroOrMany => EndMarks { path: foot(), ring: ring() },
        End::OneOrMany => EndMarks { path: foot() + &bar(27), ring: None },
    }
}

/// Half of a whole number, as SVG writes it.
fn half(twice: i32) -> String {
    let sign = if twice == -1 { "-" } else { "" };
    let point = if twice % 2 == 0 { "" } else { ".5" };
    format!("{sign}{}{point}", twice / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_stand_at_the_distances_of_the_design() {
        let at = Point::new(592, 125);
        assert_eq!(
            marks(End::ZeroOrMany, at, Side::Right),
            EndMarks {
                path: "M592 119.5L602.5 125.5L592 131.5".into(),
                ring: Some(("606.5".into(), "125.5".into()))
            }
        );
        let at = Point::new(700, 156);
        assert_eq!(
            marks(End::ExactlyOne, at, Side::Left),
            EndMarks { path: "M691.5 152L691.5 161M687.5 152L687.5 161".into(), ring: None }
        );
        let at = Point::new(222, 40);
        assert_eq!(
            marks(End::ZeroOrOne, at, Side::Left),
            EndMarks {
                path: "M214.5 36L214.5 45".into(),
                ring: Some(("207.5".into(), "40.5".into()))
            }
        );
        assert_eq!(
            marks(End::OneOrMany, Point::new(30, 6), Side::Left).path,
            "M30 0.5L19.5 6.5L30 12.5M16.5 2L16.5 11"
        );
    }

    #[test]
    fn halves_keep_their_sign() {
        assert_eq!([-3, -2, -1, 0, 1, 2].map(half), ["-1.5", "-1", "-0.5", "0", "0.5", "1"]);
    }
}

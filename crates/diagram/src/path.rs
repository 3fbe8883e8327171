//! Lines as SVG paths.

use std::fmt::Write as _;

use crate::geometry::Point;

/// The radius of a corner.
const RADIUS: i32 = 8;

/// The data of the path along these points, with rounded corners. Strokes are centred on half pixels; the ends stay on the
/// whole pixel of the node's border.
pub fn data(points: &[Point]) -> String {
    let mut out = String::new();
    let last = points.len().saturating_sub(1);
    let place = |index: usize, point: Point| {
        let x = if index == 0 || index == last { point.x * 2 } else { point.x * 2 + 1 };
        (x, point.y * 2 + 1)
    };
    let at = |index: usize| points.get(index).map(|point| place(index, *point));
    for index in 0..points.len() {
        let (Some(here), before, after) =
            (at(index), index.checked_sub(1).and_then(at), at(index + 1))
        else {
            continue;
        };
        match (before, after) {
            (None, _) => stroke(&mut out, 'M', here),
            (Some(_), None) => stroke(&mut out, 'L', here),
            (Some(before), Some(after)) => corner(&mut out, before, here, after),
        }
    }
    out
}

/// A rounded corner at `here`; all in half pixels.
fn corner(out: &mut String, before: (i32, i32), here: (i32, i32), after: (i32, i32)) {
    let length = |a: (i32, i32), b: (i32, i32)| (a.0 - b.0).abs() + (a.1 - b.1).abs();
    let room = (length(before, here) / 2).min(length(here, after) / 2);
    let radius = room.min(RADIUS * 2);
    let toward = |other: (i32, i32)| {
        (
            here.0 + (other.0 - here.0).signum() * radius,
            here.1 + (other.1 - here.1).signum() * radius,
        )
    };
    stroke(out, 'L', toward(before));
    stroke(out, 'Q', here);
    stroke(out, ' ', toward(after));
}

fn stroke(out: &mut String, command: char, (x, y): (i32, i32)) {
    let half = |twice: i32| f64::from(twice) / 2.0;
    // Writing into a string cannot fail.
    let _ = write!(out, "{command}{} {}", half(x), half(y));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_rounded_and_strokes_stand_on_half_pixels() {
        let points = [
            Point::new(592, 125),
            Point::new(640, 125),
            Point::new(640, 156),
            Point::new(700, 156),
        ];
        assert_eq!(
            data(&points),
            "M592 125.5L632.5 125.5Q640.5 125.5 640.5 133.5L640.5 148.5Q640.5 156.5 648.5 156.5L700 156.5"
        );
    }

    #[test]
    fn a_straight_line_is_one_stroke() {
        assert_eq!(data(&[Point::new(104, 40), Point::new(222, 40)]), "M104 40.5L222 40.5");
        assert_eq!(data(&[]), "");
    }

    #[test]
    fn a_short_jog_has_smaller_corners() {
        let points = [Point::new(0, 0), Point::new(50, 0), Point::new(50, 12), Point::new(99, 12)];
        assert_eq!(
            data(&points),
            "M0 0.5L44.5 0.5Q50.5 0.5 50.5 6.5L50.5 6.5Q50.5 12.5 56.5 12.5L99 12.5"
        );
    }
}

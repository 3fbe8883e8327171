//! Which rows of a long list are in the page. Pure.

/// The tallest list that browsers lay out reliably, in pixels. A longer one is scrolled through faster than its rows.
const TALLEST: f64 = 8_000_000.0;
/// Rows above the first visible one that are in the page.
const ABOVE: u32 = 40;
/// Rows in the page: more than any screen shows.
const ROWS: u32 = 240;
/// The first row in the page is a multiple of this, so that most steps of scrolling change nothing.
const STEP: u32 = 20;

/// The part of a list that is in the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Window {
    /// The first row in the page.
    pub(super) first: u32,
    /// The row after the last.
    pub(super) end: u32,
    /// How far from the top of the scrolled content the first row stands, in pixels.
    pub(super) offset: f64,
    /// Height of the scrolled content.
    pub(super) height: f64,
}

impl Window {
    /// The part of `total` rows of this height that belongs to a place of the scroll bar.
    pub(super) fn at(scrolled: f64, total: u32, row: f64) -> Self {
        let full = f64::from(total) * row;
        let height = full.min(TALLEST);
        let scale = if height > 0.0 { full / height } else { 1.0 };
        let top = (scrolled * scale).clamp(0.0, full);
        let visible = (top / row).floor() as u32;
        let first = visible.saturating_sub(ABOVE) / STEP * STEP;
        // With nothing scaled, rows stand where they stand; otherwise next to what is visible.
        let offset = if scale > 1.0 {
            scrolled - (top - f64::from(first) * row)
        } else {
            f64::from(first) * row
        };
        Self { first, end: total.min(first + ROWS), offset, height }
    }

    /// Where to scroll to for a row to be visible in a view of this height; `None` where it is.
    pub(super) fn reveal(at: u32, scrolled: f64, view: f64, total: u32, row: f64) -> Option<f64> {
        let full = f64::from(total) * row;
        let scale = (full / full.min(TALLEST)).max(1.0);
        let (top, place) = (scrolled * scale, f64::from(at) * row);
        if place < top {
            Some(place / scale)
        } else if place + row > top + view {
            Some((place + row - view).max(0.0) / scale)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_there_as_a_whole() {
        assert_eq!(
            Window::at(0.0, 7, 24.0),
            Window { first: 0, end: 7, offset: 0.0, height: 168.0 }
        );
        assert_eq!(Window::at(0.0, 0, 24.0), Window::default());
    }

    #[test]
    fn a_long_list_has_the_rows_around_the_visible_ones() {
        let window = Window::at(24_000.0, 100_000, 24.0);
        assert!((window.first..window.end).contains(&1000) && window.end - window.first == ROWS);
        assert_eq!(window.offset, f64::from(window.first) * 24.0);
    }

    #[test]
    fn a_million_rows_can_be_scrolled_to_the_end() {
        let (total, view) = (1_000_000, 300.0);
        let window = Window::at(TALLEST - view, total, 24.0);
        assert_eq!((window.height, window.end), (TALLEST, total));
        let reveal = Window::reveal(total - 1, 0.0, view, total, 24.0).unwrap();
        assert!(Window::at(reveal, total, 24.0).end == total);
    }

    #[test]
    fn what_is_visible_is_not_scrolled_to() {
        assert_eq!(Window::reveal(3, 0.0, 200.0, 100, 24.0), None);
        assert_eq!(Window::reveal(10, 0.0, 200.0, 100, 24.0), Some(64.0));
        assert_eq!(Window::reveal(0, 50.0, 200.0, 100, 24.0), Some(0.0));
    }
}

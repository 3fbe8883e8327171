//! What part of the diagram is seen, and how large.

use crate::geometry::{Point, Rect};

/// The smallest zoom.
pub const MIN_ZOOM: f64 = 0.1;
/// The greatest zoom.
pub const MAX_ZOOM: f64 = 4.0;
/// The steps of the zoom buttons.
const STEPS: [f64; 13] = [0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0];

/// A place on the screen and a zoom. On the screen, the diagram's point `p` is at `p × zoom + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// Where the diagram's origin is, to the right.
    pub x: f64,
    /// Where the diagram's origin is, down.
    pub y: f64,
    /// How large.
    pub zoom: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, zoom: 1.0 }
    }
}

impl Viewport {
    /// Moved on the screen.
    #[must_use]
    pub fn panned(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// Zoomed by a factor, so that what is under the screen's point (`x`, `y`) stays there.
    #[must_use]
    pub fn zoomed(self, factor: f64, x: f64, y: f64) -> Self {
        let zoom = (self.zoom * factor).clamp(MIN_ZOOM, MAX_ZOOM);
        let factor = zoom / self.zoom;
        Self { x: x - (x - self.x) * factor, y: y - (y - self.y) * factor, zoom }
    }

    /// The factor to the next larger step of zoom.
    pub fn step_in(self) -> f64 {
        STEPS.iter().find(|step| **step > self.zoom * 1.01).copied().unwrap_or(MAX_ZOOM) / self.zoom
    }

    /// The factor to the next smaller step of zoom.
    pub fn step_out(self) -> f64 {
        STEPS.iter().rfind(|step| **step < self.zoom * 0.99).copied().unwrap_or(MIN_ZOOM)
            / self.zoom
    }

    /// The viewport that shows all of `content` in a screen of this size with `margin` around it, not larger than life.
    /// Whole pixels, so that hairlines stay sharp.
    #[must_use]
    pub fn fit(content: Rect, width: f64, height: f64, margin: f64) -> Self {
        let room = |whole: f64| (whole - 2.0 * margin).max(1.0);
        let (wide, high) = (f64::from(content.width.max(1)), f64::from(content.height.max(1)));
        let zoom = (room(width) / wide).min(room(height) / high).clamp(MIN_ZOOM, 1.0);
        let x = (width - wide * zoom) / 2.0 - f64::from(content.x) * zoom;
        let y = (height - high * zoom) / 2.0 - f64::from(content.y) * zoom;
        Self { x: x.round(), y: y.round(), zoom }
    }

    /// The diagram's point under a point of the screen, on a whole pixel.
    pub fn to_diagram(self, x: f64, y: f64) -> Point {
        // Saturates far outside of any diagram.
        Point::new(
            ((x - self.x) / self.zoom).round() as i32,
            ((y - self.y) / self.zoom).round() as i32,
        )
    }

    /// Where a point of the diagram is on the screen.
    pub fn to_screen(self, point: Point) -> (f64, f64) {
        (f64::from(point.x) * self.zoom + self.x, f64::from(point.y) * self.zoom + self.y)
    }

    /// The part of the diagram that a screen of this size shows.
    pub fn visible(self, width: f64, height: f64) -> Rect {
        let (start, end) = (self.to_diagram(0.0, 0.0), self.to_diagram(width, height));
        Rect::new(start.x, start.y, end.x - start.x, end.y - start.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let before = Viewport { x: 30.0, y: -12.0, zoom: 0.8 };
        let point = before.to_diagram(200.0, 100.0);
        let (x, y) = before.zoomed(2.0, 200.0, 100.0).to_screen(point);
        assert!((x - 200.0).abs() < 1.0 && (y - 100.0).abs() < 1.0, "{x} {y}");
    }

    #[test]
    fn zoom_stays_in_bounds() {
        assert_eq!(Viewport::default().zoomed(1e9, 0.0, 0.0).zoom, MAX_ZOOM);
        assert_eq!(Viewport::default().zoomed(0.0, 0.0, 0.0).zoom, MIN_ZOOM);
    }

    #[test]
    fn steps_go_through_the_whole_sizes() {
        let odd = Viewport { zoom: 0.9, ..Viewport::default() };
        assert_eq!(odd.zoomed(odd.step_in(), 0.0, 0.0).zoom, 1.0);
        assert!((odd.zoomed(odd.step_out(), 0.0, 0.0).zoom - 0.8).abs() < 1e-9);
    }

    #[test]
    fn fit_shows_everything_and_never_enlarges() {
        let view = Viewport::fit(Rect::new(-50, 10, 2000, 400), 800.0, 600.0, 24.0);
        let (left, _) = view.to_screen(Point::new(-50, 10));
        let (right, _) = view.to_screen(Point::new(1950, 10));
        assert!(left >= 23.0 && right <= 777.0, "{left} {right}");
        assert_eq!(Viewport::fit(Rect::new(0, 0, 10, 10), 800.0, 600.0, 24.0).zoom, 1.0);
    }
}

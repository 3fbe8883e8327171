//! Points and boxes.

/// A place, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

impl Point {
    /// The point (`x`, `y`).
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// This point, moved.
    #[must_use]
    pub const fn offset(self, dx: i32, dy: i32) -> Self {
        Self { x: self.x + dx, y: self.y + dy }
    }

    /// The point with its coordinates exchanged.
    #[must_use]
    pub(crate) const fn transposed(self) -> Self {
        Self { x: self.y, y: self.x }
    }
}

/// A box; its right and bottom edges are one past its last pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Rect {
    /// A box by its corner and size.
    pub const fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x, y, width, height }
    }

    /// Its right edge.
    pub const fn right(self) -> i32 {
        self.x + self.width
    }

    /// Its bottom edge.
    pub const fn bottom(self) -> i32 {
        self.y + self.height
    }

    /// Its top left corner.
    pub const fn origin(self) -> Point {
        Point::new(self.x, self.y)
    }

    /// Its middle.
    pub const fn center(self) -> Point {
        Point::new(self.x + self.width / 2, self.y + self.height / 2)
    }

    /// The box with `margin` more on each side.
    #[must_use]
    pub const fn inflate(self, margin: i32) -> Self {
        Self {
            x: self.x - margin,
            y: self.y - margin,
            width: self.width + 2 * margin,
            height: self.height + 2 * margin,
        }
    }

    /// Whether the two share a pixel.
    pub const fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether the point lies in it.
    pub const fn contains(self, point: Point) -> bool {
        self.x <= point.x && point.x < self.right() && self.y <= point.y && point.y < self.bottom()
    }

    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            width: self.right().max(other.right()) - x,
            height: self.bottom().max(other.bottom()) - y,
        }
    }

    /// The smallest box around all of them; `None` for none.
    pub fn around(boxes: impl IntoIterator<Item = Self>) -> Option<Self> {
        boxes.into_iter().reduce(Self::union)
    }

    /// Whether the axis-parallel stroke from `a` to `b` passes through its inside; its border may be touched.
    pub(crate) fn blocks(self, a: Point, b: Point) -> bool {
        a.x.min(b.x) < self.right()
            && a.x.max(b.x) > self.x
            && a.y.min(b.y) < self.bottom()
            && a.y.max(b.y) > self.y
    }

    /// The box with its axes exchanged.
    #[must_use]
    pub(crate) const fn transposed(self) -> Self {
        Self { x: self.y, y: self.x, width: self.height, height: self.width }
    }
}

/// The side of a node at which a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Its left border.
    Left,
    /// Its right border.
    Right,
}

impl Side {
    /// −1 to the left, 1 to the right: the direction away from the node.
    pub const fn outward(self) -> i32 {
        match self {
            Self::Left => -1,
            Self::Right => 1,
        }
    }

    /// Where a node's border on this side is.
    pub const fn of(self, rect: Rect) -> i32 {
        match self {
            Self::Left => rect.x,
            Self::Right => rect.right(),
        }
    }
}

/// The distance from a point to a polyline of axis-parallel strokes, for hit testing.
pub fn distance(points: &[Point], to: Point) -> Option<i32> {
    points
        .windows(2)
        .filter_map(|pair| if let [a, b] = pair { Some((*a, *b)) } else { None })
        .map(|(a, b)| {
            let dx = (a.x.min(b.x) - to.x).max(to.x - a.x.max(b.x)).max(0);
            let dy = (a.y.min(b.y) - to.y).max(to.y - a.y.max(b.y)).max(0);
            dx.max(dy)
        })
        .min()
}

/// The topmost of `boxes` (the last one) that holds the point.
pub fn hit(boxes: &[Rect], point: Point) -> Option<usize> {
    boxes.iter().rposition(|rect| rect.contains(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_touch_do_not_overlap() {
        assert!(!Rect::new(0, 0, 10, 10).overlaps(Rect::new(10, 0, 5, 5)));
        assert!(Rect::new(0, 0, 10, 10).overlaps(Rect::new(9, 9, 5, 5)));
    }

    #[test]
    fn a_stroke_along_the_border_is_not_blocked() {
        let rect = Rect::new(10, 10, 10, 10);
        assert!(!rect.blocks(Point::new(0, 10), Point::new(30, 10)));
        assert!(rect.blocks(Point::new(0, 11), Point::new(30, 11)));
        assert!(!rect.blocks(Point::new(0, 11), Point::new(10, 11)));
    }

    #[test]
    fn the_distance_to_a_line_is_to_its_nearest_stroke() {
        let line = [Point::new(0, 0), Point::new(10, 0), Point::new(10, 20)];
        assert_eq!(distance(&line, Point::new(5, -3)), Some(3));
        assert_eq!(distance(&line, Point::new(14, 10)), Some(4));
        assert_eq!(distance(&[], Point::new(0, 0)), None);
    }

    #[test]
    fn the_last_box_is_on_top() {
        let boxes = [Rect::new(0, 0, 10, 10), Rect::new(5, 5, 10, 10)];
        assert_eq!(hit(&boxes, Point::new(6, 6)), Some(1));
        assert_eq!(hit(&boxes, Point::new(1, 1)), Some(0));
        assert_eq!(hit(&boxes, Point::new(40, 1)), None);
    }
}

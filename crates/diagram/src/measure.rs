//! The measures of a node, and its width from its texts.

use crate::text::{self, Face};

/// Height of the head.
pub const HEAD: i32 = 32;
/// Height of a row.
pub const ROW: i32 = 26;
/// From the edge to the icons and to the types.
pub const PADDING: i32 = 10;
/// From the left edge to the names.
pub const TEXT: i32 = 30;
/// Between a name and what stands right of it.
pub const GAP: i32 = 12;
/// The sign for unique, with its distance from the type.
pub const GLYPH: i32 = 20;
/// The usual width.
pub const USUAL_WIDTH: i32 = 224;
/// The greatest width.
pub const MAX_WIDTH: i32 = 360;
/// The straight piece of a line at a node, which its end is drawn on.
pub const STUB: i32 = 24;
/// Between the ends of lines at one row.
pub const PORT_STEP: i32 = 14;
/// Between lines that run side by side.
pub const LANE_STEP: i32 = 12;
/// The least distance between columns of nodes.
pub const COLUMN_GAP: i32 = 96;
/// The least distance between nodes in a column.
pub const NODE_GAP: i32 = 32;

/// What one row takes of the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowText<'a> {
    /// The left text.
    pub name: &'a str,
    /// Its face.
    pub face: Face,
    /// The right text, in mono; empty for none.
    pub label: &'a str,
    /// How many signs stand before the right text.
    pub glyphs: i32,
}

impl RowText<'_> {
    fn width(&self) -> i32 {
        let label = text::width(self.label, Face::Code);
        let gap = if label == 0 { 0 } else { GAP };
        TEXT + text::width(self.name, self.face) + gap + self.glyphs * GLYPH + label + PADDING
    }

    /// The right text as it fits a node of this width: it is cut, never the name.
    pub fn fitted_label(&self, node_width: i32) -> String {
        let room = node_width
            - TEXT
            - text::width(self.name, self.face)
            - GAP
            - self.glyphs * GLYPH
            - PADDING;
        text::fitted(self.label, Face::Code, room)
    }
}

/// The width of a node with these rows, its head among them: that of the widest one in steps of 8.
pub fn node_width<'a>(rows: impl IntoIterator<Item = RowText<'a>>) -> i32 {
    let widest = rows.into_iter().map(|row| row.width()).max().unwrap_or_default();
    ((widest + 7) / 8 * 8).clamp(USUAL_WIDTH, MAX_WIDTH)
}

/// The height of a node with so many rows.
pub const fn node_height(rows: i32) -> i32 {
    HEAD + ROW * rows
}

/// The top of a row, from the node's top.
pub const fn row_top(row: i32) -> i32 {
    HEAD + ROW * row
}

/// Where lines meet a row, from the node's top. The half pixel is added where it is drawn.
pub const fn row_port(row: i32) -> i32 {
    row_top(row) + ROW / 2
}

/// Where lines meet the head, for nodes without the row that they belong to.
pub const HEAD_PORT: i32 = HEAD / 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(name: &'a str, label: &'a str) -> RowText<'a> {
        RowText { name, face: Face::Name, label, glyphs: 0 }
    }

    #[test]
    fn width_grows_with_the_widest_row_in_steps_of_eight() {
        assert_eq!(node_width([row("id", "BigAuto")]), USUAL_WIDTH);
        let wide =
            node_width([row("id", "BigAuto"), row("a_rather_long_field_name", "Decimal(10, 2)")]);
        assert!(wide > USUAL_WIDTH && wide % 8 == 0, "{wide}");
        assert_eq!(node_width([row(&"m".repeat(80), "Text")]), MAX_WIDTH);
    }

    #[test]
    fn the_label_is_cut_and_the_name_is_not() {
        assert_eq!(row(&"m".repeat(28), "Decimal(10, 2)").fitted_label(MAX_WIDTH), "D…");
        assert_eq!(row("price", "Decimal(10, 2)").fitted_label(MAX_WIDTH), "Decimal(10, 2)");
    }
}

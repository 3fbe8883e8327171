//! At which side each line ends, and where on it.

use std::collections::BTreeMap;
use throughline_order::Arrange as _;

use super::{BUNDLE, Link, Socket};
use crate::ends::End;
use crate::geometry::{Point, Rect, Side};
use crate::measure::{LANE_STEP, PORT_STEP, ROW, STUB};

/// Both ends of a link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) from: Port,
    pub(super) to: Port,
    /// Links with the same number share a port and may run on each other.
    pub(super) bundle: Option<usize>,
}

/// A place on a node's border.
#[derive(Clone, Copy, Debug)]
pub(super) struct Port {
    pub(super) at: Point,
    pub(super) side: Side,
    /// Whether it is the shared end of a bundle.
    pub(super) shared: bool,
}

/// The ends of each link; `None` where a node is missing.
pub(super) fn assign(boxes: &[Rect], links: &[Link]) -> Vec<Option<Ends>> {
    let mut ends: Vec<Option<Ends>> = links.iter().map(|link| facing(boxes, link)).collect();
    let mut groups: BTreeMap<(usize, Side, i32), Vec<Member>> = BTreeMap::new();
    for (index, (link, found)) in links.iter().zip(&ends).enumerate() {
        let Some(found) = found else { continue };
        for (which, socket, here, there) in [
            (Which::From, link.from, found.from, found.to),
            (Which::To, link.to, found.to, found.from),
        ] {
            let member = Member { link: index, which, end: socket.end, order: order(here, there) };
            groups.entry((socket.node, here.side, socket.port)).or_default().push(member);
        }
    }
    let mut bundles = 0;
    for ((node, _, port), mut members) in groups {
        let Some(rect) = boxes.get(node) else { continue };
        members.arrange_by_key(|member| (member.order, member.link, member.which));
        let bundled = members.len() > BUNDLE;
        let mut kinds: Vec<End> = members.iter().map(|member| member.end).collect();
        kinds.arrange();
        kinds.dedup();
        let count = if bundled { kinds.len() } else { members.len() };
        for (slot, member) in members.iter().enumerate() {
            let slot = if bundled {
                kinds.iter().position(|kind| *kind == member.end).unwrap_or_default()
            } else {
                slot
            };
            let Some(Some(ends)) = ends.get_mut(member.link) else { continue };
            let here = if member.which == Which::From { &mut ends.from } else { &mut ends.to };
            here.at.y = rect.y + spread(slot, count, port, rect.height);
            if bundled {
                here.shared = true;
                ends.bundle = Some(bundles + slot);
            }
        }
        bundles += count;
    }
    for (link, ends) in links.iter().zip(&mut ends) {
        if let Some(ends) = ends {
            line_up(boxes, link, ends);
        }
    }
    ends
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    From,
    To,
}

struct Member {
    link: usize,
    which: Which,
    end: End,
    order: (i32, i32),
}

/// The nearest sides: those that face each other, else both right (both left where that is nearer).
fn facing(boxes: &[Rect], link: &Link) -> Option<Ends> {
    let (from, to) = (boxes.get(link.from.node)?, boxes.get(link.to.node)?);
    let room = 2 * STUB;
    let (left, right) = if to.x - from.right() >= room {
        (Side::Right, Side::Left)
    } else if from.x - to.right() >= room {
        (Side::Left, Side::Right)
    } else if (from.x - to.x).abs() < (from.right() - to.right()).abs() {
        (Side::Left, Side::Left)
    } else {
        (Side::Right, Side::Right)
    };
    let port = |rect: &Rect, socket: &Socket, side: Side| Port {
        at: Point::new(side.of(*rect), rect.y + socket.port),
        side,
        shared: false,
    };
    Some(Ends { from: port(from, &link.from, left), to: port(to, &link.to, right), bundle: None })
}

/// The order of ports at one row in which their lines do not cross: by the height of the other end where the sides face each
/// other; around lines that turn back, the farther is the outer one.
fn order(here: Port, there: Port) -> (i32, i32) {
    let away = there.at.y - here.at.y;
    match (here.side == there.side, away < 0) {
        (false, _) => (1, there.at.y),
        (true, true) => (0, -away),
        (true, false) => (2, -away),
    }
}

/// The place of one of `count` ports around the middle of a row, kept on the node.
fn spread(slot: usize, count: usize, port: i32, height: i32) -> i32 {
    let (slot, count) =
        (i32::try_from(slot).unwrap_or_default(), i32::try_from(count).unwrap_or(1));
    let margin = ROW / 4;
    let step = ((height - 2 * margin) / (count - 1).max(1)).min(PORT_STEP);
    let half = (count - 1) * step / 2;
    let middle = port.clamp(margin + half, (height - margin - half).max(margin + half));
    middle + slot * step - half
}

/// No jog is shorter than a lane: an end that stands alone at its row moves to the height of the other.
fn line_up(boxes: &[Rect], link: &Link, ends: &mut Ends) {
    let jog = ends.from.at.y - ends.to.at.y;
    if ends.from.side == ends.to.side || jog == 0 || jog.abs() >= LANE_STEP || ends.bundle.is_some()
    {
        return;
    }
    let own = |socket: &Socket, port: &Port| {
        boxes.get(socket.node).is_some_and(|rect| rect.y + socket.port == port.at.y)
    };
    if own(&link.to, &ends.to) {
        ends.to.at.y = ends.from.at.y;
    } else if own(&link.from, &ends.from) {
        ends.from.at.y = ends.to.at.y;
    }
}

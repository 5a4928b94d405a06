//! Where dropped files land: the one rule that both what lights up and what happens ask.

use std::path::PathBuf;

use eframe::egui::{Context, Id, Pos2, Rect};

use crate::app::command::ids::{Landing, Role};

/// What the window knows about files over it.
#[derive(Default)]
pub(crate) struct Drops {
    /// Files that hover over the window now.
    pub(crate) hovering: usize,
    /// Where they are, in points; `None` where the system does not say.
    pub(crate) at: Option<Pos2>,
    /// Dropped files, while it is asked what they are.
    pub(crate) question: Option<Vec<PathBuf>>,
}

impl Drops {
    /// What files that hover now would become; `None` when none do, or that would be asked.
    pub(crate) fn landing(&self, ctx: &Context) -> Option<Role> {
        if self.hovering == 0 {
            return None;
        }
        role_at(ctx, self.at?)
    }
}

/// A part of the window that files can be dropped on.
#[derive(Clone, Copy, Debug)]
struct Zone {
    rect: Rect,
    role: Role,
    is_card: bool,
}

/// The zones of the frame that is being drawn, and of the one before it, which is whole.
#[derive(Clone, Debug, Default)]
struct Zones {
    pass: u64,
    drawn: Vec<Zone>,
    whole: Vec<Zone>,
}

fn id() -> Id {
    Id::unique("drop zones")
}

/// Says where a picture's card is drawn in this frame.
pub(crate) fn note_card(ctx: &Context, rect: Rect, role: Role) {
    note(
        ctx,
        Zone {
            rect,
            role,
            is_card: true,
        },
    );
}

/// Says where the canvas is drawn in this frame, and answers its two targets.
pub(crate) fn note_canvas(ctx: &Context, canvas: Rect) -> [(Rect, Role); 2] {
    let (left, right) = canvas.split_left_right_at_fraction(0.5);
    let targets = [(left, Role::Content), (right, Role::Style(0))];
    for (rect, role) in targets {
        let is_card = false;
        note(
            ctx,
            Zone {
                rect,
                role,
                is_card,
            },
        );
    }
    targets
}

fn note(ctx: &Context, zone: Zone) {
    let pass = ctx.cumulative_pass_nr();
    ctx.data_mut(|data| {
        let zones: &mut Zones = data.get_temp_mut_or_default(id());
        if zones.pass != pass {
            zones.whole = std::mem::take(&mut zones.drawn);
            zones.pass = pass;
        }
        if zone.rect.is_positive() {
            zones.drawn.push(zone);
        }
    });
}

/// What a picture dropped at a place becomes; `None` where that has to be asked.
pub(crate) fn role_at(ctx: &Context, at: Pos2) -> Option<Role> {
    zone_at(ctx, at, |_| true)
}

/// Where something pasted now belongs: only a card under the pointer says what is meant.
pub(crate) fn pasted_on(ctx: &Context) -> Landing {
    let at = ctx.input(|input| input.pointer.latest_pos());
    let card = at.and_then(|at| zone_at(ctx, at, |zone| zone.is_card));
    card.map_or(Landing::Turn, Landing::On)
}

fn zone_at(ctx: &Context, at: Pos2, counts: impl Fn(&Zone) -> bool) -> Option<Role> {
    let zones: Zones = ctx.data(|data| data.get_temp(id())).unwrap_or_default();
    let known = if zones.pass == ctx.cumulative_pass_nr() && !zones.whole.is_empty() {
        zones.whole
    } else {
        zones.drawn
    };
    // A gap between two zones goes to the first: they share no more than an edge.
    let mut hit = known
        .iter()
        .filter(|zone| counts(zone) && zone.rect.contains(at));
    hit.next().map(|zone| zone.role)
}

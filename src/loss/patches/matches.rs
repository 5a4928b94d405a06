//! Which style patch each patch of a map is compared with.

use crate::{
    error::Result,
    state::{Numbers, State},
};

/// The correspondences of one map.
#[derive(Clone, Debug)]
pub(super) struct Matches {
    /// First rows and first columns of the patches.
    pub(super) tops: Vec<usize>,
    pub(super) lefts: Vec<usize>,
    /// By patch, row by row.
    pub(super) nearest: Vec<usize>,
    /// The part that is renewed next.
    pub(super) turn: usize,
}

impl Matches {
    pub(super) fn keep(&self, state: &mut State) {
        for (name, list) in [
            ("tops", &self.tops),
            ("lefts", &self.lefts),
            ("nearest", &self.nearest),
        ] {
            let whole = list.iter().map(|&value| value as u64).collect();
            state.put(name, Numbers::Whole(whole));
        }
        state.put_whole("turn", self.turn as u64);
    }

    /// What was kept, if anything was; no index is `patches` or more.
    pub(super) fn restored(state: &mut State, patches: usize) -> Result<Option<Self>> {
        if !state.has("nearest") {
            return Ok(None);
        }
        let mut list = |name| -> Result<Vec<usize>> {
            let whole = state.take_indices(name)?;
            Ok(whole.into_iter().map(|value| value as usize).collect())
        };
        let (tops, lefts, nearest) = (list("tops")?, list("lefts")?, list("nearest")?);
        let turn = state.take_whole("turn")? as usize;
        // Correspondences of another picture are found anew.
        let fits = nearest.len() == tops.len() * lefts.len();
        let inside = nearest.iter().all(|&index| index < patches);
        Ok((fits && inside).then_some(Self {
            tops,
            lefts,
            nearest,
            turn,
        }))
    }
}

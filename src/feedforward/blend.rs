//! Several styles on one picture.

use super::{Architecture, Norms, Transformer};
use crate::{
    error::{Error, Result},
    pixels::{Planes, faded},
};

/// Paints `content` in a blend of styles, each with a weight above 0; only their ratios count.
///
/// Styles of one network are blended by their numbers and painted once; those of different
/// networks are painted apart, and the pictures are mixed.
///
/// `strength` (0..1) is how far the picture goes from the content image to the style. With Ghiasi's
/// network it mixes with the content image seen as a style (section 3.3 there): at 0 the picture is
/// near the content image, not the same. The fixed styles know no content image's own style: there
/// the picture is faded. `own` gives the content image's style and is asked only when it is needed.
///
/// # Errors
/// When there is no style, a side is below [`SMALLEST_PX`](super::SMALLEST_PX) or memory runs out.
pub fn paint_blend(
    content: &Planes,
    styles: &[(&Norms, f64)],
    strength: f64,
    own: impl FnOnce() -> Result<Norms>,
) -> Result<Planes> {
    let total: f64 = styles.iter().map(|(_, weight)| weight).sum();
    if styles.is_empty() || !(total > 0.0 && total.is_finite()) {
        return Err(Error::setting("style", "none", "name at least one style"));
    }
    let mut own = Some(own);
    let mut blend: Option<Planes> = None;
    let mut share_so_far = 0.0;
    for architecture in [Architecture::Ghiasi2017, Architecture::Dumoulin2017] {
        let of_network = styles.iter().copied();
        let of_network: Vec<_> = of_network
            .filter(|(norms, _)| norms.architecture() == architecture)
            .collect();
        let share: f64 = of_network.iter().map(|(_, weight)| weight).sum();
        if of_network.is_empty() {
            continue;
        }
        let parts = of_network
            .iter()
            .map(|(norms, weight)| (*norms, weight / share));
        let mut norms = Norms::mixed(&parts.collect::<Vec<_>>())?;
        let by_norms = architecture == Architecture::Ghiasi2017;
        if by_norms
            && strength < 1.0
            && let Some(own) = own.take()
        {
            norms = Norms::mixed(&[(&norms, strength), (&own()?, 1.0 - strength)])?;
        }
        let mut painted = Transformer::embedded(architecture)?.paint(content, &norms)?;
        if !by_norms {
            painted = faded(painted, content, 1.0 - strength);
        }
        share_so_far += share;
        blend = Some(match blend {
            None => painted,
            Some(before) => faded(before, &painted, share / share_so_far),
        });
    }
    blend.ok_or_else(|| Error::Internal("no network paints this style".to_owned()))
}

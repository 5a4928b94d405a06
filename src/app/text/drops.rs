//! Words about dropped files.

pub(crate) const DROP_CONTENT: &str = "As content";
pub(crate) const DROP_STYLE: &str = "As style";
pub(crate) const DROP_CONTENTS: &str = "As content images";
pub(crate) const DROP_CONTENTS_HINT: &str =
    "One run for each, in the queue, with the present style and settings";
pub(crate) const DROP_STYLES: &str = "As style images";
pub(crate) const DROP_STYLES_HINT: &str = "They are blended in place of the present style";
pub(crate) const DROP_BOTH: &str = "As content and style";
pub(crate) const DROP_BOTH_HINT: &str =
    "The first is the content image, the second the style image";
pub(crate) const NO_PICTURES_THERE: &str = "There are no pictures in this folder.";

/// The question.
pub(crate) fn dropped_head(count: usize, first: &str) -> String {
    match count {
        1 => format!("How do you want to use {first}?"),
        _ => format!("How do you want to use these {count} pictures?"),
    }
}

/// Ends a list that is not shown whole.
pub(crate) fn and_more(count: usize) -> String {
    format!("and {count} more")
}

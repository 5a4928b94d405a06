//! The question for a path: what is typed, and what is known about it.

use std::path::{Path, PathBuf};

use crate::app::io::purpose::Purpose;

/// The open question.
pub(crate) struct PathQuestion {
    pub(crate) purpose: Purpose,
    /// What is typed.
    pub(crate) typed: String,
    /// Where a path that is not absolute begins.
    pub(crate) folder: PathBuf,
    /// What the field does before it is drawn next.
    pub(crate) caret: Option<Caret>,
    /// What is wrong with what was given.
    pub(crate) error: Option<String>,
    /// The file that is there already, while it is asked whether to replace it.
    pub(crate) replaces: Option<PathBuf>,
    /// What may be meant: whole texts of the field.
    pub(crate) completions: Vec<String>,
    /// Whether the present text is to be completed as soon as it is known how.
    waits: bool,
}

/// What happens to the text cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caret {
    /// Everything is selected: what is typed or pasted replaces it.
    SelectAll,
    /// It stands behind the last letter.
    End,
}

impl PathQuestion {
    /// A question with something typed already, selected so that it is easily replaced.
    pub(crate) fn new(purpose: Purpose, typed: String, folder: PathBuf) -> Self {
        Self {
            purpose,
            typed,
            folder,
            caret: Some(Caret::SelectAll),
            error: None,
            replaces: None,
            completions: Vec::new(),
            waits: false,
        }
    }

    /// Another text is typed: what was known belongs to the one before.
    pub(crate) fn retyped(&mut self) {
        self.completions.clear();
        self.waits = false;
    }

    /// What may be meant is known. Answers whether it was waited for, and says more than there was.
    pub(crate) fn learn(&mut self, completions: Vec<String>) -> bool {
        self.completions = completions;
        std::mem::take(&mut self.waits) && self.complete()
    }

    /// Types as much as all completions have in common, now or when they are known; answers whether
    /// that is more than there was.
    pub(crate) fn complete(&mut self) -> bool {
        let Some(first) = self.completions.first() else {
            self.waits = true;
            return false;
        };
        let mut common = first.as_str();
        for other in &self.completions[1..] {
            let same = common.char_indices().zip(other.chars());
            let end = same
                .take_while(|((_, a), b)| a == b)
                .last()
                .map_or(0, |((at, c), _)| at + c.len_utf8());
            common = &common[..end];
        }
        if common.len() <= self.typed.len() {
            return false;
        }
        self.typed = common.to_owned();
        self.caret = Some(Caret::End);
        true
    }
}

/// A path that was typed and is being used: when that fails, the question comes back with it.
pub(crate) struct TypedPath {
    pub(crate) purpose: Purpose,
    pub(crate) typed: String,
    pub(crate) path: PathBuf,
}

/// Whether a typed path is that of a picture to open.
pub(crate) fn is_open(typed: &TypedPath, path: &Path) -> bool {
    matches!(typed.purpose, Purpose::Open(_)) && typed.path == path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tab_types_what_is_certain() {
        let mut question =
            PathQuestion::new(Purpose::SaveFolder, "~/Pi".to_owned(), PathBuf::new());
        assert!(!question.complete(), "nothing is known");
        assert!(question.learn(vec!["~/Pictures/".to_owned(), "~/Picé".to_owned()]));
        assert_eq!(question.typed, "~/Pic");
        assert!(!question.complete(), "two ways to go on");
        question.completions.pop();
        assert!(question.complete());
        assert_eq!(question.typed, "~/Pictures/");
    }
}

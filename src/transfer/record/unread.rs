//! Why a text in a picture is no record.

/// Why a text is no record that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is of another program.
    Foreign,
    /// This program wrote it, and it is damaged.
    Damaged,
    /// A newer version wrote it, which this one does not understand.
    Newer {
        /// Name and version of that program.
        program: String,
    },
}

//! What commands speak of: pictures by their use, snapshots, moments of the film, and choices.
//!
//! Plain data; nothing here knows a window.

use std::sync::Arc;

use crate::{
    app::text,
    pixels::{AnimationFormat, Picture},
    transfer::film::Frame,
};

/// What a picture is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The content image.
    Content,
    /// The style image at this place of the list, replacing what is there.
    Style(usize),
    /// One more style image.
    NewStyle,
    /// What starts the next run.
    Initial,
    /// The content image of one more run in the queue.
    Queued,
}

/// Where a file that came from outside belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Landing {
    /// It was dropped or pasted on this place.
    On(Role),
    /// It is content or style, whichever is next.
    Turn,
    /// That has to be asked.
    Ask,
}

impl Role {
    /// Title of a dialog that opens a picture for this use.
    pub(crate) fn open_title(self) -> &'static str {
        match self {
            Self::Content | Self::Queued => text::OPEN_CONTENT,
            Self::Style(_) => text::OPEN_STYLE,
            Self::NewStyle => text::ADD_STYLE,
            Self::Initial => text::OPEN_INITIAL,
        }
    }

    /// Its name in a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Content | Self::Queued => text::ROLE_CONTENT,
            Self::Style(_) | Self::NewStyle => text::ROLE_STYLE,
            Self::Initial => text::ROLE_INITIAL,
        }
    }
}

/// Names a snapshot of this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SnapshotId(pub(crate) u64);

/// What the canvas can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The picture that is being painted.
    Now,
    /// The content image.
    Content,
    /// A style image.
    Style(usize),
    /// A snapshot.
    Snapshot(SnapshotId),
    /// A moment of the film.
    Moment,
    /// The instant preview.
    Instant,
}

/// What to do with the picture of the moment when the worker hands it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Keep it, and save it to the folder.
    Keep,
    /// Ask where to save it.
    SaveAs,
    /// Put it on the clipboard.
    Copy,
    /// Begin again from it, with the settings of the moment.
    GoOn,
}

/// How large a picture is saved that is smaller by now than its run will end with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SaveSize {
    /// As large as it is.
    #[default]
    Now,
    /// Enlarged to the size that the run ends with.
    Enlarged,
    /// Not this one, but the picture that the run ends with.
    Finished,
}

/// A part of a picture that the canvas wants to show sharp.
#[derive(Clone, Debug)]
pub(crate) struct WantedDetail {
    pub(crate) picture: Arc<Picture>,
    pub(crate) part: Part,
}

/// A part of a picture at a size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    /// Left, top, width and height in pixels of the picture.
    pub(crate) px: [usize; 4],
    /// Pixels shown for one of the picture, at most 1.
    pub(crate) scale: f32,
}

/// A network of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Row {
    /// VGG-16 inside the program.
    #[default]
    Embedded,
    /// VGG-19 that is not here yet.
    Missing,
    /// Weights in the folder, by name.
    Kept(String),
    /// Untrained.
    Random,
    /// Trained, without shapes.
    Shuffled,
}

/// How the film is exported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ExportChoices {
    pub(crate) format: AnimationFormat,
    /// Longest side; `None` is that of the painting.
    pub(crate) longest_px: Option<usize>,
    pub(crate) secs: f64,
}

impl Default for ExportChoices {
    fn default() -> Self {
        Self {
            format: AnimationFormat::Gif,
            longest_px: Some(640),
            secs: 8.0,
        }
    }
}

impl ExportChoices {
    /// The format's name.
    pub(crate) fn name(&self) -> &'static str {
        let formats = AnimationFormat::ALL.into_iter().zip(text::EXPORT_FORMATS);
        let mut named = formats.filter(|(format, _)| *format == self.format);
        named.next().map_or("", |(_, (name, _))| name)
    }
}

/// What a moment of the film is made a picture for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// To go on from it.
    Branch,
    /// To keep it, and for what else.
    Wish(Wish),
}

/// A moment of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) run: u64,
    pub(crate) step: u32,
}

impl Moment {
    /// The moment of a frame.
    pub(crate) fn of(frame: &Frame) -> Self {
        Self {
            run: frame.run,
            step: frame.step,
        }
    }
}

/// What the cells of the sheet of variations differ in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Axis {
    /// From content to style.
    #[default]
    Dial,
    /// How large the style image's strokes are.
    Strokes,
    /// By what style is compared.
    Measure,
}

/// How two pictures are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Not at all.
    #[default]
    Single,
    /// Left and right of a line that can be dragged.
    Split,
    /// Beside each other.
    Side,
}

//! A session is read back: its pictures, its run, what was kept and what waits.

use std::{path::Path, sync::Arc};

use crate::{
    app::io::{
        picture::{Prepared, edited},
        vault::{
            file::{KeptFile, PictureRef, SessionFile},
            folder::SessionFolder,
        },
    },
    error::{Error, Result},
    pixels::{Picture, find_input, read_record},
    transfer::{Checkpoint, Record, film::Reel},
    worker::Snapshot,
};

/// A session, read back. What could not be read is not among it, and told.
pub(crate) struct SessionAgain {
    pub(crate) file: SessionFile,
    /// The pictures that it names.
    pub(crate) pictures: Vec<(PictureRef, Prepared)>,
    /// Its run as it stood.
    pub(crate) checkpoint: Option<Arc<Checkpoint>>,
    /// What was kept, each with the snapshot it was.
    pub(crate) kept: Vec<(KeptFile, Snapshot)>,
    /// The films of its runs.
    pub(crate) reels: Vec<Reel>,
    pub(crate) troubles: Vec<Error>,
}

/// Reads all that a session's folder has.
pub(crate) fn read(folder: &SessionFolder, file: SessionFile) -> SessionAgain {
    let mut troubles = Vec::new();
    let mut pictures: Vec<(PictureRef, Prepared)> = Vec::new();
    let told = folder.reels();
    let of_film = told.iter().map(|reel| &reel.content);
    for wanted in file.pictures().into_iter().chain(of_film) {
        if pictures.iter().any(|(known, _)| known == wanted) {
            continue;
        }
        match picture(folder, wanted) {
            Ok(picture) => {
                let prepared = edited(Arc::new(picture), wanted.edit);
                pictures.push((wanted.clone(), prepared));
            }
            Err(error) => troubles.push(error),
        }
    }
    let checkpoint = file.run.as_ref().and_then(|run| {
        let read = folder.checkpoint(&run.checkpoint);
        read.map_err(|error| troubles.push(error)).ok()
    });
    let mut reels = Vec::new();
    for told in &told {
        let content = pictures.iter().find(|(known, _)| *known == told.content);
        let Some((_, content)) = content else {
            continue;
        };
        let steps = told.steps.iter();
        let frames = steps.filter_map(|&step| folder.frame(told.run, step, &content.picture));
        reels.push(Reel {
            run: told.run,
            from: told.from,
            start: told.start,
            frames: frames.map(Arc::new).collect(),
        });
    }
    let mut kept = Vec::new();
    for one in &file.kept {
        let content = pictures.iter().find(|(known, _)| *known == one.content);
        let Some((_, content)) = content else {
            continue;
        };
        match snapshot(folder, one, Arc::clone(&content.picture)) {
            Ok(snapshot) => kept.push((one.clone(), snapshot)),
            Err(error) => troubles.push(error),
        }
    }
    SessionAgain {
        pictures,
        checkpoint: checkpoint.map(Arc::new),
        kept,
        reels,
        troubles,
        file,
    }
}

/// A picture as it was: its file, or, where that has changed or is gone, the copy.
fn picture(folder: &SessionFolder, wanted: &PictureRef) -> Result<Picture> {
    let copy = folder.copy_path(&wanted.sha256);
    let path = wanted.path.as_deref().map(Path::new);
    let found = find_input(path, &wanted.name, &wanted.sha256, None);
    match found {
        Some(found) if found.unchanged => found.open(),
        _ if !wanted.sha256.is_empty() && copy.exists() => Ok(Picture {
            name: wanted.name.clone(),
            path: path.map(Path::to_owned),
            ..Picture::open(&copy)?
        }),
        Some(found) => found.open(),
        None => Picture::open(path.unwrap_or(Path::new(&wanted.name))),
    }
}

fn snapshot(folder: &SessionFolder, kept: &KeptFile, content: Arc<Picture>) -> Result<Snapshot> {
    let path = folder.path.join(&kept.file);
    let record = read_record(&path)?.and_then(|text| Record::from_json(&text));
    let record = record.ok_or_else(|| Error::Internal(format!("{} has no record", kept.file)))?;
    let picture = Picture {
        name: content.name.clone(),
        path: None,
        sha256: String::new(),
        ..Picture::open(&path)?
    };
    Ok(Snapshot {
        picture: Arc::new(picture),
        unfinished: None,
        step: kept.step,
        loss: record.loss.unwrap_or(f64::NAN),
        secs: kept.secs,
        content,
        record: Arc::new(record),
    })
}

//! A path is asked for, typed, judged and used; one that fails comes back to be corrected.

use std::path::PathBuf;

use crate::{
    app::{
        App,
        command::{features::PathCommand, ids::SnapshotId},
        io::{
            files::FileJob,
            names::{shown_path, typed_path},
            paths::Verdict,
            picture::PictureSource,
            purpose::Purpose,
        },
        paths::state::{Caret, PathQuestion, TypedPath, is_open},
        session::Dialog,
        text,
    },
    error::Error,
    folders,
};

impl App {
    /// Asks for a path in the window itself.
    pub(crate) fn ask_path(&mut self, purpose: Purpose) {
        let folder = self.folder_for(&purpose);
        let name = match &purpose {
            Purpose::Save(_, name) | Purpose::Film(_, name) => name.as_str(),
            _ => "",
        };
        let typed = shown_path(&folder.join(name));
        log::info!("asks for a path");
        let question = PathQuestion::new(purpose, typed, folder);
        self.session.dialog = Some(Dialog::Path(Box::new(question)));
        self.look_for_completions();
    }

    /// The folder that a dialog begins with.
    pub(crate) fn folder_for(&self, purpose: &Purpose) -> PathBuf {
        let app = &self.session.app;
        match purpose {
            Purpose::Save(..) | Purpose::Film(..) | Purpose::SaveFolder => self.picture_folder(),
            _ => app
                .open_folder
                .clone()
                .or_else(folders::home)
                .unwrap_or_default(),
        }
    }

    /// Does what the view asked for.
    pub(crate) fn path_command(&mut self, command: PathCommand) {
        let Some(Dialog::Path(question)) = &mut self.session.dialog else {
            return;
        };
        match command {
            PathCommand::Typed => {
                question.retyped();
                self.look_for_completions();
            }
            PathCommand::Complete => {
                if question.complete() {
                    self.look_for_completions();
                }
            }
            PathCommand::Put(text) => {
                question.typed = text;
                question.caret = Some(Caret::End);
                question.error = None;
                self.look_for_completions();
            }
            PathCommand::Given => match typed_path(&question.typed, &question.folder) {
                Some(path) => {
                    let purpose = question.purpose.clone();
                    self.judge_path(purpose, path);
                }
                None => question.error = Some(text::NO_PATH.to_owned()),
            },
            PathCommand::Replace(true) => {
                if let Some(path) = question.replaces.take() {
                    self.use_typed(path);
                }
            }
            PathCommand::Replace(false) => {
                question.replaces = None;
                question.caret = Some(Caret::SelectAll);
            }
            PathCommand::Cancel => self.session.dialog = None,
        }
    }

    fn look_for_completions(&mut self) {
        if let Some(Dialog::Path(question)) = &self.session.dialog {
            let job = FileJob::Complete {
                purpose: question.purpose.clone(),
                typed: question.typed.clone(),
                folder: question.folder.clone(),
            };
            let sent = self.files.send(job);
            self.expect(sent);
        }
    }

    /// What may be meant by what was typed, if it still is.
    pub(crate) fn completed(&mut self, typed: &str, completions: Vec<String>) {
        if let Some(Dialog::Path(question)) = &mut self.session.dialog
            && question.typed == typed
            && question.learn(completions)
        {
            self.look_for_completions();
        }
    }

    /// Has a path looked at before it is used.
    pub(crate) fn judge_path(&mut self, purpose: Purpose, path: PathBuf) {
        let extension = match &purpose {
            Purpose::Save(..) => self.session.app.saving.format.extension(),
            Purpose::Film(choices, _) => choices.format.extension(),
            _ => "",
        };
        let sent = self.files.send(FileJob::Judge(purpose, path, extension));
        self.expect(sent);
    }

    /// It was looked at.
    pub(crate) fn judged(&mut self, purpose: Purpose, path: PathBuf, verdict: Verdict) {
        if verdict == Verdict::Fine {
            if matches!(self.session.dialog, Some(Dialog::Path(_))) {
                return self.use_typed(path);
            }
            return self.picked(&purpose, vec![path]);
        }
        if !matches!(self.session.dialog, Some(Dialog::Path(_))) {
            // The system's dialog did not know the ending.
            let question = PathQuestion::new(purpose, shown_path(&path), PathBuf::new());
            self.session.dialog = Some(Dialog::Path(Box::new(question)));
        }
        if let Some(Dialog::Path(question)) = &mut self.session.dialog {
            match verdict {
                Verdict::Exists => question.replaces = Some(path),
                Verdict::Wrong(why) => question.error = Some(why),
                Verdict::Fine => {}
            }
        }
    }

    /// Uses the path of the question, and closes it.
    fn use_typed(&mut self, path: PathBuf) {
        if let Some(Dialog::Path(question)) = self.session.dialog.take() {
            let purpose = question.purpose.clone();
            self.session.typed_path = Some(TypedPath {
                purpose: question.purpose,
                typed: question.typed,
                path: path.clone(),
            });
            self.picked(&purpose, vec![path]);
        }
    }

    /// What a typed path was for has been done.
    pub(crate) fn path_served(&mut self, served: impl Fn(&TypedPath) -> bool) {
        self.session.typed_path.take_if(|typed| served(typed));
    }

    /// A picture could not be read: when its path was typed, the question comes back with it.
    /// Answers whether it was.
    pub(crate) fn path_refused(&mut self, source: &PictureSource, error: &Error) -> bool {
        let PictureSource::File(path) = source else {
            return false;
        };
        self.path_comes_back(error, |typed| is_open(typed, path))
    }

    /// The same for a snapshot that could not be saved.
    pub(crate) fn save_refused(&mut self, id: SnapshotId, error: &Error) -> bool {
        self.path_comes_back(
            error,
            |typed| matches!(typed.purpose, Purpose::Save(of, _) if of == id),
        )
    }

    /// The same for a film.
    pub(crate) fn film_refused(&mut self, error: &Error) -> bool {
        self.path_comes_back(error, |typed| matches!(typed.purpose, Purpose::Film(..)))
    }

    fn path_comes_back(&mut self, error: &Error, failed: impl Fn(&TypedPath) -> bool) -> bool {
        let Some(typed) = self.session.typed_path.take_if(|typed| failed(typed)) else {
            return false;
        };
        log::error!("{error}");
        let folder = self.folder_for(&typed.purpose);
        let mut question = PathQuestion::new(typed.purpose, typed.typed, folder);
        question.error = Some(text::sentence(&error.to_string()));
        self.session.dialog = Some(Dialog::Path(Box::new(question)));
        self.look_for_completions();
        true
    }
}

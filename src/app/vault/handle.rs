//! The session is put down as it changes, and one that was left is brought back.

use std::{sync::Arc, time::SystemTime};

use eframe::egui::Context;

use crate::{
    app::{
        App,
        command::features::VaultCommand,
        io::{
            files::FileJob,
            vault::{
                desk::{VaultEvent, checkpoint_name},
                file::{
                    KeptFile, PictureRef, QueuedFile, ReelFile, RunFile, SessionFile, StyleRef,
                },
                folder::KEPT,
                read::SessionAgain,
                thread::Vault,
            },
        },
        notices::state::Mood,
        queue::state::Queued,
        session::{
            picture::{Shown, Style},
            run::Phase,
        },
        snapshots::state::Kept,
        text,
        vault::state::{Left, Written, number_of},
    },
    settings::InitialImage,
    transfer::{Checkpoint, Job, StyleImage},
    worker::RunId,
};

impl App {
    /// Does what a view asked for.
    pub(crate) fn vault_command(&mut self, command: VaultCommand) {
        let Some(vault) = &self.vault else { return };
        match command {
            VaultCommand::Answer(bring) => {
                self.session.vault.left = None;
                vault.answer(bring);
            }
            VaultCommand::Later => self.session.vault.left = None,
            VaultCommand::Show(shows) => {
                self.session.vault.shows = shows;
                vault.measure();
            }
            VaultCommand::Empty => vault.empty(),
            VaultCommand::Reveal => {
                if let Some((_, folder)) = &self.session.vault.room {
                    let sent = self.files.send(FileJob::Reveal(folder.clone()));
                    self.expect(sent);
                }
            }
        }
    }

    /// Takes in what the thread of sessions has to say. Called once a frame.
    pub(crate) fn take_vault_events(&mut self, ctx: &Context) {
        let events = self.vault.as_ref().map(Vault::events);
        for event in events.into_iter().flatten() {
            self.undrawn = true;
            match event {
                VaultEvent::Left(file, step) => {
                    let file = *file;
                    self.session.vault.left = Some(Left { file, step });
                }
                VaultEvent::Again(again) => self.bring_back(ctx, *again),
                VaultEvent::Room(bytes, folder) => {
                    self.session.vault.room = Some((bytes, folder));
                }
            }
        }
    }

    /// Takes note where a picture that is put to use comes from.
    pub(crate) fn note_origin(&mut self, shown: &Shown) {
        let origin = PictureRef::of(&shown.original, shown.edit);
        self.session.vault.note_origin(&shown.picture, origin);
    }

    /// A run begins.
    pub(crate) fn note_begin(&mut self) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        self.session.vault.began_secs = now.map_or(0, |since| since.as_secs() as i64);
    }

    /// Puts the session down, if it has changed. Called once a frame; copies only then.
    pub(crate) fn keep_session(&mut self) {
        if self.vault.is_none() {
            return;
        }
        if self.session.run.report.is_some() {
            self.session.vault.unresumed = None;
        }
        let session = &self.session;
        let kept = session.snapshots.kept.iter().map(|kept| {
            let picture = Arc::as_ptr(&kept.snapshot.picture) as usize;
            (kept.id.0, &kept.name, &kept.saved, picture)
        });
        let queue = session.queue.waiting.iter().map(|queued| queued.id);
        let run = &session.run;
        let number = number_of(&(
            kept.collect::<Vec<_>>(),
            queue.collect::<Vec<_>>(),
            (run.id.0, run.phase as u8, run.report.is_some(), run.steps),
            session.vault.unresumed.is_some(),
            &session.app.preset,
        ));
        if number == self.session.vault.put_down {
            return;
        }
        self.session.vault.put_down = number;
        self.keep_pictures();
        let file = self.session_file();
        if let Some(vault) = &self.vault {
            vault.put(file);
        }
    }

    /// The film has changed: puts it down, too.
    pub(crate) fn keep_film(&self) {
        let Some(vault) = &self.vault else { return };
        let reels = self.session.timeline.reels.iter().filter_map(|reel| {
            let content = reel.frames.first()?.content();
            let told = ReelFile {
                run: reel.run,
                from: reel.from,
                start: reel.start,
                content: self.session.vault.origin(content),
                steps: reel.frames.iter().map(|frame| frame.step).collect(),
            };
            Some((told, reel.frames.clone()))
        });
        vault.put_film(reels.collect());
    }

    /// Has kept pictures written that are not on the disk as they are now.
    fn keep_pictures(&mut self) {
        let Some(vault) = &self.vault else { return };
        let written = &mut self.session.vault.written;
        let all = &self.session.snapshots.kept;
        for kept in all {
            let picture = &kept.snapshot.picture;
            let known = written.iter_mut().find(|written| written.id == kept.id);
            let file = match known {
                Some(known) if std::ptr::eq(known.picture.as_ptr(), Arc::as_ptr(picture)) => {
                    continue;
                }
                Some(known) => {
                    known.picture = Arc::downgrade(picture);
                    known.file.clone()
                }
                None => {
                    let file = format!("{KEPT}{}-{}.png", std::process::id(), kept.id.0);
                    written.push(Written {
                        id: kept.id,
                        file: file.clone(),
                        picture: Arc::downgrade(picture),
                    });
                    file
                }
            };
            let record = Arc::clone(&kept.snapshot.record);
            vault.keep(file, Arc::clone(picture), record);
        }
        // What undo brings back is written again.
        written.retain(|written| all.iter().any(|kept| kept.id == written.id));
    }

    /// The session as it is put down.
    fn session_file(&self) -> SessionFile {
        let session = &self.session;
        let origin = |picture| session.vault.origin(picture);
        let kept = session.snapshots.kept.iter().filter_map(|kept| {
            let mut written = session.vault.written.iter();
            let file = written.find(|written| written.id == kept.id)?.file.clone();
            let saved = kept.saved.as_ref();
            Some(KeptFile {
                file,
                run: kept.run.0,
                name: kept.name.clone(),
                step: kept.snapshot.step,
                secs: kept.snapshot.secs,
                saved: saved.map(|path| path.to_string_lossy().into_owned()),
                content: origin(&kept.snapshot.content),
            })
        });
        let queue = session.queue.waiting.iter().map(|queued| QueuedFile {
            content: PictureRef::of(&queued.content.original, queued.content.edit),
            styles: style_refs(&queued.styles),
            settings: queued.settings.clone(),
            preset: queued.preset.clone(),
            initial: queued
                .initial
                .as_ref()
                .map(|shown| PictureRef::of(&shown.original, shown.edit)),
        });
        let run = &session.run;
        let goes_on = run.phase.is_active() || run.phase == Phase::Stopped;
        let of_run = run
            .content
            .as_ref()
            .filter(|_| goes_on && run.report.is_some());
        let run_file = of_run.map(|content| RunFile {
            run: run.id.0,
            checkpoint: checkpoint_name(run.id),
            began_secs: session.vault.began_secs,
            content: origin(content),
            styles: run
                .styles
                .iter()
                .map(|style| StyleRef {
                    picture: origin(&style.picture),
                    strength: style.strength,
                })
                .collect(),
            steps: run.steps,
            stopped: run.phase == Phase::Stopped,
            of_queue: session.queue.at_work == Some(run.id),
        });
        SessionFile {
            run: run_file.or_else(|| session.vault.unresumed.clone()),
            preset: session.app.preset.clone(),
            kept: kept.collect(),
            queue: queue.collect(),
            declined: false,
        }
    }

    /// A session that was left is read: its pictures, its strip and its queue come back, and its run
    /// goes on.
    fn bring_back(&mut self, ctx: &Context, again: SessionAgain) {
        let pictures: Vec<(PictureRef, Shown)> = again
            .pictures
            .into_iter()
            .map(|(origin, prepared)| (origin, Shown::new(ctx, prepared)))
            .collect();
        for (origin, shown) in &pictures {
            let vault = &mut self.session.vault;
            vault.note_origin(&shown.picture, origin.clone());
        }
        let of = |wanted: &PictureRef| {
            let mut pictures = pictures.iter();
            let found = pictures.find(|(origin, _)| origin == wanted);
            found.map(|(_, shown)| shown.clone())
        };
        let styles_of = |styles: &[StyleRef]| -> Option<Vec<Style>> {
            let style = |style: &StyleRef| {
                Some(Style {
                    shown: of(&style.picture)?,
                    strength: style.strength,
                })
            };
            styles.iter().map(style).collect()
        };
        self.worker.restore_film(again.reels);
        for (file, snapshot) in again.kept {
            let id = self.session.snapshots.next_id();
            self.session.vault.written.push(Written {
                id,
                file: file.file,
                picture: Arc::downgrade(&snapshot.picture),
            });
            self.session.snapshots.kept.push(Kept {
                id,
                name: file.name,
                snapshot,
                run: RunId(file.run),
                saved: file.saved.map(Into::into),
                shown: None,
            });
            self.prepare_snapshot(id);
        }
        for queued in &again.file.queue {
            let (Some(content), Some(styles)) = (of(&queued.content), styles_of(&queued.styles))
            else {
                continue;
            };
            self.session.queue.last_id += 1;
            self.session.queue.waiting.push(Queued {
                id: self.session.queue.last_id,
                content,
                styles,
                settings: queued.settings.clone(),
                preset: queued.preset.clone(),
                initial: queued.initial.as_ref().and_then(&of),
            });
        }
        let run = again.file.run.clone().zip(again.checkpoint);
        let table = run.as_ref().and_then(|(file, _)| {
            let styles = styles_of(&file.styles).filter(|styles| !styles.is_empty())?;
            Some((of(&file.content)?, styles))
        });
        match run.zip(table) {
            Some(((file, checkpoint), (content, styles))) => {
                self.session.app.preset.clone_from(&again.file.preset);
                self.resume_run(file, &checkpoint, content, styles);
            }
            None => self.session.toasts.add(Mood::Done, text::BROUGHT_BACK),
        }
        for error in &again.troubles {
            self.complain(error);
        }
    }

    /// Goes on with a run as it stood.
    fn resume_run(
        &mut self,
        file: RunFile,
        checkpoint: &Arc<Checkpoint>,
        content: Shown,
        styles: Vec<Style>,
    ) {
        self.note_table();
        let images = styles.iter().map(|style| {
            let picture = Arc::clone(&style.shown.picture);
            StyleImage::new(picture, style.strength)
        });
        let settings = checkpoint.record.settings.clone();
        let job = Job {
            threads: self.session.threads,
            force: true,
            ..Job::new(
                Arc::clone(&content.picture),
                images.collect(),
                settings.clone(),
            )
            .going_on(Arc::clone(checkpoint))
        };
        self.session.pictures.content = Some(content);
        self.session.pictures.styles = styles;
        self.remember_pictures();
        if let InitialImage::File(path) = &settings.initial_image {
            self.load_initial(path.clone());
        }
        self.session.app.transfer = settings;
        let (began, of_queue) = (file.began_secs, file.of_queue);
        self.begin(job, Some(RunId(file.run)));
        self.session.vault.began_secs = began;
        self.session.vault.unresumed = Some(file);
        if of_queue {
            self.session.queue.at_work = Some(self.session.run.id);
        }
    }
}

fn style_refs(styles: &[Style]) -> Vec<StyleRef> {
    let styles = styles.iter();
    styles
        .map(|style| StyleRef {
            picture: PictureRef::of(&style.shown.original, style.shown.edit),
            strength: style.strength,
        })
        .collect()
}

//! Where commands about networks, and what comes back, take effect.

use std::{path::PathBuf, time::Instant};

use crate::{
    app::{
        App,
        command::{
            Command,
            features::NetworksCommand,
            ids::{Landing, Row},
        },
        io::{
            networks::{NetworksAnswer, NetworksJob},
            purpose::Purpose,
        },
        networks::state::{Leaving, Question, Source, VGG19_NAME, Work},
        notices::state::Mood,
        session::Dialog,
        text,
    },
    error::{Error, Result},
    network::{Network, WeightsKind},
    settings::TransferSettings,
    vgg::weights::{Imported, Progress},
};

impl App {
    /// Does what a view asked for.
    pub(crate) fn networks_command(&mut self, command: NetworksCommand) {
        let networks = &mut self.session.networks;
        match command {
            NetworksCommand::Open => self.open_networks(),
            NetworksCommand::Close => {
                if matches!(self.session.dialog, Some(Dialog::Networks)) {
                    self.session.dialog = None;
                }
                networks.trouble = None;
                networks.question = None;
            }
            NetworksCommand::Look(row) => {
                networks.shown = row;
                networks.question = None;
                networks.trouble = None;
            }
            NetworksCommand::Use(row) => self.use_network(&row),
            NetworksCommand::Fetch => {
                networks.trouble = None;
                let progress = match networks.work {
                    Some(Work::Paused(progress)) => progress,
                    _ => None,
                };
                networks.work = Some(Work::Fetching {
                    since: None,
                    progress,
                    leaving: None,
                });
                let begun = self.networks.begin_fetch();
                self.expect_work(begun);
            }
            NetworksCommand::Pause => self.leave_download(Leaving::Paused),
            NetworksCommand::Cancel => self.leave_download(Leaving::Canceled),
            NetworksCommand::OpenFile => self.dialog(Purpose::Weights),
            NetworksCommand::Import(path, family) => {
                networks.question = None;
                networks.trouble = None;
                self.send_job(NetworksJob::Import(path, family));
            }
            NetworksCommand::Verify(name) => self.send_job(NetworksJob::Verify(name)),
            NetworksCommand::AskRemove(name) => {
                networks.question = Some(Question::Remove(name));
            }
            NetworksCommand::Remove(name) => {
                networks.question = None;
                self.send_job(NetworksJob::Remove(name));
            }
            NetworksCommand::NoAnswer => networks.question = None,
        }
    }

    fn open_networks(&mut self) {
        let fetch = self.networks.fetch();
        let host = |url: &String| {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            rest.split('/').next().unwrap_or(rest).to_owned()
        };
        let source = Source {
            hosts: fetch.mirrors.iter().map(host).collect(),
            bytes: fetch.bytes,
            md5: fetch.md5.clone(),
        };
        self.session.networks.source = source;
        self.session.dialog = Some(Dialog::Networks);
        let listed = self.networks.send(NetworksJob::List);
        self.expect_work(listed);
        if let Some(row) = self.session.networks.row_of(self.session.settings()) {
            self.session.networks.shown = row;
        }
    }

    /// Work that takes a moment, unless a download is under way.
    fn send_job(&mut self, job: NetworksJob) {
        let sent = self.networks.send(job);
        let work = &mut self.session.networks.work;
        if sent.is_ok() && work.is_none() {
            *work = Some(Work::Busy);
        }
        self.expect_work(sent);
    }

    fn expect_work(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.network_trouble(&error);
        }
    }

    /// What did not work is said where the user looks.
    fn network_trouble(&mut self, error: &Error) {
        self.session.networks.work = None;
        if matches!(self.session.dialog, Some(Dialog::Networks)) {
            log::error!("{error}");
            self.session.networks.trouble = Some(text::sentence(&error.to_string()));
        } else {
            self.complain(error);
        }
    }

    fn leave_download(&mut self, how: Leaving) {
        match &mut self.session.networks.work {
            Some(Work::Fetching { leaving, .. }) => {
                *leaving = Some(how);
                self.networks.leave_fetch();
            }
            Some(Work::Paused(_)) if how == Leaving::Canceled => {
                self.session.networks.work = None;
                self.send_job(NetworksJob::Forget);
            }
            _ => {}
        }
    }

    /// Puts one of the list into the settings, and so into the run at hand.
    fn use_network(&mut self, row: &Row) {
        let mut settings = self.session.settings().clone();
        let trained = |settings: &mut TransferSettings, network, weights| {
            settings.network = network;
            settings.weights = weights;
            settings.weights_kind = WeightsKind::Trained;
        };
        match row {
            Row::Embedded => trained(&mut settings, Network::Vgg16, None),
            Row::Missing => trained(&mut settings, Network::Vgg19, None),
            Row::Kept(name) => {
                let Some(entry) = self.session.networks.entry(name) else {
                    return;
                };
                let Some(network) = entry.network else {
                    return;
                };
                // Settings without a file find it, on other computers too.
                let by_itself = name == VGG19_NAME && self.networks.is_standard;
                let path = (!by_itself).then(|| entry.path.clone());
                trained(&mut settings, network, path);
            }
            Row::Random => settings.weights_kind = WeightsKind::Random,
            Row::Shuffled => settings.weights_kind = WeightsKind::Shuffled,
        }
        settings.drop_missing_layers();
        self.put_settings(settings);
    }

    /// Takes in what the threads have to say; never waits.
    pub(crate) fn network_answers(&mut self) {
        self.look_at_download();
        for answer in self.networks.answers() {
            match answer {
                NetworksAnswer::Listed(Ok((embedded, kept))) => {
                    let networks = &mut self.session.networks;
                    networks.embedded = Some(embedded);
                    networks.kept = kept;
                    if !networks.rows().contains(&networks.shown) {
                        networks.shown = Row::Embedded;
                    }
                }
                NetworksAnswer::Fetched(fetched) => self.fetched(fetched.map(|done| *done)),
                NetworksAnswer::Imported(path, imported) => {
                    self.session.networks.work = None;
                    self.imported(path, imported.map(|done| *done));
                }
                NetworksAnswer::Verified(name, verified) => {
                    self.session.networks.work = None;
                    let verified = verified.map_err(|error| text::sentence(&error.to_string()));
                    self.session.networks.verified.insert(name, verified);
                }
                NetworksAnswer::Removed(name, Ok(())) => {
                    self.session.networks.work = None;
                    self.removed(&name);
                }
                NetworksAnswer::Forgotten(Ok(())) => self.session.networks.work = None,
                NetworksAnswer::Sorted(others, weights, landing) => {
                    let no_weights = weights.is_empty();
                    for path in weights {
                        self.networks_command(NetworksCommand::Import(path, None));
                    }
                    if no_weights || !others.is_empty() {
                        self.take_files(others, landing);
                    }
                }
                NetworksAnswer::Listed(Err(error))
                | NetworksAnswer::Removed(_, Err(error))
                | NetworksAnswer::Forgotten(Err(error)) => self.network_trouble(&error),
            }
        }
    }

    fn look_at_download(&mut self) {
        let now: Option<Progress> = self.networks.progress();
        if let Some(Work::Fetching {
            since, progress, ..
        }) = &mut self.session.networks.work
            && let Some(now) = now
        {
            // Waiting and connecting are no part of the speed.
            if since.is_none() && now.received_bytes > 0 {
                *since = Some((Instant::now(), now.received_bytes));
            }
            *progress = Some(now);
        }
    }

    fn fetched(&mut self, fetched: Result<Imported>) {
        let work = self.session.networks.work.take();
        match (fetched, work) {
            (Ok(imported), _) => {
                let name = imported.entry.name.clone();
                self.arrived(imported);
                self.use_network(&Row::Kept(name.clone()));
                self.session.networks.shown = Row::Kept(name);
                self.session.toasts.add(Mood::Done, text::VGG19_USED);
            }
            (
                Err(Error::Canceled),
                Some(Work::Fetching {
                    progress, leaving, ..
                }),
            ) => match leaving {
                Some(Leaving::Canceled) => self.send_job(NetworksJob::Forget),
                _ => self.session.networks.work = Some(Work::Paused(progress)),
            },
            (Err(error), _) => self.network_trouble(&error),
        }
    }

    fn imported(&mut self, path: PathBuf, imported: Result<Imported>) {
        match imported {
            Ok(imported) => {
                let row = Row::Kept(imported.entry.name.clone());
                let words = text::imported(&imported.entry.name, &imported.warnings);
                self.arrived(imported);
                self.session.networks.shown = row.clone();
                let command = Command::Networks(NetworksCommand::Use(row));
                let toasts = &mut self.session.toasts;
                toasts.add_with(Mood::Done, words, text::USE_NETWORK, command);
            }
            Err(Error::FamilyUnknown { .. }) => {
                self.open_networks();
                self.session.networks.question = Some(Question::Family(path));
            }
            Err(error) => self.network_trouble(&error),
        }
    }

    /// New weights are in the folder.
    fn arrived(&mut self, imported: Imported) {
        let networks = &mut self.session.networks;
        networks.verified.remove(&imported.entry.name);
        networks
            .kept
            .retain(|entry| entry.name != imported.entry.name);
        networks.kept.push(imported.entry);
        networks.kept.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn removed(&mut self, name: &str) {
        let row = Row::Kept(name.to_owned());
        let used = self.session.networks.row_of(self.session.settings()) == Some(row);
        let networks = &mut self.session.networks;
        networks.kept.retain(|entry| entry.name != name);
        networks.verified.remove(name);
        networks.shown = Row::Embedded;
        self.session.toasts.add(Mood::Done, text::removed(name));
        if used {
            self.use_network(&Row::Embedded);
        }
    }

    /// Dropped files: weights are imported, everything else is taken for pictures.
    pub(crate) fn sort_files(&mut self, paths: Vec<PathBuf>, landing: Landing) {
        let sent = self.networks.sort(paths, landing);
        self.expect(sent);
    }

    /// The run goes on with another network.
    pub(crate) fn network_changed(&mut self, weights: String) {
        log::info!("the run goes on with {weights}");
        let run = &mut self.session.run;
        run.weights = weights;
    }

    /// The run goes on with the network it had: the settings follow it.
    pub(crate) fn network_kept(&mut self, error: &Error, at_work: &TransferSettings) {
        let mut settings = self.session.settings().clone();
        settings.take_network_of(at_work);
        self.put_settings(settings);
        self.complain(error);
    }
}

//! Pictures that remember how they were made: found when one is opened or dropped, and the offer
//! to bring its pictures and settings back.

use std::path::Path;

use eframe::egui::{self, Align, Id, Label, Layout, Modal, Ui, vec2};

use crate::{
    app::{
        App,
        command::{
            Command,
            features::{FilmCommand, OfferAnswer},
            ids::Role,
        },
        files::PictureSource,
        session::{Session, Shown},
        text,
        theme::{self, space},
        toasts::Mood,
        widgets,
    },
    pixels::{Found, FoundAt, find_input, read_record},
    settings::{InitialImage, TransferSettings, range},
    transfer::{Input, Record},
};

/// What a picture remembers, and where its inputs are now.
pub(crate) struct Remembered {
    record: Record,
    content: Option<Found>,
    styles: Vec<Option<Found>>,
    initial: Option<Found>,
}

/// What the picture at `path` remembers, if it does. Reads whole files.
pub(crate) fn remembered(path: &Path) -> Option<Box<Remembered>> {
    let record = Record::from_json(&read_record(path).ok()??)?;
    if let Err(error) = record.settings.validate() {
        log::warn!(
            "{} remembers settings that are not valid: {error}",
            path.display()
        );
        return None;
    }
    let find = |input: &Input| {
        let place = input.path.as_deref();
        find_input(place, &input.name, &input.sha256, Some(path))
    };
    Some(Box::new(Remembered {
        content: find(&record.content),
        styles: record
            .styles
            .iter()
            .map(|style| find(&style.input))
            .collect(),
        initial: record.initial.as_ref().and_then(find),
        record,
    }))
}

impl Remembered {
    /// Whether all pictures that its run needs are there.
    fn is_complete(&self) -> bool {
        self.content.is_some()
            && !self.styles.is_empty()
            && self.styles.iter().all(Option::is_some)
            && (self.record.initial.is_none() || self.initial.is_some())
    }

    /// Its settings, with the picture it starts from where that is now.
    fn settings(&self) -> TransferSettings {
        let mut settings = self.record.settings.clone();
        if let Some(FoundAt::File(path)) = self.initial.as_ref().map(|found| &found.at) {
            settings.initial_image = InitialImage::File(path.clone());
        }
        settings
    }

    /// What went in, and whether it was found: a name for each.
    fn inputs(&self) -> Vec<(&'static str, &Input, Option<&Found>)> {
        let record = &self.record;
        let content = (text::CONTENT, &record.content, self.content.as_ref());
        let styles = record.styles.iter().zip(&self.styles);
        let styles = styles.map(|(style, found)| (text::STYLE, &style.input, found.as_ref()));
        let initial = record.initial.iter();
        let initial = initial.map(|input| (text::INITIAL, input, self.initial.as_ref()));
        [content].into_iter().chain(styles).chain(initial).collect()
    }

    fn has_regions(&self) -> bool {
        let mut styles = self.record.styles.iter();
        styles.any(|style| style.region.is_some() || style.style_region.is_some())
    }
}

/// A picture that remembers, on the way to its use.
pub(crate) struct Offer {
    role: Role,
    shown: Shown,
    remembered: Box<Remembered>,
}

impl App {
    /// A picture was chosen that remembers how it was made: what is meant is asked.
    pub(super) fn offer(&mut self, role: Role, shown: Shown, remembered: Box<Remembered>) {
        log::info!("{} remembers how it was made", shown.picture.name);
        if self.session.timeline.offer.is_some() {
            // Of several chosen at once only one is asked about.
            return self.put_picture(role, shown);
        }
        self.session.timeline.offer = Some(Offer {
            role,
            shown,
            remembered,
        });
    }

    /// The offer was answered.
    pub(super) fn answer_offer(&mut self, answer: OfferAnswer) {
        let Some(offer) = self.session.timeline.offer.take() else {
            return;
        };
        let used = matches!(answer, OfferAnswer::AsContent | OfferAnswer::AsStyle);
        if !used {
            // The next dropped picture takes the turn that this one does not need.
            self.announce_next = false;
            self.last_drop = None;
        }
        match answer {
            OfferAnswer::Everything => self.restore_run(&offer.remembered),
            OfferAnswer::Settings => {
                self.put_settings(offer.remembered.settings());
                self.session.toasts.add(Mood::Done, text::RESTORED_SETTINGS);
            }
            OfferAnswer::AsContent => {
                self.last_drop = Some(Role::Content);
                self.put_picture(Role::Content, offer.shown);
            }
            OfferAnswer::AsStyle => {
                let role = match offer.role {
                    Role::Content => Role::Style(0),
                    role => role,
                };
                self.last_drop = Some(role);
                self.put_picture(role, offer.shown);
            }
            OfferAnswer::Nothing => {}
        }
    }

    fn restore_run(&mut self, remembered: &Remembered) {
        let source = |found: &Found| match &found.at {
            FoundAt::File(path) => PictureSource::File(path.clone()),
            FoundAt::Sample(sample) => PictureSource::Sample(*sample),
        };
        if let Some(found) = &remembered.content {
            self.load(Role::Content, source(found));
        }
        self.session.styles.clear();
        self.strengths.clear();
        let styles = remembered.record.styles.iter().zip(&remembered.styles);
        for (style, found) in styles {
            if let Some(found) = found {
                let range = range::STRENGTH;
                let strength = style.strength.clamp(range.min, range.max);
                self.strengths.push_back(strength);
                self.load(Role::NewStyle, source(found));
            }
        }
        if let Some(found) = &remembered.initial {
            self.load(Role::Initial, source(found));
        }
        // Not by `put_settings`: a run that is going on keeps its own.
        self.session.app.transfer = remembered.settings();
        self.session.toasts.add(Mood::Done, text::RESTORED);
    }
}

/// Draws the offer, if there is one.
pub(crate) fn offer_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    let Some(offer) = &session.timeline.offer else {
        return;
    };
    let frame = egui::Frame::window(ui.style()).inner_margin(20);
    let shown = Modal::new(Id::unique("restore"))
        .frame(frame)
        .show(ui.ctx(), |ui| question_ui(ui, offer));
    let nothing = shown.should_close().then_some(OfferAnswer::Nothing);
    if let Some(answer) = shown.inner.or(nothing) {
        commands.push(Command::Film(FilmCommand::Offer(answer)));
    }
}

fn question_ui(ui: &mut Ui, offer: &Offer) -> Option<OfferAnswer> {
    ui.set_width(520.0);
    ui.heading(text::RESTORE_HEAD);
    ui.add_space(space::M);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        let image = egui::Image::from_texture(&offer.shown.thumbnail)
            .alt_text(&offer.shown.picture.name)
            .max_size(vec2(190.0, 150.0))
            .corner_radius(theme::CARD_RADIUS);
        ui.add(image);
        ui.vertical(|ui| facts_ui(ui, offer));
    });
    ui.add_space(space::L);
    answers_ui(ui, offer)
}

fn facts_ui(ui: &mut Ui, offer: &Offer) {
    let (remembered, colors) = (&offer.remembered, theme::palette(ui));
    let record = &remembered.record;
    ui.add(Label::new(theme::strong(&offer.shown.picture.name)).truncate());
    // Rows of text, not of buttons.
    ui.spacing_mut().interact_size.y = 16.0;
    for (role, input, found) in remembered.inputs() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.label(theme::small(ui, format!("{role}:")));
            ui.add(Label::new(&input.name).truncate());
            let note = match found {
                None => Some((text::NOT_FOUND, colors.danger)),
                Some(found) if !found.unchanged => Some((text::CHANGED_SINCE, colors.caution)),
                Some(_) => None,
            };
            if let Some((words, color)) = note {
                ui.label(theme::small(ui, words).color(color));
            }
        });
    }
    let (width, height) = offer.shown.size_px();
    let took = text::duration(record.secs);
    let words = format!("{width} × {height} px · step {} · {took}", record.step);
    ui.label(theme::small(ui, words));
    let computed = &record.computed;
    let words = format!(
        "{}, {}, {} thread{}",
        text::sentence(&computed.weights).trim_end_matches('.'),
        computed.device,
        computed.threads,
        if computed.threads == 1 { "" } else { "s" }
    );
    ui.add(Label::new(theme::small(ui, words)).wrap());
    ui.label(theme::small(ui, &record.program));
    if remembered.has_regions() {
        let words = theme::small(ui, text::RESTORE_REGIONS).color(colors.caution);
        ui.add(Label::new(words).wrap());
    }
}

fn answers_ui(ui: &mut Ui, offer: &Offer) -> Option<OfferAnswer> {
    let mut answer = None;
    ui.horizontal(|ui| {
        ui.set_min_height(theme::size::TOOL);
        for (label, is) in [
            (text::RESTORE_AS_CONTENT, OfferAnswer::AsContent),
            (text::RESTORE_AS_STYLE, OfferAnswer::AsStyle),
        ] {
            if ui.button(label).clicked() {
                answer = Some(is);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let complete = offer.remembered.is_complete();
            ui.add_enabled_ui(complete, |ui| {
                let icon = egui_material_icons::icons::ICON_SETTINGS_BACKUP_RESTORE;
                let emphasis = widgets::Emphasis::Primary;
                let button = widgets::labeled(ui, icon, text::RESTORE_ALL, emphasis);
                if button.on_disabled_hover_text(text::NOT_FOUND).clicked() {
                    answer = Some(OfferAnswer::Everything);
                }
            });
            if ui.button(text::RESTORE_SETTINGS).clicked() {
                answer = Some(OfferAnswer::Settings);
            }
        });
    });
    answer
}

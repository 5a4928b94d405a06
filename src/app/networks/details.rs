//! What is known about one network, and what can be done with it.

use eframe::egui::{
    Align, DragValue, Label, Layout, ProgressBar, RichText, TextStyle, Ui, WidgetInfo, vec2,
};
use egui_material_icons::icons::{
    ICON_CASINO, ICON_CHECK, ICON_CLOSE, ICON_DELETE, ICON_DOWNLOAD, ICON_PAUSE, ICON_PLAY_ARROW,
    ICON_VERIFIED,
};

use crate::{
    app::{
        command::{Command, features::NetworksCommand, ids::Row},
        networks::{
            rows,
            state::{VGG19_NAME, Work},
        },
        session::Session,
        text,
        theme::{self, space},
        widgets::{self, Emphasis},
    },
    network::{Network, WeightsKind},
    settings::TransferSettings,
    vgg::weights::{Entry, Progress},
};

/// Width of the names of facts.
const NAMES: f32 = 62.0;

/// Draws what is known about the row that is looked at.
pub(super) fn details_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let networks = &session.networks;
    let row = &networks.shown;
    let (title, _) = rows::names(networks, row);
    ui.heading(title);
    let about = match row {
        Row::Embedded => text::EMBEDDED_ABOUT,
        Row::Missing => text::VGG19_ABOUT,
        Row::Kept(name) if name == VGG19_NAME => text::VGG19_ABOUT,
        Row::Kept(_) => text::ENTRY_ABOUT,
        Row::Random => text::RANDOM_ABOUT,
        Row::Shuffled => text::SHUFFLED_ABOUT,
    };
    ui.add(Label::new(theme::small(ui, about)).wrap());
    ui.add_space(space::M);
    match row {
        Row::Embedded => {
            if let Some(entry) = &networks.embedded {
                facts_ui(ui, entry);
            }
            ui.add_space(space::M);
            ui.horizontal(|ui| use_ui(ui, session, commands));
        }
        Row::Missing => missing_ui(ui, session, commands),
        Row::Kept(name) => {
            if let Some(entry) = networks.entry(name) {
                facts_ui(ui, entry);
                ui.add_space(space::M);
                kept_ui(ui, session, entry, commands);
            }
        }
        Row::Random | Row::Shuffled => {
            curious_ui(ui, session, commands);
            ui.add_space(space::M);
            ui.horizontal(|ui| use_ui(ui, session, commands));
        }
    }
}

fn facts_ui(ui: &mut Ui, entry: &Entry) {
    let known = |text: &str| {
        if text.is_empty() {
            text::UNKNOWN.to_owned()
        } else {
            text.to_owned()
        }
    };
    let origin = text::origin(&entry.authors, &entry.source);
    fact_ui(ui, text::FACT_ORIGIN, &origin);
    fact_ui(ui, text::FACT_LICENSE, &known(&entry.license));
    let family = entry.family.map_or(text::UNKNOWN, text::family);
    fact_ui(ui, text::FACT_FAMILY, family);
    fact_ui(ui, text::FACT_LAYERS, &layers(entry));
    fact_ui(ui, text::FACT_SIZE, &text::exact_size(entry.bytes));
    fact_ui(ui, text::FACT_DIGEST, &known(&entry.sha256));
    let file = if entry.path.as_os_str().is_empty() {
        text::INSIDE.to_owned()
    } else {
        entry.path.display().to_string()
    };
    fact_ui(ui, text::FACT_FILE, &file);
}

fn layers(entry: &Entry) -> String {
    match (entry.network, entry.deepest) {
        (Some(network), Some(deepest)) if !entry.is_whole() => {
            text::layers_up_to(network.title(), &deepest.to_string())
        }
        (Some(network), _) => {
            let count = network.layers().count();
            text::all_layers(network.title(), count)
        }
        (None, _) => text::UNKNOWN.to_owned(),
    }
}

/// A fact's name and its words, which may be long: they can be selected and copied.
fn fact_ui(ui: &mut Ui, name: &str, words: &str) {
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(NAMES, 0.0), Layout::left_to_right(Align::Min), |ui| {
            ui.set_min_width(NAMES);
            ui.label(theme::small(ui, name));
        });
        let words = RichText::new(words).text_style(TextStyle::Small);
        ui.add(Label::new(words).wrap().selectable(true));
    });
}

fn use_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let networks = &session.networks;
    if networks.row_of(session.settings()).as_ref() == Some(&networks.shown) {
        let good = theme::palette(ui).good;
        ui.label(ICON_CHECK.rich_text().size(16.0).color(good));
        ui.label(theme::strong(text::IN_USE));
        return;
    }
    if widgets::labeled(ui, ICON_CHECK, text::USE_NETWORK, Emphasis::Primary).clicked() {
        let row = networks.shown.clone();
        commands.push(Command::Networks(NetworksCommand::Use(row)));
    }
}

fn kept_ui(ui: &mut Ui, session: &Session, entry: &Entry, commands: &mut Vec<Command>) {
    let networks = &session.networks;
    let name = entry.name.clone();
    let idle = networks.work.is_none();
    ui.horizontal(|ui| {
        ui.add_enabled_ui(idle, |ui| {
            let button = widgets::labeled(ui, ICON_VERIFIED, text::VERIFY, Emphasis::Plain);
            if button.on_hover_text(text::VERIFY_TOOLTIP).clicked() {
                let verify = NetworksCommand::Verify(name.clone());
                commands.push(Command::Networks(verify));
            }
            let button = widgets::labeled(ui, ICON_DELETE, text::REMOVE_WEIGHTS, Emphasis::Plain);
            if button.clicked() {
                let ask = NetworksCommand::AskRemove(name.clone());
                commands.push(Command::Networks(ask));
            }
        });
        use_ui(ui, session, commands);
    });
    let colors = theme::palette(ui);
    let (words, color) = match networks.verified.get(&entry.name) {
        None => return,
        Some(Ok(())) => (text::VERIFIED, colors.good),
        Some(Err(why)) => (why.as_str(), colors.danger),
    };
    ui.add(Label::new(RichText::new(words).color(color)).wrap());
}

fn missing_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let networks = &session.networks;
    let source = &networks.source;
    fact_ui(ui, text::FACT_ORIGIN, text::KERAS_ORIGIN);
    fact_ui(ui, text::FACT_LICENSE, text::CC_BY);
    fact_ui(
        ui,
        text::FACT_FAMILY,
        text::family(crate::network::Family::Oxford),
    );
    fact_ui(ui, text::FACT_SOURCE, &source.hosts.join(", else "));
    fact_ui(ui, text::FACT_SIZE, &text::exact_size(source.bytes));
    fact_ui(ui, text::FACT_MD5, &source.md5);
    ui.add_space(space::M);
    let mut push = |command| commands.push(Command::Networks(command));
    match &networks.work {
        Some(Work::Fetching {
            since, progress, ..
        }) => {
            progress_ui(ui, progress.as_ref(), *since);
            ui.horizontal(|ui| {
                let label = text::PAUSE_DOWNLOAD;
                if widgets::labeled(ui, ICON_PAUSE, label, Emphasis::Plain).clicked() {
                    push(NetworksCommand::Pause);
                }
                cancel_ui(ui, &mut push);
            });
        }
        Some(Work::Paused(progress)) => {
            let there = progress.map_or(0, |progress| progress.received_bytes);
            bar_ui(ui, there, source.bytes);
            let received = text::received(there, source.bytes);
            let words = format!("{} {received}", text::PAUSED_AT);
            ui.label(theme::small(ui, words));
            ui.horizontal(|ui| {
                let label = text::RESUME_DOWNLOAD;
                if widgets::labeled(ui, ICON_PLAY_ARROW, label, Emphasis::Primary).clicked() {
                    push(NetworksCommand::Fetch);
                }
                cancel_ui(ui, &mut push);
            });
        }
        work => {
            ui.add(Label::new(theme::small(ui, text::GET_CONSENT)).wrap());
            ui.add_space(space::S);
            let label = format!("{} ({})", text::GET_VGG19, text::bytes(source.bytes));
            ui.add_enabled_ui(work.is_none(), |ui| {
                if widgets::labeled(ui, ICON_DOWNLOAD, &label, Emphasis::Primary).clicked() {
                    push(NetworksCommand::Fetch);
                }
            });
        }
    }
}

fn cancel_ui(ui: &mut Ui, push: &mut impl FnMut(NetworksCommand)) {
    if widgets::labeled(ui, ICON_CLOSE, text::CANCEL_DOWNLOAD, Emphasis::Plain).clicked() {
        push(NetworksCommand::Cancel);
    }
}

fn progress_ui(ui: &mut Ui, progress: Option<&Progress>, since: Option<(std::time::Instant, u64)>) {
    let Some(progress) = progress else {
        bar_ui(ui, 0, 1);
        ui.label(theme::small(ui, text::CONNECTING));
        return;
    };
    let (there, all) = (progress.received_bytes, progress.total_bytes);
    bar_ui(ui, there, all);
    let words = if progress.waits {
        text::OTHER_INSTANCE.to_owned()
    } else if there == 0 {
        text::CONNECTING.to_owned()
    } else if there >= all {
        text::CONVERTING.to_owned()
    } else {
        let mut words = text::received(there, all);
        if let Some((since, first)) = since {
            let secs = since.elapsed().as_secs_f64();
            let speed = there.saturating_sub(first) as f64 / secs.max(1e-3);
            // The first moment says nothing about speed.
            if secs > 1.0 && speed > 0.0 {
                let left_secs = (all - there) as f64 / speed;
                words = format!("{words}, {}", text::download_speed(speed, left_secs));
            }
        }
        words
    };
    ui.label(theme::figures(ui, words));
}

fn bar_ui(ui: &mut Ui, there: u64, all: u64) {
    let share = there as f32 / all.max(1) as f32;
    let accent = theme::palette(ui).accent;
    let bar = ProgressBar::new(share).desired_height(6.0).fill(accent);
    let response = ui.add(bar);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ProgressIndicator, true, text::DOWNLOAD);
        info.value = Some(f64::from(share * 100.0));
        info
    });
}

fn curious_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let now = session.settings();
    let mut network = now.network;
    if session.networks.shown == Row::Random {
        let choices = Network::ALL.map(|network| (network, network.title(), ""));
        if widgets::segments(ui, &mut network, &choices) {
            let mut settings = TransferSettings {
                network,
                // A file of the other network would not fit when trained weights come back.
                weights: None,
                weights_kind: WeightsKind::Random,
                ..now.clone()
            };
            settings.drop_missing_layers();
            commands.push(Command::Settings(Box::new(settings)));
        }
        ui.add_space(space::S);
    }
    let mut seed = now.weights_seed;
    ui.horizontal(|ui| {
        ui.label(text::NETWORK_SEED)
            .on_hover_text(text::NETWORK_SEED_TOOLTIP);
        let field = ui.add(DragValue::new(&mut seed).speed(0.1));
        field.widget_info(|| {
            let mut info = WidgetInfo::drag_value(ui.is_enabled(), seed as f64);
            info.label = Some(text::NETWORK_SEED.to_owned());
            info
        });
        if widgets::small_tool(ui, ICON_CASINO, text::NETWORK_NEW_SEED).clicked() {
            seed = seed.wrapping_add(1);
        }
    });
    if seed != now.weights_seed {
        commands.push(Command::Settings(Box::new(TransferSettings {
            weights_seed: seed,
            ..now.clone()
        })));
    }
}

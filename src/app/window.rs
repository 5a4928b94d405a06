//! The frame of the window: it takes in what worker and files have to say
//! ([`App::logic`](eframe::App::logic)), draws the views ([`App::ui`](eframe::App::ui)), and hands
//! what they ask for to the handlers.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use eframe::{
    CreationContext,
    egui::{self, CentralPanel, Context, Frame, Margin, Panel, Ui},
};

use crate::{
    app::{
        brushes::sheet::brush_sheet_ui,
        canvas::{state::View, view::canvas_ui},
        command::{Command, features::ViewCommand},
        controls::{
            state::{Controls, History},
            view::controls_ui,
        },
        drops::view::drops_ui,
        export::view::export_ui,
        frames::Frames,
        io::{
            detail::DetailThread, files::Files, instant::InstantPreviews, networks::NetworksThread,
            painter::Painter, pointer::Pointer, projector::Projector, sketcher::Sketcher, store,
            vault::thread::Vault,
        },
        networks::dialog::dialog_ui,
        paths::view::path_ui,
        pictures::view::pictures_ui,
        presets::{name::name_ui, state::Presets},
        restore::view::offer_ui,
        save::view::saving_ui,
        session::{Session, run::Phase},
        shortcuts::{keys, list::list_ui},
        status::status_ui,
        theme::{self, size},
        timeline::view::timeline_ui,
        toolbar::toolbar_ui,
        variations::view::sheet_ui,
        vault::view::vault_ui,
    },
    error::Result,
    settings::{AppSettings, DeviceChoice, WindowPlace, presets},
    transfer::film,
    vgg::weights::Fetch,
};

/// Name of the window's memory.
const STORAGE_KEY: &str = "impasto";

/// What the window is opened with.
#[derive(Clone, Debug, Default)]
pub struct AppOptions {
    /// The content image; without it that of the last session, or the sample.
    pub content: Option<PathBuf>,
    /// The style image.
    pub style: Option<PathBuf>,
    /// Folder that snapshots are saved to; without it the one chosen last, or "Impasto" among the
    /// user's pictures.
    pub save_folder: Option<PathBuf>,
    /// Threads to compute with; all of the machine's by default.
    pub threads: Option<usize>,
    /// Folder of user presets; without it, the one that the system has for settings.
    pub presets_folder: Option<PathBuf>,
    /// Folder of brushes; the user's standard one by default.
    pub brushes_folder: Option<PathBuf>,
    /// What to compute on in this session; without it what was chosen last.
    pub device: Option<DeviceChoice>,
    /// Memory for the film of the runs, in MB; 128 by default.
    pub film_mb: Option<u32>,
    /// A file that gets one line for every step and everything that happens.
    pub log: Option<PathBuf>,
    /// The program's own folder, for settings, pasted pictures and runs under way; without it
    /// nothing is kept.
    pub own_folder: Option<PathBuf>,
    /// Folder of imported weights; the user's standard one by default.
    pub weights_folder: Option<PathBuf>,
    /// Where VGG-19 is fetched from; where Keras publishes it by default.
    pub fetch: Option<Fetch>,
}

/// The window's state and what stands behind it.
pub struct App {
    pub(in crate::app) session: Session,
    pub(in crate::app) view: View,
    pub(in crate::app) worker: Painter,
    pub(in crate::app) projector: Projector,
    pub(in crate::app) files: Files,
    pub(in crate::app) networks: NetworksThread,
    pub(in crate::app) controls: Controls,
    pub(in crate::app) history: History,
    pub(in crate::app) asked_view: Vec<ViewCommand>,
    /// From the command line.
    pub(in crate::app) save_folder: Option<PathBuf>,
    /// From the command line.
    pub(in crate::app) presets_folder: Option<PathBuf>,
    pub(in crate::app) brushes_folder: Option<PathBuf>,
    pub(in crate::app) sketcher: Sketcher,
    pub(in crate::app) instant: InstantPreviews,
    pub(in crate::app) detail: DetailThread,
    /// Where the pointer is while files are dragged over the window, where that can be asked.
    pub(in crate::app) pointer: Option<Pointer>,
    /// Where the session is kept as it goes; `None` keeps nothing.
    pub(in crate::app) vault: Option<Vault>,
    /// Where settings are kept; `None` keeps none.
    pub(in crate::app) store: Option<store::Store>,
    /// What the store holds.
    pub(in crate::app) stored: AppSettings,
    pub(in crate::app) frames: Frames,
    /// Whether something was asked for, or answered, that no frame shows yet.
    pub(in crate::app) undrawn: bool,
}

impl App {
    /// Starts the threads and reads what the window remembers.
    ///
    /// # Errors
    /// When the system has no threads to give.
    pub fn new(cc: &CreationContext<'_>, options: AppOptions) -> Result<Self> {
        let ctx = &cc.egui_ctx;
        theme::install(ctx);
        let own_folder = options.own_folder;
        // Before there was a file of settings, eframe kept them.
        let from_storage = || eframe::get_value(cc.storage?, STORAGE_KEY);
        let stored: AppSettings = own_folder
            .as_deref()
            .and_then(store::read)
            .or_else(from_storage)
            .unwrap_or_default();
        let app = stored.clone().repaired();
        theme::choose(ctx, app.theme);
        ctx.set_zoom_factor(app.zoom);
        let store = own_folder
            .clone()
            .map(|folder| store::Store::spawn(folder, &stored))
            .transpose()?;
        let vault = own_folder
            .as_deref()
            .map(|folder| Vault::spawn(ctx, folder))
            .transpose()?;
        let keeper = vault.as_ref().and_then(Vault::keeper);
        let film_mb = options.film_mb.unwrap_or(film::DEFAULT_BUDGET_MB);
        let film_bytes = film_mb as usize * 1_000_000;
        let mut window = Self {
            worker: Painter::spawn(ctx, film_bytes, keeper)?,
            projector: Projector::spawn(ctx)?,
            files: Files::spawn(ctx, own_folder)?,
            networks: NetworksThread::spawn(ctx, options.weights_folder, options.fetch)?,
            session: Session {
                app,
                presets: Presets::new(presets()?),
                threads: options.threads,
                ..Session::default()
            },
            view: View::default(),
            controls: Controls::default(),
            history: History::default(),
            asked_view: Vec::new(),
            save_folder: options.save_folder,
            presets_folder: options.presets_folder,
            brushes_folder: options.brushes_folder,
            sketcher: Sketcher::new(ctx),
            instant: InstantPreviews::spawn(ctx)?,
            detail: DetailThread::spawn(ctx)?,
            pointer: pointer(cc),
            vault,
            store,
            stored,
            frames: Frames::default(),
            undrawn: false,
        };
        window.begin_devices(options.device);
        window.load_first_pictures(options.content, options.style);
        window.load_presets();
        window.load_brushes();
        Ok(window)
    }

    fn panels_ui(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let ctx = ui.ctx().clone();
        let panel = theme::panel(&ctx);
        let (session, controls) = (&self.session, &mut self.controls);
        Panel::top("toolbar")
            .frame(panel.inner_margin(Margin::symmetric(12, 0)))
            .exact_size(46.0)
            .resizable(false)
            .show(ui, |ui| toolbar_ui(ui, session, commands));
        Panel::bottom("status")
            .frame(panel.inner_margin(Margin::symmetric(12, 0)))
            .exact_size(25.0)
            .resizable(false)
            .show(ui, |ui| status_ui(ui, session, commands));
        let scrolled = theme::scrolled_panel(&ctx);
        let (pictures_width, controls_width) = size::side_panels(ctx.content_rect().width());
        Panel::left("pictures")
            .frame(scrolled)
            .exact_size(pictures_width)
            .resizable(false)
            .show(ui, |ui| pictures_ui(ui, session, commands));
        Panel::right("controls")
            .frame(scrolled)
            .exact_size(controls_width)
            .resizable(false)
            .show(ui, |ui| controls_ui(ui, session, controls, commands));
        let timeline_height = size::timeline(ctx.content_rect().height());
        Panel::bottom("timeline")
            .frame(panel.inner_margin(Margin::symmetric(12, 10)))
            .exact_size(timeline_height)
            .resizable(false)
            .show(ui, |ui| timeline_ui(ui, session, commands));
        let asked = std::mem::take(&mut self.asked_view);
        let view = &mut self.view;
        CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
            match (&session.variations.open, &session.brushes.sheet) {
                (Some(sheet), _) => sheet_ui(ui, session, sheet, commands),
                (None, Some(sheet)) => brush_sheet_ui(ui, session, sheet, commands),
                (None, None) => canvas_ui(ui, session, view, &asked, commands),
            }
        });
    }

    /// Writes what is to be remembered as soon as it rests: the program may be ended any time.
    fn store(&mut self, ctx: &Context) {
        let rests = !ctx.input(|input| input.pointer.any_down());
        self.session.app.zoom = ctx.zoom_factor();
        self.session.app.window = place(ctx).or(self.session.app.window);
        if self.session.app == self.stored || !rests {
            return;
        }
        self.stored = self.session.app.clone();
        if let Some(store) = &self.store {
            store.put(&self.stored);
        }
    }
}

/// Where the window stands. What full screen makes of it is not remembered.
fn place(ctx: &Context) -> Option<WindowPlace> {
    // In points of the system, whatever the size of the window's text.
    let zoom = ctx.zoom_factor();
    ctx.input(|input| {
        let viewport = input.viewport();
        let inner = viewport.inner_rect?;
        if viewport.fullscreen == Some(true) || viewport.minimized == Some(true) {
            return None;
        }
        let position = viewport.outer_rect.map(|outer| outer.min * zoom);
        Some(WindowPlace {
            position: position.map(|at| [at.x.round(), at.y.round()]),
            size: [inner.width(), inner.height()].map(|side| (side * zoom).round()),
            maximized: viewport.maximized == Some(true),
        })
    })
}

/// What says where the pointer is while files are dragged over the window.
#[cfg(target_os = "linux")]
fn pointer(cc: &CreationContext<'_>) -> Option<Pointer> {
    use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};

    let window = match cc.window_handle().ok()?.as_raw() {
        RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok()?,
        RawWindowHandle::Xcb(handle) => handle.window.get(),
        _ => return None,
    };
    Pointer::spawn(&cc.egui_ctx, window)
}

#[cfg(not(target_os = "linux"))]
fn pointer(_cc: &CreationContext<'_>) -> Option<Pointer> {
    None
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.take_events(ctx);
        self.follow_drops(ctx);
        self.take_vault_events(ctx);
        self.take_details(ctx);
        self.lesson_events();
        self.renew_brushes(ctx);
        self.instant_preview(ctx);
        self.sketches(ctx);
        self.session.run.compare(&self.session.app.transfer);
        self.session.toasts.expire(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let painting = self.session.run.phase == Phase::Running;
        let work = frame.info().cpu_usage.map(Duration::from_secs_f32);
        self.frames.record(Instant::now(), painting, work);
        let mut commands = Vec::new();
        self.asked_view = keys::shortcuts(&ctx, &self.session, &mut self.view, &mut commands);
        self.panels_ui(ui, &mut commands);
        list_ui(ui, &self.session, &mut commands);
        path_ui(
            ui,
            &mut self.session.dialog,
            &self.session.app,
            &mut commands,
        );
        drops_ui(ui, &self.session, &mut commands);
        vault_ui(ui, &self.session, &mut commands);
        name_ui(ui, &mut self.session.presets, &mut commands);
        dialog_ui(ui, &self.session, &mut commands);
        offer_ui(ui, &self.session, &mut commands);
        saving_ui(ui, &self.session, &mut commands);
        export_ui(ui, &self.session, &mut commands);
        if std::mem::take(&mut self.undrawn) {
            log::debug!("all that has happened is drawn");
        }
        if !commands.is_empty() {
            // Views before the change were drawn with the state before it.
            self.undrawn = true;
            ctx.request_repaint();
        }
        for command in commands {
            self.handle(&ctx, command);
        }
        self.note_history(&ctx);
        self.store(&ctx);
        self.keep_session();
        self.view.typing = ctx.text_edit_focused();
    }

    /// Nothing of egui's own: what is remembered is written whole or not at all, by the store.
    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

//! Opens the window on the system's screen.

use eframe::egui::{self, ViewportBuilder};

use crate::{
    app::{
        App, AppOptions,
        io::{session_log, store},
        text,
    },
    error::{Error, Result},
    folders,
    settings::WindowPlace,
};

/// Opens the window and stays until it is closed.
///
/// # Errors
/// When the system shows no window, or the log cannot be written.
pub fn run(options: AppOptions) -> Result<()> {
    session_log::begin(options.log.as_deref())?;
    let own_folder = options.own_folder.or_else(folders::of_program);
    let settings = own_folder.as_deref().and_then(store::read);
    let place = settings.and_then(|settings| settings.repaired().window);
    let options = AppOptions {
        own_folder,
        ..options
    };
    let native = eframe::NativeOptions {
        viewport: viewport(place),
        // The window's own settings hold all that is remembered.
        persist_window: false,
        renderer: eframe::Renderer::Glow,
        event_loop_builder: prefer_x11(),
        ..eframe::NativeOptions::default()
    };
    let create: eframe::AppCreator<'_> =
        Box::new(|cc| Ok(Box::new(App::new(cc, options)?) as Box<dyn eframe::App>));
    eframe::run_native("impasto", native, create).map_err(|fault| Error::Device {
        device: "window".to_owned(),
        why: fault.to_string(),
        advice: "Is there a screen, and OpenGL? Pictures can be painted without a window by \
                 `impasto render`"
            .to_owned(),
    })
}

/// The window as it stood last.
fn viewport(place: Option<WindowPlace>) -> ViewportBuilder {
    let window = ViewportBuilder::default()
        .with_app_id("impasto")
        .with_title(text::APP)
        .with_inner_size(place.map_or([1280.0, 800.0], |place| place.size))
        .with_min_inner_size([960.0, 620.0])
        .with_maximized(place.is_some_and(|place| place.maximized))
        .with_drag_and_drop(true)
        .with_icon(icon());
    match place.and_then(|place| place.position) {
        Some(position) => window.with_position(position),
        None => window,
    }
}

fn icon() -> egui::IconData {
    let png = include_bytes!("../../assets/icon/impasto.png");
    eframe::icon_data::from_png_bytes(png).unwrap_or_default()
}

/// Where an X server answers, it is preferred to Wayland: under Wayland no files can be dropped.
#[cfg(target_os = "linux")]
fn prefer_x11() -> Option<eframe::EventLoopBuilderHook> {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    let wayland_wanted = std::env::var_os("IMPASTO_WAYLAND").is_some();
    let x11 = std::env::var_os("DISPLAY").is_some_and(|display| !display.is_empty());
    (x11 && !wayland_wanted).then(|| -> eframe::EventLoopBuilderHook {
        Box::new(|builder| {
            builder.with_x11();
        })
    })
}

#[cfg(not(target_os = "linux"))]
fn prefer_x11() -> Option<eframe::EventLoopBuilderHook> {
    None
}

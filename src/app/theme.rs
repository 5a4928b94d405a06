//! The look of the window: one set of colors, distances, sizes and text styles.
//!
//! Grays are neutral so that they do not tint the eye beside a picture. No other file of the
//! window names a color or a font.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin,
    RichText, Shadow, Stroke, Style, TextStyle, Theme, Vec2, Visuals, style::HandleShape, vec2,
};

use crate::settings::ThemeChoice;

/// Corner radius of cards and dialogs.
pub(crate) const CARD_RADIUS: u8 = 8;
/// Corner radius of buttons and fields.
pub(crate) const CONTROL_RADIUS: u8 = 6;

/// The colors of one theme.
pub(crate) struct Palette {
    /// Behind the picture.
    pub(crate) canvas: Color32,
    /// Panels.
    pub(crate) panel: Color32,
    /// Cards and buttons on panels.
    pub(crate) raised: Color32,
    /// Hovered cards and buttons.
    pub(crate) lifted: Color32,
    /// Fields, rails, plots.
    pub(crate) sunken: Color32,
    /// Hairlines.
    pub(crate) outline: Color32,
    /// Text.
    pub(crate) text: Color32,
    /// Text that explains.
    pub(crate) weak: Color32,
    /// The one color that says "here": primary button, slider, progress.
    pub(crate) accent: Color32,
    /// The accent under the pointer.
    pub(crate) accent_lifted: Color32,
    /// Text on the accent.
    pub(crate) on_accent: Color32,
    /// Chosen rows.
    pub(crate) chosen: Color32,
    /// Errors.
    pub(crate) danger: Color32,
    /// Warnings and hints.
    pub(crate) caution: Color32,
    /// Done.
    pub(crate) good: Color32,
    /// The content's curve and figures.
    pub(crate) content: Color32,
    /// The style's curve and figures.
    pub(crate) style: Color32,
    /// Branches of a run, one after the other.
    pub(crate) branches: [Color32; 6],
    /// The two fields of the checkerboard under transparent pictures.
    pub(crate) checker: [Color32; 2],
}

const DARK: Palette = Palette {
    canvas: Color32::from_rgb(0x14, 0x14, 0x15),
    panel: Color32::from_rgb(0x1f, 0x1f, 0x21),
    raised: Color32::from_rgb(0x2b, 0x2b, 0x2e),
    lifted: Color32::from_rgb(0x38, 0x38, 0x3c),
    sunken: Color32::from_rgb(0x17, 0x17, 0x19),
    outline: Color32::from_rgb(0x38, 0x38, 0x3b),
    text: Color32::from_rgb(0xe9, 0xe9, 0xea),
    weak: Color32::from_rgb(0xa2, 0xa2, 0xa8),
    accent: Color32::from_rgb(0xe9, 0x8a, 0x4b),
    accent_lifted: Color32::from_rgb(0xf4, 0x9d, 0x62),
    on_accent: Color32::from_rgb(0x22, 0x12, 0x06),
    chosen: Color32::from_rgb(0x4a, 0x34, 0x26),
    danger: Color32::from_rgb(0xf0, 0x7a, 0x70),
    caution: Color32::from_rgb(0xe8, 0xbd, 0x5c),
    good: Color32::from_rgb(0x7d, 0xc3, 0x8f),
    content: Color32::from_rgb(0x6a, 0xb3, 0xe0),
    style: Color32::from_rgb(0xe9, 0x8a, 0x4b),
    branches: [
        Color32::from_rgb(0xb9, 0xb9, 0xc0),
        Color32::from_rgb(0x9c, 0x8c, 0xf0),
        Color32::from_rgb(0x5f, 0xc2, 0xa8),
        Color32::from_rgb(0xe3, 0x7f, 0xa8),
        Color32::from_rgb(0xc6, 0xb8, 0x52),
        Color32::from_rgb(0x6f, 0xa8, 0xe8),
    ],
    checker: [
        Color32::from_rgb(0x2a, 0x2a, 0x2b),
        Color32::from_rgb(0x38, 0x38, 0x39),
    ],
};

const LIGHT: Palette = Palette {
    canvas: Color32::from_rgb(0xd9, 0xd9, 0xd8),
    panel: Color32::from_rgb(0xf6, 0xf6, 0xf5),
    raised: Color32::from_rgb(0xff, 0xff, 0xff),
    lifted: Color32::from_rgb(0xe9, 0xe9, 0xe8),
    sunken: Color32::from_rgb(0xe8, 0xe8, 0xe6),
    outline: Color32::from_rgb(0xd2, 0xd2, 0xd0),
    text: Color32::from_rgb(0x1d, 0x1d, 0x1f),
    weak: Color32::from_rgb(0x5f, 0x5f, 0x64),
    accent: Color32::from_rgb(0xc2, 0x59, 0x17),
    accent_lifted: Color32::from_rgb(0xd4, 0x68, 0x24),
    on_accent: Color32::from_rgb(0xff, 0xff, 0xff),
    chosen: Color32::from_rgb(0xfb, 0xe3, 0xd3),
    danger: Color32::from_rgb(0xb4, 0x2b, 0x20),
    caution: Color32::from_rgb(0x8f, 0x63, 0x00),
    good: Color32::from_rgb(0x2c, 0x7a, 0x41),
    content: Color32::from_rgb(0x1d, 0x6f, 0xa8),
    style: Color32::from_rgb(0xc2, 0x59, 0x17),
    branches: [
        Color32::from_rgb(0x6b, 0x6b, 0x72),
        Color32::from_rgb(0x5d, 0x4a, 0xc4),
        Color32::from_rgb(0x13, 0x7d, 0x62),
        Color32::from_rgb(0xb0, 0x37, 0x6b),
        Color32::from_rgb(0x7c, 0x6c, 0x0a),
        Color32::from_rgb(0x2a, 0x6a, 0xb5),
    ],
    checker: [
        Color32::from_rgb(0xf2, 0xf2, 0xf2),
        Color32::from_rgb(0xdd, 0xdd, 0xdd),
    ],
};

/// The colors in force.
pub(crate) fn palette(ui: &egui::Ui) -> &'static Palette {
    of(ui.visuals().dark_mode)
}

const fn of(dark: bool) -> &'static Palette {
    if dark { &DARK } else { &LIGHT }
}

const SEMIBOLD: &str = "semibold";

/// Semi-bold text of the body's size.
pub(crate) fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).family(FontFamily::Name(SEMIBOLD.into()))
}

/// Small explaining text.
pub(crate) fn small(ui: &egui::Ui, text: impl Into<String>) -> RichText {
    RichText::new(text)
        .text_style(TextStyle::Small)
        .color(palette(ui).weak)
}

/// Small figures that do not dance when they change.
pub(crate) fn figures(ui: &egui::Ui, text: impl Into<String>) -> RichText {
    RichText::new(text)
        .text_style(TextStyle::Monospace)
        .color(palette(ui).weak)
}

/// Puts fonts, icons and both themes in force. Called once, before the first frame.
pub(crate) fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    egui_material_icons::initialize(ctx);
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| dress(style, of(theme == Theme::Dark)));
    }
    // Systems that say nothing (X11 among them) get the dark theme: pictures stand out from it.
    ctx.options_mut(|options| options.fallback_theme = Theme::Dark);
}

/// Switches between light and dark.
pub(crate) fn choose(ctx: &Context, choice: ThemeChoice) {
    ctx.set_theme(match choice {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
        ThemeChoice::Light => egui::ThemePreference::Light,
    });
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let files: [(&str, &'static [u8]); 2] = [
        (
            "inter-regular",
            include_bytes!("../../assets/fonts/Inter-Regular.otf"),
        ),
        (
            "inter-semibold",
            include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
        ),
    ];
    for (name, bytes) in files {
        let data = FontData::from_static(bytes);
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    let mut semibold = proportional.clone();
    proportional.insert(0, "inter-regular".to_owned());
    semibold.insert(0, "inter-semibold".to_owned());
    fonts
        .families
        .insert(FontFamily::Name(SEMIBOLD.into()), semibold);
    fonts
}

fn dress(style: &mut Style, colors: &Palette) {
    let semibold = FontFamily::Name(SEMIBOLD.into());
    style.text_styles = [
        (TextStyle::Body, FontId::proportional(13.0)),
        (TextStyle::Button, FontId::proportional(13.0)),
        (TextStyle::Small, FontId::proportional(11.5)),
        (TextStyle::Heading, FontId::new(15.0, semibold)),
        (TextStyle::Monospace, FontId::proportional(11.5)),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Body;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(space::S, 6.0);
    spacing.button_padding = vec2(10.0, 5.0);
    spacing.interact_size = vec2(36.0, 26.0);
    spacing.window_margin = Margin::same(18);
    spacing.menu_margin = Margin::same(6);
    spacing.slider_rail_height = 4.0;
    spacing.combo_width = 80.0;
    spacing.icon_width = 17.0;
    spacing.icon_width_inner = 9.0;
    spacing.icon_spacing = space::S;
    spacing.tooltip_width = 300.0;
    spacing.scroll = egui::style::ScrollStyle {
        bar_width: 8.0,
        ..egui::style::ScrollStyle::floating()
    };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.45;
    style.animation_time = 0.1;
    style.visuals = visuals(colors);
}

fn visuals(colors: &Palette) -> Visuals {
    let dark = colors.canvas == DARK.canvas;
    let mut visuals = if dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    visuals.panel_fill = colors.panel;
    visuals.window_fill = colors.panel;
    visuals.window_stroke = Stroke::new(1.0, colors.outline);
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = CornerRadius::same(CARD_RADIUS);
    let shade = Color32::from_black_alpha(if dark { 110 } else { 45 });
    visuals.window_shadow = Shadow {
        offset: [0, 10],
        blur: 30,
        spread: 0,
        color: shade,
    };
    visuals.popup_shadow = Shadow {
        offset: [0, 4],
        blur: 14,
        spread: 0,
        color: shade,
    };
    visuals.extreme_bg_color = colors.sunken;
    visuals.text_edit_bg_color = Some(colors.sunken);
    visuals.faint_bg_color = colors.raised;
    visuals.code_bg_color = colors.sunken;
    visuals.weak_text_color = Some(colors.weak);
    visuals.hyperlink_color = colors.accent;
    visuals.warn_fg_color = colors.caution;
    visuals.error_fg_color = colors.danger;
    visuals.selection.bg_fill = colors.chosen;
    visuals.selection.stroke = Stroke::new(1.0, colors.text);
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = HandleShape::Circle;
    visuals.interact_cursor = None;
    let radius = CornerRadius::same(CONTROL_RADIUS);
    let widgets = &mut visuals.widgets;
    for (state, fill, text) in [
        (&mut widgets.noninteractive, colors.panel, colors.text),
        (&mut widgets.inactive, colors.raised, colors.text),
        (&mut widgets.hovered, colors.lifted, colors.text),
        (&mut widgets.active, colors.lifted, colors.text),
        (&mut widgets.open, colors.lifted, colors.text),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, colors.outline);
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = radius;
        state.expansion = 0.0;
    }
    // Rails and check boxes have to stand out from panels of nearly the same gray.
    widgets.inactive.bg_fill = if dark { colors.lifted } else { colors.outline };
    widgets.inactive.fg_stroke.width = 1.5;
    widgets.hovered.fg_stroke.width = 1.5;
    widgets.active.fg_stroke = Stroke::new(2.0, colors.text);
    widgets.active.bg_stroke = Stroke::new(1.0, colors.accent);
    visuals
}

/// A card: a quiet box on a panel.
pub(crate) fn card(ui: &egui::Ui) -> egui::Frame {
    let colors = palette(ui);
    egui::Frame::new()
        .fill(colors.raised)
        .stroke(Stroke::new(1.0, colors.outline))
        .corner_radius(CARD_RADIUS)
        .inner_margin(Margin::same(8))
}

/// Room inside a scrolled panel for its scroll bar, part of the margin.
pub(crate) const SCROLL_ROOM: i8 = 8;

/// The frame of a scrolled panel: the scroll bar lies in its margin.
pub(crate) fn scrolled_panel(ctx: &Context) -> egui::Frame {
    let mut frame = panel(ctx);
    frame.inner_margin.right -= SCROLL_ROOM;
    frame
}

/// The frame of a panel with its usual margin.
pub(crate) fn panel(ctx: &Context) -> egui::Frame {
    egui::Frame::new()
        .fill(of(ctx.theme() == Theme::Dark).panel)
        .inner_margin(Margin::same(space::M as i8))
}

/// A square button of `side` points.
pub(crate) fn square(side: f32) -> Vec2 {
    Vec2::splat(side)
}

/// The body's font, semi-bold.
pub(crate) fn strong_font(ui: &egui::Ui) -> FontId {
    let size = TextStyle::Body.resolve(ui.style()).size;
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// Distances in points.
pub(crate) mod space {
    /// Between things that belong together.
    pub(crate) const XS: f32 = 4.0;
    /// Between widgets.
    pub(crate) const S: f32 = 8.0;
    /// Between rows and around panels.
    pub(crate) const M: f32 = 12.0;
    /// Between groups.
    pub(crate) const L: f32 = 18.0;
}

/// Sizes in points.
pub(crate) mod size {
    /// Widths of left and right panel in a window of this width: narrower where large text
    /// leaves few points.
    pub(crate) fn side_panels(window: f32) -> (f32, f32) {
        if window < 940.0 {
            (160.0, 256.0)
        } else {
            (228.0, 296.0)
        }
    }

    /// Height of the bottom panel: a taller window has room for a taller curve and larger
    /// snapshots; a low one keeps its room for the picture.
    pub(crate) fn timeline(window: f32) -> f32 {
        (0.27 * window).clamp(if window < 600.0 { 128.0 } else { 190.0 }, 360.0)
    }

    /// Buttons of the top bar.
    pub(crate) const TOOL: f32 = 32.0;
    /// Buttons inside cards and rows.
    pub(crate) const SMALL_TOOL: f32 = 24.0;
    /// Icons on tools.
    pub(crate) const ICON: f32 = 19.0;
    /// Icons on small tools.
    pub(crate) const SMALL_ICON: f32 = 15.0;
}

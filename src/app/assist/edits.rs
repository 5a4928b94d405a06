//! Pictures turned by quarters and cut to an aspect. The whole picture stays at hand, so that an
//! edit can be changed and taken back.

use std::sync::Arc;

use eframe::egui::{Context, Popup, Ui};
use egui_material_icons::icons::{ICON_CROP, ICON_ROTATE_90_DEGREES_CW};

use crate::{
    app::{
        App,
        assist::Assist,
        command::{Command, features::AssistCommand, ids::Role},
        io::{
            files::FileJob,
            presets::{AssistEvent, AssistJob},
        },
        session::picture::Shown,
        text, theme, widgets,
    },
    settings::PictureEdit,
};

/// Shapes that a picture can be cut to.
const ASPECTS: [(&str, (u32, u32)); 7] = [
    ("1 : 1", (1, 1)),
    ("4 : 3", (4, 3)),
    ("3 : 4", (3, 4)),
    ("3 : 2", (3, 2)),
    ("2 : 3", (2, 3)),
    ("16 : 9", (16, 9)),
    ("9 : 16", (9, 16)),
];

/// The tools of a picture's card: turn and cut.
pub(crate) fn edit_ui(ui: &mut Ui, shown: &Shown, role: Role, commands: &mut Vec<Command>) {
    let of = |name: &str| match role {
        Role::Style(n) if n > 0 => format!("{name} ({} {})", role.name(), n + 1),
        _ => format!("{name} ({})", role.name()),
    };
    let mut ask = |edit| commands.push(Command::Assist(AssistCommand::Edit(role, edit)));
    if widgets::small_tool(ui, ICON_ROTATE_90_DEGREES_CW, &of(text::TURN)).clicked() {
        ask(shown.edit.turned());
    }
    let button = widgets::small_tool(ui, ICON_CROP, &of(text::CUT));
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(150.0);
        ui.label(theme::small(ui, text::CUT));
        let whole = [(text::CUT_NOTHING, None)];
        let shapes = ASPECTS.map(|(label, aspect)| (label, Some(aspect)));
        for (label, aspect) in whole.into_iter().chain(shapes) {
            let on = shown.edit.aspect == aspect;
            if ui.selectable_label(on, label).clicked() {
                ask(PictureEdit {
                    aspect,
                    ..shown.edit
                });
                ui.close();
            }
        }
    });
}

impl Assist {
    /// A picture could not be read: what was to be done to it is void.
    pub(in crate::app) fn forget_edit(&mut self, role: Role) {
        self.pending_edits.retain(|&(of, _)| of != role);
    }
}

impl App {
    fn shown_mut(&mut self, role: Role) -> Option<&mut Shown> {
        match role {
            Role::Content => self.session.content.as_mut(),
            Role::Style(n) => self.session.styles.get_mut(n).map(|style| &mut style.shown),
            Role::NewStyle | Role::Initial => None,
        }
    }

    /// Has the picture in use turned and cut anew.
    pub(super) fn edit_picture(&mut self, role: Role, edit: PictureEdit) {
        if let Some(shown) = self.shown_mut(role) {
            let original = Arc::clone(&shown.original);
            self.send_edit(role, original, edit);
        }
    }

    fn send_edit(&mut self, role: Role, original: Arc<crate::pixels::Picture>, edit: PictureEdit) {
        self.session.loading += 1;
        let job = AssistJob::Edit {
            role,
            original,
            edit,
        };
        let sent = self.files.send(FileJob::Assist(job));
        self.expect(sent);
    }

    /// Notes how a picture that is being read was turned and cut in the last session.
    pub(in crate::app) fn edit_when_read(&mut self, role: Role, edit: PictureEdit) {
        if !edit.is_none() {
            self.session.assist.pending_edits.push((role, edit));
        }
    }

    /// A picture was read. Answers whether an edit of the last session is still to be done.
    pub(in crate::app) fn edit_first(&mut self, role: Role, shown: &Shown) -> bool {
        let pending = &mut self.session.assist.pending_edits;
        let Some(n) = pending.iter().position(|&(of, _)| of == role) else {
            return false;
        };
        let (_, edit) = pending.remove(n);
        self.put_picture(role, shown.clone());
        self.send_edit(role, Arc::clone(&shown.picture), edit);
        true
    }

    /// Puts an edited picture in the place of the one it comes from, if that is still in use.
    pub(super) fn put_edited(&mut self, ctx: &Context, event: AssistEvent) {
        let AssistEvent::Edited {
            role,
            original,
            edit,
            prepared,
        } = event
        else {
            return;
        };
        self.session.loading = self.session.loading.saturating_sub(1);
        let edited = Shown {
            original: Arc::clone(&original),
            edit,
            ..Shown::new(ctx, *prepared)
        };
        log::info!("the {} picture was turned or cut", role.name());
        if let Some(shown) = self.shown_mut(role)
            && Arc::ptr_eq(&shown.original, &original)
        {
            *shown = edited;
            self.remember_pictures();
        }
    }
}

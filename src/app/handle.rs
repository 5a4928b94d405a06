//! The one place where commands of the views take effect.

use eframe::egui::{Context, ViewportCommand};

use crate::{
    app::{
        App,
        command::{Command, ids::Wish},
        io::{picture::PictureSource, purpose::Purpose},
        session::Dialog,
        theme,
    },
    worker,
};

impl App {
    /// Does what a view asked for.
    pub(super) fn handle(&mut self, ctx: &Context, command: Command) {
        log::debug!("asked for {:.60}", format!("{command:?}"));
        match command {
            Command::Settings(settings) => self.put_settings(*settings),
            Command::Presets(command) => self.presets_command(command),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::StartOrPause => self.start_or_pause(),
            Command::Start { force } => self.start(force, None),
            Command::Stop => self.send(worker::Command::Stop),
            Command::Continue => self.resume_stopped(),
            Command::TakeBack(id) => self.take_back(id),
            Command::Snapshot => self.wish(Wish::Keep),
            Command::SaveAs(None) => self.wish(Wish::SaveAs),
            Command::SaveAs(Some(id)) => self.save_as(id),
            Command::Copy(None) => self.wish(Wish::Copy),
            Command::Copy(Some(id)) => self.copy(id),
            Command::Timeline(command) => self.timeline_command(ctx, command),
            Command::SaveChoices(choices) => self.session.app.saving = choices.repaired(),
            Command::SaveAnswered(id) => self.save_answered(id),
            Command::Reveal(id) => self.reveal(id),
            Command::Export(command) => self.export_command(command),
            Command::Restore(answer) => self.answer_offer(answer),
            Command::Variations(command) => self.variations_command(command),
            Command::Queue(command) => self.queue_command(command),
            Command::GoOn => self.go_on(),
            Command::Edit(role, edit) => self.edit_picture(role, edit),
            Command::Show(source) => self.session.source = Some(source),
            Command::Rename(id, name) => {
                if let Some(kept) = self.kept_mut(id) {
                    kept.name = name;
                }
            }
            Command::Delete(id) => self.delete_snapshot(id),
            Command::ContinueFrom(id) => {
                self.continue_from(id);
            }
            Command::SettingsOf(id) => {
                let record = self.session.kept(id).map(|kept| &kept.snapshot.record);
                if let Some(settings) = record.map(|record| record.settings.clone()) {
                    self.put_settings(settings);
                }
            }
            Command::Open(role) => self.dialog(Purpose::Open(role)),
            Command::OpenByPath(role) => self.ask_path(Purpose::Open(role)),
            Command::Load(role, path) => self.load_chosen(role, PictureSource::File(path)),
            Command::Drop(paths) => self.drop_files(ctx, paths),
            Command::Dropped(answer) => self.drop_answered(answer),
            Command::PasteFiles(paths) => self.paste_files(ctx, paths),
            Command::Paste(image) => self.paste(ctx, image),
            Command::OtherRole => self.other_role(),
            Command::Swap => self.swap(),
            Command::RemoveStyle(n) => self.remove_style(n),
            Command::Strength(n, strength) => self.put_strength(n, strength),
            Command::Device(choice) => self.choose_device(choice),
            Command::Brushes(command) => self.brushes_command(ctx, command),
            Command::Vault(command) => self.vault_command(command),
            Command::Networks(command) => self.networks_command(command),
            Command::ChooseSaveFolder => self.dialog(Purpose::SaveFolder),
            Command::Theme(choice) => {
                self.session.app.theme = choice;
                theme::choose(ctx, choice);
            }
            Command::Depth(depth) => self.session.app.depth = depth,
            Command::Fullscreen => {
                let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Command::Shortcuts => {
                let open = matches!(self.session.dialog, Some(Dialog::Shortcuts));
                self.session.dialog = (!open).then_some(Dialog::Shortcuts);
            }
            Command::LeaveFullscreen => {
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
            }
            Command::Path(command) => self.path_command(command),
            Command::Detail(wanted) => self.want_detail(wanted),
            Command::SaveSize(size) => self.session.save_size = size,
            Command::SaveEnlarged(id) => self.save_enlarged(id),
            Command::SaveWhenFinished => self.save_when_finished(Wish::Keep),
            Command::DismissBanner => self.session.banner = None,
            Command::DismissToast(number) => self.session.toasts.dismiss(number),
        }
    }
}

//! Where the pointer is while files are dragged over the window. The window system tells a window
//! nothing of that; an X server can be asked, on a thread of its own.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::Builder,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::Context;

/// Time between two looks: as often as a screen shows.
const LOOK_EVERY: Duration = Duration::from_millis(16);

/// A place in pixels of the window.
type Place = [f32; 2];

enum Ask {
    /// Files hover: follow the pointer.
    Follow,
    /// They have left.
    Rest,
    /// They were dropped.
    Drop(Vec<PathBuf>),
}

/// The window's end of the thread "pointer".
pub(crate) struct Pointer {
    asks: Sender<Ask>,
    dropped: Receiver<(Vec<PathBuf>, Option<Place>)>,
    place: Arc<Mutex<Option<Place>>>,
}

impl Pointer {
    /// Starts the thread for the X window of this number; it ends when the window's end is dropped.
    /// `None` where there is no X server to ask, or no thread.
    #[cfg(target_os = "linux")]
    pub(crate) fn spawn(ctx: &Context, window: u32) -> Option<Self> {
        use x11rb::{protocol::xproto::ConnectionExt as _, rust_connection::RustConnection};

        let (connection, _) = RustConnection::connect(None)
            .inspect_err(|fault| log::warn!("no pointer while files are dragged: {fault}"))
            .ok()?;
        let look = move || {
            let reply = connection.query_pointer(window).ok()?.reply().ok()?;
            let place = [f32::from(reply.win_x), f32::from(reply.win_y)];
            reply.same_screen.then_some(place)
        };
        Self::spawn_with(ctx, look)
    }

    /// The thread, with something that says where the pointer is.
    #[cfg(target_os = "linux")]
    fn spawn_with(
        ctx: &Context,
        look: impl Fn() -> Option<Place> + Send + 'static,
    ) -> Option<Self> {
        // A person drops one thing at a time.
        let (asks, receiver) = bounded(16);
        let (answers, dropped) = bounded(16);
        let place = Arc::new(Mutex::new(None));
        let (shared, ctx) = (Arc::clone(&place), ctx.clone());
        Builder::new()
            .name("pointer".to_owned())
            .spawn(move || serve(&receiver, &answers, &shared, &ctx, look))
            .inspect_err(|fault| log::warn!("no thread for the pointer: {fault}"))
            .ok()?;
        Some(Self {
            asks,
            dropped,
            place,
        })
    }

    /// Files hover over the window.
    pub(crate) fn follow(&self) {
        self.ask(Ask::Follow);
    }

    /// They do no longer.
    pub(crate) fn rest(&self) {
        self.ask(Ask::Rest);
    }

    /// They were dropped; [`Self::dropped`] brings them back with the place.
    pub(crate) fn drop(&self, paths: Vec<PathBuf>) {
        self.ask(Ask::Drop(paths));
    }

    fn ask(&self, ask: Ask) {
        if self.asks.try_send(ask).is_err() {
            log::error!("the thread of the pointer does not answer");
        }
    }

    /// Where the pointer was last, while files hover.
    pub(crate) fn place(&self) -> Option<Place> {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Files that were dropped, each with its place.
    pub(crate) fn dropped(&self) -> Vec<(Vec<PathBuf>, Option<Place>)> {
        self.dropped.try_iter().collect()
    }
}

#[cfg(target_os = "linux")]
fn serve(
    asks: &Receiver<Ask>,
    answers: &Sender<(Vec<PathBuf>, Option<Place>)>,
    shared: &Mutex<Option<Place>>,
    ctx: &Context,
    look: impl Fn() -> Option<Place>,
) {
    let show = |place: Option<Place>| {
        let mut shown = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown != place {
            *shown = place;
            ctx.request_repaint();
        }
    };
    let mut follows = false;
    loop {
        let ask = if follows {
            match asks.recv_timeout(LOOK_EVERY) {
                Ok(ask) => Some(ask),
                Err(crossbeam_channel::RecvTimeoutError::Timeout) => None,
                Err(crossbeam_channel::RecvTimeoutError::Disconnected) => return,
            }
        } else {
            match asks.recv() {
                Ok(ask) => Some(ask),
                Err(_) => return,
            }
        };
        match ask {
            Some(Ask::Drop(paths)) => {
                follows = false;
                if answers.send((paths, look())).is_err() {
                    return;
                }
                ctx.request_repaint();
            }
            Some(Ask::Rest) => {
                follows = false;
                show(None);
            }
            Some(Ask::Follow) | None => {
                follows = true;
                show(look());
            }
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Instant;

    use super::*;

    fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + Duration::from_mins(1);
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(Instant::now() < end, "waited in vain");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_pointer_is_followed_while_files_hover_and_looked_up_at_the_drop() {
        let at = Arc::new(Mutex::new([1.0, 2.0]));
        let moved = Arc::clone(&at);
        let look = move || Some(*moved.lock().unwrap());
        let pointer = Pointer::spawn_with(&Context::default(), look).unwrap();
        assert_eq!(pointer.place(), None, "nothing hovers");
        pointer.follow();
        until(|| pointer.place().filter(|place| *place == [1.0, 2.0]));
        *at.lock().unwrap() = [7.0, 8.0];
        until(|| pointer.place().filter(|place| *place == [7.0, 8.0]));
        pointer.drop(vec!["a.png".into()]);
        let dropped = until(|| pointer.dropped().pop());
        assert_eq!(dropped, (vec!["a.png".into()], Some([7.0, 8.0])));
        pointer.rest();
        until(|| pointer.place().is_none().then_some(()));
    }
}

//! The thread that paints instant previews: pictures in one pass for the screen, while no run is at
//! work.
//!
//! Of several requests only the newest counts. A large preview is painted small first, so that
//! whoever moves a slider sees what it does; once nothing newer has come for a moment it is painted as
//! large as the screen shows it. Pictures are reduced once and kept as long as somebody else holds the original.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread::Builder,
    time::{Duration, Instant},
};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use crate::{
    error::{Error, Result},
    pixels::{Picture, Rgba8},
    settings::TransferSettings,
    transfer::{Job, Look, StyleImage, Stylist},
};

/// Longest side of what is painted first.
const DRAFT_PX: u32 = 640;
/// A preview up to this size is painted at once: a draft of nearly the same size would save nothing.
const AT_ONCE_PX: u32 = 800;
/// So long nothing newer has to be asked for before a draft is painted again in full size: that takes
/// several times as long, and a hand that drags a slider rests now and then.
const REST: Duration = Duration::from_millis(250);
/// Longest side of a style image: the network sees 256 pixels of it.
const STYLE_PX: u32 = 1024;
/// Reduced pictures that are kept.
const KEPT: usize = 8;

/// A preview that is wanted.
#[derive(Debug)]
pub struct InstantRequest {
    /// Pictures and settings.
    pub job: Job,
    /// How it is painted.
    pub look: Look,
    /// Longest side on the screen.
    pub longest_px: u32,
    /// When it was asked for.
    pub asked: Instant,
}

/// A preview, or why there is none.
pub struct InstantPicture {
    /// The content image of the request.
    pub content: Arc<Picture>,
    /// For the screen.
    pub image: Result<Rgba8>,
    /// When it was asked for.
    pub asked: Instant,
}

type Slot = Arc<Mutex<Option<InstantRequest>>>;

/// The window's end of the thread. It ends when this is dropped, after the picture at hand; nobody
/// waits for it.
pub struct InstantWorker {
    slot: Slot,
    bell: Sender<()>,
}

impl InstantWorker {
    /// Starts the thread. `deliver` gets every picture, on that thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn spawn(deliver: impl Fn(InstantPicture) + Send + 'static) -> Result<Self> {
        let slot = Slot::default();
        let (bell, rings) = bounded::<()>(1);
        let thread_slot = Arc::clone(&slot);
        Builder::new()
            .name("instant".to_owned())
            .spawn(move || {
                let mut painter = Painter::default();
                let mut drafted = None;
                loop {
                    let rung = match &drafted {
                        Some(_) => rings.recv_timeout(REST),
                        None => rings.recv().map_err(RecvTimeoutError::from),
                    };
                    match rung {
                        Ok(()) => {
                            if let Some(request) = taken(&thread_slot) {
                                drafted = painter.begin(request, &deliver);
                            }
                        }
                        Err(RecvTimeoutError::Timeout) => {
                            if let Some(request) = drafted.take() {
                                painter.serve(&request, request.longest_px, &deliver);
                            }
                        }
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            })
            .map_err(|fault| Error::Internal(format!("no thread for previews: {fault}")))?;
        Ok(Self { slot, bell })
    }

    /// Asks for a preview; one that was asked for before and is not begun is forgotten. Never waits.
    pub fn ask(&self, request: InstantRequest) {
        *waiting(&self.slot) = Some(request);
        if self.bell.try_send(()).is_err() {
            log::trace!("the thread of instant previews was rung for already");
        }
    }
}

/// The request that waits. In a function of its own: the slot is free again when it is served.
fn taken(slot: &Slot) -> Option<InstantRequest> {
    waiting(slot).take()
}

/// Nothing panics while the slot is held.
fn waiting(slot: &Slot) -> MutexGuard<'_, Option<InstantRequest>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the thread keeps from one picture to the next.
#[derive(Default)]
struct Painter {
    stylist: Option<Stylist>,
    /// Originals, the longest side they were reduced to, and the reduced ones.
    reduced: Vec<(Weak<Picture>, u32, Arc<Picture>)>,
}

impl Painter {
    /// Paints a request, a large one small at first: then it comes back to be painted again.
    fn begin(
        &mut self,
        request: InstantRequest,
        deliver: &impl Fn(InstantPicture),
    ) -> Option<InstantRequest> {
        if request.longest_px <= AT_ONCE_PX {
            self.serve(&request, request.longest_px, deliver);
            return None;
        }
        self.serve(&request, DRAFT_PX, deliver).then_some(request)
    }

    /// Paints a request so large, and answers whether that went well.
    fn serve(
        &mut self,
        request: &InstantRequest,
        px: u32,
        deliver: &impl Fn(InstantPicture),
    ) -> bool {
        // The thread outlives a fault in one picture.
        let painted = catch_unwind(AssertUnwindSafe(|| {
            self.paint(&request.job, &request.look, px)
        }));
        let image = painted.unwrap_or_else(|_| {
            self.stylist = None;
            Err(Error::Internal("the instant preview failed".to_owned()))
        });
        let well = image.is_ok();
        deliver(InstantPicture {
            content: Arc::clone(&request.job.content),
            image,
            asked: request.asked,
        });
        well
    }

    fn paint(&mut self, job: &Job, look: &Look, px: u32) -> Result<Rgba8> {
        let begin = Instant::now();
        let styles = job.styles.iter().map(|style| StyleImage {
            picture: self.reduced(&style.picture, STYLE_PX),
            ..style.clone()
        });
        let styles = styles.collect();
        let content = self.reduced(&job.content, px);
        let settings = TransferSettings {
            size_px: Some(px),
            ..job.settings.clone()
        };
        let stylist = match &mut self.stylist {
            Some(stylist) => stylist,
            none => none.insert(Stylist::prompt(job.threads)?),
        };
        let small = Job::new(content, styles, settings);
        let image = stylist.paint(&small, look)?.painting.preview(px as usize);
        log::debug!(
            "an instant picture of {}x{} took {:.0} ms",
            image.width,
            image.height,
            1000.0 * begin.elapsed().as_secs_f64()
        );
        Ok(image)
    }

    /// A picture reduced to `px`, or itself when it is not larger.
    fn reduced(&mut self, picture: &Arc<Picture>, px: u32) -> Arc<Picture> {
        if picture.planes.longest_px() <= px as usize {
            return Arc::clone(picture);
        }
        self.reduced
            .retain(|(original, ..)| original.strong_count() > 0);
        let known = self.reduced.iter().find(|(original, known_px, _)| {
            *known_px == px && std::ptr::eq(original.as_ptr(), Arc::as_ptr(picture))
        });
        if let Some((.., reduced)) = known {
            return Arc::clone(reduced);
        }
        let planes = picture.planes.fit(px);
        let reduced = Arc::new(Picture {
            alpha: picture.alpha_at(planes.width, planes.height),
            planes,
            name: picture.name.clone(),
            path: picture.path.clone(),
            sha256: picture.sha256.clone(),
        });
        if self.reduced.len() == KEPT {
            self.reduced.remove(0);
        }
        self.reduced
            .push((Arc::downgrade(picture), px, Arc::clone(&reduced)));
        reduced
    }
}

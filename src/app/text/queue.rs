//! Words of the queue.

pub(crate) const DEQUEUE: &str = "Remove";
pub(crate) const START_QUEUE: &str = "Start the queue";
pub(crate) const QUEUE_HINT: &str =
    "Each run starts when the one before it has finished. Results are kept and saved.";
pub(crate) const QUEUE_FULL: &str = "The queue is full. Remove a run first.";
pub(crate) const QUEUED: &str = "Added to the queue. Start it from the list in the top bar.";
pub(crate) const QUEUED_AFTER: &str = "Added to the queue: it will be painted after this run.";

/// Says that the queue has not room for all.
pub(crate) fn queue_takes(room: usize, wanted: usize) -> String {
    format!("The queue has room for {room} of these {wanted} pictures.")
}

/// The label of the list.
pub(crate) fn queue(waiting: usize) -> String {
    format!("Queue {waiting}")
}

//! The time of day and waiting, which tests replace.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

/// A wait that is under way.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time and waits.
pub trait Clock: Send + Sync {
    /// The time of day, for a `Retry-After` that names a moment.
    fn now(&self) -> SystemTime;
    /// Waits.
    fn sleep(&self, wait: Duration) -> Wait;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, wait: Duration) -> Wait {
        Box::pin(tokio::time::sleep(wait))
    }
}

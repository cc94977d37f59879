//! Where the time of long work went.

use std::time::{Duration, Instant};

/// Work that took less is told with all other such work.
const LEAST: Duration = Duration::from_millis(50);

/// Times of one piece of work after another, by the clock.
pub(crate) struct Laps {
    done: Vec<(String, Duration)>,
    running: Option<(String, Instant)>,
}

impl Laps {
    pub(crate) fn new() -> Self {
        Self { done: Vec::new(), running: None }
    }

    /// Ends what was running and begins the next.
    pub(crate) fn begin(&mut self, name: &str) {
        self.end();
        self.running = Some((name.to_owned(), Instant::now()));
    }

    /// Ends what was running.
    pub(crate) fn end(&mut self) {
        if let Some((name, begun)) = self.running.take() {
            self.done.push((name, begun.elapsed()));
        }
    }

    /// One line: all of it, and each piece that took a while, in the order in which it was done.
    pub(crate) fn told(&self) -> String {
        let sum = |laps: &[&(String, Duration)]| laps.iter().map(|(_, took)| took.as_secs_f64()).sum::<f64>();
        let (long, short): (Vec<_>, Vec<_>) = self.done.iter().partition(|(_, took)| *took >= LEAST);
        let mut told: Vec<String> =
            long.iter().map(|(name, took)| format!("{name} {:.2} s", took.as_secs_f64())).collect();
        if !short.is_empty() {
            told.push(format!("{} more {:.2} s", short.len(), sum(&short)));
        }
        format!("it took {:.2} s: {}", sum(&long) + sum(&short), told.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_told_by_name_and_the_rest_together() {
        let lap = |name: &str, ms| (name.to_owned(), Duration::from_millis(ms));
        let done = vec![lap("reading", 5200), lap("boundary_change", 10), lap("comparison", 640), lap("signal", 20)];
        let laps = Laps { done, running: None };
        assert_eq!(laps.told(), "it took 5.87 s: reading 5.20 s, comparison 0.64 s, 2 more 0.03 s");
    }
}

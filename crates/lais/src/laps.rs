//! Where the time of long work went.

use std::time::{Duration, Instant};

/// Work that took less is told with all other such work.
const LEAST: Duration = Duration::from_millis(50);

/// Times of one piece of work after another, by the clock.
pub(crate) struct Laps {
    done: Vec<Lap>,
    running: Option<(Instant, Lap)>,
}

/// A piece of work, and the parts of it that ran side by side.
#[derive(Default)]
struct Lap {
    name: String,
    took: Duration,
    parts: Vec<Lap>,
}

impl Laps {
    pub(crate) fn new() -> Self {
        Self { done: Vec::new(), running: None }
    }

    /// Ends what was running and begins the next.
    pub(crate) fn begin(&mut self, name: &str) {
        self.end();
        self.running = Some((Instant::now(), Lap { name: name.to_owned(), ..Lap::default() }));
    }

    /// A part of what is running is done.
    pub(crate) fn part(&mut self, name: &str, took: Duration) {
        if let Some((_, lap)) = &mut self.running {
            lap.parts.push(Lap { name: name.to_owned(), took, parts: Vec::new() });
        }
    }

    /// Ends what was running.
    pub(crate) fn end(&mut self) {
        if let Some((begun, lap)) = self.running.take() {
            self.done.push(Lap { took: begun.elapsed(), ..lap });
        }
    }

    /// One line: all of it, and each piece that took a while, in the order in which it was done.
    pub(crate) fn told(&self) -> String {
        format!("it took {:.2} s: {}", sum(self.done.iter()), listed(&self.done))
    }
}

fn sum<'a>(laps: impl Iterator<Item = &'a Lap>) -> f64 {
    laps.map(|lap| lap.took.as_secs_f64()).sum()
}

fn listed(laps: &[Lap]) -> String {
    let (long, short): (Vec<&Lap>, Vec<&Lap>) = laps.iter().partition(|lap| lap.took >= LEAST);
    let mut told: Vec<String> = long.iter().map(|lap| lap.told()).collect();
    if !short.is_empty() {
        told.push(format!("{} more {:.2} s", short.len(), sum(short.into_iter())));
    }
    told.join(", ")
}

impl Lap {
    fn told(&self) -> String {
        let took = format!("{} {:.2} s", self.name, self.took.as_secs_f64());
        if self.parts.is_empty() { took } else { format!("{took} (side by side: {})", listed(&self.parts)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_told_by_name_and_the_rest_together() {
        let lap = |name: &str, ms| Lap { name: name.to_owned(), took: Duration::from_millis(ms), parts: Vec::new() };
        let mut done = vec![lap("reading", 5200), lap("preparing", 10), lap("models", 640), lap("publishing", 20)];
        let laps = |done| Laps { done, running: None };
        done[2].parts = vec![lap("headline", 500), lap("signal", 10), lap("revision", 400), lap("review", 20)];
        assert_eq!(
            laps(done).told(),
            "it took 5.87 s: reading 5.20 s, models 0.64 s (side by side: headline 0.50 s, revision 0.40 s, \
             2 more 0.03 s), 2 more 0.03 s"
        );
        assert_eq!(laps(vec![lap("reading", 80)]).told(), "it took 0.08 s: reading 0.08 s");
    }
}

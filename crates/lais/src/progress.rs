//! Progress: a bar on a terminal, plain lines elsewhere, nothing when quiet. All of it on stderr.

use std::io::IsTerminal as _;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

/// What is said on stderr: lines for a person, and a bar where that is a terminal.
struct Teller {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl Teller {
    /// A teller whose bar looks like a template; nothing is drawn when quiet or elsewhere than on a terminal.
    fn new(quiet: bool, template: &str, bar: impl FnOnce() -> ProgressBar) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template(template);
            bar().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, quiet }
    }

    /// A line for a person.
    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{}", printable(line))),
            None if !self.quiet => eprintln!("{}", printable(line)),
            None => {}
        }
    }

    /// Takes the bar away.
    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Tells how far long work is.
pub(crate) struct Progress {
    teller: Teller,
    told: Mutex<usize>,
    total: Mutex<usize>,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        let template = "{prefix:>10} {bar:30} {pos}/{len} {wide_msg}";
        let teller = Teller::new(quiet, template, || ProgressBar::new(0));
        Self { teller, told: Mutex::new(0), total: Mutex::new(0) }
    }

    /// Begins a stretch of work of so many pieces.
    pub(crate) fn begin(&self, what: &'static str, pieces: usize) {
        if let (Ok(mut told), Ok(mut total)) = (self.told.lock(), self.total.lock()) {
            (*told, *total) = (0, pieces);
        }
        match &self.teller.bar {
            Some(bar) => {
                bar.reset();
                bar.set_length(pieces as u64);
                bar.set_prefix(what);
            }
            None => self.say(&format!("{what}: {pieces}")),
        }
    }

    /// One piece is done. Elsewhere than on a terminal every tenth part is told.
    pub(crate) fn piece(&self, name: &str) {
        if let Some(bar) = &self.teller.bar {
            bar.set_message(name.to_owned());
            bar.inc(1);
            return;
        }
        if let (Ok(mut told), Ok(total)) = (self.told.lock(), self.total.lock()) {
            *told += 1;
            let step = total.div_ceil(10).max(1);
            if *told % step == 0 || *told == *total {
                self.say(&format!("  {}/{} {name}", *told, *total));
            }
        }
    }

    /// A line for a person.
    pub(crate) fn say(&self, line: &str) {
        self.teller.say(line);
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.teller.end();
    }
}

/// Tells how downloads go: bytes on a terminal, a line a file elsewhere.
pub(crate) struct Transfer {
    teller: Teller,
}

impl Transfer {
    pub(crate) fn new(quiet: bool) -> Self {
        let template = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {wide_msg}";
        Self { teller: Teller::new(quiet, template, ProgressBar::no_length) }
    }

    /// A line for a person.
    pub(crate) fn say(&self, line: &str) {
        self.teller.say(line);
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.teller.end();
    }

    /// What the bar says beside itself.
    fn message(&self, text: &str) {
        if let Some(bar) = &self.teller.bar {
            bar.set_message(printable(text));
        }
    }
}

impl lais_fetch::Watch for Transfer {
    fn tell(&self, event: lais_fetch::Event<'_>) {
        use lais_fetch::Event;
        match event {
            Event::Asking { source_id, what } => self.message(&format!("{source_id}: {what}")),
            Event::Begun { name, from, of } => {
                if let Some(bar) = &self.teller.bar {
                    bar.reset();
                    of.map_or_else(|| bar.unset_length(), |of| bar.set_length(of));
                    bar.set_position(from);
                }
                self.message(name);
            }
            Event::Came { bytes } => {
                if let Some(bar) = &self.teller.bar {
                    bar.inc(bytes);
                }
            }
            Event::Waiting { why, wait, asked } => {
                let asked = asked.map(|asked| format!(", not the {} s that it asks for", asked.as_secs()));
                let seconds = wait.as_secs_f64();
                self.say(&format!("trying again in {seconds:.0} s{}: {why}", asked.unwrap_or_default()));
            }
            // Elsewhere than on a terminal each file is a line; what must be known of it is said at the end.
            Event::Done { report } if self.teller.bar.is_none() => {
                let (outcome, name) = (report.outcome.id(), report.path.as_deref().unwrap_or(&report.asked));
                let resumed = if report.resumed { " (gone on with)" } else { "" };
                self.say(&format!("  {outcome}: {name}{resumed}"));
            }
            _ => {}
        }
    }
}

/// A text without what would steer a terminal: file names come from anywhere.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

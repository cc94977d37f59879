//! A folder, a clock that does not wait, and what was told.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use lais_fetch::{
    Clock, Event, FetchError, FileReport, LOCK_FILE, Lock, Options, Outcome, Report, Target, Wait, Watch, What, fetch,
};
use url::Url;

/// A clock that writes down how long was to be waited.
#[derive(Default)]
pub(crate) struct Rehearsal(Mutex<Vec<Duration>>);

impl Rehearsal {
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

impl Clock for Rehearsal {
    fn now(&self) -> SystemTime {
        // Sat, 31 Jan 2026 09:00:00 GMT
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_850_000)
    }

    fn sleep(&self, wait: Duration) -> Wait {
        self.0.lock().unwrap().push(wait);
        Box::pin(std::future::ready(()))
    }
}

/// Writes down what is told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Watch for Told {
    fn tell(&self, event: Event<'_>) {
        let line = match event {
            Event::Waiting { why, asked: Some(asked), .. } => format!("asked to wait {}s: {why}", asked.as_secs()),
            Event::Waiting { why, .. } => format!("waiting: {why}"),
            Event::Begun { name, from, of } => format!("begun {name} from {from} of {of:?}"),
            Event::Done { report } => format!("{} {}", report.outcome.id(), report.asked),
            Event::Asking { what, .. } => format!("asking {what}"),
            _ => return,
        };
        self.0.lock().unwrap().push(line);
    }
}

/// A folder to fetch into.
pub(crate) struct Bench {
    pub(crate) options: Options,
    pub(crate) clock: Arc<Rehearsal>,
    told: Told,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(folder.path(), "2026-01-31".parse().unwrap());
        options.seed = Some(7);
        Self { options, clock: Arc::default(), told: Told::default(), _folder: folder }
    }

    /// With so many tries.
    pub(crate) fn trying(tries: usize) -> Self {
        let mut bench = Self::new();
        bench.options.patience.tries = tries;
        bench
    }

    pub(crate) fn try_fetch(&self, targets: &[Target]) -> Result<Report, FetchError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(fetch(targets, &self.options, Arc::clone(&self.clock) as Arc<dyn Clock>, &self.told))
    }

    pub(crate) fn fetch(&self, targets: &[Target]) -> Report {
        self.try_fetch(targets).unwrap()
    }

    /// Fetches one target of one file.
    #[track_caller]
    pub(crate) fn one(&self, target: &Target) -> FileReport {
        let report = self.fetch(std::slice::from_ref(target));
        assert_eq!(report.files.len(), 1, "{:?}", report.files);
        report.files[0].clone()
    }

    /// Fetches one file, which must come to this.
    #[track_caller]
    pub(crate) fn expect(&self, target: &Target, outcome: Outcome) -> FileReport {
        let file = self.one(target);
        assert_eq!(file.outcome, outcome, "{file:?}");
        file
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.options.into.join(below)
    }

    #[track_caller]
    pub(crate) fn bytes(&self, below: &str) -> Vec<u8> {
        std::fs::read(self.path(below)).unwrap_or_else(|e| unreachable!("{below}: {e}; there is {:?}", self.all()))
    }

    pub(crate) fn lock(&self) -> Lock {
        Lock::read(&self.options.into).unwrap()
    }

    pub(crate) fn lock_text(&self) -> String {
        std::fs::read_to_string(self.path(LOCK_FILE)).unwrap()
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.told.0.lock().unwrap().clone()
    }

    /// Every file in the folder, but for the lock and what holds it.
    pub(crate) fn all(&self) -> Vec<String> {
        let (mut found, mut folders) = (Vec::new(), vec![self.options.into.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let below = path.strip_prefix(&self.options.into).unwrap().display().to_string();
                    found.push(below);
                }
            }
        }
        found.retain(|name| name != LOCK_FILE && name != ".fetch.lock");
        found.sort();
        found
    }
}

/// A plain address under a name.
pub(crate) fn plain(url: Url, name: &str) -> Target {
    Target { source_id: "source".to_owned(), what: What::Url { url, file_name: Some(name.to_owned()) } }
}

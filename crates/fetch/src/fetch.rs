//! Fetching: find out what is meant, bring it, put it in its place, write it down.

use std::sync::Arc;

use crate::client::Client;
use crate::clock::Clock;
use crate::download::{Came, Download, Whole};
use crate::error::{FetchError, Result};
use crate::item::{self, Found, Item};
use crate::lock::{self, Lock, Locked};
use crate::options::Options;
use crate::report::{FileReport, Outcome, Report};
use crate::settle::Settled;
use crate::target::{Target, parse_address};
use crate::watch::{Event, Watch};
use crate::{hash, keep, name};

/// Fetches what targets name into a folder, one file after another, and writes the lock after each.
///
/// # Errors
/// Where nothing could be begun: the folder, the lock in it, or another fetch at work there. What becomes of each file
/// is in the report.
pub async fn fetch(targets: &[Target], options: &Options, clock: Arc<dyn Clock>, watch: &dyn Watch) -> Result<Report> {
    keep::create_dir(&options.into)?;
    let _hold = keep::Hold::on(&options.into)?;
    keep::sweep(&options.into);
    let mut work = Work {
        client: Client::new(options, clock, watch)?,
        lock: Lock::read(&options.into)?,
        options,
        watch,
        named: targets.iter().map(|target| (target.source_id.as_str(), target.what.key())).collect(),
        report: Report::default(),
    };
    for target in targets {
        if options.locked { work.locked(target).await } else { work.latest(target).await }
    }
    work.no_longer_named();
    work.report.unreachable = work.client.lost();
    Ok(work.report)
}

/// What would be asked for, and what is known of it already; no server is asked.
///
/// # Errors
/// Where the lock cannot be understood.
pub fn plan(targets: &[Target], options: &Options) -> Result<Report> {
    let lock = Lock::read(&options.into)?;
    let mut report = Report::default();
    for Target { source_id, what } in targets {
        let key = what.key();
        let known: Vec<&Locked> = lock.of(source_id, &key).collect();
        for file in &known {
            let message = format!("in the lock since {}", file.fetched_on);
            report.files.push(of_locked(file, Outcome::Planned, message));
        }
        if options.locked && known.is_empty() {
            let error = FetchError::NotLocked { asked: key.clone() };
            report.files.push(blank(source_id, &key, Outcome::Failed, error.to_string()));
        }
        for url in what.asks_first().iter().filter(|_| known.is_empty() && !options.locked) {
            let message = "not in the lock; this address is asked first".to_owned();
            report
                .files
                .push(FileReport { url: Some(url.to_string()), ..blank(source_id, &key, Outcome::Planned, message) });
        }
    }
    Ok(report)
}

struct Work<'a> {
    client: Client<'a>,
    lock: Lock,
    options: &'a Options,
    watch: &'a dyn Watch,
    /// Each source with the words for each thing that it now names.
    named: Vec<(&'a str, String)>,
    report: Report,
}

impl Work<'_> {
    /// What a target means today.
    async fn latest(&mut self, target: &Target) {
        let source_id = &target.source_id;
        self.watch.tell(Event::Asking { source_id, what: &target.what.key() });
        let mut here = Vec::new();
        for found in item::find(&self.client, target).await {
            match found {
                Found::Item(item) => {
                    here.push(item.asked.clone());
                    let done = self.bring(source_id, &item).await;
                    let done = done.unwrap_or_else(|error| self.instead(source_id, &item.asked, Some(&item), &error));
                    self.done(done);
                }
                Found::Missing { asked, error } => self.missing(source_id, &asked, &error),
                Found::Listed(asked) => {
                    let of = self.lock.of(source_id, &asked).filter(|file| !here.contains(&file.asked));
                    let gone: Vec<Locked> = of.filter(|file| self.is_here(file)).cloned().collect();
                    for file in gone {
                        let message = "its source no longer lists it; it is left as it is".to_owned();
                        self.done(of_locked(&file, Outcome::Kept, message));
                    }
                }
            }
        }
    }

    /// What the lock names of a target.
    async fn locked(&mut self, target: &Target) {
        let (source_id, key) = (&target.source_id, target.what.key());
        let files: Vec<Locked> = self.lock.of(source_id, &key).cloned().collect();
        if files.is_empty() {
            let error = FetchError::NotLocked { asked: key.clone() };
            self.done(blank(source_id, &key, Outcome::Failed, error.to_string()));
        }
        for file in files {
            let done = self.bring_again(&file).await;
            let done = done.unwrap_or_else(|error| of_locked(&file, Outcome::Failed, error.to_string()));
            self.done(done);
        }
    }

    /// A file of the lock, exactly.
    async fn bring_again(&self, file: &Locked) -> Result<FileReport> {
        if self.is_here(file) {
            return Ok(of_locked(file, Outcome::Unchanged, String::new()));
        }
        let below = file.path.strip_prefix(&format!("{}/", file.source_id)).unwrap_or(&file.path);
        let item = Item {
            asked: file.asked.clone(),
            url: parse_address(&file.url)?,
            name: Some(below.to_owned()),
            version: file.version.clone(),
        };
        self.exactly(file, &item).await
    }

    async fn exactly(&self, file: &Locked, item: &Item) -> Result<FileReport> {
        let path = self.options.into.join(&file.path);
        let Came::Whole(whole) = self.download(&file.path, item, None).await? else {
            return Err(FetchError::Answer { url: file.url.clone(), why: "it says that nothing changed".to_owned() });
        };
        let (mut part, resumed) = (whole.part, whole.resumed_from > 0);
        let settled = Settled::new(
            &whole.bytes_at,
            whole.said.encoding.as_deref(),
            &path,
            &file.url,
            self.options.limits.file_bytes,
        );
        let settled = match settled {
            Ok(settled) if settled.sha256 == file.sha256 => settled,
            other => {
                part.drop_it()?;
                let now = other?.sha256;
                let (path, url, locked) = (file.path.clone(), file.url.clone(), file.sha256.clone());
                return Err(FetchError::Checksum { path, url, locked, now });
            }
        };
        let aside = self.put_aside(&file.path, &settled.sha256)?;
        settled.take_place(&path)?;
        part.drop_it()?;
        let message = aside.map(|aside| format!("what lay here was not what the lock names; it is kept as {aside}"));
        Ok(FileReport { resumed, ..of_locked(file, Outcome::Fetched, message.unwrap_or_default()) })
    }

    /// The latest of a file.
    async fn bring(&mut self, source_id: &str, item: &Item) -> Result<FileReport> {
        let before = self.lock.find(source_id, &item.asked).cloned();
        let held = before.as_ref().filter(|file| self.is_here(file) && file.url == item.url.as_str());
        if let Some(file) = held.filter(|file| item.version.is_some() && file.version == item.version) {
            return Ok(of_locked(file, Outcome::Unchanged, String::new()));
        }
        let shown = self.path_of(source_id, item, None);
        let whole = match self.download(&shown, item, held).await? {
            Came::Whole(whole) => whole,
            Came::NotModified => {
                let file = held.ok_or_else(|| FetchError::Answer {
                    url: item.url.to_string(),
                    why: "it says that nothing changed, and nothing is here".to_owned(),
                })?;
                return Ok(of_locked(file, Outcome::Unchanged, String::new()));
            }
        };
        self.place(source_id, item, *whole, before)
    }

    /// Puts a file that came in its place and writes it down.
    fn place(&mut self, source_id: &str, item: &Item, mut whole: Whole, before: Option<Locked>) -> Result<FileReport> {
        let path = self.path_of(source_id, item, whole.named.take());
        let settled = match self.settle(source_id, item, &whole, &path) {
            Ok(settled) => settled,
            Err(error) => {
                whole.part.drop_it()?;
                return Err(error);
            }
        };
        let same = before.as_ref().filter(|file| file.sha256 == settled.sha256 && file.path == path);
        let file = Locked {
            source_id: source_id.to_owned(),
            asked: item.asked.clone(),
            path: path.clone(),
            url: item.url.to_string(),
            final_url: whole.final_url.to_string(),
            version: item.version.clone(),
            sha256: settled.sha256.clone(),
            bytes: settled.bytes,
            etag: whole.said.etag,
            last_modified: whole.said.last_modified,
            fetched_on: same.map_or(self.options.today, |file| file.fetched_on),
        };
        let (mut outcome, mut aside) = (Outcome::Unchanged, None);
        if !same.is_some_and(|file| self.is_here(file)) {
            let is_new = before.as_ref().is_some_and(|old| old.sha256 != file.sha256);
            outcome = if is_new { Outcome::Changed } else { Outcome::Fetched };
            aside = self.put_aside(&path, &file.sha256)?;
            settled.take_place(&self.options.into.join(&path))?;
            aside = self.retire(before.as_ref(), &path)?.or(aside);
        }
        whole.part.drop_it()?;
        self.lock.put(file.clone());
        self.lock.write(&self.options.into)?;
        let message = aside.map(|aside| format!("what was here before is kept as {aside}")).unwrap_or_default();
        Ok(FileReport { resumed: whole.resumed_from > 0, ..of_locked(&file, outcome, message) })
    }

    /// Looks at a file that came, unless another has its name.
    fn settle(&self, source_id: &str, item: &Item, whole: &Whole, path: &str) -> Result<Settled> {
        let another = self.lock.at(path).filter(|other| other.source_id != source_id || other.asked != item.asked);
        if let Some(other) = another.filter(|other| self.is_named(other)) {
            return Err(FetchError::SameName { path: path.to_owned(), other: other.asked.clone() });
        }
        let (at, limit) = (self.options.into.join(path), self.options.limits.file_bytes);
        Settled::new(&whole.bytes_at, whole.said.encoding.as_deref(), &at, item.url.as_str(), limit)
    }

    /// Takes the old version away where the new one has another name, so that a build reads one of them.
    fn retire(&self, before: Option<&Locked>, path: &str) -> Result<Option<String>> {
        let Some(old) = before.filter(|old| old.path != path) else { return Ok(None) };
        match hash::of_file(&self.options.into.join(&old.path))? {
            Some(sha256) => keep::move_aside(&self.options.into, &old.path, &sha256).map(Some),
            None => Ok(None),
        }
    }

    async fn download(&self, shown: &str, item: &Item, held: Option<&Locked>) -> Result<Came> {
        let at = self.options.into.join(shown);
        let folder = at.parent().unwrap_or(&self.options.into);
        keep::create_dir(folder)?;
        let name = at.file_name().unwrap_or_default().to_string_lossy();
        let held = held.map(|file| (file.etag.as_deref(), file.last_modified.as_deref()));
        Download { url: &item.url, folder, name: &name, shown, held }.run(&self.client).await
    }

    /// Where a file goes, below the folder: as the target says, or the server, or the address.
    fn path_of(&self, source_id: &str, item: &Item, named: Option<String>) -> String {
        let name = item.name.clone().or(named).or_else(|| name::of_address(&item.url));
        // Each part is made safe, wherever it comes from, so that nothing lies outside the folder or hidden in it.
        let parts = [source_id].into_iter().chain(name.as_deref().unwrap_or("file").split('/'));
        parts.filter_map(name::safe).collect::<Vec<_>>().join("/")
    }

    /// Whether a file of the lock is of something that its source still names. Of a source that is not fetched now it
    /// is not known.
    fn is_named(&self, file: &Locked) -> bool {
        let mut of_source = self.named.iter().filter(|(source_id, _)| *source_id == file.source_id).peekable();
        of_source.peek().is_none() || of_source.any(|(_, key)| lock::is_of(&file.asked, key))
    }

    /// Says which files are left of what a source named once and does not name any more.
    fn no_longer_named(&mut self) {
        let left = self.lock.files().iter().filter(|file| !self.is_named(file) && self.is_here(file));
        for file in left.cloned().collect::<Vec<_>>() {
            let message = "its source no longer names it; it is left as it is, and a build reads it".to_owned();
            self.done(of_locked(&file, Outcome::Kept, message));
        }
    }

    /// Keeps what lies at a path, if it is something else, before something takes its place.
    fn put_aside(&self, path: &str, sha256: &str) -> Result<Option<String>> {
        match hash::of_file(&self.options.into.join(path))? {
            Some(there) if there != sha256 => keep::copy_aside(&self.options.into, path, &there).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether a file lies here as the lock says.
    fn is_here(&self, file: &Locked) -> bool {
        hash::of_file(&self.options.into.join(&file.path)).is_ok_and(|found| found.as_ref() == Some(&file.sha256))
    }

    /// What is said of a file that could not be had: what is here stands in for it where its source could not be asked.
    fn instead(&self, source_id: &str, asked: &str, item: Option<&Item>, error: &FetchError) -> FileReport {
        let here = self.lock.find(source_id, asked).filter(|file| self.is_here(file));
        match here.filter(|_| error.leaves_it_open()) {
            Some(file) => of_locked(file, Outcome::Kept, format!("the file of {} is kept: {error}", file.fetched_on)),
            None => {
                let known = item.map(|item| item.url.to_string());
                FileReport { url: known, ..blank(source_id, asked, Outcome::Failed, error.to_string()) }
            }
        }
    }

    /// What is said where it could not be found out what is meant.
    fn missing(&mut self, source_id: &str, asked: &str, error: &FetchError) {
        let known: Vec<Locked> = self.lock.of(source_id, asked).cloned().collect();
        if known.is_empty() || !error.leaves_it_open() {
            self.done(blank(source_id, asked, Outcome::Failed, error.to_string()));
            return;
        }
        for file in known {
            let done = self.instead(source_id, &file.asked, None, error);
            self.done(done);
        }
    }

    fn done(&mut self, report: FileReport) {
        self.watch.tell(Event::Done { report: &report });
        self.report.files.push(report);
    }
}

fn blank(source_id: &str, asked: &str, outcome: Outcome, message: String) -> FileReport {
    FileReport {
        source_id: source_id.to_owned(),
        asked: asked.to_owned(),
        path: None,
        url: None,
        outcome,
        resumed: false,
        version: None,
        bytes: None,
        sha256: None,
        message,
    }
}

fn of_locked(file: &Locked, outcome: Outcome, message: String) -> FileReport {
    FileReport {
        path: Some(file.path.clone()),
        url: Some(file.url.clone()),
        version: file.version.clone(),
        bytes: Some(file.bytes),
        sha256: Some(file.sha256.clone()),
        ..blank(&file.source_id, &file.asked, outcome, message)
    }
}

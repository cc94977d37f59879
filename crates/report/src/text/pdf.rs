//! The text layer over PDF.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use hayro_syntax::{LoadPdfError, Pdf};

use super::interpret::{Budget, Fonts, glyphs};
use super::{Page, TextLayer, Unreadable, gate, lines};

/// How long reading may take; a report takes some 20 milliseconds.
const LONGEST: Duration = Duration::from_secs(5);

/// Room for objects that hold objects, which the reader follows 512 deep.
const STACK: usize = 64 << 20;

/// How many pages are read; the longest report has 60.
const MAX_PAGES: usize = 400;

/// Reads the text of a PDF, on a thread of its own, within limits of size and time.
#[derive(Clone, Copy, Debug, Default)]
pub struct PdfText;

impl TextLayer for PdfText {
    fn pages(&self, bytes: &[u8]) -> Result<Vec<Page>, Unreadable> {
        let bytes = gate::admit(bytes)?;
        let deadline = Instant::now() + LONGEST;
        let (sender, receiver) = channel();
        let worker = thread::Builder::new().name("report-reader".to_owned()).stack_size(STACK).spawn(move || {
            // Nobody listens any longer where the time is over.
            let _ = sender.send(read(bytes, deadline));
        });
        if worker.is_err() {
            return Err(Unreadable::TooSlow);
        }
        match receiver.recv_timeout(LONGEST) {
            Ok(pages) => pages,
            Err(RecvTimeoutError::Timeout) => Err(Unreadable::TooSlow),
            // The reader gave up on the thread.
            Err(RecvTimeoutError::Disconnected) => Err(Unreadable::Damaged),
        }
    }
}

fn read(bytes: Vec<u8>, deadline: Instant) -> Result<Vec<Page>, Unreadable> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unreadable::Encrypted,
        LoadPdfError::Invalid => Unreadable::Damaged,
    })?;
    if pdf.pages().is_empty() {
        return Err(Unreadable::Damaged);
    }
    if pdf.pages().len() > MAX_PAGES {
        return Err(Unreadable::TooLarge);
    }
    let (mut fonts, mut budget) = (Fonts::default(), Budget::until(deadline));
    let mut pages = Vec::new();
    for (number, page) in (1_u32..).zip(pdf.pages().iter()) {
        pages.push(lines::page(number, glyphs(page, &mut fonts, &mut budget)?));
    }
    let letters: usize =
        pages.iter().flat_map(|page| &page.lines).flat_map(|line| &line.cells).map(|cell| cell.text.len()).sum();
    if budget.unknown > 50 && budget.unknown * 20 > letters {
        return Err(Unreadable::Undecodable);
    }
    if letters < 40 * pages.len().min(5) {
        return Err(Unreadable::NoText);
    }
    Ok(pages)
}

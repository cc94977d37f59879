//! The limits, and a reader that holds one of them.
//!
//! The largest published workbook at hand has 0.3 million cells, 40 MB of XML and a cell of 3 thousand characters.

use std::cell::Cell;
use std::io::{self, Read};

/// The most bytes that a workbook may have as it lies.
pub(crate) const MOST_FILE_BYTES: usize = 64 << 20;
/// The most parts that a workbook may be packed of.
pub(crate) const MOST_PARTS: usize = 20_000;
/// The most bytes that all its parts may have unpacked.
pub(crate) const MOST_BYTES: u64 = 200 << 20;
/// The most elements that a part of XML may have.
pub(crate) const MOST_ELEMENTS: u64 = 10_000_000;
/// The most elements of the kinds that stand for more than a cell, such as styles and sheets.
pub(crate) const MOST_HEAVY_ELEMENTS: u64 = 300_000;
/// The most elements that may lie in each other.
pub(crate) const MOST_DEPTH: usize = 200;
/// The longest piece of text between two elements.
pub(crate) const LONGEST_PIECE: usize = 4 << 20;
/// The most cells of all sheets, empty ones before a filled one counted.
pub(crate) const MOST_CELLS: usize = 2_500_000;
/// The most bytes of text in all cells.
pub(crate) const MOST_TEXT: usize = 96 << 20;
/// The longest text of one cell.
pub(crate) const LONGEST_CELL: usize = 1 << 20;
/// The last row and column that any of the programs that write workbooks knows.
pub(crate) const LAST_ROW: usize = 1 << 20;
pub(crate) const LAST_COLUMN: usize = 1 << 14;

/// What a reader says that came to its limit.
pub(crate) const TOO_MANY_BYTES: &str = "more bytes than a workbook may have";

/// A reader that gives no more bytes than are left to all that share them.
pub(crate) struct Limited<'a, R> {
    pub(crate) inner: R,
    pub(crate) left: &'a Cell<u64>,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other(TOO_MANY_BYTES)),
        }
        Ok(read)
    }
}

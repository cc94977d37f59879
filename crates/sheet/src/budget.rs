//! Cells and text that are left to a workbook, and rows filled within them.

use crate::error::SheetError;
use crate::limit::{LAST_COLUMN, LAST_ROW, LONGEST_CELL, MOST_CELLS, MOST_TEXT};

/// What is left to a workbook.
pub(crate) struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    pub(crate) const fn new() -> Self {
        Self { cells: MOST_CELLS, text: MOST_TEXT }
    }

    /// Takes cells, or says that the sheet asks for too many.
    pub(crate) fn take_cells(&mut self, sheet: &str, cells: usize) -> Result<(), SheetError> {
        match self.cells.checked_sub(cells) {
            Some(left) => {
                self.cells = left;
                Ok(())
            }
            None => Err(SheetError::TooLarge(format!(
                "its sheet {:?} reaches beyond {MOST_CELLS} cells; remove what stands far from the table, or save the sheet as CSV",
                short(sheet)
            ))),
        }
    }

    fn take_text(&mut self, sheet: &str, row: usize, text: usize) -> Result<(), SheetError> {
        if text > LONGEST_CELL {
            return Err(too_long(sheet, row));
        }
        match self.text.checked_sub(text) {
            Some(left) => {
                self.text = left;
                Ok(())
            }
            None => Err(SheetError::TooLarge(format!(
                "its sheet {:?} holds more than {MOST_TEXT} bytes of text by row {}; save the table alone",
                short(sheet),
                row + 1
            ))),
        }
    }

    /// Puts a text into a cell, growing rows as far as it lies.
    pub(crate) fn put(
        &mut self,
        sheet: &str,
        rows: &mut Vec<Vec<String>>,
        row: usize,
        column: usize,
        text: String,
    ) -> Result<(), SheetError> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= LAST_ROW || column >= LAST_COLUMN {
            return Err(SheetError::TooLarge(format!(
                "its sheet {:?} has a cell in row {} and column {}, beyond the last that there can be; remove it",
                short(sheet),
                row + 1,
                column + 1
            )));
        }
        self.take_text(sheet, row, text.len())?;
        if rows.len() <= row {
            self.take_cells(sheet, row + 1 - rows.len())?;
            rows.resize(row + 1, Vec::new());
        }
        let cells = &mut rows[row];
        if cells.len() <= column {
            self.take_cells(sheet, column + 1 - cells.len())?;
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
        Ok(())
    }
}

/// A cell that is longer than any that is published.
pub(crate) fn too_long(sheet: &str, row: usize) -> SheetError {
    SheetError::TooLarge(format!(
        "its sheet {:?} has a cell of more than {LONGEST_CELL} bytes in row {}; shorten it",
        short(sheet),
        row + 1
    ))
}

/// As much of a sheet's name as a sentence can bear.
fn short(name: &str) -> String {
    name.chars().take(60).collect()
}

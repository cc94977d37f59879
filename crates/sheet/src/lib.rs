//! Sheets: a workbook in memory becomes rows of text.
//!
//! XLSX, ODS and XLS are told apart by their bytes. Every limit is checked before memory is asked for, so that a
//! file made to exhaust a machine is refused in seconds with the place named. This crate knows cells; it must never
//! know what they mean: no authority, no indicator, no period.

mod budget;
mod cell;
mod error;
#[cfg(test)]
mod hostile;
mod limit;
mod name;
mod ods;
mod package;
mod xls;
mod xlsx;

pub use error::SheetError;
pub use name::{plain_name, same_name};

/// One sheet of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, as on its tab.
    pub name: String,
    /// Its rows from the first, each as far as its last cell with something in it.
    pub rows: Vec<Vec<String>>,
    /// Cells that were merged into one.
    pub merged: Vec<Merged>,
}

/// A rectangle of cells merged into one; places are counted from 0, the last are part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its first row.
    pub first_row: usize,
    /// Its first column.
    pub first_column: usize,
    /// Its last row.
    pub last_row: usize,
    /// Its last column.
    pub last_column: usize,
}

/// A share of one as a percentage in decimal text: 0.207 is `20.7`, to the 15 digits that programs show.
#[must_use]
pub fn percentage(share: f64) -> String {
    cell::number_text(share, true).trim_end_matches('%').to_owned()
}

/// Reads every sheet of a workbook, whatever its name says it is.
///
/// Cells are text: whole numbers without a point, days as `2025-03-31`, shares that are shown in per cent with the
/// sign (`20.7%`), errors as printed (`#N/A`). A formula gives the value that was last computed; one without such a
/// value gives itself, beginning with `=`, which is no figure.
///
/// # Errors
/// [`SheetError`] where the bytes are no workbook, it is encrypted or damaged, or it is larger than any that is
/// published.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => {
            let seen = package::check(bytes)?;
            if package::is_ods(bytes)? { ods::read(bytes) } else { xlsx::read(bytes, seen) }
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => xls::read(bytes),
        _ => Err(SheetError::NotAWorkbook),
    }
}

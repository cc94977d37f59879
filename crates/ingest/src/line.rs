//! One row of a declared table: its cells by the names that the pipeline gives them.

use std::collections::BTreeMap;

use crate::register::normal_name;
use crate::table::RawTable;
use crate::workbook::same_header;

/// A cell that keeps a row out: the column, its value, the rule and a sentence.
pub(crate) type Fault = (String, String, &'static str, String);

/// One row of a table, read through the columns that a rule declares.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Our field to the header cell it is under.
    pub(crate) columns: &'a BTreeMap<String, String>,
    pub(crate) table: &'a RawTable,
    pub(crate) row: usize,
}

impl<'a> Line<'a> {
    /// The row's number in its table.
    pub(crate) fn number(&self) -> u32 {
        self.table.source_rows[self.row]
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.table.columns.iter().all(|column| column[self.row].trim().is_empty())
    }

    /// The header that a field of ours is under, and the cell.
    pub(crate) fn field<'s>(&'s self, field: &'s str) -> (&'s str, &'s str) {
        match self.columns.get(field) {
            Some(header) => (header, self.under(header)),
            None => (field, ""),
        }
    }

    /// The cell under a header.
    pub(crate) fn under(&self, header: &str) -> &'a str {
        let place = self.table.header.iter().position(|cell| same_header(cell, header));
        self.table.cell(self.row, place)
    }
}

/// What a pipeline says of a printed text, whatever its case and spacing.
pub(crate) fn said_of<'a, T>(said: &'a BTreeMap<String, T>, printed: &str) -> Option<&'a T> {
    said.iter().find(|(text, _)| normal_name(text) == normal_name(printed)).map(|(_, meaning)| meaning)
}

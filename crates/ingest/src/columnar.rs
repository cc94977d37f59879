//! Tables of many rows and few different texts: each text is held once and rows are numbers.

use std::collections::{BTreeMap, HashMap};

use crate::input::{Input, Refused};
use crate::recognise::Opened;
use crate::table::{BadRow, RawTable};

/// A column of which each different text is held once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// For each row the place of its text.
    pub(crate) keys: Vec<u32>,
    /// The texts, trimmed, in order of first appearance.
    pub(crate) values: Vec<String>,
    places: HashMap<String, u32>,
}

impl Column {
    /// The place of a text, which is added where it is new.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let text = text.trim();
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    /// The text of a row.
    pub(crate) fn text(&self, row: usize) -> &str {
        self.keys.get(row).and_then(|key| self.values.get(*key as usize)).map_or("", String::as_str)
    }
}

/// Some columns of a table, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct LongTable {
    /// Those that were asked for.
    pub(crate) columns: BTreeMap<String, Column>,
    /// Row numbers: the header is 1.
    pub(crate) source_rows: Vec<u32>,
    /// Rows with another number of fields than the header.
    pub(crate) bad_rows: Vec<BadRow>,
}

impl LongTable {
    /// Reads the columns of these names from a file that is open.
    ///
    /// # Errors
    /// [`Refused`] where the file is damaged or is no table.
    pub(crate) fn read(input: &Input, opened: &Opened, wanted: &[&str]) -> Result<Self, Refused> {
        match opened {
            Opened::Csv(table) => Ok(Self::of_csv(table, wanted)),
            Opened::Parquet(file) => file.read(input, wanted),
            Opened::Document(_) | Opened::Workbook(_) | Opened::Pdf(_) => {
                Err(Refused { file: input.name.clone(), reason: "a long table is CSV or Parquet".to_owned() })
            }
        }
    }

    fn of_csv(table: &RawTable, wanted: &[&str]) -> Self {
        let named = table.header.iter().zip(&table.columns).filter(|(name, _)| wanted.contains(&name.as_str()));
        let columns = named.map(|(name, cells)| {
            let mut column = Column::default();
            for cell in cells {
                let key = column.intern(cell);
                column.keys.push(key);
            }
            (name.clone(), column)
        });
        Self { columns: columns.collect(), source_rows: table.source_rows.clone(), bad_rows: table.bad_rows.clone() }
    }

    /// The text of a cell; nothing where the column was not asked for.
    pub(crate) fn text(&self, row: usize, column: &str) -> &str {
        self.columns.get(column).map_or("", |column| column.text(row))
    }
}

//! The account of a file's rows: every row read is kept, out of scope by a rule, or in quarantine.

use std::collections::BTreeMap;
use std::sync::Arc;

use lais_lake::Class;

use crate::facts::{AccountRow, QuarantineRow};

/// What is said of the rows of one file while it is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) file_name: String,
    pub(crate) rows_kept: usize,
    pub(crate) rows_out_of_scope: usize,
    pub(crate) rows_quarantined: usize,
    /// Whether what cells say may not be repeated.
    withholds: bool,
    rules: BTreeMap<(&'static str, String), (usize, String)>,
    pub(crate) quarantine: Vec<QuarantineRow>,
}

impl Accounts {
    /// An account with nothing in it.
    pub(crate) fn new(source_id: &str, release: &str, file_name: &str) -> Self {
        Self {
            source_id: source_id.to_owned(),
            release: release.to_owned(),
            file_name: file_name.to_owned(),
            ..Self::default()
        }
    }

    /// This account, which repeats nothing that a cell says where the class is not public.
    pub(crate) fn of_class(self, class: Class) -> Self {
        Self { withholds: class != Class::Public, ..self }
    }

    /// This account, which repeats nothing that a cell says where that is asked for too.
    pub(crate) fn withholding(self, asked: bool) -> Self {
        Self { withholds: self.withholds || asked, ..self }
    }

    /// Counts rows that became facts.
    pub(crate) fn keep(&mut self, rows: usize) {
        self.rows_kept += rows;
    }

    /// Counts a row that a named rule leaves out.
    pub(crate) fn leave_out(&mut self, rule: &str, why: &str) {
        self.rows_out_of_scope += 1;
        self.count("out-of-scope", rule, why);
    }

    /// Sets a whole row aside for a person.
    pub(crate) fn quarantine_row(&mut self, row: u32, column: &str, value: &str, rule: &str, message: &str) {
        self.rows_quarantined += 1;
        self.count("quarantined", rule, "see the quarantine table");
        self.quarantine_cell(row, column, value, rule, message);
    }

    /// Sets one cell aside; its row is counted elsewhere.
    pub(crate) fn quarantine_cell(&mut self, row: u32, column: &str, value: &str, rule: &str, message: &str) {
        let before = self.quarantine.last();
        let again = |text: &str, of: fn(&QuarantineRow) -> &Arc<str>| match before.map(of) {
            Some(held) if **held == *text => held.clone(),
            _ => Arc::from(text),
        };
        let row = QuarantineRow {
            source_id: again(&self.source_id, |row| &row.source_id),
            release: again(&self.release, |row| &row.release),
            file_name: again(&self.file_name, |row| &row.file_name),
            source_row: row,
            column_name: again(column, |row| &row.column_name),
            value: if self.withholds { String::new() } else { value.chars().take(200).collect() },
            rule: again(rule, |row| &row.rule),
            message: again(message, |row| &row.message),
        };
        self.quarantine.push(row);
    }

    fn count(&mut self, outcome: &'static str, rule: &str, why: &str) {
        let entry = self.rules.entry((outcome, rule.to_owned())).or_insert_with(|| (0, why.to_owned()));
        entry.0 += 1;
    }

    /// Whether a rule has set any row aside or left it out.
    pub(crate) fn has_rule(&self, rule: &str) -> bool {
        self.rules.keys().any(|(_, used)| used == rule)
    }

    /// All rows accounted for.
    pub(crate) fn rows_read(&self) -> usize {
        self.rows_kept + self.rows_out_of_scope + self.rows_quarantined
    }

    /// The rows of `row_account` for this file.
    pub(crate) fn rows(&self) -> Vec<AccountRow> {
        let kept = (("kept", "kept".to_owned()), (self.rows_kept, "at least one cell became a fact".to_owned()));
        let rules = self.rules.iter().map(|(key, value)| (key.clone(), value.clone()));
        std::iter::once(kept)
            .chain(rules)
            .map(|((outcome, rule), (rows, why))| AccountRow {
                source_id: self.source_id.clone(),
                release: self.release.clone(),
                outcome: outcome.to_owned(),
                rule,
                rows,
                why,
            })
            .collect()
    }
}

//! Tables somewhere in a sheet: where their headers are, what their columns are called, how far their rows go.

use lais_sheet::{Merged, Sheet, plain_name, same_name};

use crate::pipeline::{Into, TableRule};
use crate::table::RawTable;

/// What joins the names of a column where its header takes several rows.
pub(crate) const JOINED: &str = " / ";

/// A table that a rule describes, found in a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) rule: &'a TableRule,
    pub(crate) sheet: String,
    pub(crate) table: RawTable,
    /// The cells that stand above it, in order.
    pub(crate) titles: Vec<String>,
    /// Numbers of further rows that are headers, where the header stands again within the table.
    pub(crate) headers: Vec<u32>,
}

impl<'a> Found<'a> {
    /// A table of a CSV file of which the header is the first record.
    pub(crate) fn of_csv(rule: &'a TableRule, table: &RawTable) -> Self {
        let mut table = table.clone();
        for name in &mut table.header {
            *name = plain_name(name);
        }
        Self { rule, sheet: String::new(), table, titles: Vec::new(), headers: Vec::new() }
    }
}

/// Where a table stands in a sheet: its header, and the row before which it ends. Nothing of it is copied yet.
pub(crate) struct Spot<'r, 's> {
    pub(crate) rule: &'r TableRule,
    sheet: &'s Sheet,
    /// The lowest row of its header, and how many rows that takes.
    at: usize,
    rows: usize,
    names: Vec<String>,
    end: usize,
}

/// Finds the tables of a sheet that rules describe, and reads them.
pub(crate) fn find<'r>(rules: impl Iterator<Item = &'r TableRule>, sheet: &Sheet) -> Vec<Found<'r>> {
    spots(rules, sheet).into_iter().map(Spot::read).collect()
}

/// Where the tables of a sheet stand that rules describe; a table ends where another begins.
///
/// A header that stands again goes on with its table: rows are numbered on from the first, which is 1.
pub(crate) fn spots<'r, 's>(rules: impl Iterator<Item = &'r TableRule>, sheet: &'s Sheet) -> Vec<Spot<'r, 's>> {
    let mut spots: Vec<Spot<'r, 's>> =
        rules.filter(|rule| is_of_sheet(rule, &sheet.name)).flat_map(|rule| headers(rule, sheet)).collect();
    spots.sort_by_key(|spot| spot.at);
    let filled = sheet.rows.iter().rposition(|row| row.iter().any(|cell| !cell.is_empty())).map_or(0, |last| last + 1);
    let ends: Vec<usize> =
        spots.iter().skip(1).map(|next| next.at + 1 - next.rows).chain(std::iter::once(filled)).collect();
    for (spot, end) in spots.iter_mut().zip(ends) {
        spot.end = end;
    }
    spots
}

impl<'r, 's> Spot<'r, 's> {
    /// The cells that stand above the header, in order.
    pub(crate) fn titles(&self) -> impl Iterator<Item = &'s String> + use<'s> {
        let above = &self.sheet.rows[..self.at + 1 - self.rows];
        above.iter().flatten().filter(|cell| !cell.is_empty())
    }

    /// The table below the header.
    fn read(self) -> Found<'r> {
        let titles = self.titles().cloned().collect();
        let Self { rule, sheet, at: header, names, end, .. } = self;
        let mut table = RawTable::new(names);
        let mut headers = Vec::new();
        for at in header + 1..end {
            let number = u32::try_from(at - header + 1).unwrap_or(u32::MAX);
            table.source_rows.push(number);
            if stands_again(sheet, header, at) {
                headers.push(number);
            }
            for (column, cells) in table.columns.iter_mut().enumerate() {
                cells.push(sheet.rows[at].get(column).cloned().unwrap_or_default());
            }
        }
        Found { rule, sheet: sheet.name.clone(), table, titles, headers }
    }
}

/// Whether a row of a table says what the lowest row of its header says, in most of its cells.
fn stands_again(sheet: &Sheet, header: usize, at: usize) -> bool {
    let (header, row) = (&sheet.rows[header], &sheet.rows[at]);
    let named = || header.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let same = named().filter(|(column, name)| row.get(*column).is_some_and(|cell| same_name(cell, name)));
    same.count() * 2 > named().count()
}

/// Whether a rule speaks of a sheet; a name may end in `*`.
fn is_of_sheet(rule: &TableRule, sheet: &str) -> bool {
    rule.sheet.as_deref().is_none_or(|name| is_like(sheet, name))
}

/// Whether a text is what a pattern says, in which `*` stands for anything at its beginning or end.
pub(crate) fn is_like(text: &str, pattern: &str) -> bool {
    let lower = || (plain_name(text).to_lowercase(), pattern.trim_matches('*').to_lowercase());
    match (pattern.starts_with('*'), pattern.ends_with('*')) {
        (false, false) => same_name(text, pattern),
        (begins, ends) => {
            let (text, part) = lower();
            match (begins, ends) {
                (true, false) => text.ends_with(&part),
                (false, _) => text.starts_with(&part),
                (true, true) => text.contains(&part),
            }
        }
    }
}

/// The headers of one rule in a sheet, each as if its table went on to the sheet's end.
fn headers<'r, 's>(rule: &'r TableRule, sheet: &'s Sheet) -> Vec<Spot<'r, 's>> {
    let most = rule.header_rows.max(1);
    let candidates = if most == 1 {
        sheet.rows_with_all(&rule.header)
    } else {
        let pieces: Vec<&str> = rule.header.iter().flat_map(|name| name.split(JOINED)).collect();
        let mut rows: Vec<usize> = sheet.rows_with_any(&pieces).into_iter().flat_map(|at| at..at + most).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|at| *at < sheet.rows.len());
        rows
    };
    let mut headers: Vec<Spot<'r, 's>> = Vec::new();
    for at in candidates.into_iter().filter(|at| sheet.rows[*at].iter().any(|cell| !cell.is_empty())) {
        let rows = (1..most).take_while(|up| at >= *up && is_heading(&sheet.rows[at - up])).count() + 1;
        // What stands above a header may be no part of it, so fewer rows are tried too.
        let fits = |names: &Vec<String>| {
            let has = |name: &String| names.iter().any(|cell| same_name(cell, name));
            rule.header.iter().all(has) && !rule.absent.iter().any(has)
        };
        let tried = (1..=rows).rev().map(|rows| (rows, names(sheet, at, rows)));
        let Some((rows, names)) = tried.into_iter().find(|(_, names)| fits(names)) else { continue };
        if headers.iter().any(|before| stands_again(sheet, before.at, at)) {
            continue;
        }
        // Of rows that end one header the lowest does: names of keys may stand in the upper row alone.
        headers.pop_if(|last| last.at + 1 == at && rows > 1);
        headers.push(Spot { rule, sheet, at, rows, names, end: sheet.rows.len() });
    }
    headers
}

/// Whether a row above a header may be part of it: a title stands in the first column alone, and numbers that are no
/// years are figures or codes.
fn is_heading(row: &[String]) -> bool {
    let is_year = |cell: &str| cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20"));
    let filled = || row.iter().skip(1).filter(|cell| !cell.is_empty());
    let numbers = filled().filter(|cell| cell.parse::<f64>().is_ok() && !is_year(cell));
    filled().next().is_some() && numbers.count() * 2 < filled().count()
}

/// The names of columns of which the header ends in a row, joined from top to bottom.
///
/// Where cells of an upper row are merged, they say how far each heading reaches; else it reaches to the next.
fn names(sheet: &Sheet, at: usize, rows: usize) -> Vec<String> {
    let width = sheet.rows[at + 1 - rows..=at].iter().map(Vec::len).max().unwrap_or(0);
    let mut pieces: Vec<Vec<String>> = vec![Vec::new(); width];
    for row in at + 1 - rows..=at {
        let merged: Vec<&Merged> = sheet
            .merged
            .iter()
            .filter(|area| area.first_row <= row && row <= area.last_row && area.last_column > area.first_column)
            .collect();
        let mut heading = String::new();
        for (column, pieces) in pieces.iter_mut().enumerate() {
            let cell = sheet.rows[row].get(column).map_or("", String::as_str);
            let own = plain_name(cell);
            let reaches =
                merged.is_empty() || merged.iter().any(|area| area.first_column < column && column <= area.last_column);
            if !own.is_empty() || row == at || !reaches {
                heading = own;
            }
            if !heading.is_empty() && pieces.last() != Some(&heading) {
                pieces.push(heading.clone());
            }
        }
    }
    let mut names: Vec<String> = pieces.into_iter().map(|pieces| pieces.join(JOINED)).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// Whether what rows of this kind become is found by this module.
pub(crate) const fn is_found_here(into: Into) -> bool {
    matches!(into, Into::Observation | Into::RegisterCheck | Into::OutOfScope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Sheet { name: "Data".to_owned(), rows, merged: Vec::new() }
    }

    fn rule(header: &[&str], header_rows: usize) -> TableRule {
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        TableRule { header, header_rows, into: Into::Observation, ..TableRule::default() }
    }

    fn found(rule: &TableRule, sheet: &Sheet) -> Vec<(Vec<String>, Vec<u32>, Vec<u32>)> {
        let found = find(std::iter::once(rule), sheet);
        found.into_iter().map(|f| (f.table.header, f.table.source_rows, f.headers)).collect()
    }

    #[test]
    fn a_header_of_several_rows_is_joined_and_a_heading_reaches_to_the_next() {
        let sheet = sheet(&[
            &["A title"],
            &["", "", "Count", "", "Rate"],
            &["Code", "Name", "2023", "2024", "2024"],
            &["E1", "One", "1", "2", "3"],
        ]);
        let (header, rows, _) = found(&rule(&["Code", "Count / 2023"], 2), &sheet).remove(0);
        assert_eq!(header, ["Code", "Name", "Count / 2023", "Count / 2024", "Rate / 2024"]);
        assert_eq!(rows, [2]);
    }

    #[test]
    fn merged_cells_say_how_far_a_heading_reaches() {
        let mut sheet = sheet(&[
            &["", "Count", "", "", "Rate"],
            &["Code", "2023", "2024", "All", "All"],
            &["E1", "1", "2", "3", "4"],
        ]);
        sheet.merged.push(Merged { first_row: 0, first_column: 1, last_row: 0, last_column: 2 });
        let (header, _, _) = found(&rule(&["Code"], 2), &sheet).remove(0);
        assert_eq!(header, ["Code", "Count / 2023", "Count / 2024", "All", "Rate / All"]);
    }

    #[test]
    fn keys_may_stand_in_the_upper_row_of_a_header_alone() {
        let sheet = sheet(&[&["Code", "Name", "Spend", ""], &["", "", "2023", "2024"], &["E1", "One", "1", "2"]]);
        let (header, rows, _) = found(&rule(&["Code", "Name"], 2), &sheet).remove(0);
        assert_eq!(
            (header, rows),
            (["Code", "Name", "Spend / 2023", "Spend / 2024"].map(str::to_owned).to_vec(), vec![2])
        );
    }

    #[test]
    fn a_row_of_numbers_or_codes_above_a_header_is_no_part_of_it() {
        let sheet = sheet(&[&["", "Col", "1", "2"], &["Code", "Class", "Spend", "Income"], &["E1", "UA", "1", "2"]]);
        let (header, _, _) = found(&rule(&["Code", "Class"], 2), &sheet).remove(0);
        assert_eq!(header, ["Code", "Class", "Spend", "Income"]);
    }

    #[test]
    fn a_header_that_stands_again_goes_on_with_its_table_and_is_none_of_its_rows() {
        let sheet = sheet(&[
            &["T"],
            &["Code", "Name", "n"],
            &["E1", "One", "1"],
            &[],
            &["Code", "Class", "n"],
            &["E06", "All", "2"],
            &["", ""],
        ]);
        let (_, rows, again) = found(&rule(&["Code", "n"], 1), &sheet).remove(0);
        assert_eq!((rows, again), (vec![2, 3, 4, 5], vec![4]));
    }

    #[test]
    fn a_table_ends_where_another_begins() {
        let sheet = sheet(&[&["Code", "n"], &["E1", "1"], &["Place", "m"], &["P", "2"]]);
        let (one, other) = (rule(&["Code", "n"], 1), rule(&["Place", "m"], 1));
        let found = find([&one, &other].into_iter(), &sheet);
        assert_eq!(found.iter().map(|f| f.table.source_rows.len()).collect::<Vec<_>>(), [1, 1]);
        let of_another_sheet = TableRule { sheet: Some("Not*".to_owned()), ..one.clone() };
        assert!(find(std::iter::once(&of_another_sheet), &sheet).is_empty());
    }

    #[test]
    fn patterns_stand_for_anything_at_their_ends() {
        for (text, pattern) in
            [("Certified", "Certif*"), ("a [note 1]", "a"), ("MYE2 - Persons", "*Persons"), ("a b c", "*b*")]
        {
            assert!(is_like(text, pattern), "{text} {pattern}");
        }
        assert!(!is_like("Certified", "Certif") && !is_like("x", "y*"));
    }

    proptest::proptest! {
        #[test]
        fn any_sheet_is_searched_without_a_panic_and_rows_are_numbered_upwards(
            rows in proptest::collection::vec(proptest::collection::vec("(Code|n|1|E1||a b)", 0..5), 0..12), header_rows in 0_usize..4,
        ) {
            let sheet = Sheet { rows, ..Sheet::default() };
            for (_, rows, _) in found(&rule(&["Code", "n"], header_rows), &sheet) {
                proptest::prop_assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }
    }
}

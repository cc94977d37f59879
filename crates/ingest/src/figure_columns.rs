//! What each column of a table of figures is.

use std::collections::BTreeSet;

use lais_sheet::{plain_name, same_name};

use crate::header::{JOINED, is_like};
use crate::pipeline::{FiguresRule, Pipeline, Role, TableRule};
use crate::series;
use crate::table::{self, RawTable};

/// A column of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FigureColumn {
    pub(crate) place: usize,
    /// What it measures, as indicators name their column.
    pub(crate) measure: String,
    /// The filter that its name says a value of, and the value.
    pub(crate) filter: Option<(String, String)>,
}

/// The columns of a table of figures, by what they are for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    pub(crate) code: Option<usize>,
    pub(crate) name: Option<usize>,
    pub(crate) note: Option<usize>,
    pub(crate) period: Option<usize>,
    pub(crate) title: Option<usize>,
    pub(crate) limits: [Option<usize>; 2],
    pub(crate) filters: Vec<(String, usize)>,
    pub(crate) figures: Vec<FigureColumn>,
    pub(crate) scope: Vec<(usize, usize)>,
    /// A figure column that nobody described, if there is one.
    pub(crate) guessed: Option<String>,
}

/// Our fields that a table of figures can have.
pub(crate) const FIELDS: [&str; 5] = ["code", "name", "note", "ci_low", "ci_high"];

/// The place of a column, whatever the spaces and notes of its name.
pub(crate) fn place(table: &RawTable, name: &str) -> Option<usize> {
    table.header.iter().position(|cell| same_name(cell, name))
}

/// Says what each column of a table is; one that nobody described is never dropped in silence.
///
/// # Errors
/// A sentence where a column is missing or its meaning unknown.
pub(crate) fn columns(
    pipeline: &Pipeline,
    rule: &TableRule,
    table: &RawTable,
    warnings: &mut Vec<String>,
) -> Result<Columns, String> {
    let field = |name: &str| match rule.columns.get(name) {
        None => Ok(None),
        Some(column) => place(table, column).map(Some).ok_or_else(|| {
            format!("the table {} has no column {column:?}, which pipeline {} needs", rule.name, pipeline.id)
        }),
    };
    // A note or a limit that a release leaves out leaves nothing else out.
    let optional = |name: &str| rule.columns.get(name).and_then(|column| place(table, column));
    let mut columns = Columns {
        code: field("code")?,
        name: optional("name"),
        note: optional("note"),
        limits: [optional("ci_low"), optional("ci_high")],
        period: match &rule.period.column {
            Some(column) => Some(place(table, column).ok_or_else(|| format!("it has no column {column:?}"))?),
            None => None,
        },
        title: rule.figures.title.as_ref().and_then(|column| place(table, column)),
        filters: pipeline.filters.keys().filter_map(|name| Some((name.clone(), place(table, name)?))).collect(),
        scope: pipeline
            .out_of_scope
            .iter()
            .enumerate()
            .filter_map(|(i, scope)| Some((i, place(table, &scope.column)?)))
            .collect(),
        ..Columns::default()
    };
    if columns.code.is_none() && columns.name.is_none() {
        return Err(format!("the table {} has no column that says which area a row is about", rule.name));
    }
    for (name, filter) in &pipeline.filters {
        let is_there =
            columns.filters.iter().any(|(there, _)| there == name) || rule.figures.filter.as_ref() == Some(name);
        if !is_there && matches!(filter.role, Role::Measure | Role::Subgroup) {
            return Err(format!("it has no column {name:?}, which {} needs to tell its rows apart", pipeline.id));
        }
    }
    columns.find_figures(pipeline, rule, table, warnings)?;
    if columns.figures.is_empty() {
        return Err(format!(
            "the table {} has no column of figures that pipeline {} describes",
            rule.name, pipeline.id
        ));
    }
    Ok(columns)
}

impl Columns {
    fn find_figures(
        &mut self,
        pipeline: &Pipeline,
        rule: &TableRule,
        table: &RawTable,
        warnings: &mut Vec<String>,
    ) -> Result<(), String> {
        let from = rule.figures.from.as_ref().map(|name| {
            place(table, name).ok_or_else(|| format!("it has no column {name:?}, from which on figures stand"))
        });
        let from = from.transpose()?;
        let [low, high] = self.limits;
        let keys: BTreeSet<usize> = [self.code, self.name, self.note, self.period, self.title, low, high]
            .into_iter()
            .flatten()
            .chain(self.filters.iter().map(|(_, place)| *place))
            .chain(self.scope.iter().map(|(_, place)| *place))
            .collect();
        let mut figures = Vec::new();
        for (at, name) in table.header.iter().enumerate() {
            let is_ignored = rule.ignored.iter().any(|pattern| is_like(name, pattern));
            let is_figure = from.is_some_and(|from| at >= from)
                || rule.figures.columns.iter().any(|pattern| is_like(name, pattern));
            if keys.contains(&at) || is_ignored {
                continue;
            }
            if let Some((measure, rest)) = measured(&rule.figures, name) {
                let filter = rule.figures.filter.clone().map(|filter| (filter, rest));
                figures.push(FigureColumn { place: at, measure, filter });
            } else if is_figure {
                let measure = rule.figures.measure.clone().unwrap_or_else(|| plain_name(name));
                let filter = rule.figures.filter.clone().map(|filter| (filter, plain_name(name)));
                figures.push(FigureColumn { place: at, measure, filter });
            } else if name.is_empty() && table.columns[at].iter().all(String::is_empty) {
                // Nothing stands there.
            } else if series::undescribed(pipeline, table, at, warnings)? {
                figures.push(FigureColumn { place: at, measure: plain_name(name), filter: None });
                self.guessed = Some(name.clone());
            }
        }
        self.figures = figures;
        Ok(())
    }
}

/// What a column measures by the words that its name ends in, and the rest of the name.
///
/// Behind the words may stand a bracket and a number, as spreadsheets put one behind a name that they have already.
fn measured(rule: &FiguresRule, name: &str) -> Option<(String, String)> {
    let name = canonical(name);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = match stem.rfind('(') {
        Some(open) if stem.ends_with(')') => stem[..open].trim_end(),
        _ => name.as_str(),
    };
    let found = rule.measures.iter().filter_map(|(words, measure)| {
        let rest = stem.strip_suffix(canonical(words).as_str())?;
        let begins = rest.trim_end().is_empty() || rest.trim_end().ends_with(['-', '/', ':']);
        begins.then_some((words.len(), measure, rest))
    });
    let (_, measure, rest) = found.max_by_key(|(length, _, _)| *length)?;
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | ':'));
    Some((measure.clone(), rest.replace(JOINED, " - ")))
}

/// A column's name in one spelling: straight apostrophes, a space before a bracket, no marks of notes.
fn canonical(name: &str) -> String {
    plain_name(&name.replace(['’', '‘'], "'").replace('(', " ("))
}

/// Makes the names of columns single: one that stands again bears the letters of its column too.
///
/// # Errors
/// Nothing can go wrong; names that stand alone are left as they are.
pub(crate) fn tell_apart(table: &mut RawTable) {
    while let Some(name) = table::repeated(&table.header).filter(|name| !name.is_empty()).map(str::to_owned) {
        for (at, column) in table.header.iter_mut().enumerate().filter(|(_, column)| **column == name) {
            *column = format!("{column} (column {})", letters(at));
        }
    }
}

/// The letters of a column in a spreadsheet: A for the first.
fn letters(at: usize) -> String {
    let mut rest = at + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> FiguresRule {
        let measures = [("Employees", "employees"), ("Income", "income"), ("Total Income", "total-income")];
        FiguresRule { measures: measures.map(|(a, b)| (a.to_owned(), b.to_owned())).into(), ..FiguresRule::default() }
    }

    #[test]
    fn what_a_column_measures_stands_at_the_end_of_its_name() {
        let measured = |name: &str| measured(&rule(), name);
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(measured("Youth’s care - Employees (C1)"), pair("employees", "Youth's care"));
        assert_eq!(measured("Care / Employees\n(C1)23"), pair("employees", "Care"));
        assert_eq!(measured("Care- Total Income (C6 = C4 + C5)4"), pair("total-income", "Care"));
        assert_eq!(measured("TOTAL [note 2] / Care - Employees"), pair("employees", "TOTAL - Care"));
        assert_eq!(measured("Spend(part) - Income"), pair("income", "Spend (part)"));
        assert_eq!(measured("Income"), pair("income", ""));
        assert_eq!(measured("Care of Employees"), None);
        assert_eq!(measured("Something else"), None);
    }

    #[test]
    fn names_that_stand_again_bear_the_letters_of_their_columns() {
        let mut table = RawTable::new(["a", "b", "a", "", ""].map(str::to_owned).to_vec());
        tell_apart(&mut table);
        assert_eq!(table.header, ["a (column A)", "b", "a (column C)", "", ""]);
        assert_eq!([0, 25, 26, 27, 701, 702].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}

//! Where each row of a table of figures belongs in time and space, and which rows stay.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::accounts::Accounts;
use crate::cell::{self, Cell};
use crate::figure_columns::Columns;
use crate::figure_period;
use crate::geography::{self, Area, Placed, Printed};
use crate::header::Found;
use crate::period::Period;
use crate::pipeline::{NoteRule, Pipeline};
use crate::register::Register;
use crate::rows::{self, PlacedRows, RowPlace};
use crate::table::RawTable;

/// Everything that placing a row looks at.
pub(crate) struct Placing<'a> {
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) register: &'a Register,
    pub(crate) found: &'a Found<'a>,
    pub(crate) columns: &'a Columns,
    /// The period of the whole table, where its rows do not say it.
    pub(crate) period: Option<Period>,
}

/// Why a row does not stay.
enum Leaves {
    /// By a rule, in whose words.
    Out(String, String),
    /// A person has to look at it: the column, its value, the rule and a sentence.
    Bad(String, String, &'static str, String),
}

/// Places the rows of a table; gives those that stay, and accounts for the others.
pub(crate) fn place(placing: &Placing<'_>, accounts: &mut Accounts) -> (PlacedRows, Vec<usize>) {
    let table = &placing.found.table;
    let mut seats = Seats {
        placed: PlacedRows::default(),
        periods: HashMap::new(),
        areas: HashMap::new(),
        combinations: HashMap::new(),
    };
    let mut staying = Vec::new();
    for row in 0..table.source_rows.len() {
        let place = match placing.row(row, &mut seats) {
            Ok(place) => {
                staying.push(row);
                place
            }
            Err(Leaves::Out(rule, why)) => {
                accounts.leave_out(&rule, &why);
                RowPlace::Out { rule, why }
            }
            Err(Leaves::Bad(column, value, rule, message)) => {
                accounts.quarantine_row(table.source_rows[row], &column, &value, rule, &message);
                RowPlace::Out { rule: rule.to_owned(), why: message }
            }
        };
        seats.placed.rows.push(place);
    }
    for bad in &table.bad_rows {
        let field = |place: usize| bad.fields.get(place).map_or("", String::as_str);
        let names_an_area = placing.columns.code.is_some_and(|code| is_like_a_code(field(code)));
        if names_an_area || placing.columns.figures.iter().any(|figure| placing.is_like_a_figure(field(figure.place))) {
            accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
        } else {
            accounts.leave_out(NOTHING.0, NOTHING.1);
        }
    }
    let kept = once(placing, &seats.placed, staying, accounts);
    (seats.placed, kept)
}

/// The rule for rows that say nothing of any area, and its words.
const NOTHING: (&str, &str) =
    ("no-area-and-no-figure", "a row that names no area and gives no figure, such as a note or a row of headings");

/// The lists that places are numbers into, while they are filled.
struct Seats {
    placed: PlacedRows,
    periods: HashMap<String, Result<i32, String>>,
    areas: HashMap<(String, String, bool), Result<std::ops::Range<usize>, Bad>>,
    combinations: HashMap<Vec<String>, usize>,
}

type Bad = (&'static str, bool, String, String);

impl Placing<'_> {
    fn table(&self) -> &RawTable {
        &self.found.table
    }

    fn row(&self, row: usize, seats: &mut Seats) -> Result<RowPlace, Leaves> {
        let table = self.table();
        let out = |rule: &str, why: &str| Err(Leaves::Out(rule.to_owned(), why.to_owned()));
        if self.found.headers.contains(&table.source_rows[row]) {
            return out("header-row", "a row of the header that stands again within the table");
        }
        if table.columns.iter().all(|column| column[row].is_empty()) {
            return out("blank-row", "a row in which nothing is printed");
        }
        let code = table.cell(row, self.columns.code);
        for (rule, place) in &self.columns.scope {
            let rule = &self.pipeline.out_of_scope[*rule];
            let stays = rule.unless_authority && self.register.by_code(code).is_some();
            if rule.leaves_out(table.cell(row, Some(*place))) && !stays {
                return out(&rule.rule, &rule.why);
            }
        }
        let areas = self.area(row, seats)?;
        let period = self.period(row, seats)?;
        let values: Vec<String> =
            self.columns.filters.iter().map(|(_, place)| table.cell(row, Some(*place)).to_owned()).collect();
        let combinations = &mut seats.placed.combinations;
        let combination = *seats.combinations.entry(values).or_insert_with_key(|values| {
            let named = self.columns.filters.iter().zip(values);
            combinations.push(named.map(|((name, _), value)| (name.clone(), value.clone())).collect());
            combinations.len() - 1
        });
        Ok(RowPlace::Kept { period, areas, combination })
    }

    fn period(&self, row: usize, seats: &mut Seats) -> Result<i32, Leaves> {
        let label = table_label(self, row);
        let periods = &mut seats.placed.periods;
        let found = seats.periods.entry(label.clone()).or_insert_with(|| {
            let period = match &self.period {
                Some(period) => Ok(period.clone()),
                None => figure_period::read(self.pipeline, &self.found.rule.period, &label),
            };
            periods.push(period?);
            i32::try_from(periods.len() - 1).map_err(|e| e.to_string())
        });
        let column = self.columns.period.map_or("", |place| self.table().header[place].as_str());
        found.clone().map_err(|message| Leaves::Bad(column.to_owned(), label, "unknown-period", message))
    }

    fn area(&self, row: usize, seats: &mut Seats) -> Result<std::ops::Range<usize>, Leaves> {
        let table = self.table();
        let (code, name) = (table.cell(row, self.columns.code), table.cell(row, self.columns.name));
        let shared = notes_of(self.found, table.cell(row, self.columns.note)).any(|note| note.shared);
        let areas = &mut seats.placed.areas;
        let key = (code.to_owned(), name.to_owned(), shared);
        let place = seats.areas.entry(key).or_insert_with(|| {
            let found = locate(self.register, code, &lais_sheet::plain_name(name))?;
            let start = areas.len();
            areas.extend(found.into_iter().map(|area| Area { shared: area.shared || shared, ..area }));
            Ok(start..areas.len())
        });
        let (rule, is_name, value, message) = match place {
            Ok(place) => return Ok(place.clone()),
            Err(bad) => bad.clone(),
        };
        let says_nothing = !is_like_a_code(code)
            && !self.columns.figures.iter().any(|figure| self.is_like_a_figure(table.cell(row, Some(figure.place))));
        if says_nothing {
            return Err(Leaves::Out(NOTHING.0.to_owned(), NOTHING.1.to_owned()));
        }
        let place = if is_name { self.columns.name.or(self.columns.code) } else { self.columns.code };
        let column = place.map_or("", |place| table.header[place].as_str());
        Err(Leaves::Bad(column.to_owned(), value, rule, message))
    }

    /// Whether a cell may be a figure, or a symbol that stands for one.
    fn is_like_a_figure(&self, text: &str) -> bool {
        let own = |symbol: &str| self.pipeline.symbols.get(symbol).and_then(|id| cell::Status::from_id(id));
        let bare: String = text.chars().filter(|c| !matches!(c, ',' | '%' | '£' | ' ')).collect();
        !text.trim().is_empty() && (cell::read(text, &own) != Cell::Unknown || cell::read(&bare, &own) != Cell::Unknown)
    }
}

fn table_label(placing: &Placing<'_>, row: usize) -> String {
    placing.table().cell(row, placing.columns.period).to_owned()
}

/// The rules of which the words stand in a row's note.
pub(crate) fn notes_of<'a>(found: &'a Found<'_>, note: &str) -> impl Iterator<Item = &'a NoteRule> {
    let note = note.to_lowercase();
    found.rule.notes.iter().filter(move |rule| note.contains(&rule.says.to_lowercase()))
}

/// Whether a text is of the form of an area's code, be it known or not.
fn is_like_a_code(text: &str) -> bool {
    let text = text.trim();
    let is_nine = text.len() == 9
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && text.bytes().skip(1).all(|b| b.is_ascii_digit());
    is_nine || (text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit()))
}

/// The areas that a code and a name mean, or what is wrong with them and whether it is the name.
fn locate(register: &Register, code: &str, name: &str) -> Result<Vec<Area>, Bad> {
    let by_name = register.by_name(name);
    let region = register.region(code).or_else(|| register.region_by_name(name).filter(|_| code.is_empty()));
    let named;
    let printed = match (region, code) {
        (Some(region), _) => {
            // A body of a region's name is not the region: its name has to be one of the region's own.
            if !name.is_empty() && register.region_by_name(name) != Some(region) {
                let message =
                    format!("the code {} is that of {}; correct code or name", region.region_code, region.region_name);
                return Err(("name-contradicts-code", true, name.to_owned(), message));
            }
            let level = if region.level == "country" { "National" } else { "Regional" };
            let (code, name) = (&region.region_code, &region.region_name);
            Printed {
                level,
                country_code: code,
                country_name: name,
                region_code: code,
                region_name: name,
                ..Printed::default()
            }
        }
        (None, "") => match by_name.as_slice() {
            [one] => {
                named = one.authority_code.clone();
                Printed { level: "Local authority", new_la_code: &named, ..Printed::default() }
            }
            [] => {
                let message = "no authority or region of the register is called so; correct it, or add the spelling to a register of your own";
                return Err(("unknown-name", true, name.to_owned(), message.to_owned()));
            }
            _ => {
                let message = "more than one authority is called so, and the row has no code; add it";
                return Err(("ambiguous-name", true, name.to_owned(), message.to_owned()));
            }
        },
        (None, code) if register.by_dfe_code(code.split('/').next().unwrap_or(code).trim()).is_some() => {
            Printed { level: "Local authority", old_la_code: code, la_name: name, ..Printed::default() }
        }
        (None, code) => Printed { level: "Local authority", new_la_code: code, la_name: name, ..Printed::default() },
    };
    match geography::place(register, printed) {
        // What is printed of an area that has no code there is its name.
        Placed::Areas(areas) if code.is_empty() => {
            Ok(areas.into_iter().map(|area| Area { published_code: name.to_owned(), ..area }).collect())
        }
        Placed::Areas(areas) => Ok(areas),
        Placed::OutOfScope { rule, why } => Err((rule, false, code.to_owned(), why)),
        Placed::Quarantined { rule, column, value, message } => Err((rule, column == "la_name", value, message)),
    }
}

/// The rows that say something new; one that says the same figures again is left out, one that contradicts an
/// earlier row is set aside.
fn once(placing: &Placing<'_>, placed: &PlacedRows, rows: Vec<usize>, accounts: &mut Accounts) -> Vec<usize> {
    let table = placing.table();
    let identities = rows::identities(placing.pipeline, placed);
    let mut first: HashMap<(Date, &str, usize), usize> = HashMap::new();
    let mut kept = Vec::new();
    for row in rows {
        let RowPlace::Kept { period, areas, combination } = &placed.rows[row] else { continue };
        let end = placed.periods[*period as usize].end;
        let keys: Vec<_> = placed.areas[areas.clone()]
            .iter()
            .map(|area| (end, area.code.as_str(), identities[*combination]))
            .collect();
        let Some(before) = keys.iter().find_map(|key| first.get(key)).copied() else {
            first.extend(keys.into_iter().map(|key| (key, row)));
            kept.push(row);
            continue;
        };
        let same = |place: usize| table.columns[place][before] == table.columns[place][row];
        if placing.columns.figures.iter().all(|figure| same(figure.place)) {
            accounts.leave_out("said-again", "a row that gives the same figures of an area as one before it");
            continue;
        }
        let place = placing.columns.code.or(placing.columns.name);
        let column = place.map_or("", |place| table.header[place].as_str());
        let message = format!(
            "row {} already gives other figures of this area, period and breakdown; remove one of the two, or describe what tells them apart under [filters]",
            table.source_rows[before]
        );
        accounts.quarantine_row(table.source_rows[row], column, table.cell(row, place), "repeated-row", &message);
    }
    kept
}

//! Reference files of other publishers, held against the register of authorities row by row.
//!
//! A row that agrees becomes nothing and is counted; one that does not is set aside with what the register says, so
//! that a person sees which of the two is wrong.

use lais_sheet::plain_name;

use crate::accounts::Accounts;
use crate::figure_columns;
use crate::header::Found;
use crate::pipeline::{Pipeline, TableRule};
use crate::register::{Authority, Register, normal_name};

/// Our fields that a reference table can have.
pub(crate) const FIELDS: [&str; 8] =
    ["authority_code", "dfe_code", "name", "kind", "region_code", "region_name", "ofsted_urn", "lower_tier_code"];

/// What a cell of a row says of a field: the column, the printed text.
struct Said<'a> {
    field: &'a str,
    column: String,
    printed: String,
}

/// Holds the rows of a table against the register.
pub(crate) fn read(pipeline: &Pipeline, found: &Found<'_>, register: &Register, accounts: &mut Accounts) {
    let table = &found.table;
    for bad in &table.bad_rows {
        accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
    }
    for row in 0..table.source_rows.len() {
        let number = table.source_rows[row];
        if table.columns.iter().all(|column| column[row].is_empty()) {
            accounts.leave_out("blank-row", "a row in which nothing is printed");
            continue;
        }
        let out = pipeline.out_of_scope.iter().find(|rule| {
            figure_columns::place(table, &rule.column).is_some_and(|at| rule.leaves_out(table.cell(row, Some(at))))
        });
        if let Some(rule) = out {
            accounts.leave_out(&rule.rule, &rule.why);
            continue;
        }
        let said: Vec<Said<'_>> = FIELDS
            .iter()
            .filter_map(|field| {
                let column = found.rule.columns.get(*field)?;
                let place = figure_columns::place(table, column);
                Some(Said { field, column: column.clone(), printed: plain_name(table.cell(row, place)) })
            })
            .filter(|said| !matches!(said.printed.as_str(), "" | "NA"))
            .collect();
        hold(&said, number, found.rule, register, accounts);
    }
}

fn hold(said: &[Said<'_>], number: u32, rule: &TableRule, register: &Register, accounts: &mut Accounts) {
    let text = |field: &str| said.iter().find(|said| said.field == field).map_or("", |said| said.printed.as_str());
    let by_name = register.by_name(text("name"));
    let authority = register
        .by_code(text("authority_code"))
        .or_else(|| register.by_dfe_code(text("dfe_code")))
        .or(if let [one] = by_name.as_slice() { Some(*one) } else { None });
    let Some(authority) = authority else {
        // Not every list gives a region's code; where one does, it has to be the register's.
        if let Some(region) = register.region_by_name(text("name")) {
            let mut codes = said.iter().filter(|said| matches!(said.field, "authority_code" | "region_code"));
            match codes.find(|said| said.printed != region.region_code) {
                None => agrees(accounts),
                Some(other) => {
                    let message = disagreement(&region.region_code, &region.region_name);
                    accounts.quarantine_row(number, &other.column, &other.printed, "register-disagrees", &message);
                }
            }
            return;
        }
        let (column, value) = said.first().map_or(("", ""), |said| (said.column.as_str(), said.printed.as_str()));
        let message = "the register has no authority or region of this code or name; correct the row, or bring a register that has it";
        accounts.quarantine_row(number, column, value, "not-in-register", message);
        return;
    };
    let mut differing = said.iter().filter_map(|said| Some((said, differs(said, authority, rule, register)?)));
    let Some((first, message)) = differing.next() else {
        agrees(accounts);
        return;
    };
    accounts.quarantine_row(number, &first.column, &first.printed, "register-disagrees", &message);
    for (said, message) in differing {
        accounts.quarantine_cell(number, &said.column, &said.printed, "register-disagrees", &message);
    }
}

/// Leaves a row out that says what the register says.
fn agrees(accounts: &mut Accounts) {
    accounts.leave_out("in-the-register", "the register says the same of this area");
}

/// A sentence on how a cell differs from what the register says of an authority; nothing where it agrees.
fn differs(said: &Said<'_>, authority: &Authority, rule: &TableRule, register: &Register) -> Option<String> {
    let printed = said.printed.as_str();
    let is_region = |code: &str| code == authority.region_code || code == authority.comparison_region_code;
    let region_name = || register.region(&authority.region_code).map_or("", |region| region.region_name.as_str());
    let (agrees, ours) = match said.field {
        "authority_code" => (register.by_code(printed) == Some(authority), authority.authority_code.as_str()),
        "dfe_code" => (authority.dfe_code == printed, authority.dfe_code.as_str()),
        "name" => (register.by_name(printed).contains(&authority), authority.name.as_str()),
        "region_code" => (is_region(printed), authority.region_code.as_str()),
        "region_name" => {
            (register.region_by_name(printed).is_some_and(|region| is_region(&region.region_code)), region_name())
        }
        "kind" => {
            let kind = rule.kinds.iter().find(|(text, _)| normal_name(text) == normal_name(printed));
            (kind.is_some_and(|(_, kind)| *kind == authority.kind), authority.kind.as_str())
        }
        "ofsted_urn" => {
            let urn = register.ofsted_urn(&authority.authority_code).unwrap_or("none");
            (urn == printed, urn)
        }
        // An area of the lower tier is another authority's only if that is no authority of the register.
        "lower_tier_code" => {
            let lower = register.by_code(printed);
            (lower.is_none_or(|lower| lower == authority), authority.authority_code.as_str())
        }
        _ => (true, ""),
    };
    (!agrees).then(|| disagreement(ours, &format!("{} ({})", authority.name, authority.authority_code)))
}

fn disagreement(ours: &str, area: &str) -> String {
    format!("the register says {ours:?} of {area}, and that holds; if the row is right, bring a register that says so")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a row that names an area and gives a code of it: its rule, and what is wrong with it.
    fn held(name: &str, code: &str) -> (usize, Vec<String>) {
        let register = Register::embedded().unwrap();
        let mut accounts = Accounts::new("a", "b", "c.csv");
        let said = [("authority_code", "Code", code), ("name", "Name", name)];
        let said =
            said.map(|(field, column, printed)| Said { field, column: column.to_owned(), printed: printed.to_owned() });
        let filled: Vec<Said<'_>> = said.into_iter().filter(|said| !said.printed.is_empty()).collect();
        hold(&filled, 2, &TableRule::default(), &register, &mut accounts);
        let set_aside =
            accounts.quarantine.iter().map(|row| format!("{} {}: {}", row.column_name, row.value, row.message));
        (accounts.rows_out_of_scope, set_aside.collect())
    }

    #[test]
    fn a_region_agrees_by_its_name_and_by_its_code_where_it_has_one() {
        assert_eq!(held("North East", "E12000001"), (1, vec![]));
        assert_eq!(held("North East", ""), (1, vec![]));
        let (agreeing, told) = held("North East", "E12000002");
        assert_eq!(agreeing, 0);
        assert!(told[0].starts_with("Code E12000002: the register says \"E12000001\" of North East"), "{told:?}");
    }

    #[test]
    fn an_area_that_the_register_has_not_is_set_aside() {
        assert!(held("Northmarsh", "E06999999").1[0].contains("no authority or region"));
    }
}

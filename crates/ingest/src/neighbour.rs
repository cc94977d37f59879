//! Tables of statistical neighbours: ten neighbours to a row, each with how close it is.

use jiff::civil::Date;
use serde::Serialize;

use crate::accounts::Accounts;
use crate::line::Line;
use crate::pipeline::TableRule;
use crate::register::Register;
use crate::table::RawTable;
use crate::workbook::same_header;

/// A row of `neighbour_record`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NeighbourRecord {
    set_id: String,
    published_on: Date,
    authority_code: String,
    published_code: String,
    neighbour_code: String,
    rank: i64,
    closeness: String,
    source_id: String,
    release: String,
    source_table: String,
    source_row: u32,
    precedence: i64,
}

/// Reads the rows of a table; what cannot be read goes to `accounts`.
///
/// The columns of neighbours are called as `neighbour` says with `{n}` for 1, 2, 3 …; how close each
/// is stands in the column to its right.
pub(crate) fn read(
    rule: &TableRule,
    sheet: &str,
    table: &RawTable,
    register: &Register,
    published_on: Date,
    accounts: &mut Accounts,
) -> Vec<NeighbourRecord> {
    let places = neighbour_columns(rule, table);
    let mut records = Vec::new();
    for row in 0..table.source_rows.len() {
        let number = table.source_rows[row];
        let line = Line { columns: &rule.columns, table, row };
        let (column, code) = line.field("code");
        if line.is_blank() {
            accounts.leave_out("blank-row", "a row in which nothing is printed");
            continue;
        }
        if code.is_empty() && places.iter().all(|place| table.cell(row, Some(*place)).is_empty()) {
            accounts.leave_out("heading-row", "a row that only heads those below it");
            continue;
        }
        let Some(authority) = resolve(register, code) else {
            let message = "the code is no authority's in the register; correct it, or bring a register that has it";
            accounts.quarantine_row(number, column, code, "unknown-authority", message);
            continue;
        };
        let is_none = |place: &usize| matches!(table.cell(row, Some(*place)), "" | "-");
        if places.iter().all(is_none) {
            accounts.leave_out("no-neighbours-published", "the set gives this authority no neighbours");
            continue;
        }
        let mut kept = false;
        for (i, place) in places.iter().enumerate() {
            let code = table.cell(row, Some(*place));
            if is_none(place) {
                continue;
            }
            match resolve(register, code) {
                Some(neighbour) => {
                    kept = true;
                    records.push(NeighbourRecord {
                        set_id: rule.set_id.clone().unwrap_or_default(),
                        published_on,
                        authority_code: authority.authority_code.clone(),
                        published_code: code.to_owned(),
                        neighbour_code: neighbour.authority_code.clone(),
                        rank: i64::try_from(i + 1).unwrap_or(i64::MAX),
                        closeness: closeness(
                            table.cell(row, Some(place + 1).filter(|next| *next < table.header.len())),
                        ),
                        source_id: accounts.source_id.clone(),
                        release: accounts.release.clone(),
                        source_table: sheet.to_owned(),
                        source_row: number,
                        precedence: rule.precedence,
                    });
                }
                None => {
                    let message = "the neighbour's code is no authority's in the register; correct it";
                    accounts.quarantine_cell(number, &table.header[*place], code, "unknown-neighbour", message);
                }
            }
        }
        if kept {
            accounts.keep(1);
        } else {
            accounts.quarantine_row(
                number,
                column,
                code,
                "no-usable-cell",
                "none of its neighbours could be read; correct the row",
            );
        }
    }
    records
}

fn resolve<'a>(register: &'a Register, code: &str) -> Option<&'a crate::register::Authority> {
    register.by_dfe_code(code).or_else(|| register.by_code(code))
}

fn neighbour_columns(rule: &TableRule, table: &RawTable) -> Vec<usize> {
    let pattern = rule.columns.get("neighbour").map_or("", String::as_str);
    (1..)
        .map_while(|n: u32| {
            let name = pattern.replace("{n}", &n.to_string());
            table.header.iter().position(|cell| pattern.contains("{n}") && same_header(cell, &name))
        })
        .collect()
}

/// How close a neighbour is, in one spelling: `very-close`.
fn closeness(printed: &str) -> String {
    printed.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

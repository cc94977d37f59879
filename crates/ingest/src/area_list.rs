//! A publisher's list of areas: it makes no fact, and each row is held against the register.

use crate::accounts::Accounts;
use crate::geography::Placed;
use crate::line::Line;
use crate::long::{by_code, region_contradicts};
use crate::pipeline::{Pipeline, TableRule};
use crate::register::Register;
use crate::table::RawTable;

/// What a row says that the register does not.
struct Disagreement {
    rule: &'static str,
    field: &'static str,
    message: String,
}

/// Holds each row against the register: one that agrees is left out, as the register has it already; one that
/// does not is set aside.
pub(crate) fn hold(
    rule: &TableRule,
    pipeline: &Pipeline,
    table: &RawTable,
    register: &Register,
    accounts: &mut Accounts,
) {
    for row in 0..table.source_rows.len() {
        let line = Line { columns: &rule.columns, table, row };
        if line.is_blank() {
            accounts.leave_out("blank-row", "a row in which nothing is printed");
            continue;
        }
        match disagreement(rule, pipeline, register, &line) {
            None => accounts
                .leave_out("in-the-register", "the register has this area with the same code, name, region and kind"),
            Some(Disagreement { rule, field, message }) => {
                let (column, value) = line.field(field);
                accounts.quarantine_row(table.source_rows[row], column, value, rule, &message);
            }
        }
    }
}

fn disagreement(rule: &TableRule, pipeline: &Pipeline, register: &Register, line: &Line<'_>) -> Option<Disagreement> {
    let says = |field: &'static str| {
        let text = line.field(field).1;
        if rule.blank.iter().any(|blank| blank == text) { "" } else { text }
    };
    let areas = match by_code(pipeline, register, says("code"), says("name")) {
        Placed::Areas(areas) => areas,
        Placed::OutOfScope { rule, why } => return Some(Disagreement { rule, field: "code", message: why }),
        Placed::Quarantined { rule, column, message, .. } => {
            let field = if column.ends_with("name") { "name" } else { "code" };
            return Some(Disagreement { rule, field, message });
        }
    };
    let region = says("region");
    if let Some(message) = areas.iter().find_map(|area| region_contradicts(register, area, region)) {
        return Some(Disagreement { rule: "region-contradicts-code", field: "region", message });
    }
    let printed = says("kind");
    let kind = rule.kinds.get(printed).map_or(printed, String::as_str);
    let differs = areas.iter().filter_map(|area| register.by_code(&area.code)).find(|authority| authority.kind != kind);
    let authority = differs.filter(|_| !kind.is_empty())?;
    Some(Disagreement {
        rule: "kind-differs",
        field: "kind",
        message: format!(
            "{} is a {} by the register, which holds; figures do not depend on it, so nothing is to be done unless the register is wrong",
            authority.name, authority.kind
        ),
    })
}

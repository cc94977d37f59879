//! The models `signal_level` and `signal_change`: how many signals an authority has, and whether they have become more.
//!
//! Restricted as the signals are. The level compares authorities, whose people differ in how readily they report; the
//! change holds an authority against itself, and says more (`docs/methods.md`, "Signals").

mod change;
mod level;
mod plan;
mod record;

use std::ops::RangeInclusive;

use lais_lake::{Class, RustModel};
use plan::Plan;
use record::Month;

pub(crate) const LEVEL: RustModel = RustModel {
    name: "signal_level",
    class: Class::Restricted,
    inputs: record::INPUTS,
    key: &["authority_code", "channel"],
    code: env!("LAIS_CODE"),
    schema: level::schema,
    run: level::run,
};

pub(crate) const CHANGE: RustModel = RustModel {
    name: "signal_change",
    class: Class::Restricted,
    inputs: record::INPUTS,
    key: &["authority_code", "channel", "period_end"],
    code: env!("LAIS_CODE"),
    schema: change::schema,
    run: change::run,
};

const NO_RECORD: &str = "nothing of this channel is held of its Ofsted region for a whole month";
const NO_CHILDREN: &str = "how many children it has is not held";
const NO_CASE: &str = "no authority has a case of this channel in these months";
const FEW_CHILDREN: &str = "it has too few children to be compared with the country";
const EVERY_CASE: &str = "so few are expected that one case by itself would raise an alarm: each is to be read";

/// The last months up to one, no more than `most` and none before the record begins; why not, where they are too few.
fn latest(first: Month, last: Month, most: i32, which: &str, plan: &Plan) -> Result<RangeInclusive<Month>, String> {
    let from = first.max(last - most + 1);
    match last - from + 1 < plan.least_months {
        true => Err(format!("fewer than {} whole months {which}", plan.least_months)),
        false => Ok(from..=last),
    }
}

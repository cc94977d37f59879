//! The areas of a long table, each found once.

use std::collections::HashMap;

use super::{Bad, Long};
use crate::geography::{self, Area, Placed, Printed};
use crate::pipeline::Pipeline;
use crate::register::Register;

/// Why a row has no area.
#[derive(Clone)]
pub(super) enum AreaFault {
    Out { rule: &'static str, why: String },
    Bad(Bad),
}

/// The areas of a table, each found once.
pub(super) struct Areas<'a> {
    long: &'a Long<'a>,
    register: &'a Register,
    pub(super) areas: Vec<Area>,
    known: HashMap<(u32, u32, u32), Result<std::ops::Range<usize>, AreaFault>>,
    /// A number for each code, as two spellings can mean one area.
    numbers: HashMap<String, u32>,
}

impl<'a> Areas<'a> {
    pub(super) fn new(long: &'a Long<'a>, register: &'a Register) -> Self {
        Self { long, register, areas: Vec::new(), known: HashMap::new(), numbers: HashMap::new() }
    }

    pub(super) fn find(&mut self, row: usize) -> Result<std::ops::Range<usize>, AreaFault> {
        let rule = self.long.rule;
        let optional = |column: &Option<String>| column.as_ref().map_or(0, |column| self.long.key(row, column));
        let key = (self.long.key(row, &rule.code), optional(&rule.name), optional(&rule.region));
        if let Some(found) = self.known.get(&key) {
            return found.clone();
        }
        let found = self.locate(row);
        self.known.insert(key, found.clone());
        found
    }

    /// The number of an area's code.
    pub(super) fn number(&self, area: usize) -> u32 {
        self.areas.get(area).and_then(|area| self.numbers.get(&area.code)).copied().unwrap_or(u32::MAX)
    }

    fn locate(&mut self, row: usize) -> Result<std::ops::Range<usize>, AreaFault> {
        let (rule, table) = (self.long.rule, &self.long.table);
        let text = |column: Option<&String>| rule.text(table, row, column);
        let found = by_code(self.long.pipeline, self.register, text(Some(&rule.code)), text(rule.name.as_ref()));
        let column = |field: &str| match field {
            "la_name" | "region_name" | "country_name" => rule.name.clone().unwrap_or_default(),
            _ => rule.code.clone(),
        };
        let areas = match found {
            Placed::Areas(areas) => areas,
            Placed::OutOfScope { rule, why } => return Err(AreaFault::Out { rule, why }),
            Placed::Quarantined { rule, column: field, value, message } => {
                return Err(AreaFault::Bad(Bad { rule, column: column(field), value, message }));
            }
        };
        let region = text(rule.region.as_ref());
        if let Some(message) = areas.iter().find_map(|area| region_contradicts(self.register, area, region)) {
            let column = rule.region.clone().unwrap_or_default();
            return Err(AreaFault::Bad(Bad {
                rule: "region-contradicts-code",
                column,
                value: region.to_owned(),
                message,
            }));
        }
        let start = self.areas.len();
        for area in areas {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            self.numbers.entry(area.code.clone()).or_insert(next);
            self.areas.push(area);
        }
        Ok(start..self.areas.len())
    }
}

/// The areas that a code means: one of the publisher's own for regions, or an authority's of any kind.
pub(crate) fn by_code(pipeline: &Pipeline, register: &Register, code: &str, name: &str) -> Placed {
    let own = pipeline.areas.get(code).map_or(code, String::as_str);
    let region = register.region(own);
    let level = region.map(|region| region.level.as_str());
    let first = code.split('/').next().unwrap_or_default().trim();
    let printed = match level {
        Some("country") => Printed { level: "National", country_code: own, country_name: name, ..Printed::default() },
        Some(_) => Printed { level: "Regional", region_code: own, region_name: name, ..Printed::default() },
        None if register.by_code(first).is_some() => {
            Printed { level: "Local authority", new_la_code: code, la_name: name, ..Printed::default() }
        }
        None => Printed { level: "Local authority", old_la_code: code, la_name: name, ..Printed::default() },
    };
    match geography::place(register, printed) {
        Placed::Areas(mut areas) => {
            for area in &mut areas {
                area.published_code = code.to_owned();
            }
            Placed::Areas(areas)
        }
        other => other,
    }
}

/// Why the region that is printed beside an area is not its own, if it is not.
pub(crate) fn region_contradicts(register: &Register, area: &Area, printed: &str) -> Option<String> {
    if printed.is_empty() {
        return None;
    }
    let own = match register.by_code(&area.code) {
        Some(authority) => vec![authority.region_code.as_str(), authority.comparison_region_code.as_str()],
        None => vec![area.code.as_str()],
    };
    let named = register.region_by_name(printed).map(|region| region.region_code.as_str());
    let names = || own.iter().filter_map(|code| register.region(code)).map(|region| region.region_name.clone());
    named.is_none_or(|code| !own.contains(&code)).then(|| {
        let mut names: Vec<String> = names().collect();
        names.dedup();
        format!(
            "{} is in {} by the register; correct the row, or bring a register of your own",
            area.name,
            names.join(" or ")
        )
    })
}

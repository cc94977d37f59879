//! What is wrong with a declaration beyond its form: ids, words and classes that mean nothing here.

use lais_framework::{criteria, focus_topics};
use lais_lake::Class;

use crate::pipeline::{Description, Into, Pipeline, Reader, Role, TimeRule, is_kebab};

impl Pipeline {
    /// What is wrong with the declaration beyond its form.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !is_kebab(&self.id) {
            faults.push(format!("id {:?} is not lower-case kebab-case", self.id));
        }
        for indicator in &self.indicators {
            if !is_kebab(&indicator.id) {
                faults.push(format!("indicator id {:?} is not lower-case kebab-case", indicator.id));
            }
            if indicator.same_as.is_none() {
                faults.extend(self.description_faults(&indicator.id, &self.describe(&indicator.description())));
            }
            for filter in indicator.filters.keys().filter(|f| !self.filters.contains_key(*f)) {
                faults.push(format!("indicator {} fixes {filter}, which is not among [filters]", indicator.id));
            }
        }
        for (name, filter) in &self.filters {
            if filter.role == Role::Subgroup && filter.headline.is_none() {
                faults.push(format!("filter {name} is a subgroup and says no headline value"));
            }
        }
        for (label, rule) in &self.time {
            faults.extend(time_faults(label, rule));
        }
        for (symbol, status) in &self.symbols {
            if crate::cell::Status::from_id(status).is_none() {
                faults.push(format!("symbol {symbol:?} means {status:?}, which is no status"));
            }
        }
        if self.reader == Reader::EesCsv && self.publication.usual_lag_days == 0 {
            faults.push("[publication] usual_lag_days is missing: days from a period's end to its figures".to_owned());
        }
        faults.extend(self.table_faults());
        faults.extend(crate::long::faults(self));
        faults.extend(crate::dictionary::faults(self));
        faults.extend(self.class_faults());
        faults.extend(self.fetch_faults());
        faults
    }

    fn description_faults(&self, what: &str, said: &Description) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(id) = &said.criterion
            && !criteria().iter().any(|criterion| criterion.id == *id)
        {
            faults.push(format!("{what}: criterion {id:?} is none of the 17"));
        }
        if let Some(id) = &said.focus_topic
            && !focus_topics().iter().any(|topic| topic.id == *id)
        {
            faults.push(format!("{what}: focus topic {id:?} is none of the six"));
        }
        for (name, missing) in [("title", said.title.is_none()), ("unit", said.unit.is_none())] {
            if missing {
                faults.push(format!("{what}: it has no {name}"));
            }
        }
        faults
    }

    /// Facts of one kind have one class, and a pipeline cannot say another.
    fn class_faults(&self) -> Vec<String> {
        let signals = self.tables.iter().filter(|table| table.into == Into::Signal).count();
        let needed = match (self.reader, signals) {
            (Reader::Document, _) => Class::Official,
            (Reader::Tables, 1..) => Class::Restricted,
            _ => Class::Public,
        };
        let mut faults = Vec::new();
        if self.class != needed {
            faults.push(format!("what it holds is {}; write class = \"{0}\"", needed.id()));
        }
        if signals > 0 && signals < self.tables.len() {
            faults.push("tables of signals stand in a pipeline of their own, as all of it is restricted".to_owned());
        }
        if (self.reader == Reader::Document) != self.document.is_some() {
            faults.push("a pipeline has [document] where its reader is \"document\", and only there".to_owned());
        }
        faults
    }

    fn table_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.reader == Reader::Tables && self.tables.is_empty() {
            faults.push("a pipeline read as tables needs at least one [[tables]]".to_owned());
        }
        for table in &self.tables {
            faults.extend(crate::event::faults(table));
            for topic in table.topics.values().flatten() {
                if !focus_topics().iter().any(|known| known.id == *topic) {
                    faults.push(format!("table {}: {topic:?} is no focused-visit topic", table.name));
                }
            }
        }
        faults
    }
}

/// A period is a week of the year, or ends on a day and perhaps starts on one.
fn time_faults(label: &str, rule: &TimeRule) -> Option<String> {
    if let Some(week) = rule.week {
        let is_alone = rule.ends.is_empty() && rule.starts.is_none();
        return (!(1..=53).contains(&week) || !is_alone)
            .then(|| format!("time {label:?} is week {week}; a week is 1 to 53, and has no other day"));
    }
    if rule.month_day().is_none() {
        return Some(format!("time {label:?} ends {:?}, which is no month-day such as 03-31", rule.ends));
    }
    let starts = rule.starts.as_ref()?;
    rule.start_month_day()
        .is_none()
        .then(|| format!("time {label:?} starts {starts:?}, which is no month-day such as 04-01"))
}

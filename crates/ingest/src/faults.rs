//! What is wrong with a declaration beyond its form: ids, words and classes that mean nothing here.

use lais_framework::{criteria, focus_topics};
use lais_lake::Class;
use lais_stats::{Measure, Polarity};

use crate::pipeline::{
    CountRef, Description, IndicatorSpec, Into, Pipeline, Reader, Role, TableRule, TimeRule, Unit, is_kebab,
};

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
            let said = self.describe(&indicator.description());
            if indicator.same_as.is_none() {
                faults.extend(self.description_faults(&indicator.id, &said));
            }
            faults.extend(
                self.column_fault(indicator, &said).map(|fault| format!("indicator {}: {fault}", indicator.id)),
            );
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

    /// What is wrong with where an indicator's figures come from; `said` is its whole description.
    fn column_fault(&self, spec: &IndicatorSpec, said: &Description) -> Option<&'static str> {
        let of_its_row = |count: &Option<CountRef>| count.as_ref().is_some_and(|count| count.filters.is_empty());
        let is_no_quotient = |unit: Unit| unit.multiplier().is_none();
        let faults = [
            (!spec.computed && spec.column.is_empty(), "it has no column, and is not computed = true"),
            (spec.computed && !spec.column.is_empty(), "it is computed and has a column; leave one of them out"),
            (spec.computed && spec.format.is_some(), "it is computed, so that nothing prints it in a format"),
            (spec.computed && self.reader != Reader::EesCsv, "computed = true is for the reader \"ees-csv\""),
            (
                spec.computed && !(of_its_row(&spec.numerator) && of_its_row(&spec.denominator)),
                "it is computed, and needs a numerator and a denominator of its own row",
            ),
            (
                spec.computed && spec.same_as.is_none() && said.unit.is_none_or(is_no_quotient),
                "it is computed, and its unit is no quotient of counts; say percent or a rate",
            ),
        ];
        faults.into_iter().find(|(is_wrong, _)| *is_wrong).map(|(_, fault)| fault)
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
        let measure = said.measure.or(said.unit.map(Unit::measure));
        let has_sampling_error = matches!(measure, Some(Measure::Proportion | Measure::Rate | Measure::Ratio));
        if said.standard.is_some() && (!has_sampling_error || said.polarity.unwrap_or_default() == Polarity::None) {
            faults.push(format!("{what}: a standard is for a proportion, rate or ratio of which one end is better"));
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
        faults.extend(self.scope_faults());
        for table in &self.tables {
            faults.extend(match table.into {
                Into::Observation => self.figure_faults(table),
                Into::RegisterCheck => unknown_fields(table, &crate::register_check::FIELDS),
                Into::ReviewDecision => unknown_fields(table, &crate::decision::FIELDS),
                Into::OutOfScope if table.rule.as_deref().is_none_or(|rule| !is_kebab(rule)) || table.why.is_none() => {
                    vec![format!("table {}: what leaves it out needs a rule in kebab-case and a why", table.name)]
                }
                _ => Vec::new(),
            });
            faults.extend(crate::event::faults(table));
            for topic in table.topics.values().flatten() {
                if !focus_topics().iter().any(|known| known.id == *topic) {
                    faults.push(format!("table {}: {topic:?} is no focused-visit topic", table.name));
                }
            }
        }
        faults
    }

    /// What is wrong with the rules that leave rows out.
    fn scope_faults(&self) -> Vec<String> {
        let has_figures = self.tables.iter().any(|table| table.into == Into::Observation);
        let mut faults = Vec::new();
        for rule in &self.out_of_scope {
            if rule.values.is_empty() && rule.begins.is_empty() && !rule.filled {
                faults.push(format!("out of scope {}: it says no values, begins or filled", rule.rule));
            }
            if rule.unless_authority && !has_figures {
                faults.push(format!("out of scope {}: unless_authority is for tables into observation", rule.rule));
            }
        }
        faults
    }

    /// What is wrong with the declaration of a table of figures.
    fn figure_faults(&self, table: &TableRule) -> Vec<String> {
        let mut faults = unknown_fields(table, &crate::figure_columns::FIELDS);
        let mut fault = |is_wrong: bool, what: &str| {
            if is_wrong {
                faults.push(format!("table {}: {what}", table.name));
            }
        };
        let (figures, period) = (&table.figures, &table.period);
        fault(table.header.is_empty(), "it names no cell of its header");
        fault(
            !table.columns.contains_key("code") && !table.columns.contains_key("name"),
            "[tables.columns] names neither the code nor the name of an area",
        );
        fault(
            figures.columns.is_empty() && figures.from.is_none() && figures.measures.is_empty(),
            "[tables.figures] says none of columns, from and measures",
        );
        fault(
            figures.filter.as_ref().is_some_and(|filter| !self.filters.contains_key(filter)),
            "the filter that the names of columns are values of is not among [filters]",
        );
        fault(
            period.column.is_none() && period.after.is_none() && period.label.is_none(),
            "[tables.period] says none of column, after and label",
        );
        let named: Vec<&String> = [&period.year, &period.years].into_iter().flatten().collect();
        fault(
            named.is_empty() || named.iter().any(|name| !self.time.contains_key(*name)),
            "[tables.period] year and years have to name one of [time] each, and one of them has to be there",
        );
        let unknown = |id: &String| crate::cell::Status::from_id(id).is_none();
        fault(
            table.notes.iter().filter_map(|note| note.status.as_ref()).any(unknown),
            "one of [[tables.notes]] means no status",
        );
        fault(
            self.publication.usual_lag_days == 0,
            "[publication] usual_lag_days is missing: days from a period's end to its figures",
        );
        faults
    }
}

/// A fault for each field of a table that means nothing there.
fn unknown_fields(table: &TableRule, fields: &[&str]) -> Vec<String> {
    let unknown = table.columns.keys().filter(|field| !fields.contains(&field.as_str()));
    unknown.map(|field| format!("table {}: {field:?} is none of {}", table.name, fields.join(", "))).collect()
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

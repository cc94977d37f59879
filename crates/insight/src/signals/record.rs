//! The record of signals by month: for which months it is held, and how many cases each authority had.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use arrow::array::RecordBatch;
use jiff::civil::Date;
use lais_framework::signal_words;
use lais_lake::{date_of, days_since_epoch};

use super::{FEW_CHILDREN, NO_CHILDREN};
use crate::columns::Table;
use crate::funnel::TOO_SMALL;

/// Children that a rate is per, in a year.
const PER: f64 = 10_000.0;

/// The tables that a record is read from.
pub(super) const INPUTS: &[&str] = &["stg_signal", "stg_child_population", "authority"];

/// A month, as the number of months since the beginning of year 0.
pub(super) type Month = i32;

/// Signals of every authority by month.
pub(super) struct Record<'a> {
    /// The authorities that there are, in order of code.
    pub(super) authorities: Vec<Authority<'a>>,
    /// The last whole month by the day asked for.
    pub(super) latest: Month,
    /// The first signal of a region and channel, and the last day that a file could tell of, of the region.
    first: HashMap<(&'a str, &'a str), i32>,
    last: HashMap<&'a str, i32>,
    /// By authority and channel.
    signals: HashMap<&'a str, HashMap<&'a str, Vec<Signal>>>,
}

/// An authority.
pub(super) struct Authority<'a> {
    pub(super) code: &'a str,
    region: &'a str,
    pub(super) children: Option<f64>,
}

impl Authority<'_> {
    /// Its children in the unit of an exposure.
    ///
    /// # Errors
    /// Why there is no exposure.
    pub(super) fn exposure(&self) -> Result<f64, String> {
        if TOO_SMALL.contains(&self.code) {
            return Err(FEW_CHILDREN.to_owned());
        }
        Ok(self.children.ok_or(NO_CHILDREN)? / PER)
    }
}

struct Signal {
    month: Month,
    opens_case: bool,
    serious_open: bool,
}

/// What a record has of one authority and channel in some months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) signals: usize,
    pub(super) cases: usize,
}

impl<'a> Record<'a> {
    /// Reads the record as it is known on a day.
    ///
    /// # Errors
    /// Where a table or column is not there.
    pub(super) fn read(inputs: &'a [RecordBatch], as_at: Date) -> Result<Self, String> {
        let [signals, population, authority] = inputs else { return Err("it reads three tables".to_owned()) };
        let children = children(population)?;
        let regions = regions(authority, days_since_epoch(as_at))?;
        let of = |(code, region): (&&'a str, &&'a str)| Authority {
            code,
            region,
            children: children.get(code).copied().filter(|children| *children > 0.0),
        };
        let mut authorities: Vec<Authority<'a>> = regions.iter().map(of).collect();
        authorities.sort_by_key(|authority| authority.code);
        let latest = last_whole_month(as_at);
        let (first, last, by_authority) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut record = Self { authorities, latest, first, last, signals: by_authority };
        record.add(signals, &regions)?;
        Ok(record)
    }

    fn add(&mut self, batch: &'a RecordBatch, regions: &HashMap<&str, &'a str>) -> Result<(), String> {
        let table = Table::new(INPUTS[0], batch);
        let (code, channel) = (table.texts("authority_code")?, table.texts("channel")?);
        let (received, told) = (table.days("received_on")?, table.days("told_on")?);
        let (opens_case, serious_open) = (table.truths("opens_case")?, table.truths("serious_open")?);
        for row in 0..batch.num_rows() {
            let (Some(code), Some(channel), Some(received)) = (code(row), channel(row), received(row)) else {
                continue;
            };
            if let Some(region) = regions.get(code) {
                let first = self.first.entry((region, channel)).or_insert(received);
                *first = received.min(*first);
                let told = told(row).unwrap_or(received);
                let last = self.last.entry(region).or_insert(told);
                *last = told.max(*last);
            }
            let signal = Signal {
                month: month(date_of(received)),
                opens_case: opens_case(row).unwrap_or(false),
                serious_open: serious_open(row).unwrap_or(false),
            };
            self.signals.entry(code).or_default().entry(channel).or_default().push(signal);
        }
        Ok(())
    }

    /// For which months the record would hold a signal of a channel about an authority.
    ///
    /// A team sends what it holds: for a region of Ofsted and a channel the record begins with the month after its first
    /// signal, the first that is surely whole, and ends with the last whole month that a file of that region could tell
    /// of. Where nothing is held, no signal means nothing.
    pub(super) fn held(&self, authority: &Authority<'_>, channel: &str) -> Option<RangeInclusive<Month>> {
        let first = month(date_of(*self.first.get(&(authority.region, channel))?)) + 1;
        let last = last_whole_month(date_of(*self.last.get(authority.region)?)).min(self.latest);
        (first <= last).then_some(first..=last)
    }

    /// The channels of signals, in order of name.
    pub(super) fn channels() -> Vec<&'static str> {
        let mut channels = signal_words("channel").to_vec();
        channels.sort_unstable();
        channels
    }

    /// What was counted in some months.
    pub(super) fn counted(&self, authority: &str, channel: &str, months: &RangeInclusive<Month>) -> Counted {
        let within = self.of(authority, channel).iter().filter(|signal| months.contains(&signal.month));
        within.fold(Counted::default(), |so_far, signal| Counted {
            signals: so_far.signals + 1,
            cases: so_far.cases + usize::from(signal.opens_case),
        })
    }

    /// The cases of each of some months.
    pub(super) fn by_month(&self, authority: &str, channel: &str, months: &RangeInclusive<Month>) -> Vec<f64> {
        let of = |month| self.counted(authority, channel, &(month..=month)).cases as f64;
        months.clone().map(of).collect()
    }

    /// The serious signals that nobody has closed, of whatever month.
    pub(super) fn serious_open(&self, authority: &str, channel: &str) -> usize {
        self.of(authority, channel).iter().filter(|signal| signal.serious_open).count()
    }

    fn of(&self, authority: &str, channel: &str) -> &[Signal] {
        let of_authority = self.signals.get(authority).and_then(|channels| channels.get(channel));
        of_authority.map_or(&[], Vec::as_slice)
    }
}

/// The children of each authority.
fn children(batch: &RecordBatch) -> Result<HashMap<&str, f64>, String> {
    let table = Table::new(INPUTS[1], batch);
    let (code, children) = (table.texts("authority_code")?, table.numbers("children")?);
    Ok((0..batch.num_rows()).filter_map(|row| Some((code(row)?, children(row)?))).collect())
}

/// The authorities that there are on a day, each with its region of Ofsted.
fn regions(batch: &RecordBatch, on: i32) -> Result<HashMap<&str, &str>, String> {
    let table = Table::new(INPUTS[2], batch);
    let (code, region) = (table.texts("authority_code")?, table.texts("ofsted_region")?);
    let (from, to) = (table.days("valid_from")?, table.days("valid_to")?);
    let is = |row: &usize| from(*row).is_none_or(|from| from <= on) && to(*row).is_none_or(|to| on <= to);
    Ok((0..batch.num_rows()).filter(is).filter_map(|row| Some((code(row)?, region(row).unwrap_or("")))).collect())
}

pub(super) fn month(day: Date) -> Month {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// The last month that is over at the end of a day.
pub(super) fn last_whole_month(day: Date) -> Month {
    if day == day.last_of_month() { month(day) } else { month(day) - 1 }
}

/// The first and the last day of a month, as days since 1 January 1970.
pub(super) fn days(of: Month) -> (i32, i32) {
    let year = i16::try_from(of.div_euclid(12)).unwrap_or(i16::MAX);
    let month = i8::try_from(of.rem_euclid(12) + 1).unwrap_or(1);
    Date::new(year, month, 1).map_or((0, 0), |first| (days_since_epoch(first), days_since_epoch(first.last_of_month())))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_whole_from_its_last_day_on() {
        assert_eq!(last_whole_month(date(2026, 1, 31)), month(date(2026, 1, 1)));
        assert_eq!(last_whole_month(date(2026, 1, 30)), month(date(2025, 12, 1)));
        assert_eq!(last_whole_month(date(2024, 2, 28)), month(date(2024, 1, 1)));
        let (first, last) = days(month(date(2024, 2, 9)));
        assert_eq!((date_of(first), date_of(last)), (date(2024, 2, 1), date(2024, 2, 29)));
    }
}

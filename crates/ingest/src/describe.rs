//! What a pipeline says of an indicator or a column: unit, polarity, counts, and what it means.

use std::collections::BTreeMap;

use lais_stats::{Measure, Polarity};
use serde::Deserialize;

use crate::format::Format;

/// A column of counts beside a figure, in the same row or in another of the same group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRef {
    /// The column.
    pub column: String,
    /// Further columns of the same row, whose counts are added: where one is missing, so is the sum.
    #[serde(default)]
    pub plus: Vec<String>,
    /// Filter values of the other row, where it is another.
    #[serde(default, rename = "where")]
    pub filters: BTreeMap<String, String>,
}

/// Declares a struct with fields of its own and all that can be said of an indicator or a column.
///
/// Flattening one struct into another would say the same, but then an unknown key could not be
/// refused with its line.
macro_rules! described {
    ($(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// A title a person understands.
            #[serde(default)]
            pub title: Option<String>,
            /// The topic it is listed under.
            #[serde(default)]
            pub topic: Option<String>,
            /// Its unit.
            #[serde(default)]
            pub unit: Option<Unit>,
            /// What kind of number it is, where its unit does not say.
            #[serde(default)]
            pub measure: Option<Measure>,
            /// Decimals as published.
            #[serde(default)]
            pub decimals: Option<i64>,
            /// Which end is better.
            #[serde(default)]
            pub polarity: Option<Polarity>,
            /// The evaluation heading it speaks to.
            #[serde(default)]
            pub criterion: Option<String>,
            /// The focused-visit topic it speaks to.
            #[serde(default)]
            pub focus_topic: Option<String>,
            /// Its numerator.
            #[serde(default)]
            pub numerator: Option<CountRef>,
            /// Its denominator.
            #[serde(default)]
            pub denominator: Option<CountRef>,
            /// Legitimate values, where the unit's are too narrow.
            #[serde(default)]
            pub range: Option<[f64; 2]>,
            /// What is measured, in words.
            #[serde(default)]
            pub definition: Option<String>,
            /// Whether authorities can be compared by it; by its unit where not said: counts cannot.
            #[serde(default)]
            pub comparable: Option<bool>,
            /// The standard that every authority is held to, with where it is laid down: a statutory timescale.
            #[serde(default)]
            pub standard: Option<String>,
        }
    };
}

described! {
    /// What is said of an indicator or a column.
    pub struct Description {}
}

described! {
    /// A measure with an id of its own.
    pub struct IndicatorSpec {
        /// Kebab-case id.
        pub id: String,
        /// The column its figures are in; of a computed figure a name for what it is computed from.
        #[serde(default)]
        pub column: String,
        /// Whether no column has its figures, which are its numerator over its denominator.
        #[serde(default)]
        pub computed: bool,
        /// Filter values that fix it.
        #[serde(default, rename = "where")]
        pub filters: BTreeMap<String, String>,
        /// How its figures are printed, where its column prints others in another way.
        #[serde(default)]
        pub format: Option<Format>,
        /// The measure's short name in the Local Authority Interactive Tool, where it is the same.
        #[serde(default)]
        pub lait: Option<String>,
        /// The pipeline that defines this indicator, where this file is another layout of the series.
        #[serde(default)]
        pub same_as: Option<String>,
    }
}

impl IndicatorSpec {
    /// What is said of it, apart from its id and where it lies.
    #[must_use]
    pub fn description(&self) -> Description {
        Description {
            title: self.title.clone(),
            topic: self.topic.clone(),
            unit: self.unit,
            measure: self.measure,
            decimals: self.decimals,
            polarity: self.polarity,
            criterion: self.criterion.clone(),
            focus_topic: self.focus_topic.clone(),
            numerator: self.numerator.clone(),
            denominator: self.denominator.clone(),
            range: self.range,
            definition: self.definition.clone(),
            comparable: self.comparable,
            standard: self.standard.clone(),
        }
    }
}

impl IndicatorSpec {
    /// The columns that its figures are in, or are computed from.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &String> {
        let printed = (!self.computed).then_some(&self.column);
        let counts = [&self.numerator, &self.denominator].into_iter().flatten().filter(|_| self.computed);
        printed.into_iter().chain(counts.flat_map(CountRef::columns))
    }

    /// Calls the column of a computed figure what it is computed from: `(a + b) / c`.
    pub(crate) fn name_computed_column(&mut self) {
        let (true, Some(numerator), Some(denominator)) = (self.computed, &self.numerator, &self.denominator) else {
            return;
        };
        let sum = |count: &CountRef| {
            let columns: Vec<&str> = count.columns().map(String::as_str).collect();
            if columns.len() == 1 { columns[0].to_owned() } else { format!("({})", columns.join(" + ")) }
        };
        self.column = format!("{} / {}", sum(numerator), sum(denominator));
    }
}

impl CountRef {
    /// The columns whose counts are added.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.column).chain(&self.plus)
    }
}

impl Description {
    /// This description, with what it does not say taken from another.
    #[must_use]
    pub fn or(&self, d: &Self) -> Self {
        Self {
            title: self.title.clone().or_else(|| d.title.clone()),
            topic: self.topic.clone().or_else(|| d.topic.clone()),
            unit: self.unit.or(d.unit),
            measure: self.measure.or(d.measure),
            decimals: self.decimals.or(d.decimals),
            polarity: self.polarity.or(d.polarity),
            criterion: self.criterion.clone().or_else(|| d.criterion.clone()),
            focus_topic: self.focus_topic.clone().or_else(|| d.focus_topic.clone()),
            numerator: self.numerator.clone().or_else(|| d.numerator.clone()),
            denominator: self.denominator.clone().or_else(|| d.denominator.clone()),
            range: self.range.or(d.range),
            definition: self.definition.clone().or_else(|| d.definition.clone()),
            comparable: self.comparable.or(d.comparable),
            standard: self.standard.clone().or_else(|| d.standard.clone()),
        }
    }
}

/// No published figure is greater; one that is was misprinted, and would drown every mean it enters.
const GREATEST: f64 = 1e12;

/// The unit of a figure, as published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Per cent: 20.7, not 0.207.
    Percent,
    /// Per 10,000 children.
    #[serde(rename = "rate-per-10000")]
    RatePer10000,
    /// Per 1,000 people of the group that is meant.
    #[serde(rename = "rate-per-1000")]
    RatePer1000,
    /// Per 100,000 people of the group that is meant.
    #[serde(rename = "rate-per-100000")]
    RatePer100000,
    /// Pounds.
    Pounds,
    /// A count.
    Number,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Full-time equivalents.
    FullTimeEquivalent,
    /// Cases per worker.
    CasesPerWorker,
    /// A score, which can be below zero.
    Score,
    /// Points.
    Points,
    /// Thousands of pounds, which can be below zero where more came in than went out.
    ThousandPounds,
    /// Not said by the publisher; authorities cannot be compared by it.
    Unknown,
}

impl Unit {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::RatePer10000 => "rate-per-10000",
            Self::RatePer1000 => "rate-per-1000",
            Self::RatePer100000 => "rate-per-100000",
            Self::Pounds => "pounds",
            Self::Number => "number",
            Self::Days => "days",
            Self::Months => "months",
            Self::FullTimeEquivalent => "full-time-equivalent",
            Self::CasesPerWorker => "cases-per-worker",
            Self::Score => "score",
            Self::Points => "points",
            Self::ThousandPounds => "thousand-pounds",
            Self::Unknown => "unknown",
        }
    }

    /// What kind of number a figure of this unit is, where the pipeline does not say.
    #[must_use]
    pub const fn measure(self) -> Measure {
        match self {
            Self::Percent => Measure::Proportion,
            Self::RatePer1000 | Self::RatePer10000 | Self::RatePer100000 => Measure::Rate,
            Self::CasesPerWorker => Measure::Ratio,
            Self::Days | Self::Months | Self::Score | Self::Points => Measure::Mean,
            Self::Number | Self::FullTimeEquivalent | Self::Pounds | Self::ThousandPounds | Self::Unknown => {
                Measure::Amount
            }
        }
    }

    /// What numerator over denominator is multiplied by to come to this unit; none where figures are no such quotient.
    #[must_use]
    pub const fn multiplier(self) -> Option<i64> {
        match self {
            Self::Percent => Some(100),
            Self::RatePer1000 => Some(1_000),
            Self::RatePer10000 => Some(10_000),
            Self::RatePer100000 => Some(100_000),
            Self::CasesPerWorker => Some(1),
            _ => None,
        }
    }

    /// Whether figures of this unit say something of an authority whatever its size.
    #[must_use]
    pub const fn is_comparable(self) -> bool {
        !matches!(self, Self::Number | Self::FullTimeEquivalent | Self::Pounds | Self::ThousandPounds | Self::Unknown)
    }

    /// The least and greatest value a figure of this unit can have.
    #[must_use]
    pub const fn range(self) -> [f64; 2] {
        match self {
            Self::Percent => [0.0, 100.0],
            Self::Score | Self::Points | Self::Pounds | Self::ThousandPounds | Self::Unknown => [-GREATEST, GREATEST],
            _ => [0.0, GREATEST],
        }
    }
}

//! Quantiles and bands.

use lais_stats::{Band, Polarity, QuantileType, Refusal, lait_band, quantile_of_type, quantile7};

use super::{Aggregate, Call, Kind, Row, Scalar, Value};

pub(super) static SCALARS: &[Scalar] = &[Scalar {
    name: "lait_band",
    arguments: &[
        ("value", Kind::Number),
        ("q0", Kind::Number),
        ("q25", Kind::Number),
        ("q50", Kind::Number),
        ("q75", Kind::Number),
        ("q100", Kind::Number),
        ("polarity", Kind::Text),
    ],
    gives: Kind::Text,
    description: "The quartile band A to D by the rule of the Local Authority Interactive Tool; nothing without polarity.",
    example: "SELECT lait_band(20.0, 0.0, 16.9, 20.0, 23.0, 46.7, 'low-is-better')",
    call: Call::Row(band),
}];

pub(super) static AGGREGATES: &[Aggregate] = &[
    Aggregate {
        name: "quantile7",
        columns: &["value"],
        parameters: &["p"],
        description: "The exact sample quantile of type 7 at probability p (0 to 1); missing values are left out, and no value gives no quantile.",
        example: "SELECT quantile7(value, 0.25) FROM comparison WHERE indicator_id = 'rereferral-rate'",
        call: |columns, parameters| quantile7(&columns[0], parameters[0]),
    },
    Aggregate {
        name: "quantile_of_type",
        columns: &["value"],
        parameters: &["p", "type"],
        description: "The exact sample quantile at probability p by one of the nine definitions of Hyndman and Fan, by its number.",
        example: "SELECT quantile_of_type(value, 0.25, 6) FROM comparison WHERE indicator_id = 'rereferral-rate'",
        call: |columns, parameters| {
            let number = parameters[1];
            let definition = (number.fract() == 0.0 && (1.0..=9.0).contains(&number)).then_some(number as u8);
            let definition = definition.and_then(QuantileType::from_number);
            let definition = definition.ok_or(Refusal::Unknown("types of quantiles have the numbers 1 to 9"))?;
            quantile_of_type(&columns[0], parameters[0], definition)
        },
    },
];

fn band(row: &Row<'_>) -> Result<Value, Refusal> {
    let n = &row.numbers;
    let polarity = Polarity::from_id(row.texts[0]).unwrap_or_default();
    let band = lait_band(n[0], [n[1], n[2], n[3], n[4], n[5]], polarity).map(Band::letter);
    band.map(Value::Text).ok_or(Refusal::Undefined("there is no band"))
}

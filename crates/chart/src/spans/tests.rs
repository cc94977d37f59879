//! What a chart of intervals promises.

use super::*;

fn span(name: &str, value: f64, low: f64, high: f64) -> Span {
    Span { name: name.to_owned(), value: Value::Observed(value), interval: Some((low, high)) }
}

/// Two groups beside two lines, one row without a value.
fn usual() -> Spans {
    let missing = Span { name: "Deprivation".to_owned(), value: Value::Missing("15 only".to_owned()), interval: None };
    Spans {
        id: Some("backtest".to_owned()),
        title: "Nothing foretells better than the last grade".to_owned(),
        unit: "area under the curve, with 95 per cent interval".to_owned(),
        decimals: 2,
        source: "an invented record".to_owned(),
        references: vec![
            Reference { name: "chance".to_owned(), at: 0.5 },
            Reference { name: "last grade".to_owned(), at: 0.71 },
        ],
        groups: vec![
            SpanGroup {
                name: "Baselines".to_owned(),
                role: Role::Country,
                spans: vec![span("The last grade", 0.71, 0.66, 0.77), missing],
            },
            SpanGroup {
                name: "Composites <all>".to_owned(),
                role: Role::Subject,
                spans: vec![span("Mean rank of all indicators that were public on the day", 0.64, 0.57, 0.7)],
            },
        ],
    }
}

#[test]
fn every_value_is_printed_with_its_interval_and_what_is_missing_with_its_reason() {
    let svg = super::spans(&usual()).unwrap();
    for printed in [">0.71 (0.66 to 0.77)</text>", ">15 only</text>", ">chance</text>", ">Baselines</text>"] {
        assert!(svg.contains(printed), "{printed}");
    }
    assert!(svg.contains("Composites &lt;all&gt;") && !svg.contains("<all>"));
}

#[test]
fn the_chart_is_told_in_sentences_too() {
    let told = usual().description();
    assert!(told.contains("Line at 0.50: chance."), "{told}");
    assert!(told.contains("Baselines: The last grade 0.71 (0.66 to 0.77); Deprivation 15 only."), "{told}");
    assert!(super::spans(&usual()).unwrap().contains("<desc id=\"chart-backtest-desc\">"));
}

#[test]
fn the_same_values_give_the_same_bytes_and_a_picture() {
    let svg = super::spans(&usual()).unwrap();
    assert_eq!(svg, super::spans(&usual()).unwrap());
    assert!(crate::png(&svg, 720).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_number_that_is_not_finite_is_refused_and_a_chart_without_rows_drawn() {
    let mut bad = usual();
    bad.groups[0].spans[0].interval = Some((0.5, f64::NAN));
    assert!(matches!(super::spans(&bad), Err(ChartError::NotFinite { .. })));
    assert!(crate::png(&super::spans(&Spans::default()).unwrap(), 300).is_ok());
}

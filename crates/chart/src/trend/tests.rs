//! What a chart of a trend promises.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use resvg::usvg::{Group, Node, Options, TextChunk, Tree, fontdb};

use super::*;
use crate::{FACE, Point, Role, Series, Value, samples};

/// Parses an SVG as a renderer does, with the bundled face.
fn parse(svg: &str) -> Tree {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FACE.to_vec());
    let options = Options { fontdb: std::sync::Arc::new(fonts), ..Options::default() };
    Tree::from_str(svg, &options).unwrap()
}

/// The boxes of all words of a picture: left, top, right, bottom, text.
fn words(group: &Group) -> Vec<(f32, f32, f32, f32, String)> {
    let mut found = Vec::new();
    for node in group.children() {
        match node {
            Node::Group(group) => found.extend(words(group)),
            Node::Text(text) => {
                let area = text.abs_bounding_box();
                let words: String = text.chunks().iter().map(TextChunk::text).collect();
                found.push((area.left(), area.top(), area.right(), area.bottom(), words));
            }
            _ => {}
        }
    }
    found
}

fn count(svg: &str, what: &str) -> usize {
    svg.matches(what).count()
}

#[test]
fn a_gap_in_the_line_is_not_bridged() {
    let svg = trend(&samples::typical()).unwrap();
    // Runs of three, one, two and four values: three lines, and the single value as a mark.
    assert_eq!(count(&svg, "<polyline fill=\"none\" stroke=\"#0F3A5F\" stroke-width=\"32\""), 3);
    // Ten marks at values, one before the label; three at missing values and one at the note.
    assert_eq!(count(&svg, "fill=\"#0F3A5F\" stroke=\"none\" stroke-width=\"15\""), 11);
    assert_eq!(count(&svg, "fill=\"none\" stroke=\"#0F3A5F\" stroke-width=\"15\""), 4);
}

#[test]
fn a_missing_value_has_its_reason_below_the_chart() {
    let svg = trend(&samples::typical()).unwrap();
    let note = "Exampleshire: suppressed in 2015-16; not available in 2017-18; not comparable (boundary change) in 2020-21</text>";
    assert!(svg.contains(note));
}

#[test]
fn a_single_value_between_gaps_is_drawn_and_printed() {
    let svg = trend(&samples::single_point()).unwrap();
    assert!(svg.contains(">20.7</text>"));
    assert!(svg.contains(">20.7 (2023-24)</text>"));
}

#[test]
fn no_word_leaves_the_picture_or_lies_on_another() {
    for (name, sample) in samples::all() {
        let tree = parse(&trend(&sample).unwrap());
        let mut seen: Vec<(f32, f32, f32, f32, String)> = Vec::new();
        for word in words(tree.root()) {
            let (left, top, right, bottom, text) = &word;
            assert!(
                *left >= 0.0 && *right <= 720.0 && *top >= 0.0 && *bottom <= tree.size().height(),
                "{name}: {text}"
            );
            for other in &seen {
                // The same words in the same place are the rim of a printed value.
                let apart = *left >= other.2 || *right <= other.0 || *top + 4.0 >= other.3 || *bottom <= other.1 + 4.0;
                assert!(apart || *text == other.4, "{name}: {text} lies on {}", other.4);
            }
            seen.push(word);
        }
    }
}

#[test]
fn text_is_at_least_twelve_units_high() {
    for (name, sample) in samples::all() {
        let svg = trend(&sample).unwrap();
        for size in svg.split("font-size=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(size.parse::<f64>().unwrap() >= 12.0, "{name}: {size}");
        }
    }
}

#[test]
fn an_axis_that_does_not_start_at_zero_says_so() {
    assert!(trend(&samples::far_from_zero()).unwrap().contains(">Axis starts at 75, not at zero</text>"));
    assert!(!trend(&samples::typical()).unwrap().contains("not at zero"));
}

#[test]
fn without_anything_to_draw_the_chart_says_so_and_why() {
    let svg = trend(&samples::all_missing()).unwrap();
    assert!(svg.contains(">Nothing to draw: no value was observed.</text>"));
    assert!(svg.contains("England: not published in 2021-22 to 2023-24</text>"));
    assert!(trend(&Trend::default()).unwrap().contains(">Nothing to draw: no series was given.</text>"));
}

#[test]
fn a_value_that_is_no_number_is_refused() {
    let mut sample = samples::typical();
    sample.series[1].points[2].value = Value::Observed(f64::NAN);
    let refused = trend(&sample).unwrap_err().to_string();
    assert_eq!(refused, "England, 2014-15: NaN is not a finite number; a missing value is given with its reason");
}

#[test]
fn the_picture_is_named_and_described_for_those_who_do_not_see_it() {
    let mut sample = samples::typical();
    sample.id = Some("a1".to_owned());
    let svg = trend(&sample).unwrap();
    assert!(svg.contains("role=\"img\" aria-labelledby=\"chart-a1-title chart-a1-desc\""));
    assert!(svg.contains("<title id=\"chart-a1-title\">Re-referrals within 12 months</title>"));
    assert!(svg.contains(&format!("<desc id=\"chart-a1-desc\">{}</desc>", sample.description())));
}

#[test]
fn a_name_with_markup_in_it_is_a_name() {
    let mut sample = samples::crowded();
    sample.title = "A & B <script>alert('1')</script>\u{0}".to_owned();
    sample.series[0].name = "\"Exampleshire\" ]]>".to_owned();
    let svg = trend(&sample).unwrap();
    assert!(!svg.contains("<script") && !svg.contains("]]>"));
    assert!(words(parse(&svg).root()).iter().any(|word| word.4.contains("\"Exampleshire\" ]]>")));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (name, sample) in samples::all() {
        assert_eq!(trend(&sample).unwrap(), trend(&sample).unwrap(), "{name}");
        let mut turned = sample.clone();
        for series in &mut turned.series {
            series.points.reverse();
        }
        assert_eq!(trend(&sample).unwrap(), trend(&turned).unwrap(), "{name}, points in another order");
    }
}

#[test]
fn a_small_chart_looks_as_it_did() {
    let mut sample = samples::single_point();
    sample.id = Some("small".to_owned());
    insta::assert_snapshot!(trend(&sample).unwrap());
}

#[test]
fn an_empty_chart_looks_as_it_did() {
    insta::assert_snapshot!(trend(&Trend { title: "Referrals".to_owned(), ..Trend::default() }).unwrap());
}

fn any_value() -> impl Strategy<Value = Value> {
    let finite = prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO;
    prop_oneof![
        3 => (-500.0..1500.0f64).prop_map(Value::Observed),
        2 => finite.prop_map(Value::Observed),
        1 => any::<String>().prop_map(Value::Missing),
    ]
}

fn any_series() -> impl Strategy<Value = Series> {
    let role = prop::sample::select(vec![Role::Subject, Role::Country, Role::Region, Role::Neighbours]);
    // Days apart from each other by a step of their own, from anywhere in history.
    let points = prop::collection::btree_map(-3000..3000i32, (any::<String>(), any_value()), 0..40);
    (any::<String>(), role, points).prop_map(|(name, role, points)| {
        let day = |offset: i32| date(2020, 3, 31).checked_add((offset * 7).days()).unwrap_or(Date::MAX);
        let point = |(offset, (period, value))| Point { period_end: day(offset), period, value };
        Series { name, role, points: points.into_iter().map(point).collect() }
    })
}

fn any_trend() -> impl Strategy<Value = Trend> {
    let words = (any::<Option<String>>(), any::<String>(), any::<String>(), any::<String>());
    (words, any::<u8>(), prop::collection::vec(any_series(), 0..=5))
        .prop_map(|((id, title, unit, source), decimals, series)| Trend { id, title, unit, decimals, source, series })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_drawn_is_well_formed(sample in any_trend()) {
        let tree = parse(&trend(&sample).unwrap());
        prop_assert_eq!(tree.size().width(), 720.0);
        prop_assert!(tree.size().height() >= 320.0);
    }
}

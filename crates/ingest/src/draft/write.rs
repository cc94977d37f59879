//! The TOML of a draft: what the file says, and what it does not say, marked as unsure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::filter;
use super::long::LongIndicator;
use super::profile::{Figures, says_all_of};
use super::shape::{FilterColumn, FilterRole, Measure, Shape};
use super::time::Meaning;
use super::toml_text::{key, list, quoted, remark, shortened};
use super::unit::{self, Guess};
use crate::format::Format;

/// The most values of a filter by which a file is recognised.
const MOST_VALUES: usize = 5;

/// What is known of a file as a whole.
#[derive(Debug)]
pub(crate) struct Whole<'a> {
    pub(crate) file_name: &'a str,
    pub(crate) rows: usize,
    pub(crate) id: String,
    pub(crate) title: String,
    /// Whether its national rows bear the code of England, whose Department for Education publishes in this layout.
    pub(crate) is_england: bool,
    /// Time identifiers as printed; one that says no period has no meaning.
    pub(crate) times: BTreeMap<&'a str, Option<Meaning>>,
    /// The time identifier of headline rows, where several speak of one end.
    pub(crate) headline_time: Option<&'a str>,
    /// The built-in pipeline that recognises it too.
    pub(crate) known_as: Option<String>,
    /// What a person should know first.
    pub(crate) notes: Vec<String>,
}

/// The TOML while it is written.
struct Toml {
    text: String,
}

impl Toml {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn note(&mut self, text: &str) {
        let text = remark(text);
        self.line(&format!("# {text}"));
    }

    /// Marks what follows as unsure.
    fn unsure(&mut self, why: &str) {
        self.note(&format!("unsure: {why}"));
    }

    fn unsure_if(&mut self, why: Option<&str>) {
        if let Some(why) = why {
            self.unsure(why);
        }
    }

    fn pair(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.text, "{} = {value}", key(name));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.pair(name, &quoted(value));
    }

    fn table(&mut self, path: &[&str]) {
        let path: Vec<String> = path.iter().map(|part| key(part)).collect();
        self.line(&format!("\n[{}]", path.join(".")));
    }
}

/// Writes the TOML of a file.
///
/// `indicators` are for each column of figures the measures that are described one by one.
pub(crate) fn toml(whole: &Whole<'_>, shape: &Shape<'_>, indicators: &[Vec<LongIndicator<'_>>]) -> String {
    let mut toml = Toml { text: String::new() };
    head(&mut toml, whole);
    recognition(&mut toml, shape);
    time(&mut toml, whole);
    filters(&mut toml, whole, shape);
    figures(&mut toml, shape);
    toml.table(&["defaults"]);
    toml.unsure("the topic it is listed under");
    toml.text("topic", &whole.title);
    toml.unsure("a file does not say which end is better: high-is-better, low-is-better or none");
    toml.text("polarity", "none");
    toml.unsure("a file does not say which of the 17 criteria it speaks to; `lais query \"SELECT * FROM criterion\"` lists them");
    toml.line("# criterion = \"hp-decisions-and-help\"");
    columns(&mut toml, whole, shape, indicators);
    toml.text
}

fn head(toml: &mut Toml, whole: &Whole<'_>) {
    toml.note(&format!("Drafted by `lais pipeline draft` from {} ({} rows).", whole.file_name, whole.rows));
    toml.note("It works as it is. What the file does not say is guessed and marked `unsure`: correct it, then delete the mark.");
    toml.note("docs/pipelines.md describes every key, and the rules by which this was guessed.");
    if let Some(known) = &whole.known_as {
        toml.note(&format!(
            "The built-in pipeline {known} recognises this file too; under --pipelines this one wins for it."
        ));
    }
    for note in &whole.notes {
        toml.unsure(note);
    }
    toml.line("");
    toml.text("id", &whole.id);
    toml.unsure("made from the file's name");
    toml.text("title", &whole.title);
    let (publisher, licence, why) = if whole.is_england {
        let why = "the layout is that of Explore education statistics, for England: look at the page it came from";
        ("Department for Education", "OGL-UK-3.0", why)
    } else {
        ("not stated in the file", "not stated in the file", "the file does not say")
    };
    toml.unsure(why);
    toml.text("publisher", publisher);
    toml.unsure(why);
    toml.text("licence", licence);
    toml.line("# landing_page = \"https://…\"");
    toml.text("reader", "ees-csv");
    toml.text("prefix", &whole.id);
}

fn recognition(toml: &mut Toml, shape: &Shape<'_>) {
    let mut named: Vec<(usize, &str)> = shape.measures.iter().map(|measure| (measure.place, measure.name)).collect();
    named.extend(shape.filters.iter().map(|filter| (filter.place, filter.name)));
    named.sort_unstable();
    toml.table(&["recognise"]);
    toml.pair("columns", &list(named.into_iter().map(|(_, name)| name)));
    let telling: Vec<(&str, Vec<&str>)> = shape
        .filters
        .iter()
        .filter(|filter| filter.role != FilterRole::Note)
        .map(|filter| (filter.name, filter::telling_values(&filter.profile, MOST_VALUES)))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    if !telling.is_empty() {
        toml.table(&["recognise", "values"]);
    }
    for (name, values) in telling {
        toml.pair(name, &list(values));
    }
}

fn time(toml: &mut Toml, whole: &Whole<'_>) {
    toml.table(&["time"]);
    for (identifier, meaning) in &whole.times {
        match meaning {
            Some(meaning) => {
                toml.unsure_if(meaning.doubt.as_deref());
                toml.pair(identifier, &meaning.toml);
            }
            None => toml.unsure(&format!(
                "{identifier:?} says no period that is known; its rows are set aside until a line here says what it means"
            )),
        }
    }
    let lengths = whole.times.values().flatten().map(|meaning| meaning.length);
    let lag = lengths.max().map_or(215, super::time::Length::usual_lag_days);
    toml.table(&["publication"]);
    toml.unsure("days from a period's end to its first publication; known days go under [publication.releases]");
    toml.pair("usual_lag_days", &lag.to_string());
}

fn filters(toml: &mut Toml, whole: &Whole<'_>, shape: &Shape<'_>) {
    if let Some(headline) = whole.headline_time {
        toml.table(&["filters", "time_identifier"]);
        toml.unsure("several time identifiers speak of periods that end together; the longest is the headline");
        toml.text("role", "subgroup");
        toml.text("headline", headline);
    }
    for filter in &shape.filters {
        toml.table(&["filters", filter.name]);
        toml.unsure_if(filter.doubt.as_deref());
        match filter.role {
            FilterRole::Constant => toml.text("role", "constant"),
            FilterRole::Measure => toml.text("role", "measure"),
            FilterRole::Note => toml.text("role", "note"),
            FilterRole::Subgroup(headline) => {
                toml.text("role", "subgroup");
                toml.text("headline", headline);
            }
        }
    }
}

/// How figures are printed, and what symbols beside the usual ones mean.
fn figures(toml: &mut Toml, shape: &Shape<'_>) {
    let formatted: Vec<&Measure<'_>> =
        shape.measures.iter().filter(|measure| measure.figures.format != Format::Plain).collect();
    if !formatted.is_empty() {
        toml.table(&["formats"]);
    }
    for measure in formatted {
        toml.unsure_if(doubt_of(measure.figures.format));
        toml.text(measure.name, measure.figures.format.id());
    }
    let symbols: BTreeMap<&str, _> = shape
        .measures
        .iter()
        .flat_map(|measure| measure.figures.symbols.iter().map(|(text, status)| (*text, *status)))
        .collect();
    if !symbols.is_empty() {
        toml.table(&["symbols"]);
        toml.unsure("what the publisher means by these: suppressed, low, not-applicable, not-available or unreliable");
    }
    for (symbol, status) in symbols {
        toml.text(symbol, status.id());
    }
}

fn columns(toml: &mut Toml, whole: &Whole<'_>, shape: &Shape<'_>, indicators: &[Vec<LongIndicator<'_>>]) {
    let constants = constants(whole, &shape.filters);
    for (measure, indicators) in shape.measures.iter().zip(indicators) {
        for indicator in indicators {
            toml.line("\n[[indicators]]");
            toml.text("id", &indicator.id);
            toml.text("title", &format!("{}{constants}", shortened(&indicator.title, 200)));
            toml.text("column", measure.name);
            let fixed: Vec<String> =
                indicator.fixed.iter().map(|(name, value)| format!("{} = {}", key(name), quoted(value))).collect();
            toml.pair("where", &format!("{{ {} }}", fixed.join(", ")));
            if indicator.figures.format != Format::Plain {
                toml.unsure_if(doubt_of(indicator.figures.format));
                toml.text("format", indicator.figures.format.id());
            }
            described(toml, &indicator.unit, &indicator.figures);
        }
        toml.table(&["columns", measure.name]);
        toml.unsure_if(measure.doubt.as_deref());
        if indicators.is_empty() && !measure.figures.odd.is_empty() {
            toml.unsure(&format!(
                "{} cell(s) are no figures of its form, such as {:?}, and will be set aside",
                measure.figures.odd_rows, measure.figures.odd[0]
            ));
        }
        toml.text("title", &format!("{}{constants}", title(measure.name)));
        described(toml, &unit::unit(measure.name, &measure.figures), &measure.figures);
    }
}

/// Why a format could be another.
fn doubt_of(format: Format) -> Option<&'static str> {
    match format {
        Format::Thousands => Some("commas are taken to stand between thousands"),
        Format::YearsMonths => Some("taken for years and months, kept as months"),
        Format::Plain | Format::PercentSign => None,
    }
}

/// Unit, decimals and range.
fn described(toml: &mut Toml, (unit, doubt): &Guess, figures: &Figures<'_>) {
    toml.unsure_if(doubt.as_deref().map(|why| format!("unit: {why}")).as_deref());
    toml.text("unit", unit.id());
    toml.pair("decimals", &figures.decimals.to_string());
    if let Some([low, high]) = unit::range(*unit, figures) {
        toml.unsure(&format!(
            "its figures lie between {} and {}, beyond those that {} has: legitimate, or misprints?",
            figures.least,
            figures.greatest,
            unit.id()
        ));
        toml.pair("range", &format!("[{low:?}, {high:?}]"));
    }
}

/// What every row says of whom it counts, where the file's title does not say it: figures of a part never pass for those
/// of all.
fn constants(whole: &Whole<'_>, filters: &[FilterColumn<'_>]) -> String {
    let values: Vec<String> = filters
        .iter()
        .filter(|filter| filter.role == FilterRole::Constant)
        .filter_map(|filter| filter.profile.texts.keys().next().copied())
        .filter(|value| !value.is_empty() && !filter::stands_for_all(value) && !says_all_of(&whole.title, value))
        .map(|value| shortened(value, 100))
        .collect();
    if values.is_empty() { String::new() } else { format!(" ({})", values.join("; ")) }
}

/// A name in words: `children_count` as `Children count`.
pub(crate) fn title(name: &str) -> String {
    let spaced = name.split(|c: char| c == '_' || c.is_whitespace()).filter(|word| !word.is_empty());
    let spaced = spaced.collect::<Vec<_>>().join(" ");
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) => shortened(&first.to_uppercase().chain(chars).collect::<String>(), 200),
        None => "Without a name".to_owned(),
    }
}

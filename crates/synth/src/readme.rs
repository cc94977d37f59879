//! The README of a written country: that it is fictional, how it was made, and what is odd in it on purpose.

use crate::country::{Authority, COUNTRY};
use crate::output::Summary;
use crate::world::World;

/// Where it is written.
pub(crate) const PATH: &str = "README.md";

/// The text.
pub(crate) fn text(world: &World, summary: &Summary) -> String {
    let options = &world.options;
    let mut text = format!(
        "# {}: a fictional country\n\n\
         Every authority, code and figure in this folder is invented. No such country exists, and no row tells \
         anything of a real place or person. The files have the formats of real publishers, so that a reader of \
         those files can be tried on them.\n\n\
         Written by `lais synth` with --authorities {} --years {} --scale {} --seed {}. The same options write the \
         same bytes.\n\n## What is odd on purpose\n\n",
        COUNTRY.1, options.authorities, options.years, options.scale, options.seed
    );
    for quirk in quirks(world) {
        text.push_str(&format!("- {quirk}\n"));
    }
    text.push_str("\n## Faults on purpose\n\nThese rows cannot be read rightly and are meant to be quarantined.\n\n");
    for fault in &summary.faults {
        text.push_str(&format!("- `{}`, record {}: {}\n", fault.path.display(), fault.row, fault.what));
    }
    text.push_str("\n## Files\n\n| file | rows |\n|---|---|\n");
    for file in summary.files.iter().filter(|file| !file.path.starts_with("self-evaluations")) {
        text.push_str(&format!("| `{}` | {} |\n", file.path.display(), file.rows));
    }
    let documents = summary.files.iter().filter(|file| file.path.starts_with("self-evaluations")).count();
    text.push_str(&format!("| `self-evaluations/` | {documents} documents |\n"));
    text
}

fn quirks(world: &World) -> Vec<String> {
    let country = &world.country;
    let named = |i: usize| format!("{} ({})", country.authorities[i].name, country.authorities[i].code);
    let split = &country.authorities[country.split];
    let successors: Vec<String> = split.successors.iter().map(|i| named(*i)).collect();
    let recoded = &country.authorities[country.recoded];
    let old_code = recoded.old_code.as_deref().unwrap_or_default();
    let gone = split.to.map_or_else(String::new, |day| day.to_string());
    let [one, other] = country.shared.map(|i| &country.authorities[i]);
    let pair = |of: fn(&Authority) -> &str| format!("{} / {}", of(one), of(other));
    vec![
        format!(
            "{} was abolished on {gone} and split into {}. Its figures are never carried over; publishers switch in \
             different years, as their years end on different days.",
            named(country.split),
            successors.join(" and ")
        ),
        format!(
            "{} had the code {old_code} until 31 March 2024. Files print the code of the day, the files of children \
             looked after the latest code in every year, and the inspection workbook still the old one.",
            named(country.recoded)
        ),
        "In the files of children looked after every authority has a row in every year, with z outside its life."
            .to_owned(),
        format!(
            "{} and {} share a service, which the workforce indicators print as one row ({}); the older headline \
             measures print two.",
            one.name,
            other.name,
            pair(|a| &a.dfe)
        ),
        format!("{} is so small that most of its cells are c or z.", named(country.tiny)),
        "Counts of 1 to 5 are c, with their percentages; a second cell is hidden where a row or a region would tell \
         the first. Regions and the country count the true values, rounded to ten."
            .to_owned(),
        "Some authorities did not send in a return in one year (x), or sent one that is unreliable (u)."
            .to_owned(),
        "Absence of 2019/20 and key stage 2 of 2019/20 and 2020/21 are x; progress scores exist in some years only."
            .to_owned(),
        "The referrals (c1) are there in two vintages: the earlier ends in 2024, and some of its cells were revised."
            .to_owned(),
        "The plans by duration (d5) have their columns out of order.".to_owned(),
        "The children who ceased to be looked after are a vintage older than the other files, with other column names."
            .to_owned(),
        "A few authorities shared no self-evaluation; some are old, some answer two of the three questions, and one in \
         ten makes a figure better than it is published."
            .to_owned(),
        "LAIS does not know this README as a source, and reports it as such.".to_owned(),
    ]
}

//! What the layout of Explore Education Statistics calls things: its key columns, its geographic levels, and the
//! columns of places that this record does not hold.
//!
//! Sources: the Department for Education analysts' guide ("Open data standards"), and the levels that the service
//! itself has or has had.

/// Columns of that layout that say when and where.
pub(crate) const KEYS: [&str; 10] = [
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
];

/// Columns that every file in the layout has.
pub(crate) const NEEDED: [&str; 3] = ["time_period", "time_identifier", "geographic_level"];

/// Levels of published statistics that this record does not hold.
const OTHER_LEVELS: [&str; 17] = [
    "English devolved area",
    "Institution",
    "Local authority district",
    "Local enterprise partnership",
    "Local skills improvement plan area",
    "MAT",
    "Mayoral combined authority",
    "Multi academy trust",
    "Opportunity area",
    "Parliamentary constituency",
    "Planning area",
    "Police force area",
    "Provider",
    "RSC region",
    "School",
    "Sponsor",
    "Ward",
];

/// Columns that say where a row of one of those levels belongs.
const OTHER_PLACES: [&str; 38] = [
    "english_devolved_area_code",
    "english_devolved_area_name",
    "institution_id",
    "institution_name",
    "lad_code",
    "lad_name",
    "laestab",
    "local_authority_district_code",
    "local_authority_district_name",
    "local_enterprise_partnership_code",
    "local_enterprise_partnership_name",
    "lsip_code",
    "lsip_name",
    "mayoral_combined_authority_code",
    "mayoral_combined_authority_name",
    "mat_id",
    "mat_name",
    "opportunity_area_code",
    "opportunity_area_name",
    "pcon_code",
    "pcon_name",
    "pfa_code",
    "pfa_name",
    "planning_area_code",
    "planning_area_name",
    "provider_name",
    "provider_ukprn",
    "rsc_region_lead_name",
    "school_laestab",
    "school_name",
    "school_postcode",
    "school_urn",
    "sponsor_id",
    "sponsor_name",
    "trust_id",
    "trust_name",
    "ward_code",
    "ward_name",
];

/// A level that this record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldLevel {
    National,
    Regional,
    LocalAuthority,
}

/// What a printed level means, in whatever letter case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrintedLevel {
    Held(HeldLevel),
    /// A level of published statistics whose rows are left out.
    NotHeld,
    Unknown,
}

/// The level that a row prints.
pub(crate) fn level(printed: &str) -> PrintedLevel {
    let is = |level: &str| printed.eq_ignore_ascii_case(level);
    if is("National") {
        PrintedLevel::Held(HeldLevel::National)
    } else if is("Regional") {
        PrintedLevel::Held(HeldLevel::Regional)
    } else if is("Local authority") {
        PrintedLevel::Held(HeldLevel::LocalAuthority)
    } else if OTHER_LEVELS.into_iter().any(is) {
        PrintedLevel::NotHeld
    } else {
        PrintedLevel::Unknown
    }
}

/// Whether a column says where a row of a level that is not held belongs.
pub(crate) fn is_other_place(column: &str) -> bool {
    OTHER_PLACES.contains(&plain(column).as_str())
}

/// A code as printed, or nothing where it is one of the symbols for a place that is unknown (`x`) or has no code (`z`),
/// or one that older files print where there is none (`.` and `:`).
pub(crate) fn code(printed: &str) -> &str {
    if is_no_code(printed) || matches!(printed, "." | ":") { "" } else { printed }
}

/// Whether a code is one of the symbols that the publisher prints for a place that is unknown or has no code.
pub(crate) fn is_no_code(printed: &str) -> bool {
    printed.eq_ignore_ascii_case("x") || printed.eq_ignore_ascii_case("z")
}

/// A header with the layout's key columns called as the layout calls them, whatever their letter case and spaces.
///
/// Only a header that then has every column of [`NEEDED`] is changed, and never so that a name stands twice.
pub(crate) fn with_known_keys(header: Vec<String>) -> Vec<String> {
    let mut known = header.clone();
    for key in KEYS {
        let mut spelt = header.iter().enumerate().filter(|(_, name)| plain(name) == key);
        if let (Some((place, _)), None) = (spelt.next(), spelt.next()) {
            known[place] = key.to_owned();
        }
    }
    if NEEDED.iter().all(|needed| known.iter().any(|name| name == needed)) { known } else { header }
}

/// A column's name in lower case, with underscores for spaces and hyphens.
pub(crate) fn plain(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-')).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        with_known_keys(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn keys_are_known_in_any_letter_case_and_other_columns_stay_as_printed() {
        let known = header(&["Time_Period", "TIME_IDENTIFIER", "Geographic level", "LA_Name", "Referral_Count"]);
        assert_eq!(known, ["time_period", "time_identifier", "geographic_level", "la_name", "Referral_Count"]);
    }

    #[test]
    fn a_header_of_another_layout_is_left_alone() {
        assert_eq!(header(&["LA Name", "Region_Code", "SN1"]), ["LA Name", "Region_Code", "SN1"]);
    }

    #[test]
    fn two_spellings_of_one_key_are_left_as_they_are() {
        let names = ["time_period", "Time_Period", "time_identifier", "geographic_level"];
        assert_eq!(header(&names), names);
    }

    #[test]
    fn levels_are_known_in_any_letter_case() {
        assert_eq!(level("Local Authority"), PrintedLevel::Held(HeldLevel::LocalAuthority));
        assert_eq!(level("mat"), PrintedLevel::NotHeld);
        assert_eq!(level("Planet"), PrintedLevel::Unknown);
    }
}

//! One printed cell: a number, or a symbol that says why there is none.

/// Why a figure is there or is missing: the meaning of the printed symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Status {
    Observed,
    Suppressed,
    Low,
    NotApplicable,
    NotAvailable,
    Unreliable,
}

impl Status {
    /// Every status, in the order of their codes.
    pub(crate) const ALL: [Self; 6] =
        [Self::Observed, Self::Suppressed, Self::Low, Self::NotApplicable, Self::NotAvailable, Self::Unreliable];

    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Suppressed => "suppressed",
            Self::Low => "low",
            Self::NotApplicable => "not-applicable",
            Self::NotAvailable => "not-available",
            Self::Unreliable => "unreliable",
        }
    }

    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }

    /// The code by which frames hold it.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }

    /// The symbol of official statistics that stands for it.
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Observed => "",
            Self::Suppressed => "c",
            Self::Low => "k",
            Self::NotApplicable => "z",
            Self::NotAvailable => "x",
            Self::Unreliable => "u",
        }
    }

    /// The meaning of a symbol of official statistics; obsolete ones are understood too.
    ///
    /// Source: Department for Education analysts' guide, "Symbols"; a cell in which nothing is
    /// printed is not available.
    pub(crate) fn of_symbol(symbol: &str) -> Option<Self> {
        match symbol.to_ascii_lowercase().trim_start_matches('[').trim_end_matches(']') {
            "c" => Some(Self::Suppressed),
            "k" | "low" | "~" => Some(Self::Low),
            "z" => Some(Self::NotApplicable),
            "x" | ":" | ".." | "" => Some(Self::NotAvailable),
            "u" => Some(Self::Unreliable),
            _ => None,
        }
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    Number(f64),
    Missing(Status),
    /// Neither a number nor a known symbol.
    Unknown,
}

/// Reads one cell; `symbols` are the source's own beside the usual ones.
pub(crate) fn read(printed: &str, symbols: &dyn Fn(&str) -> Option<Status>) -> Cell {
    let printed = printed.trim();
    if let Some(number) = number(printed) {
        return Cell::Number(number);
    }
    match symbols(printed).or_else(|| Status::of_symbol(printed)) {
        Some(status) => Cell::Missing(status),
        None => Cell::Unknown,
    }
}

/// A decimal number as publishers print it: digits, a point, a sign, perhaps an exponent.
///
/// Thousands separators, percent signs, `inf` and `nan` are not numbers here: they are for a person
/// to look at.
pub(crate) fn number(text: &str) -> Option<f64> {
    let starts_like_one = text.bytes().next().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.'));
    let ends_like_one = text.bytes().last().is_some_and(|b| b.is_ascii_digit() || b == b'.');
    if !starts_like_one || !ends_like_one {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> Cell {
        read(text, &|_| None)
    }

    #[test]
    fn every_symbol_keeps_its_reason() {
        for (symbol, status) in [
            ("c", Status::Suppressed),
            ("k", Status::Low),
            ("low", Status::Low),
            ("z", Status::NotApplicable),
            ("x", Status::NotAvailable),
            ("u", Status::Unreliable),
            ("[c]", Status::Suppressed),
            ("", Status::NotAvailable),
            (" x ", Status::NotAvailable),
        ] {
            assert_eq!(plain(symbol), Cell::Missing(status), "{symbol:?}");
        }
    }

    #[test]
    fn what_is_neither_number_nor_symbol_is_left_to_a_person() {
        for text in ["1,234", "12%", "nan", "inf", "-inf", "1e999", "12 apples", "O", "-", "*", "0x1F", "1_000"] {
            assert_eq!(plain(text), Cell::Unknown, "{text:?}");
        }
    }

    #[test]
    fn a_source_may_have_symbols_of_its_own() {
        let own = |symbol: &str| (symbol == "-").then_some(Status::NotAvailable);
        assert_eq!(read("-", &own), Cell::Missing(Status::NotAvailable));
        assert_eq!(read("-1.5", &own), Cell::Number(-1.5));
    }

    proptest! {
        #[test]
        fn a_printed_number_comes_back_exactly(number in proptest::num::f64::NORMAL) {
            prop_assert_eq!(plain(&format!("{number}")), Cell::Number(number));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = plain(&text);
        }
    }
}

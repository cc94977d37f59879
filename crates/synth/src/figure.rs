//! A figure, as it is and as it may be printed.

/// A symbol that stands where a number cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// Suppressed, so that nobody can be recognised.
    C,
    /// Rounds to 0 and is not 0.
    K,
    /// The same, as the workforce statistics print it.
    Low,
    /// Unreliable.
    U,
    /// Not available.
    X,
    /// Not applicable.
    Z,
}

impl Symbol {
    /// As it is printed.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::K => "k",
            Self::Low => "low",
            Self::U => "u",
            Self::X => "x",
            Self::Z => "z",
        }
    }
}

/// What is true, and the symbol that hides it from print.
///
/// The truth is kept beside the symbol, because the rows of regions and of the country count it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    /// The true value.
    pub(crate) value: f64,
    /// What is printed instead.
    pub(crate) symbol: Option<Symbol>,
}

impl Figure {
    /// A figure that there is none of.
    pub(crate) const fn none(symbol: Symbol) -> Self {
        Self { value: 0.0, symbol: Some(symbol) }
    }

    /// The same value behind a symbol.
    pub(crate) const fn behind(self, symbol: Symbol) -> Self {
        Self { value: self.value, symbol: Some(symbol) }
    }
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self { value, symbol: None }
    }
}

/// Figures of plain values.
pub(crate) fn plain(values: impl IntoIterator<Item = f64>) -> Vec<Figure> {
    values.into_iter().map(Figure::from).collect()
}

/// A number as publishers print it: rounded, and without zeros at its end.
pub(crate) fn printed(value: f64, decimals: u8) -> String {
    let unit = 10_f64.powi(i32::from(decimals));
    let rounded = (value * unit).round() / unit;
    // Adding 0 turns a negative zero into a plain one.
    let text = format!("{:.*}", usize::from(decimals), rounded + 0.0);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_without_zeros_at_their_end() {
        assert_eq!(printed(21.0, 1), "21");
        assert_eq!(printed(20.25, 1), "20.3");
        assert_eq!(printed(120.0, 0), "120");
        assert_eq!(printed(-0.001, 2), "0");
        assert_eq!(printed(-24_044.003_05, 9), "-24044.00305");
    }
}

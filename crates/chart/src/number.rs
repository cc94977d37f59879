//! Figures as they are printed.

/// More decimals than this are not printed, whatever is asked for.
pub(crate) const MOST_DECIMALS: u8 = 6;

/// From here on a figure is printed as a power of ten.
const HUGE: f64 = 1e15;

/// A figure with its decimals, commas between thousands and a true minus sign.
pub(crate) fn plain(value: f64, decimals: u8) -> String {
    if value.abs() >= HUGE {
        return format!("{value:.1e}").replace('-', "\u{2212}");
    }
    let digits = format!("{:.*}", usize::from(decimals.min(MOST_DECIMALS)), value.abs());
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::new();
    // A figure that rounds to zero is no negative zero.
    if value < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A coordinate with at most one decimal, for an attribute of the SVG.
pub(crate) fn place(coordinate: f64) -> String {
    let text = format!("{coordinate:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_commas_decimals_and_a_true_minus() {
        assert_eq!(plain(1_234_567.0, 0), "1,234,567");
        assert_eq!(plain(999.96, 1), "1,000.0");
        assert_eq!(plain(-12.34, 1), "\u{2212}12.3");
        assert_eq!(plain(20.7, 1), "20.7");
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(plain(-0.04, 1), "0.0");
        assert_eq!(plain(-0.0, 0), "0");
    }

    #[test]
    fn a_huge_figure_is_a_power_of_ten() {
        assert_eq!(plain(1.5e300, 1), "1.5e300");
        assert_eq!(plain(-2e15, 200), "\u{2212}2.0e15");
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(place(12.0), "12");
        assert_eq!(place(12.34), "12.3");
    }
}

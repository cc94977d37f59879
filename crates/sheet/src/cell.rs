//! A cell's value as the text that a reader sees, apart from rounding.

use calamine::{Data, DataType as _};

/// A cell as text; `percent` where its format shows it in per cent.
pub(crate) fn text_of(cell: &Data, percent: bool) -> String {
    match cell {
        Data::DateTime(_) | Data::DateTimeIso(_) => {
            let day = cell.as_date().map(|date| date.to_string());
            day.or_else(|| cell.as_string()).unwrap_or_default()
        }
        Data::Float(number) => number_text(*number, percent),
        Data::Int(number) if percent => number_text(*number as f64, true),
        other => other.to_string().trim().to_owned(),
    }
}

/// A number as text: whole numbers without a point, shares in per cent with the sign.
pub(crate) fn number_text(number: f64, percent: bool) -> String {
    if percent && number.is_finite() {
        return percent_text(number);
    }
    // A spreadsheet holds 15 digits; a whole number of more is not exact, and is printed as it is.
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

/// A share as a percentage: 0.207 is `20.7%`.
///
/// The point is moved in the decimal text, because multiplying by 100 would change digits. Programs show at most 15
/// digits, and what lies behind them is the binary form's.
fn percent_text(share: f64) -> String {
    let text = format!("{share:.14e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    // The point stands after this many digits.
    let point = exponent + 3;
    let (whole, part) = match usize::try_from(point) {
        Ok(point) if point > 0 && point < digits.len() => (digits[..point].to_owned(), digits[point..].to_owned()),
        Ok(point) if point > 0 => (format!("{digits}{}", "0".repeat(point - digits.len())), String::new()),
        _ => ("0".to_owned(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let whole = if whole.trim_start_matches('0').is_empty() { "0" } else { whole.trim_start_matches('0') };
    let part = part.trim_end_matches('0');
    let dot = if part.is_empty() { "" } else { "." };
    let number = format!("{whole}{dot}{part}");
    if number == "0" { "0%".to_owned() } else { format!("{sign}{number}%") }
}

/// Whether a number format shows a share in per cent.
pub(crate) fn is_percent_format(code: &str) -> bool {
    let (mut quoted, mut skip, mut bracketed) = (false, false, false);
    for c in code.chars() {
        match c {
            _ if skip => skip = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => skip = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            '%' if !bracketed => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_share_is_shown_as_a_reader_sees_it() {
        for (share, text) in [
            (0.207, "20.7%"),
            (0.207_000_000_000_000_02, "20.7%"),
            (1.0, "100%"),
            (-0.05, "-5%"),
            (0.0, "0%"),
            (-0.0, "0%"),
            (2.341, "234.1%"),
            (0.000_1, "0.01%"),
            (0.000_012_3, "0.00123%"),
            (1e18, "100000000000000000000%"),
            (0.07, "7%"),
            (0.285, "28.5%"),
        ] {
            assert_eq!(number_text(share, true), text, "{share}");
        }
    }

    #[test]
    fn a_format_is_per_cent_by_its_sign_and_not_by_a_quoted_one() {
        for code in ["0%", "0.00%", "#,##0.0%;[Red]-0.0%", "0.0\\ %"] {
            assert!(is_percent_format(code), "{code}");
        }
        for code in ["General", "0.0", "0.0\"%\"", "0\\%", "[$%-809]0", "_%0"] {
            assert!(!is_percent_format(code), "{code}");
        }
    }

    proptest! {
        #[test]
        fn a_percentage_is_a_hundred_times_the_share(share in -1e6..1e6_f64) {
            let text = number_text(share, true);
            let back: f64 = text.trim_end_matches('%').parse().unwrap();
            prop_assert!((back - share * 100.0).abs() <= 1e-12 * back.abs() + 1e-300, "{} {}", share, text);
        }
    }
}

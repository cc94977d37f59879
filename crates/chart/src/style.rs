//! Colours, strokes and marks: who looks how.
//!
//! Each series differs from the others in colour, lightness, stroke and mark at once, so that the chart
//! can be read in print, in greyscale and by colour-blind readers.

use crate::Role;

/// The background.
pub(crate) const PAPER: &str = "#FFFFFF";
/// Titles and figures.
pub(crate) const INK: &str = "#0B0C0C";
/// Labels of axes, notes.
pub(crate) const SOFT_INK: &str = "#505A5F";
/// Gridlines.
pub(crate) const GRID: (u8, u8, u8) = (0xDC, 0xDE, 0xE0);
/// Axes and their ticks.
pub(crate) const AXIS: (u8, u8, u8) = (0x6F, 0x77, 0x7B);

/// The mark at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// A disc, or a ring where open.
    Circle,
    /// A square.
    Square,
    /// A triangle on its base.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle on its point.
    Inverted,
    /// Two crossing strokes.
    Cross,
}

/// How one series looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    /// The colour of line and marks, at least 3:1 against the paper.
    pub(crate) line: (u8, u8, u8),
    /// The colour of its words, at least 4.5:1 against the paper.
    pub(crate) ink: &'static str,
    /// The width of the line.
    pub(crate) width: f64,
    /// Lengths of strokes and spaces; empty for a solid line.
    pub(crate) dashes: &'static [u32],
    /// The mark at its points.
    pub(crate) shape: Shape,
    /// Whether its marks are filled and its figures printed.
    pub(crate) strong: bool,
}

const SUBJECT: Style =
    Style { line: (0x0F, 0x3A, 0x5F), ink: "#0F3A5F", width: 3.2, dashes: &[], shape: Shape::Circle, strong: true };

const COUNTRY: Style =
    Style { line: (0x70, 0x70, 0x70), ink: "#5F5F5F", width: 1.8, dashes: &[], shape: Shape::Square, strong: false };

const REGION: Style = Style {
    line: (0x8E, 0x2C, 0x6B),
    ink: "#8E2C6B",
    width: 1.8,
    dashes: &[8, 4],
    shape: Shape::Triangle,
    strong: false,
};

const NEIGHBOURS: Style = Style {
    line: (0xE3, 0x6A, 0x1E),
    ink: "#A84A0C",
    width: 2.2,
    dashes: &[2, 3],
    shape: Shape::Diamond,
    strong: false,
};

/// For a second and third series of one role.
const SPARE: [Style; 2] = [
    Style {
        line: (0x1D, 0x7F, 0x77),
        ink: "#1A736C",
        width: 1.8,
        dashes: &[10, 3, 2, 3],
        shape: Shape::Inverted,
        strong: false,
    },
    Style { line: (0x5A, 0x4F, 0xA2), ink: "#5A4FA2", width: 1.8, dashes: &[4, 2], shape: Shape::Cross, strong: false },
];

impl Style {
    /// The style of the first series of a role.
    pub(crate) const fn of(role: Role) -> Self {
        match role {
            Role::Subject => SUBJECT,
            Role::Country => COUNTRY,
            Role::Region => REGION,
            Role::Neighbours => NEIGHBOURS,
        }
    }

    /// The styles of series with these roles: what comes twice looks different the second time.
    pub(crate) fn all(roles: &[Role]) -> Vec<Self> {
        let mut spare = 0;
        let mut styles = Vec::with_capacity(roles.len());
        for (index, role) in roles.iter().enumerate() {
            let style = if roles[..index].contains(role) {
                spare += 1;
                let other = SPARE[(spare - 1) % SPARE.len()];
                let emphasis = Self::of(*role);
                Self { strong: emphasis.strong, width: emphasis.width, ..other }
            } else {
                Self::of(*role)
            };
            styles.push(style);
        }
        styles
    }

    /// Every colour that words are written in.
    pub(crate) fn inks() -> Vec<&'static str> {
        let series = [SUBJECT, COUNTRY, REGION, NEIGHBOURS].into_iter().chain(SPARE);
        [INK, SOFT_INK].into_iter().chain(series.map(|style| style.ink)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Style; 6] = [SUBJECT, COUNTRY, REGION, NEIGHBOURS, SPARE[0], SPARE[1]];

    /// Relative luminance, as the Web Content Accessibility Guidelines define it.
    fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast_with_paper(colour: (u8, u8, u8)) -> f64 {
        1.05 / (luminance(colour) + 0.05)
    }

    fn parse(ink: &str) -> (u8, u8, u8) {
        let part = |at: usize| u8::from_str_radix(&ink[at..at + 2], 16).unwrap();
        (part(1), part(3), part(5))
    }

    #[test]
    fn lines_stand_out_from_the_paper_and_words_more_so() {
        for style in ALL {
            assert!(contrast_with_paper(style.line) >= 3.0, "{style:?}");
        }
        for ink in Style::inks() {
            assert!(contrast_with_paper(parse(ink)) >= 4.5, "{ink}");
        }
        assert!(contrast_with_paper(AXIS) >= 3.0);
    }

    #[test]
    fn no_two_series_share_a_mark_or_a_stroke() {
        for (index, a) in ALL.iter().enumerate() {
            for b in &ALL[index + 1..] {
                assert_ne!(a.shape, b.shape);
                assert!(a.dashes != b.dashes || (a.width - b.width).abs() >= 1.0, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_four_roles_differ_in_greyscale() {
        let grey = |(r, g, b): (u8, u8, u8)| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
        let mut greys: Vec<_> = ALL[..4].iter().map(|style| grey(style.line)).collect();
        greys.sort_by(f64::total_cmp);
        assert!(greys.windows(2).all(|pair| pair[1] - pair[0] > 20.0), "{greys:?}");
    }

    #[test]
    fn a_role_that_comes_twice_looks_different_the_second_time() {
        let styles = Style::all(&[Role::Region, Role::Subject, Role::Region, Role::Subject, Role::Region]);
        assert_eq!(styles[0], REGION);
        assert_eq!(styles[2].shape, Shape::Inverted);
        assert!(styles[3].strong && !styles[4].strong);
        assert_ne!(styles[3].shape, SUBJECT.shape);
    }
}

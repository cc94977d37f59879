//! Suppression: what is hidden so that nobody can be recognised, and what else must be hidden so that the
//! first cannot be worked out.

use crate::figure::{Figure, Symbol};

/// Counts from 1 up to this one are hidden.
const SMALL: f64 = 5.0;

/// Which amounts of a record are hidden, and which of them add up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guard {
    /// Counts of children, hidden where they are small.
    pub(crate) counts: Vec<usize>,
    /// A total and the parts that add up to it.
    pub(crate) sums: Vec<(usize, Vec<usize>)>,
    /// An amount and those that would tell of it.
    pub(crate) follows: Vec<(usize, Vec<usize>)>,
}

impl Guard {
    /// Hides what must be hidden in the records of authorities; `areas` says which of them a regional row sums.
    ///
    /// Hiding one cell can make another one tell, so it goes on until nothing more need be hidden.
    pub(crate) fn hide(&self, records: &mut [Vec<Figure>], areas: &[Vec<usize>]) {
        for record in records.iter_mut() {
            for i in &self.counts {
                if record[*i].symbol.is_none() && (1.0..=SMALL).contains(&record[*i].value) {
                    record[*i] = record[*i].behind(Symbol::C);
                }
            }
        }
        loop {
            let mut more = false;
            for record in records.iter_mut() {
                while self.hide_in_row(record) {
                    more = true;
                }
            }
            for area in areas {
                more |= self.hide_in_area(records, area);
            }
            if !more {
                break;
            }
        }
    }

    fn hide_in_row(&self, record: &mut [Figure]) -> bool {
        let mut more = false;
        for (leader, followers) in &self.follows {
            if record[*leader].symbol == Some(Symbol::C) {
                for i in followers {
                    more |= hide_also_nothing(&mut record[*i]);
                }
            }
        }
        for (total, parts) in &self.sums {
            if is_told_by_sum(record, *total, parts) {
                let smallest = smallest_shown(parts.iter().map(|i| (*i, record[*i])));
                more |= smallest.or(Some(*total)).is_some_and(|i| hide(&mut record[i]));
            }
        }
        more
    }

    /// A single hidden cell of an area is its total less the others, so that a second is hidden.
    fn hide_in_area(&self, records: &mut [Vec<Figure>], area: &[usize]) -> bool {
        let mut more = false;
        for i in &self.counts {
            let hidden = area.iter().filter(|a| is_unknown(records[**a][*i])).count();
            let is_suppressed = area.iter().any(|a| records[*a][*i].symbol == Some(Symbol::C));
            if hidden == 1 && is_suppressed {
                let of = |a: &usize| (*a, records[*a][*i]);
                let smallest = smallest_shown(area.iter().map(of));
                // Where nothing applies to all the others, the total is the one cell; then one of them says less.
                let inapplicable = || area.iter().find(|a| records[**a][*i].symbol == Some(Symbol::Z)).copied();
                if let Some(a) = smallest.or_else(inapplicable) {
                    records[a][*i] = records[a][*i].behind(Symbol::C);
                    more = true;
                }
            }
        }
        more
    }
}

/// Whether a sum tells what a hidden member of it is: because only one is hidden, or because each of those
/// hidden must be 1.
pub(crate) fn is_told_by_sum(record: &[Figure], total: usize, parts: &[usize]) -> bool {
    let members = || parts.iter().chain([&total]);
    let suppressed = members().filter(|i| record[**i].symbol == Some(Symbol::C)).count();
    let unknown = members().filter(|i| is_unknown(record[**i])).count();
    if suppressed == 0 {
        return false;
    }
    let hidden: f64 = parts.iter().filter(|i| is_unknown(record[**i])).map(|i| record[*i].value).sum();
    unknown == 1 || (!is_unknown(record[total]) && hidden <= unknown as f64)
}

/// Whether nobody who reads the row knows the value; `z` is known to be none.
fn is_unknown(figure: Figure) -> bool {
    !matches!(figure.symbol, None | Some(Symbol::Z))
}

fn hide(figure: &mut Figure) -> bool {
    let is_shown = figure.symbol.is_none();
    if is_shown {
        figure.symbol = Some(Symbol::C);
    }
    is_shown
}

/// Hides a follower: `z` would tell that what it follows is nought.
fn hide_also_nothing(figure: &mut Figure) -> bool {
    let tells = matches!(figure.symbol, None | Some(Symbol::Z));
    if tells {
        figure.symbol = Some(Symbol::C);
    }
    tells
}

/// The smallest of the figures that are shown; a zero only where there is nothing else.
fn smallest_shown(figures: impl Iterator<Item = (usize, Figure)>) -> Option<usize> {
    let shown = figures.filter(|(_, figure)| figure.symbol.is_none());
    let order = |figure: &Figure| (figure.value == 0.0, figure.value);
    shown.min_by(|(_, a), (_, b)| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal)).map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::plain;

    fn hidden(record: &[Figure]) -> Vec<usize> {
        (0..record.len()).filter(|i| record[*i].symbol.is_some()).collect()
    }

    fn guard() -> Guard {
        Guard { counts: vec![0, 1, 2, 3], sums: vec![(0, vec![1, 2, 3])], follows: Vec::new() }
    }

    fn alone(values: [f64; 4]) -> Vec<usize> {
        let mut records = [plain(values)];
        guard().hide(&mut records, &[]);
        hidden(&records[0])
    }

    #[test]
    fn counts_of_one_to_five_are_hidden_and_nought_is_not() {
        assert_eq!(alone([20.0, 20.0, 0.0, 0.0]), []);
        assert_eq!(alone([3.0, 3.0, 0.0, 0.0]), [0, 1]);
    }

    #[test]
    fn a_single_hidden_part_takes_the_next_smallest_with_it() {
        assert_eq!(alone([40.0, 30.0, 6.0, 4.0]), [2, 3]);
        assert_eq!(alone([34.0, 30.0, 0.0, 4.0]), [1, 3]);
    }

    #[test]
    fn parts_that_must_each_be_one_are_joined_by_a_third() {
        assert_eq!(alone([32.0, 30.0, 1.0, 1.0]), [1, 2, 3]);
    }

    #[test]
    fn a_single_hidden_cell_of_a_region_takes_the_next_smallest_with_it() {
        let guard = Guard { counts: vec![0], ..Guard::default() };
        let mut records = [vec![Figure::from(4.0)], plain([50.0]), plain([9.0]), plain([2.0])];
        guard.hide(&mut records, &[vec![0, 1, 2], vec![3]]);
        let shown: Vec<bool> = records.iter().map(|record| record[0].symbol.is_none()).collect();
        assert_eq!(shown, [false, true, false, false]);
    }

    #[test]
    fn what_would_tell_of_a_hidden_count_is_hidden_with_it() {
        let guard = Guard { counts: vec![0], sums: Vec::new(), follows: vec![(0, vec![1])] };
        let mut records = [plain([3.0, 900.0])];
        guard.hide(&mut records, &[]);
        assert_eq!(hidden(&records[0]), [0, 1]);
    }

    #[test]
    fn nought_that_is_hidden_is_not_told_by_what_does_not_apply_to_it() {
        let guard = Guard { counts: vec![0], sums: Vec::new(), follows: vec![(0, vec![1])] };
        let mut records = [plain([3.0, 900.0]), vec![Figure::from(0.0), Figure::none(Symbol::Z)]];
        guard.hide(&mut records, &[vec![0, 1]]);
        assert!(records.iter().flatten().all(|figure| figure.symbol == Some(Symbol::C)));
    }
}

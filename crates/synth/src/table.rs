//! Writes a table in the layout of explore education statistics: the records of authorities are drawn,
//! summed, hidden where they must be, and printed.

use crate::country::{Authority, COUNTRY};
use crate::csv_text::Csv;
use crate::dice::Dice;
use crate::figure::{Figure, Symbol};
use crate::layout::{Layout, Line, Order, Presence, Print};
use crate::world::World;

/// Draws the records of one authority, one for each label, as if it lived in all of them.
pub(crate) type Draw = fn(&World, usize, &[i16]) -> Vec<Vec<Figure>>;

/// A table: its layout and where its figures come from.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) layout: Layout,
    pub(crate) draw: Draw,
    pub(crate) plant: Option<Plant>,
}

impl Table {
    /// A table without faults.
    pub(crate) const fn new(layout: Layout, draw: Draw) -> Self {
        Self { layout, draw, plant: None }
    }
}

/// A fault that a table has on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plant {
    /// A last row whose code is no authority's.
    UnknownAuthority,
    /// A letter in the first number of an ordinary authority's first row.
    Unreadable,
}

/// A written table.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: usize,
    /// The fault's row, counted with the header as 1, and what is wrong with it.
    pub(crate) fault: Option<(usize, String)>,
}

/// The area of a row.
#[derive(Clone, Debug)]
enum Area {
    Country,
    Region(usize),
    Authorities(Vec<usize>),
}

/// The rows of one year: areas with their records.
type Year = Vec<(Area, Vec<Figure>)>;

/// Writes a table.
pub(crate) fn write(world: &World, table: &Table) -> Written {
    let layout = &table.layout;
    let years = years(world, table);
    let mut file = File::new(world, layout, table.plant);
    match &layout.order {
        Order::Plain => years.iter().for_each(|(label, year)| file.year(*label, year, &layout.lines)),
        Order::LineFirst => {
            for (label, year) in &years {
                layout.lines.iter().for_each(|line| file.year(*label, year, std::slice::from_ref(line)));
            }
        }
        Order::Blocks(sizes) => {
            let mut rest = layout.lines.as_slice();
            for size in sizes {
                let (block, after) = rest.split_at((*size).min(rest.len()));
                years.iter().for_each(|(label, year)| file.year(*label, year, block));
                rest = after;
            }
        }
    }
    file.finish()
}

/// The years of a table, with what must be hidden hidden.
fn years(world: &World, table: &Table) -> Vec<(i16, Year)> {
    let layout = &table.layout;
    let number = world.country.authorities.len();
    let drawn: Vec<Vec<Vec<Figure>>> = (0..number).map(|i| (table.draw)(world, i, &layout.labels)).collect();
    let year = |(place, label): (usize, &i16)| (*label, year(world, layout, *label, |i| drawn[i][place].clone()));
    layout.labels.iter().enumerate().map(year).collect()
}

fn year(world: &World, layout: &Layout, label: i16, draw: impl Fn(usize) -> Vec<Figure>) -> Year {
    let living: Vec<usize> = {
        let day = layout.presence.day(label);
        let all = world.country.authorities.iter().enumerate();
        all.filter(|(_, authority)| authority.lived_on(day)).map(|(i, _)| i).collect()
    };
    let parties = parties(world, layout, &living);
    let mut records: Vec<Vec<Figure>> =
        parties.iter().map(|party| sum(&party.iter().map(|i| draw(*i)).collect::<Vec<_>>())).collect();
    let members = |r: usize, of: fn([usize; 2], usize) -> bool| -> Vec<usize> {
        (0..parties.len()).filter(|p| of(world.country.regions_of(parties[*p][0]), r)).collect()
    };
    let regions = 0..world.country.regions.len();
    let of = |area: Vec<usize>| sum(&area.iter().map(|p| records[*p].clone()).collect::<Vec<_>>());
    let mut rows = vec![(Area::Country, sum(&records))];
    rows.extend(regions.clone().map(|r| (Area::Region(r), of(members(r, |regions, r| regions.contains(&r))))));
    // The capital is the sum of its parts, which are rows themselves.
    let compared: Vec<Vec<usize>> = regions.map(|r| members(r, |[_, part], r| part == r)).collect();
    layout.guard.hide(&mut records, &compared);
    let mut printed: Year = parties.into_iter().map(Area::Authorities).zip(records).collect();
    if layout.presence == Presence::Ever {
        let outside = (0..world.country.authorities.len()).filter(|i| !living.contains(i));
        printed.extend(outside.map(|i| (Area::Authorities(vec![i]), nothing(layout, draw(i).len()))));
    }
    printed.sort_by_cached_key(|(area, _)| sort_key(world, layout, area));
    rows.extend(printed);
    rows
}

/// Who is one row: each authority, but those that share a service together where the table joins them.
fn parties(world: &World, layout: &Layout, living: &[usize]) -> Vec<Vec<usize>> {
    let shared = world.country.shared;
    let joined = |i: usize| layout.joins_shared && shared.contains(&i);
    let single = living.iter().filter(|i| !joined(**i)).map(|i| vec![*i]);
    let mut parties: Vec<Vec<usize>> = single.collect();
    if layout.joins_shared {
        parties.push(shared.to_vec());
    }
    parties
}

/// The record of an authority outside its life: nothing applies, and the population is not available.
fn nothing(layout: &Layout, amounts: usize) -> Vec<Figure> {
    let symbol = |i: usize| if layout.population == Some(i) { Symbol::X } else { Symbol::Z };
    (0..amounts).map(|i| Figure::none(symbol(i))).collect()
}

fn sort_key(world: &World, layout: &Layout, area: &Area) -> (usize, String) {
    let Area::Authorities(party) = area else { return (0, String::new()) };
    let authority = &world.country.authorities[party[0]];
    (authority.comparison, if layout.by_code { authority.code.clone() } else { authority.name.clone() })
}

/// The sum of records; a symbol stands only where every one of them has it.
fn sum(records: &[Vec<Figure>]) -> Vec<Figure> {
    let Some(first) = records.first() else { return Vec::new() };
    let at = |i: usize| {
        let value = records.iter().map(|record| record[i].value).sum();
        let symbol = first[i].symbol.filter(|_| records.iter().all(|record| record[i].symbol == first[i].symbol));
        Figure { value, symbol }
    };
    (0..first.len()).map(at).collect()
}

/// A file in the making.
struct File<'w> {
    world: &'w World,
    layout: &'w Layout,
    header: Vec<String>,
    /// The order in which the columns are written.
    columns: Vec<usize>,
    sheet: Csv,
    last: Vec<String>,
    plant: Option<Plant>,
    fault: Option<(usize, String)>,
}

impl<'w> File<'w> {
    fn new(world: &'w World, layout: &'w Layout, plant: Option<Plant>) -> Self {
        let keys = [
            "time_period",
            "time_identifier",
            "geographic_level",
            "country_code",
            "country_name",
            "region_code",
            "region_name",
            "old_la_code",
        ];
        let area = if layout.name_first { ["la_name", "new_la_code"] } else { ["new_la_code", "la_name"] };
        let names = keys.iter().chain(&area).chain(&layout.filters).chain(&layout.measures);
        let header: Vec<String> = names.map(|name| (*name).to_owned()).collect();
        let mut columns: Vec<usize> = (0..header.len()).collect();
        if layout.shuffled {
            let mut dice = Dice::named(world.options.seed, &["columns", &layout.path]);
            for i in (1..columns.len()).rev() {
                columns.swap(i, dice.below(i + 1));
            }
        }
        let mut sheet = Csv::new(layout.has_mark);
        sheet.row(columns.iter().map(|column| header[*column].as_str()));
        Self { world, layout, header, columns, sheet, last: Vec::new(), plant, fault: None }
    }

    fn year(&mut self, label: i16, year: &Year, lines: &[Line]) {
        let is_newest = self.layout.labels.first() == Some(&label);
        for (area, record) in year {
            let key = self.key(label, area);
            let rounding = if matches!(area, Area::Authorities(_)) { 1.0 } else { 10.0 };
            let print = Print { rounding, small: self.layout.small };
            for line in lines {
                let filters = line.filters.iter().map(|filter| filter.printed(is_newest).to_owned());
                let cells = line.cells.iter().map(|cell| cell.print(record, print));
                let row = key.iter().cloned().chain(filters).chain(cells).collect();
                self.row(row);
            }
        }
    }

    /// What a row says of when and where.
    fn key(&self, label: i16, area: &Area) -> Vec<String> {
        let country = &self.world.country;
        let (identifier, period) = self.layout.time.printed(label);
        let region = |r: usize| [country.regions[r].code.clone(), country.regions[r].name.to_owned()];
        let nothing = || [String::new(), String::new()];
        let (level, region, dfe, [code, name]) = match area {
            Area::Country => ("National", nothing(), String::new(), nothing()),
            Area::Region(r) => ("Regional", region(*r), String::new(), nothing()),
            Area::Authorities(party) => {
                let joined = |of: &dyn Fn(&Authority) -> String| {
                    party.iter().map(|i| of(&country.authorities[*i])).collect::<Vec<_>>().join(" / ")
                };
                let code = joined(&|a| self.layout.presence.code_of(a, label).to_owned());
                let region = region(country.authorities[party[0]].comparison);
                ("Local authority", region, joined(&|a| a.dfe.clone()), [code, joined(&|a| a.name.clone())])
            }
        };
        let named = if self.layout.name_first { [name, code] } else { [code, name] };
        let fixed = [period, identifier.to_owned(), level.to_owned(), COUNTRY.0.to_owned(), COUNTRY.1.to_owned()];
        fixed.into_iter().chain(region).chain([dfe]).chain(named).collect()
    }

    fn row(&mut self, mut row: Vec<String>) {
        if self.plant == Some(Plant::Unreadable) && self.fault.is_none() {
            self.spoil(&mut row);
        }
        self.sheet.row(self.columns.iter().map(|column| row[*column].as_str()));
        self.last = row;
    }

    /// Makes the last digit of a number a letter, in the first row of an ordinary authority.
    fn spoil(&mut self, row: &mut [String]) {
        let first = self.header.len() - self.layout.measures.len();
        let is_ordinary =
            self.world.ordinary.get(1).is_some_and(|i| row.contains(&self.world.country.authorities[*i].code));
        let cell = &mut row[first];
        if is_ordinary && cell.len() > 1 {
            cell.pop();
            cell.push('O');
            let what = format!("{} is {cell:?}, with a letter for its last digit", self.header[first]);
            self.fault = Some((self.sheet.rows + 1, what));
        }
    }

    fn finish(mut self) -> Written {
        if self.plant == Some(Plant::UnknownAuthority) {
            let mut row = std::mem::take(&mut self.last);
            for (column, value) in [("old_la_code", "8999"), ("new_la_code", "X99000099"), ("la_name", "Nowhere")] {
                let place = self.header.iter().position(|name| name == column);
                if let Some(cell) = place.and_then(|place| row.get_mut(place)) {
                    value.clone_into(cell);
                }
            }
            self.row(row);
            self.fault = Some((self.sheet.rows, "the code X99000099 is in no register".to_owned()));
        }
        let rows = self.sheet.rows.saturating_sub(1);
        Written { bytes: self.sheet.bytes(), rows, fault: self.fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::is_told_by_sum;
    use crate::world::tests::default_world;
    use crate::writer::TABLES;

    fn tables(world: &World) -> Vec<Table> {
        TABLES.iter().flat_map(|tables| tables(world)).collect()
    }

    fn is_authority(area: &Area) -> bool {
        matches!(area, Area::Authorities(_))
    }

    #[test]
    fn authorities_add_up_to_regions_and_to_the_country() {
        let world = default_world();
        for table in tables(&world) {
            for (label, year) in years(&world, &table) {
                let total = |keep: &dyn Fn(&Area) -> bool, i: usize| -> f64 {
                    year.iter().filter(|(area, _)| keep(area)).map(|(_, record)| record[i].value).sum()
                };
                for i in 0..year[0].1.len() {
                    let country = total(&|area| matches!(area, Area::Country), i);
                    let is_part = |r: usize| world.country.regions[r].is_part;
                    let regions = total(&|area| matches!(area, Area::Region(r) if !is_part(*r)), i);
                    let authorities = total(&is_authority, i);
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(1.0);
                    assert!(near(country, regions) && near(country, authorities), "{} {label} {i}", table.layout.path);
                }
            }
        }
    }

    #[test]
    fn parts_add_up_to_their_totals() {
        let world = default_world();
        for table in tables(&world) {
            for (label, year) in years(&world, &table) {
                for (area, record) in &year {
                    for (total, parts) in &table.layout.guard.sums {
                        let sum: f64 = parts.iter().map(|i| record[*i].value).sum();
                        assert!(
                            (sum - record[*total].value).abs() < 1e-6,
                            "{} {label} {area:?} {total}",
                            table.layout.path
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn no_small_count_is_printed_and_no_hidden_one_is_told_by_its_row() {
        let world = default_world();
        for table in tables(&world) {
            let guard = &table.layout.guard;
            for (label, year) in years(&world, &table) {
                for (area, record) in year.iter().filter(|(area, _)| is_authority(area)) {
                    let small = |i: &&usize| record[**i].symbol.is_none() && (1.0..=5.0).contains(&record[**i].value);
                    assert_eq!(guard.counts.iter().find(small), None, "{} {label} {area:?}", table.layout.path);
                    let told = guard.sums.iter().find(|(total, parts)| is_told_by_sum(record, *total, parts));
                    assert_eq!(told, None, "{} {label} {area:?}", table.layout.path);
                }
            }
        }
    }

    #[test]
    fn no_hidden_count_is_told_by_its_region() {
        let world = default_world();
        for table in tables(&world) {
            for (label, year) in years(&world, &table) {
                for r in (0..world.country.regions.len()).filter(|r| *r != 6) {
                    let of_region = |area: &Area| match area {
                        Area::Authorities(party) => world.country.authorities[party[0]].comparison == r,
                        _ => false,
                    };
                    for i in &table.layout.guard.counts {
                        let hidden = |symbol: Symbol| {
                            year.iter()
                                .filter(|(area, record)| of_region(area) && record[*i].symbol == Some(symbol))
                                .count()
                        };
                        let (c, other) = (hidden(Symbol::C), hidden(Symbol::X) + hidden(Symbol::U));
                        assert!(c != 1 || other > 0, "{} {label} region {r} amount {i}", table.layout.path);
                    }
                }
            }
        }
    }

    #[test]
    fn files_print_the_code_of_the_day_and_those_of_children_in_care_the_latest() {
        let world = default_world();
        let recoded = &world.country.authorities[world.country.recoded];
        let text = |path: &str| {
            let table = tables(&world).into_iter().find(|table| table.layout.path.contains(path)).unwrap();
            String::from_utf8(write(&world, &table).bytes).unwrap()
        };
        let has = |text: &str, label: &str, code: &str| {
            text.lines().any(|line| line.starts_with(label) && line.contains(code))
        };
        let old = recoded.old_code.as_deref().unwrap();
        let need = text("/b1_");
        assert!(has(&need, "2024", old) && !has(&need, "2024", &recoded.code) && has(&need, "2025", &recoded.code));
        let workers = text("/csww_indicators");
        assert!(has(&workers, "2023", old) && has(&workers, "2024", &recoded.code) && workers.contains("9031 / 9032"));
        assert!(!text("/cla_number").contains(old));
        let split = &world.country.authorities[world.country.split].code;
        let care = text("/la_cla_placement_stability");
        let outside = care.lines().find(|line| line.starts_with("2025") && line.contains(split.as_str())).unwrap();
        assert!(outside.ends_with(",z,z"), "{outside}");
    }
}

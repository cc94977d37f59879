//! Mid-year population estimates of children aged 0 to 17.

use crate::figure::{Figure, plain};
use crate::layout::{Cell, Layout, Presence};
use crate::options::LAST;
use crate::table::Table;
use crate::world::World;

/// The table: its labels run a year earlier than those of the children in need files.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let labels: Vec<i16> = (world.start..LAST).rev().collect();
    let path = format!("ons/ons_mid-year_population_estimates_{}_to_{}.csv", world.start, LAST - 1);
    let filter = ("age_group", "Children aged 0 to 17 years");
    let mut layout = Layout::single(path, labels, filter, &[("population_estimate", Cell::Amount(0, 0))]);
    layout.presence = Presence::Lived(6, 30);
    vec![Table::new(layout, draw)]
}

fn draw(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    labels.iter().map(|label| plain([world.profiles[authority].population[world.place(*label)]])).collect()
}

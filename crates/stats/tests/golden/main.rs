//! The golden values: every file of the folder, every case of it, within the tolerance that its README states.

mod belief;
mod funnel;
mod harness;
mod intervals;
mod many;
mod overdispersion;
mod series;

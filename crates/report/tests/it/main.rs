//! Reports read whole: the published ones that are shared, invented ones of every era, and hostile files.

mod hostile;
mod layouts;
mod pdf;
mod shared;

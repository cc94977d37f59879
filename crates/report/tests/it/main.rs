//! Reports read whole: the published ones that are shared, invented ones of every era, and hostile files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod hostile;
mod invented;
mod layouts;
mod letters;
mod pdf;
mod sections;
mod shared;

//! Search through its public interface.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod empty;
mod filters;
mod finding;
mod folder;
mod oracle;
mod order;
mod render;
mod sample;

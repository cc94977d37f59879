//! Server: the lake over HTTP, as an API and as pages.
//!
//! It listens on this machine alone, because it does not know yet who asks. Each request is answered
//! from one pinned snapshot, and says which. It knows routes and how an answer is dressed; it must never
//! read a published file, compute a figure of its own, or open what was told in confidence.

mod answer;
mod comparison;
mod held;
mod pages;
mod problem;
mod routes;
mod server;

pub use server::{Server, ServerError};

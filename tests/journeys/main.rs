//! Journeys through the built program.

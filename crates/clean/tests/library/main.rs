//! Tests of the library as its users see it.

mod cleaning;
mod glosses;
mod simulator;
mod types;

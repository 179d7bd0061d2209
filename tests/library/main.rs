//! Tests of the library as its users see it.

mod boundary;
mod builder;
mod cases;
mod cleaning;
mod explanations;
mod glosses;
mod model;
mod pages;
mod simulator;
mod streaming;
mod targets;
mod ways;
mod words;

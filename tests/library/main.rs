//! Tests of the library as its users see it.

mod boundary;
mod builder;
mod cases;
mod cleaning;
mod explanations;
mod glosses;
mod many;
mod model;
mod pages;
mod records;
mod simulator;
mod streaming;
mod tables;
mod targets;
mod ways;
mod words;

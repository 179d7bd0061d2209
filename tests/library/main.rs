//! Tests of the library as its users see it.

mod boundary;
mod builder;
mod cases;
mod explanations;
mod many;
mod model;
mod pages;
mod streaming;
mod targets;
mod types;
mod ways;
mod words;

//! Tests of the library as its users see it.

mod boundary;
mod builder;
mod cases;
mod explanations;
mod glosses;
mod model;
mod pages;
mod records;
mod streaming;
mod tables;
mod targets;
mod ways;
mod words;

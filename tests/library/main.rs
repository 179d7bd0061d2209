//! Tests of the library as its users see it.

mod boundary;
mod builder;
mod cases;
mod configurations;
mod explanations;
mod fold;
mod many;
mod marked;
mod model;
mod overlay;
mod own;
mod pages;
mod punctuation;
mod release;
mod streaming;
mod targets;
mod types;
mod vocabulary;
mod ways;
mod words;

//! How `fanjian` decides, for a [`Target`], what each character of any Chinese text becomes.
//!
//! - An [`Engine`] converts a text segment by segment. Most characters have one output. At the others it *decides*: among
//!   the character's candidates, by the phrases that cover it and by a model of the characters around it.
//! - With the feature `compile`, `Sources` are the text dictionaries that a target is made from, and `compile` makes the
//!   tables of all targets from them and a `Model`: for build scripts. `Compiled` packs them, and `unpack` makes them of that.
//! - With the feature `train`, the module `training` has what a learner of models needs.
//!
//! # Why a second conversion changes nothing
//!
//! Nothing that a decision looks at is changed by the conversion. Phrases and model see not the text, but the *classes* of
//! its characters: 發, 髮 and 发 are of one class, named after the Simplified character, and every candidate of a character
//! is of its class. So the scores are the same in the text and in its conversion. What the text itself adds is whether its
//! character is right already, and how sure a decision must be to change it; and after a conversion, which leaves no
//! character of the other script, that can only be more.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]
// Items for learners are public in private modules.
#![cfg_attr(not(feature = "train"), allow(unreachable_pub))]

mod bloom;
mod characters;
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX-512 looks ahead"))]
mod chunks;
#[cfg(feature = "compile")]
mod compile;
#[cfg(feature = "compile")]
mod compiled;
mod engine;
mod explanation;
mod hashed;
mod history;
mod kept;
mod kinds;
mod lookups;
mod marked;
mod model;
mod neighbours;
mod own;
#[cfg(feature = "compile")]
mod packed;
mod pairs;
mod phrases;
mod repeated;
mod replacements;
mod segment;
#[cfg(feature = "compile")]
mod shared;
mod style;
mod tables;
mod target;
mod topics;
#[cfg(feature = "train")]
pub mod training;
mod vocabulary;
mod word_table;

#[cfg(feature = "compile")]
pub use crate::{
    compile::{Sources, compile},
    compiled::Compiled,
    model::Model,
    packed::unpack,
};
pub use crate::{
    engine::{Engine, State},
    explanation::{Candidate, Feature, Outcome, Reason},
    history::ScriptHistory,
    kept::{KeptReason, KeptWord},
    own::OwnWord,
    replacements::BEFORE,
    style::HouseStyle,
    tables::check,
    target::{Target, Vocabulary, WordLayer, WordLayers},
};

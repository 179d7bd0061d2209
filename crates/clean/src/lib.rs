//! Cleaning of web pages that a machine has converted and annotated with readings.
//!
//! [`glosses`] finds readings that a machine has inserted behind characters, and the damage done by them. [`clean`] is the
//! whole cleaning of a page: it removes the glosses, repairs the damage, and converts the badly converted text to that of a
//! region.
//!
//! ```
//! use fanjian::{Converter, Target};
//! use fanjian_clean::{Options, GlossMode, clean};
//!
//! let page = "中国台湾网\n中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)：黨員干部發(fā)自?xún)?nèi)心的戰斗\n";
//! let options = Options::default().glosses(GlossMode::Repair).converter(Converter::for_target(Target::Taiwan));
//! let cleaned = clean(page, &options);
//! assert_eq!(cleaned.text.as_deref(), Some("中國台灣網\n中國臺灣網，國際網臺：黨員幹部發自內心的戰鬥\n"));
//! assert_eq!(cleaned.found.glosses.len(), 8);
//! ```
//!
//! The page `docs/cleaning.md` in the repository describes the method and its accuracy.
//!
//! # Features
//!
//! - `serde`: `Serialize` and `Deserialize` for [`GlossMode`], [`Thresholds`] and the results.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

mod found;
mod glosses;
mod page;
mod readings;
mod repair;
mod thresholds;

pub use crate::{
    found::{Damage, Gloss, Glosses},
    glosses::{glosses, glosses_of_texts},
    page::{Cleaned, GlossMode, Options, clean, reconvert},
    thresholds::Thresholds,
};

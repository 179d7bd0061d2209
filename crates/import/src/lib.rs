//! OpenCC's published packages: where they are installed, and how `dictionaries/` is made from them.

mod dictionaries;
mod package;

pub use dictionaries::import;
pub use package::{VERSION, install, python, root, site};

/// What can go wrong in a chore is only ever shown.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

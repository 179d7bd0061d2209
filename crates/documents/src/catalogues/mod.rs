//! Catalogues of the messages of programs. Messages are converted; their keys, and what is for translators, stay.

pub(crate) mod android;
pub(crate) mod arb;
pub(crate) mod fluent;
pub(crate) mod inline;
pub(crate) mod po;
pub(crate) mod properties;
pub(crate) mod resx;
pub(crate) mod strings;
pub(crate) mod xcstrings;
pub(crate) mod xliff;

//! The library's errors as errors of JavaScript.

use fanjian::{Error, ErrorKind};
use wasm_bindgen::prelude::wasm_bindgen;

/// An error that the package throws as a `FanjianError`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Failure {
    kind: &'static str,
    message: String,
}

#[wasm_bindgen]
impl Failure {
    /// The kind: `not-found`, `config` and so on.
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> String {
        self.kind.to_owned()
    }

    /// The message of the library, with the place.
    #[wasm_bindgen(getter)]
    pub fn message(&self) -> String {
        self.message.clone()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { kind: name(error.kind()), message: error.to_string() }
    }
}

/// The name of a kind, as the property `kind` has it.
fn name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Io => "io",
        ErrorKind::Syntax => "syntax",
        ErrorKind::DuplicateKey => "duplicate-key",
        ErrorKind::EmptyKey => "empty-key",
        ErrorKind::Damaged => "damaged",
        ErrorKind::Version => "version",
        ErrorKind::TooLarge => "too-large",
        ErrorKind::Config | ErrorKind::Conflict => "config",
        ErrorKind::NotFound => "not-found",
        ErrorKind::InvalidUtf8 => "invalid-utf8",
        ErrorKind::Unsupported => "unsupported",
        _ => "other",
    }
}

//! Conversion of documents.

use std::path::Path;

use fanjian::{Error, ErrorKind};
use fanjian_documents::{Format, Options};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{converter::Converter, error::Failure, segments::written};

/// How much of a document is looked at for its format, in bytes.
const HEAD: usize = 64 * 1024;

#[derive(Serialize)]
struct FormatView {
    name: &'static str,
    description: &'static str,
    archive: bool,
}

/// The formats of documents, as JSON.
#[wasm_bindgen]
pub fn formats() -> Result<String, Failure> {
    let view = |&format: &Format| FormatView {
        name: format.name(),
        description: format.description(),
        archive: format.is_container(),
    };
    written(&Format::ALL.iter().map(view).collect::<Vec<_>>())
}

/// The format of a document by its name and its bytes: none if it is not known.
#[wasm_bindgen(js_name = formatOf)]
pub fn format_of(name: &str, bytes: &[u8]) -> Option<String> {
    Format::of_content(&bytes[..bytes.len().min(HEAD)], Path::new(name)).map(|format| format.name().to_owned())
}

#[wasm_bindgen]
impl Converter {
    /// Converts a document: in the format of this name, or in that which its own name and its bytes show.
    #[wasm_bindgen(js_name = convertDocument)]
    pub fn convert_document(
        &self,
        bytes: &[u8],
        format: Option<String>,
        name: Option<String>,
    ) -> Result<Vec<u8>, Failure> {
        let path = name.as_deref().map(Path::new);
        let format = match (format, path) {
            (Some(format), _) => format.parse()?,
            (None, Some(path)) => Format::of_content(&bytes[..bytes.len().min(HEAD)], path).ok_or_else(|| {
                let message = format!(
                    "no format of documents is known by the name or the content of {}: give it as the option 'as', such \
                     as 'html'",
                    path.display()
                );
                Error::new(ErrorKind::NotFound, message)
            })?,
            (None, None) => {
                let message = "the option 'as', such as 'html', or the option 'name', a file's name, is needed";
                return Err(Error::new(ErrorKind::Config, message).into());
            }
        };
        let options = Options::new(self.converter.clone()).languages(self.languages.clone());
        let options = path.into_iter().fold(options, Options::path);
        let converted = fanjian_documents::convert(bytes, format, &options);
        let converted = converted.map_err(|error| match path {
            Some(path) => error.at_path(path),
            None => error,
        })?;
        Ok(converted.bytes.to_vec())
    }
}

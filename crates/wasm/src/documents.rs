//! Conversion of documents.

use std::path::Path;

use encoding_rs::Encoding;
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
    /// Converts a document: in the format of this name, or in that which its own name and its bytes show. A text in the
    /// encoding of this label becomes UTF-8; texts in a zip archive are read in it, and keep it.
    #[wasm_bindgen(js_name = convertDocument)]
    pub fn convert_document(
        &self,
        bytes: &[u8],
        format: Option<String>,
        name: Option<String>,
        encoding: Option<String>,
    ) -> Result<Vec<u8>, Failure> {
        let path = name.as_deref().map(Path::new);
        let format = match format {
            Some(format) => format.parse()?,
            None => format_by(path, bytes)?,
        };
        let encoding = encoding.as_deref().map(encoding_of).transpose()?;
        let options = Options::new(self.converter.clone()).languages(self.languages.clone());
        let options = path.into_iter().fold(options, Options::path);
        Ok(converted(bytes, format, options, encoding).map_err(|error| match path {
            Some(path) => error.at_path(path),
            None => error,
        })?)
    }
}

/// The format that a document's name and bytes show.
fn format_by(path: Option<&Path>, bytes: &[u8]) -> Result<Format, Error> {
    let Some(path) = path else {
        let message = "the option 'as', such as 'html', or the option 'name', a file's name, is needed";
        return Err(Error::new(ErrorKind::Config, message));
    };
    Format::of_content(&bytes[..bytes.len().min(HEAD)], path).ok_or_else(|| {
        let message = format!(
            "no format of documents is known by the name or the content of {}: give it as the option 'as', such as 'html'",
            path.display()
        );
        Error::new(ErrorKind::NotFound, message)
    })
}

fn encoding_of(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| {
        let message =
            format!("unknown encoding '{label}': expected a label of the Encoding Standard, such as 'gb18030'");
        Error::new(ErrorKind::NotFound, message)
    })
}

fn converted(
    bytes: &[u8],
    format: Format,
    options: Options,
    encoding: Option<&'static Encoding>,
) -> Result<Vec<u8>, Error> {
    // A byte order mark is surer than what is given.
    let Some(encoding) = encoding.filter(|_| Encoding::for_bom(bytes).is_none()) else {
        return Ok(fanjian_documents::convert(bytes, format, &options)?.bytes.into_owned());
    };
    if format.is_container() {
        let options = options.find_encoding(move |_| Ok(encoding.name().to_owned()));
        return Ok(fanjian_documents::convert(bytes, format, &options)?.bytes.into_owned());
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        Error::new(ErrorKind::Damaged, format!("not {}: it has bytes that are in no text of it", encoding.name()))
    })?;
    let options = options.encoding(Some("UTF-8".to_owned()));
    Ok(fanjian_documents::convert_text(&text, format, &options)?.text.into_owned().into_bytes())
}

//! Converters.

use fanjian::Error;
#[cfg(feature = "documents")]
use fanjian_documents::Languages;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{builder::Builder, error::Failure, segments, stream::Stream};

/// A converter.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Converter {
    pub(crate) converter: fanjian::Converter,
    #[cfg(feature = "documents")]
    pub(crate) languages: Languages,
}

impl Converter {
    pub(crate) fn new(builder: Builder) -> Result<Converter, Error> {
        #[cfg(feature = "documents")]
        let languages = match (builder.config, builder.target) {
            (None, Some(target)) => Languages::to_target(target, builder.source_script),
            (Some(config), _) => Languages::of_config(config),
            _ => Languages::default(),
        };
        let converter = builder.builder.build()?;
        Ok(Converter {
            converter,
            #[cfg(feature = "documents")]
            languages,
        })
    }
}

#[wasm_bindgen]
impl Converter {
    /// Converts a text.
    pub fn convert(&self, text: &str) -> String {
        self.converter.convert(text).into_owned()
    }

    /// The segments of a text, as JSON.
    pub fn segments(&self, text: &str) -> Result<String, Failure> {
        segments::json(text, &self.converter.segments(text))
    }

    /// The segments of a text, parts of which become what the caller says: places in pairs, in code units, and what takes
    /// their places.
    #[cfg(feature = "targets")]
    #[wasm_bindgen(js_name = segmentsReplacing)]
    pub fn segments_replacing(&self, text: &str, places: &[u32], outputs: Vec<String>) -> Result<String, Failure> {
        let replacements = segments::replacements(text, places, outputs)?;
        let segments =
            self.converter.segments_replacing(text, &replacements, &mut fanjian::ScriptHistory::default())?;
        segments::json(text, &segments)
    }

    /// The words that stay although the region has others, as JSON.
    #[cfg(feature = "targets")]
    #[wasm_bindgen(js_name = keptWords)]
    pub fn kept_words(&self, text: &str) -> Result<String, Failure> {
        segments::kept_json(text, &self.converter.kept_words(text, fanjian::ScriptHistory::default()))
    }

    /// A conversion of a text that comes in pieces.
    pub fn stream(&self) -> Stream {
        Stream::new(&self.converter)
    }
}

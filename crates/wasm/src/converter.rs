//! Converters.

#[cfg(feature = "targets")]
use fanjian::Error;
#[cfg(feature = "documents")]
use fanjian_documents::Languages;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "targets")]
use crate::{builder::Builder, pieces, segments, utf16::Places};
use crate::{
    error::Failure,
    names::config_named,
    output,
    stream::Stream,
    units::{NOT_CONVERTED, SAME, Units},
};

/// Memory for a conversion that is longer than its text, as a part of that.
const GROWTH_DIVISOR: usize = 32;

/// Whether a text has U+FFFD. Written so, it is compiled to vectors: a call for each three bytes takes 15 times as long.
fn has_replacement(text: &str) -> bool {
    let is_one = |bytes: &[u8]| (bytes[0] == 0xef) & (bytes[1] == 0xbf) & (bytes[2] == 0xbd);
    text.as_bytes().windows(3).fold(0, |found, bytes| found | u8::from(is_one(bytes))) != 0
}

/// A converter.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Converter {
    pub(crate) converter: fanjian::Converter,
    units: Units,
    #[cfg(feature = "documents")]
    pub(crate) languages: Languages,
    /// Whether it is by a built-in configuration, whose reasons need the dictionaries.
    #[cfg(all(feature = "targets", fanjian_external_data))]
    is_by_config: bool,
}

/// The converter by a built-in configuration, without other choices.
#[wasm_bindgen]
pub fn plain(config: &str) -> Result<Converter, Failure> {
    let config = config_named(config)?;
    #[cfg(fanjian_external_data)]
    crate::data::check_config(config)?;
    Ok(Converter {
        converter: fanjian::Converter::new(config),
        units: Units::default(),
        #[cfg(feature = "documents")]
        languages: Languages::of_config(config),
        #[cfg(all(feature = "targets", fanjian_external_data))]
        is_by_config: true,
    })
}

#[cfg(feature = "targets")]
impl Converter {
    pub(crate) fn new(builder: Builder) -> Result<Converter, Error> {
        #[cfg(fanjian_external_data)]
        crate::data::check(&builder)?;
        #[cfg(feature = "documents")]
        let languages = match (builder.config, builder.target) {
            (None, Some(target)) => Languages::to_target(target, builder.source_script),
            (Some(config), _) => Languages::of_config(config),
            _ => Languages::default(),
        };
        Ok(Converter {
            units: Units::default(),
            #[cfg(feature = "documents")]
            languages,
            #[cfg(fanjian_external_data)]
            is_by_config: builder.config.is_some() && !builder.has_release,
            converter: builder.builder.build()?,
        })
    }
}

#[cfg(feature = "targets")]
#[wasm_bindgen]
impl Builder {
    /// The converter.
    pub fn build(self) -> Result<Converter, Failure> {
        Converter::new(self).map_err(Failure::from)
    }
}

#[wasm_bindgen]
impl Converter {
    /// Converts a text to where [`output`] says. Returns its length; `SAME`, so that JavaScript need not make a string of it; or
    /// `NOT_CONVERTED` if the text has U+FFFD, and may not have it: JavaScript, which takes longer to look for lone surrogates than
    /// this to look for U+FFFD, writes them so.
    pub fn convert(&self, text: &str, may_have_replacement: bool) -> i32 {
        if !may_have_replacement && has_replacement(text) {
            return NOT_CONVERTED;
        }
        let mut converted = String::with_capacity(text.len() + text.len() / GROWTH_DIVISOR);
        self.converter.convert_into(text, &mut converted);
        if converted == text { SAME } else { output::put(&converted) }
    }

    /// Where a short text is written in memory, and its conversion behind it: see [`convert_units`](Self::convert_units).
    pub fn units(&self) -> *const u16 {
        self.units.place()
    }

    /// Converts the text of this length that was written into memory as UTF-16. Returns the length of its conversion, -1 if it
    /// is the same text, and -2 for texts that have to be converted by [`convert`](Self::convert).
    #[wasm_bindgen(js_name = convertUnits)]
    pub fn convert_units(&mut self, len: usize) -> i32 {
        self.units.convert(&self.converter, len)
    }

    /// A conversion of a text that comes in pieces.
    pub fn stream(&self) -> Stream {
        Stream::new(&self.converter)
    }
}

#[cfg(feature = "targets")]
#[wasm_bindgen]
impl Converter {
    /// The segments of a text, as JSON.
    pub fn segments(&self, text: &str) -> Result<String, Failure> {
        #[cfg(fanjian_external_data)]
        if self.is_by_config {
            crate::data::check_dictionaries("segments of configurations")?;
        }
        segments::json(text, &self.converter.segments(text))
    }

    /// The segments of a text, parts of which become what the caller says: places in pairs, in code units, and what takes
    /// their places.
    #[wasm_bindgen(js_name = segmentsReplacing)]
    pub fn segments_replacing(&self, text: &str, places: &[u32], outputs: Vec<String>) -> Result<String, Failure> {
        let replacements = segments::replacements(text, places, outputs)?;
        let segments =
            self.converter.segments_replacing(text, &replacements, &mut fanjian::ScriptHistory::default())?;
        segments::json(text, &segments)
    }

    /// The words that stay although the region has others, as JSON.
    #[wasm_bindgen(js_name = keptWords)]
    pub fn kept_words(&self, text: &str) -> Result<String, Failure> {
        segments::kept_json(text, &self.converter.kept_words(text, fanjian::ScriptHistory::default()))
    }

    /// Where the pieces of a text, which end at these places, end in its conversion: all in code units.
    #[wasm_bindgen(js_name = endsInConversion)]
    pub fn ends_in_conversion(&self, text: &str, ends: &[u32]) -> Vec<u32> {
        let segments = self.converter.segments(text);
        let converted: String = segments.iter().map(|segment| segment.output.as_str()).collect();
        let mut places = Places::new(text);
        let bytes: Vec<_> = ends.iter().map(|&end| places.byte_at(end as usize).unwrap_or(text.len())).collect();
        let mut places = Places::new(&converted);
        let ends = pieces::ends_in_conversion(text, &segments, &bytes);
        ends.into_iter().map(|end| places.before(end) as u32).collect()
    }
}

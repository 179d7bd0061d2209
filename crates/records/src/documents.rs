//! Fields whose texts are documents.

use std::{fmt, panic::RefUnwindSafe, sync::Arc};

use fanjian::{Error, ErrorKind};
use fanjian_documents::{Format, Languages, Options, Report, convert_text, groups_of_text};

use crate::text::Text;

/// Takes each text that is converted, and what was done to it.
type Observe = Arc<dyn Fn(&str, &Report) + Send + Sync + RefUnwindSafe>;

/// The fields whose texts are documents, and how these are converted.
#[derive(Clone, Default)]
pub(crate) struct Documents {
    chosen: Option<Arc<Chosen>>,
    pub(crate) observe: Option<Observe>,
}

#[derive(Debug)]
struct Chosen {
    /// The format of each field, by its number.
    fields: Vec<(usize, Format)>,
    options: Options,
    /// Those by which all texts are read, for metrics: whatever is converted of them.
    reading: Options,
}

impl Documents {
    pub(crate) fn choose(&mut self, fields: Vec<(usize, Format)>, options: Options) -> Result<(), Error> {
        if let Some((_, format)) = fields.iter().find(|(_, format)| format.is_container()) {
            let message = format!("a text cannot be of the format {format}, which is an archive");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let reading = options.clone().languages(Languages::default()).marks(false);
        self.chosen = (!fields.is_empty()).then(|| Arc::new(Chosen { fields, options, reading }));
        Ok(())
    }

    /// Whether a field is a document.
    pub(crate) fn are_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// The format of a field. None for plain text.
    pub(crate) fn format(&self, field: usize) -> Option<Format> {
        let fields = &self.chosen.as_ref()?.fields;
        fields.iter().find(|(number, _)| *number == field).map(|&(_, format)| format)
    }

    /// A text as it is read: without markup, if it is a document.
    pub(crate) fn without_markup<'t>(&self, text: &'t Text<'_>) -> Result<Text<'t>, Error> {
        let Some((chosen, format)) = self.of(text) else { return Ok(Text::new(text.field, &*text.text)) };
        let groups = groups_of_text(&text.text, format, &chosen.reading).map_err(|error| not_it(format, &error))?;
        let groups: Vec<_> = groups.into_iter().map(|group| group.text).collect();
        Ok(Text::new(text.field, groups.join("\n")))
    }

    /// Converts a text that is a document. Returns None if it stays unchanged.
    pub(crate) fn convert(&self, text: &Text<'_>) -> Result<Option<String>, Error> {
        let Some((chosen, format)) = self.of(text) else { return Ok(None) };
        let converted = convert_text(&text.text, format, &chosen.options).map_err(|error| not_it(format, &error))?;
        if let Some(observe) = &self.observe {
            observe(&text.text, &converted.report);
        }
        Ok((converted.text != text.text).then(|| converted.text.into_owned()))
    }

    /// How a text is read. None for plain text, and for an empty one, which is in no format, and no error.
    fn of(&self, text: &Text<'_>) -> Option<(&Chosen, Format)> {
        if text.text.is_empty() {
            return None;
        }
        Some((self.chosen.as_deref()?, self.format(text.field)?))
    }
}

/// The error about a text that is not in its format.
fn not_it(format: Format, error: &Error) -> Error {
    match error.kind() {
        ErrorKind::Syntax => Error::new(ErrorKind::Syntax, format!("not {format}: {error}")),
        kind => Error::new(kind, error.to_string()),
    }
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents").field("chosen", &self.chosen).field("is_observed", &self.observe.is_some()).finish()
    }
}

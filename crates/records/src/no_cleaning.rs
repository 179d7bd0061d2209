//! A substitute for cleaning in builds without the feature `clean`.

use fanjian::{Error, ErrorKind};

use crate::text::{Cleaned, Text};

#[derive(Clone, Debug, Default)]
pub(crate) struct Cleaning;

impl Cleaning {
    pub(crate) fn clean(&self, _: &[Text<'_>], is_counted: bool) -> Result<Cleaned, Error> {
        match is_counted {
            true => Err(Error::new(ErrorKind::Config, "the metrics glosses and unrepaired need the feature `clean`")),
            false => Ok(Cleaned::default()),
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        false
    }

    pub(crate) fn is_stripping(&self) -> bool {
        false
    }

    pub(crate) fn reconvert(
        &self,
        text: &str,
        convert: &dyn Fn(&str) -> Result<Option<String>, Error>,
    ) -> Result<String, Error> {
        Ok(convert(text)?.unwrap_or_else(|| text.to_owned()))
    }
}

//! A substitute for documents in builds without the feature `documents`: no field is one.

use std::convert::Infallible;

use fanjian::Error;

use crate::text::Text;

#[derive(Clone, Debug, Default)]
pub(crate) struct Documents;

impl Documents {
    pub(crate) fn are_chosen(&self) -> bool {
        false
    }

    pub(crate) fn format(&self, _: usize) -> Option<Infallible> {
        None
    }

    pub(crate) fn without_markup<'t>(&self, text: &'t Text<'_>) -> Result<Text<'t>, Error> {
        Ok(Text::new(text.field, &*text.text))
    }

    pub(crate) fn convert(&self, _: &Text<'_>) -> Result<Option<String>, Error> {
        Ok(None)
    }
}

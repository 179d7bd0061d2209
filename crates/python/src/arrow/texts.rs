//! The builders of columns of text.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, OffsetSizeTrait,
    builder::{GenericStringBuilder, StringViewBuilder},
};
use arrow_schema::DataType;

use super::problem::{Problem, has_memory};
use crate::text::LONG;

/// A builder of a column of text.
pub(super) trait Sink {
    fn text(&mut self, text: &str) -> Result<(), Problem>;
    fn null(&mut self);
    fn done(&mut self) -> ArrayRef;
}

impl<O: OffsetSizeTrait> Sink for GenericStringBuilder<O> {
    fn text(&mut self, text: &str) -> Result<(), Problem> {
        let len = self.values_slice().len() + text.len();
        if O::from_usize(len).is_none() {
            return Err(Problem::TooLong);
        }
        if text.len() > LONG {
            // If it has to grow, it doubles its memory.
            has_memory(2 * len)?;
        }
        self.append_value(text);
        Ok(())
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn done(&mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

impl Sink for StringViewBuilder {
    fn text(&mut self, text: &str) -> Result<(), Problem> {
        if text.len() > LONG {
            has_memory(text.len())?;
        }
        self.try_append_value(text).map_err(|_| Problem::TooLong)
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn done(&mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

/// A builder for the texts of columns of this type: of a dictionary, the texts of its values.
pub(super) fn builder(kind: &DataType) -> Box<dyn Sink> {
    match kind {
        DataType::LargeUtf8 => Box::new(GenericStringBuilder::<i64>::new()),
        DataType::Utf8View => Box::new(StringViewBuilder::new()),
        DataType::Dictionary(_, values) => builder(values),
        // Also a column of nulls alone.
        _ => Box::new(GenericStringBuilder::<i32>::new()),
    }
}

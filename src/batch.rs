//! Short texts converted together: to set a conversion up for each of them costs as much as to convert it.

use memchr::memchr_iter;

use fanjian_engine::{Stages, description};

use crate::{conversion::Conversion, text};

/// What is put behind each text. No key or value of [separable tables](fanjian_engine::FastTables::is_separable) holds a control
/// character, nor an operator of ideographic description sequences: so that nothing but such a sequence in the text reaches across
/// one.
const SEPARATOR: u8 = 0;

/// The length of a full batch, in bytes.
const FULL: usize = 4 * 1024;
/// Longer texts, in bytes, are converted on their own: for them, it makes no difference.
const LONGEST: usize = 1024;

/// Whether texts that separable tables convert, joined by this character, can be converted together, each as if on its own.
pub(crate) fn can_separate(separator: char, texts: &str) -> bool {
    separator.is_ascii_control() && !description::may_begin_in(texts)
}

/// Short texts that are to be converted by separable tables, and memory to do it.
#[derive(Debug, Default)]
pub(crate) struct Batch<'t> {
    texts: Vec<&'t str>,
    joined: String,
    converted: String,
}

impl<'t> Batch<'t> {
    /// Converts a text, or waits for more of them. `end` is called behind each text in turn.
    pub(crate) fn convert(
        &mut self,
        conversion: &mut Conversion,
        stages: &Stages,
        text: &'t str,
        out: &mut String,
        end: &mut impl FnMut(&mut String),
    ) {
        if text.len() > LONGEST {
            self.finish(conversion, stages, out, end);
            text::append(conversion, stages, text, out);
            end(out);
            return;
        }
        self.texts.push(text);
        self.joined.push_str(text);
        self.joined.push(SEPARATOR.into());
        if self.joined.len() >= FULL {
            self.finish(conversion, stages, out, end);
        }
    }

    /// Converts the texts that wait.
    pub(crate) fn finish(
        &mut self,
        conversion: &mut Conversion,
        stages: &Stages,
        out: &mut String,
        end: &mut impl FnMut(&mut String),
    ) {
        let Batch { texts, joined, converted } = self;
        let is_exact = texts.len() > 1
            && can_separate(SEPARATOR.into(), joined)
            && memchr_iter(SEPARATOR, joined.as_bytes()).count() == texts.len();
        if is_exact {
            text::append(conversion, stages, joined, converted);
            let mut start = 0;
            for stop in memchr_iter(SEPARATOR, converted.as_bytes()) {
                out.push_str(&converted[start..stop]);
                end(out);
                start = stop + 1;
            }
        } else {
            for text in &*texts {
                text::append(conversion, stages, text, out);
                end(out);
            }
        }
        texts.clear();
        joined.clear();
        converted.clear();
    }
}

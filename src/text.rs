//! Conversion to a `String`: the one place where bytes are taken for text without a look at them.

use std::mem;

use crate::engine::{conversion::Conversion, level::Levels};

/// Converts a whole text, or what is left of one, to the end of `out`.
///
/// A look at the converted bytes would cost 27 of the 75 instructions that a character of Chinese manuals takes with `t2tw`
/// (callgrind; `str::from_utf8`), or 13 with simdutf8.
#[allow(unsafe_code)]
pub(crate) fn append(conversion: &mut Conversion, levels: &Levels, text: &str, out: &mut String) {
    let mut bytes = mem::take(out).into_bytes();
    conversion.feed(levels, text, true, &mut bytes);
    debug_assert!(str::from_utf8(&bytes).is_ok(), "the conversion gave bytes that are not UTF-8");
    // SAFETY: `bytes` were a `String`'s, and `feed` puts whole characters behind them: those of `text`, values of
    // dictionaries, which are UTF-8 when they are compiled or loaded, and characters that it encodes. Debug builds, with
    // which all tests run, look.
    *out = unsafe { String::from_utf8_unchecked(bytes) };
}

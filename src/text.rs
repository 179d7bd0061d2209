//! Conversion to a `String`: the one place where bytes are taken for text without a look at them.

use std::mem;

use fanjian_engine::{FastTables, Stages, convert_short};

use crate::conversion::Convert;

/// Converts a whole text, or what is left of one, to the end of `out`. After the last text, `conversion` has to
/// [release its cache](Convert::release_cache).
///
/// A look at the converted bytes would cost 27 instructions a character with `str::from_utf8`, where all else costs 19 to 45
/// (callgrind, 600 kB of manuals, `t2tw` and `s2t`). simdutf8 takes but 2, but makes no `String` of a vector: the text would
/// be written twice, short ones with an allocation more. A [`Stream`](crate::Stream) does without all this, and the tests of
/// every way to convert (`tests/library/ways.rs`) compare both.
#[allow(unsafe_code)]
pub(crate) fn append(conversion: &mut impl Convert, stages: &Stages, text: &str, out: &mut String) {
    let from = out.len();
    let mut bytes = mem::take(out).into_bytes();
    conversion.feed_on(stages, text, true, &mut bytes);
    debug_assert!(str::from_utf8(&bytes[from..]).is_ok(), "the conversion gave bytes that are not UTF-8");
    // SAFETY: `bytes` were a `String`'s, and `feed_on` leaves them and puts whole characters behind them: those of `text`;
    // values that the chain takes from dictionaries as `str`; and characters and values from tables, which
    // `fanjian_engine::tables::compile` wrote from `str` and `char`, called by the build script, for a release or for a configuration
    // file, and `fanjian_context::compile`, called by the build script. They come from nowhere else, but for programs that are given
    // the build script's tables: `external_data::add_tables` and `add_targets` are unsafe for that. Debug builds, which run all tests,
    // look.
    *out = unsafe { String::from_utf8_unchecked(bytes) };
}

/// Converts a short text, and has `take` take the output. None if it is a text for [`append`].
///
/// The output is whole when it is taken, so that memory is asked for its length alone, or for none if nothing changes; and nothing is
/// set up for further pieces. A string of ten characters takes 25 to 29 % fewer instructions than with `append` (`s2t`, `s2twp`).
#[allow(unsafe_code)]
#[inline]
pub(crate) fn short<R>(
    tables: Option<&'static FastTables>,
    stages: &Stages,
    text: &str,
    take: impl FnOnce(&str) -> R,
) -> Option<R> {
    convert_short(tables, stages, text, |bytes| {
        debug_assert!(str::from_utf8(bytes).is_ok(), "the conversion gave bytes that are not UTF-8");
        // SAFETY: they are what `append` puts behind a `String`, made by the same tables.
        take(unsafe { str::from_utf8_unchecked(bytes) })
    })
}

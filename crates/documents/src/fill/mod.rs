//! Filling of catalogues: what one has not is taken from its sibling in the other script, converted.

mod json;
mod po;
mod xliff;

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{convert::convert_text, format::Format, options::Options};

/// A catalogue that has been filled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filled {
    /// The catalogue.
    pub text: String,
    /// The keys of what has been added, in the order of the sibling. A key of gettext is the message's identifier, behind its
    /// context and U+0004 if it has one; one of JSON is a JSON Pointer (RFC 6901); one of XLIFF is the
    /// file, the unit and the number of the segment from 1 on, with `/` between.
    pub added: Vec<String>,
    /// The keys of what the sibling has not, in the order of the catalogue. It has been left.
    pub stale: Vec<String>,
}

/// Fills a catalogue with what is missing in it, from its sibling in the other script.
///
/// What is missing is a message that is not in `target` or is empty there, and is not empty in `source`. It is the conversion
/// of that of `source`, and is put behind what it stands behind there. All else of `target` is preserved byte for byte: what
/// people wrote is never replaced. What has been added is marked, so that it is reviewed: as fuzzy for gettext, and with the
/// state `needs-review-translation` for XLIFF 1.2; JSON has no mark for it. Units that are not in `target` are not added to
/// XLIFF, for they are made from a program.
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_documents::{Format, Languages, Options, fill};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::for_target(Target::Taiwan)).languages(Languages::to_target(Target::Taiwan, None));
/// let (target, source) = ("{\n  \"hair\": \"秀髮\"\n}\n", "{\n  \"hair\": \"头发\",\n  \"open\": \"打开\"\n}\n");
/// let filled = fill(target, source, Format::Json, &options)?;
/// assert_eq!(filled.text, "{\n  \"hair\": \"秀髮\",\n  \"open\": \"打開\"\n}\n");
/// assert_eq!(filled.added, ["/open"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax) if one of them is not in this format; [`Unsupported`](ErrorKind::Unsupported) if catalogues of
/// the format are not filled: all but [`Po`](Format::Po), [`Xliff`](Format::Xliff), [`Json`](Format::Json) and
/// [`Arb`](Format::Arb).
pub fn fill(target: &str, source: &str, format: Format, options: &Options) -> Result<Filled, Error> {
    let merge: Merge = match format {
        Format::Po => po::merge,
        Format::Xliff => xliff::merge,
        Format::Json => |target: &str, source: &str| json::merge(target, source, false),
        Format::Arb => |target: &str, source: &str| json::merge(target, source, true),
        _ => {
            let message = format!("{format}: catalogues of this format are not filled; convert the file instead");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    };
    let converted = convert_text(source, format, options)?.text;
    let Merged { mut insertions, added, stale } = merge(target, &converted)?;
    // Those at one place stay in the order of the sibling.
    insertions.sort_by_key(|(range, _)| range.start);
    let (mut text, mut at) = (String::with_capacity(target.len()), 0);
    for (range, new) in insertions {
        text.push_str(&target[at..range.start]);
        text.push_str(&new);
        at = range.end;
    }
    text.push_str(&target[at..]);
    Ok(Filled { text, added, stale })
}

/// Finds what is missing in a target, in a source that has been converted.
type Merge = fn(&str, &str) -> Result<Merged, Error>;

/// What is to be added to a catalogue.
#[derive(Debug, Default)]
struct Merged {
    /// Places of the catalogue, most of them empty, and their new text.
    insertions: Vec<(Range<usize>, String)>,
    added: Vec<String>,
    stale: Vec<String>,
}

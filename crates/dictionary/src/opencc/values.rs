//! The values of an `.ocd2`, in the order of the numbers that the trie gives its keys.
//!
//! All numbers are little-endian: of 4 bytes, how many keys there are, and the length of all values; the values, each ended by a
//! byte 0; and for each key, of 2 bytes each, how many values it has, and their lengths with the 0.

use super::cursor::{Cursor, malformed};
use crate::{Error, ErrorKind};

/// The candidates of each key.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Vec<Vec<String>>, Error> {
    let count = cursor.u32("the number of values")?;
    let total = cursor.u32("the length of the values")?;
    let mut texts_at = cursor.offset();
    let mut texts = cursor.take(total as usize, "the values")?;
    let mut values = Vec::new();
    for _ in 0..count {
        let mut candidates = Vec::new();
        for _ in 0..cursor.u16("a number of candidates")? {
            let len = usize::from(cursor.u16("the length of a candidate")?);
            let (text, rest) = texts
                .split_at_checked(len)
                .ok_or_else(|| malformed(cursor.offset() - 2, "a candidate reaches behind the last value"))?;
            let text = text.strip_suffix(b"\0").filter(|text| !text.contains(&0));
            let text = text.ok_or_else(|| malformed(texts_at, "a value does not end where its length says"))?;
            let text = str::from_utf8(text).map_err(|_| malformed(texts_at, "a value is not UTF-8"))?;
            candidates.push(text.to_owned());
            (texts, texts_at) = (rest, texts_at + len);
        }
        values.push(candidates);
    }
    match texts {
        [] => Ok(values),
        _ => Err(malformed(texts_at, "a value belongs to no key")),
    }
}

/// Appends the candidates of these keys.
pub(super) fn write(values: &[(&str, &[String])], out: &mut Vec<u8>) -> Result<(), Error> {
    let (mut texts, mut lengths) = (Vec::new(), Vec::new());
    for &(key, candidates) in values {
        lengths.extend(number(key, candidates.len())?.to_le_bytes());
        for candidate in candidates {
            if candidate.contains('\0') {
                let message = format!("the value of '{key}' holds the character U+0000, which ends a value in .ocd2");
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
            texts.extend_from_slice(candidate.as_bytes());
            texts.push(0);
            lengths.extend(number(key, candidate.len() + 1)?.to_le_bytes());
        }
    }
    for len in [values.len(), texts.len()] {
        crate::format::push_number(out, len)?;
    }
    out.append(&mut texts);
    out.append(&mut lengths);
    Ok(())
}

fn number(key: &str, number: usize) -> Result<u16, Error> {
    u16::try_from(number).map_err(|_| {
        let message =
            format!("the value of '{key}' is too long for .ocd2, which holds 65,535 candidates of 65,534 bytes");
        Error::new(ErrorKind::TooLarge, message)
    })
}

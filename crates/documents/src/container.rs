//! Archives in the form of zip: reading their parts within limits, and writing those that change.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::HashMap,
    io::{Cursor, Read, Write},
    rc::Rc,
};

use fanjian::{Error, ErrorKind};
use zip::{
    CompressionMethod, ExtraField, ZipArchive, ZipWriter,
    result::{ZipError, ZipResult},
};

use crate::escape::Escape;

/// The greatest number of parts.
const PARTS: usize = 1 << 17;

/// How many times the greatest size of a part all parts may have together, with those of archives within.
const PARTS_LIMIT: u64 = 16;

/// How an OLE compound file begins: documents of Office 97 to 2003, and encrypted ones of all later versions.
const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// An archive that is read.
pub(crate) struct Archive<'s> {
    bytes: &'s [u8],
    zip: ZipArchive<Cursor<&'s [u8]>>,
    names: Vec<String>,
    indices: HashMap<String, usize>,
    /// The greatest size of a part, in bytes.
    limit: u64,
    /// How many bytes may still be unpacked, here and in archives within.
    left: Rc<Cell<u64>>,
    /// Where the first part begins: before it is no part of the archive, such as a program that unpacks it.
    start: usize,
}

impl<'s> Archive<'s> {
    /// Opens an archive. In it no part is encrypted, none has a name that leads out of it or that of another part, none is
    /// within another one, and all are where the archive's directory says.
    pub(crate) fn open(bytes: &'s [u8], limit: u64) -> Result<Archive<'s>, Error> {
        Archive::open_within(bytes, limit, Rc::new(Cell::new(limit.saturating_mul(PARTS_LIMIT))))
    }

    /// Opens an archive that is a part of this one.
    pub(crate) fn open_part<'p>(&self, bytes: &'p [u8]) -> Result<Archive<'p>, Error> {
        Archive::open_within(bytes, self.limit, Rc::clone(&self.left))
    }

    fn open_within(bytes: &'s [u8], limit: u64, left: Rc<Cell<u64>>) -> Result<Archive<'s>, Error> {
        if bytes.starts_with(&OLE) {
            let message = "an OLE compound file: a document with a password, or one of Office 97 to 2003; \
                           save it without a password and in a format of Office 2007 or later";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if zip.len() > PARTS {
            return Err(Error::new(ErrorKind::TooLarge, format!("an archive of more than {PARTS} parts")));
        }
        let altered = |message: &str| Error::new(ErrorKind::Damaged, message);
        if zip.has_duplicate_names() {
            return Err(altered("two parts of the archive have the same name"));
        }
        if zip.has_overlapping_entries().map_err(|error| damaged(&error))? {
            return Err(altered("parts of the archive overlap"));
        }
        let mut archive = Archive {
            bytes,
            zip,
            names: Vec::new(),
            indices: HashMap::new(),
            limit,
            left,
            start: if bytes.is_empty() { 0 } else { bytes.len() },
        };
        for index in 0..archive.zip.len() {
            let part = archive.zip.by_index_raw(index).map_err(|error| damaged(&error))?;
            let name = part.name().map_err(|error| damaged(&error))?.into_owned();
            if part.encrypted() {
                return Err(Error::new(ErrorKind::Unsupported, "the archive is encrypted").at(name));
            }
            if part.enclosed_name().is_none() {
                return Err(altered("a name that leads out of the archive").at(name));
            }
            let start = usize::try_from(part.header_start()).unwrap_or(usize::MAX);
            let listed = usize::try_from(part.central_header_start()).unwrap_or(usize::MAX);
            let name_here = header_name(bytes, start, 26, 30);
            if name_here.is_none() || name_here != header_name(bytes, listed, 28, 46) {
                return Err(altered("the part has another name than in the archive's directory").at(name));
            }
            archive.start = archive.start.min(start);
            if archive.indices.insert(name.clone(), index).is_some() {
                return Err(altered("two parts of the archive have the same name").at(name));
            }
            archive.names.push(name);
        }
        if archive.names.is_empty() {
            archive.start = usize::try_from(archive.zip.offset()).unwrap_or(0);
        }
        Ok(archive)
    }

    /// The names of the parts, in their order in the archive's directory.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.indices.contains_key(name)
    }

    /// The bytes of a part. None if there is no part of this name.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(&index) = self.indices.get(name) else { return Ok(None) };
        let limit = self.limit.min(self.left.get());
        let part = self.zip.by_index(index).map_err(|error| damaged(&error).at(name))?;
        let too_large = || {
            let message = format!("larger than {limit} bytes when unpacked");
            Error::new(ErrorKind::TooLarge, message).at(name)
        };
        if part.size() > limit {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        // The size that an archive states need not be that of what is unpacked.
        let read = part.take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| Error::new(ErrorKind::Damaged, error.to_string()).at(name))?;
        self.left.set(self.left.get().saturating_sub(bytes.len() as u64));
        if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(Some(bytes)) }
    }

    /// The archive with these parts in the place of those of the same names. The others are copied as they are packed.
    pub(crate) fn with(mut self, parts: &HashMap<String, Vec<u8>>) -> Result<Cow<'s, [u8]>, Error> {
        if parts.is_empty() {
            return Ok(Cow::Borrowed(self.bytes));
        }
        self.write(parts).map(Cow::Owned).map_err(|error| damaged(&error))
    }

    fn write(&mut self, parts: &HashMap<String, Vec<u8>>) -> ZipResult<Vec<u8>> {
        let before = self.bytes.get(..self.start).unwrap_or_default();
        let mut out = Cursor::new(before.to_vec());
        out.set_position(before.len() as u64);
        let mut writer = ZipWriter::new(out);
        writer.set_raw_comment(self.zip.comment().into())?;
        for index in 0..self.zip.len() {
            let part = self.zip.by_index_raw(index)?;
            let name = &self.names[index];
            let Some(bytes) = parts.get(name) else {
                writer.raw_copy_file(part)?;
                continue;
            };
            let stored = part.compression() == CompressionMethod::Stored;
            let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            let mut options = part.options().compression_method(method).into_full_options();
            options = options.large_file(bytes.len() as u64 >= u32::MAX.into()).with_file_comment(part.comment());
            let modified = part.extra_data_fields().find_map(|field| match field {
                ExtraField::ExtendedTimestamp(times) => times.mod_time(),
                _ => None,
            });
            if modified.is_some() {
                options = options.with_extended_timestamp(modified, None, None)?;
            }
            // The bytes of a name in another encoding than UTF-8 stay as they are, so that programs read the same name.
            let raw_name = part.name_raw().to_owned();
            drop(part);
            writer.start_file_with_options(options.name(&raw_name))?;
            writer.write_all(bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// The name in a header at this place of the archive, in which its length is at `len` and itself at `name`.
fn header_name(bytes: &[u8], header: usize, len: usize, name: usize) -> Option<&[u8]> {
    let header = bytes.get(header..)?;
    let len = u16::from_le_bytes([*header.get(len)?, *header.get(len + 1)?]);
    header.get(name..name + usize::from(len))
}

fn damaged(error: &ZipError) -> Error {
    let kind = match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => ErrorKind::Unsupported,
        _ => ErrorKind::Damaged,
    };
    let message = match error {
        ZipError::InvalidArchive(why) => format!("no ZIP archive, or one that is damaged or cut off: {why}"),
        _ => format!("cannot read the archive: {error}"),
    };
    Error::new(kind, message)
}

/// The name of a part that a reference in the part `base` leads to. None if it leads out of the archive.
pub(crate) fn resolved(base: &str, reference: &str) -> Option<String> {
    let reference: String = Escape::Attribute('"').units(reference).filter_map(|(_, character)| character).collect();
    let path = reference.split(['#', '?']).next()?;
    let mut segments: Vec<String> = match base.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => folder.split('/').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop()?,
            segment => segments.push(percent_decoded(segment)?),
        }
    }
    (!segments.is_empty()).then(|| segments.join("/"))
}

fn percent_decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|digits| first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        let cases = [
            ("OEBPS/content.opf", "Text/%E5%A4%B4.xhtml#a", Some("OEBPS/Text/头.xhtml")),
            ("OEBPS/content.opf", "../a&amp;b.xhtml", Some("a&b.xhtml")),
            ("content.opf", "./a%b.xhtml", Some("a%b.xhtml")),
            ("content.opf", "../../a", None),
            ("content.opf", "#a", None),
            ("a/content.opf", "/b", Some("b")),
        ];
        for (base, reference, expected) in cases {
            assert_eq!(resolved(base, reference).as_deref(), expected, "{base} {reference}");
        }
    }
}

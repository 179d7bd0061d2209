//! Archives in the form of zip: reading their parts within limits, and writing those that change.

use std::{
    borrow::Cow,
    collections::HashMap,
    io::{Cursor, Read, Write},
};

use fanjian::{Error, ErrorKind};
use zip::{
    CompressionMethod, ZipArchive, ZipWriter,
    result::{ZipError, ZipResult},
};

/// The greatest number of parts.
const PARTS: usize = 1 << 17;

/// An archive that is read.
pub(crate) struct Archive<'s> {
    bytes: &'s [u8],
    zip: ZipArchive<Cursor<&'s [u8]>>,
    names: Vec<String>,
    /// The greatest size of a part, in bytes.
    limit: u64,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl<'s> Archive<'s> {
    /// Opens an archive, of which no part is encrypted and none has a name that leads out of it.
    pub(crate) fn open(bytes: &'s [u8], limit: u64) -> Result<Archive<'s>, Error> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        let mut archive = Archive { bytes, zip, names: Vec::new(), limit, left: limit.saturating_mul(16) };
        if archive.zip.len() > PARTS {
            return Err(Error::new(ErrorKind::TooLarge, format!("an archive of more than {PARTS} parts")));
        }
        for index in 0..archive.zip.len() {
            let part = archive.zip.by_index_raw(index).map_err(|error| damaged(&error))?;
            let name = part.name().map_err(|error| damaged(&error))?.into_owned();
            if part.encrypted() {
                return Err(Error::new(ErrorKind::Unsupported, "the archive is encrypted").at(name));
            }
            if part.enclosed_name().is_none() {
                return Err(Error::new(ErrorKind::Damaged, "a name that leads out of the archive").at(name));
            }
            archive.names.push(name);
        }
        Ok(archive)
    }

    /// The names of the parts, in their order in the archive's directory.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The bytes of a part. None if there is no part of this name.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let limit = self.limit.min(self.left);
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
        self.left -= (bytes.len() as u64).min(self.left);
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
        // What stands before the archive, such as a program that unpacks it.
        let before = usize::try_from(self.zip.offset()).ok().and_then(|offset| self.bytes.get(..offset));
        let mut out = Cursor::new(before.unwrap_or_default().to_vec());
        out.set_position(out.get_ref().len() as u64);
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
            let options = part.options().compression_method(method).large_file(bytes.len() as u64 >= u32::MAX.into());
            drop(part);
            writer.start_file(name, options)?;
            writer.write_all(bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

fn damaged(error: &ZipError) -> Error {
    let kind = match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => ErrorKind::Unsupported,
        _ => ErrorKind::Damaged,
    };
    Error::new(kind, format!("cannot read the archive: {error}"))
}

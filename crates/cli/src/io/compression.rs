//! Compression by gzip and zstd, read and written.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
};

use fanjian_dictionary::named;
use flate2::{read::MultiGzDecoder, write::GzEncoder};

use crate::messages::message;

/// How much is read at once, in bytes.
const PIECE: usize = 128 * 1024;
/// The largest window of zstd that is read, which `zstd --long=31` writes: memory of 2 GiB.
#[cfg(feature = "zstd")]
const WINDOW: u32 = 31;

named! {
    /// How an input or an output is compressed.
    pub(crate) enum Compression: "compression" {
        None "none" "not compressed",
        Gzip "gzip" "gzip, the default for names in .gz",
        Zstd "zstd" "zstd, the default for names in .zst",
    }
}

impl Compression {
    /// What the extension of a file says.
    pub(crate) fn of(path: &Path) -> Compression {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("gz") => Compression::Gzip,
            Some(extension) if extension.eq_ignore_ascii_case("zst") => Compression::Zstd,
            _ => Compression::None,
        }
    }

    /// The path without the extension that says so.
    pub(crate) fn strip(path: &Path) -> &Path {
        match Compression::of(path) {
            Compression::None => path,
            _ => path.file_stem().map_or(path, Path::new),
        }
    }

    /// Reads all members and frames. An input that ends within one is an error.
    pub(crate) fn reader<'r>(self, reader: impl Read + Send + 'r) -> io::Result<Box<dyn Read + Send + 'r>> {
        if self == Compression::None {
            return Ok(Box::new(reader));
        }
        let mut reader = BufReader::with_capacity(PIECE, reader);
        if reader.fill_buf()?.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                message!("it is empty, which is not valid {kind}", kind = self),
            ));
        }
        Ok(match self {
            Compression::None => Box::new(reader),
            Compression::Gzip => Box::new(MultiGzDecoder::new(reader)),
            #[cfg(feature = "zstd")]
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
                decoder.window_log_max(WINDOW)?;
                Box::new(decoder)
            }
            #[cfg(not(feature = "zstd"))]
            Compression::Zstd => return Err(without_zstd()),
        })
    }
}

/// Compresses what comes in pieces, as one member or frame.
pub(crate) enum Compressor {
    None,
    Gzip(Box<GzEncoder<Vec<u8>>>),
    #[cfg(feature = "zstd")]
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Compressor {
    pub(crate) fn new(compression: Compression, level: Option<u32>) -> io::Result<Compressor> {
        Ok(match compression {
            Compression::None => Compressor::None,
            Compression::Gzip => {
                let level = flate2::Compression::new(level.unwrap_or(6).min(9));
                Compressor::Gzip(Box::new(GzEncoder::new(Vec::new(), level)))
            }
            #[cfg(feature = "zstd")]
            Compression::Zstd => {
                let level = level.map_or(zstd::DEFAULT_COMPRESSION_LEVEL, |level| level as i32);
                let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), level)?;
                encoder.include_checksum(true)?;
                Compressor::Zstd(encoder)
            }
            #[cfg(not(feature = "zstd"))]
            Compression::Zstd => return Err(without_zstd()),
        })
    }

    /// Takes another piece. `piece` becomes what can be written of it.
    pub(crate) fn push(&mut self, piece: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Compressor::None => return Ok(()),
            Compressor::Gzip(encoder) => {
                encoder.write_all(piece)?;
                piece.clear();
                piece.append(encoder.get_mut());
            }
            #[cfg(feature = "zstd")]
            Compressor::Zstd(encoder) => {
                encoder.write_all(piece)?;
                piece.clear();
                piece.append(encoder.get_mut());
            }
        }
        Ok(())
    }

    /// What is left to write.
    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Compressor::None => Ok(Vec::new()),
            Compressor::Gzip(encoder) => encoder.finish(),
            #[cfg(feature = "zstd")]
            Compressor::Zstd(encoder) => encoder.finish(),
        }
    }
}

#[cfg(not(feature = "zstd"))]
fn without_zstd() -> io::Error {
    let message = "this program was built without zstd (feature `zstd` of fanjian-cli)";
    io::Error::new(io::ErrorKind::Unsupported, message)
}

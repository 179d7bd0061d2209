//! Texts that are made for C, in memory of `malloc`, and the conversion of long ones.

use std::{ffi::c_char, ptr};

use fanjian::Stream;

use super::{converter::FanjianConverter, put, put_length, status::Failure};

/// Longer texts, in bytes, are converted in pieces, so that a lack of memory is an error: Rust would end the process.
const LONG: usize = 1 << 20;

/// The size of a piece in bytes. Its output is the largest memory that is not asked for first.
const PIECE: usize = 64 << 10;

/// A text in memory of its own, with room for more.
pub(super) struct Text {
    memory: *mut u8,
    length: usize,
    room: usize,
}

impl Text {
    /// An empty text, without memory.
    pub(super) fn new() -> Text {
        Text { memory: ptr::null_mut(), length: 0, room: 0 }
    }

    /// A text of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Result<Text, Failure> {
        let mut text = Text::new();
        // And for the NUL.
        text.resize(bytes.len() + 1)?;
        text.add(bytes)?;
        Ok(text)
    }

    /// Changes the memory to so many bytes: at least one, and not fewer than the text has.
    fn resize(&mut self, room: usize) -> Result<(), Failure> {
        // SAFETY: the memory is null or of this function, and `Drop` alone frees it.
        let memory = unsafe { libc::realloc(self.memory.cast(), room) };
        if memory.is_null() {
            return Err(Failure::no_memory(room));
        }
        (self.memory, self.room) = (memory.cast(), room);
        Ok(())
    }

    /// Makes it empty. The memory stays.
    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    /// Adds bytes to the end. If there is no memory for them, the text is as it was.
    fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let needed = self.length + bytes.len();
        if needed > self.room {
            // More than is needed saves time later. If there is no memory for that, there may be for as much as needed.
            self.resize(needed + needed / 4).or_else(|_| self.resize(needed))?;
        }
        if !bytes.is_empty() {
            // SAFETY: there is room for the bytes, and nothing else has this memory.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.memory.add(self.length), bytes.len()) };
        }
        self.length = needed;
        Ok(())
    }

    /// Goes on with the conversion of a text, however long the piece is.
    pub(super) fn push(&mut self, stream: &mut Stream, piece: &[u8]) -> Result<(), Failure> {
        let mut converted = Vec::new();
        for piece in piece.chunks(PIECE) {
            converted.clear();
            stream.push(piece, &mut converted)?;
            self.add(&converted)?;
        }
        Ok(())
    }

    /// Ends the conversion of a text.
    pub(super) fn finish(&mut self, stream: &mut Stream) -> Result<(), Failure> {
        let mut converted = Vec::new();
        stream.finish(&mut converted)?;
        self.add(&converted)
    }

    /// The place of the text, with a NUL behind it, and its length.
    pub(super) fn shown(&mut self) -> Result<(*const c_char, usize), Failure> {
        self.add(&[0])?;
        self.length -= 1;
        Ok((self.memory.cast_const().cast(), self.length))
    }

    /// Hands the memory over to the caller, who frees it by `fanjian_free`.
    ///
    /// # Safety
    ///
    /// `out` and `out_length` are null or valid for a write.
    pub(super) unsafe fn put(mut self, out: *mut *mut c_char, out_length: *mut usize) -> Result<(), Failure> {
        self.resize(self.length + 1)?;
        let (place, length) = self.shown()?;
        // SAFETY: as for this function.
        unsafe {
            put(out, place.cast_mut(), "out")?;
            put_length(out_length, length);
        }
        self.memory = ptr::null_mut();
        Ok(())
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        // SAFETY: it is null or of `resize`, and was not handed over.
        unsafe { libc::free(self.memory.cast()) };
    }
}

/// Converts a whole text.
pub(super) fn convert(converter: &FanjianConverter, text: &[u8]) -> Result<Text, Failure> {
    let FanjianConverter { converter, invalid_utf8, .. } = converter;
    if text.len() <= LONG {
        return Text::of(&converter.convert_bytes(text, *invalid_utf8)?);
    }
    let mut converted = Text::new();
    converted.resize(text.len() + text.len() / 64)?;
    let mut stream = converter.stream().invalid_utf8(*invalid_utf8);
    converted.push(&mut stream, text)?;
    converted.finish(&mut stream)?;
    Ok(converted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_grows_and_has_a_nul_behind_it() {
        let mut text = Text::new();
        assert_eq!(text.shown().unwrap().1, 0);
        let long = "头".repeat(100_000);
        for _ in 0..3 {
            text.add(long.as_bytes()).unwrap();
        }
        let (place, length) = text.shown().unwrap();
        assert_eq!(length, 3 * long.len());
        // SAFETY: a NUL is behind the text.
        let written = unsafe { std::ffi::CStr::from_ptr(place) };
        assert_eq!(written.to_str().unwrap(), long.repeat(3));
        // It is as it was where there is no memory.
        assert!(text.resize(isize::MAX as usize).is_err());
        text.clear();
        text.add(b"x").unwrap();
        assert_eq!(text.shown().unwrap().1, 1);
    }
}

//! The conversion of a text that comes in pieces.

use std::{ffi::c_char, ptr};

use fanjian::Stream;

use super::{
    bytes,
    converter::FanjianConverter,
    free, object, object_mut, put,
    status::{Failure, Status, guard},
};

/// `fanjian_stream`
pub struct FanjianStream {
    stream: Stream,
    /// What the last call made, with a NUL behind it.
    out: Vec<u8>,
    /// A call is under way, or ended in a panic.
    is_in_call: bool,
}

impl FanjianStream {
    /// Goes on with the text, or ends it.
    fn feed(&mut self, piece: Option<&[u8]>) -> Result<(), Failure> {
        if self.is_in_call {
            return Err(Failure::new(Status::Internal, "an earlier call of this stream ended in an internal error"));
        }
        self.is_in_call = true;
        self.out.clear();
        let fed = match piece {
            Some(piece) => self.stream.push(piece, &mut self.out),
            None => self.stream.finish(&mut self.out),
        };
        self.is_in_call = false;
        Ok(fed?)
    }

    /// Shows what a call made.
    ///
    /// # Safety
    ///
    /// `out` and `out_length` are null or valid for a write.
    unsafe fn show(&mut self, out: *mut *const c_char, out_length: *mut usize) -> Result<(), Failure> {
        let length = self.out.len();
        self.out.push(0);
        // SAFETY: as for this function.
        unsafe {
            put(out, self.out.as_ptr().cast(), "out")?;
            put(out_length, length, "out_length")
        }
    }
}

/// `fanjian_status fanjian_stream_new(const fanjian_converter *converter, fanjian_stream **out)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_stream_new(
    converter: *const FanjianConverter,
    out: *mut *mut FanjianStream,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put(out, ptr::null_mut(), "out")?;
        let FanjianConverter { converter, invalid_utf8, .. } = object(converter, "converter")?;
        let stream = converter.stream().invalid_utf8(*invalid_utf8);
        let stream = FanjianStream { stream, out: Vec::new(), is_in_call: false };
        put(out, Box::into_raw(Box::new(stream)), "out")
    })
}

/// `fanjian_status fanjian_stream_push(fanjian_stream *stream, const char *piece, size_t length, const char **out,
/// size_t *out_length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_stream_push(
    stream: *mut FanjianStream,
    piece: *const c_char,
    length: usize,
    out: *mut *const c_char,
    out_length: *mut usize,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put(out, ptr::null(), "out")?;
        put(out_length, 0, "out_length")?;
        let stream = object_mut(stream, "stream")?;
        stream.feed(Some(bytes(piece, length, "piece")?))?;
        stream.show(out, out_length)
    })
}

/// `fanjian_status fanjian_stream_finish(fanjian_stream *stream, const char **out, size_t *out_length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_stream_finish(
    stream: *mut FanjianStream,
    out: *mut *const c_char,
    out_length: *mut usize,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put(out, ptr::null(), "out")?;
        put(out_length, 0, "out_length")?;
        let stream = object_mut(stream, "stream")?;
        stream.feed(None)?;
        stream.show(out, out_length)
    })
}

/// `void fanjian_stream_free(fanjian_stream *stream)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_stream_free(stream: *mut FanjianStream) {
    // SAFETY: it is null or of `fanjian_stream_new`.
    unsafe { free(stream) };
}

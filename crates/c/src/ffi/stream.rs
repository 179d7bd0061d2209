//! The conversion of a text that comes in pieces.

use std::{ffi::c_char, ptr};

use fanjian::Stream;

use super::{
    bytes,
    converter::FanjianConverter,
    free, object, object_mut, put, put_length,
    status::{Failure, Status, guard},
    text::Text,
};

/// Whether a stream goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// A call is under way, or ended in a panic.
    InCall,
    /// There was no memory for a part of the output, which is lost.
    Incomplete,
}

/// `fanjian_stream`
pub struct FanjianStream {
    stream: Stream,
    /// What the last call made.
    out: Text,
    state: State,
}

impl FanjianStream {
    /// Goes on with the text, or ends it. Returns the place of what that made, and its length.
    fn feed(&mut self, piece: Option<&[u8]>) -> Result<(*const c_char, usize), Failure> {
        match self.state {
            State::Ready => {}
            State::InCall => {
                let message = "an earlier call of this stream ended in an internal error";
                return Err(Failure::new(Status::Internal, message));
            }
            State::Incomplete => {
                let message = "an earlier call of this stream had no memory for its result";
                return Err(Failure::new(Status::NoMemory, message));
            }
        }
        self.state = State::InCall;
        self.out.clear();
        let fed = match piece {
            Some(piece) => self.out.push(&mut self.stream, piece),
            None => self.out.finish(&mut self.stream),
        };
        let made = fed.and_then(|()| self.out.shown());
        let is_incomplete = made.as_ref().is_err_and(Failure::is_no_memory);
        self.state = if is_incomplete { State::Incomplete } else { State::Ready };
        made
    }

    /// Goes on with the text, or ends it, and shows what that made.
    ///
    /// # Safety
    ///
    /// `out` and `out_length` are null or valid for a write.
    unsafe fn show(
        &mut self,
        piece: Option<&[u8]>,
        out: *mut *const c_char,
        out_length: *mut usize,
    ) -> Result<(), Failure> {
        let (place, length) = self.feed(piece)?;
        // SAFETY: as for this function.
        unsafe {
            put(out, place, "out")?;
            put_length(out_length, length);
        }
        Ok(())
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
        let stream = FanjianStream { stream, out: Text::new(), state: State::Ready };
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
        put_length(out_length, 0);
        put(out, ptr::null(), "out")?;
        let stream = object_mut(stream, "stream")?;
        stream.show(Some(bytes(piece, length, "piece")?), out, out_length)
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
        put_length(out_length, 0);
        put(out, ptr::null(), "out")?;
        object_mut(stream, "stream")?.show(None, out, out_length)
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

//! The functions of `fanjian.h`, in its order, and how they take pointers.
//!
//! What every `SAFETY` comment relies on is what the header asks of a caller: a pointer is null or points to what the
//! function's documentation says, for as many bytes as are said, for as long as the call takes; an object is one that this
//! library made and that was not freed, and only a converter is used by several threads at once.

#![allow(unsafe_code, unreachable_pub, reason = "C has pointers, and finds functions by their symbols")]

mod convert;
mod converter;
mod detect;
mod documents;
mod options;
mod segments;
mod status;
mod stream;
mod text;
mod version;

use std::{
    ffi::{CStr, c_char},
    path::PathBuf,
    slice, str,
};

use self::status::{Failure, Status};

/// The length that means "up to the NUL": `FANJIAN_NUL_TERMINATED`.
const NUL_TERMINATED: usize = usize::MAX;

/// The bytes of an argument. Null is fine for no bytes.
///
/// # Safety
///
/// `data` is null or valid for `length` bytes for `'a`, or up to a NUL.
unsafe fn bytes<'a>(data: *const c_char, length: usize, name: &str) -> Result<&'a [u8], Failure> {
    match (data.is_null(), length) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(Failure::null(name)),
        // SAFETY: the caller of C gives a string with a NUL.
        (false, NUL_TERMINATED) => Ok(unsafe { CStr::from_ptr(data) }.to_bytes()),
        (false, length) if length > isize::MAX as usize => {
            let message = format!("{name} cannot be {length} bytes long: no object is");
            Err(Failure::new(Status::Argument, message))
        }
        // SAFETY: the caller of C gives as many bytes, which are not more than an object can have.
        (false, length) => Ok(unsafe { slice::from_raw_parts(data.cast(), length) }),
    }
}

/// An argument that is a name or a term: UTF-8 up to a NUL.
///
/// # Safety
///
/// `data` is null or valid up to a NUL for `'a`.
unsafe fn string<'a>(data: *const c_char, name: &str) -> Result<&'a str, Failure> {
    // SAFETY: as for this function.
    let bytes = unsafe { bytes(data, NUL_TERMINATED, name) }?;
    utf8(bytes, name)
}

fn utf8<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Failure> {
    str::from_utf8(bytes).map_err(|error| {
        Failure::new(Status::InvalidUtf8, format!("{name} is not UTF-8: invalid at offset {}", error.valid_up_to()))
    })
}

/// An argument that is a path: its bytes as they are on Unix, UTF-8 elsewhere.
///
/// # Safety
///
/// `data` is null or valid up to a NUL.
unsafe fn read_path(data: *const c_char, name: &str) -> Result<PathBuf, Failure> {
    // SAFETY: as for this function.
    let bytes = unsafe { bytes(data, NUL_TERMINATED, name) }?;
    #[cfg(unix)]
    return Ok(PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes)));
    #[cfg(not(unix))]
    utf8(bytes, name).map(PathBuf::from)
}

/// An object of this library.
///
/// # Safety
///
/// `object` is null or one that this library made, and lives for `'a`.
unsafe fn object<'a, T>(object: *const T, name: &str) -> Result<&'a T, Failure> {
    // SAFETY: as for this function.
    unsafe { object.as_ref() }.ok_or_else(|| Failure::null(name))
}

/// An object of this library that the call changes.
///
/// # Safety
///
/// As for [`object`], and nothing else uses it for `'a`.
unsafe fn object_mut<'a, T>(object: *mut T, name: &str) -> Result<&'a mut T, Failure> {
    // SAFETY: as for this function.
    unsafe { object.as_mut() }.ok_or_else(|| Failure::null(name))
}

/// Writes a result to where the caller wants it.
///
/// # Safety
///
/// `out` is null or valid for a write.
unsafe fn put<T>(out: *mut T, value: T, name: &str) -> Result<(), Failure> {
    if out.is_null() {
        return Err(Failure::null(name));
    }
    // SAFETY: the caller of C gives the place of a variable of this type. Its old value needs no drop.
    unsafe { out.write(value) };
    Ok(())
}

/// Writes a length to where the caller wants it, who may not want it.
///
/// # Safety
///
/// `out_length` is null or valid for a write.
unsafe fn put_length(out_length: *mut usize, length: usize) {
    if !out_length.is_null() {
        // SAFETY: the caller of C gives the place of a variable of this type.
        unsafe { out_length.write(length) };
    }
}

/// Memory that `fanjian_free` frees, for anything.
fn allocate(size: usize) -> Result<*mut u8, Failure> {
    // SAFETY: there is no condition; it is asked for at least a byte, since null would be right for none.
    let memory = unsafe { libc::malloc(size.max(1)) };
    if memory.is_null() { Err(Failure::no_memory(size)) } else { Ok(memory.cast()) }
}

/// Frees an object that this library made by [`Box::into_raw`]. Null is fine.
///
/// # Safety
///
/// As for [`object_mut`]; and nothing uses it from now on.
unsafe fn free<T>(object: *mut T) {
    if !object.is_null() {
        // A drop that panics leaves the rest of the object in memory.
        let _ = status::guard(|| {
            // SAFETY: the caller of C gives it up.
            drop(unsafe { Box::from_raw(object) });
            Ok(())
        });
    }
}

/// `void fanjian_free(void *memory)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_free(memory: *mut libc::c_void) {
    // SAFETY: it is null, or of `allocate`, and the caller of C gives it up.
    unsafe { libc::free(memory) };
}

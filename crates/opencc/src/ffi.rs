//! The functions of `opencc.h`. Facts about them are from the documentation and the behavior of OpenCC 1.4.1.
//!
//! What every `SAFETY` comment relies on: a string is null, ends with a NUL or has as many bytes as are said; a converter is
//! one of [`opencc_open`] that is not closed.

#![allow(unsafe_code, unreachable_pub, reason = "C has pointers, and finds functions by their symbols")]

use std::{
    cell::RefCell,
    env,
    ffi::{CStr, CString, c_char, c_int, c_void},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    ptr, slice, str,
    sync::{Mutex, PoisonError},
};

use fanjian::{Config, Converter, Error, InvalidUtf8};

/// The configuration for no name: `OPENCC_DEFAULT_CONFIG_SIMP_TO_TRAD`.
const DEFAULT: &str = "s2t.json";

/// Where OpenCC's files are installed, unless the library was built for another folder.
const DATA_FOLDER: &str = match option_env!("FANJIAN_OPENCC_DATA_DIR") {
    Some(folder) => folder,
    None => "/usr/share/opencc",
};

/// What is returned instead of a converter, and instead of a length: -1.
const FAILED: usize = usize::MAX;

/// The last error of the process, as OpenCC has one for all threads.
static MESSAGE: Mutex<Option<CString>> = Mutex::new(None);

/// Runs a call. None if it failed, or panicked: the message is then the process' last error.
fn guard<T>(call: impl FnOnce() -> Result<T, String>) -> Option<T> {
    let message = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(result)) => return Some(result),
        Ok(Err(message)) => message,
        Err(payload) => {
            // The drop of a payload may panic.
            mem::forget(payload);
            "internal error: please report it".to_owned()
        }
    };
    let message = CString::new(message.replace('\0', "\\0")).unwrap_or_default();
    *MESSAGE.lock().unwrap_or_else(PoisonError::into_inner) = Some(message);
    None
}

/// A converter for a name, as the library of OpenCC makes it: dictionaries with a risk of tofu take part.
fn open(name: &[u8]) -> Result<Converter, String> {
    let mut builder = Converter::builder().tofu_risk(true);
    builder = match str::from_utf8(name) {
        Ok(name) => builder.config_name(name),
        #[cfg(unix)]
        Err(_) => builder.config_file(Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name))),
        #[cfg(not(unix))]
        Err(_) => return Err("the name of the configuration is not UTF-8".to_owned()),
    };
    // The working folder is searched first, as part of what a name is.
    if let Some(folder) = env::var_os("OPENCC_DATA_DIR").filter(|folder| !folder.is_empty()) {
        builder = builder.search_folder(folder);
    }
    builder = builder.search_folder(DATA_FOLDER);
    builder.build().or_else(|error| in_place_of_installed(&error).ok_or(error)).map_err(|error| error.to_string())
}

/// The built-in configuration instead of an installed one of the same name that cannot be used: one of another release may
/// name dictionaries that this one lacks, in a form that is not read.
fn in_place_of_installed(error: &Error) -> Option<Converter> {
    let file = Path::new(error.place()?);
    let name = file.file_stem()?.to_str()?;
    let config: Config = name.parse().ok()?;
    let is_installed = file == Path::new(DATA_FOLDER).join(format!("{config}.json"));
    is_installed.then(|| Converter::builder().config(config).tofu_risk(true).build().ok())?
}

/// Makes a converter. `name` is that of a configuration, or the path of one; null for `s2t.json`. Returns -1 if there is
/// none.
///
/// # Safety
///
/// `name` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opencc_open(name: *const c_char) -> *mut c_void {
    let converter = guard(|| {
        let name = if name.is_null() {
            DEFAULT.as_bytes()
        } else {
            // SAFETY: it ends with a NUL.
            unsafe { CStr::from_ptr(name) }.to_bytes()
        };
        open(name)
    });
    match converter {
        Some(converter) => Box::into_raw(Box::new(converter)).cast(),
        None => ptr::without_provenance_mut(FAILED),
    }
}

/// Whether this is no converter, but what [`opencc_open`] returns for an error.
fn is_none(converter: *mut c_void) -> bool {
    converter.is_null() || converter.addr() == FAILED
}

/// Frees a converter. Returns 0.
///
/// # Safety
///
/// `converter` is of [`opencc_open`], and nothing uses it from now on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opencc_close(converter: *mut c_void) -> c_int {
    if !is_none(converter) {
        let _ = guard(|| {
            // SAFETY: the caller gives it up.
            drop(unsafe { Box::from_raw(converter.cast::<Converter>()) });
            Ok(())
        });
    }
    0
}

/// Converts `length` bytes, or up to a NUL if it is -1.
///
/// # Safety
///
/// As for the functions below.
unsafe fn convert<T>(
    converter: *mut c_void,
    text: *const c_char,
    length: usize,
    take: impl FnOnce(&[u8]) -> Result<T, String>,
) -> Option<T> {
    guard(|| {
        if is_none(converter) {
            return Err("the converter is not open".to_owned());
        }
        if text.is_null() && length != 0 {
            return Err("the text is NULL".to_owned());
        }
        // SAFETY: the converter is open, and the text has these bytes or ends with a NUL.
        let (converter, text) = unsafe {
            let text = match length {
                0 => &[],
                FAILED => CStr::from_ptr(text).to_bytes(),
                length if length > isize::MAX as usize => return Err("the text is longer than memory".to_owned()),
                length => slice::from_raw_parts(text.cast(), length),
            };
            (&*converter.cast::<Converter>(), text)
        };
        let converted = converter.convert_bytes(text, InvalidUtf8::Strict).map_err(|error| error.to_string())?;
        take(&converted)
    })
}

/// Converts `length` bytes of a text, those that are NUL included, or up to a NUL if it is -1. Returns a new string that
/// ends with a NUL, for [`opencc_convert_utf8_free`]; null for an error.
///
/// # Safety
///
/// `converter` is open, and `text` has as many bytes, or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opencc_convert_utf8(
    converter: *mut c_void,
    text: *const c_char,
    length: usize,
) -> *mut c_char {
    let mut written = 0;
    // SAFETY: as for this function.
    unsafe { fanjian_opencc_convert(converter, text, length, &mut written) }
}

/// The same with the length of the result, without the NUL at its end. For `cpp/`: the shared library does not export it.
///
/// # Safety
///
/// As for [`opencc_convert_utf8`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_opencc_convert(
    converter: *mut c_void,
    text: *const c_char,
    length: usize,
    written: &mut usize,
) -> *mut c_char {
    // SAFETY: as for this function. The memory is new, and has a byte more than what is put there.
    let converted = unsafe {
        convert(converter, text, length, |converted| {
            let memory = libc::malloc(converted.len() + 1).cast::<u8>();
            if memory.is_null() {
                return Err(format!("no memory for a result of {} bytes", converted.len()));
            }
            ptr::copy_nonoverlapping(converted.as_ptr(), memory, converted.len());
            memory.add(converted.len()).write(0);
            *written = converted.len();
            Ok(memory.cast())
        })
    };
    converted.unwrap_or(ptr::null_mut())
}

/// Converts a text up to a NUL, but not more than `length` bytes of it, and writes it with a NUL behind it. Returns its
/// length without that, or -1 for an error.
///
/// # Safety
///
/// As for [`opencc_convert_utf8`], and there is room at `output`, which the function cannot know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opencc_convert_utf8_to_buffer(
    converter: *mut c_void,
    text: *const c_char,
    length: usize,
    output: *mut c_char,
) -> usize {
    // SAFETY: as for this function; `strnlen` looks at no byte behind a NUL or the length.
    let written = unsafe {
        let length = if text.is_null() { length } else { strnlen(text, length) };
        convert(converter, text, length, |converted| {
            if output.is_null() {
                return Err("the buffer is NULL".to_owned());
            }
            ptr::copy_nonoverlapping(converted.as_ptr(), output.cast(), converted.len());
            output.add(converted.len()).write(0);
            Ok(converted.len())
        })
    };
    written.unwrap_or(FAILED)
}

/// The length of a string of at most `most` bytes.
///
/// # Safety
///
/// `text` has as many bytes, or ends with a NUL before.
unsafe fn strnlen(text: *const c_char, most: usize) -> usize {
    match most {
        // SAFETY: it ends with a NUL.
        FAILED => unsafe { CStr::from_ptr(text) }.count_bytes(),
        // SAFETY: as for this function.
        most => unsafe { libc::strnlen(text, most) },
    }
}

/// Frees what [`opencc_convert_utf8`] returned. Null is fine.
///
/// # Safety
///
/// Nothing uses it from now on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opencc_convert_utf8_free(text: *mut c_char) {
    // SAFETY: it is null or of `malloc`.
    unsafe { libc::free(text.cast()) };
}

/// The last error of the process. Empty if there was none. The string is valid until the thread asks again: other threads'
/// errors do not take it away.
#[unsafe(no_mangle)]
pub extern "C" fn opencc_error() -> *const c_char {
    thread_local! {
        static SHOWN: RefCell<CString> = RefCell::default();
    }
    let last = MESSAGE.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default();
    let show = |shown: &RefCell<CString>| {
        shown.replace(last);
        shown.borrow().as_ptr()
    };
    SHOWN.try_with(show).unwrap_or(c"".as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_a_message() {
        assert_eq!(guard::<()>(|| panic!("by accident")), None);
        // SAFETY: the message is valid until this thread asks again.
        let message = unsafe { CStr::from_ptr(opencc_error()) }.to_str().unwrap();
        assert_eq!(message, "internal error: please report it");
        assert_eq!(guard(|| Ok(1)), Some(1));
    }
}

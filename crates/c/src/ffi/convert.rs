//! Making converters, and the conversion of whole texts.

use std::{ffi::c_char, ptr};

use super::{
    bytes,
    converter::FanjianConverter,
    free, object,
    options::FanjianOptions,
    put, put_length,
    status::{Status, guard},
    string, text,
};

/// `fanjian_status fanjian_converter_new(const char *name, fanjian_converter **out)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_converter_new(name: *const c_char, out: *mut *mut FanjianConverter) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put(out, ptr::null_mut(), "out")?;
        let converter = FanjianOptions::of(string(name, "name")?)?.build()?;
        put(out, Box::into_raw(Box::new(converter)), "out")
    })
}

/// `fanjian_status fanjian_converter_with_options(const fanjian_options *options, fanjian_converter **out)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_converter_with_options(
    options: *const FanjianOptions,
    out: *mut *mut FanjianConverter,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put(out, ptr::null_mut(), "out")?;
        let converter = object(options, "options")?.build()?;
        put(out, Box::into_raw(Box::new(converter)), "out")
    })
}

/// `void fanjian_converter_free(fanjian_converter *converter)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_converter_free(converter: *mut FanjianConverter) {
    // SAFETY: it is null or of one of the functions above.
    unsafe { free(converter) };
}

/// `fanjian_status fanjian_converter_prepare(const fanjian_converter *converter)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_converter_prepare(converter: *const FanjianConverter) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        object(converter, "converter")?.converter.prepare();
        Ok(())
    })
}

/// `fanjian_status fanjian_convert(const fanjian_converter *converter, const char *text, size_t length, char **out,
/// size_t *out_length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_convert(
    converter: *const FanjianConverter,
    text: *const c_char,
    length: usize,
    out: *mut *mut c_char,
    out_length: *mut usize,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put_length(out_length, 0);
        put(out, ptr::null_mut(), "out")?;
        let converter = object(converter, "converter")?;
        text::convert(converter, bytes(text, length, "text")?)?.put(out, out_length)
    })
}

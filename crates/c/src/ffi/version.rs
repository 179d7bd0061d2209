//! Versions.

use std::{
    ffi::{CString, c_char},
    sync::OnceLock,
};

/// `const char *fanjian_version(void)`
#[unsafe(no_mangle)]
pub extern "C" fn fanjian_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// `const char *fanjian_opencc_version(void)`
#[unsafe(no_mangle)]
pub extern "C" fn fanjian_opencc_version() -> *const c_char {
    static VERSION: OnceLock<CString> = OnceLock::new();
    VERSION.get_or_init(|| CString::new(fanjian::OPENCC_VERSION).unwrap_or_default()).as_ptr()
}

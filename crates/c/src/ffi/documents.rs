//! The conversion of documents.

use std::{ffi::c_char, ptr};

use super::{
    bytes,
    converter::FanjianConverter,
    object, put, put_length,
    status::{Failure, Status, guard},
    string,
    text::Text,
};

/// `fanjian_status fanjian_document_convert(const fanjian_converter *converter, const char *format, const char *document,
/// size_t length, char **out, size_t *out_length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_document_convert(
    converter: *const FanjianConverter,
    format: *const c_char,
    document: *const c_char,
    length: usize,
    out: *mut *mut c_char,
    out_length: *mut usize,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put_length(out_length, 0);
        put(out, ptr::null_mut(), "out")?;
        let converter = object(converter, "converter")?;
        let format = string(format, "format")?;
        let document = bytes(document, length, "document")?;
        Text::of(&convert(converter, format, document)?)?.put(out, out_length)
    })
}

#[cfg(feature = "documents")]
fn convert(converter: &FanjianConverter, format: &str, document: &[u8]) -> Result<Vec<u8>, Failure> {
    use fanjian_documents::Options;

    let options = Options::new(converter.converter.clone()).languages(converter.languages.clone());
    let converted = fanjian_documents::convert(document, format.parse()?, &options);
    Ok(converted.map_err(|error| Failure::of_document(&error))?.bytes.into_owned())
}

#[cfg(not(feature = "documents"))]
fn convert(_: &FanjianConverter, format: &str, _: &[u8]) -> Result<Vec<u8>, Failure> {
    let message = format!(
        "cannot convert a document of the format {format}: this library was built without the feature 'documents'"
    );
    Err(Failure::new(Status::Unsupported, message))
}

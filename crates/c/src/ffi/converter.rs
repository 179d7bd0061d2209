//! What a converter is.

use fanjian::{Converter, InvalidUtf8};

/// `fanjian_converter`
pub struct FanjianConverter {
    pub(super) converter: Converter,
    pub(super) invalid_utf8: InvalidUtf8,
    #[cfg(feature = "documents")]
    pub(super) languages: fanjian_documents::Languages,
}

/// It is for all threads.
const _: fn() = || {
    fn is_for_all_threads<T: Send + Sync>() {}
    is_for_all_threads::<FanjianConverter>();
};

//! Files and folders of them: which ones, what each becomes, and how it is replaced.

pub(crate) mod convert;
pub(crate) mod parallel;
pub(crate) mod rename;
pub(crate) mod replace;
pub(crate) mod walk;

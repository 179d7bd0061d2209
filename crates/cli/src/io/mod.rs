//! Input and output: files, standard streams, encodings, compression, progress, interruption.

pub(crate) mod backup;
pub(crate) mod compression;
pub(crate) mod documents;
pub(crate) mod encodings;
mod guess;
pub(crate) mod identity;
pub(crate) mod input;
pub(crate) mod interrupt;
pub(crate) mod output;
pub(crate) mod own_files;
pub(crate) mod path_list;
pub(crate) mod progress;
pub(crate) mod source;
pub(crate) mod version;

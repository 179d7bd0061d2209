//! Records: the texts in JSON lines and in columns, of one input or of folders of shards.

mod finished;
mod identity;
#[cfg(feature = "parquet")]
mod parquet;
pub(crate) mod pipeline;
mod rejected;
pub(crate) mod shards;
pub(crate) mod single;
pub(crate) mod work;

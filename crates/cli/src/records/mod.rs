//! Records: the texts in JSON lines and in columns, of one input or of folders of shards.

mod finished;
mod identity;
#[cfg(feature = "parquet")]
mod parquet;
mod pipeline;
mod rejected;
pub(crate) mod shards;
pub(crate) mod single;
mod work;

//! The peer OpenCC, the C++ library, called from Rust. The folder with its configurations is the argument.

use std::{borrow::Cow, env, path::PathBuf};

use opencc_rust::OpenCC;
use worker::{CONFIGS, Peer};

fn main() -> worker::Result<()> {
    worker::serve(&Peer {
        configs: &CONFIGS,
        load: |config| {
            let folder = PathBuf::from(env::args_os().nth(1).ok_or("the folder of the configurations is missing")?);
            let converter = OpenCC::new(folder.join(config).with_extension("json"))?;
            Ok(Box::new(move |text| Cow::Owned(converter.convert(text).expect("the text holds no NUL"))))
        },
    })
}

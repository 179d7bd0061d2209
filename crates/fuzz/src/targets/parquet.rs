use std::io::Cursor;

use fanjian::{Config, Converter};
use fanjian_records::{Metric, Parquet, RecordOptions};

pub(super) fn run(bytes: &[u8]) {
    let (&choices, file) = bytes.split_first().unwrap_or((&0, &[]));
    let options = RecordOptions::default().convert(Converter::new(Config::S2t));
    let options = match choices % 3 {
        0 => options,
        1 => options.keep_if("han>=3".parse().expect("a condition")),
        _ => options.add(Metric::Script, "script"),
    };
    let paths = ["text", "parts[]", "meta.title"].map(|path| path.parse().expect("a path"));
    let parquet = Parquet::new(options, paths);
    let mut out = Vec::new();
    let result = parquet.copy(Cursor::new(file.to_vec()), Cursor::new(&mut out), 1, |_| choices >= 128, |_| {});
    if let Ok(counts) = result {
        assert_eq!(counts.read, counts.kept + counts.dropped + counts.broken);
        assert!(out.starts_with(b"PAR1") && out.ends_with(b"PAR1"));
    }
}

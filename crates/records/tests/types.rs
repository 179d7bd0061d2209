//! Properties of the public types: threads, unwinding, names, serialization.

use std::panic::{RefUnwindSafe, UnwindSafe};

use fanjian_records::{
    Chunk, Chunks, Column, Condition, Counts, Jsonl, Layout, Metric, Missing, Path, ReadOptions, RecordOptions,
    RejectedRecord, Report, Table,
};

fn assert<T: Send + Sync + UnwindSafe + RefUnwindSafe>() {}

#[test]
fn all_types_can_be_shared_and_survive_unwinding() {
    assert::<(Chunk, Chunks<&[u8]>, Column, Condition, Counts, Jsonl, Layout, Metric)>();
    assert::<(Missing, Path, ReadOptions, RecordOptions, RejectedRecord, Report, Table)>();
    #[cfg(feature = "parquet")]
    assert::<fanjian_records::Parquet>();
}

#[test]
fn an_unknown_treatment_is_an_error_with_all_names() {
    let error = "break".parse::<Missing>().unwrap_err();
    assert_eq!(error.to_string(), "unknown treatment of missing text 'break'; expected one of keep, drop, error");
}

#[cfg(feature = "serde")]
#[test]
fn data_is_serialized_and_read_back() {
    fn assert<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, json: &str) {
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(serde_json::from_str::<T>(json).unwrap(), value);
    }
    assert("a[].b".parse::<Path>().unwrap(), r#""a[].b""#);
    assert("7".parse::<Column>().unwrap(), r#""7""#);
    assert("han>=20".parse::<Condition>().unwrap(), r#""han>=20""#);
    assert(Metric::HongKongWords, r#""hong_kong_words""#);
    assert(Missing::Error, r#""error""#);
    assert(ReadOptions::default(), r#"{"max_record":67108864,"stop_at_broken":false,"replace_invalid":false}"#);
    assert(Layout::TSV, r#"{"delimiter":9,"quotes":false,"header":true}"#);
    let report: Report = serde_json::from_str(r#"{"counts":{"read":2}}"#).unwrap();
    assert_eq!((report.counts.read, report.broken.len()), (2, 0));
}

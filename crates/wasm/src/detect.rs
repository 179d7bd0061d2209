//! Detection of scripts.

use std::collections::BTreeMap;

use fanjian::{Detection, Script};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{error::Failure, segments::written, utf16::Places};

#[derive(Serialize)]
struct DetectionView {
    script: &'static str,
    /// The region's code in ISO 3166, or nothing.
    region: &'static str,
    confidence: f64,
    #[serde(rename = "machineConverted")]
    machine_converted: bool,
    counts: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct SpanView {
    start: usize,
    end: usize,
    line: usize,
    #[serde(flatten)]
    detection: DetectionView,
}

impl DetectionView {
    fn new(detection: &Detection) -> DetectionView {
        let script = detection.script();
        DetectionView {
            script: script.name(),
            region: match script {
                Script::Taiwan => "TW",
                Script::HongKong => "HK",
                _ => "",
            },
            confidence: detection.confidence(),
            machine_converted: detection.is_machine_converted(),
            counts: detection.counts().collect(),
        }
    }
}

/// The script of a text, as JSON.
#[wasm_bindgen]
pub fn detect(text: &str) -> Result<String, Failure> {
    #[cfg(fanjian_external_data)]
    crate::data::check_dictionaries("detection")?;
    written(&DetectionView::new(&fanjian::detect(text)))
}

/// The parts of a text by script, as JSON.
#[wasm_bindgen(js_name = detectSpans)]
pub fn detect_spans(text: &str) -> Result<String, Failure> {
    #[cfg(fanjian_external_data)]
    crate::data::check_dictionaries("detection")?;
    let mut places = Places::new(text);
    let view = |span: fanjian::Span| SpanView {
        start: places.before(span.range.start),
        end: places.before(span.range.end),
        line: span.line,
        detection: DetectionView::new(&span.detection),
    };
    written(&fanjian::detect_spans(text).into_iter().map(view).collect::<Vec<_>>())
}

//! SARIF form of the report: a result and a fix for each change.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::report::changes::Change;

/// The characters that are escaped in a path as a URI reference (RFC 3986).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The result for a change in a file.
pub(crate) fn result(path: &Path, change: &Change) -> Value {
    let Change { line, column, source, output } = change;
    let end = column + source.chars().count();
    let region = json!({ "startLine": line, "startColumn": column, "endColumn": end });
    let path = path.to_string_lossy().replace('\\', "/");
    let uri = utf8_percent_encode(&path, ESCAPED).to_string();
    json!({
        "ruleId": "convert",
        "level": "warning",
        "message": { "text": format!("'{source}' should be '{output}'") },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region } }],
        "fixes": [{ "artifactChanges": [{
            "artifactLocation": { "uri": uri },
            "replacements": [{ "deletedRegion": region, "insertedContent": { "text": output } }],
        }] }],
    })
}

/// The log of a run with these results.
pub(crate) fn log(results: Vec<Value>) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fanjian",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": [{ "id": "convert", "shortDescription": { "text": "Text that the conversion changes" } }],
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_result_with_its_region_and_its_fix() {
        let change = Change { line: 3, column: 2, source: "头发".into(), output: "頭髮".into() };
        let result = result(Path::new("a b/头~.txt"), &change);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%E5%A4%B4~.txt");
        assert_eq!(place["region"], json!({ "startLine": 3, "startColumn": 2, "endColumn": 4 }));
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "頭髮");
        assert_eq!(log(vec![result])["runs"][0]["results"][0]["message"]["text"], "'头发' should be '頭髮'");
    }
}

//! SARIF form of the report: a result and a fix for each change.

use std::{collections::BTreeSet, path::Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::report::{
    changes::Change,
    kinds::{Kind, OTHER_RULE},
    paths::slashed,
};

/// The characters that are escaped in a path as a URI reference (RFC 3986).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The result for a change in a file.
pub(crate) fn result(path: &Path, change: &Change, fingerprint: &str) -> Value {
    let Change { line, column, output, kind, text, part, .. } = change;
    let artifact = json!({ "uri": uri(path) });
    let level = if *kind == Some(Kind::Doubtful) { "note" } else { "warning" };
    let mut result = json!({ "ruleId": Kind::rule(*kind), "level": level });
    if let Some(part) = part {
        // An archive has no lines.
        result["message"] = json!({ "text": format!("{part}: {} in: {text}", change.message()) });
        result["locations"] = json!([{
            "physicalLocation": { "artifactLocation": artifact },
            "logicalLocations": [{ "fullyQualifiedName": &**part, "kind": "member" }],
        }]);
    } else {
        let region = json!({ "startLine": line, "startColumn": column, "endColumn": change.end_column() });
        result["message"] = json!({ "text": change.message() });
        result["locations"] = json!([{ "physicalLocation": { "artifactLocation": artifact, "region": region } }]);
        result["fixes"] = json!([{ "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": [{ "deletedRegion": region, "insertedContent": { "text": output } }],
        }] }]);
    }
    result["partialFingerprints"] = json!({ "fanjian/v1": fingerprint });
    result
}

/// The result for a file of which no place is known.
pub(crate) fn whole(path: &Path, fingerprint: &str) -> Value {
    json!({
        "ruleId": Kind::rule(None),
        "level": "warning",
        "message": { "text": "would change" },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } }],
        "partialFingerprints": { "fanjian/v1": fingerprint },
    })
}

fn uri(path: &Path) -> String {
    utf8_percent_encode(&slashed(path), ESCAPED).to_string()
}

/// The log of a run with these results, and the releases whose dictionaries it used instead of the built-in ones.
pub(crate) fn log(results: Vec<Value>, releases: &BTreeSet<String>) -> Value {
    let rule = |id: &str, text: &str| json!({ "id": format!("fanjian/{id}"), "shortDescription": { "text": text } });
    let rules = Kind::ALL.iter().map(|kind| rule(kind.name(), kind.description()));
    let rules: Vec<_> = rules.chain([rule(OTHER_RULE.0, OTHER_RULE.1)]).collect();
    let mut driver = json!({ "name": "fanjian", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    if !releases.is_empty() {
        driver["properties"] = json!({ "dictionaries": releases });
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::changes::changes;

    #[test]
    fn a_change_is_a_result_with_its_region_and_its_fix() {
        let change = changes("一\n一\n的头发", "一\n一\n的頭髮", None, &[]).remove(0);
        let result = result(Path::new("./a b/头~.txt"), &change, "1");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%E5%A4%B4~.txt");
        assert_eq!(place["region"], json!({ "startLine": 3, "startColumn": 2, "endColumn": 4 }));
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "頭髮");
        let log =
            |releases: &[&str]| log(vec![result.clone()], &releases.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(log(&[])["runs"][0]["results"][0]["message"]["text"], "'头发' should be '頭髮'");
        assert!(log(&[])["runs"][0]["tool"]["driver"].get("properties").is_none());
        let driver = &log(&["opencc-1.1.9"])["runs"][0]["tool"]["driver"];
        assert_eq!(driver["properties"], json!({ "dictionaries": ["opencc-1.1.9"] }));
    }
}

//! Report as GitLab's Code Quality takes it: an array of issues.
//!
//! The format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::path::Path;

use serde_json::{Value, json};

use crate::report::{changes::Change, kinds::Kind, paths::slashed};

/// The issue about a change in a file. `fingerprint` is what the same issue has in other versions of the file.
pub(super) fn issue(path: &Path, change: &Change, fingerprint: &str) -> Value {
    let (line, message) = match &change.part {
        Some(part) => (1, format!("{part}: {} in: {}", change.message(), change.text)),
        None => (change.line, format!("{} (column {})", change.message(), change.column)),
    };
    let severity = if change.kind == Some(Kind::Doubtful) { "info" } else { "minor" };
    value(path, &Kind::rule(change.kind), severity, (line, &message), fingerprint)
}

/// The issue about a file of which no place is known.
pub(super) fn whole(path: &Path, fingerprint: &str) -> Value {
    value(path, &Kind::rule(None), "minor", (1, "would change"), fingerprint)
}

fn value(path: &Path, rule: &str, severity: &str, (line, message): (usize, &str), fingerprint: &str) -> Value {
    json!({
        "description": message,
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": { "path": slashed(path), "lines": { "begin": line } },
    })
}

//! Application Resource Bundles, of Flutter: JSON with messages and what is said on them.

use fanjian::Error;

use crate::{
    data::json_reader::{Event, read},
    language::Style,
    placeholders::message,
    scan::{Scan, TagForm},
};

/// The strings of the object are messages. What is said on them (`@key`) and on the bundle (`@@key`) stays, but for its locale.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (mut depth, mut key) = (0, "");
    read(source, |event| match event {
        Event::Object(_) | Event::Array(_) => depth += 1,
        Event::End(_) => depth -= 1,
        Event::Key(raw) if depth == 1 => key = &source[raw],
        Event::String(raw, _) if depth == 1 && key == "@@locale" => {
            scan.language_in_form(source, raw, TagForm::AsFile(Style::Posix))
        }
        Event::String(raw, escape) if depth == 1 && !key.starts_with('@') => message(source, raw, escape, scan),
        Event::Comment(raw) => scan.comment(&source[raw]),
        _ => {}
    })
}

//! Catalogues in JSON and YAML that have several languages in one file, by the names of these as keys of the whole.

use std::ops::Range;

use fanjian::Error;

use crate::{
    data::keys::{is_of_target, locale},
    fill::{json, yaml},
    format::Format,
    options::Options,
};

/// A catalogue without the texts of the target's language, so that those of the other Chinese take their place when they are
/// converted. None if it has none, or no other Chinese.
pub(super) fn without_target(source: &str, format: Format, options: &Options) -> Result<Option<String>, Error> {
    let Some(tag) = options.languages.tag() else { return Ok(None) };
    let members: Vec<(String, Range<usize>)> = match format {
        Format::Json => json::members(source)?,
        Format::Yaml => yaml::members(source)?,
        _ => return Ok(None),
    };
    let is_target = |key: &str| is_of_target(key, tag);
    let has_other = members.iter().any(|(key, _)| !is_target(key) && options.languages.renamed(key).is_some());
    if !has_other {
        return Ok(None);
    }
    let mut without = source.to_owned();
    let mut has_any = false;
    for (number, (key, raw)) in members.iter().enumerate().rev() {
        if !is_target(key) {
            continue;
        }
        has_any = true;
        // With what separates it from the next one; or, where no other language follows, from the one before, which there is. So
        // none reaches into what was taken out behind it.
        let is_last = members[number + 1..].iter().all(|(key, _)| is_target(key));
        let range = if is_last { members[number - 1].1.end..raw.end } else { raw.start..members[number + 1].1.start };
        without.replace_range(range, "");
    }
    Ok(has_any.then_some(without))
}

/// Whether a key of a report is the name of a language.
pub(super) fn is_of_language(key: &str, options: &Options) -> bool {
    let name = key.strip_prefix('/').filter(|name| !name.contains('/'));
    name.is_some_and(|name| locale(name, &options.languages).is_some())
}

//! JSON: which strings are texts.

use std::{collections::HashMap, vec::IntoIter};

use fanjian::Error;

use crate::{
    data::{
        Rules,
        json_reader::{Event, read},
        keys::{Plan, Use, names_language, plans, use_of},
        manifests::Manifest,
        values::stays_as_written,
    },
    language::Style,
    options::Options,
    placeholders::{Part, message_of_parts},
    scan::{Scan, TagForm},
};

/// What happens below the keys of objects, by the places of their braces: of those that have a name of a language for a key.
pub(crate) type Plans = HashMap<usize, IntoIter<Plan>>;

/// What happens below the keys of objects; and which file of a tool the document is.
pub(crate) fn plans_of_objects(
    source: &str,
    rules: Rules,
    options: &Options,
) -> Result<(Plans, Option<Manifest>), Error> {
    // The place of each, its keys, and whether it is a value of JSON-LD in a language that is not converted.
    let mut open: Vec<(usize, Vec<&str>, bool)> = Vec::new();
    let (mut objects, mut manifest, mut is_nested) = (HashMap::new(), None, false);
    read(source, |event| match event {
        Event::Object(at) => {
            is_nested |= open.len() == 1;
            open.push((at, Vec::new(), false));
        }
        Event::Array(_) => open.push((0, Vec::new(), false)),
        Event::Key(raw) => open.last_mut().into_iter().for_each(|(_, keys, _)| keys.push(&source[raw.clone()])),
        Event::String(raw, _) => {
            if let Some((_, keys, is_foreign)) = open.last_mut() {
                *is_foreign |= keys.last() == Some(&"@language") && !options.languages.takes(&source[raw]);
            }
        }
        Event::End(_) => {
            let Some((at, keys, is_foreign)) = open.pop() else { return };
            if is_foreign && keys.contains(&"@value") {
                objects.insert(at, vec![Plan::Leave; keys.len()].into_iter());
                return;
            }
            if open.is_empty() && options.manifests {
                manifest = Manifest::of_json(&keys);
            }
            let may_be_language_alone = open.is_empty() && is_nested && rules.is_file;
            let plans = plans(&keys, may_be_language_alone, options);
            if plans.iter().any(|plan| *plan != Plan::Convert) {
                objects.insert(at, plans.into_iter());
            }
        }
        _ => {}
    })?;
    Ok((objects, manifest))
}

/// What a value is in.
#[derive(Default)]
struct Open {
    /// The plans of the keys that are to come.
    plans: IntoIter<Plan>,
    /// All below stays.
    is_left: bool,
    /// What the values of a list are for.
    of: Use,
}

/// Strings that are values are converted, but for those that refer to something by its name, for regular expressions and for
/// commands, by their key. Keys stay, but for the names of languages: one that is Chinese follows the conversion, if the target's
/// is not in the object. What is below the name of another language stays.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (objects, manifest) = plans_of_objects(source, Rules::default(), scan.options)?;
    scan_planned(source, (objects, manifest), Rules::default(), scan)
}

/// The same by these rules, for a source that is no file of a tool.
pub(crate) fn scan_by(source: &str, rules: Rules, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (objects, _) = plans_of_objects(source, rules, scan.options)?;
    scan_planned(source, (objects, None), rules, scan)
}

fn scan_planned(
    source: &str,
    (mut objects, manifest): (Plans, Option<Manifest>),
    rules: Rules,
    scan: &mut Scan<'_>,
) -> Result<(), Error> {
    let mut open: Vec<Open> = Vec::new();
    let (mut key, mut is_left, mut of) = (None, false, Use::Text);
    read(source, |event| match event {
        Event::Object(at) => {
            open.push(Open { plans: objects.remove(&at).unwrap_or_default(), is_left, of: Use::Text });
            (key, of) = (None, Use::Text);
        }
        Event::Array(_) => {
            of = of.in_list();
            open.push(Open { is_left, of, ..Open::default() });
            key = None;
        }
        Event::End(_) => {
            open.pop();
            is_left = open.last().is_some_and(|open| open.is_left);
            of = open.last().map(|open| open.of).unwrap_or_default();
        }
        Event::Key(raw) => {
            let name = &source[raw.clone()];
            let is_of_tool = open.len() == 1 && manifest.is_some_and(|manifest| manifest.leaves(name));
            if let Some(open) = open.last_mut() {
                let plan = open.plans.next().unwrap_or(Plan::Convert);
                is_left = open.is_left || plan == Plan::Leave || is_of_tool || (rules.is_name)(name);
                if plan == Plan::Rename && !is_left {
                    scan.tag_in_form(raw, TagForm::AsFile(Style::default()));
                }
            }
            of = use_of(name);
            key = Some(name);
        }
        Event::String(raw, escape) => {
            if key.take().is_some_and(names_language) {
                match open.len() {
                    1 => scan.language(source, raw),
                    _ => scan.tag(raw),
                }
            } else if !is_left && !stays_as_written(of, &source[raw.clone()], escape) {
                message_of_parts(source, rules.role, &[Part::Text(raw, escape)], scan);
            }
        }
        Event::Other(_) => key = None,
        Event::Comment(raw) => scan.comment(&source[raw]),
    })
}

//! Controls of Word that show a place in other XML of the package: they are filled from there when the document is opened, so that
//! what is bound becomes what the control shows.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::Error;

use super::{fonts::attributes, properties::TEXTS};
use crate::{
    container::{Archive, resolved},
    decode::decoded_xml,
    escape::Escape,
    scan::{Group, Role, Scan},
    xml::{Event, Xml},
};

/// The stores that the properties of a document are for its controls, by their parts.
const PROPERTIES: [(&str, &str); 2] = [
    ("docProps/app.xml", "{6668398D-A668-4E3E-A5EB-62B293D839F1}"),
    ("docProps/core.xml", "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"),
];

/// Places in a part that controls show: `/a[1]/b[2]`, without prefixes.
pub(crate) type Places = HashSet<String>;

/// The places that controls of these parts show, by the names of the parts in which they are.
pub(crate) fn bindings<'n>(
    archive: &mut Archive<'_>,
    parts: impl Iterator<Item = &'n String>,
) -> Result<HashMap<String, Places>, Error> {
    let mut of_stores: HashMap<String, Places> = HashMap::new();
    for name in parts {
        let bytes = archive.read(name)?.unwrap_or_default();
        if memchr::memmem::find(&bytes, b":dataBinding").is_none() {
            continue;
        }
        let (text, _) = decoded_xml(&bytes).map_err(|error| error.at(name))?;
        add_bindings(&text, &mut of_stores).map_err(|error| error.at(name))?;
    }
    let mut bindings = HashMap::new();
    if of_stores.is_empty() {
        return Ok(bindings);
    }
    for name in archive.names().to_vec() {
        let store = match PROPERTIES.iter().find(|(part, _)| *part == name) {
            Some((_, store)) => Some((*store).to_owned()),
            None => store(archive, &name)?,
        };
        if let Some(places) = store.and_then(|store| of_stores.remove(&store)) {
            bindings.insert(name, places);
        }
    }
    Ok(bindings)
}

/// Takes the places that controls show as text. Those of lists have the value of what is chosen, which stays.
fn add_bindings(source: &str, of_stores: &mut HashMap<String, Places>) -> Result<(), Error> {
    let mut binding = None;
    for event in Xml::new(source) {
        let Event::Start(element) = event? else { continue };
        match element.name.local {
            "sdtPr" => binding = None,
            "dataBinding" => {
                let value = |local: &str| {
                    let attribute = element.attributes.iter().find(|attribute| attribute.name.local == local)?;
                    Some(attribute.value)
                };
                binding = value("storeItemID").zip(value("xpath").and_then(place));
            }
            "dropDownList" | "comboBox" | "date" | "picture" | "checkbox" => binding = None,
            "sdtContent" => {
                if let Some((store, place)) = binding.take() {
                    of_stores.entry(store.to_ascii_uppercase()).or_default().insert(place);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The place that a path of names and numbers leads to. None for other expressions.
fn place(path: &str) -> Option<String> {
    let mut place = String::new();
    for step in path.strip_prefix('/')?.split('/') {
        let (name, number) = match step.strip_suffix(']') {
            Some(step) => step.split_once('[')?,
            None => (step, "1"),
        };
        let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(is_of_name) {
            return None;
        }
        push_step(&mut place, name, number.parse().ok()?);
    }
    Some(place)
}

/// The places without those that are text in any case, as properties of the document.
pub(crate) fn without_properties(mut places: Places) -> Places {
    let is_property = |place: &String| TEXTS.iter().any(|name| place.ends_with(&format!("/{name}[1]")));
    places.retain(|place| !is_property(place));
    places
}

fn push_step(place: &mut String, name: &str, number: usize) {
    place.extend(["/", name, "[", &number.to_string(), "]"]);
}

/// The store that a part is, by the properties that its relationships name.
fn store(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, Error> {
    let Some((folder, file)) = name.rsplit_once('/') else { return Ok(None) };
    let relationships = format!("{folder}/_rels/{file}.rels");
    if !folder.eq_ignore_ascii_case("customXml") || !archive.has(&relationships) {
        return Ok(None);
    }
    let targets = attributes(archive, &relationships, "Relationship", "Type", "Target")?;
    let target = targets.iter().find(|(kind, _)| kind.ends_with("/customXmlProps"));
    let Some(properties) = target.and_then(|(_, target)| resolved(name, target)) else { return Ok(None) };
    let stores = attributes(archive, &properties, "datastoreItem", "itemID", "itemID")?;
    Ok(stores.into_keys().next().map(|store| store.to_ascii_uppercase()))
}

/// Finds the texts in these places of a part.
pub(crate) fn scan(places: &Places, source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let longest = places.iter().map(String::len).max().unwrap_or_default();
    let mut place = String::new();
    // For each element that is open: how long the place of its parent is, its group, and how many children of a name it has.
    let mut open = vec![(0, None, HashMap::<&str, usize>::new())];
    for event in Xml::new(source) {
        match event? {
            Event::Start(element) => {
                let len = place.len();
                let number = open.last_mut().map_or(1, |(.., children)| {
                    let count = children.entry(element.name.local).or_default();
                    *count += 1;
                    *count
                });
                push_step(&mut place, element.name.local, number);
                let is_bound = place.len() <= longest && places.contains(&place);
                open.push((len, is_bound.then(|| scan.group(Role::Text)), HashMap::new()));
            }
            Event::End(_) => {
                if let Some((len, ..)) = open.pop() {
                    place.truncate(len);
                }
            }
            Event::Text(range) => text(&open, range, Escape::Markup, scan),
            Event::CData(range) => text(&open, range, Escape::CData, scan),
            Event::Comment(_) | Event::Declaration(_) | Event::Other(_) => {}
        }
    }
    Ok(())
}

fn text(
    open: &[(usize, Option<Group>, HashMap<&str, usize>)],
    range: Range<usize>,
    escape: Escape,
    scan: &mut Scan<'_>,
) {
    if let Some((_, Some(group), _)) = open.last() {
        scan.text(*group, range, escape);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_names_and_numbers_are_places() {
        assert_eq!(place("/ns0:a[1]/b/甲[2]").as_deref(), Some("/a[1]/b[1]/甲[2]"));
        for path in ["a", "/a/@b", "//a", "/a[b]", "/a/text()", "/a[@b='c']/d"] {
            assert_eq!(place(path), None, "{path}");
        }
    }
}

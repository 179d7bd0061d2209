//! Fonts that are embedded in Office documents.

use std::collections::HashMap;

use fanjian::Error;

use crate::{
    container::{Archive, resolved},
    decode::decoded_xml,
    fonts::{Font, Form, uuid},
    xml::{Event, Xml},
};

/// The embedded fonts of a package of OOXML or OpenDocument.
///
/// Word hides the first 32 bytes of a font by a key that stands in the table of fonts (ECMA-376, first edition, part 4,
/// 2.8.1); those of PowerPoint are compressed in a way of its own; those of OpenDocument are plain.
pub(crate) fn fonts(archive: &mut Archive<'_>) -> Result<Vec<Font>, Error> {
    let names = archive.names().to_vec();
    let mut keys = HashMap::new();
    for table in names.iter().filter(|name| name.ends_with("/fontTable.xml")) {
        keys.extend(word_keys(archive, table)?);
    }
    let font = |name: String| {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
        let form = match extension.as_str() {
            "odttf" => keys.get(&name).map_or(Form::Hidden, |key| Form::Masked { key: key.clone(), len: 32 }),
            "fntdata" => Form::Hidden,
            "ttf" | "otf" | "ttc" => Form::Plain,
            _ => return None,
        };
        Some(Font { name, form })
    };
    Ok(names.into_iter().filter_map(font).collect())
}

/// The keys of the fonts in Word's table of them, by the names of the fonts.
fn word_keys(archive: &mut Archive<'_>, table: &str) -> Result<HashMap<String, Vec<u8>>, Error> {
    let mut keys = HashMap::new();
    let (folder, file) = table.rsplit_once('/').unwrap_or(("", table));
    let relations = format!("{folder}/_rels/{file}.rels");
    let targets = attributes(archive, &relations, "Relationship", "Id", "Target")?;
    for kind in ["embedRegular", "embedBold", "embedItalic", "embedBoldItalic"] {
        for (id, key) in attributes(archive, table, kind, "id", "fontKey")? {
            let name = targets.get(&id).and_then(|target| resolved(table, target));
            // The order of bytes is that of the key read from its end.
            let key = uuid(&key).map(|key| key.into_iter().rev().collect());
            keys.extend(name.zip(key));
        }
    }
    Ok(keys)
}

/// Of the elements of this name in a part, one attribute by another one.
pub(super) fn attributes(
    archive: &mut Archive<'_>,
    part: &str,
    element: &str,
    key: &str,
    value: &str,
) -> Result<HashMap<String, String>, Error> {
    let mut found = HashMap::new();
    let Some(bytes) = archive.read(part)? else { return Ok(found) };
    let (text, _) = decoded_xml(&bytes).map_err(|error| error.at(part))?;
    for event in Xml::new(&text) {
        let Event::Start(start) = event.map_err(|error| error.at(part))? else { continue };
        if start.name.local == element {
            let of = |local: &str| {
                let attribute = start.attributes.iter().find(|attribute| attribute.name.local == local);
                attribute.map(|attribute| attribute.value.to_owned())
            };
            found.extend(of(key).zip(of(value)));
        }
    }
    Ok(found)
}

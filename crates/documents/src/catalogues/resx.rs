//! Resources of .NET.

use fanjian::Error;

use crate::{
    catalogues::inline::{Form, Inline, Message},
    scan::Scan,
    xml::{Event, Xml},
};

/// The values of data that are strings are messages. Comments, metadata and data of other types stay.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut message: Option<Message> = None;
    // Of the elements around: whether they are data whose value is a string.
    let mut open: Vec<bool> = Vec::new();
    for event in Xml::new(source) {
        let event = event?;
        if let Some(current) = &mut message {
            if current.take(source, event, |_| Inline::Text, scan) {
                message = None;
            }
            continue;
        }
        match event {
            Event::Start(element) => {
                if element.name.local == "value" && open.last() == Some(&true) {
                    message = Some(Message::new(Form::Markup));
                    continue;
                }
                let value = |name: &str| element.attribute("", name).map(|attribute| attribute.value);
                let is_string =
                    value("type").is_none_or(|of| of == "System.String" || of.starts_with("System.String,"));
                // `>>label1.Name`: what the designer of forms knows of its parts.
                let is_text = value("name").is_none_or(|name| !name.starts_with("&gt;&gt;") && !name.starts_with(">>"));
                let is_message = element.name.local == "data" && is_string && value("mimetype").is_none() && is_text;
                open.push(is_message);
            }
            Event::End(_) => _ = open.pop(),
            Event::Comment(raw) => scan.comment(&source[raw]),
            _ => {}
        }
    }
    Ok(())
}

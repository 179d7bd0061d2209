//! Resources of .NET.

use fanjian::Error;

use crate::{
    catalogues::inline::{Form, Inline, Outer, scan_messages},
    scan::Scan,
    xml::Element,
};

/// The values of data that are strings are messages. Comments, metadata and data of other types stay.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    // Of the elements around: whether they are data whose value is a string.
    let outer = |element: &Element<'_>, around: &[bool], _: &mut Scan<'_>| {
        if element.name.local == "value" && around.last() == Some(&true) {
            return Outer::Message(Form::Markup);
        }
        Outer::Around(is_message(element))
    };
    scan_messages(source, scan, outer, |_| Inline::Text)
}

/// Whether an element is data whose value is a message.
pub(crate) fn is_message(element: &Element<'_>) -> bool {
    let value = |name: &str| element.attribute("", name).map(|attribute| attribute.value);
    let is_string = value("type").is_none_or(|of| of == "System.String" || of.starts_with("System.String,"));
    // `>>label1.Name`: what the designer of forms knows of its parts.
    let is_text = value("name").is_none_or(|name| !name.starts_with("&gt;&gt;") && !name.starts_with(">>"));
    element.name.local == "data" && is_string && value("mimetype").is_none() && is_text
}

//! What the parts of a workbook have in common: equal strings stay equal.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
};

use fanjian::{Error, ScriptHistory};

use super::formula;
use crate::{
    options::Options,
    scan::{Content, Group, Scan},
    write::Apart,
    xml::{Event, Xml},
};

/// How much text of a workbook shows its script, in bytes.
const SAMPLE: usize = 64 << 10;

/// What the scanners of a workbook's parts know of the whole.
#[derive(Default)]
pub(crate) struct Workbook {
    /// Text of its cells.
    sample: String,
    /// Names that must not become equal: those of the columns of a table, and of the fields of a pivot table.
    names: Vec<Vec<String>>,
    /// The names of its sheets.
    sheets: HashSet<String>,
    /// Names that are also where they are not found: in formulas of pivot tables, in queries, in addresses made of strings.
    kept: HashSet<String>,
    known: OnceCell<Known>,
}

/// What is known once there is a converter.
struct Known {
    history: ScriptHistory,
    /// Strings that stay wherever they are: names that would become equal.
    kept: HashSet<String>,
}

impl Workbook {
    /// Takes the text of a part with cells as a sample of the workbook, up to a limit.
    pub(crate) fn add_sample(&mut self, source: &str) -> Result<(), Error> {
        for event in Xml::new(source) {
            if self.sample.len() >= SAMPLE {
                break;
            }
            if let Event::Text(range) = event? {
                let text = &source[range];
                if !text.is_ascii() {
                    self.sample.extend([text, "\n"]);
                }
            }
        }
        Ok(())
    }

    /// Takes the names of the columns of a table, or of the fields that a pivot table is made of.
    pub(crate) fn add_names(&mut self, source: &str) -> Result<(), Error> {
        let (mut names, mut has_formula) = (Vec::new(), false);
        for event in Xml::new(source) {
            let Event::Start(element) = event? else { continue };
            let is_name = matches!(element.name.local, "tableColumn" | "cacheField");
            if let (true, Some(name)) = (is_name, element.attribute("", "name")) {
                names.push(formula::text_of(source, name.raw.clone(), name.escape));
                has_formula |= element.attribute("", "formula").is_some();
            }
        }
        if has_formula {
            self.kept.extend(names);
        } else {
            self.names.push(names);
        }
        Ok(())
    }

    /// Takes the names of sheets, which stay, and so do strings that are one of them where formulas make addresses of strings.
    pub(crate) fn add_sheets(&mut self, source: &str) -> Result<(), Error> {
        for event in Xml::new(source) {
            let Event::Start(element) = event? else { continue };
            let mut names = element.attributes.iter().filter(|attribute| attribute.name.local == "name");
            if let ("sheet" | "table", Some(name)) = (element.name.local, names.next())
                && !name.value.is_ascii()
            {
                self.sheets.insert(formula::text_of(source, name.raw.clone(), name.escape));
            }
        }
        Ok(())
    }

    /// Whether there are sheets whose names would change if they were text.
    pub(crate) fn has_sheets(&self) -> bool {
        !self.sheets.is_empty()
    }

    /// Takes the source of a part with formulas: if these make addresses of strings in cells, strings that are the name of a
    /// sheet stay.
    pub(crate) fn add_formulas(&mut self, source: &str) {
        let source = source.as_bytes();
        if makes_addresses(source, b"INDIRECT(", |_| true)
            || makes_addresses(source, b"HYPERLINK(", |rest| rest.contains(&b'#'))
        {
            self.kept.extend(self.sheets.drain());
        }
    }

    /// Leaves all names that were taken: queries name the columns that they fill or read.
    pub(crate) fn keep_names(&mut self) {
        self.kept.extend(self.names.drain(..).flatten());
    }

    fn known(&self, options: &Options) -> &Known {
        self.known.get_or_init(|| {
            let history = options.converter.history(&self.sample, ScriptHistory::default());
            let mut apart = Apart::new(options, history);
            let mut kept = self.kept.clone();
            for names in &self.names {
                let mut become_this: HashMap<String, Vec<&String>> = HashMap::new();
                for name in names {
                    become_this.entry(apart.convert(name).to_lowercase()).or_default().push(name);
                }
                kept.extend(become_this.into_values().filter(|names| names.len() > 1).flatten().cloned());
            }
            Known { history, kept }
        })
    }

    /// Begins the scan of a part.
    pub(crate) fn begin(&self, scan: &mut Scan<'_>) {
        scan.apart = Some(self.known(scan.options).history);
    }

    /// Ends the scan of a part: strings that must stay are taken out.
    pub(crate) fn end(&self, source: &str, scan: &mut Scan<'_>) {
        let kept = &self.known(scan.options).kept;
        if kept.is_empty() {
            return;
        }
        let mut texts: HashMap<Group, String> = HashMap::new();
        for piece in &scan.pieces {
            let text = texts.entry(piece.group).or_default();
            match &piece.content {
                Content::Kept(stand_in) => text.push_str(stand_in.text()),
                Content::Text(escape) => {
                    text.extend(escape.units(&source[piece.raw.clone()]).filter_map(|unit| unit.1))
                }
            }
        }
        scan.pieces.retain(|piece| !kept.contains(&texts[&piece.group]));
    }
}

/// Whether this function is called with another first argument than one string, in a formula whose rest may lead to a sheet.
fn makes_addresses(source: &[u8], function: &[u8], leads_to_sheet: impl Fn(&[u8]) -> bool) -> bool {
    memchr::memmem::find_iter(source, function).any(|start| {
        let rest = &source[start + function.len()..];
        let rest = &rest[..memchr::memchr(b'<', rest).unwrap_or(rest.len())];
        let quote: &[u8] = if rest.starts_with(b"&quot;") { b"&quot;" } else { b"\"" };
        let behind_string = rest.strip_prefix(quote).and_then(|string| {
            let end = memchr::memmem::find(string, quote)?;
            string.get(end + quote.len())
        });
        !matches!(behind_string, Some(b')' | b',' | b';')) && leads_to_sheet(rest)
    })
}

//! What the parts of a workbook have in common: equal strings stay equal.

use std::{
    cell::{OnceCell, RefCell},
    collections::{HashMap, HashSet},
    iter, mem,
};

use fanjian::{Error, ScriptHistory};

use super::{formula, words::Words};
use crate::{
    escape::Escape,
    options::Options,
    scan::{Content, Group, Piece, Scan},
    write::{Apart, align},
    xml::{Event, Xml},
};

/// How much text of a workbook shows its script, in bytes.
const SAMPLE: usize = 64 << 10;

/// What the scanners of a workbook's parts know of the whole.
#[derive(Default)]
pub(crate) struct Workbook {
    /// Text of its cells.
    sample: String,
    /// The part with the strings of its cells, of which searched ones are a part.
    strings: String,
    texts: OnceCell<Vec<String>>,
    /// Names that must not become equal: those of the columns of a table, and of the fields of a pivot table.
    names: Vec<Vec<String>>,
    /// The names of its sheets.
    sheets: HashSet<String>,
    /// Names that are also where they are not found: in formulas of pivot tables, in queries, in addresses made of strings.
    kept: HashSet<String>,
    known: OnceCell<Known>,
    /// What words that are searched in cells become.
    outputs: RefCell<HashMap<String, String>>,
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

    /// Takes the part with the strings of cells.
    pub(crate) fn add_strings(&mut self, source: &str) -> Result<(), Error> {
        self.strings.push_str(source);
        self.add_sample(source)
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

    /// Changes strings that are searched in cells to what these make of them, if all make the same, or else each by itself. They
    /// are no groups then: their text is not all that is converted.
    fn search(&self, source: &str, searched: Vec<Group>, scan: &mut Scan<'_>) {
        if searched.is_empty() || scan.options.protect.is_some() {
            return;
        }
        let known = self.known(scan.options);
        let mut pieces: HashMap<Group, Vec<&Piece>> = searched.into_iter().map(|group| (group, Vec::new())).collect();
        for piece in &scan.pieces {
            if let Some(pieces) = pieces.get_mut(&piece.group) {
                pieces.push(piece);
            }
        }
        let mut found = Vec::new();
        for pieces in pieces.into_values() {
            let [Piece { group, raw, content: Content::Text(escape) }] = pieces[..] else { continue };
            let text = formula::text_of(source, raw.clone(), *escape);
            let mut words = text.split(['*', '?', '~']).filter(|word| !word.is_empty());
            let (Some(word), None) = (words.next(), words.next()) else { continue };
            if !word.is_ascii() && !known.kept.contains(&text) {
                found.push((*group, raw.clone(), *escape, word.to_owned(), text));
            }
        }
        let mut outputs = self.outputs.borrow_mut();
        let mut words: Vec<&str> = found.iter().map(|(.., word, _)| word.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        words.retain(|word| !outputs.contains_key(*word));
        let texts = self.texts.get_or_init(|| shared_texts(&self.strings));
        let mut apart = Apart::new(scan.options, known.history);
        for (word, part) in words.iter().zip(in_texts(&words, texts, known, scan.options)) {
            outputs.insert((*word).to_owned(), part.unwrap_or_else(|| apart.convert(word)));
        }
        let mut changed = HashSet::new();
        for (group, raw, escape, word, text) in found {
            let mut written = String::new();
            for character in text.replace(&word, &outputs[&word]).chars() {
                escape.write(character.encode_utf8(&mut [0; 4]), "", || false, &mut written);
            }
            changed.insert(group);
            scan.edits.push((raw, written));
        }
        scan.pieces.retain(|piece| !changed.contains(&piece.group));
    }

    /// Begins the scan of a part.
    pub(crate) fn begin(&self, scan: &mut Scan<'_>) {
        scan.apart = Some(self.known(scan.options).history);
    }

    /// Ends the scan of a part: strings that must stay are taken out, and those that are searched in cells become what they are
    /// a part of there.
    pub(crate) fn end(&self, source: &str, scan: &mut Scan<'_>) {
        self.search(source, mem::take(&mut scan.searched), scan);
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

/// What cells make of each of these words, which are searched in them: the same in all that have it. None if it is not.
///
/// All words are looked for at once, and each text is converted once: a formula that is filled down searches thousands of words in
/// thousands of cells.
fn in_texts(words: &[&str], texts: &[String], known: &Known, options: &Options) -> Vec<Option<String>> {
    let mut found: Vec<Part> = words.iter().map(|_| Part::Nowhere).collect();
    let words = Words::new(words);
    let mut apart = Apart::new(options, known.history);
    for text in texts {
        let mut matches = words.find(text);
        let Some(first) = matches.find(|(word, _)| !matches!(found[*word], Part::Several)) else { continue };
        let converted = if known.kept.contains(text) { text.clone() } else { apart.convert(text) };
        let alignment = align(text, &converted, &[], (known.history, &[]), options);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let number = |at: usize| places.partition_point(|&place| place < at);
        for (word, range) in iter::once(first).chain(matches) {
            if matches!(found[word], Part::Several) {
                continue;
            }
            let outputs = alignment.outputs.get(number(range.start)..number(range.end)).unwrap_or_default();
            let part: String = outputs.iter().map(|output| &converted[output.clone().unwrap_or_default()]).collect();
            match &found[word] {
                _ if outputs.is_empty() => found[word] = Part::Several,
                Part::One(other) if *other == part => {}
                Part::Nowhere => found[word] = Part::One(part),
                Part::One(_) | Part::Several => found[word] = Part::Several,
            }
        }
    }
    found.into_iter().map(|part| if let Part::One(part) = part { Some(part) } else { None }).collect()
}

/// What the cells that have a word make of it.
enum Part {
    Nowhere,
    One(String),
    Several,
}

/// The texts of shared strings, with the characters that XML writes by entities.
fn shared_texts(source: &str) -> Vec<String> {
    let (mut texts, mut is_read_aloud) = (Vec::new(), 0_usize);
    let mut open: Vec<bool> = Vec::new();
    for event in Xml::new(source) {
        match event {
            Ok(Event::Start(element)) => {
                if element.name.local == "si" {
                    texts.push(String::new());
                }
                let is_reading = element.name.local == "rPh";
                is_read_aloud += usize::from(is_reading);
                open.push(is_reading);
            }
            Ok(Event::End(_)) => is_read_aloud -= usize::from(open.pop().unwrap_or_default()),
            Ok(Event::Text(range)) if is_read_aloud == 0 => {
                if let Some(text) = texts.last_mut() {
                    text.push_str(&formula::text_of(source, range, Escape::Markup));
                }
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    texts.retain(|text| !text.is_ascii());
    texts
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

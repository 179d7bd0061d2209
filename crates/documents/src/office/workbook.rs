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
    /// Names that stand where they are not found: in formulas of pivot tables, or in queries.
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

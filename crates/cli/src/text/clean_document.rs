//! Cleaning of documents: their texts are cleaned as one text, and everything else stays as it is.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::{Config, Converter, Error, Replacement, Script, Target, detect};
use fanjian_clean::{GlossMode, Glosses, Options as Cleaning, glosses_of_texts};
use fanjian_documents::{Format, Group, Options, Report, convert, convert_text, differences, groups, groups_of_text};

/// A document that was cleaned.
pub(crate) struct CleanedDocument {
    /// None if the document is to be left out.
    pub(crate) bytes: Option<Vec<u8>>,
    /// The texts before, and what was found in each.
    pub(crate) old: Vec<Group>,
    pub(crate) found: Vec<Glosses>,
    /// The texts after that.
    pub(crate) new: Vec<Group>,
    pub(crate) report: Report,
}

/// Parts of the text of a group, in order and apart, and what they become.
type Changes = Vec<(Range<usize>, String)>;

/// The bytes of a document, and how many words have moved over markup on the way to them.
type Rewritten<'s> = (Cow<'s, [u8]>, usize);

/// Cleans a document as [`fanjian_clean::clean`] does a text. `options` are those of a conversion of it.
pub(crate) fn clean(
    source: &[u8],
    format: Format,
    options: &Options,
    cleaning: &Cleaning,
) -> Result<CleanedDocument, Error> {
    // Groups are compared one for one, also those whose language is taken for its old name alone.
    let options = options.clone().keep_tags(true);
    // Each step reads the document again, as its texts have changed: about three times in all.
    let work = Work { format, options, cleaning };
    let old = work.groups(source)?;
    let mode = cleaning.glosses;
    let found = match mode {
        GlossMode::Off => vec![Glosses::default(); old.len()],
        _ => glosses_of_texts(old.iter().map(|group| group.text.as_str()), &cleaning.thresholds),
    };
    let has_glosses = found.iter().any(|found| !found.is_empty());
    if mode == GlossMode::Drop && has_glosses {
        return Ok(CleanedDocument { bytes: None, old, found, new: Vec::new(), report: Report::default() });
    }
    let (mut bytes, mut moved) = (Cow::Borrowed(source), 0);
    if has_glosses && matches!(mode, GlossMode::Strip | GlossMode::Repair) {
        let changes = |found: &Glosses| {
            let changes = found.changes(mode == GlossMode::Repair).into_iter();
            changes.map(|(range, new)| (range, new.to_owned())).collect()
        };
        (bytes, moved) = work.rewritten(bytes, &old, found.iter().map(changes).collect())?;
    }
    if let Some(converter) = &cleaning.converter {
        let is_machines = |groups: &[Group]| {
            let texts: Vec<_> = groups.iter().map(|group| group.text.as_str()).collect();
            detect(&texts.join("\n")).is_machine_converted()
        };
        let mut is_machine_made = has_glosses || is_machines(&work.groups(&bytes)?);
        let mut words;
        if !is_machine_made {
            (bytes, words) = work.converted(bytes, converter)?;
            moved += words;
            // There may be more evidence when all of the text is Traditional.
            is_machine_made = is_machines(&work.groups(&bytes)?);
        }
        if is_machine_made {
            (bytes, words) = work.reconverted(bytes, converter)?;
            moved += words;
        }
    }
    let new = work.groups(&bytes)?;
    let (bytes, mut report) = work.finished(&bytes, &new)?;
    // A step may take back what another one did: what counts is the first document and the last one.
    let Report { parts, fonts, .. } = differences(source, &bytes, format, &work.options)?;
    (report.moved, report.parts, report.fonts) = (moved, parts, fonts);
    report.changed = changed(&old, &new);
    Ok(CleanedDocument { bytes: Some(bytes), old, found, new, report })
}

struct Work<'c> {
    format: Format,
    /// Tags of languages stay, until all else is done.
    options: Options,
    cleaning: &'c Cleaning,
}

impl Work<'_> {
    fn groups(&self, source: &[u8]) -> Result<Vec<Group>, Error> {
        match self.format.is_container() {
            true => groups(source, self.format, &self.options),
            false => groups_of_text(text(source)?, self.format, &self.options),
        }
    }

    /// Converts a document, but for its Simplified lines if these are kept.
    fn converted<'s>(&self, source: Cow<'s, [u8]>, converter: &Converter) -> Result<Rewritten<'s>, Error> {
        let groups = if self.cleaning.keep_simplified { self.groups(&source)? } else { Vec::new() };
        let kept = groups.iter().map(|group| self.kept(group, &group.text)).collect();
        let options = self.options.clone().converter(converter.clone());
        let (bytes, report) = self.applied(&source, options, &groups, kept)?;
        Ok((Cow::Owned(bytes), report.moved))
    }

    /// Converts a document whose Traditional characters no person has chosen, as [`fanjian_clean::reconvert`] does a text.
    fn reconverted<'s>(&self, source: Cow<'s, [u8]>, converter: &Converter) -> Result<Rewritten<'s>, Error> {
        let old = self.groups(&source)?;
        let to_simplified = Converter::new(Config::T2s);
        let simplified = |group: &Group| -> Changes {
            let lines = lines(&group.text).filter(|(_, line)| detect(line).kana == 0 && !self.keeps(line));
            lines.map(|(range, line)| (range, to_simplified.convert(line).into_owned())).collect()
        };
        let changes: Vec<_> = old.iter().map(simplified).collect();
        let expected: Vec<_> =
            old.iter().zip(&changes).map(|(group, changes)| with(&group.text, changes.clone())).collect();
        let (simplified, _) = self.rewritten(source.clone(), &old, changes)?;
        let groups = self.groups(&simplified)?;
        // Whether a value is a text may depend on what it says: one that is none as Simplified text would stay so.
        let becomes = |group: &Group, text: &String| to_simplified.convert(&group.text) == to_simplified.convert(text);
        if !are_of_same_parts(&groups, &old) || !groups.iter().zip(&expected).all(|(group, text)| becomes(group, text))
        {
            return self.converted(source, converter);
        }
        let kept = groups.iter().zip(&old).map(|(new, old)| self.kept(new, &old.text)).collect();
        let options = self.options.clone().converter(converter.clone());
        let (converted, Report { moved, .. }) = self.applied(&simplified, options, &groups, kept)?;
        if simplified == source {
            return Ok((Cow::Owned(converted), moved));
        }
        let (direct, _) = self.converted(source, converter)?;
        let (new, direct) = (self.groups(&converted)?, self.groups(&direct)?);
        if !are_of_same_parts(&new, &direct) {
            return Ok((Cow::Owned(converted), moved));
        }
        // Both are in use, and both become 台 in Simplified text: 臺 is kept if the conversion allows it.
        let kept = |(new, direct): (&Group, &Group)| -> Changes {
            if new.text.chars().count() != direct.text.chars().count() {
                return Vec::new();
            }
            let pairs = new.text.char_indices().zip(direct.text.chars());
            let pairs = pairs.filter(|&((_, new), direct)| (new, direct) == ('台', '臺'));
            pairs.map(|((at, new), direct)| (at..at + new.len_utf8(), direct.to_string())).collect()
        };
        let kept = new.iter().zip(&direct).map(kept).collect();
        let (bytes, moved_then) = self.rewritten(Cow::Owned(converted), &new, kept)?;
        Ok((bytes, moved + moved_then))
    }

    /// The Simplified lines of a group that are kept, in a text that has become of it line by line.
    fn kept(&self, group: &Group, old: &str) -> Changes {
        let kept = lines(&group.text).zip(lines(old)).filter(|(_, (_, old))| self.keeps(old));
        kept.map(|((range, line), _)| (range, line.to_owned())).collect()
    }

    fn keeps(&self, line: &str) -> bool {
        self.cleaning.keep_simplified && detect(line).script() == Script::Simplified
    }

    /// The document with these changes to its groups, and no others.
    fn rewritten<'s>(
        &self,
        source: Cow<'s, [u8]>,
        groups: &[Group],
        mut changes: Vec<Changes>,
    ) -> Result<Rewritten<'s>, Error> {
        for (group, changes) in groups.iter().zip(&mut changes) {
            changes.retain(|(range, new)| group.text[range.clone()] != **new);
        }
        if changes.iter().all(Vec::is_empty) {
            return Ok((source, 0));
        }
        let (bytes, report) = self.fixed(&source, self.options.clone(), groups, changes)?;
        Ok((Cow::Owned(bytes), report.moved))
    }

    /// The document as it is written: where it states its encoding and languages, it states the new ones.
    fn finished(&self, source: &[u8], groups: &[Group]) -> Result<(Vec<u8>, Report), Error> {
        let options = self.options.clone().keep_tags(self.cleaning.converter.is_none());
        self.fixed(source, options, groups, vec![Vec::new(); groups.len()])
    }

    fn fixed(
        &self,
        source: &[u8],
        options: Options,
        groups: &[Group],
        changes: Vec<Changes>,
    ) -> Result<(Vec<u8>, Report), Error> {
        let all = groups.iter().zip(changes).map(|(group, changes)| with_rest(&group.text, changes)).collect();
        // All of each text is replaced: the target does not matter, but configurations take no replacements.
        self.applied(source, options.converter(Converter::for_target(Target::Taiwan)), groups, all)
    }

    /// Converts a document, in which parts of the groups become something else.
    fn applied(
        &self,
        source: &[u8],
        options: Options,
        groups: &[Group],
        changes: Vec<Changes>,
    ) -> Result<(Vec<u8>, Report), Error> {
        let key = |group: &Group| (group.part.clone(), group.start, group.text.clone());
        let replacements = |changes: Changes| -> Vec<Replacement> {
            changes.into_iter().map(|(source, output)| Replacement { source, output }).collect()
        };
        let changes: HashMap<_, _> = groups.iter().map(key).zip(changes.into_iter().map(replacements)).collect();
        let options = options.replace(move |group| changes.get(&key(group)).cloned().unwrap_or_default());
        if self.format.is_container() {
            let converted = convert(source, self.format, &options)?;
            return Ok((converted.bytes.into_owned(), converted.report));
        }
        let converted = convert_text(text(source)?, self.format, &options)?;
        Ok((converted.text.into_owned().into_bytes(), converted.report))
    }
}

/// How many texts changed.
fn changed(old: &[Group], new: &[Group]) -> usize {
    if are_of_same_parts(old, new) {
        return old.iter().zip(new).filter(|(old, new)| old.text != new.text).count();
    }
    // A text that has become an identifier, say, is none any more.
    let new: HashSet<_> = new.iter().map(|group| (&group.part, &group.text)).collect();
    old.iter().filter(|group| !new.contains(&(&group.part, &group.text))).count()
}

/// Whether there are as many groups, in the same parts of an archive.
fn are_of_same_parts(one: &[Group], other: &[Group]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.part == other.part)
}

fn text(source: &[u8]) -> Result<&str, Error> {
    str::from_utf8(source).map_err(|_| Error::invalid_utf8(source, 0))
}

/// The lines of a text, and their places.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len()..at, line)
    })
}

/// A text with these changes.
fn with(text: &str, changes: Changes) -> String {
    with_rest(text, changes).into_iter().map(|(_, new)| new).collect()
}

/// These changes, and what stands between them, line by line, as it is.
fn with_rest(text: &str, changes: Changes) -> Changes {
    let (mut all, mut at) = (Changes::new(), 0);
    let end = (text.len()..text.len(), String::new());
    for (range, new) in changes.into_iter().chain([end]) {
        let rest = lines(&text[at..range.start]);
        all.extend(rest.map(|(line, rest)| (at + line.start..at + line.end, rest.to_owned())));
        at = range.end;
        if !range.is_empty() {
            all.push((range, new));
        }
    }
    all
}

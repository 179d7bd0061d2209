//! The tables of one target: what each character is to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use fanjian_dictionary::Error;

use super::{
    characters::{Characters, Variants},
    sources::Sources,
};
use crate::{
    characters::{CANDIDATES, CharEntry, Class, flags},
    compiled::TargetEntries,
    model::Model,
    shared::ModelClasses,
    tables::{Choice, NO_CLASS, writer::Writer},
    target::Target,
};

impl Characters {
    pub(super) fn target(&self, sources: &Sources, target: Target, model: &Model) -> Result<TargetEntries, Error> {
        let variants = match target {
            Target::Taiwan => Variants::new(sources, "TW")?,
            Target::HongKong => Variants::new(sources, "HK")?,
            Target::Traditional => Variants::new(sources, "TW")?,
            Target::Simplified => Variants::default(),
        };
        let none = BTreeSet::new();
        let forms = match target {
            Target::Simplified => &none,
            Target::Traditional | Target::Taiwan => &self.forms[0],
            Target::HongKong => &self.forms[1],
        };
        let candidates = self.candidates(target);
        let known = self.known(&variants);
        let mut side =
            Side { characters: self, target, variants, forms, candidates: &candidates, outputs: Outputs::default() };
        let mut mappings: Vec<_> = known.iter().map(|&character| (character, side.mapping(character))).collect();
        let outputs = side.outputs.list;
        make_idempotent(&mut mappings, &outputs);

        let (preferences, regional) = self.preferences(sources, target, &candidates)?;
        let cantonese = self.cantonese_alone(sources, target, &candidates)?;
        let classes = ModelClasses::new(&model.features);
        let mut choices = Vec::new();
        let mut entry = |(character, mapping): (char, Mapping)| {
            if mapping.is(flags::CHOICE) {
                choices.push(Choice {
                    outputs: mapping.output,
                    class: classes.place(mapping.class).map_or(NO_CLASS, |place| place as u16),
                    mask: mapping.mask,
                    unchanged: mapping.unchanged,
                    default: mapping.default,
                    cantonese: cantonese.get(&mapping.class).copied(),
                    is_regional: regional.contains(&mapping.class),
                });
                return (character, mapping.entry(character, 0, choices.len() as u32 - 1));
            }
            let entry = match mapping.output {
                0 => mapping.entry(character, 0, 0),
                output => match difference(character, outputs[usize::from(output)]) {
                    Some(difference) => mapping.entry(character, 0, difference),
                    None => mapping.entry(character, flags::OUTPUT, output.into()),
                },
            };
            (character, entry)
        };
        let entries: Vec<(char, CharEntry)> = mappings.into_iter().map(&mut entry).collect();
        let mut characters = Writer::default();
        characters.entries(&entries);
        characters.outputs(&outputs);
        characters.choices(&choices);
        let vocabulary = self.vocabulary(sources, target)?;
        Ok(TargetEntries { characters: characters.into_bytes(), preferences, vocabulary })
    }

    /// The characters that a target has something to say about.
    fn known(&self, variants: &Variants) -> BTreeSet<char> {
        let mut known: BTreeSet<char> = self.to_traditional.keys().chain(self.to_simplified.keys()).copied().collect();
        known.extend(self.to_traditional.values().chain(self.to_simplified.values()).flatten());
        known.extend(variants.own.iter().chain(&variants.opencc).flat_map(|(key, values)| values.iter().chain([key])));
        known.extend(self.compatibility.keys());
        known.extend(&self.cantonese);
        known.extend(STOPS.chars());
        known.extend(HIRAGANA);
        known.extend(['\n', '}']);
        known
    }
}

/// What phrases about 著 in Simplified text say of it in Hong Kong's, which distinguishes it from 着 in the same way: of no
/// other character in them.
pub(super) fn particles(sources: &Sources) -> Result<Vec<(String, String)>, Error> {
    let mut phrases: Vec<(String, String)> = Vec::new();
    let mut add = |key: String, value: &str| {
        let only = |(from, to): (char, char)| if from == '著' { to } else { char::REPLACEMENT_CHARACTER };
        let value = key.chars().zip(value.chars()).map(only).collect();
        phrases.push((key, value));
    };
    for (key, value) in sources.pairs("targets/SimplifiedPhrases")?.chain(sources.pairs("targets/HKParticles")?) {
        if key.contains('著') {
            add(key.to_owned(), value);
        }
    }
    for (verb, _) in sources.pairs("targets/SimplifiedVerbs")? {
        add(format!("{verb}著"), &format!("{verb}着"));
        for (object, value) in sources.pairs("targets/SimplifiedVerbObjects")? {
            add(format!("{verb}{object}"), &format!("{verb}{value}"));
        }
    }
    Ok(phrases)
}

/// What ends a sentence.
const STOPS: &str = "。！？!?";
const HIRAGANA: RangeInclusive<char> = 'ぁ'..='ゖ';

/// The outputs of a target. At place 0 is none.
struct Outputs {
    list: Vec<char>,
    /// Where the outputs of a class begin.
    of_class: BTreeMap<char, u16>,
}

impl Default for Outputs {
    fn default() -> Outputs {
        Outputs { list: vec!['\0'], of_class: BTreeMap::new() }
    }
}

/// A target whose mappings are being made.
struct Side<'s> {
    characters: &'s Characters,
    target: Target,
    variants: Variants,
    /// The target's forms that are Simplified characters, too.
    forms: &'s BTreeSet<char>,
    candidates: &'s BTreeMap<char, Vec<char>>,
    outputs: Outputs,
}

impl Side<'_> {
    fn regional(&self, character: char) -> char {
        self.variants.form(character)
    }

    /// What the target writes for a candidate of a class: a candidate of Taiwan alone becomes, elsewhere, the first one.
    fn shape(&self, class: char, candidate: char) -> char {
        let taiwans = self.characters.more.get(&class).is_some_and(|more| more.contains(&candidate));
        match self.candidates.get(&class).and_then(|list| list.first()) {
            Some(&first) if taiwans && self.target != Target::Taiwan => self.regional(first),
            _ => self.regional(candidate),
        }
    }

    /// Whether Hong Kong decides about a character alike in text of every script: it is right in none.
    fn is_of_other_regions(&self, character: char) -> bool {
        self.target == Target::HongKong && self.characters.hong_kong.contains_key(&character)
    }

    /// What the target's side makes of a character that is not its own.
    fn onto(&self) -> &BTreeMap<char, Vec<char>> {
        if self.target.is_traditional() { &self.characters.to_traditional } else { &self.characters.to_simplified }
    }

    /// The candidates that are open to a character, of whatever class.
    fn open(&self, canonical: char, is_foreign: bool) -> Vec<char> {
        if self.target == Target::HongKong
            && let Some(values) = self.characters.hong_kong.get(&canonical)
        {
            return values.clone();
        }
        let mut open = match self.onto().get(&canonical) {
            Some(values) if is_foreign || values.contains(&canonical) => values.clone(),
            _ => vec![canonical],
        };
        if self.target.is_traditional() {
            open.extend(self.characters.more.get(&canonical).into_iter().flatten());
        }
        open
    }

    fn mapping(&mut self, character: char) -> Mapping {
        let characters = self.characters;
        let class = characters.classes.of(character);
        let canonical = characters.compatibility.get(&character).map_or(character, |values| values[0]);
        let is_foreign = characters.is_foreign(self.target, canonical) && !self.forms.contains(&canonical);
        let open = self.open(canonical, is_foreign);
        let list: &[char] = self.candidates.get(&class).map_or(&[], Vec::as_slice);
        let list = &list[..list.len().min(CANDIDATES)];
        let place = |candidate: char| list.iter().position(|&known| known == candidate);
        // Candidates that the region writes alike are open all the same: each has weights of its own, and without them
        // another one would win.
        let mut mask = 0_u8;
        let mut shapes: BTreeSet<char> = BTreeSet::new();
        for &candidate in &open {
            if let Some(place) = place(candidate) {
                shapes.insert(self.shape(class, candidate));
                mask |= 1 << place;
            }
        }
        let mut mapping = Mapping {
            class: characters.classes.code(character),
            output: 0,
            flags: self.flags(character, class, is_foreign),
            mask,
            unchanged: 0,
            default: 0,
        };
        if shapes.len() > 1 {
            mapping.flags |= flags::CHOICE;
            mapping.default = open.iter().find_map(|&candidate| place(candidate)).unwrap_or(0) as u8;
            if !is_foreign && canonical == character && !self.is_of_other_regions(character) {
                // The candidates that the region writes as this character is written.
                let is_same = |&place: &usize| {
                    mask >> place & 1 == 1 && self.shape(class, list[place]) == self.regional(character)
                };
                mapping.unchanged = (0..list.len()).filter(is_same).map(|place| 1 << place).sum();
            }
            let outputs: Vec<char> = list.iter().map(|&candidate| self.shape(class, candidate)).collect();
            let Outputs { list: known, of_class } = &mut self.outputs;
            mapping.output = *of_class.entry(class).or_insert_with(|| {
                let start = known.len() as u16;
                known.extend(outputs);
                start
            });
        } else {
            mapping.output = self.output(character, canonical, is_foreign, open[0]);
        }
        if self.is_native(character, is_foreign, &mapping) {
            mapping.flags |= flags::NATIVE;
        }
        mapping
    }

    /// The flags of a character that need no look at its output.
    fn flags(&self, character: char, class: char, is_foreign: bool) -> u16 {
        let flags = [
            (character == '\n', flags::LINE),
            (character == '}', flags::BRACE),
            (STOPS.contains(character), flags::STOP),
            (HIRAGANA.contains(&character), flags::KANA),
            (self.characters.cantonese.contains(&class), flags::CANTONESE),
            (is_foreign, flags::FOREIGN),
        ];
        flags.into_iter().filter(|(is_set, _)| *is_set).fold(0, |flags, (_, flag)| flags | flag)
    }

    /// The place of the output of a character that has no choice; 0 if it stays.
    fn output(&mut self, character: char, canonical: char, is_foreign: bool, first: char) -> u16 {
        let becomes = if is_foreign { first } else { canonical };
        // Traditional without a region has the forms of every one.
        let stays = self.variants.stays(character)
            || (self.forms.contains(&character) && !is_foreign)
            || (self.target == Target::Traditional && !is_foreign);
        let output = if stays && canonical == character { character } else { self.regional(becomes) };
        if output == character {
            return 0;
        }
        self.outputs.list.push(output);
        (self.outputs.list.len() - 1) as u16
    }

    /// Whether a character is of the target's script alone: the other side changes it, and this side at most its shape.
    fn is_native(&self, character: char, is_foreign: bool, mapping: &Mapping) -> bool {
        let characters = self.characters;
        let is_traditional = self.target.is_traditional();
        let other = if is_traditional { &characters.to_simplified } else { &characters.to_traditional };
        !is_foreign
            && (mapping.output == 0 || is_traditional)
            && !mapping.is(flags::CHOICE)
            && other.get(&character).is_some_and(|values| !values.contains(&character))
            && (is_traditional || !characters.forms.iter().any(|forms| forms.contains(&character)))
    }
}

/// What a character is to a target.
#[derive(Clone, Copy, Debug)]
struct Mapping {
    class: Class,
    /// Its place among the outputs, or that of its class's first output if it has a choice.
    output: u16,
    flags: u16,
    /// With a choice: its candidates, those that leave it unchanged, and the default.
    mask: u8,
    unchanged: u8,
    default: u8,
}

impl Mapping {
    fn is(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    fn entry(&self, character: char, more: u16, rest: u32) -> CharEntry {
        CharEntry::new(u32::from(character), self.class, self.flags | more, rest)
    }
}

/// The bits in which two characters of three bytes differ as UTF-8.
fn difference(character: char, other: char) -> Option<u32> {
    let bytes = |character: char| {
        let mut bytes = [0; 4];
        (character.encode_utf8(&mut bytes).len() == 3).then_some(u32::from_le_bytes(bytes))
    };
    Some(bytes(character)? ^ bytes(other)?)
}

/// Makes the mapping idempotent: the output of a character is one that stays, or the character itself if the output would be
/// decided about.
fn make_idempotent(entries: &mut [(char, Mapping)], outputs: &[char]) {
    let known: BTreeMap<char, Mapping> = entries.iter().copied().collect();
    for (_, entry) in entries.iter_mut().filter(|(_, entry)| !entry.is(flags::CHOICE) && entry.output != 0) {
        // Chains are short; a circle, which no dictionary should make, ends all the same.
        for _ in 0..4 {
            let Some(next) = known.get(&outputs[usize::from(entry.output)]) else { break };
            if next.output == 0 || next.class != entry.class {
                break;
            }
            let own = entry.flags & (flags::FOREIGN | flags::CANTONESE);
            let choice = next.flags & flags::CHOICE;
            let unchanged = if choice != 0 { next.unchanged } else { 0 };
            let default = if next.unchanged == 0 { 0 } else { next.unchanged.trailing_zeros() as u8 };
            *entry = Mapping { flags: own | choice, unchanged, default, ..*next };
            if choice != 0 {
                break;
            }
        }
    }
    // A character that is of the target's script alone, and whose output is not (牀 and 床), does not show the script: nothing
    // would show it when the output is converted again.
    let is_native: BTreeSet<char> =
        entries.iter().filter(|(_, entry)| entry.is(flags::NATIVE)).map(|&(character, _)| character).collect();
    for (_, entry) in entries.iter_mut().filter(|(_, entry)| !entry.is(flags::CHOICE) && entry.output != 0) {
        if !is_native.contains(&outputs[usize::from(entry.output)]) {
            entry.flags &= !flags::NATIVE;
        }
    }
    // And what is open to one of a character's candidates is open to the character.
    let known: BTreeMap<char, Mapping> = entries.iter().copied().collect();
    for (_, entry) in entries.iter_mut().filter(|(_, entry)| entry.is(flags::CHOICE)) {
        for _ in 0..CANDIDATES {
            let open = entry.mask;
            for place in (0..CANDIDATES).filter(|place| open >> place & 1 == 1) {
                let next = known.get(&outputs[usize::from(entry.output) + place]);
                if let Some(next) = next.filter(|next| next.is(flags::CHOICE) && next.output == entry.output) {
                    entry.mask |= next.mask;
                }
            }
        }
    }
}

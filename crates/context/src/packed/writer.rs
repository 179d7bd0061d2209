//! Packs tables.

use std::collections::{BTreeMap, BTreeSet};

use fanjian_dictionary::bytes::write_number;

use super::form::{CLASSES, DECIDES, ENTRY};
use crate::{
    characters::{Class, code},
    compiled::{Compiled, TargetEntries},
    model::{AGREEMENT, Feature, WEIGHED},
    shared::{FilterWords, PhraseList, SharedEntries, ShortWord, classes, short},
    vocabulary::Builder,
};

pub(super) struct Writer {
    out: Vec<u8>,
    /// The classes of all keys, in order.
    classes: Vec<Class>,
}

impl Writer {
    pub(super) fn new(compiled: &Compiled) -> Writer {
        let mut all = BTreeSet::new();
        for shared in compiled.shared.iter().flatten() {
            all.extend(shared.features.iter().flat_map(|feature| feature.key.classes()));
            all.extend(shared.phrases.0.keys().chain(shared.cantonese.0.keys()).flat_map(classes));
            all.extend(shared.words.iter().flat_map(|(word, _)| classes(word)));
        }
        for TargetEntries { preferences, vocabulary, .. } in compiled.targets.iter().flatten() {
            all.extend(preferences.0.keys().flat_map(classes));
            all.extend(vocabulary.words.iter().map(|(key, _)| key).chain(vocabulary.of_topics.keys()).flatten());
        }
        Writer { out: Vec::new(), classes: all.into_iter().collect() }
    }

    /// None if the characters of a target are not in their form.
    pub(super) fn write(mut self, compiled: &Compiled) -> Option<Vec<u8>> {
        self.rising(self.classes.clone());
        for shared in &compiled.shared {
            self.out.push(shared.is_some().into());
            shared.iter().for_each(|shared| self.shared(shared));
        }
        for target in &compiled.targets {
            self.out.push(target.is_some().into());
            if let Some(target) = target {
                self.characters(&target.characters)?;
                self.phrases(&target.preferences);
                self.vocabulary(&target.vocabulary);
            }
        }
        Some(self.out)
    }

    fn rank(&self, class: Class) -> usize {
        self.classes.partition_point(|&known| known < class)
    }

    fn column(&mut self, column: &[u8]) {
        write_number(&mut self.out, column.len());
        self.out.extend(column);
    }

    fn numbers(&mut self, numbers: impl IntoIterator<Item = usize>) {
        let mut column = Vec::new();
        numbers.into_iter().for_each(|number| write_number(&mut column, number));
        self.column(&column);
    }

    /// Numbers that rise, as differences.
    fn rising(&mut self, numbers: impl IntoIterator<Item = Class>) {
        let mut before = 0;
        self.numbers(numbers.into_iter().map(|number| usize::from(number - std::mem::replace(&mut before, number))));
    }

    fn shared(&mut self, shared: &SharedEntries) {
        self.column(&shared.votes.bytes().collect::<Vec<_>>());
        self.features(&shared.features);
        self.phrases(&shared.phrases);
        self.phrases(&shared.cantonese);
        self.words(&shared.words, &shared.phrases);
        self.column(&shared.silent.iter().flat_map(|hash| hash.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Features in order: how many there are of each template; of the classes of each key, the first that is not that of the
    /// key before as a difference from it, and those behind as they are; and weights. The second weight is mostly the first
    /// one's opposite.
    fn features(&mut self, features: &[Feature]) {
        self.numbers(
            (0..=AGREEMENT).map(|template| features.iter().filter(|feature| feature.template == template).count()),
        );
        let mut columns: [Vec<u8>; CLASSES] = Default::default();
        let mut before = (0, [0; CLASSES]);
        for feature in features {
            let key = feature.key.classes().map(|class| self.rank(class));
            if feature.template != before.0 {
                before = (feature.template, [0; CLASSES]);
            }
            let mut is_same = true;
            for (place, column) in columns.iter_mut().enumerate() {
                let base = if is_same { before.1[place] } else { 0 };
                write_number(column, key[place] - base);
                is_same &= key[place] == before.1[place];
            }
            before.1 = key;
        }
        columns.iter().for_each(|column| self.column(column));
        for place in 0..WEIGHED {
            let base = |feature: &Feature| if place == 1 { feature.weights[0] } else { 0 };
            let weight = |feature: &Feature| feature.weights[place].wrapping_add(base(feature)) as u8;
            self.column(&features.iter().map(weight).collect::<Vec<_>>());
        }
    }

    /// Keys in order: how many classes each has in common with the one before, and how many follow; the first of these as a
    /// difference from the one that was there, and the others as they are.
    fn keys<'k>(&mut self, keys: impl Iterator<Item = &'k [Class]>) {
        let (mut common, mut more, mut first, mut behind) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut before: &[Class] = &[];
        for key in keys {
            let same = key.iter().zip(before).take_while(|(class, before)| class == before).count();
            common.push(same as u8);
            more.push((key.len() - same) as u8);
            let base = before.get(same).map_or(0, |&class| self.rank(class));
            for (place, &class) in key[same..].iter().enumerate() {
                let rank = self.rank(class);
                if place == 0 { write_number(&mut first, rank - base) } else { write_number(&mut behind, rank) }
            }
            before = key;
        }
        [common, more, first, behind].iter().for_each(|column| self.column(column));
    }

    /// Phrases; then, for one class after the other of those that any phrase says something of, what the phrases say where they
    /// have it.
    fn phrases(&mut self, phrases: &PhraseList) {
        self.keys(phrases.0.keys().map(classes));
        let each = || phrases.0.iter().flat_map(|(phrase, said)| classes(phrase).iter().zip(said));
        let mut of_class: BTreeMap<Class, Vec<u8>> =
            each().filter(|(_, said)| said.is_some()).map(|(&class, _)| (class, Vec::new())).collect();
        for (class, said) in each() {
            if let Some(column) = of_class.get_mut(class) {
                column.push(said.map_or(0, |(candidate, strength)| 1 + candidate + DECIDES * strength as u8));
            }
        }
        self.rising(of_class.keys().copied());
        self.column(&of_class.into_values().flatten().collect::<Vec<_>>());
    }

    /// The filters that have each phrase which is short enough for one; then the other words of filters, and those of each.
    fn words(&mut self, words: &FilterWords, phrases: &PhraseList) {
        let mut others: BTreeMap<ShortWord, u8> = words.iter().copied().collect();
        let of_phrases: Vec<u8> =
            phrases.0.keys().filter_map(short).map(|word| others.remove(&word).unwrap_or(0)).collect();
        self.column(&of_phrases);
        self.keys(others.keys().map(classes));
        self.column(&others.into_values().collect::<Vec<_>>());
    }

    /// A target's characters: the bytes of their entries column by column, with characters as differences, and the rest as it is.
    fn characters(&mut self, characters: &[u8]) -> Option<()> {
        let (len, rest) = characters.split_first_chunk::<4>()?;
        let (entries, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        let (entries, left) = entries.as_chunks::<ENTRY>();
        let mut before = 0_u32;
        let with_differences = entries.iter().map(|entry| {
            let mut entry = *entry;
            let character = code(&entry);
            entry[..4].copy_from_slice(&character.wrapping_sub(before).to_le_bytes());
            before = character;
            entry
        });
        let entries: Vec<_> = with_differences.collect();
        let columns = (0..ENTRY).flat_map(|place| entries.iter().map(move |entry| entry[place]));
        self.column(&columns.collect::<Vec<_>>());
        self.column(rest);
        left.is_empty().then_some(())
    }

    /// The words of a region: of the entry of each, the upper half, and the lower one, mostly the place of a value, as 0 if it is
    /// the next one, and else one higher; values behind their lengths; and what is known of characters, senses and topics.
    fn vocabulary(&mut self, vocabulary: &Builder) {
        self.keys(vocabulary.words.iter().map(|(key, _)| &key[..]));
        let entries = || vocabulary.words.iter().map(|&(_, entry)| entry as usize);
        self.numbers(entries().map(|entry| entry >> 16));
        let mut next = 0;
        self.numbers(entries().map(|entry| {
            let place = entry & 0xffff;
            let is_next = place == next;
            next += usize::from(is_next);
            if is_next { 0 } else { place + 1 }
        }));
        self.numbers(vocabulary.values.iter().map(String::len));
        self.column(vocabulary.values.concat().as_bytes());
        for classes in [&vocabulary.single, &vocabulary.function, &vocabulary.open] {
            self.rising(classes.iter().copied());
        }
        self.column(vocabulary.senses.as_flattened());
        self.keys(vocabulary.of_topics.keys().map(|key| &key[..]));
        self.column(&vocabulary.of_topics.values().map(|topics| topics.len() as u8).collect::<Vec<_>>());
        self.column(&vocabulary.of_topics.values().flatten().copied().collect::<Vec<_>>());
    }
}

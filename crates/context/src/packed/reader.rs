//! Unpacks tables.

use fanjian_dictionary::bytes::read_number;

use super::form::{CLASSES, DECIDES, ENTRY};
use crate::{
    characters::{Class, code},
    compiled::{Compiled, TargetEntries},
    model::{AGREEMENT, Feature, Key, VoteWeights},
    phrases::{LONGEST, LONGEST_WORD, Strength},
    shared::{FilterWords, PhraseList, Said, SharedEntries, ShortWord, classes, short},
    target::Target,
    vocabulary::Builder,
};

pub(super) struct Reader<'b> {
    bytes: Bytes<'b>,
    /// The classes of all keys, in order.
    classes: Vec<Class>,
}

/// Bytes that are read one after the other.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<usize> {
        read_number(&mut self.0)
    }

    fn take(&mut self, len: usize) -> Option<Bytes<'b>> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(Bytes(bytes))
    }

    fn column(&mut self) -> Option<Bytes<'b>> {
        let len = self.number()?;
        self.take(len)
    }

    /// Calls `each` with all numbers that are left.
    fn each_number(mut self, mut each: impl FnMut(usize) -> Option<()>) -> Option<()> {
        while !self.0.is_empty() {
            each(self.number()?)?;
        }
        Some(())
    }

    fn rising<C: FromIterator<Class>>(&mut self) -> Option<C> {
        let (mut numbers, mut number) = (Vec::new(), 0_usize);
        self.column()?.each_number(|difference| {
            number = number.checked_add(difference)?;
            numbers.push(Class::try_from(number).ok()?);
            Some(())
        })?;
        Some(numbers.into_iter().collect())
    }
}

impl<'b> Reader<'b> {
    /// What was packed. None if it is damaged.
    pub(super) fn read(packed: &'b [u8]) -> Option<Compiled> {
        let mut bytes = Bytes(packed);
        let classes = bytes.rising()?;
        let mut reader = Reader { bytes, classes };
        let compiled = reader.compiled()?;
        reader.bytes.0.is_empty().then_some(compiled)
    }

    fn compiled(&mut self) -> Option<Compiled> {
        let mut shared = [None, None];
        for shared in &mut shared {
            if self.bytes.byte()? == 1 {
                *shared = Some(self.shared()?);
            }
        }
        let targets =
            Target::ALL.iter().map(|_| Some(if self.bytes.byte()? == 1 { Some(self.target()?) } else { None }));
        let targets = targets.collect::<Option<_>>()?;
        Some(Compiled { shared, targets })
    }

    fn column(&mut self) -> Option<Bytes<'b>> {
        self.bytes.column()
    }

    fn shared(&mut self) -> Option<SharedEntries> {
        let votes = VoteWeights::read(self.column()?.0)?;
        let features = self.features()?;
        let (phrases, cantonese) = (self.phrases()?, self.phrases()?);
        let words = self.words(&phrases)?;
        let (silent, rest) = self.column()?.0.as_chunks();
        let silent = silent.iter().map(|&hash| u64::from_le_bytes(hash)).collect();
        rest.is_empty().then_some(SharedEntries { votes, features, phrases, cantonese, words, silent })
    }

    fn features(&mut self) -> Option<Vec<Feature>> {
        let mut templates = self.column()?;
        let mut ranks = [self.column()?, self.column()?, self.column()?, self.column()?];
        let mut weights = [self.column()?, self.column()?, self.column()?, self.column()?];
        let mut features = Vec::with_capacity(weights[0].0.len());
        for template in 0..=AGREEMENT {
            let mut before = [0_usize; CLASSES];
            for _ in 0..templates.number()? {
                let mut is_same = true;
                let mut classes: [Class; CLASSES] = [0; CLASSES];
                for ((rank, column), class) in before.iter_mut().zip(&mut ranks).zip(&mut classes) {
                    let (base, number) = (if is_same { *rank } else { 0 }, column.number()?);
                    *rank = base.checked_add(number)?;
                    *class = *self.classes.get(*rank)?;
                    is_same &= number == 0;
                }
                let [first, second, third, fourth] = [0, 1, 2, 3].map(|place: usize| weights[place].byte());
                let first = first? as i8;
                let weights = [first, (second? as i8).wrapping_sub(first), third? as i8, fourth? as i8];
                let [class, others @ ..] = classes;
                features.push(Feature { template, key: Key::new(class, others), weights });
            }
        }
        Some(features)
    }

    /// Keys of at most `N` classes, and 0 behind them.
    fn keys<const N: usize>(&mut self) -> Option<Vec<[Class; N]>> {
        let [mut common, mut more, mut first, mut behind] =
            [self.column()?, self.column()?, self.column()?, self.column()?];
        let mut keys = Vec::with_capacity(common.0.len());
        let (mut key, mut ranks, mut len) = ([0; N], [0_usize; N], 0);
        while let Some(same) = common.byte().map(usize::from) {
            let base = *ranks[..len].get(same).unwrap_or(&0);
            len = same + usize::from(more.byte()?);
            for (place, rank) in ranks.get_mut(same..len)?.iter_mut().enumerate() {
                *rank = if place == 0 { base.checked_add(first.number()?)? } else { behind.number()? };
                key[same + place] = *self.classes.get(*rank).filter(|&&class| class != 0)?;
            }
            key[len..].fill(0);
            keys.push(key);
        }
        Some(keys)
    }

    fn phrases(&mut self) -> Option<PhraseList> {
        let phrases = self.keys::<LONGEST>()?;
        if phrases.iter().any(|phrase| phrase[1] == 0) {
            return None;
        }
        let decided: Vec<Class> = self.bytes.rising()?;
        let mut column = self.column()?;
        let place = |class: &Class| decided.binary_search(class).ok();
        let mut counts = vec![0; decided.len()];
        phrases.iter().flat_map(classes).filter_map(place).for_each(|place| counts[place] += 1);
        let mut of_class = counts.into_iter().map(|count| column.take(count)).collect::<Option<Vec<_>>>()?;
        let with_said = phrases.into_iter().map(|phrase| {
            let mut all = <[Option<Said>; LONGEST]>::default();
            for (class, of_one) in classes(&phrase).iter().zip(&mut all) {
                if let Some(place) = place(class) {
                    *of_one = said(of_class[place].byte()?);
                }
            }
            Some((phrase, all))
        });
        Some(PhraseList(with_said.collect::<Option<_>>()?))
    }

    fn words(&mut self, phrases: &PhraseList) -> Option<FilterWords> {
        let of_phrases = self.column()?.0.iter().copied();
        let words = self.keys()?;
        let of_words = self.column()?.0.iter().copied();
        let short: Vec<ShortWord> = phrases.0.keys().filter_map(short).collect();
        let is_whole = of_phrases.len() == short.len() && of_words.len() == words.len();
        is_whole.then(|| short.into_iter().zip(of_phrases).chain(words.into_iter().zip(of_words)).collect())
    }

    fn target(&mut self) -> Option<TargetEntries> {
        Some(TargetEntries {
            characters: self.characters()?,
            preferences: self.phrases()?,
            vocabulary: self.vocabulary()?,
        })
    }

    fn characters(&mut self) -> Option<Vec<u8>> {
        let (columns, rest) = (self.column()?.0, self.column()?.0);
        let entries = columns.len() / ENTRY;
        let mut characters = Vec::with_capacity(4 + columns.len() + rest.len());
        characters.extend(u32::try_from(columns.len()).ok()?.to_le_bytes());
        let mut character = 0_u32;
        for index in 0..entries {
            let mut entry: [u8; ENTRY] = std::array::from_fn(|place| columns[place * entries + index]);
            character = character.wrapping_add(code(&entry));
            entry[..4].copy_from_slice(&character.to_le_bytes());
            characters.extend(entry);
        }
        characters.extend(rest);
        (columns.len() % ENTRY == 0).then_some(characters)
    }

    fn vocabulary(&mut self) -> Option<Builder> {
        let keys = self.keys::<LONGEST_WORD>()?;
        let (mut upper, mut places) = (self.column()?, self.column()?);
        let mut next = 0_u16;
        let mut words = Vec::with_capacity(keys.len());
        for key in &keys {
            let upper = u16::try_from(upper.number()?).ok()?;
            let place = match places.number()?.checked_sub(1) {
                Some(place) => u16::try_from(place).ok()?,
                None => {
                    next = next.checked_add(1)?;
                    next - 1
                }
            };
            words.push((classes(key).to_vec(), u32::from(upper) << 16 | u32::from(place)));
        }
        let (lengths, mut values, mut texts) = (self.column()?, Vec::new(), self.column()?);
        lengths.each_number(|len| {
            values.push(str::from_utf8(texts.take(len)?.0).ok()?.to_owned());
            Some(())
        })?;
        let [single, function, open] = [self.bytes.rising()?, self.bytes.rising()?, self.bytes.rising()?];
        let senses = self.column()?.0.as_chunks().0.to_vec();
        let (keys, counts, mut topics) = (self.keys::<LONGEST_WORD>()?, self.column()?.0, self.column()?);
        let of_topics = keys
            .iter()
            .zip(counts)
            .map(|(key, &count)| Some((classes(key).to_vec(), topics.take(count.into())?.0.to_vec())));
        let of_topics = of_topics.collect::<Option<_>>()?;
        Some(Builder { words, values, single, function, open, senses, topics: Vec::new(), of_topics })
    }
}

/// What a byte says of a character: 0 is nothing.
fn said(byte: u8) -> Option<Said> {
    let byte = byte.checked_sub(1)?;
    Some((byte % DECIDES, Strength::from_bits(u32::from(byte / DECIDES))))
}

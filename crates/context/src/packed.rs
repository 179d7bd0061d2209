//! Tables of targets in a form that compresses well, for programs that are given them over a network. Slots of hash tables
//! are in the order of hashes, which are as good as random: here is what they were made of, sorted, column by column, as
//! differences.
//!
//! A column is behind its length. Numbers are LEB128.

use std::collections::BTreeMap;

use fanjian_dictionary::{
    Error,
    bytes::{read_number, write_number},
    seal::Seal,
};

use crate::{
    characters::{CANDIDATES, Class},
    compiled::Compiled,
    model::{AGREEMENT, Feature, Key, VoteWeights, WEIGHED},
    phrases::{LONGEST, Strength},
    shared::{Phrase, PhraseList, Said, SharedEntries, classes},
    target::Target,
};

/// The head of packed tables.
const SEAL: Seal = Seal { magic: b"fjtgtpk\x1a", version: 1, what: "packed file of the tables of targets" };

/// The bytes of a character's entry, whose first four are the character: the first table of a target.
const ENTRY: usize = 12;

/// The classes of a key, from the highest on.
const CLASSES: usize = 4;

/// The byte for a candidate that counts as nothing else does is behind those of the others.
const DECIDES: u8 = CANDIDATES as u8;

impl Compiled {
    /// What [`unpack`](unpack) makes the tables of these targets of.
    ///
    /// # Errors
    ///
    /// Those of [`tables`](Self::tables); [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) if other tables would come of it.
    pub fn pack(&self, selected: &[Target]) -> Result<Vec<u8>, Error> {
        let mut of_selected = self.clone();
        for (shared, is_traditional) in of_selected.shared.iter_mut().zip([false, true]) {
            shared.take_if(|_| !selected.iter().any(|target| target.is_traditional() == is_traditional));
        }
        for (part, target) in of_selected.targets.iter_mut().zip(Target::ALL) {
            if !selected.contains(target) {
                part.clear();
            }
        }
        pack(&of_selected)
    }
}

/// Packs tables, and checks that the same ones can be made of it.
fn pack(compiled: &Compiled) -> Result<Vec<u8>, Error> {
    let mut out = Writer::default();
    for shared in &compiled.shared {
        out.0.push(shared.is_some().into());
        if let Some(shared) = shared {
            out.shared(shared);
        }
    }
    for part in &compiled.targets {
        out.0.push((!part.is_empty()).into());
        if !part.is_empty() {
            out.target(part).ok_or_else(damaged)?;
        }
    }
    let packed = SEAL.close(&out.0)?;
    if unpack(&packed)? == compiled.tables()? { Ok(packed) } else { Err(damaged()) }
}

/// The tables that [`Compiled::pack`] packed.
///
/// # Errors
///
/// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) and [`Version`](fanjian_dictionary::ErrorKind::Version).
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = Reader(SEAL.open_checked(packed)?);
    reader.compiled().filter(|_| reader.0.is_empty()).ok_or_else(damaged)?.tables()
}

fn damaged() -> Error {
    SEAL.damaged("its columns do not fit")
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn column(&mut self, column: &[u8]) {
        write_number(&mut self.0, column.len());
        self.0.extend(column);
    }

    /// Numbers that rise, as differences.
    fn rising(&mut self, numbers: impl IntoIterator<Item = Class>) {
        let (mut column, mut before) = (Vec::new(), 0);
        for number in numbers {
            write_number(&mut column, usize::from(number - before));
            before = number;
        }
        self.column(&column);
    }

    fn shared(&mut self, shared: &SharedEntries) {
        self.column(&shared.votes.bytes().collect::<Vec<_>>());
        self.features(&shared.features);
        self.phrases(&shared.phrases);
        self.phrases(&shared.cantonese);
        shared.filters.iter().for_each(|filter| self.column(filter));
    }

    /// Features in order: how many there are of each template; of the classes of each key, the first that is not that of the
    /// key before as a difference from it, and those behind as they are; and weights. The second weight is mostly the first
    /// one's opposite.
    fn features(&mut self, features: &[Feature]) {
        let mut templates = Vec::new();
        for template in 0..=AGREEMENT {
            write_number(&mut templates, features.iter().filter(|feature| feature.template == template).count());
        }
        let mut classes: [Vec<u8>; CLASSES] = Default::default();
        let mut before = (0, [0; CLASSES]);
        for feature in features {
            let key = feature.key.classes();
            if feature.template != before.0 {
                before = (feature.template, [0; CLASSES]);
            }
            let mut is_same = true;
            for (place, column) in classes.iter_mut().enumerate() {
                let base = if is_same { before.1[place] } else { 0 };
                write_number(column, usize::from(key[place] - base));
                is_same &= key[place] == before.1[place];
            }
            before.1 = key;
        }
        self.column(&templates);
        classes.iter().for_each(|column| self.column(column));
        for place in 0..WEIGHED {
            let base = |feature: &Feature| if place == 1 { feature.weights[0] } else { 0 };
            let weight = |feature: &Feature| feature.weights[place].wrapping_add(base(feature)) as u8;
            self.column(&features.iter().map(weight).collect::<Vec<_>>());
        }
    }

    /// Phrases in order: how many classes each has in common with the one before, how many follow, and these; then, for one
    /// class after the other of those that any phrase says something of, what the phrases say where they have it.
    fn phrases(&mut self, phrases: &PhraseList) {
        let (mut common, mut more, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        let each = || phrases.0.iter().flat_map(|(phrase, said)| classes(phrase).iter().zip(said));
        let mut of_class: BTreeMap<Class, Vec<u8>> =
            each().filter(|(_, said)| said.is_some()).map(|(&class, _)| (class, Vec::new())).collect();
        for (class, said) in each() {
            if let Some(column) = of_class.get_mut(class) {
                column.push(said.map_or(0, |(candidate, strength)| 1 + candidate + DECIDES * strength as u8));
            }
        }
        let mut before: &[Class] = &[];
        for phrase in phrases.0.keys().map(classes) {
            let same = phrase.iter().zip(before).take_while(|(class, before)| class == before).count();
            common.push(same as u8);
            more.push((phrase.len() - same) as u8);
            rest.extend(phrase[same..].iter().flat_map(|class| class.to_le_bytes()));
            before = phrase;
        }
        self.column(&common);
        self.column(&more);
        self.column(&rest);
        self.rising(of_class.keys().copied());
        self.column(&of_class.into_values().flatten().collect::<Vec<_>>());
    }

    /// A target's part: the bytes of its entries column by column, with characters as differences, and the rest as it is.
    fn target(&mut self, part: &[u8]) -> Option<()> {
        let (len, rest) = part.split_first_chunk::<4>()?;
        let (entries, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        let (entries, left) = entries.as_chunks::<ENTRY>();
        let mut before = 0_u32;
        let with_differences = entries.iter().map(|entry| {
            let mut entry = *entry;
            let character = first_number(&entry);
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
}

fn first_number(entry: &[u8; ENTRY]) -> u32 {
    u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]])
}

struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<usize> {
        read_number(&mut self.0)
    }

    fn column(&mut self) -> Option<Reader<'b>> {
        let len = self.number()?;
        let (column, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(Reader(column))
    }

    fn rising(&mut self) -> Option<Vec<Class>> {
        let (mut column, mut number) = (self.column()?, 0_usize);
        let mut next = || {
            number = number.checked_add(column.number()?)?;
            Class::try_from(number).ok()
        };
        let mut numbers = Vec::new();
        while let Some(number) = next() {
            numbers.push(number);
        }
        column.0.is_empty().then_some(numbers)
    }

    fn compiled(&mut self) -> Option<Compiled> {
        let mut shared = [None, None];
        for shared in &mut shared {
            if self.byte()? == 1 {
                *shared = Some(self.shared()?);
            }
        }
        let targets = Target::ALL.iter().map(|_| if self.byte()? == 1 { self.target() } else { Some(Vec::new()) });
        let targets = targets.collect::<Option<_>>()?;
        Some(Compiled { shared, targets })
    }

    fn shared(&mut self) -> Option<SharedEntries> {
        Some(SharedEntries {
            votes: VoteWeights::read(self.column()?.0)?,
            features: self.features()?,
            phrases: self.phrases()?,
            cantonese: self.phrases()?,
            filters: [self.column()?.0.to_vec(), self.column()?.0.to_vec(), self.column()?.0.to_vec()],
        })
    }

    fn features(&mut self) -> Option<Vec<Feature>> {
        let mut templates = self.column()?;
        let mut classes = [self.column()?, self.column()?, self.column()?, self.column()?];
        let mut weights = [self.column()?, self.column()?, self.column()?, self.column()?];
        let mut features = Vec::with_capacity(weights[0].0.len());
        for template in 0..=AGREEMENT {
            let mut before: [Class; CLASSES] = [0; CLASSES];
            for _ in 0..templates.number()? {
                let mut is_same = true;
                for (class, column) in before.iter_mut().zip(&mut classes) {
                    let (base, number) = (if is_same { *class } else { 0 }, Class::try_from(column.number()?).ok()?);
                    *class = base.checked_add(number)?;
                    is_same &= number == 0;
                }
                let [first, second, third, fourth] = [0, 1, 2, 3].map(|place: usize| weights[place].byte());
                let first = first? as i8;
                let weights = [first, (second? as i8).wrapping_sub(first), third? as i8, fourth? as i8];
                features.push(Feature {
                    template,
                    key: Key::new(before[0], [before[1], before[2], before[3]]),
                    weights,
                });
            }
        }
        Some(features)
    }

    fn phrases(&mut self) -> Option<PhraseList> {
        let (mut common, mut more, rest) = (self.column()?, self.column()?, self.column()?);
        let mut rest = rest.0.as_chunks().0.iter().copied().map(Class::from_le_bytes);
        let mut phrases = Vec::with_capacity(common.0.len());
        let mut phrase = Phrase::default();
        while let Some(same) = common.byte().map(usize::from) {
            let len = same + usize::from(more.byte()?);
            phrase.get_mut(same..len)?.fill_with(|| rest.next().unwrap_or_default());
            phrase[len..].fill(0);
            if len < 2 || phrase[..len].contains(&0) {
                return None;
            }
            phrases.push(phrase);
        }
        let decided = self.rising()?;
        let mut column = self.column()?;
        let place = |class: &Class| decided.binary_search(class).ok();
        let mut counts = vec![0; decided.len()];
        phrases.iter().flat_map(classes).filter_map(place).for_each(|place| counts[place] += 1);
        let mut of_class = Vec::with_capacity(counts.len());
        for count in counts {
            let (said, rest) = column.0.split_at_checked(count)?;
            of_class.push(Reader(said));
            column = Reader(rest);
        }
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

    fn target(&mut self) -> Option<Vec<u8>> {
        let (columns, rest) = (self.column()?.0, self.column()?.0);
        let entries = columns.len() / ENTRY;
        let mut part = Vec::with_capacity(4 + columns.len() + rest.len());
        part.extend(u32::try_from(columns.len()).ok()?.to_le_bytes());
        let mut character = 0_u32;
        for index in 0..entries {
            let mut entry: [u8; ENTRY] = std::array::from_fn(|place| columns[place * entries + index]);
            character = character.wrapping_add(first_number(&entry));
            entry[..4].copy_from_slice(&character.to_le_bytes());
            part.extend(entry);
        }
        part.extend(rest);
        (columns.len() % ENTRY == 0).then_some(part)
    }
}

/// What a byte says of a character: 0 is nothing.
fn said(byte: u8) -> Option<Said> {
    let byte = byte.checked_sub(1)?;
    Some((byte % DECIDES, Strength::from_bits(u32::from(byte / DECIDES))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hashed::writer::compile_set, model::Model};

    fn example() -> Compiled {
        let mut phrases = PhraseList::default();
        phrases.insert([10, 20, 0, 0, 0, 0, 0, 0], 0, 1, Strength::Learned);
        phrases.insert([10, 20, 30, 0, 0, 0, 0, 0], 2, 7, Strength::Decides);
        phrases.insert([40, 10, 1, 2, 3, 4, 5, 6], 1, 0, Strength::Learned);
        let feature = |template, classes: [Class; CLASSES], weights| Feature {
            template,
            key: Key::new(classes[0], [classes[1], classes[2], classes[3]]),
            weights,
        };
        let features = vec![
            feature(1, [10, 30, 0, 0], [5, -5, 0, 0]),
            feature(1, [10, 40, 0, 0], [-127, 127, 3, -1]),
            feature(6, [10, 20, 30, 40], [127, 127, 0, 0]),
            feature(6, [10, 20, 31, 2], [1, -1, 0, 0]),
            feature(6, [20, 2, 3, 4], [-127, -127, 0, 0]),
            feature(AGREEMENT, [10, 2, 1, 0], [1, 2, 3, 4]),
        ];
        let cantonese = PhraseList::default();
        let filters = [vec![0; 8], compile_set(&[1, 2]), Vec::new()];
        let shared = SharedEntries { votes: Model::dictionary().votes, features, phrases, cantonese, filters };
        let mut part = (2 * ENTRY as u32).to_le_bytes().to_vec();
        part.extend(0..2 * ENTRY as u8);
        part.extend([1, 0, 0, 0, 9]);
        Compiled { shared: [Some(shared.clone()), Some(shared)], targets: vec![part; Target::ALL.len()] }
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let compiled = example();
        assert_eq!(unpack(&compiled.pack(Target::ALL).unwrap()).unwrap(), compiled.tables().unwrap());
        let one = unpack(&compiled.pack(&[Target::HongKong]).unwrap()).unwrap();
        let [shared, part] = [compiled.shared[1].as_ref().unwrap().tables().into_bytes(), compiled.targets[0].clone()];
        assert_eq!(one.len(), 20 + 6 * 4 + shared.len() + part.len());
    }

    #[test]
    fn damaged_bytes_are_an_error_or_other_tables() {
        let packed = example().pack(&[Target::Taiwan]).unwrap();
        assert!(unpack(&packed[1..]).is_err());
        let contents = SEAL.open_checked(&packed).unwrap();
        for len in 0..contents.len() {
            assert!(unpack(&SEAL.close(&contents[..len]).unwrap()).is_err(), "{len}");
        }
        for at in 0..contents.len() {
            for bits in [1, 0x80, 0xff] {
                let mut forged = contents.to_vec();
                forged[at] ^= bits;
                // With a checksum that fits, other numbers are other tables: what matters is that nothing panics.
                let _ = unpack(&SEAL.close(&forged).unwrap());
            }
        }
    }
}

//! The compiled tables of all targets: read in place; and their writer.

use fanjian_dictionary::{Error, seal::Seal};

use crate::{
    bloom::Bloom,
    characters::{CANDIDATES, Class, EntryRecord, near},
    hashed::{Hashed, Numbers, RareNumbers, Set, mix},
    model::{LENGTHS, VoteWeights, WEIGHED, Weights},
    pairs::{Pair, Pairs, Record, Runs},
    phrases::{AROUND, Phrases, Vote},
    target::Target,
};

/// The head of the tables of all targets.
const SEAL: Seal = Seal { magic: b"fjtargt\x1a", version: 17, what: "file of the tables of targets" };

/// What a character with several candidates may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Choice {
    /// Where the outputs of its class begin among the target's.
    pub(crate) outputs: u16,
    /// Which one of the model's classes it is of, if the model knows it.
    pub(crate) class: u16,
    /// Its candidates, one bit for each output of its class.
    pub(crate) mask: u8,
    /// The candidates that leave it as it is, in the same way: several where the region writes them alike.
    pub(crate) unchanged: u8,
    /// The candidate that is taken if nothing speaks for another one.
    pub(crate) default: u8,
    /// The candidate in Cantonese, whatever is around it.
    pub(crate) cantonese: Option<u8>,
    /// Whether the region has preferences about it.
    pub(crate) is_regional: bool,
}

/// No candidate, and no class.
const NO_PLACE: u8 = 0xff;
#[cfg(feature = "compile")]
pub(crate) const NO_CLASS: u16 = 0xffff;

/// A character as UTF-8, and 0 behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output([u8; 4]);

/// All outputs of a target, as they lie in the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outputs<'b>(&'b [[u8; 4]]);

/// What the model knows of a class, whatever is around it, as it lies in the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassWeights<'b>(&'b [u8; CLASS]);

/// The bytes of [`ClassWeights`].
const CLASS: usize = WEIGHED * CLASS_WEIGHTS;
/// How many weights they are: of the class alone; and if the longest phrase supports a candidate, by the phrase's length and by the
/// candidate.
pub(crate) const CLASS_WEIGHTS: usize = 1 + LENGTHS * CANDIDATES;
pub(crate) const ALONE: usize = 0;

/// Which one of the weights of a class is that of the longest phrase.
#[inline]
pub(crate) fn agreement(len: usize, candidate: usize) -> usize {
    1 + (len - 2) * CANDIDATES + candidate
}

/// The size of the filter of common words, in words of 64 bits.
pub(crate) const COMMON: usize = 1 << 14;

/// The size of the filter of three characters of phrases, in words of 64 bits; and how many there are where it pays.
pub(crate) const THREES: usize = 1 << 13;
#[cfg(feature = "compile")]
pub(crate) const LEAST_THREES: usize = 1 << 12;

/// Phrases of every length, and what the model knows of neighbours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexicon<'b> {
    pub(crate) pairs: Pairs<'b>,
    pub(crate) phrases: Phrases<'b>,
}

/// What a script's targets share.
#[derive(Clone, Debug)]
pub(crate) struct Shared<'b> {
    pub(crate) votes: VoteWeights,
    classes: &'b [[u8; CLASS]],
    pub(crate) lexicon: Lexicon<'b>,
    /// A character and the two nearest others of each phrase of the lexicon. None if it has few.
    pub(crate) threes: Option<Bloom<'b, THREES>>,
    /// The weights of features that look further than a neighbour.
    pub(crate) features: RareNumbers<'b>,
    pub(crate) cantonese: Lexicon<'b>,
    /// Common words of two characters.
    pub(crate) words: Bloom<'b, COMMON>,
    /// Words that have no say in a decision, as what they say is wrong too often, but hold shorter own words all the same.
    pub(crate) silent: Set<'b>,
    /// The words that may be around those of a region, as [`whole`](crate::phrases::whole) has them; for both scripts with
    /// Traditional.
    pub(crate) around: Bloom<'b, AROUND>,
}

impl Output {
    pub(crate) fn new(character: char) -> Output {
        let mut bytes = [0; 4];
        character.encode_utf8(&mut bytes);
        Output(bytes)
    }

    /// Its bytes, and 0 behind them.
    #[inline]
    pub(crate) fn padded(self) -> [u8; 4] {
        self.0
    }

    /// Whether it has three bytes, as nearly all have.
    #[inline]
    pub(crate) fn is_of_three(self) -> bool {
        self.0[0] & 0xf0 == 0xe0
    }

    /// How many bytes it has.
    #[inline]
    pub(crate) fn len(self) -> usize {
        match self.0[0] {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0[..self.len()]
    }

    /// Whether it is one character, as in damaged tables it may not be.
    #[inline]
    fn is_character(self) -> bool {
        // Most are ideographs: neither shorter nor surrogates.
        if let [0xe3..=0xe9, 0x80..0xc0, 0x80..0xc0, 0] = self.0 {
            return true;
        }
        let (character, padding) = self.0.split_at(self.len());
        let is_one = str::from_utf8(character).is_ok_and(|text| text.chars().count() == 1);
        is_one && padding.iter().all(|&byte| byte == 0)
    }

    pub(crate) fn character(self) -> char {
        self.text().chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    pub(crate) fn text(self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }
}

impl Choice {
    /// The bytes of one.
    const LEN: usize = 9;

    fn read([a, b, c, d, mask, unchanged, default, cantonese, is_regional]: [u8; Self::LEN]) -> Choice {
        let candidate = |place: u8| (place != NO_PLACE).then_some(place % CANDIDATES as u8);
        Choice {
            outputs: u16::from_le_bytes([a, b]),
            class: u16::from_le_bytes([c, d]),
            mask,
            unchanged,
            default: default % CANDIDATES as u8,
            cantonese: candidate(cantonese),
            is_regional: is_regional != 0,
        }
    }
}

impl<'b> Outputs<'b> {
    /// Those of a test.
    #[cfg(test)]
    pub(crate) fn of(outputs: &'b [[u8; 4]]) -> Outputs<'b> {
        Outputs(outputs)
    }

    #[inline]
    pub(crate) fn get(self, place: usize) -> Option<Output> {
        self.0.get(place).copied().map(Output)
    }
}

impl ClassWeights<'_> {
    /// One of them, by its [place](agreement).
    #[inline]
    pub(crate) fn get(self, place: usize) -> Weights {
        self.0.as_chunks().0[place].map(|weight| weight as i8)
    }
}

impl<'b> Shared<'b> {
    /// What the model knows of a class, by its number.
    #[inline]
    pub(crate) fn class(&self, class: u16) -> Option<ClassWeights<'b>> {
        self.classes.get(usize::from(class)).map(ClassWeights)
    }

    /// Where phrases of three characters and more may be over a character, by its neighbours and their records.
    #[inline]
    pub(crate) fn runs(&self, class: Class, around: [Class; 4], records: (Record<'_>, Record<'_>)) -> Runs {
        Runs::new(records, |three| self.threes.is_none_or(|threes| threes.contains(three.hash(class, around))))
    }

    /// The vote of a phrase over the character at a place, with the number of its edges that common words cross.
    #[inline]
    pub(crate) fn crossed(&self, classes: &[Class], at: usize, vote: Vote) -> Vote {
        let start = at - usize::from(vote.offset);
        let is_crossed = |edge: usize| match (classes.get(edge.wrapping_sub(1)), classes.get(edge)) {
            (Some(&left), Some(&right)) => self.words.contains(pair_hash(left, right)),
            _ => false,
        };
        let crossed = u8::from(is_crossed(start)) + u8::from(is_crossed(start + usize::from(vote.len)));
        Vote { crossed, ..vote }
    }
}

/// The hash of a word of two characters.
#[inline]
pub(crate) fn pair_hash(left: Class, right: Class) -> u64 {
    mix(u64::from(left) << 16 | u64::from(right))
}

impl<'b> Lexicon<'b> {
    /// The records of a character with what is beside it.
    #[inline]
    pub(crate) fn records(&self, class: Class, around: [Class; 4]) -> (Record<'b>, Record<'b>) {
        let [left, right] = Pair::beside(class, around).map(|pair| self.pairs.get(pair));
        (left, right)
    }

    /// The records of a character's neighbours: nothing where there is none.
    #[inline]
    pub(crate) fn neighbours(&self, classes: &[Class], at: usize) -> (Record<'b>, Record<'b>) {
        let left = match at {
            0 => Record::default(),
            _ => self.pairs.get(Pair::new(classes[at], near(classes[at - 1]), false)),
        };
        let right = classes.get(at + 1).map(|&right| self.pairs.get(Pair::new(classes[at], near(right), true)));
        (left, right.unwrap_or_default())
    }

    /// The word of each phrase that covers the character at `at`: the longest first, and of one length the leftmost first.
    pub(crate) fn all_votes<'v>(&'v self, classes: &'v [Class], at: usize) -> Votes<'v> {
        let records = self.neighbours(classes, at);
        self.votes(classes, at, records, Runs::new(records, |_| true))
    }

    /// The same, where the neighbours have these records, and the runs may be phrases.
    #[inline]
    pub(crate) fn votes<'v>(
        &'v self,
        classes: &'v [Class],
        at: usize,
        (left, right): (Record<'v>, Record<'v>),
        runs: Runs,
    ) -> Votes<'v> {
        Votes { phrases: &self.phrases, classes, at, runs, left, right, pairs: 2 }
    }

    /// The first one of the [`votes`](Self::votes).
    pub(crate) fn first_vote(&self, classes: &[Class], at: usize) -> Option<Vote> {
        self.all_votes(classes, at).next()
    }
}

/// The words of the phrases that cover a character.
pub(crate) struct Votes<'v> {
    phrases: &'v Phrases<'v>,
    classes: &'v [Class],
    at: usize,
    /// Where there may be phrases of three characters and more.
    runs: Runs,
    left: Record<'v>,
    right: Record<'v>,
    /// How many of the phrases of two are left.
    pairs: u32,
}

impl Iterator for Votes<'_> {
    type Item = Vote;

    #[inline(always)]
    fn next(&mut self) -> Option<Vote> {
        for (len, offset) in &mut self.runs {
            let vote = self.phrases.vote(self.classes, self.at, len, offset);
            if vote.is_some() {
                return vote;
            }
        }
        while self.pairs > 0 {
            self.pairs -= 1;
            let is_right = self.pairs == 0;
            let record = if is_right { self.right } else { self.left };
            let vote = record.vote(is_right);
            if vote.is_some() {
                return vote;
            }
        }
        None
    }
}

/// Reads what a writer wrote.
pub(crate) struct Reader<'b>(&'b [u8]);

fn damaged() -> Error {
    SEAL.damaged("its parts do not fit")
}

/// Checks the whole of what `compile` made: for tests of what is embedded.
///
/// # Errors
///
/// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) and [`Version`](fanjian_dictionary::ErrorKind::Version).
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    SEAL.open_checked(bytes).map(drop)
}

impl<'b> Reader<'b> {
    /// The part that a script's targets share, and that of a target.
    pub(crate) fn new(bytes: &'b [u8], target: Target) -> Result<(Reader<'b>, Reader<'b>), Error> {
        let mut all = Reader(SEAL.open(bytes)?);
        let scripts = [Reader(all.bytes()?), Reader(all.bytes()?)];
        let mut part = all.bytes()?;
        for _ in 0..target as usize {
            part = all.bytes()?;
        }
        let [simplified, traditional] = scripts;
        Ok((if target.is_traditional() { traditional } else { simplified }, Reader(part)))
    }

    /// Of what one part has, for a test of that part.
    #[cfg(all(test, feature = "compile"))]
    pub(crate) fn of(part: &'b [u8]) -> Reader<'b> {
        Reader(part)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Error> {
        let (len, rest) = self.0.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// Records of `N` bytes.
    pub(crate) fn records<const N: usize>(&mut self) -> Result<&'b [[u8; N]], Error> {
        let (records, rest) = self.bytes()?.as_chunks();
        if rest.is_empty() { Ok(records) } else { Err(damaged()) }
    }

    pub(crate) fn shared(&mut self) -> Result<Shared<'b>, Error> {
        Ok(Shared {
            votes: VoteWeights::read(self.bytes()?).ok_or_else(damaged)?,
            classes: self.records()?,
            lexicon: self.lexicon()?,
            threes: Some(self.bytes()?).filter(|bytes| !bytes.is_empty()).map(Bloom::new).transpose()?,
            features: RareNumbers::new(self.bytes()?, self.bytes()?)?,
            cantonese: self.lexicon()?,
            words: Bloom::new(self.bytes()?)?,
            silent: self.set()?,
            around: Bloom::new(self.bytes()?)?,
        })
    }

    pub(crate) fn lexicon(&mut self) -> Result<Lexicon<'b>, Error> {
        let pairs = Pairs::new(Hashed::new(self.bytes()?)?);
        Ok(Lexicon { pairs, phrases: Phrases::new(Hashed::new(self.bytes()?)?) })
    }

    pub(crate) fn numbers(&mut self) -> Result<Numbers<'b>, Error> {
        Hashed::new(self.bytes()?)
    }

    pub(crate) fn set(&mut self) -> Result<Set<'b>, Error> {
        Hashed::new(self.bytes()?)
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Error> {
        str::from_utf8(self.bytes()?).map_err(|_| damaged())
    }

    pub(crate) fn entries(&mut self) -> Result<&'b [EntryRecord], Error> {
        self.records()
    }

    pub(crate) fn outputs(&mut self) -> Result<Outputs<'b>, Error> {
        let outputs = self.records()?;
        if outputs.iter().all(|&bytes| Output(bytes).is_character()) { Ok(Outputs(outputs)) } else { Err(damaged()) }
    }

    pub(crate) fn choices(&mut self) -> Result<Vec<Choice>, Error> {
        Ok(self.records()?.iter().copied().map(Choice::read).collect())
    }
}

#[cfg(feature = "compile")]
pub(crate) mod writer {
    //! Makes the tables, in the form that is read above.

    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        characters::{CharEntry, record},
        pairs, phrases,
        phrases::Strength,
    };

    impl Choice {
        fn write(self) -> [u8; Self::LEN] {
            let place = |place: Option<u8>| place.unwrap_or(NO_PLACE);
            let [a, b] = self.outputs.to_le_bytes();
            let [c, d] = self.class.to_le_bytes();
            [a, b, c, d, self.mask, self.unchanged, self.default, place(self.cantonese), u8::from(self.is_regional)]
        }
    }

    /// A lexicon as it is made.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct LexiconBuilder {
        pub(crate) pairs: pairs::Builder,
        pub(crate) phrases: phrases::Builder,
    }

    impl LexiconBuilder {
        /// A phrase's word on its character at `offset`. What is first said counts.
        pub(crate) fn insert(&mut self, phrase: &[Class], offset: usize, candidate: usize, strength: Strength) {
            self.pairs.phrase(phrase, offset, candidate, strength);
            self.phrases.insert(phrase, offset, candidate, strength);
        }

        pub(crate) fn write(&self, out: &mut Writer) -> Result<(), Error> {
            out.bytes(&self.pairs.compile()?);
            out.bytes(&self.phrases.compile()?);
            Ok(())
        }
    }

    /// Writes tables, each part behind its length.
    #[derive(Default)]
    pub(crate) struct Writer(Vec<u8>);

    impl Writer {
        /// What was written already.
        pub(crate) fn of(bytes: &[u8]) -> Writer {
            Writer(bytes.to_vec())
        }

        pub(crate) fn into_bytes(self) -> Vec<u8> {
            self.0
        }

        /// The tables of all targets, of the parts that [`Reader::new`] finds.
        pub(crate) fn tables(parts: impl IntoIterator<Item = Writer>) -> Result<Vec<u8>, Error> {
            let mut all = Writer::default();
            parts.into_iter().for_each(|part| all.bytes(&part.0));
            SEAL.close(&all.0)
        }

        pub(crate) fn bytes(&mut self, bytes: &[u8]) {
            self.0.extend((bytes.len() as u32).to_le_bytes());
            self.0.extend(bytes);
        }

        pub(crate) fn vote_weights(&mut self, votes: &VoteWeights) {
            self.bytes(&votes.bytes().collect::<Vec<_>>());
        }

        pub(crate) fn class_weights(&mut self, classes: &[[Weights; CLASS_WEIGHTS]]) {
            let weights = classes.as_flattened().as_flattened();
            self.bytes(&weights.iter().map(|&weight| weight as u8).collect::<Vec<_>>());
        }

        pub(crate) fn classes(&mut self, classes: &BTreeSet<Class>) {
            self.bytes(&classes.iter().flat_map(|class| class.to_le_bytes()).collect::<Vec<_>>());
        }

        pub(crate) fn entries(&mut self, entries: &[(char, CharEntry)]) {
            let record = |&(character, entry): &(char, CharEntry)| record(u32::from(character), entry);
            self.bytes(&entries.iter().flat_map(record).collect::<Vec<_>>());
        }

        pub(crate) fn outputs(&mut self, outputs: &[char]) {
            self.bytes(&outputs.iter().flat_map(|&output| Output::new(output).padded()).collect::<Vec<_>>());
        }

        pub(crate) fn choices(&mut self, choices: &[Choice]) {
            self.bytes(&choices.iter().flat_map(|choice| choice.write()).collect::<Vec<_>>());
        }
    }
}

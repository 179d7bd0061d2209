//! Words, each with 32 bits, found at the places of a line: what most places of a text need is the answer that no word begins
//! there.

#[cfg(target_arch = "x86_64")]
mod avx512;

use std::ops::Range;

use fanjian_dictionary::Error;
#[cfg(target_arch = "x86_64")]
use fanjian_dictionary::processor::Avx512;

use crate::{
    characters::Class,
    hashed::{Hashed, Numbers, mix},
    phrases::{LONGEST_WORD, whole},
    tables::Reader,
};

/// A table from words of up to [`LONGEST_WORD`] characters to 32 bits.
#[derive(Clone, Debug)]
pub(crate) struct WordTable<'b> {
    starts: Starts,
    /// Where it finds marks faster.
    #[cfg(target_arch = "x86_64")]
    avx512: Option<Avx512>,
    /// By the first two characters, to a [`Pair`].
    pairs: Hashed<'b, PAIR>,
    /// The words of one character, and of three and more.
    others: Numbers<'b>,
}

/// What a [`WordTable`] is made of, as it lies in the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordParts<'b> {
    /// The first two characters of words, and the words of one.
    pairs_of_starts: &'b [[u8; 4]],
    alone: &'b [[u8; 2]],
    pairs: Hashed<'b, PAIR>,
    others: Numbers<'b>,
}

/// The bytes of the slot of a pair: those of its hash, 14 bits of lengths, ten of third characters, eight of ends, and its
/// value.
const PAIR: usize = 12;

/// The first two characters of words.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// The lengths of the words, as bits.
    lengths: u32,
    /// The groups of the third characters, and of the [`end`]s, of those of three characters and more, as bits.
    thirds: u32,
    ends: u32,
    /// The value of the word of two characters, if there is one.
    value: u32,
}

/// The lengths of words, as bits: any; and those of words that are looked up with all of their characters.
pub(crate) const ANY_LENGTH: u32 = (2 << LONGEST_WORD) - 1;
const LONGER: u32 = ANY_LENGTH & !0b111;
const TWO: u32 = 1 << 2;
/// How many lengths there are from two on, and groups of third characters: as bits of a [`Pair`].
const LENGTHS: u32 = LONGEST_WORD as u32 - 1;
const THIRDS: u32 = 10;

impl Pair {
    #[inline]
    fn read(&[_, _, _, _, a, b, c, d, value @ ..]: &[u8; PAIR]) -> Pair {
        let bits = u32::from_le_bytes([a, b, c, d]);
        let (lengths, thirds, ends) = (bits << 2 & ANY_LENGTH, bits >> LENGTHS, bits >> (LENGTHS + THIRDS));
        Pair { lengths, thirds, ends, value: u32::from_le_bytes(value) }
    }
}

/// Which of ten groups a third character is of, as a bit.
#[inline]
fn third(class: Class) -> u32 {
    1 << ((u32::from(class.wrapping_mul(0x9e37)) * THIRDS) >> 16)
}

/// Which of eight groups a word's last character is of, with its length, as a bit. Most words that do not follow a pair are known
/// by these groups, without a search.
#[inline]
fn end(class: Class, len: usize) -> u32 {
    1 << ((class ^ (len as Class) << 11).wrapping_mul(0x9e37) >> 13)
}

/// The hash of a word's first two characters.
#[inline]
fn start(first: Class, second: Class) -> u64 {
    mix(u64::from(first) << 16 | u64::from(second) | 1 << 40)
}

/// Which pairs of characters may begin a word. Few that do not are taken for one.
///
/// For each class, from the lowest bit on: whether it is a word alone; a bit for each group of the characters that are second
/// behind it; and above these which group it is of as a second character, or 0. A word alone has all bits of groups.
#[derive(Clone, Debug)]
struct Starts(Box<[u32; 0x1_0000]>);

const GROUPS: u32 = 26;
/// How far the own group of a class is shifted.
const GROUP: u32 = 1 + GROUPS;

impl Starts {
    fn new() -> Starts {
        let starts = vec![0; 0x1_0000].into_boxed_slice();
        let Ok(starts) = starts.try_into() else { unreachable!("the slice has that length") };
        Starts(starts)
    }

    fn add_alone(&mut self, class: Class) {
        self.0[usize::from(class)] |= (1 << GROUP) - 1;
    }

    fn add(&mut self, first: Class, second: Class) {
        let group = 1 + (((u32::from(second).wrapping_mul(0x9e37_79b1) >> 16) * GROUPS) >> 16);
        self.0[usize::from(second)] |= group << GROUP;
        self.0[usize::from(first)] |= 1 << group;
    }

    #[inline]
    fn of(&self, class: Class) -> u32 {
        self.0[usize::from(class)]
    }

    /// Whether a word may begin with characters of which these are the bits: 0 or 1.
    #[inline]
    fn may_begin(first: u32, second: u32) -> u32 {
        first >> (second >> GROUP) & 1
    }
}

impl<'b> WordParts<'b> {
    pub(crate) fn read(reader: &mut Reader<'b>) -> Result<WordParts<'b>, Error> {
        Ok(WordParts {
            pairs_of_starts: reader.records()?,
            alone: reader.records()?,
            pairs: Hashed::new(reader.bytes()?)?,
            others: reader.numbers()?,
        })
    }
}

impl<'b> WordTable<'b> {
    pub(crate) fn new(parts: &WordParts<'b>) -> WordTable<'b> {
        let mut starts = Starts::new();
        for &[a, b, c, d] in parts.pairs_of_starts {
            starts.add(Class::from_le_bytes([a, b]), Class::from_le_bytes([c, d]));
        }
        parts.alone.iter().for_each(|&class| starts.add_alone(Class::from_le_bytes(class)));
        WordTable {
            starts,
            #[cfg(target_arch = "x86_64")]
            avx512: Avx512::detect().filter(|avx512| avx512.gathers_fast()),
            pairs: parts.pairs,
            others: parts.others,
        }
    }

    /// At which of these places of a line a word may begin, by the classes there and behind: as bits, the first one lowest.
    #[inline]
    pub(crate) fn marks(&self, classes: &[Class], places: Range<usize>) -> u64 {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = self.avx512 {
            return avx512::marks(avx512, &self.starts, &classes[places.start..], places.len());
        }
        self.marks_one_by_one(classes, places)
    }

    #[inline]
    fn marks_one_by_one(&self, classes: &[Class], places: Range<usize>) -> u64 {
        let mut second = classes.get(places.end).map_or(0, |&class| self.starts.of(class));
        let mut mark = |bits: u64, &class: &Class| {
            let first = self.starts.of(class);
            bits << 1 | u64::from(Starts::may_begin(first, std::mem::replace(&mut second, first)))
        };
        // Four in a row: the compiler takes one at a time, with a quarter more instructions.
        let (rest, fours) = classes[places].as_rchunks::<4>();
        let bits = fours.iter().rev().fold(0, |bits, four| four.iter().rev().fold(bits, &mut mark));
        rest.iter().rev().fold(bits, mark)
    }

    /// Whether a word may begin with the first characters of a run.
    #[inline]
    pub(crate) fn may_begin(&self, run: &[Class]) -> bool {
        matches!(*run, [first, second, ..] if Starts::may_begin(self.starts.of(first), self.starts.of(second)) != 0)
    }

    /// Calls `found` with the length and the value of each word that a run of characters begins with, the longest first, until it
    /// returns something. Of the lengths that are asked for, as bits, those alone.
    #[inline]
    pub(crate) fn find<T>(
        &self,
        run: &[Class],
        asked: u32,
        mut found: impl FnMut(usize, u32) -> Option<T>,
    ) -> Option<T> {
        let &[first, ref rest @ ..] = run else { return None };
        let bits = self.starts.of(first);
        if let &[second, ref rest @ ..] = rest
            && Starts::may_begin(bits, self.starts.of(second)) != 0
            && let Some(pair) = self.pairs.get(start(first, second)).map(Pair::read)
        {
            let longer = pair.lengths & asked & LONGER;
            if longer != 0
                && rest.first().is_some_and(|&class| pair.thirds & third(class) != 0)
                && let Some(found) = self.longer(run, longer, pair.ends, &mut found)
            {
                return Some(found);
            }
            if pair.lengths & asked & TWO != 0
                && let Some(found) = found(2, pair.value)
            {
                return Some(found);
            }
        }
        if bits & asked >> 1 & 1 != 0 { found(1, self.others.number(whole(&[first]))?) } else { None }
    }

    /// The same of words of three characters and more, of these lengths and ends.
    #[inline(never)]
    fn longer<T>(
        &self,
        run: &[Class],
        lengths: u32,
        ends: u32,
        found: &mut impl FnMut(usize, u32) -> Option<T>,
    ) -> Option<T> {
        let mut left = lengths & ((2 << run.len().min(LONGEST_WORD)) - 1);
        while let Some(len) = left.checked_ilog2() {
            left ^= 1 << len;
            let len = len as usize;
            if ends & end(run[len - 1], len) != 0
                && let Some(value) = self.others.number(whole(&run[..len]))
                && let Some(found) = found(len, value)
            {
                return Some(found);
            }
        }
        None
    }

    /// The value of a word.
    #[inline]
    pub(crate) fn get(&self, word: &[Class]) -> Option<u32> {
        self.find(word, 1 << word.len(), |_, value| Some(value))
    }
}

#[cfg(feature = "compile")]
pub(crate) use self::writer::Builder;

#[cfg(feature = "compile")]
mod writer {
    //! Makes such tables.

    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{
        hashed::writer::{compile, compile_numbers},
        tables::writer::Writer,
    };

    /// A table as it is made.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Builder<'w> {
        words: BTreeMap<&'w [Class], u32>,
    }

    impl<'w> Builder<'w> {
        /// Takes words of up to [`LONGEST_WORD`] characters. What is first said counts.
        pub(crate) fn of(words: impl Iterator<Item = (&'w [Class], u32)>) -> Builder<'w> {
            let mut builder = Builder::default();
            words.for_each(|(word, value)| _ = builder.words.entry(word).or_insert(value));
            builder
        }

        pub(crate) fn write(&self, out: &mut Writer) -> Result<(), Error> {
            let (mut alone, mut pairs, mut others) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
            for (word, &value) in &self.words {
                if word.len() != 2 {
                    others.push((whole(word), value));
                }
                match **word {
                    [class] => _ = alone.insert(class),
                    [first, second, ref rest @ ..] => {
                        let pair =
                            pairs.entry((first, second)).or_insert(Pair { lengths: 0, thirds: 0, ends: 0, value: 0 });
                        pair.lengths |= 1 << word.len();
                        match *rest {
                            [] => pair.value = value,
                            [class, ..] => {
                                pair.thirds |= third(class);
                                pair.ends |= end(rest[rest.len() - 1], word.len());
                            }
                        }
                    }
                    [] => {}
                }
            }
            let classes = pairs.keys().flat_map(|&(first, second)| [first, second]);
            out.bytes(&classes.flat_map(Class::to_le_bytes).collect::<Vec<_>>());
            out.classes(&alone);
            let pairs = pairs.iter().map(|(&(first, second), &pair)| (start(first, second), pair.write()));
            out.bytes(&compile::<PAIR, 0>(pairs)?);
            out.bytes(&compile_numbers(&others)?);
            Ok(())
        }
    }

    impl Pair {
        fn write(self) -> [u8; PAIR] {
            let bits = self.lengths >> 2 | self.thirds << LENGTHS | self.ends << (LENGTHS + THIRDS);
            let [a, b, c, d] = bits.to_le_bytes();
            let [e, f, g, h] = self.value.to_le_bytes();
            [0, 0, 0, 0, a, b, c, d, e, f, g, h]
        }
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::tables::writer::Writer;

    fn classes(text: &str) -> Vec<Class> {
        text.encode_utf16().collect()
    }

    fn table(words: &[&str]) -> WordTable<'static> {
        let words: Vec<_> = words.iter().map(|word| classes(word)).collect();
        let mut out = Writer::default();
        Builder::of(words.iter().map(|word| &word[..]).zip(1..)).write(&mut out).unwrap();
        WordTable::new(&WordParts::read(&mut Reader::of(out.into_bytes().leak())).unwrap())
    }

    fn found(table: &WordTable<'_>, run: &str, asked: u32) -> Vec<(usize, u32)> {
        let mut all = Vec::new();
        let none = table.find(&classes(run), asked, |len, value| {
            all.push((len, value));
            None::<()>
        });
        assert_eq!(none, None);
        all
    }

    #[test]
    fn words_are_found_the_longest_first() {
        let longest = "一二三四五六七八九十甲乙丙丁戊";
        let table = table(&["硅", "网络", "网络安全", "网络安全法", longest, "硅谷"]);
        assert_eq!(found(&table, "网络安全法律", ANY_LENGTH), [(5, 4), (4, 3), (2, 2)]);
        assert_eq!(found(&table, "网络安全法律", 1 << 4 | 1 << 1), [(4, 3)]);
        assert_eq!(found(&table, "网络安", ANY_LENGTH), [(2, 2)]);
        assert_eq!(found(&table, "硅谷的", ANY_LENGTH), [(2, 6), (1, 1)]);
        assert_eq!(found(&table, "硅", ANY_LENGTH), [(1, 1)]);
        assert_eq!(found(&table, longest, ANY_LENGTH), [(15, 5)]);
        assert_eq!(found(&table, &longest[..42], ANY_LENGTH), []);
        assert_eq!(found(&table, "络网", ANY_LENGTH), []);
        assert_eq!(found(&table, "", ANY_LENGTH), []);
        assert_eq!(table.get(&classes("网络安全")), Some(3));
        assert_eq!(table.get(&classes("网络安")), None);
        assert_eq!(table.get(&classes("硅")), Some(1));
    }

    #[test]
    fn every_place_where_a_word_begins_is_marked_and_few_others() {
        let table = table(&["硅", "网络", "软件包"]);
        let line = classes("上网络的软件包，硅软件络网");
        let marks = table.marks(&line, 0..line.len());
        for at in [1, 4, 8] {
            assert_eq!(marks >> at & 1, 1, "{at}");
        }
        assert_eq!(table.marks(&line, 1..line.len()), marks >> 1);
        // The second character may lie behind the places; no pair does, if it lies behind the line.
        assert_eq!(table.marks(&line, 1..2), 1);
        assert_eq!(table.marks(&line[..2], 1..2), 0);
        // All places of a long line, also by vectors where the processor has them.
        let words = ["硅", "网络", "络的", "软件包", "件包，", "上网", "，硅", "络网"];
        let table = self::table(&words);
        let long: Vec<Class> = line.iter().copied().cycle().take(100).collect();
        for start in 0..long.len() {
            for end in start..long.len().min(start + 64) {
                for line in [&long[..], &long[..end]] {
                    let expected = table.marks_one_by_one(line, start..end);
                    assert_eq!(table.marks(line, start..end), expected, "{start}..{end} of {}", line.len());
                    #[cfg(target_arch = "x86_64")]
                    if let Some(avx512) = Avx512::detect() {
                        let found = avx512::marks(avx512, &table.starts, &line[start..], end - start);
                        assert_eq!(found, expected, "{start}..{end} of {}", line.len());
                    }
                }
            }
        }
        let mut starts = Starts::new();
        let pair = |hash: u64| (0x4e00 + (hash % 1000) as Class, 0x4e00 + (hash >> 32) as Class % 3000);
        let pairs = |from: u64| (from..from + 2000).map(move |number| pair(mix(number)));
        pairs(0).for_each(|(first, second)| starts.add(first, second));
        let may_begin = |(first, second)| Starts::may_begin(starts.of(first), starts.of(second)) == 1;
        assert!(pairs(0).all(may_begin));
        let others = pairs(2000).filter(|&pair| may_begin(pair)).count();
        assert!(others < 300, "{others} of 2000");
    }
}

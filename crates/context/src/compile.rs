//! From text dictionaries to the tables of all targets.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fanjian_dictionary::{Entries, Error, ErrorKind};

use crate::{
    characters::{CANDIDATES, Cell, Class, Classes, NONE, flags},
    hashed,
    phrases::{self, LONGEST, Strength, Votes},
    target::Target,
    vocabulary::SHARED,
};

/// The text dictionaries that targets are made from, by name: those of OpenCC, and under the names `targets/…` those of
/// this project.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    dictionaries: BTreeMap<String, Entries>,
}

const MAGIC: &[u8; 8] = b"FJTGT\0\0\x01";

impl Sources {
    /// None yet.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Reads the text dictionaries of a folder, and those of the folder `targets` in it.
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io), and those of [`Entries::parse`].
    pub fn from_folder(folder: &Path) -> Result<Sources, Error> {
        let mut sources = Sources::new();
        for (folder, prefix) in [(folder.to_owned(), ""), (folder.join("targets"), "targets/")] {
            let files = fs::read_dir(&folder).map_err(|source| Error::io("read", &folder, source))?;
            for file in files {
                let path = file.map_err(|source| Error::io("read", &folder, source))?.path();
                if path.extension().is_some_and(|extension| extension == "txt")
                    && let Some(name) = path.file_stem().and_then(|name| name.to_str())
                {
                    let text = fs::read_to_string(&path).map_err(|source| Error::io("read", &path, source))?;
                    sources.insert(format!("{prefix}{name}"), Entries::parse(&path.display().to_string(), &text)?);
                }
            }
        }
        Ok(sources)
    }

    /// Adds a dictionary, such as `STPhrases` or `targets/Names`.
    pub fn insert(&mut self, name: impl Into<String>, entries: Entries) {
        self.dictionaries.insert(name.into(), entries);
    }

    fn get(&self, name: &str) -> Result<&Entries, Error> {
        self.dictionaries.get(name).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("no dictionary '{name}', which targets are made from"))
        })
    }

    /// The keys of a dictionary.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) where there is no such dictionary.
    pub fn keys(&self, name: &str) -> Result<Vec<&str>, Error> {
        Ok(self.get(name)?.iter().map(|(key, _)| key).collect())
    }

    /// The entries of single characters.
    fn characters(&self, name: &str) -> Result<BTreeMap<char, Vec<char>>, Error> {
        let entries = self.get(name)?.iter().filter_map(|(key, values)| {
            let values: Vec<char> = values.iter().filter_map(|value| only(value)).collect();
            only(key).filter(|_| !values.is_empty()).map(|key| (key, values))
        });
        Ok(entries.collect())
    }

    /// The keys and first candidates.
    fn pairs(&self, name: &str) -> Result<impl Iterator<Item = (&str, &str)>, Error> {
        Ok(self.get(name)?.iter().map(|(key, values)| (key, values[0].as_str())))
    }
}

/// The character of a text that has but one.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Compiles the tables of all targets.
///
/// # Errors
///
/// [`NotFound`](ErrorKind::NotFound) where a dictionary is missing, and [`Syntax`](ErrorKind::Syntax) where one of this
/// project's own says what no target can do.
pub fn compile(sources: &Sources) -> Result<Vec<u8>, Error> {
    let characters = Characters::new(sources)?;
    let mut out = MAGIC.to_vec();
    for &target in Target::ALL {
        let part = characters.target(sources, target)?;
        out.extend((part.len() as u32).to_le_bytes());
        out.extend(part);
    }
    Ok(out)
}

/// What the dictionaries say of characters, whatever the target.
struct Characters {
    to_traditional: BTreeMap<char, Vec<char>>,
    /// Candidates for Taiwan alone.
    more: BTreeMap<char, Vec<char>>,
    to_simplified: BTreeMap<char, Vec<char>>,
    compatibility: BTreeMap<char, Vec<char>>,
    classes: Classes,
    /// The classes of characters that are written in Cantonese alone.
    cantonese: BTreeSet<char>,
    /// The forms of Taiwan and of Hong Kong that are Simplified characters, too.
    forms: [BTreeSet<char>; 2],
}

/// The shapes that a region prefers.
#[derive(Default)]
struct Variants {
    opencc: BTreeMap<char, Vec<char>>,
    own: BTreeMap<char, Vec<char>>,
}

impl Variants {
    /// Those of `TW` or `HK`.
    fn new(sources: &Sources, region: &str) -> Result<Variants, Error> {
        let opencc = sources.characters(&format!("{region}Variants"))?;
        Ok(Variants { opencc, own: sources.characters(&format!("targets/{region}Variants"))? })
    }

    /// This project's own come before OpenCC's.
    fn get(&self, character: char) -> Option<&Vec<char>> {
        self.own.get(&character).or_else(|| self.opencc.get(&character))
    }

    fn form(&self, character: char) -> char {
        self.get(character).map_or(character, |values| values[0])
    }

    /// Whether the region uses the character beside the one that it prefers.
    fn stays(&self, character: char) -> bool {
        self.get(character).is_some_and(|values| values.contains(&character))
    }
}

/// A phrase, its value, and how much it counts.
type Phrase = (String, String, Strength);

impl Characters {
    fn new(sources: &Sources) -> Result<Characters, Error> {
        let mut to_traditional = sources.characters("STCharacters")?;
        for (character, unused) in sources.characters("targets/Unused")? {
            if let Some(candidates) = to_traditional.get_mut(&character) {
                candidates.retain(|candidate| !unused.contains(candidate));
            }
        }
        to_traditional.retain(|_, candidates| !candidates.is_empty());
        let mut to_simplified = sources.characters("TSCharacters")?;
        let compatibility = sources.characters("CJK_Compatibility_Ideographs")?;
        for (character, candidates) in sources.characters("targets/SimplifiedCandidates")? {
            to_simplified.insert(character, candidates);
        }
        let mut classes = Classes::default();
        for (&character, values) in &compatibility {
            classes.insert(character, values[0]);
        }
        for (&character, values) in &to_simplified {
            // 乾 is 干 or 乾, and of the class 干.
            let class = values.iter().copied().find(|&value| value != character).unwrap_or(character);
            classes.insert(character, class);
        }
        for (character, values) in sources.characters("targets/Classes")? {
            classes.insert(character, values[0]);
        }
        let cantonese = sources.characters("targets/CantoneseCharacters")?.into_keys();
        let cantonese = cantonese.map(|character| classes.of(character)).collect();
        // Forms of a region that are written alike in Simplified: 床 is Taiwan's form of 牀, and the Simplified character.
        let mut forms = [BTreeSet::new(), BTreeSet::new()];
        for (region, forms) in ["TW", "HK"].into_iter().zip(&mut forms) {
            let variants = Variants::new(sources, region)?;
            let is_form = |(&character, values): (&char, &Vec<char>)| variants.form(values[0]) == character;
            forms.extend(to_traditional.iter().filter(|&entry| is_form(entry)).map(|(&character, _)| character));
        }
        let more = sources.characters("targets/TWCandidates")?;
        Ok(Characters { to_traditional, more, to_simplified, compatibility, classes, cantonese, forms })
    }

    /// The candidates of each class on the target's side.
    fn candidates(&self, target: Target) -> BTreeMap<char, Vec<char>> {
        let mut candidates: BTreeMap<char, Vec<char>> = BTreeMap::new();
        let (onto, from) = match target.is_traditional() {
            true => (&self.to_traditional, &self.to_simplified),
            false => (&self.to_simplified, &self.to_traditional),
        };
        for (&character, values) in onto {
            let known = candidates.entry(self.classes.of(character)).or_default();
            // The one that a class is named after comes first on its own.
            for &value in values {
                if !known.contains(&value) && self.classes.of(value) == self.classes.of(character) {
                    known.push(value);
                }
            }
        }
        for (&character, more) in self.more.iter().filter(|_| target.is_traditional()) {
            candidates.entry(self.classes.of(character)).or_default().extend(more);
        }
        for (&character, values) in from {
            let class = self.classes.of(character);
            if values.len() > 1 && (target.is_traditional() || values.contains(&character)) {
                let known = candidates.entry(class).or_default();
                if !known.contains(&character) && (target.is_traditional() || class == character) {
                    known.push(character);
                }
            }
        }
        candidates
    }

    /// Whether a character is of the other script alone.
    fn is_foreign(&self, target: Target, character: char) -> bool {
        let onto = if target.is_traditional() { &self.to_traditional } else { &self.to_simplified };
        onto.get(&character).is_some_and(|values| !values.contains(&character))
    }

    fn target(&self, sources: &Sources, target: Target) -> Result<Vec<u8>, Error> {
        let variants = match target {
            Target::Taiwan => Variants::new(sources, "TW")?,
            Target::HongKong => Variants::new(sources, "HK")?,
            _ => Variants::default(),
        };
        let regional = |character: char| variants.form(character);
        let none = BTreeSet::new();
        let forms = match target {
            Target::Mainland => &none,
            Target::Traditional | Target::Taiwan => &self.forms[0],
            Target::HongKong => &self.forms[1],
        };
        let is_foreign = |character: char| self.is_foreign(target, character) && !forms.contains(&character);

        let candidates = self.candidates(target);
        let mut outputs = vec!['\0'];
        let mut places: BTreeMap<char, u16> = BTreeMap::new();
        let mut known: BTreeSet<char> = self.to_traditional.keys().chain(self.to_simplified.keys()).copied().collect();
        known.extend(self.to_traditional.values().chain(self.to_simplified.values()).flatten());
        known.extend(variants.own.iter().chain(&variants.opencc).flat_map(|(key, values)| values.iter().chain([key])));
        known.extend(self.compatibility.keys());
        known.extend(&self.cantonese);
        let words = self.words(sources, target)?;
        known.extend(words.iter().filter_map(|(key, ..)| key.chars().next()));
        let word_starts: BTreeSet<Class> =
            words.iter().filter_map(|(key, ..)| key.chars().next()).map(|first| self.classes.code(first)).collect();
        known.extend(word_starts.iter().filter_map(|&class| char::from_u32(u32::from(class))));
        known.extend("。！？!?".chars());
        known.extend('ぁ'..='ゖ');

        let mut cells = Vec::new();
        for &character in &known {
            let mut bits = 0;
            bits |= if crate::characters::is_han(u32::from(character)) { flags::HAN } else { 0 };
            bits |= if "。！？!?".contains(character) { flags::STOP } else { 0 };
            bits |= if ('ぁ'..='ゖ').contains(&character) { flags::KANA } else { 0 };
            bits |= if self.cantonese.contains(&self.classes.of(character)) { flags::CANTONESE } else { 0 };
            let class = self.classes.of(character);
            let code = self.classes.code(character);
            bits |= if word_starts.contains(&code) { flags::WORD } else { 0 };
            let canonical = self.compatibility.get(&character).map_or(character, |values| values[0]);
            let list = candidates.get(&class).map_or(&[][..], Vec::as_slice);
            let list = &list[..list.len().min(CANDIDATES)];
            let place = |candidate: char| list.iter().position(|&known| known == candidate);
            let foreign = is_foreign(canonical);
            let onto = if target.is_traditional() { &self.to_traditional } else { &self.to_simplified };
            let mut open: Vec<char> = match onto.get(&canonical) {
                Some(values) if foreign || values.contains(&canonical) => values.clone(),
                _ => vec![canonical],
            };
            if target == Target::Taiwan {
                open.extend(self.more.get(&canonical).into_iter().flatten());
            }
            // Of candidates that the region writes alike, the first is enough.
            let mut mask = 0_u8;
            let mut taken: Vec<char> = Vec::new();
            for &candidate in &open {
                if let Some(place) = place(candidate)
                    && !taken.contains(&regional(candidate))
                {
                    taken.push(regional(candidate));
                    mask |= 1 << place;
                }
            }
            let is_choice = mask.count_ones() > 1;
            let output;
            let (mut keep, mut first) = (NONE, 0);
            if is_choice {
                bits |= flags::CHOICE;
                first = open.iter().find_map(|&candidate| place(candidate)).unwrap_or(0) as u8;
                if !foreign && canonical == character {
                    // The candidate that the region writes as this character is written.
                    let is_same =
                        |&place: &usize| mask >> place & 1 == 1 && regional(list[place]) == regional(character);
                    keep = (0..list.len()).find(is_same).map_or(NONE, |place| place as u8);
                }
                output = *places.entry(class).or_insert_with(|| {
                    let start = outputs.len() as u16;
                    outputs.extend(list.iter().map(|&candidate| regional(candidate)));
                    start
                });
            } else {
                let becomes = if foreign { open[0] } else { canonical };
                let becomes = match variants.stays(character) || (forms.contains(&character) && !foreign) {
                    true if canonical == character => character,
                    _ => regional(becomes),
                };
                output = match becomes == character {
                    true => 0,
                    false => {
                        outputs.push(becomes);
                        (outputs.len() - 1) as u16
                    }
                };
            }
            bits |= if foreign { flags::FOREIGN } else { 0 };
            // Of the target's script alone: what the other side changes, and this side leaves.
            let other = if target.is_traditional() { &self.to_simplified } else { &self.to_traditional };
            let is_native = !foreign
                && output == 0
                && !is_choice
                && other.get(&character).is_some_and(|values| !values.contains(&character))
                && (target.is_traditional() || !self.forms.iter().any(|forms| forms.contains(&character)));
            bits |= if is_native { flags::NATIVE } else { 0 };
            cells.push((character, Cell::new(code, output, bits, mask, keep, first)));
        }

        settle(&mut cells, &outputs);

        let phrases = self.phrases(sources, target)?;
        let votes = self.votes(&phrases, &candidates);
        let cantonese = match target {
            Target::Mainland => Votes::default(),
            _ => self.cantonese_phrases(sources, &candidates)?,
        };
        let mut out = Vec::new();
        out.extend((cells.len() as u32).to_le_bytes());
        for (character, cell) in cells {
            out.extend(u32::from(character).to_le_bytes());
            out.extend(cell.0.to_le_bytes());
        }
        out.extend((outputs.len() as u32).to_le_bytes());
        out.extend(outputs.iter().flat_map(|&output| u32::from(output).to_le_bytes()));
        write(&mut out, &votes.compile());
        write(&mut out, &cantonese.compile());
        let (table, values, others) = self.word_tables(sources, &words)?;
        write(&mut out, &hashed::compile(&table));
        write(&mut out, values.as_bytes());
        write(&mut out, &hashed::compile(&others));
        Ok(out)
    }

    /// The phrases of a target, those that count before others first.
    fn phrases(&self, sources: &Sources, target: Target) -> Result<Vec<Phrase>, Error> {
        let mut phrases = Vec::new();
        let mut add = |name: &str, strength: Strength| -> Result<(), Error> {
            phrases.extend(sources.pairs(name)?.map(|(key, value)| (key.to_owned(), value.to_owned(), strength)));
            Ok(())
        };
        match target {
            Target::Mainland => {
                add("targets/SimplifiedPhrases", Strength::Decides)?;
                add("TSPhrases", Strength::Decides)?;
            }
            _ => {
                match target {
                    Target::Taiwan => add("targets/TWPhrases", Strength::Prefers)?,
                    Target::HongKong => add("targets/HKPhrases", Strength::Prefers)?,
                    _ => {}
                }
                add("targets/Phrases", Strength::Decides)?;
                let names: Vec<Phrase> = self.names(sources)?;
                add("STPhrases", Strength::Learned)?;
                add("STPhrases_GeneratedFromRegionalPhrases", Strength::Learned)?;
                let own = phrases.iter().take_while(|(.., strength)| *strength != Strength::Learned).count();
                phrases.splice(own..own, names);
                let harmful = sources.get("targets/Harmful")?;
                let harmful: BTreeSet<&str> = harmful.iter().map(|(key, _)| key).collect();
                phrases.retain(|(key, _, strength)| *strength != Strength::Learned || !harmful.contains(key.as_str()));
            }
        }
        Ok(phrases)
    }

    /// Each surname with each title.
    fn names(&self, sources: &Sources) -> Result<Vec<Phrase>, Error> {
        let titles = sources.get("targets/Titles")?;
        let mut names = Vec::new();
        for (surname, value) in sources.pairs("targets/Surnames")? {
            for (title, values) in titles.iter() {
                names.push((format!("{surname}{title}"), format!("{value}{}", values[0]), Strength::Decides));
            }
        }
        Ok(names)
    }

    /// What the phrases say of each character that has candidates.
    fn votes(&self, phrases: &[Phrase], candidates: &BTreeMap<char, Vec<char>>) -> Votes {
        let mut votes = Votes::default();
        for (key, value, strength) in phrases {
            let codes = self.classes.codes(key);
            if codes.len() != value.chars().count() || !(2..=LONGEST).contains(&codes.len()) {
                continue;
            }
            for (offset, (from, to)) in key.chars().zip(value.chars()).enumerate() {
                if let Some(list) = candidates.get(&self.classes.of(from)).filter(|list| list.len() > 1)
                    && let Some(candidate) = list.iter().take(CANDIDATES).position(|&known| known == to)
                {
                    votes.insert(&codes, offset, candidate, *strength);
                }
            }
        }
        votes
    }

    fn cantonese_phrases(&self, sources: &Sources, candidates: &BTreeMap<char, Vec<char>>) -> Result<Votes, Error> {
        let mut votes = Votes::default();
        for (key, value) in sources.pairs("targets/CantonesePhrases")? {
            let codes = self.classes.codes(key);
            for (offset, (from, to)) in key.chars().zip(value.chars()).enumerate() {
                let list = candidates.get(&self.classes.of(from));
                if let Some(candidate) = list.and_then(|list| list.iter().position(|&known| known == to)) {
                    match codes.as_slice() {
                        [class] => votes.insert_alone(*class, candidate),
                        _ => votes.insert(&codes, offset, candidate, Strength::Decides),
                    }
                }
            }
        }
        Ok(votes)
    }

    /// The words that a region has others for: key, value, and whether the region uses the key, too.
    fn words(&self, sources: &Sources, target: Target) -> Result<Vec<(String, String, bool)>, Error> {
        let (names, shared): (&[&str], _) = match target {
            Target::Taiwan => (&["targets/TWVocabulary", "TWPhrases"], "targets/TWShared"),
            Target::HongKong => (&["HKPhrases"], "targets/HKShared"),
            Target::Mainland => (&["targets/MainlandVocabulary", "TWPhrasesRev"], "targets/MainlandShared"),
            Target::Traditional => return Ok(Vec::new()),
        };
        let shared = sources.get(shared)?;
        // `-` for a word that is never replaced: what it means depends on more than its neighbours.
        let kinds: BTreeMap<&str, &str> = shared.iter().map(|(key, values)| (key, values[0].as_str())).collect();
        let mut words: BTreeMap<Vec<Class>, (String, String, bool)> = BTreeMap::new();
        for name in names {
            for (key, value) in sources.pairs(name)? {
                let kind = kinds.get(key).copied();
                if kind != Some("-") && key != value {
                    let value = match target {
                        // OpenCC's are Traditional.
                        Target::Mainland => value.chars().map(|character| self.classes.of(character)).collect(),
                        _ => value.to_owned(),
                    };
                    let word = (key.to_owned(), value, kind.is_some());
                    words.entry(self.classes.codes(key)).or_insert(word);
                }
            }
        }
        Ok(words.into_values().collect())
    }

    /// The table of words, their values, and the table of the words that must not be broken for them.
    #[expect(clippy::type_complexity, reason = "three tables, used once")]
    fn word_tables(
        &self,
        sources: &Sources,
        words: &[(String, String, bool)],
    ) -> Result<(Vec<(u64, u32)>, String, Vec<(u64, u32)>), Error> {
        let keys: Vec<Vec<Class>> = words.iter().map(|(key, ..)| self.classes.codes(key)).collect();
        let mut table = Vec::new();
        let mut values = Vec::new();
        for ((_, value, shared), key) in words.iter().zip(&keys) {
            if key.len() <= LONGEST {
                table.push((phrases::whole(key), values.len() as u32 | if *shared { SHARED } else { 0 }));
                values.push(value.as_str());
            }
        }
        // What a word reaches over the edge with, or holds.
        let (mut heads, mut tails, mut wholes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for key in &keys {
            wholes.insert(key.as_slice());
            for cut in 1..key.len() {
                heads.insert(&key[..cut]);
                tails.insert(&key[cut..]);
            }
        }
        let mut others = Vec::new();
        // A value that holds its own key, or another one, must stay when it is met again.
        let values_again = words.iter().map(|(_, value, _)| value.as_str());
        let lexicon =
            sources.pairs("STPhrases")?.map(|(key, _)| key).chain(sources.pairs("targets/Words")?.map(|(key, _)| key));
        for word in lexicon.chain(values_again) {
            let codes = self.classes.codes(word);
            let len = codes.len();
            let hinders = (1..len).any(|cut| tails.contains(&codes[..cut]) || heads.contains(&codes[cut..]))
                || (0..len).any(|from| (from + 1..=len).any(|to| to - from < len && wholes.contains(&codes[from..to])));
            if hinders && len <= LONGEST {
                others.push((phrases::whole(&codes), 1));
            }
        }
        Ok((table, values.join("\n"), others))
    }
}

/// Sees to it that what a character becomes stays when it is met again: where it would become another one, that one is the
/// output at once; and where it would be decided about, the character itself is.
fn settle(cells: &mut [(char, Cell)], outputs: &[char]) {
    let known: BTreeMap<char, Cell> = cells.iter().copied().collect();
    for (_, cell) in cells.iter_mut().filter(|(_, cell)| !cell.is(flags::CHOICE) && cell.output() != 0) {
        // Chains are short; a circle, which no dictionary should make, ends all the same.
        for _ in 0..4 {
            let Some(&next) = known.get(&outputs[usize::from(cell.output())]) else { break };
            if next.output() == 0 || next.class() != cell.class() {
                break;
            }
            let own = cell.flags() & (flags::FOREIGN | flags::CANTONESE | flags::HAN | flags::WORD);
            let (bits, keep) = match next.is(flags::CHOICE) {
                true => (own | flags::CHOICE, next.keep().map_or(NONE, |keep| keep as u8)),
                false => (own, NONE),
            };
            *cell = Cell::new(cell.class(), next.output(), bits, next.mask(), keep, next.keep().unwrap_or(0) as u8);
            if cell.is(flags::CHOICE) {
                break;
            }
        }
    }
    // And what is open to one of a character's candidates is open to the character.
    let known: BTreeMap<char, Cell> = cells.iter().copied().collect();
    for (_, cell) in cells.iter_mut().filter(|(_, cell)| cell.is(flags::CHOICE)) {
        let mut mask = cell.mask();
        for _ in 0..CANDIDATES {
            let open = mask;
            for place in (0..CANDIDATES).filter(|place| open >> place & 1 == 1) {
                let next = known.get(&outputs[usize::from(cell.output()) + place]);
                if let Some(next) = next.filter(|next| next.is(flags::CHOICE) && next.output() == cell.output()) {
                    mask |= next.mask();
                }
            }
        }
        let keep = cell.keep().map_or(NONE, |keep| keep as u8);
        *cell = Cell::new(cell.class(), cell.output(), cell.flags(), mask, keep, cell.first() as u8);
    }
}

fn write(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}

/// Reads what [`compile`] has made.
pub(crate) struct Reader {
    bytes: &'static [u8],
}

impl Reader {
    pub(crate) fn new(bytes: &'static [u8]) -> Reader {
        Reader { bytes }
    }

    /// Goes to the part of a target.
    pub(crate) fn skip_to(&mut self, target: Target) -> Option<()> {
        self.bytes = self.bytes.strip_prefix(MAGIC)?;
        let mut part = self.bytes()?;
        for _ in 0..target as usize {
            part = self.bytes()?;
        }
        self.bytes = part;
        Some(())
    }

    fn take(&mut self, len: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'static [u8]> {
        let len = self.number()? as usize;
        self.take(len)
    }

    pub(crate) fn cells(&mut self) -> Option<Vec<(u32, Cell)>> {
        let count = self.number()?;
        (0..count)
            .map(|_| {
                let code = self.number()?;
                let cell = self.take(8)?.try_into().ok()?;
                Some((code, Cell(u64::from_le_bytes(cell))))
            })
            .collect()
    }

    pub(crate) fn characters(&mut self) -> Option<Vec<char>> {
        let count = self.number()?;
        (0..count).map(|_| self.number().and_then(char::from_u32)).collect()
    }
}

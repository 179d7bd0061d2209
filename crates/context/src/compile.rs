//! From text dictionaries to the tables of all targets.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fanjian_dictionary::{Entries, Error, ErrorKind};

use crate::{
    characters::{CANDIDATES, Cell, Class, Classes, flags},
    engine::feature_hash,
    hashed,
    model::{AGREEMENT, LENGTHS, Model},
    pairs::Pair,
    phrases::{LONGEST, Strength},
    tables::{Choice, ClassWeights, LexiconBuilder, NO_CLASS, Writer},
    target::Target,
    vocabulary,
};

/// The text dictionaries that targets are made from, by name: those of OpenCC, and under the names `targets/…` those of
/// this project.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    dictionaries: BTreeMap<String, Entries>,
}

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

    /// The keys and first candidates of a dictionary.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) where there is no such dictionary.
    pub fn pairs(&self, name: &str) -> Result<impl Iterator<Item = (&str, &str)>, Error> {
        Ok(self.get(name)?.iter().map(|(key, values)| (key, values[0].as_str())))
    }
}

/// The character of a text that has but one.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Compiles the tables of all targets, with a model for those of Traditional. (For Simplified, phrases know enough.)
///
/// # Errors
///
/// [`NotFound`](ErrorKind::NotFound) where a dictionary is missing, and [`Syntax`](ErrorKind::Syntax) where one of this
/// project's own says what no target can do.
pub fn compile(sources: &Sources, model: &Model) -> Result<Vec<u8>, Error> {
    let characters = Characters::new(sources)?;
    let mut parts = Vec::new();
    for (target, model) in [(Target::Simplified, &Model::dictionary()), (Target::Traditional, model)] {
        parts.push(characters.shared(sources, target, model)?);
    }
    let classes = ModelClasses::new(model);
    for &target in Target::ALL {
        parts.push(characters.target(sources, target, &classes)?);
    }
    Ok(Writer::tables(parts))
}

/// The classes that a model has something to say about, in order.
struct ModelClasses(Vec<Class>);

impl ModelClasses {
    fn new(model: &Model) -> ModelClasses {
        let mut classes: Vec<Class> = model.features.iter().map(|feature| feature.key.class()).collect();
        classes.sort_unstable();
        classes.dedup();
        ModelClasses(classes)
    }

    fn place(&self, class: Class) -> Option<usize> {
        self.0.binary_search(&class).ok()
    }
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

    fn target(&self, sources: &Sources, target: Target, model: &ModelClasses) -> Result<Writer, Error> {
        let variants = match target {
            Target::Taiwan => Variants::new(sources, "TW")?,
            Target::HongKong => Variants::new(sources, "HK")?,
            _ => Variants::default(),
        };
        let regional = |character: char| variants.form(character);
        let none = BTreeSet::new();
        let forms = match target {
            Target::Simplified => &none,
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
        known.extend("。！？!?".chars());
        known.extend('ぁ'..='ゖ');
        known.insert('\n');

        let mut entries = Vec::new();
        for &character in &known {
            let mut bits = 0;
            bits |= if character == '\n' { flags::LINE } else { 0 };
            bits |= if "。！？!?".contains(character) { flags::STOP } else { 0 };
            bits |= if ('ぁ'..='ゖ').contains(&character) { flags::KANA } else { 0 };
            bits |= if self.cantonese.contains(&self.classes.of(character)) { flags::CANTONESE } else { 0 };
            let class = self.classes.of(character);
            let code = self.classes.code(character);
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
            let (mut keep, mut first) = (None, 0);
            if is_choice {
                bits |= flags::CHOICE;
                first = open.iter().find_map(|&candidate| place(candidate)).unwrap_or(0) as u8;
                if !foreign && canonical == character {
                    // The candidate that the region writes as this character is written.
                    let is_same =
                        |&place: &usize| mask >> place & 1 == 1 && regional(list[place]) == regional(character);
                    keep = (0..list.len()).find(is_same).map(|place| place as u8);
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
            entries.push((character, Entry { class: code, output, flags: bits, mask, keep, first }));
        }
        settle(&mut entries, &outputs);

        let (preferences, regional) = self.preferences(sources, target, &candidates)?;
        let cantonese = self.cantonese_alone(sources, target, &candidates)?;
        let mut choices = Vec::new();
        let cells: Vec<(char, Cell)> = entries
            .into_iter()
            .map(|(character, entry)| {
                let rest = if entry.flags & flags::CHOICE != 0 {
                    choices.push(Choice {
                        outputs: entry.output,
                        class: model.place(entry.class).map_or(NO_CLASS, |place| place as u16),
                        mask: entry.mask,
                        keep: entry.keep,
                        first: entry.first,
                        cantonese: cantonese.get(&entry.class).copied(),
                        is_regional: regional.contains(&entry.class),
                    });
                    choices.len() as u32 - 1
                } else {
                    match entry.output {
                        0 => 0,
                        output => match difference(character, outputs[usize::from(output)]) {
                            Some(difference) => difference,
                            None => return (character, entry.cell(character, flags::OUTPUT, u32::from(output))),
                        },
                    }
                };
                (character, entry.cell(character, 0, rest))
            })
            .collect();
        let mut part = Writer::default();
        part.cells(&cells);
        part.outputs(&outputs);
        part.choices(&choices);
        preferences.write(&mut part);
        self.vocabulary(sources, &words)?.write(&mut part);
        Ok(part)
    }

    /// What the targets of a script share: phrases, the model, and Cantonese.
    fn shared(&self, sources: &Sources, target: Target, model: &Model) -> Result<Writer, Error> {
        let candidates = self.candidates(target);
        let mut lexicon = self.votes(&self.phrases(sources, target)?, &candidates);
        let classes = ModelClasses::new(model);
        let mut weights = vec![ClassWeights::default(); classes.0.len()];
        let mut features = Vec::new();
        for feature in &model.features {
            let class = feature.key.class();
            let Some(place) = classes.place(class) else { continue };
            let [a, b, c] = feature.key.others();
            let (left, right) = (|near| Pair::new(class, near, false), |near| Pair::new(class, near, true));
            let pairs = &mut lexicon.pairs;
            match feature.template {
                0 => weights[place].alone = feature.weights,
                1 => pairs.weights(left(a), feature.weights),
                2 => pairs.weights(right(a), feature.weights),
                3 => pairs.across(left(a), b),
                4 => pairs.beyond(left(b), a),
                5 => pairs.beyond(right(a), b),
                6 => {
                    pairs.beyond(left(b), a);
                    pairs.across(left(b), c);
                }
                7 => {
                    pairs.across(left(a), b);
                    pairs.beyond(right(b), c);
                }
                AGREEMENT => {
                    let (len, candidate) = (usize::from(a).clamp(2, LENGTHS + 1), usize::from(b) % CANDIDATES);
                    weights[place].agreement[len - 2][candidate] = feature.weights;
                }
                _ => {}
            }
            if (3..AGREEMENT).contains(&feature.template) {
                let number = u32::from_le_bytes(feature.weights.map(|weight| weight as u8));
                features.push((feature_hash(feature.template, feature.key), number));
            }
        }
        let mut part = Writer::default();
        part.vote_weights(&model.votes);
        part.class_weights(&weights);
        lexicon.write(&mut part);
        part.bytes(&hashed::compile_numbers(&features));
        self.cantonese(sources, target, &candidates)?.write(&mut part);
        Ok(part)
    }

    /// The phrases of a target, those that count before others first.
    fn phrases(&self, sources: &Sources, target: Target) -> Result<Vec<Phrase>, Error> {
        let mut phrases = Vec::new();
        let add = |phrases: &mut Vec<Phrase>, name: &str, strength: Strength| -> Result<(), Error> {
            phrases.extend(sources.pairs(name)?.map(|(key, value)| (key.to_owned(), value.to_owned(), strength)));
            Ok(())
        };
        match target {
            Target::Simplified => {
                add(&mut phrases, "targets/SimplifiedPhrases", Strength::Decides)?;
                add(&mut phrases, "TSPhrases", Strength::Decides)?;
                phrases.extend(products(sources, "targets/SimplifiedVerbs", "targets/SimplifiedVerbObjects")?);
            }
            _ => {
                add(&mut phrases, "targets/Phrases", Strength::Decides)?;
                let names = products(sources, "targets/Surnames", "targets/Titles")?;
                add(&mut phrases, "STPhrases", Strength::Learned)?;
                add(&mut phrases, "STPhrases_GeneratedFromRegionalPhrases", Strength::Learned)?;
                let own = phrases.iter().take_while(|(.., strength)| *strength != Strength::Learned).count();
                phrases.splice(own..own, names);
                let harmful = sources.get("targets/Harmful")?;
                let harmful: BTreeSet<&str> = harmful.iter().map(|(key, _)| key).collect();
                phrases.retain(|(key, _, strength)| *strength != Strength::Learned || !harmful.contains(key.as_str()));
            }
        }
        Ok(phrases)
    }

    /// What the phrases say of each character that has candidates.
    fn votes<'p>(
        &self,
        phrases: impl IntoIterator<Item = &'p Phrase>,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> LexiconBuilder {
        let mut votes = LexiconBuilder::default();
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

    /// What a region prefers of spellings that are both in use, and the classes that this is about.
    fn preferences(
        &self,
        sources: &Sources,
        target: Target,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> Result<(LexiconBuilder, BTreeSet<Class>), Error> {
        let name = match target {
            Target::Taiwan => "targets/TWPhrases",
            Target::HongKong => "targets/HKPhrases",
            _ => return Ok(Default::default()),
        };
        let pairs = sources.pairs(name)?;
        let phrases: Vec<Phrase> =
            pairs.map(|(key, value)| (key.to_owned(), value.to_owned(), Strength::Learned)).collect();
        let classes = phrases.iter().flat_map(|(key, ..)| self.classes.codes(key)).collect();
        Ok((self.votes(&phrases, candidates), classes))
    }

    /// The phrases of Cantonese.
    fn cantonese(
        &self,
        sources: &Sources,
        target: Target,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> Result<LexiconBuilder, Error> {
        if !target.is_traditional() {
            return Ok(LexiconBuilder::default());
        }
        let pairs = sources.pairs("targets/CantonesePhrases")?;
        let phrases: Vec<Phrase> =
            pairs.map(|(key, value)| (key.to_owned(), value.to_owned(), Strength::Decides)).collect();
        Ok(self.votes(&phrases, candidates))
    }

    /// What single characters are in Cantonese, by their classes.
    fn cantonese_alone(
        &self,
        sources: &Sources,
        target: Target,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> Result<BTreeMap<Class, u8>, Error> {
        if !target.is_traditional() {
            return Ok(BTreeMap::new());
        }
        let alone = sources.characters("targets/CantonesePhrases")?.into_iter().filter_map(|(key, values)| {
            let candidate = candidates.get(&self.classes.of(key))?.iter().position(|&known| known == values[0])?;
            Some((self.classes.code(key), candidate as u8))
        });
        Ok(alone.collect())
    }

    /// The words that a region has others for: key, value, and whether the region uses the key, too.
    fn words(&self, sources: &Sources, target: Target) -> Result<Vec<(String, String, bool)>, Error> {
        let (names, shared): (&[&str], _) = match target {
            Target::Taiwan => (&["targets/TWVocabulary", "TWPhrases"], "targets/TWShared"),
            Target::HongKong => (&["HKPhrases"], "targets/HKShared"),
            Target::Simplified => (&["targets/MainlandVocabulary", "TWPhrasesRev"], "targets/MainlandShared"),
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
                        Target::Simplified => value.chars().map(|character| self.classes.of(character)).collect(),
                        _ => value.to_owned(),
                    };
                    let word = (key.to_owned(), value, kind.is_some());
                    words.entry(self.classes.codes(key)).or_insert(word);
                }
            }
        }
        Ok(words.into_values().collect())
    }

    /// The words to replace, and those that must not be broken for them.
    fn vocabulary(&self, sources: &Sources, words: &[(String, String, bool)]) -> Result<vocabulary::Builder, Error> {
        let keys: Vec<Vec<Class>> = words.iter().map(|(key, ..)| self.classes.codes(key)).collect();
        let mut vocabulary = vocabulary::Builder::default();
        for ((_, value, is_shared), key) in words.iter().zip(&keys) {
            vocabulary.word(key, value, *is_shared);
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
        // A value that holds its own key, or another one, must stay when it is met again.
        let values_again = words.iter().map(|(_, value, _)| value.as_str());
        let lexicon =
            sources.pairs("STPhrases")?.map(|(key, _)| key).chain(sources.pairs("targets/Words")?.map(|(key, _)| key));
        let unchanged = sources.pairs("TWPhrases")?.filter(|(key, value)| key == value).map(|(key, _)| key);
        for word in lexicon.chain(unchanged).chain(values_again) {
            let codes = self.classes.codes(word);
            let len = codes.len();
            let hinders = (1..len).any(|cut| tails.contains(&codes[..cut]) || heads.contains(&codes[cut..]))
                || (0..len).any(|from| (from + 1..=len).any(|to| to - from < len && wholes.contains(&codes[from..to])));
            if hinders {
                vocabulary.other(&codes);
            }
        }
        Ok(vocabulary)
    }
}

/// Phrases of two parts: each entry of one dictionary with each of another one behind it.
fn products(sources: &Sources, first: &str, second: &str) -> Result<Vec<Phrase>, Error> {
    let seconds: Vec<(&str, &str)> = sources.pairs(second)?.collect();
    let with_each = |(key, value): (&str, &str)| {
        let product = |(more, its_value): &(&str, &str)| {
            (format!("{key}{more}"), format!("{value}{its_value}"), Strength::Decides)
        };
        seconds.iter().map(product).collect::<Vec<_>>()
    };
    Ok(sources.pairs(first)?.flat_map(with_each).collect())
}

/// What a character is to a target, as it is found out.
#[derive(Clone, Copy, Debug)]
struct Entry {
    class: Class,
    /// Its place among the outputs, or that of its class's first output where it has a choice.
    output: u16,
    flags: u16,
    /// With a choice: its candidates, the one that it is itself, and the first one.
    mask: u8,
    keep: Option<u8>,
    first: u8,
}

impl Entry {
    fn is(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    fn cell(&self, character: char, more: u16, rest: u32) -> Cell {
        Cell::new(u32::from(character), self.class, self.flags | more, rest)
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

/// Sees to it that what a character becomes stays when it is met again: where it would become another one, that one is the
/// output at once; and where it would be decided about, the character itself is.
fn settle(entries: &mut [(char, Entry)], outputs: &[char]) {
    let known: BTreeMap<char, Entry> = entries.iter().copied().collect();
    for (_, entry) in entries.iter_mut().filter(|(_, entry)| !entry.is(flags::CHOICE) && entry.output != 0) {
        // Chains are short; a circle, which no dictionary should make, ends all the same.
        for _ in 0..4 {
            let Some(next) = known.get(&outputs[usize::from(entry.output)]) else { break };
            if next.output == 0 || next.class != entry.class {
                break;
            }
            let own = entry.flags & (flags::FOREIGN | flags::CANTONESE);
            let choice = next.flags & flags::CHOICE;
            let keep = if choice != 0 { next.keep } else { None };
            *entry = Entry { flags: own | choice, keep, first: next.keep.unwrap_or(0), ..*next };
            if choice != 0 {
                break;
            }
        }
    }
    // And what is open to one of a character's candidates is open to the character.
    let known: BTreeMap<char, Entry> = entries.iter().copied().collect();
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

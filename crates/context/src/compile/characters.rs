//! What the dictionaries say of characters to the targets of a script: candidates, classes, and the forms of regions.

use std::collections::{BTreeMap, BTreeSet};

use fanjian_dictionary::Error;

use super::sources::Sources;
use crate::{
    characters::{Class, class},
    target::Target,
};

/// What the dictionaries say of characters, to the targets of a script.
pub(super) struct Characters {
    pub(super) to_traditional: BTreeMap<char, Vec<char>>,
    /// Candidates for Taiwan alone.
    pub(super) more: BTreeMap<char, Vec<char>>,
    /// What Hong Kong may write for characters of other regions.
    pub(super) hong_kong: BTreeMap<char, Vec<char>>,
    pub(super) to_simplified: BTreeMap<char, Vec<char>>,
    pub(super) compatibility: BTreeMap<char, Vec<char>>,
    pub(super) classes: Classes,
    /// Simplified characters of the class of a usual one: what they become, it becomes, too, and nothing becomes them.
    rare: BTreeSet<char>,
    /// The classes of characters that are written in Cantonese alone.
    pub(super) cantonese: BTreeSet<char>,
    /// The forms of Taiwan and of Hong Kong that are Simplified characters, too.
    pub(super) forms: [BTreeSet<char>; 2],
}

/// The shapes that a region prefers.
#[derive(Default)]
pub(super) struct Variants {
    pub(super) opencc: BTreeMap<char, Vec<char>>,
    pub(super) own: BTreeMap<char, Vec<char>>,
}

impl Variants {
    /// Those of `TW` or `HK`.
    pub(super) fn new(sources: &Sources, region: &str) -> Result<Variants, Error> {
        let opencc = sources.characters(&format!("{region}Variants"))?;
        Ok(Variants { opencc, own: sources.characters(&format!("targets/{region}Variants"))? })
    }

    /// This project's own come before OpenCC's.
    pub(super) fn get(&self, character: char) -> Option<&Vec<char>> {
        self.own.get(&character).or_else(|| self.opencc.get(&character))
    }

    pub(super) fn form(&self, character: char) -> char {
        self.get(character).map_or(character, |values| values[0])
    }

    /// Whether the region uses the character beside the one that it prefers.
    pub(super) fn stays(&self, character: char) -> bool {
        self.get(character).is_some_and(|values| values.contains(&character))
    }
}

impl Characters {
    /// Those for Simplified, or for the targets of Traditional.
    pub(super) fn new(sources: &Sources, is_traditional: bool) -> Result<Characters, Error> {
        let mut to_traditional = sources.characters("STCharacters")?;
        for (character, unused) in sources.characters("targets/Unused")? {
            if let Some(candidates) = to_traditional.get_mut(&character) {
                candidates.retain(|candidate| !unused.contains(candidate));
            }
        }
        to_traditional.retain(|_, candidates| !candidates.is_empty());
        for (character, more) in sources.characters("targets/Candidates")? {
            to_traditional.entry(character).or_default().extend(more);
        }
        let mut to_simplified = sources.characters("TSCharacters")?;
        let compatibility = sources.characters("CJK_Compatibility_Ideographs")?;
        to_simplified.extend(sources.characters("targets/SimplifiedCandidates")?);
        if !is_traditional {
            to_simplified.extend(sources.characters("targets/SimplifiedVariants")?);
        }
        // A region's own shapes that OpenCC makes Simplified of by way of its standard (衞, 衛, 卫).
        for region in ["TW", "HK"] {
            for (standard, shapes) in Variants::new(sources, region)?.opencc {
                let simplified = to_simplified.get(&standard).map_or(standard, |values| values[0]);
                for shape in shapes {
                    if shape != simplified && !to_traditional.contains_key(&shape) {
                        to_simplified.entry(shape).or_insert_with(|| vec![simplified]);
                    }
                }
            }
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
        let more: &[&str] =
            if is_traditional { &["targets/Classes"] } else { &["targets/Classes", "targets/SimplifiedClasses"] };
        for name in more {
            for (character, values) in sources.characters(name)? {
                classes.insert(character, values[0]);
            }
        }
        // What Simplified characters become that nothing becomes (讬, 託), or that have a class of their own (昵, 暱).
        let mut rare = BTreeSet::new();
        for (&character, values) in to_traditional.iter().filter(|(character, values)| !values.contains(character)) {
            let (own, other) = (classes.of(character), classes.of(values[0]));
            if own != other && other == values[0] {
                classes.insert(other, own);
            } else if own != other {
                classes.insert(own, other);
                rare.insert(character);
            }
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
        let hong_kong = sources.characters("targets/HKCandidates")?;
        Ok(Characters {
            to_traditional,
            more,
            hong_kong,
            to_simplified,
            compatibility,
            classes,
            rare,
            cantonese,
            forms,
        })
    }

    /// The candidates of each class on the target's side.
    pub(super) fn candidates(&self, target: Target) -> BTreeMap<char, Vec<char>> {
        let mut candidates: BTreeMap<char, Vec<char>> = BTreeMap::new();
        let (onto, from) = match target.is_traditional() {
            true => (&self.to_traditional, &self.to_simplified),
            false => (&self.to_simplified, &self.to_traditional),
        };
        for (&character, values) in onto.iter().filter(|(character, _)| !self.rare.contains(character)) {
            let known = candidates.entry(self.classes.of(character)).or_default();
            // The one that a class is named after comes first on its own.
            for &value in values.iter().filter(|value| !self.rare.contains(value)) {
                if !known.contains(&value) && self.classes.of(value) == self.classes.of(character) {
                    known.push(value);
                }
            }
        }
        for (&character, more) in self.more.iter().filter(|_| target.is_traditional()) {
            candidates.entry(self.classes.of(character)).or_default().extend(more);
        }
        for (&character, more) in self.hong_kong.iter().filter(|_| target.is_traditional()) {
            let known = candidates.entry(self.classes.of(character)).or_default();
            for &value in more {
                if !known.contains(&value) {
                    known.push(value);
                }
            }
        }
        for (&character, values) in from.iter().filter(|(character, _)| !self.rare.contains(character)) {
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

    /// A text in Simplified, character by character.
    pub(super) fn simplified(&self, text: &str) -> String {
        let one = |character: char| self.to_simplified.get(&character).map_or(character, |values| values[0]);
        text.chars().map(one).collect()
    }

    /// Whether a character is of the other script alone.
    pub(super) fn is_foreign(&self, target: Target, character: char) -> bool {
        let onto = if target.is_traditional() { &self.to_traditional } else { &self.to_simplified };
        let is_decided = target == Target::HongKong && self.hong_kong.contains_key(&character);
        !is_decided && onto.get(&character).is_some_and(|values| !values.contains(&character))
    }
}

/// The classes of characters, as the dictionaries give them.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    folds: BTreeMap<char, char>,
}

impl Classes {
    pub(super) fn insert(&mut self, character: char, class: char) {
        if character != class {
            self.folds.insert(character, class);
        }
    }

    /// The Simplified character that a character's class is named after.
    pub(super) fn of(&self, character: char) -> char {
        let mut class = character;
        // Chains are short; a circle, which no dictionary should make, ends all the same.
        for _ in 0..4 {
            match self.folds.get(&class) {
                Some(&next) => class = next,
                None => break,
            }
        }
        class
    }

    pub(super) fn code(&self, character: char) -> Class {
        class(u32::from(self.of(character)))
    }

    pub(super) fn codes(&self, text: &str) -> Vec<Class> {
        text.chars().map(|character| self.code(character)).collect()
    }
}

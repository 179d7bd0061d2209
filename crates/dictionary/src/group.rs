use crate::{Dictionary, Search};

/// A dictionary, or a group of them that is searched as one, by one of OpenCC's match policies. Groups nest.
#[derive(Clone, Debug)]
pub enum Group {
    /// One dictionary.
    Dictionary(Dictionary),
    /// The first child with any hit wins, even where a later one has a longer hit.
    ShortCircuit(Vec<Group>),
    /// The longest hit of all children wins; of equally long ones, the earlier child's.
    Union(Vec<Group>),
}

impl Group {
    /// Searches for the entry that the beginning of `text` matches.
    #[inline]
    #[must_use]
    pub fn search(&self, text: &str) -> Search<'_> {
        match self {
            Group::Dictionary(dictionary) => dictionary.longest_match(text),
            Group::ShortCircuit(children) => {
                let mut open = false;
                for child in children {
                    let search = child.search(text);
                    open |= search.open;
                    if search.found.is_some() {
                        return Search { open, ..search };
                    }
                }
                Search { found: None, open }
            }
            Group::Union(children) => {
                let mut longest = Search { found: None, open: false };
                for child in children {
                    let search = child.search(text);
                    longest.open |= search.open;
                    if search.found.map_or(0, |found| found.len) > longest.found.map_or(0, |found| found.len) {
                        longest.found = search.found;
                    }
                }
                longest
            }
        }
    }

    /// Converts a whole text by the group alone: at each place the longest match is replaced by its first candidate, and a
    /// character that no key begins with is copied.
    ///
    /// ```
    /// use fanjian_dictionary::{Dictionary, Group};
    ///
    /// let group = Group::Dictionary(Dictionary::from_text("mine", "头发\t頭髮\n头\t頭\n")?);
    /// assert_eq!(group.convert("头发和头"), "頭髮和頭");
    /// # Ok::<(), fanjian_dictionary::Error>(())
    /// ```
    #[must_use]
    pub fn convert(&self, text: &str) -> String {
        let mut converted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let len = match self.search(rest).found {
                Some(found) => {
                    converted.push_str(found.first());
                    found.len
                }
                None => {
                    converted.push(character);
                    character.len_utf8()
                }
            };
            rest = &rest[len..];
        }
        converted
    }

    /// Whether another group finds the same in every text, by its structure: a group of one is as its only member.
    #[must_use]
    pub fn finds_as(&self, other: &Group) -> bool {
        match (self, other) {
            (Group::ShortCircuit(children) | Group::Union(children), other) if children.len() == 1 => {
                children[0].finds_as(other)
            }
            (_, Group::ShortCircuit(children) | Group::Union(children)) if children.len() == 1 => {
                self.finds_as(&children[0])
            }
            (Group::Dictionary(dictionary), Group::Dictionary(other)) => dictionary.has_entries_of(other),
            (Group::ShortCircuit(children), Group::ShortCircuit(others))
            | (Group::Union(children), Group::Union(others)) => all_find_as(children, others),
            _ => false,
        }
    }

    /// How many times as long a text becomes at most by [`convert`](Group::convert).
    #[must_use]
    pub fn growth(&self) -> u64 {
        self.dictionaries().into_iter().map(Dictionary::growth).max().unwrap_or(1)
    }

    /// The dictionaries of the group, in the order in which they are searched.
    pub fn dictionaries(&self) -> Vec<&Dictionary> {
        match self {
            Group::Dictionary(dictionary) => vec![dictionary],
            Group::ShortCircuit(children) | Group::Union(children) => {
                children.iter().flat_map(Group::dictionaries).collect()
            }
        }
    }
}

/// Whether the groups of one list find what those of the other do, each at its place.
pub(crate) fn all_find_as(groups: &[Group], others: &[Group]) -> bool {
    groups.len() == others.len() && groups.iter().zip(others).all(|(group, other)| group.finds_as(other))
}

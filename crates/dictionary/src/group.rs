use crate::{Dictionary, Value};

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

/// An entry whose key a text begins with.
#[derive(Clone, Copy, Debug)]
pub struct Found<'g> {
    /// The key's length in bytes.
    pub len: usize,
    /// The dictionary that holds the entry.
    pub dictionary: &'g Dictionary,
    value: Value,
}

impl<'g> Found<'g> {
    /// The entry's first candidate: what a conversion puts in the key's place.
    pub fn first(&self) -> &'g str {
        self.dictionary.first(self.value)
    }

    /// All candidates, the first one first.
    pub fn candidates(&self) -> impl Iterator<Item = &'g str> + use<'g> {
        self.dictionary.candidates(self.value)
    }
}

/// What [`Group::search`] found.
#[derive(Clone, Copy, Debug)]
pub struct Search<'g> {
    /// The entry that the match policies choose, if any.
    pub found: Option<Found<'g>>,
    /// Whether the whole text begins a key: with more text behind it, the answer could be another.
    pub open: bool,
}

impl Group {
    /// Searches for the entry that the beginning of `text` matches.
    #[inline]
    pub fn search(&self, text: &str) -> Search<'_> {
        match self {
            Group::Dictionary(dictionary) => {
                let lookup = dictionary.longest_match(text);
                let found = lookup.hit.map(|hit| Found { len: hit.len, dictionary, value: hit.value });
                Search { found, open: lookup.open }
            }
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

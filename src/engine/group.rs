use fanjian_dictionary::{Dictionary, Value};

/// A dictionary, or a group of them that is searched as one. Groups nest.
#[derive(Clone, Debug)]
pub(crate) enum Group {
    Dictionary(Dictionary),
    /// The first child with any hit wins, even where a later one has a longer hit.
    ShortCircuit(Vec<Group>),
    /// The longest hit of all children wins; of equally long ones, the earlier child's.
    Union(Vec<Group>),
}

/// An entry whose key a text begins with.
#[derive(Clone, Copy)]
pub(crate) struct Found<'g> {
    /// The key's length in bytes.
    pub(crate) len: usize,
    pub(crate) dictionary: &'g Dictionary,
    value: Value,
}

impl<'g> Found<'g> {
    /// What the conversion puts in the key's place.
    pub(crate) fn first(&self) -> &'g str {
        self.dictionary.first(self.value)
    }

    pub(crate) fn candidates(&self) -> impl Iterator<Item = &'g str> + use<'g> {
        self.dictionary.candidates(self.value)
    }
}

/// What a search found, and whether more text could change it.
pub(crate) struct Search<'g> {
    pub(crate) found: Option<Found<'g>>,
    pub(crate) open: bool,
}

impl Group {
    /// Searches for the entry that the beginning of `text` matches.
    #[inline]
    pub(crate) fn search(&self, text: &str) -> Search<'_> {
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
    pub(crate) fn dictionaries(&self) -> Vec<&Dictionary> {
        match self {
            Group::Dictionary(dictionary) => vec![dictionary],
            Group::ShortCircuit(children) | Group::Union(children) => {
                children.iter().flat_map(Group::dictionaries).collect()
            }
        }
    }
}

//! Texts that ask the most of a converter, made from the keys of dictionaries: nothing in them can be passed over, and
//! most of what looks like a key is none. Used by the benchmark and by `cargo xtask instructions`.

use fastrand::Rng;

/// Makes the next piece of a text.
pub(crate) type Piece = fn(&Keys, &mut Rng) -> String;

/// The kinds of text, by name.
pub(crate) const KINDS: [(&str, Piece); 6] = [
    ("one key", |keys, _| keys.longest.clone()),
    ("keys", |keys, random| keys.any(random).to_owned()),
    ("near misses", near_miss),
    ("first characters", |keys, random| keys.any(random).chars().take(1).collect()),
    ("one character", |keys, _| keys.most_frequent_first.clone()),
    // Each is the beginning of a sequence that the rest of the text makes too deep.
    ("description operators", |_, _| "⿰".to_owned()),
];

/// The keys of dictionaries.
pub(crate) struct Keys {
    all: Vec<String>,
    longest: String,
    /// The character that the most keys begin with.
    most_frequent_first: String,
}

impl Keys {
    /// The keys of the built-in dictionaries of these names, in their order.
    pub(crate) fn of(names: &[&str]) -> Keys {
        let dictionaries = fanjian::builtin_dictionaries().filter(|dictionary| names.contains(&dictionary.name()));
        let entries: Vec<_> = dictionaries.map(|dictionary| dictionary.to_entries()).collect();
        let all: Vec<_> = entries.iter().flat_map(|entries| entries.iter().map(|(key, _)| key.to_owned())).collect();
        let mut firsts: Vec<char> = all.iter().filter_map(|key| key.chars().next()).collect();
        firsts.sort_unstable();
        let most = firsts.chunk_by(|left, right| left == right).max_by_key(|group| group.len());
        Keys {
            longest: all.iter().max_by_key(|key| key.len()).cloned().unwrap_or_default(),
            most_frequent_first: most.into_iter().flatten().take(1).collect(),
            all,
        }
    }

    /// A text of such pieces, of about this number of bytes: always the same.
    pub(crate) fn text(&self, piece: Piece, bytes: usize) -> String {
        let mut random = Rng::with_seed(1);
        let mut text = String::with_capacity(bytes + 128);
        while text.len() < bytes {
            text += &piece(self, &mut random);
        }
        text
    }

    fn any(&self, random: &mut Rng) -> &str {
        &self.all[random.usize(..self.all.len())]
    }
}

/// A key of four characters or more, without its last one.
fn near_miss(keys: &Keys, random: &mut Rng) -> String {
    let key = keys.any(random);
    match key.char_indices().next_back() {
        Some((last, _)) if key.chars().nth(3).is_some() => key[..last].to_owned(),
        _ => String::new(),
    }
}

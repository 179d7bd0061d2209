//! A search for many words at once (Aho and Corasick, 1975), in time in proportion to the words and the text.

use std::{collections::HashMap, iter, ops::Range};

/// The words that are searched, as states that are reached by the characters of words: the first one by none.
pub(crate) struct Words {
    /// The state behind a state and a character.
    next: HashMap<(u32, char), u32>,
    states: Vec<State>,
}

#[derive(Default)]
struct State {
    parent: u32,
    character: char,
    depth: u32,
    /// The number and the bytes of the word that ends here.
    word: Option<(usize, usize)>,
    /// The state of the longest beginning of a word that the characters of this one end with.
    behind: u32,
    /// The nearest one of these that a word ends at. 0: none.
    shorter: u32,
}

impl Words {
    /// Of different words, none of which is empty.
    pub(crate) fn new(words: &[&str]) -> Words {
        let mut found = Words { next: HashMap::new(), states: vec![State::default()] };
        for (number, word) in words.iter().enumerate() {
            let mut state = 0;
            for character in word.chars() {
                let new = u32::try_from(found.states.len()).expect("a workbook has fewer than 2^32 characters");
                let depth = found.states[state as usize].depth + 1;
                let parent = state;
                state = *found.next.entry((state, character)).or_insert_with(|| {
                    found.states.push(State { parent, character, depth, ..State::default() });
                    new
                });
            }
            found.states[state as usize].word = Some((number, word.len()));
        }
        let mut by_depth: Vec<usize> = (1..found.states.len()).collect();
        by_depth.sort_by_key(|&state| found.states[state].depth);
        for state in by_depth {
            let State { parent, character, depth, .. } = found.states[state];
            let behind = if depth == 1 { 0 } else { found.after(found.states[parent as usize].behind, character) };
            let other = &found.states[behind as usize];
            let shorter = if other.word.is_some() { behind } else { other.shorter };
            (found.states[state].behind, found.states[state].shorter) = (behind, shorter);
        }
        found
    }

    /// The state after another one and a character.
    fn after(&self, mut state: u32, character: char) -> u32 {
        loop {
            match self.next.get(&(state, character)) {
                Some(next) => return *next,
                None if state == 0 => return 0,
                None => state = self.states[state as usize].behind,
            }
        }
    }

    /// The numbers of the words in a text and their places, by the ends of these. They may overlap.
    pub(crate) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        let mut state = 0;
        text.char_indices().flat_map(move |(at, character)| {
            state = self.after(state, character);
            let end = at + character.len_utf8();
            let ending = iter::successors(Some(state), |&state| Some(self.states[state as usize].shorter));
            let words = ending.take_while(|&state| state != 0).filter_map(|state| self.states[state as usize].word);
            words.map(move |(number, len)| (number, end - len..end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_are() {
        let words = ["头发", "发", "发现", "头发现在", "现在", "aa", "a", "头头是道"];
        let found = Words::new(&words);
        for text in ["", "头", "头发现在", "头头发现发", "头头头是道发", "aaa头a", "头发头发现", "道是头"]
        {
            let mut expected: Vec<_> = (0..text.len())
                .filter(|&at| text.is_char_boundary(at))
                .flat_map(|at| words.iter().enumerate().map(move |(number, word)| (number, at, *word)))
                .filter(|(_, at, word)| text[*at..].starts_with(word))
                .map(|(number, at, word)| (number, at..at + word.len()))
                .collect();
            let mut all: Vec<_> = found.find(text).collect();
            assert!(all.is_sorted_by_key(|(_, range)| range.end), "{text}");
            all.sort_by_key(|(number, range)| (range.start, *number));
            expected.sort_by_key(|(number, range)| (range.start, *number));
            assert_eq!(all, expected, "{text}");
        }
    }
}

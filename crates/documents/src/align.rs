//! Where the characters of a converted text come from.

use std::ops::Range;

use fanjian::Segment;

/// What each character of a text becomes, and which became something together.
#[derive(Debug, Default)]
pub(crate) struct Alignment {
    /// For each character of the text, bytes of the converted text: no bytes, if another character has what became of both.
    /// None: the character stays, whatever the conversion made of it.
    pub(crate) outputs: Vec<Option<Range<usize>>>,
    /// The ranges of characters that became a text of another length: it is at the first of them.
    pub(crate) resized: Vec<Range<usize>>,
}

impl Alignment {
    /// Of texts with the same number of characters, of which none has changed its place. None if they have not.
    ///
    /// `edges` are the numbers of characters before which a piece begins. Two words whose lengths changed can have the
    /// length of the old ones together: then the characters between them differ, too, across an edge or as one of ASCII and
    /// one beyond it, and the answer is None.
    pub(crate) fn by_place(old: &str, new: &str, edges: &[usize]) -> Option<Alignment> {
        let mut alignment = Alignment::default();
        let (mut at, mut news, mut last_differs) = (0, new.chars(), false);
        let mut edges = edges.iter().copied().peekable();
        for (index, old) in old.chars().enumerate() {
            let new = news.next()?;
            // Pieces without characters begin where the next one does.
            let mut is_edge = false;
            while edges.next_if_eq(&index).is_some() {
                is_edge = true;
            }
            let differs = old != new;
            if differs && (is_edge && last_differs || old.is_ascii() != new.is_ascii()) {
                return None;
            }
            last_differs = differs;
            alignment.outputs.push(Some(at..at + new.len_utf8()));
            at += new.len_utf8();
        }
        news.next().is_none().then_some(alignment)
    }

    /// By the segments of the conversion, whose outputs make up the converted text.
    pub(crate) fn by_segments(text: &str, segments: &[Segment]) -> Alignment {
        let mut alignment = Alignment::default();
        let mut at = 0;
        for segment in segments {
            alignment.add(&text[segment.source.clone()], &segment.output, at);
            at += segment.output.len();
        }
        alignment
    }

    /// Of the whole texts: what they do not begin and end with in common is one change.
    pub(crate) fn whole(old: &str, new: &str) -> Alignment {
        let mut alignment = Alignment::default();
        alignment.add(old, new, 0);
        alignment
    }

    /// Adds a part of the text, whose output begins at this byte of the converted text.
    pub(crate) fn add(&mut self, old: &str, new: &str, at: usize) {
        if let Some(by_place) = Alignment::by_place(old, new, &[]) {
            let moved = |range: Range<usize>| range.start + at..range.end + at;
            self.outputs.extend(by_place.outputs.into_iter().map(|range| range.map(moved)));
            return;
        }
        let olds: Vec<char> = old.chars().collect();
        let news: Vec<char> = new.chars().collect();
        let shorter = olds.len().min(news.len());
        let mut front = olds.iter().zip(&news).take_while(|(old, new)| old == new).count();
        let same_behind = olds.iter().rev().zip(news.iter().rev()).take_while(|(old, new)| old == new).count();
        let mut behind = same_behind.min(shorter - front);
        // An insertion belongs to the character before it; or, at the beginning, to the one behind it.
        if front + behind == olds.len() {
            if front > 0 {
                front -= 1;
            } else if behind > 0 {
                behind -= 1;
            } else {
                return;
            }
        }
        let mut end = at;
        let mut next = |characters: &[char]| {
            let start = end;
            end += characters.iter().map(|character| character.len_utf8()).sum::<usize>();
            Some(start..end)
        };
        self.outputs.extend(news[..front].iter().map(|&character| next(&[character])));
        let first = self.outputs.len();
        self.outputs.push(next(&news[front..news.len() - behind]));
        let nothing = next(&[]);
        self.outputs.extend((front + behind + 1..olds.len()).map(|_| nothing.clone()));
        self.resized.push(first..self.outputs.len());
        self.outputs.extend(news[news.len() - behind..].iter().map(|&character| next(&[character])));
    }

    /// Leaves these characters as they are, and with them what became something together with one of them.
    pub(crate) fn freeze(&mut self, mut range: Range<usize>) {
        let first = self.resized.partition_point(|resized| resized.end <= range.start);
        let end = range.end;
        for resized in self.resized[first..].iter().take_while(|resized| resized.start < end) {
            range = range.start.min(resized.start)..range.end.max(resized.end);
        }
        self.outputs[range].fill(None);
    }

    /// The text of which each character is what became of it, or has stayed.
    pub(crate) fn text(&self, old: &str, new: &str) -> String {
        let mut text = String::with_capacity(new.len());
        for (character, output) in old.chars().zip(&self.outputs) {
            match output {
                Some(output) => text.push_str(&new[output.clone()]),
                None => text.push(character),
            }
        }
        text
    }

    /// Leaves no piece of the group without a character, where markup around nothing would be other markup: `**词**` without
    /// its word. Such a piece gets a character of the text that became of it and others; or, if there are fewer characters
    /// than pieces, all of them stay.
    pub(crate) fn fill(&mut self, edges: &[usize], new: &str) {
        for index in 0..self.resized.len() {
            let range = self.resized[index].clone();
            let Some(output) = self.outputs[range.start].clone() else { continue };
            // The pieces that are in the range: they begin behind its first character.
            let begin = edges.partition_point(|&edge| edge <= range.start);
            let within = &edges[begin..edges.partition_point(|&edge| edge < range.end)];
            let behind = edges.get(begin + within.len()).copied().unwrap_or(self.outputs.len());
            let ends = within.iter().skip(1).copied().chain([behind]);
            let pieces = within.iter().copied().zip(ends);
            let emptied = pieces.filter(|&(start, end)| start < end && end <= range.end);
            let emptied: Vec<usize> = emptied.map(|(start, _)| start).collect();
            let places: Vec<usize> = new[output.clone()].char_indices().map(|(at, _)| output.start + at).collect();
            let Some(kept) = places.len().checked_sub(emptied.len()).filter(|&kept| kept > 0) else {
                if !emptied.is_empty() {
                    self.freeze(range);
                }
                continue;
            };
            let end = |at: usize| places.get(at).copied().unwrap_or(output.end);
            self.outputs[range.start] = Some(output.start..end(kept));
            for (at, start) in emptied.into_iter().enumerate() {
                self.outputs[start] = Some(end(kept + at)..end(kept + at + 1));
            }
        }
    }

    /// How many texts of another length became of characters on both sides of an edge.
    pub(crate) fn moved(&self, edges: &[usize]) -> usize {
        let is_moved = |range: &&Range<usize>| {
            let next = edges.partition_point(|&edge| edge <= range.start);
            self.outputs[range.start].is_some() && edges.get(next).is_some_and(|&edge| edge < range.end)
        };
        self.resized.iter().filter(is_moved).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of each character.
    fn shown(alignment: &Alignment, old: &str, new: &str) -> Vec<String> {
        assert_eq!(alignment.outputs.len(), old.chars().count());
        alignment.outputs.iter().map(|range| new[range.clone().unwrap()].to_owned()).collect()
    }

    #[test]
    fn texts_of_the_same_length_are_aligned_by_place() {
        // A run of changes across an edge needs the segments.
        assert!(Alignment::by_place("她的头发", "她的頭髮", &[3]).is_none());
        let alignment = Alignment::by_place("她的头发", "她的頭髮", &[2]).unwrap();
        assert_eq!(shown(&alignment, "她的头发", "她的頭髮"), ["她", "的", "頭", "髮"]);
        // Pieces that begin at the same character do not hide the edges behind them.
        assert!(Alignment::by_place("她的头发", "她的頭髮", &[0, 2, 2, 3]).is_none());
        assert!(Alignment::by_place("软件包**用户", "套件**使用者", &[3, 4]).is_none());
        assert!(Alignment::by_place("头", "頭髮", &[]).is_none() && Alignment::by_place("头发", "頭", &[]).is_none());
    }

    #[test]
    fn a_change_of_length_is_at_its_first_character() {
        let cases: [(&str, &str, &[&str]); 6] = [
            ("软件包", "軟體", &["軟體", "", ""]),
            ("用户界面", "使用者介面", &["使用者介", "", "", "面"]),
            ("AB", "AxB", &["Ax", "B"]),
            ("B", "xB", &["xB"]),
            ("AB", "A", &["A", ""]),
            ("AA", "A", &["A", ""]),
        ];
        for (old, new, expected) in cases {
            let alignment = Alignment::whole(old, new);
            assert_eq!(shown(&alignment, old, new), expected, "{old}");
            assert_eq!(alignment.resized.len(), 1, "{old}");
        }
    }

    #[test]
    fn pieces_can_be_filled() {
        let cases: [(&str, &str, &[usize], &[&str]); 5] = [
            ("用户", "使用者", &[0, 1], &["使用", "者"]),
            ("用户界面", "使用者介面", &[0, 1, 2], &["使用者", "介", "", "面"]),
            ("软件包", "軟體", &[0, 1, 2], &["", "", ""]),
            ("软件包", "軟體", &[0, 1], &["軟", "體", ""]),
            ("软件包", "軟體", &[0], &["軟體", "", ""]),
        ];
        for (old, new, edges, expected) in cases {
            let mut alignment = Alignment::whole(old, new);
            alignment.fill(edges, new);
            let outputs = alignment.outputs.iter().map(|range| range.clone().map_or("", |range| &new[range]));
            assert_eq!(outputs.collect::<Vec<_>>(), expected, "{old} {edges:?}");
        }
    }
}

//! Where the edges of a group's pieces are in its converted text, by the conversion of the text around each of them.

use fanjian::Converter;

use crate::align::Alignment;

/// How many characters behind an edge are looked at for the end of its window, at first.
const AHEAD: usize = 4;

/// Finds the edges of pieces in converted texts.
///
/// Between two places that nothing reaches across, a window is converted as it is in the whole text, and has the same segments.
/// Those of the whole text cost much more.
pub(crate) struct Windows<'c> {
    converter: &'c Converter,
    /// Memory that one group leaves to the next.
    converted: String,
    ends: Vec<usize>,
    edges: Vec<usize>,
}

impl<'c> Windows<'c> {
    /// None if the conversion has no such places but those behind line feeds, or depends on all of the text before them.
    pub(crate) fn new(converter: &'c Converter) -> Option<Windows<'c>> {
        // Built-in configurations have one between spaces, and others do not.
        converter.boundary("  ")?;
        Some(Windows { converter, converted: String::new(), ends: Vec::new(), edges: Vec::new() })
    }

    /// Where pieces that end at these bytes of a text end in the converted text, and how many texts of another length became of
    /// characters on both sides of an end. The last piece ends with the text. None if it is not known.
    pub(crate) fn align(
        &mut self,
        old: &str,
        new: &str,
        old_ends: impl Iterator<Item = usize>,
    ) -> Option<(&[usize], usize)> {
        self.ends.clear();
        let (mut at, mut new_at, mut moved) = (0, 0, 0);
        let mut old_ends = old_ends.filter(|&end| end < old.len()).peekable();
        while let Some(end) = old_ends.next() {
            let start = self.start(old, end).max(at);
            self.converted.clear();
            self.converter.convert_into(&old[at..start], &mut self.converted);
            new_at += new[new_at..].strip_prefix(self.converted.as_str()).map(|_| self.converted.len())?;
            if start == end {
                at = end;
                self.ends.push(new_at);
                continue;
            }
            let text = &old[start..self.end(old, end)];
            let segments = self.converter.segments(text);
            let mut rest = &new[new_at..];
            for segment in &segments {
                // What has become of nothing belongs to no character.
                let is_of_text = !segment.source.is_empty() || segment.output.is_empty();
                rest = rest.strip_prefix(segment.output.as_str()).filter(|_| is_of_text)?;
            }
            let new_end = new.len() - rest.len();
            let alignment = Alignment::by_segments(text, &segments);
            self.edges.clear();
            let (mut end, mut place, mut number) = (end, start, 0);
            loop {
                number += old[place..end].chars().count();
                place = end;
                self.edges.push(number);
                self.ends.push(match alignment.outputs.get(number) {
                    Some(output) => new_at + output.as_ref()?.start,
                    None => new_end,
                });
                match old_ends.next_if(|&next| next <= start + text.len()) {
                    Some(next) => end = next,
                    None => break,
                }
            }
            moved += alignment.moved(&self.edges);
            (at, new_at) = (start + text.len(), new_end);
        }
        self.ends.push(new.len());
        Some((&self.ends, moved))
    }

    /// The last place up to this one that nothing reaches across.
    fn start(&self, text: &str, at: usize) -> usize {
        let behind = text[at..].chars().next().map_or(at, |next| at + next.len_utf8());
        self.converter.boundary(&text[..behind]).unwrap_or(0)
    }

    /// A place from this one on that nothing reaches across.
    fn end(&self, text: &str, at: usize) -> usize {
        let mut ahead = AHEAD;
        while let Some((len, _)) = text[at..].char_indices().nth(ahead) {
            if let Some(end) = self.converter.boundary(&text[..at + len]).filter(|&end| end >= at) {
                return end;
            }
            ahead *= 2;
        }
        text.len()
    }
}

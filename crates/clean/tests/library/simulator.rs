//! A simulator of pages with readings inserted by bytes of GBK, which records the origin of each part.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use encoding_rs::GBK;
use fanjian::{Config, Converter};
use pinyin::ToPinyinMulti;

/// Reproducible pseudorandom numbers (Vigna's splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// A number from 0 to below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

/// A text in GBK, if it consists of ASCII and characters of two bytes.
pub(crate) fn gbk(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, has_failed) = GBK.encode(text);
    let expected: usize = text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
    (!has_failed && bytes.len() == expected).then(|| bytes.into_owned())
}

/// The glosses of a site: the bytes of a character, and its reading in parentheses. They are inserted one after the other.
pub(crate) type Glosses = Vec<([u8; 2], Vec<u8>)>;

/// The glosses of a site for an article: on `percent` of its characters that only Traditional text has, in any order.
pub(crate) fn site(article: &str, percent: usize, numbers: &mut Numbers) -> Glosses {
    let to_simplified = Converter::new(Config::T2s);
    let mut characters: Vec<char> = article.chars().collect::<BTreeSet<_>>().into_iter().collect();
    characters.retain(|&character| {
        let text = character.to_string();
        to_simplified.convert(&text) != text && numbers.below(100) < percent
    });
    for place in (1..characters.len()).rev() {
        characters.swap(place, numbers.below(place + 1));
    }
    let gloss = |character: char| {
        let reading = character.to_pinyin_multi()?.get(0).with_tone();
        Some((gbk(&character.to_string())?.try_into().ok()?, gbk(&format!("({reading})"))?))
    };
    characters.into_iter().filter_map(gloss).collect()
}

/// The treatment of a byte that begins a character, with ASCII behind it, by a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decoder {
    /// Both are replaced by a question mark.
    Eats,
    /// The ASCII is kept, as in browsers, behind a replacement character.
    Keeps,
}

/// A page, and the origin of its parts.
pub(crate) struct Page {
    /// The text of the page.
    pub(crate) text: String,
    /// The spans of undamaged glosses behind their characters.
    pub(crate) intact: Vec<Range<usize>>,
    /// The number of glosses that have torn two characters apart.
    pub(crate) torn: usize,
    article: Vec<u8>,
    /// For the beginning of each character of the text, and for the end, the place in the article.
    origins: BTreeMap<usize, usize>,
}

/// The origin of a byte of a page: its place in the article, or the character of its gloss.
type Byte = (u8, Result<usize, [u8; 2]>);

impl Page {
    /// Makes the page of an article, all of whose characters are in GBK.
    pub(crate) fn new(article: &str, site: &Glosses, decoder: Decoder) -> Page {
        let bytes = gbk(article).expect("articles are of characters that GBK has");
        let mut starts = vec![false; bytes.len()];
        let mut at = 0;
        for character in article.chars() {
            starts[at] = true;
            at += if character.is_ascii() { 1 } else { 2 };
        }
        let mut pairs: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (at, pair) in bytes.windows(2).enumerate() {
            pairs.entry(pair).or_default().push(at);
        }
        // The gloss behind each byte. Bytes with a gloss between them are no longer a pair.
        let mut behind: Vec<Option<usize>> = vec![None; bytes.len()];
        let mut torn = 0;
        for (index, (character, _)) in site.iter().enumerate() {
            let mut from = 0;
            for &at in pairs.get(&character[..]).into_iter().flatten() {
                if at >= from && behind[at].is_none() {
                    from = at + 2;
                    behind[at + 1] = Some(index);
                    torn += usize::from(!starts[at]);
                }
            }
        }
        let mut page: Vec<Byte> = Vec::new();
        for (at, (&byte, gloss)) in bytes.iter().zip(behind).enumerate() {
            page.push((byte, Ok(at)));
            if let Some((character, gloss)) = gloss.map(|index| &site[index]) {
                page.extend(gloss.iter().map(|&byte| (byte, Err(*character))));
            }
        }
        let mut made = Page { text: String::new(), intact: Vec::new(), torn, article: bytes, origins: BTreeMap::new() };
        made.read(&page, decoder);
        made
    }

    /// Reads the page as a decoder does.
    fn read(&mut self, page: &[Byte], decoder: Decoder) {
        let (mut at, mut come) = (0, 0);
        let mut gloss = None;
        self.origins.insert(0, 0);
        while at < page.len() {
            let (mut len, mut text) = match page[at].0 {
                byte if byte.is_ascii() => (1, char::from(byte).to_string()),
                // Browsers show it for this byte.
                0x80 => (1, "€".to_owned()),
                first => {
                    let pair = page.get(at + 1).map(|(second, _)| [first, *second]);
                    (2, pair.and_then(|pair| decoded(&pair)).unwrap_or_else(|| "?".to_owned()))
                }
            };
            if text == "?" && decoder == Decoder::Keeps && page.get(at + 1).is_none_or(|byte| byte.0.is_ascii()) {
                (len, text) = (1, "\u{fffd}".to_owned());
            }
            let part = &page[at..page.len().min(at + len)];
            match (part[0], gloss) {
                ((b'(', Err(character)), None)
                    if Some(self.text.chars().next_back()) == decoded(&character).map(|text| text.chars().next()) =>
                {
                    gloss = Some(self.text.len());
                }
                ((b')', Err(_)), Some(from)) => {
                    self.intact.push(from..self.text.len() + 1);
                    gloss = None;
                }
                _ => {}
            }
            self.text.push_str(&text);
            come = part.iter().filter_map(|(_, origin)| origin.ok()).max().map_or(come, |origin| origin + 1);
            self.origins.insert(self.text.len(), come);
            at += len;
        }
    }

    /// The text of the article at a span of the page. None if the span begins or ends within a character.
    pub(crate) fn original(&self, span: &Range<usize>) -> Option<String> {
        decoded(self.article.get(*self.origins.get(&span.start)?..*self.origins.get(&span.end)?)?)
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let (text, has_failed) = GBK.decode_without_bom_handling(bytes);
    (!has_failed).then(|| text.into_owned())
}

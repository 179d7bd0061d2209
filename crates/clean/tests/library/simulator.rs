//! Pages as sites make them that put readings behind characters by bytes of GBK; with a record of what each part was.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use encoding_rs::GBK;
use fanjian::{Config, Converter};
use pinyin::ToPinyinMulti;

/// Numbers that look like chance, and are the same each time (Vigna's splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// A number from 0 on.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

/// A text in GBK, if it is ASCII and characters of two bytes alone.
pub(crate) fn gbk(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, has_failed) = GBK.encode(text);
    let expected: usize = text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
    (!has_failed && bytes.len() == expected).then(|| bytes.into_owned())
}

/// A site's glosses: the bytes of a character, and its reading in parentheses. They are put in one after the other.
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

/// What becomes of a byte that begins a character, and of the ASCII behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decoder {
    /// Both are lost, and a question mark stands for them.
    Eats,
    /// The ASCII stays, as in browsers, behind a replacement character.
    Keeps,
}

/// A page, and where its parts come from.
pub(crate) struct Page {
    /// What a reader sees.
    pub(crate) text: String,
    /// Where whole glosses stand behind what they are for.
    pub(crate) intact: Vec<Range<usize>>,
    /// How many glosses have torn two characters apart.
    pub(crate) torn: usize,
    article: Vec<u8>,
    /// For the beginning of each character of the text, and its end, up to where the article has come.
    origins: BTreeMap<usize, usize>,
}

/// A byte of a page: where it stands in the article, or which character's gloss it belongs to.
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
        // Which gloss stands behind each byte. Bytes that have one between them are no pair any more.
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
                // What browsers show for this byte.
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

    /// What the article has where the page has this span of its text: nothing if it begins or ends within a character.
    pub(crate) fn original(&self, span: &Range<usize>) -> Option<String> {
        decoded(self.article.get(*self.origins.get(&span.start)?..*self.origins.get(&span.end)?)?)
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let (text, has_failed) = GBK.decode_without_bom_handling(bytes);
    (!has_failed).then(|| text.into_owned())
}

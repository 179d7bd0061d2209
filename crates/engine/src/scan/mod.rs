//! The loop that most of a text goes through: characters converted one by one.
//!
//! Text is taken in chunks of 64 bytes. The places where characters of three bytes begin are found for a whole chunk at once,
//! as a mask of bits, so that ASCII between them costs nothing, and no branch that a processor could guess wrongly.
//!
//! Of the characters of a chunk, those that change and the anchors of pairs (see `tables/anchors.rs`) become masks of bits, too. Then
//! each mask is worked off: pairs are looked up at anchors alone, and only characters that change are read from the table. So what a
//! text costs depends on it more than on the configuration. Of 600 kB of manuals, of which three characters in ten are ASCII, a byte
//! costs 13.6 instructions with `s2t` and 10.5 with `t2s` (in the other script), and 7.6 with `t2s` where nothing changes; where few
//! characters are notable (`t2tw`, `tw2t`, `t2hk`, `hk2t`) and vectors find them, 4.1 to 4.9 (callgrind). With masks of first bytes
//! alone it was 18.7, 12.2, 12.4, and 8.2 to 13.6. With `s2twp`, 22.8 after 28.5, a third of that is hits: in manuals one character in
//! eighteen is the second one of a word of the region. What did not help:
//!
//! - the mask by arithmetic on words of 64 bits rather than by `wide`'s vectors: 3 more, nine tenths of the speed;
//! - marking the beginning of each span on the way, without branches, rather than looking back for it;
//! - to ask what each character says of its pairs, and the filter only then: with `s2t` 3 % fewer instructions, but three quarters
//!   of the speed, since one in five is, and the processor's guesses go wrong;
//! - to ask the filter about each pair: 20 % more instructions with `s2t`;
//! - to take four characters side by side together, where there are four: in mixed text a guess goes wrong at the end of each run;
//! - to leave the loop for each hit: as many instructions with `s2twp` as without masks;
//! - the tables, the text and the place as one structure, which six functions have as parameters: 4 % more instructions with `t2tw`;
//! - blocks (in `fast.rs`) of 1 or 2 kB rather than 4.

use fanjian_dictionary::utf8::{self, Utf8};
use wide::u8x16;

use crate::{
    cache::Short,
    tables::{AsciiStops, Buckets, FusedTables, NotableWords, Pair},
};

pub(crate) mod vectors;

/// Where the loop stopped, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// At a character that may be in a non-compositional key together with the one before it, and is not special: at these two.
    Pair(Utf8, Utf8),
    /// At a character that may be anything: mostly one that becomes longer or shorter, or that is special.
    Other,
}

/// A pair of a non-compositional key in a text, perhaps: its characters, and the place of the right one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub(crate) at: usize,
    pub(crate) left: Utf8,
    pub(crate) right: Utf8,
}

/// What becomes of a hit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// It is none.
    Skip,
    /// The text up to this place is converted, and its output is so many bytes longer than it: shorter, if they wrap.
    Converted(usize, usize),
    Stop,
}

/// Output, with the place in the text that its beginning belongs to. As long as they are equally long, the others follow.
#[derive(Debug)]
pub(crate) struct Output<'o> {
    bytes: &'o mut [u8],
    from: usize,
}

impl Output<'_> {
    /// Puts `output` in the place of the output of `len` bytes of text from `span` on, behind which `rest` bytes remain to be
    /// converted. Returns how many bytes longer it is, which may wrap. None if the span begins before the output, or where there
    /// may be no room.
    #[inline(always)]
    pub(crate) fn replace(&mut self, span: usize, len: usize, rest: usize, output: Short) -> Option<usize> {
        let place = self.place(span)?;
        let new = output.len();
        if new != len {
            if place.len() < len.max(new) + rest.max(WRITTEN) {
                return None;
            }
            // What is written of the chunk, or more.
            place.copy_within(len..len + WRITTEN, new);
        } else if place.len() < len {
            return None;
        }
        output.put(place);
        Some(new.wrapping_sub(len))
    }

    /// Puts `output` there, if it has the length of the text. Returns whether it could be put there.
    #[inline]
    pub(crate) fn replace_same(&mut self, span: usize, len: usize, output: &[u8]) -> bool {
        match self.place(span).and_then(|place| place.get_mut(..len)) {
            Some(place) if output.len() == len => {
                place.copy_from_slice(output);
                true
            }
            _ => false,
        }
    }

    /// Where the output of the text from `span` on is. Its beginning wraps where the text has become longer.
    #[inline]
    fn place(&mut self, span: usize) -> Option<&mut [u8]> {
        self.bytes.get_mut(span.wrapping_sub(self.from)..)
    }
}

/// A part of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'t> {
    /// What is around it may be read, too.
    pub(crate) bytes: &'t [u8],
    /// The place that the output begins with.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Converts characters of `text` from `at` on to `out`, which has the output of what is before `at`, of the same length, and room for
/// the rest. Returns where it stopped, and why. `left` is the character before `at`. `convert` may put there what a hit becomes.
#[inline]
pub(crate) fn convert(
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    walk_by_best::<true, false>(tables, text, at, left, out, convert)
}

/// As [`convert`], of a text that is no longer than a chunk, from its beginning on, in tables that skip ASCII. It also stops at
/// characters of two bytes or four.
#[inline]
pub(crate) fn convert_chunk(
    tables: &FusedTables<'_>,
    text: Text<'_>,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> usize {
    walk_by_best::<true, true>(tables, text, text.start, Utf8::default(), out, convert).0
}

/// As [`convert`], but stops at any character that changes, and returns no reason.
#[inline]
pub(crate) fn same(tables: &FusedTables<'_>, text: &[u8], at: usize, left: Utf8) -> usize {
    let text = Text { bytes: text, start: at, end: text.len() };
    walk_by_best::<false, false>(tables, text, at, left, &mut [], &mut |_, _| Answer::Stop).0
}

/// How vectors look at a chunk: as every processor of a kind can, or better.
trait Scan: Copy {
    /// Which bytes of the chunk begin a character of three bytes, as bits, the first one lowest; and which begin one of two or four.
    fn first_bytes(self, window: &[u8; WINDOW]) -> (u64, u64);

    /// Which bytes of the chunk begin a character of these buckets, and perhaps more; nonsense for those that begin none of three
    /// bytes. None if it would be no faster than to ask for one character after the other.
    fn in_buckets(self, buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> Option<u64>;

    /// Which characters of three bytes, of those that `three` has, change, and which are anchors. None as above.
    #[inline(always)]
    fn notable(self, _: &NotableWords, _: &[u8; WINDOW], _three: u64) -> Option<[u64; 2]> {
        None
    }
}

/// For all processors.
#[derive(Clone, Copy, Debug)]
struct Portable;

impl Scan for Portable {
    #[inline(always)]
    fn first_bytes(self, window: &[u8; WINDOW]) -> (u64, u64) {
        let (mut three, mut all) = (0, 0);
        for (index, &bytes) in window[BEFORE..BEFORE + CHUNK].as_chunks().0.iter().enumerate() {
            let bytes = u8x16::new(bytes);
            let is_of_three = (bytes & u8x16::splat(0xf0)).simd_eq(u8x16::splat(0xe0));
            let is_first = (bytes & u8x16::splat(0xc0)).simd_eq(u8x16::splat(0xc0));
            three |= u64::from(is_of_three.to_bitmask()) << (16 * index);
            all |= u64::from(is_first.to_bitmask()) << (16 * index);
        }
        (three, all ^ three)
    }

    #[inline(always)]
    fn in_buckets(self, _: &Buckets<'_>, _: &[u8; WINDOW]) -> Option<u64> {
        None
    }
}

#[inline]
fn walk_by_best<const CHANGES: bool, const SHORT: bool>(
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    match tables.vectors() {
        Some(vectors) => vectors::walk::<CHANGES, SHORT>(vectors, tables, text, at, left, out, convert),
        None => walk_portable::<CHANGES, SHORT>(tables, text, at, left, out, convert),
    }
}

#[inline(never)]
fn walk_portable<const CHANGES: bool, const SHORT: bool>(
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    walk::<CHANGES, SHORT>(Portable, tables, text, at, left, out, convert)
}

/// Inlined where vectors are used, as all that it calls. If the text is `SHORT`, it is a chunk.
#[inline(always)]
fn walk<const CHANGES: bool, const SHORT: bool>(
    scan: impl Scan,
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    // The place of the text that the output would begin with if all of it had the length of the text.
    let Text { bytes, mut start, end } = text;
    if CHANGES && end.wrapping_sub(start) > out.len() {
        return (at, Stop::Other);
    }
    if SHORT && let Some(window) = window(bytes, at) {
        let place = Place { at, to: 0, from: start };
        let (done, _, stop) = chunk::<CHANGES>(scan, tables, window, end - at, place, out, convert);
        return (at + done, stop.unwrap_or(Stop::Other));
    } else if SHORT {
        return (at, Stop::Other);
    }
    // Where it has a window, a chunk is left.
    let text = &bytes[..bytes.len().min(end + BEHIND)];
    let skips_ascii = tables.skips_ascii();
    let (mut at, mut left) = (at, left);
    while at < end {
        // What the chunks take for the character before them has one byte or three.
        if skips_ascii && matches!(left.len(), 1 | 3) {
            let from = at;
            let mut len = CHUNK;
            while len >= CHUNK
                && let Some(window) = window(text, at)
            {
                let to = at.wrapping_sub(start);
                let out = if CHANGES { &mut *out } else { &mut [0; WRITTEN][..] };
                if CHANGES && out.len() - to < WRITTEN {
                    break;
                }
                let place = Place { at, to, from: start };
                let (done, from, stop) = chunk::<CHANGES>(scan, tables, window, CHUNK, place, out, convert);
                start = from;
                len = done;
                at += len;
                if let Some(stop) = stop {
                    return (at, stop);
                }
            }
            if len >= CHUNK && at < end {
                if at > from {
                    left = Utf8::before(text, at);
                }
                let (done, from, stop) =
                    last_chunk::<CHANGES>(scan, tables, Text { bytes, start, end }, at, left, out, convert);
                start = from;
                at += done;
                if let Some(stop) = stop {
                    return (at, stop);
                }
            }
            if at == end {
                break;
            }
            if at > from {
                left = Utf8::before(text, at);
                continue;
            }
        }
        let right = Utf8::at(text, at);
        let output = tables.map_char(right).filter(|output| output.len() == right.len());
        let Some(output) = output.filter(|&output| CHANGES || output == right) else { break };
        if tables.is_non_compositional(left, right) {
            break;
        }
        if CHANGES {
            let to = at.wrapping_sub(start);
            out[to..to + right.len()].copy_from_slice(&output.bytes().to_le_bytes()[..right.len()]);
        }
        left = right;
        at += right.len();
    }
    (at, Stop::Other)
}

/// The bytes that are converted together; and those before and behind them that are looked at.
pub(crate) const CHUNK: usize = 64;
const BEFORE: usize = 4;
const BEHIND: usize = 8;
const WINDOW: usize = BEFORE + CHUNK + BEHIND;
/// The bytes that are written, of which those behind the last character are not to be used.
const WRITTEN: usize = CHUNK + 4;

/// The bytes of a chunk and around it, if they are there.
#[inline(always)]
fn window(text: &[u8], at: usize) -> Option<&[u8; WINDOW]> {
    text.get(at.checked_sub(BEFORE)?..)?.first_chunk()
}

/// As [`chunk`], where less than a chunk is left, or bytes around it are missing, or room for its output.
#[inline(always)]
fn last_chunk<const CHANGES: bool>(
    scan: impl Scan,
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, usize, Option<Stop>) {
    let Text { bytes, start, end } = text;
    let text = &bytes[at..end];
    let len = utf8::floor(text, CHUNK);
    let mut copied;
    let window = match window(bytes, at) {
        Some(window) => window,
        None => {
            copied = [0; WINDOW];
            let before = left.bytes() << (8 * (BEFORE - left.len()));
            copied[..BEFORE].copy_from_slice(&before.to_le_bytes());
            copy(&text[..len], &mut copied[BEFORE..BEFORE + len]);
            &copied
        }
    };
    let to = at.wrapping_sub(start);
    if !CHANGES || out.len() - to >= WRITTEN {
        return chunk::<CHANGES>(scan, tables, window, len, Place { at, to, from: start }, out, convert);
    }
    let mut converted = [0; WRITTEN];
    // There is no room here for output that is longer or shorter.
    let place = Place { at, to: 0, from: at };
    let (done, _, stop) = chunk::<CHANGES>(scan, tables, window, len, place, &mut converted, convert);
    copy(&converted[..done], &mut out[to..to + done]);
    (done, start, stop)
}

/// Copies bytes, those of a chunk or fewer by vectors that overlap: a call of a function that copies any number costs short texts more.
#[inline(always)]
pub(crate) fn copy(from: &[u8], to: &mut [u8]) {
    let is_done = copy_ends::<32>(from, to) || copy_ends::<16>(from, to) || copy_ends::<8>(from, to);
    if !is_done {
        to.copy_from_slice(from);
    }
}

/// Copies the first and the last bytes, so many each, if they are all.
#[inline(always)]
fn copy_ends<const LEN: usize>(from: &[u8], to: &mut [u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<LEN>(), from.last_chunk::<LEN>()) else { return false };
    if from.len() > 2 * LEN || to.len() != from.len() {
        return false;
    }
    let (first, last) = (*first, *last);
    if let Some(to) = to.first_chunk_mut() {
        *to = first;
    }
    if let Some(to) = to.last_chunk_mut() {
        *to = last;
    }
    true
}

/// A place of the text, where its output goes, and the place that the output begins with.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    to: usize,
    from: usize,
}

/// Converts the characters of a chunk as far as they have one byte or three, and the last one to its end. `len` is the length of
/// what is to be converted, which may be less than a chunk if it ends with a character. Returns how much is converted, the place
/// that the output begins with from now on, and why it stopped.
#[inline(always)]
fn chunk<const CHANGES: bool>(
    scan: impl Scan,
    tables: &FusedTables<'_>,
    window: &[u8; WINDOW],
    len: usize,
    place: Place,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, usize, Option<Stop>) {
    let Place { at, mut to, mut from } = place;
    if CHANGES {
        out[to..to + WRITTEN].copy_from_slice(&window[BEFORE..BEFORE + WRITTEN]);
    }
    let (mut three, mut others) = scan.first_bytes(window);
    if let Some(stops) = tables.ascii_stops() {
        others |= ascii_stops(stops, window);
    }
    if len < CHUNK {
        let within = (1 << len) - 1;
        three &= within;
        others &= within;
    }
    let mut len = len;
    if others != 0 {
        len = others.trailing_zeros() as usize;
        three &= (1 << len) - 1;
    } else if len == CHUNK {
        len = len.max(CHUNK + 2 - three.leading_zeros() as usize);
    }
    let [mut changing, anchors] = notable(scan, tables, window, three);
    let mut hits = hits(tables, window, three, anchors);
    if changing | hits == 0 {
        return (len, from, None);
    }
    loop {
        // All characters up to one that is not to be had from the table alone, then all hits up to there, which write over them: a hit
        // between would end the processor's guess of how many there are.
        let general = loop {
            if changing == 0 {
                break None;
            }
            let place = changing.trailing_zeros();
            let bytes = behind::<0>(window, place);
            let character = tables.three_bytes(bytes);
            if character.is_general() || !CHANGES {
                break Some(place);
            }
            changing &= changing - 1;
            let out = out.get_mut(to.wrapping_add(place as usize)..).and_then(|rest| rest.first_chunk_mut());
            *out.expect("four bytes are behind the chunk") = (bytes ^ character.bits()).to_le_bytes();
        };
        let mut now = hits & general.map_or(u64::MAX, |place| (1 << place) - 1);
        hits &= !now;
        while now != 0 {
            let place = now.trailing_zeros();
            now &= now - 1;
            let [before, bytes] = around(window, place);
            let left = Utf8::from_bytes(if before >> 31 == 0 { before >> 24 } else { before >> 8 });
            let hit = Hit { at: at + place as usize, left, right: Utf8::from_bytes(bytes & 0xff_ffff) };
            match convert(hit, Output { bytes: out, from }) {
                Answer::Skip => {}
                Answer::Converted(end, more) => {
                    to = to.wrapping_add(more);
                    from = from.wrapping_sub(more);
                    let done = end - at;
                    if done >= len.min(CHUNK) {
                        return (done, from, None);
                    }
                    let behind = u64::MAX << done;
                    now &= behind;
                    hits &= behind;
                    changing &= behind;
                }
                Answer::Stop => return (place as usize, from, Some(Stop::Pair(hit.left, hit.right))),
            }
        }
        match general {
            None => return (len, from, None),
            Some(place) if changing >> place & 1 == 1 => return (place as usize, from, Some(Stop::Other)),
            // A hit has reached over it.
            Some(_) => {}
        }
    }
}

/// Which of the bytes of a chunk are ASCII that keys were added for.
#[cold]
fn ascii_stops(stops: &AsciiStops, window: &[u8; WINDOW]) -> u64 {
    let mut ascii = 0;
    for (index, &bytes) in window[BEFORE..BEFORE + CHUNK].as_chunks().0.iter().enumerate() {
        ascii |= u64::from(!u8x16::new(bytes).to_bitmask() & 0xffff) << (16 * index);
    }
    let mut found = 0;
    while ascii != 0 {
        let place = ascii.trailing_zeros() as usize;
        ascii &= ascii - 1;
        let is_stop = stops.contains(window[BEFORE - 1 + place], window[BEFORE + place]);
        found |= u64::from(is_stop) << place;
    }
    found
}

/// The characters of three bytes that change, and the anchors.
#[inline(always)]
fn notable(scan: impl Scan, tables: &FusedTables<'_>, window: &[u8; WINDOW], three: u64) -> [u64; 2] {
    let at_once = tables.words().and_then(|words| scan.notable(words, window, three));
    let [changing, mut anchors] = at_once.unwrap_or_else(|| notable_by_one(scan, tables, window, three));
    // The chunk may begin with the right character of a pair whose left one is the anchor.
    let [before, _] = around(window, 0);
    if three & 1 != 0 && before >> 8 & 0xf0 == 0xe0 {
        let [_, is_anchor] = tables.notable(before >> 8);
        anchors |= is_anchor;
    }
    [changing, anchors]
}

/// The same, but for that pair.
#[inline(always)]
fn notable_by_one(scan: impl Scan, tables: &FusedTables<'_>, window: &[u8; WINDOW], three: u64) -> [u64; 2] {
    let in_buckets = tables.buckets().and_then(|buckets| scan.in_buckets(&buckets, window));
    let mut rest = in_buckets.map_or(three, |found| found & three);
    let [mut changing, mut anchors] = [0; 2];
    while rest != 0 {
        let place = rest.trailing_zeros();
        rest &= rest - 1;
        let bytes = behind::<0>(window, place);
        let [changes, is_anchor] = tables.notable(bytes);
        changing |= changes << place;
        anchors |= is_anchor << place;
    }
    [changing, anchors]
}

/// The right characters of the pairs of non-compositional keys that these anchors are in, perhaps.
#[inline(always)]
fn hits(tables: &FusedTables<'_>, window: &[u8; WINDOW], three: u64, mut anchors: u64) -> u64 {
    let mut hits = 0;
    while anchors != 0 {
        let place = anchors.trailing_zeros();
        anchors &= anchors - 1;
        let [before, bytes] = around(window, place);
        let behind = behind::<3>(window, place);
        let is_right = tables.is_non_compositional_pair(Pair::around(before, bytes));
        let is_left = tables.is_non_compositional_pair(Pair::around(bytes << 8, behind));
        hits |= u64::from(is_right) << place | u64::from(is_left) << place << 3;
    }
    hits & three
}

/// The four bytes before a place of the chunk, and those behind it; the first one lowest.
#[inline]
fn around(window: &[u8; WINDOW], place: u32) -> [u32; 2] {
    let eight = u64::from_le_bytes(*window[place as usize % CHUNK..].first_chunk().expect("they are in the window"));
    [eight as u32, (eight >> 32) as u32]
}

/// The four bytes from a place of the chunk on, and so many more.
#[inline]
fn behind<const MORE: usize>(window: &[u8; WINDOW], place: u32) -> u32 {
    let at = place as usize % CHUNK + BEFORE + MORE;
    u32::from_le_bytes(*window[at..].first_chunk().expect("they are in the window"))
}

//! The conversion to one target.

use fanjian_dictionary::{Error, ErrorKind};

use crate::{
    characters::{CANDIDATES, Cell, Cells, Class, EDGE, flags},
    compile::Reader,
    hashed::Hashed,
    model::{self, Model, Scores, TEMPLATES},
    phrases::{self, PREFERS, REACH, Strength, Vote},
    target::{Target, Vocabulary},
    vocabulary::Words,
};

/// A segment is at most so many characters long. It ends with a line, or with a sentence once it is [`ENOUGH`] long.
const SEGMENT: usize = 192;
const ENOUGH: usize = 48;

/// Text is copied so many bytes at a time.
const COPIED: usize = 128;

/// How many characters behind one can matter to what it becomes.
pub const LOOK_AHEAD: usize = SEGMENT + REACH;

/// How much higher the best candidate must score to take the place of a character that may be right already: where the
/// segment is of the other script; where both scripts are in it; where there is no telling; and where it is of the target's.
///
/// Never less from one to the next, or a second conversion could undo the first.
const MARGINS: [i32; 4] = [0, 30, 40, 140];

/// The same for Simplified, where a character that may be right already is so in few words, and phrases know them.
const SIMPLIFIED_MARGINS: [i32; 4] = [0, 0, 0, 140];

/// The conversion to one target, with the tables that it needs. Cheap to share, not to make.
#[derive(Clone, Debug)]
pub struct Engine {
    target: Target,
    cells: Cells,
    outputs: Vec<Output>,
    phrases: Hashed<'static>,
    cantonese: Hashed<'static>,
    words: Words,
    model: Model<'static>,
}

/// A character as UTF-8.
#[derive(Clone, Copy, Debug)]
struct Output {
    bytes: [u8; 4],
    len: u8,
}

/// A conversion that is under way.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The text that cannot be decided yet.
    pending: String,
    /// The classes of the characters of this line, from a few before the segment on.
    classes: Vec<Class>,
    choices: Vec<Place>,
    words: Vec<Place>,
}

/// A character of a segment.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Which one of the classes is its.
    at: usize,
    /// Where it stands in the output.
    output: usize,
    cell: Cell,
}

/// What a segment is, as far as its characters tell.
#[derive(Clone, Copy, Debug)]
struct Mood {
    margin: i32,
    is_cantonese: bool,
    /// Whether nothing in it is of the other script.
    is_native: bool,
}

/// How far a text was converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// So many bytes of it were converted.
    pub done: usize,
}

/// A part of a text that changed, or for which a decision was made: see [`Engine::explain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Where it stands in the text, in bytes.
    pub source: std::ops::Range<usize>,
    /// What it became.
    pub output: String,
    /// What was to be decided.
    pub reason: Reason,
}

/// Why a part of a text became what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The character has no other output.
    Only,
    /// Among candidates, best first.
    Choice {
        /// The candidates in the order of their scores.
        candidates: Vec<Candidate>,
        /// How much more than the character itself a candidate must score to take its place.
        margin: i32,
    },
    /// The region has another word.
    Word,
}

/// A candidate, and what spoke for it and against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The character.
    pub text: String,
    /// The sum of all that spoke.
    pub score: i32,
    /// What spoke: weights above 0 for it, below 0 against it.
    pub features: Vec<Feature>,
}

/// Something that spoke in a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What it is: a kind of feature, and the characters that it looks at, by the names of their classes.
    pub name: String,
    /// What it weighs.
    pub weight: i32,
}

/// What a decision looks at: for training.
#[derive(Clone, Debug)]
pub struct Choice {
    pub(crate) class: Class,
    /// The candidates' outputs, each at its place; none where it is not open to the character.
    pub(crate) candidates: [Option<char>; CANDIDATES],
    pub(crate) features: [u64; TEMPLATES.len()],
    pub(crate) votes: Vec<Vote>,
    /// Which character of the text it is about, counted from 0.
    pub at: usize,
}

impl Engine {
    /// Reads the tables of a target from what [`compile`](crate::compile) made, to be used with a model.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) for other bytes.
    pub fn read(
        bytes: &'static [u8],
        target: Target,
        vocabulary: Vocabulary,
        model: Model<'static>,
    ) -> Result<Engine, Error> {
        let mut reader = Reader::new(bytes);
        let engine = Engine::parse(&mut reader, target, vocabulary, model);
        engine.ok_or_else(|| Error::new(ErrorKind::Damaged, "not the tables of targets of this version"))
    }

    fn parse(reader: &mut Reader, target: Target, vocabulary: Vocabulary, model: Model<'static>) -> Option<Engine> {
        reader.skip_to(target)?;
        let known = reader.cells()?;
        let outputs = reader.characters()?.into_iter().map(Output::new).collect();
        let phrases = Hashed::new(reader.bytes()?);
        let cantonese = Hashed::new(reader.bytes()?);
        let words = Words::read(reader)?;
        let words = if vocabulary == Vocabulary::Local { words } else { Words::default() };
        let cells = Cells::new(known.into_iter());
        Some(Engine { target, cells, outputs, phrases, cantonese, words, model })
    }

    /// The target.
    pub fn target(&self) -> Target {
        self.target
    }

    /// Converts another piece of a text to the end of `out`. After the `last` piece the next text may begin.
    pub fn feed(&self, state: &mut State, text: &str, last: bool, out: &mut Vec<u8>) {
        if state.pending.is_empty() {
            let done = self.convert(state, text, last, out, None).done;
            state.pending.push_str(&text[done..]);
        } else {
            let mut pending = std::mem::take(&mut state.pending);
            pending.push_str(text);
            let done = self.convert(state, &pending, last, out, None).done;
            pending.drain(..done);
            state.pending = pending;
        }
        if last {
            state.classes.clear();
        }
    }

    /// Converts a whole text, and tells of each character that has changed or was decided about why.
    pub fn explain(&self, text: &str) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        self.convert(&mut State::default(), text, true, &mut Vec::new(), Some(&mut outcomes));
        outcomes
    }

    /// The last place within a text where it can be cut, whatever follows: behind a line feed.
    pub fn boundary(&self, text: &str) -> Option<usize> {
        text.rfind('\n').map(|at| at + 1)
    }

    fn convert(
        &self,
        state: &mut State,
        text: &str,
        last: bool,
        out: &mut Vec<u8>,
        mut outcomes: Option<&mut Vec<Outcome>>,
    ) -> Progress {
        let mut at = 0;
        while at < text.len() {
            let Some(len) = self.segment(state, &text[at..], last, out, outcomes.as_deref_mut().map(|all| (at, all)))
            else {
                break;
            };
            at += len;
        }
        Progress { done: at }
    }

    /// Converts the segment that `text` begins with, and tells its length. Nothing where that depends on what follows.
    fn segment(
        &self,
        state: &mut State,
        text: &str,
        last: bool,
        out: &mut Vec<u8>,
        outcomes: Option<(usize, &mut Vec<Outcome>)>,
    ) -> Option<usize> {
        let bytes = text.as_bytes();
        let (base, behind) = (out.len(), state.classes.len());
        state.choices.clear();
        state.words.clear();
        // Nearly everything keeps its length: the text is copied, and changed where it stands.
        let mut copied = 0;
        // How much longer the output is than the text, so far.
        let mut shift = 0_isize;
        let (mut at, mut count, mut seen) = (0, 0, 0_u8);
        let mut run = Run::default();
        let has_words = !self.words.is_empty();
        let mut ended = false;
        state.classes.reserve(SEGMENT + REACH);
        while at < bytes.len() && !ended {
            if copied < at + 4 && copied < bytes.len() {
                let more = bytes.len().min(copied + COPIED);
                out.extend_from_slice(&bytes[copied..more]);
                copied = more;
            }
            let (code, len) = decode(&bytes[at..]);
            let cell = self.cells.get(code);
            let place = state.classes.len();
            state.classes.push(cell.class());
            count += 1;
            let flags = cell.flags();
            if flags & (flags::HAN | flags::KANA) == 0 {
                if run.is_japanese() {
                    run.undo(state, bytes, at, base, out, &mut shift);
                }
                seen |= run.seen;
                run = Run {
                    start: at + len,
                    shift,
                    choices: state.choices.len(),
                    words: state.words.len(),
                    ..Run::default()
                };
                ended = code == u32::from('\n') || (flags & flags::STOP != 0 && count >= ENOUGH);
            } else {
                run.seen |= flags;
                run.len += 1;
                if flags & (flags::WORD | flags::CHOICE | flags::KANA) != 0 || cell.output() != 0 {
                    run.kana += u32::from(flags & flags::KANA != 0);
                    let output = base.wrapping_add_signed(at as isize + shift);
                    if flags & flags::WORD != 0 && has_words {
                        state.words.push(Place { at: place, output, cell });
                    }
                    if flags & flags::CHOICE != 0 {
                        state.choices.push(Place { at: place, output, cell });
                    } else if cell.output() != 0 {
                        shift += self.outputs[usize::from(cell.output())].put(out, output, len);
                    }
                }
            }
            at += len;
            ended |= count == SEGMENT;
        }
        if !ended && !last {
            out.truncate(base);
            state.classes.truncate(behind);
            return None;
        }
        if run.is_japanese() {
            run.undo(state, bytes, at, base, out, &mut shift);
        }
        seen |= run.seen;
        out.truncate(base.wrapping_add_signed(at as isize + shift));

        // What stands behind the segment, to the end of its line.
        let end = state.classes.len();
        let is_line = bytes[at - 1] == b'\n';
        if !is_line {
            let mut ahead = text[at..].chars();
            while state.classes.len() < end + REACH {
                match ahead.next() {
                    Some('\n') => break,
                    Some(character) => state.classes.push(self.cells.get(u32::from(character)).class()),
                    None if last => break,
                    None => {
                        out.truncate(base);
                        state.classes.truncate(behind);
                        return None;
                    }
                }
            }
        }

        let mood = mood(self.target, seen);
        match outcomes {
            None => self.decide(state, mood, out),
            Some((offset, outcomes)) => {
                self.decide_and_explain(state, mood, &text[..at], (offset, behind), out, outcomes)
            }
        }
        state.classes.truncate(end);
        if is_line {
            state.classes.clear();
        } else {
            state.classes.drain(..end - end.min(REACH));
        }
        Some(at)
    }

    fn decide(&self, state: &mut State, mood: Mood, out: &mut Vec<u8>) {
        let mut shift = 0;
        for choice in &mut state.choices {
            let candidate = self.choose(choice.cell, &state.classes, choice.at, mood);
            let output = choice.output.wrapping_add_signed(shift);
            let becomes = self.candidate(choice.cell, candidate);
            // The character has been copied.
            let len = if out[output] < 0xf0 { 3 } else { 4 };
            let more = becomes.put(out, output, len);
            if more != 0 {
                for word in state.words.iter_mut().filter(|word| word.at > choice.at) {
                    word.output = word.output.wrapping_add_signed(more);
                }
                shift += more;
            }
        }
        // From the end, so that places before stay.
        for word in self.words(state, mood).into_iter().rev() {
            let from = state.words[word.place].output;
            let len: usize = str::from_utf8(&out[from..])
                .map_or(0, |behind| behind.chars().take(word.len).map(char::len_utf8).sum());
            out.splice(from..from + len, self.words.value(word.value).bytes());
        }
    }

    /// The words of a segment that the region has others for, in order: none overlaps another.
    fn words(&self, state: &State, mood: Mood) -> Vec<Word> {
        let mut words = Vec::new();
        let mut end = 0;
        for (place, start) in state.words.iter().enumerate() {
            if start.at >= end
                && let Some((len, value)) = self.words.find(&state.classes, start.at, mood.is_native)
            {
                end = start.at + len;
                words.push(Word { place, len, value });
            }
        }
        words
    }

    fn decide_and_explain(
        &self,
        state: &mut State,
        mood: Mood,
        text: &str,
        (offset, behind): (usize, usize),
        out: &mut Vec<u8>,
        outcomes: &mut Vec<Outcome>,
    ) {
        let places: Vec<(usize, char)> = text.char_indices().collect();
        let start_of = |place: usize| places.get(place).map_or(text.len(), |&(start, _)| start);
        let words = self.words(state, mood);
        let mut word = words.iter().peekable();
        let mut index = 0;
        while index < places.len() {
            let (start, character) = places[index];
            let at = behind + index;
            if let Some(found) = word.next_if(|word| state.words[word.place].at == at) {
                let source = offset + start..offset + start_of(index + found.len);
                outcomes.push(Outcome { source, output: self.words.value(found.value).into(), reason: Reason::Word });
                index += found.len;
                continue;
            }
            let source = offset + start..offset + start + character.len_utf8();
            if let Some(choice) = state.choices.iter().find(|choice| choice.at == at) {
                let candidate = self.choose(choice.cell, &state.classes, at, mood);
                let output = self.candidate(choice.cell, candidate).text();
                let candidates = self.candidates(choice.cell, &state.classes, at, mood);
                let margin = if choice.cell.keep().is_some() { mood.margin } else { 0 };
                outcomes.push(Outcome { source, output, reason: Reason::Choice { candidates, margin } });
            } else {
                let cell = self.cells.get(u32::from(character));
                // In Japanese, what has an output has been left alone.
                let is_changed = !cell.is(flags::CHOICE) && cell.output() != 0 && !self.is_japanese(text, start);
                if is_changed {
                    let output = self.outputs[usize::from(cell.output())].text();
                    outcomes.push(Outcome { source, output, reason: Reason::Only });
                }
            }
            index += 1;
        }
        self.decide(state, mood, out);
    }

    /// Whether the character that stands at `start` of a segment is in a run of Japanese.
    fn is_japanese(&self, text: &str, start: usize) -> bool {
        let cell = |character: char| self.cells.get(u32::from(character));
        let goes_on = |character: &char| cell(*character).flags() & (flags::HAN | flags::KANA) != 0;
        let mut run = Run::default();
        let before = text[..start].chars().rev().take_while(goes_on);
        for character in before.chain(text[start..].chars().take_while(goes_on)) {
            run.len += 1;
            run.kana += u32::from(cell(character).is(flags::KANA));
        }
        run.is_japanese()
    }

    fn candidate(&self, cell: Cell, candidate: usize) -> Output {
        self.outputs[usize::from(cell.output()) + candidate]
    }

    /// Decides for one of the candidates of the character at `at`.
    #[inline]
    fn choose(&self, cell: Cell, classes: &[Class], at: usize, mood: Mood) -> usize {
        let mut scores = Scores::default();
        self.score(cell.class(), classes, at, mood, &mut scores, |_, _, _| {});
        best(cell, &scores, mood.margin)
    }

    /// Adds up all that speaks for the candidates of a class, and tells `heard` of each: its name and weights. A mask
    /// keeps candidates that a character does not have from deciding.
    #[inline]
    fn score(
        &self,
        class: Class,
        classes: &[Class],
        at: usize,
        mood: Mood,
        scores: &mut Scores,
        mut heard: impl FnMut(Heard, usize, i32),
    ) {
        if mood.is_cantonese {
            let mut phrase = None;
            phrases::votes(&self.cantonese, classes, at, |vote| _ = phrase.get_or_insert(vote));
            let alone = || self.cantonese.get(phrases::whole(&[class])).map(|value| (value & 0xff) as usize);
            if let Some(candidate) = phrase.map(|vote| vote.candidate).or_else(alone) {
                scores[candidate] += CANTONESE;
                heard(phrase.map_or(Heard::Cantonese, Heard::Vote), candidate, CANTONESE);
            }
        }
        let (mut longest_vote, mut preferred, mut is_decided) = (None, None, false);
        phrases::votes(&self.phrases, classes, at, |vote| {
            let weight = vote.weight().unwrap_or_else(|| self.model.vote(vote, longest_vote.is_none()));
            scores[vote.candidate] += weight;
            heard(Heard::Vote(vote), vote.candidate, weight);
            longest_vote.get_or_insert(vote);
            is_decided |= vote.strength == Strength::Decides;
            if vote.strength == Strength::Prefers {
                preferred.get_or_insert(vote);
            }
        });
        // What the region prefers, nothing else has a say in.
        if let Some(vote) = preferred.filter(|_| !is_decided) {
            *scores = Scores::default();
            scores[vote.candidate] = PREFERS;
            heard(Heard::Preference(vote), vote.candidate, PREFERS);
            return;
        }
        if self.model.has_features() {
            let hashes = model::features(class, neighbours(classes, at));
            for (template, hash) in hashes.into_iter().enumerate() {
                self.add(hash, Heard::Template(template), scores, &mut heard);
            }
            if let Some(vote) = longest_vote {
                let hash = model::agreement(class, vote);
                self.add(hash, Heard::Agreement(vote), scores, &mut heard);
            }
        }
    }

    #[inline]
    fn add(&self, hash: u64, what: Heard, scores: &mut Scores, heard: &mut impl FnMut(Heard, usize, i32)) {
        if let Some(weights) = self.model.weights(hash) {
            for (candidate, weight) in weights.into_iter().enumerate() {
                scores[candidate] += i32::from(weight);
                heard(what, candidate, i32::from(weight));
            }
        }
    }

    /// The candidates of a character, best first, and what spoke for each.
    fn candidates(&self, cell: Cell, classes: &[Class], at: usize, mood: Mood) -> Vec<Candidate> {
        let mut scores = Scores::default();
        let mut features: [Vec<Feature>; CANDIDATES] = std::array::from_fn(|_| Vec::new());
        self.score(cell.class(), classes, at, mood, &mut scores, |heard, candidate, weight| {
            if matches!(heard, Heard::Preference(_)) {
                features = std::array::from_fn(|_| Vec::new());
            }
            if weight != 0 {
                features[candidate].push(Feature { name: heard.name(classes, at), weight });
            }
        });
        let chosen = best(cell, &scores, mood.margin);
        let mut order: Vec<usize> = (0..CANDIDATES).filter(|candidate| cell.mask() >> candidate & 1 == 1).collect();
        order.sort_by_key(|&candidate| (candidate != chosen, -scores[candidate], candidate));
        let candidate = |candidate: usize| Candidate {
            text: self.candidate(cell, candidate).text(),
            score: scores[candidate],
            features: std::mem::take(&mut features[candidate]),
        };
        order.into_iter().map(candidate).collect()
    }

    /// The decisions that a line asks for, each by itself: for training.
    pub fn choices(&self, line: &str) -> Vec<Choice> {
        let cells: Vec<Cell> = line.chars().map(|character| self.cells.get(u32::from(character))).collect();
        let classes: Vec<Class> = cells.iter().map(|cell| cell.class()).collect();
        let choice = |(at, cell): (usize, &Cell)| {
            let mut votes = Vec::new();
            phrases::votes(&self.phrases, &classes, at, |vote| votes.push(vote));
            let candidates = std::array::from_fn(|candidate| {
                (cell.mask() >> candidate & 1 == 1).then(|| self.candidate(*cell, candidate).character())
            });
            let features = model::features(cell.class(), neighbours(&classes, at));
            Choice { class: cell.class(), candidates, features, votes, at }
        };
        cells.iter().enumerate().filter(|(_, cell)| cell.is(flags::CHOICE)).map(choice).collect()
    }
}

/// What outweighs all but the longest phrases that decide.
const CANTONESE: i32 = 1_000_000;

/// Something that speaks in a decision.
#[derive(Clone, Copy)]
enum Heard {
    Vote(Vote),
    /// Alone: what was heard before counts no more.
    Preference(Vote),
    Cantonese,
    Template(usize),
    Agreement(Vote),
}

impl Heard {
    fn name(self, classes: &[Class], at: usize) -> String {
        let text = |from: usize, len: usize| -> String {
            let run = classes.iter().skip(from).take(len);
            run.map(|&class| char::from_u32(u32::from(class)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        match self {
            Heard::Vote(vote) | Heard::Preference(vote) => format!("phrase {}", text(at - vote.offset, vote.len)),
            Heard::Cantonese => "Cantonese".to_owned(),
            Heard::Agreement(vote) => format!("phrase {}, for this character", text(at - vote.offset, vote.len)),
            Heard::Template(template) => {
                let (left, right) = model::SPANS[template];
                format!("{} {}", TEMPLATES[template], text(at.saturating_sub(left), left.min(at) + 1 + right))
            }
        }
    }
}

/// A word to be replaced.
struct Word {
    place: usize,
    len: usize,
    value: u32,
}

/// Chinese characters and kana in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    start: usize,
    shift: isize,
    choices: usize,
    words: usize,
    seen: u8,
    /// How many characters it has, and how many of them are hiragana.
    len: u32,
    kana: u32,
}

impl Run {
    /// Whether it is Japanese: two hiragana or more, and one to four Chinese characters or more. (A lone の is at home in
    /// Chinese, too.)
    fn is_japanese(&self) -> bool {
        self.kana >= 2 && 5 * self.kana >= self.len
    }

    /// Puts the text back as it was.
    fn undo(&mut self, state: &mut State, bytes: &[u8], end: usize, base: usize, out: &mut Vec<u8>, shift: &mut isize) {
        let from = base.wrapping_add_signed(self.start as isize + self.shift);
        let to = base.wrapping_add_signed(end as isize + *shift);
        out.splice(from..to, bytes[self.start..end].iter().copied());
        *shift = self.shift;
        state.choices.truncate(self.choices);
        state.words.truncate(self.words);
        self.seen = 0;
    }
}

impl Output {
    fn new(character: char) -> Output {
        let mut bytes = [0; 4];
        let len = character.encode_utf8(&mut bytes).len() as u8;
        Output { bytes, len }
    }

    /// Puts it in the place of `len` bytes, and tells how many bytes it is longer.
    #[inline(always)]
    fn put(self, out: &mut Vec<u8>, at: usize, len: usize) -> isize {
        if usize::from(self.len) == 3 && len == 3 {
            out[at..at + 3].copy_from_slice(&self.bytes[..3]);
            return 0;
        }
        out.splice(at..at + len, self.bytes[..usize::from(self.len)].iter().copied());
        self.len as isize - len as isize
    }

    fn character(self) -> char {
        self.text().chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn text(self) -> String {
        String::from_utf8_lossy(&self.bytes[..usize::from(self.len)]).into_owned()
    }
}

fn mood(target: Target, seen: u8) -> Mood {
    let margins = if target.is_traditional() { MARGINS } else { SIMPLIFIED_MARGINS };
    let (foreign, native) = (seen & flags::FOREIGN != 0, seen & flags::NATIVE != 0);
    let margin = match (foreign, native) {
        (true, false) => margins[0],
        (true, true) => margins[1],
        (false, false) => margins[2],
        (false, true) => margins[3],
    };
    Mood { margin, is_cantonese: seen & flags::CANTONESE != 0, is_native: !foreign }
}

/// The best candidate of a character: the character itself where no other one scores so much higher.
#[inline]
fn best(cell: Cell, scores: &Scores, margin: i32) -> usize {
    let mut best = cell.first();
    for (candidate, &score) in scores.iter().enumerate() {
        if cell.mask() >> candidate & 1 == 1 && score > scores[best] {
            best = candidate;
        }
    }
    match cell.keep() {
        Some(keep) if margin > 0 && scores[best] - scores[keep] <= margin => keep,
        _ => best,
    }
}

#[inline]
fn neighbours(classes: &[Class], at: usize) -> [Class; 4] {
    let left = |distance: usize| at.checked_sub(distance).map_or(EDGE, |place| classes[place]);
    // The end of a line is seen alike with and without its line feed.
    let right =
        |distance: usize| classes.get(at + distance).copied().filter(|&class| class != LINE_FEED).unwrap_or(EDGE);
    [left(2), left(1), right(1), right(2)]
}

const LINE_FEED: Class = b'\n' as Class;

/// The first character of UTF-8 that is not empty, and its length in bytes.
#[inline]
fn decode(bytes: &[u8]) -> (u32, usize) {
    let first = u32::from(bytes[0]);
    let next = |index: usize| u32::from(bytes[index]) & 0x3f;
    match first {
        0..0x80 => (first, 1),
        0x80..0xe0 => ((first & 0x1f) << 6 | next(1), 2),
        0xe0..0xf0 => ((first & 0x0f) << 12 | next(1) << 6 | next(2), 3),
        _ => ((first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4),
    }
}

//! The conversion to one target.

use std::{collections::VecDeque, ops::Range, slice};

use fanjian_dictionary::{Error, pool::Pool};

use crate::{
    characters::{CharEntries, Class, flags},
    history::ScriptHistory,
    lookups::{AT_ONCE, Decision, Lookups, Surroundings},
    model::{self, Scores, feature_hash},
    neighbours::neighbours,
    own::{OwnWord, Replacement},
    pairs::{self, Record, Runs},
    phrases::{DECISION_REACH, Longest, REACH, Vote},
    repeated,
    segment::{
        Before, SEGMENT, Segment,
        ahead::{Ahead, Next},
    },
    style::HouseStyle,
    tables::{self, Choice, ClassWeights, Lexicon, Output, Outputs, Reader, Shared},
    target::{Target, Vocabulary, WordLayers},
    topics::TopicWords,
    vocabulary::{Found, Script, Words},
};

/// How much higher the best candidate must score to take the place of a character that may be right already: where the
/// segment is of the other script; where both scripts are in it; where there is no telling; and where it is of the target's.
///
/// Never less from one to the next, or a second conversion could undo the first.
const MARGINS: [i32; 4] = [0, 15, 15, 110];

/// The same for Simplified, where a character that may be right already is so in few words, and phrases know them.
const SIMPLIFIED_MARGINS: [i32; 4] = [0, 0, 0, 140];

/// What a region's preference scores, alone: less than the margin of a text of the target's script, more than the others.
const PREFERRED: i32 = 100;

/// How many segments are scanned before their characters are decided about, at most.
const SEGMENTS: usize = 8;

/// What outweighs all but the longest phrases that decide.
const CANTONESE: i32 = 1_000_000;

/// The conversion to one target, with the tables that it needs. Cheap to share, not to make.
#[derive(Clone, Debug)]
pub struct Engine {
    target: Target,
    pub(crate) entries: CharEntries,
    outputs: Outputs<'static>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) shared: Shared<'static>,
    /// What the region prefers.
    pub(crate) preferences: Lexicon<'static>,
    /// None if words stay.
    words: Option<Words<'static>>,
    /// None if characters are written as the target has them.
    pub(crate) style: Option<HouseStyle>,
    batches: Pool<Batch>,
}

/// A conversion that is under way.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What the text is said to be.
    from: Option<Target>,
    /// What it has shown so far.
    history: ScriptHistory,
    /// The text that cannot be decided yet.
    pending: String,
    /// The own words that lie in it, or reach into it.
    own: VecDeque<OwnWord>,
    /// What is before it on its line.
    before: Before,
}

/// The memory for segments that are converted together, and for what their decisions need.
#[derive(Debug)]
struct Batch {
    /// As many as there have been at once: one at least.
    segments: Vec<ScannedSegment>,
    lookups: Lookups,
    ahead: Ahead,
    topic_words: TopicWords,
}

impl Default for Batch {
    fn default() -> Batch {
        Batch {
            segments: vec![ScannedSegment::default()],
            lookups: Lookups::default(),
            ahead: Ahead::default(),
            topic_words: TopicWords::default(),
        }
    }
}

/// A segment, and what is known of it once it is scanned.
#[derive(Debug, Default)]
pub(crate) struct ScannedSegment {
    pub(crate) segment: Segment,
    pub(crate) context: ScriptContext,
    /// Where it ends in the text.
    end: usize,
}

/// A piece of a text, and the parts of its [`State`] that its conversion looks at, and changes.
struct Piece<'s> {
    text: &'s str,
    last: bool,
    from: Option<Target>,
    history: &'s mut ScriptHistory,
    before: &'s mut Before,
    own: &'s VecDeque<OwnWord>,
}

/// What a segment is: by its characters, or as it is said to be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScriptContext {
    pub(crate) margin: i32,
    is_cantonese: bool,
    script: Script,
}

impl ScriptContext {
    pub(crate) fn script(self) -> Script {
        self.script
    }
}

#[cfg(feature = "train")]
impl ScriptContext {
    /// That of a text of the other script.
    pub(crate) fn of_other_script() -> ScriptContext {
        ScriptContext { margin: 0, is_cantonese: false, script: Script::Foreign }
    }
}

/// Something that speaks in a decision.
#[derive(Clone, Copy)]
pub(crate) enum Evidence {
    Vote(Vote),
    /// The longest phrase, if none of its length says something else, counts more than others.
    Longest(Vote),
    /// Alone: what was evidence before counts no more.
    Preference(Vote),
    Cantonese,
    Template(usize),
    Agreement(Vote),
    /// What speaks for the same character at this place of the classes, in one word with it.
    Repeated(usize),
}

/// What the scores of a character are made of.
#[derive(Clone, Copy)]
enum Basis {
    /// What the region prefers, alone.
    Preference,
    /// A phrase that decides, whatever else is added.
    Phrase,
    Weights,
}

impl State {
    /// The beginning of a text that is said to be of the script of `from`, whatever its characters are.
    pub fn new(from: Option<Target>) -> State {
        State { from, ..State::default() }
    }

    /// What the text has shown so far of its script, or the one that has just ended: as far as it is converted.
    pub fn history(&self) -> ScriptHistory {
        self.history
    }

    /// Takes what comes next for the rest of a text of this history.
    pub fn set_history(&mut self, history: ScriptHistory) {
        self.history = history;
    }
}

impl Engine {
    /// Reads the tables of a target from what [`compile`](crate::compile) made.
    ///
    /// # Errors
    ///
    /// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) for other bytes.
    pub fn read(bytes: &'static [u8], target: Target, vocabulary: Vocabulary) -> Result<Engine, Error> {
        let (mut shared, mut part) = Reader::new(bytes, target)?;
        let entries = CharEntries::new(part.entries()?);
        let (outputs, choices) = (part.outputs()?, part.choices()?);
        let preferences = part.lexicon()?;
        let shared = shared.shared()?;
        let words = match vocabulary {
            Vocabulary::Local => {
                let around = Reader::new(bytes, Target::Traditional)?.0.shared()?.around;
                Some(Words::read(&mut part, around)?)
            }
            Vocabulary::Keep => None,
        };
        Ok(Engine {
            target,
            entries,
            outputs,
            choices,
            shared,
            preferences,
            words,
            style: None,
            batches: Pool::default(),
        })
    }

    /// The same conversion, in which words of these layers stay. Without [`Vocabulary::Local`], all words do.
    #[must_use]
    pub fn keep_words(mut self, layers: WordLayers) -> Engine {
        if let Some(words) = &mut self.words {
            words.keep(layers);
        }
        self
    }

    /// The same conversion, in this house style.
    #[must_use]
    pub fn with_style(mut self, style: HouseStyle) -> Engine {
        for &(from, to) in &style.replaced {
            let (old, new) = (self.entries.get(u32::from(from)), self.entries.get(u32::from(to)));
            let shows_less = old.is(flags::NATIVE) && !new.is(flags::NATIVE);
            if !shows_less && !new.is(flags::FOREIGN) {
                continue;
            }
            self.entries.neutralize(to);
            self.entries.read_as(from, to);
        }
        self.style = Some(style);
        self
    }

    /// The target.
    pub fn target(&self) -> Target {
        self.target
    }

    /// Converts another piece of a text to the end of `out`. After the `last` piece the next text may begin: on which this one
    /// has no influence but by its [history](State::history).
    pub fn feed(&self, state: &mut State, text: &str, last: bool, out: &mut Vec<u8>) {
        let State { from, history, pending, own, before } = state;
        let mut batch = self.batches.take().unwrap_or_default();
        let mut convert =
            |text: &str| self.convert(&mut batch, Piece { text, last, from: *from, history, before, own }, out);
        let done = if pending.is_empty() {
            let done = convert(text);
            pending.push_str(&text[done..]);
            done
        } else {
            pending.push_str(text);
            let done = convert(pending);
            pending.drain(..done);
            done
        };
        self.batches.keep(batch);
        if !own.is_empty() {
            forget(own, done);
        }
        if last {
            *before = Before::default();
        }
    }

    /// The same, with own words in the piece, in order.
    pub fn feed_with(&self, state: &mut State, text: &str, own: Vec<OwnWord>, last: bool, out: &mut Vec<u8>) {
        let before = state.pending.len();
        state.own.extend(own.into_iter().map(|OwnWord { source, value, is_fixed }| {
            let source = before + source.start..before + source.end;
            OwnWord { source, value, is_fixed }
        }));
        self.feed(state, text, last, out);
    }

    /// Takes another piece of a text for what it shows of its script alone, and converts nothing: until the
    /// [history](State::history) is full, so that it is that of the first segments which show theirs.
    pub fn observe(&self, state: &mut State, text: &str, last: bool) {
        let State { history, pending, before, .. } = state;
        let mut batch = self.batches.take().unwrap_or_default();
        let segment = &mut batch.segments[0].segment;
        segment.begin(before);
        pending.push_str(text);
        let mut at = 0;
        while !history.is_full()
            && let Some(len) = self.scan(segment, &pending[at..], last)
        {
            history.push(segment.seen);
            at += len;
            segment.next(pending[..at].ends_with('\n'));
        }
        *before = if last { Before::default() } else { segment.what_is_before() };
        self.batches.keep(batch);
        pending.drain(..at);
    }

    /// Converts the segments of a text that are whole, and returns their length in bytes.
    fn convert(&self, batch: &mut Batch, piece: Piece<'_>, out: &mut Vec<u8>) -> usize {
        if self.target.is_traditional() {
            self.convert_together(batch, piece, out)
        } else {
            self.convert_one_by_one(batch, piece, out)
        }
    }

    /// Several segments are scanned before their characters are decided about, all of them at once.
    fn convert_together(&self, batch: &mut Batch, piece: Piece<'_>, out: &mut Vec<u8>) -> usize {
        let Batch { segments, lookups, ahead, topic_words } = batch;
        ahead.begin();
        let Piece { text, last, from, history, before, own } = piece;
        let (mut at, mut next, mut is_done) = (0, 0, false);
        while !is_done {
            let (mut end, mut count, mut choices) = (at, 0, 0);
            while count < SEGMENTS && choices < AT_ONCE {
                if count == segments.len() {
                    segments.push(ScannedSegment::default());
                }
                let scanned = &mut segments[count];
                let segment = &mut scanned.segment;
                segment.begin(before);
                let Some(len) = self.scan_ahead(ahead, segment, (text, end), last) else {
                    is_done = true;
                    break;
                };
                end += len;
                segment.put_before_next(before, text.as_bytes()[end - 1] == b'\n');
                choices += segment.choices().len();
                (scanned.context, scanned.end) = (self.context(segment, from, history), end);
                count += 1;
            }
            let segments = &mut segments[..count];
            self.decide(segments, lookups, |_, _, _| {});
            for scanned in segments {
                self.put_segment(scanned, text, at, (own, &mut next), topic_words, out);
                at = scanned.end;
            }
        }
        at
    }

    /// The same for targets with little to decide, for which one segment after the other is a tenth faster.
    fn convert_one_by_one(&self, batch: &mut Batch, piece: Piece<'_>, out: &mut Vec<u8>) -> usize {
        let Batch { segments, lookups, ahead, topic_words } = batch;
        ahead.begin();
        let Piece { text, last, from, history, before, own } = piece;
        let scanned = &mut segments[0];
        scanned.segment.begin(before);
        let (mut at, mut next) = (0, 0);
        while let Some(len) = self.scan_ahead(ahead, &mut scanned.segment, (text, at), last) {
            scanned.context = self.context(&scanned.segment, from, history);
            scanned.end = at + len;
            // Mostly there are none: to find that out in there takes a hundredth more time.
            if !scanned.segment.choices().is_empty() {
                self.decide(slice::from_mut(scanned), lookups, |_, _, _| {});
            }
            self.put_segment(scanned, text, at, (own, &mut next), topic_words, out);
            at = scanned.end;
            scanned.segment.next(text.as_bytes()[at - 1] == b'\n');
        }
        *before = scanned.segment.what_is_before();
        at
    }

    /// Puts out what a segment of a text, which begins at `at`, has become. Of the own words, those before the `next` one end before it.
    #[inline(always)]
    fn put_segment(
        &self,
        scanned: &ScannedSegment,
        text: &str,
        at: usize,
        (own, next): (&VecDeque<OwnWord>, &mut usize),
        topic_words: &mut TopicWords,
        out: &mut Vec<u8>,
    ) {
        let &ScannedSegment { ref segment, context, end } = scanned;
        // No `Peekable`: its optimized code tests what it has not written yet, to no effect, and valgrind reports it.
        while own.get(*next).is_some_and(|word| word.source.end <= at) {
            *next += 1;
        }
        if own.get(*next).is_some_and(|word| word.source.start < end) || self.style.is_some() {
            self.put_own(segment, context, &text[at..end], at, own, out);
        } else if let Some(words) = &self.words {
            let mut output = SegmentOutput::new(segment, out);
            each_within(words, segment, context, topic_words, |start, found| {
                output.replace(start..start + found.len, found.value);
            });
            output.finish();
        } else {
            out.extend_from_slice(segment.output());
        }
    }

    /// Puts out what a segment, which begins at `at`, has become, with own words and the region's words.
    #[cold]
    fn put_own(
        &self,
        segment: &Segment,
        context: ScriptContext,
        text: &str,
        at: usize,
        own: &VecDeque<OwnWord>,
        out: &mut Vec<u8>,
    ) {
        let first = own.partition_point(|word| word.source.end <= at);
        let replacements = self.replacements(segment, context, text, at, own.range(first..));
        let Some(style) = &self.style else {
            put(segment, &replacements, out, |_| {});
            return;
        };
        // Own words are output as they are, and what stands on both sides of one is written on its own.
        let (mut written, mut own_places) = (Vec::new(), Vec::new());
        put(segment, &replacements, &mut written, |own| own_places.push(own));
        let text = String::from_utf8_lossy(&written);
        let mut from = 0;
        for own in own_places {
            style.write(&text[from..own.start], out);
            out.extend_from_slice(&text.as_bytes()[own.clone()]);
            from = own.end;
        }
        style.write(&text[from..], out);
    }

    /// Scans the segment that a text begins with, and returns its length in bytes. None if there is none, or if that
    /// depends on what follows.
    ///
    /// A segment that has neither the end of a sentence nor of a line is cut at its greatest length: but not within a word
    /// that may be replaced, which would then belong to two segments.
    ///
    /// The scan of a segment is inlined here, and this in none of its callers: a call more for each segment takes `zh-TW` 2 % more
    /// instructions.
    #[inline(never)]
    pub(crate) fn scan(&self, segment: &mut Segment, text: &str, last: bool) -> Option<usize> {
        if text.is_empty() {
            return None;
        }
        let len = segment.scan(&self.entries, self.outputs, text, SEGMENT, self.reach(), last)?;
        self.end_before_word(segment, text, len, last)
    }

    /// The same of the segment at a place of a text, of which more may be looked up before.
    #[inline]
    fn scan_ahead(
        &self,
        ahead: &mut Ahead,
        segment: &mut Segment,
        (text, at): (&str, usize),
        last: bool,
    ) -> Option<usize> {
        if ahead.is_used() {
            let next = Next { text, at, reach: self.reach(), is_last: last };
            if let Some(len) = segment.scan_ahead(ahead, &self.entries, &next) {
                return self.end_before_word(segment, &text[at..], len, last);
            }
        }
        self.scan(segment, &text[at..], last)
    }

    /// Scans a segment, which has `len` bytes, once more if it ends within a word: so that it ends before the word. Returns its length.
    #[inline]
    fn end_before_word(&self, segment: &mut Segment, text: &str, len: usize, last: bool) -> Option<usize> {
        match &self.words {
            Some(words) if segment.own().len() == SEGMENT => self.end_before(words, segment, text, len, last),
            _ => Some(len),
        }
    }

    #[cold]
    fn end_before(
        &self,
        words: &Words<'_>,
        segment: &mut Segment,
        text: &str,
        len: usize,
        last: bool,
    ) -> Option<usize> {
        let Some(end) = words.start_across(segment.classes(), segment.own()) else { return Some(len) };
        let limit = end - segment.own().start;
        segment.scan(&self.entries, self.outputs, text, limit, self.reach(), last)
    }

    /// How many characters behind a segment can matter to it.
    #[inline]
    fn reach(&self) -> usize {
        if self.words.is_some() { REACH } else { DECISION_REACH }
    }

    /// Decides about each character of segments that has a choice, and calls `decided` with it, its place among the classes, and
    /// what it becomes.
    #[inline]
    pub(crate) fn decide(
        &self,
        segments: &mut [ScannedSegment],
        lookups: &mut Lookups,
        mut decided: impl FnMut(Choice, usize, Output),
    ) {
        // Which character is the next one to be looked up; which segment is being decided about, and how many bytes longer it is.
        let (mut segment, mut index, mut deciding, mut shift) = (0, 0, 0, 0);
        loop {
            lookups.clear();
            while let Some(scanned) = segments.get(segment) {
                match scanned.segment.choices().get(index) {
                    Some(&place) => {
                        if !lookups.add(&self.shared.lexicon.pairs, segment, place, scanned.segment.classes()) {
                            break;
                        }
                        index += 1;
                    }
                    None => (segment, index) = (segment + 1, 0),
                }
            }
            if lookups.is_empty() {
                return;
            }
            for &Decision { segment, place, ref surroundings } in lookups.find(&self.shared.lexicon.pairs) {
                if segment != deciding {
                    (deciding, shift) = (segment, 0);
                }
                let Some(choice) = self.choices.get(place.choice as usize) else { continue };
                let ScannedSegment { segment, context, .. } = &mut segments[segment];
                let chosen = self.choose(choice, segment.classes(), surroundings, *context);
                let chosen = self.candidate(choice, chosen);
                shift += segment.put((place.output as usize).wrapping_add_signed(shift), chosen);
                decided(*choice, place.at as usize, chosen);
            }
        }
    }

    /// The words that the region has others for, each within the segment, and its place: none overlaps another.
    pub(crate) fn words(&self, segment: &Segment, context: ScriptContext) -> Vec<(usize, Found<'static>)> {
        let mut found = Vec::new();
        if let Some(words) = &self.words {
            let topic_words = &mut TopicWords::default();
            each_within(words, segment, context, topic_words, |start, word| found.push((start, word)));
        }
        found
    }

    /// The region's words. None if words stay.
    pub(crate) fn all_words(&self) -> Option<&Words<'static>> {
        self.words.as_ref()
    }

    /// What the next segment of a text of this history is, which it then goes on with.
    #[inline]
    pub(crate) fn context(
        &self,
        segment: &Segment,
        from: Option<Target>,
        history: &mut ScriptHistory,
    ) -> ScriptContext {
        let margins = if self.target.is_traditional() { MARGINS } else { SIMPLIFIED_MARGINS };
        let (foreign, native) = match from {
            None if segment.seen & (flags::FOREIGN | flags::NATIVE) == 0 => {
                history.is_foreign().map_or((false, false), |is_foreign| (is_foreign, !is_foreign))
            }
            None => (segment.seen & flags::FOREIGN != 0, segment.seen & flags::NATIVE != 0),
            Some(from) if from.is_traditional() == self.target.is_traditional() => (false, true),
            Some(_) => (true, false),
        };
        history.push(segment.seen);
        let (margin, script) = match (foreign, native) {
            (true, false) => (margins[0], Script::Foreign),
            (true, true) => (margins[1], Script::Foreign),
            (false, false) => (margins[2], Script::Either),
            (false, true) => (margins[3], Script::Native),
        };
        ScriptContext { margin, is_cantonese: segment.seen & flags::CANTONESE != 0, script }
    }

    /// What is to be decided about a character.
    #[cfg(any(test, feature = "train"))]
    pub(crate) fn choice(&self, character: char) -> Option<Choice> {
        let entry = self.entries.get(u32::from(character));
        self.choices.get(entry.rest() as usize).copied().filter(|_| entry.is(flags::CHOICE))
    }

    /// What a character becomes that has no choice, if that is another one.
    pub(crate) fn only(&self, character: char) -> Option<char> {
        let entry = self.entries.get(u32::from(character));
        if entry.is(flags::CHOICE) || entry.rest() == 0 {
            return None;
        }
        if entry.is(flags::OUTPUT) {
            return self.outputs.get(entry.rest() as usize).map(|output| output.character());
        }
        let mut bytes = [0; 4];
        let len = character.encode_utf8(&mut bytes).len();
        let bytes = (u32::from_le_bytes(bytes) ^ entry.rest()).to_le_bytes();
        str::from_utf8(&bytes[..len]).ok()?.chars().next()
    }

    /// A candidate's output.
    #[inline]
    pub(crate) fn candidate(&self, choice: &Choice, candidate: usize) -> Output {
        let place = usize::from(choice.outputs) + candidate;
        self.outputs.get(place).unwrap_or_else(|| Output::new(char::REPLACEMENT_CHARACTER))
    }

    /// Decides for one of the candidates of the character at `at`.
    ///
    /// No decision is remembered for the next ones: in 200,000 characters, 7 % of them (manuals), 11 % (fiction) and none (reviews)
    /// had the same three characters to each side as an earlier one, and 40 %, 39 % and 31 % the same neighbours, which decide alone
    /// in few places.
    #[inline]
    fn choose(&self, choice: &Choice, classes: &[Class], surroundings: &Surroundings, context: ScriptContext) -> usize {
        let mut scores = Scores::default();
        self.score(choice, classes, surroundings, context, &mut scores, |_, _, _| {});
        best(choice, &scores, context.margin)
    }

    /// The neighbours of the character at `at`, and their records.
    pub(crate) fn surroundings(&self, classes: &[Class], at: usize) -> Surroundings {
        let around = neighbours(classes, at);
        Surroundings { at, around, records: self.shared.lexicon.records(classes[at], around) }
    }

    /// Adds up all that speaks for the candidates of a class, and calls `evidence` with each. A mask
    /// keeps candidates that a character does not have from deciding.
    #[inline]
    pub(crate) fn score(
        &self,
        choice: &Choice,
        classes: &[Class],
        surroundings: &Surroundings,
        context: ScriptContext,
        scores: &mut Scores,
        mut evidence: impl FnMut(Evidence, usize, i32),
    ) {
        let &Surroundings { at, around, .. } = surroundings;
        let basis = self.score_alone(choice, classes, surroundings, context, scores, &mut evidence);
        if repeated::may_be(classes[at], around) && matches!(basis, Basis::Weights) {
            self.score_twins(choice, classes, at, context, scores, evidence);
        }
    }

    /// Adds what speaks for the same character beside the one at `at`, if both are of one word.
    #[cold]
    fn score_twins(
        &self,
        choice: &Choice,
        classes: &[Class],
        at: usize,
        context: ScriptContext,
        scores: &mut Scores,
        mut evidence: impl FnMut(Evidence, usize, i32),
    ) {
        for twin in repeated::twins(&self.shared, classes, at).into_iter().flatten() {
            let mut others = Scores::default();
            let surroundings = self.surroundings(classes, twin);
            let basis = self.score_alone(choice, classes, &surroundings, context, &mut others, |_, _, _| {});
            // It is to be less than a margin, and would be more with what the character scores itself.
            if matches!(basis, Basis::Preference) {
                continue;
            }
            for (candidate, (score, other)) in scores.iter_mut().zip(others).enumerate() {
                *score += other;
                evidence(Evidence::Repeated(twin), candidate, other);
            }
        }
    }

    /// As [`score`](Self::score), of a character by itself. Returns what its scores are made of.
    #[inline]
    fn score_alone(
        &self,
        choice: &Choice,
        classes: &[Class],
        &Surroundings { at, around, records }: &Surroundings,
        context: ScriptContext,
        scores: &mut Scores,
        mut evidence: impl FnMut(Evidence, usize, i32),
    ) -> Basis {
        if context.is_cantonese {
            let phrase = self.shared.cantonese.first_vote(classes, at);
            if let Some(candidate) = phrase.map(|vote| vote.candidate).or(choice.cantonese) {
                scores[usize::from(candidate)] += CANTONESE;
                evidence(phrase.map_or(Evidence::Cantonese, Evidence::Vote), candidate.into(), CANTONESE);
            }
        }
        let (mut longest, mut is_decided) = (None, false);
        let runs = self.shared.runs(classes[at], around, records);
        if !runs.is_empty() || pairs::is_phrase_of_two(records) {
            (longest, is_decided) = self.tally(classes, at, (records, runs), scores, &mut evidence);
        }
        // What the region prefers, nothing else has a say in.
        if choice.is_regional
            && !is_decided
            && let Some(vote) = self.preferences.first_vote(classes, at)
        {
            *scores = Scores::default();
            scores[usize::from(vote.candidate)] = PREFERRED;
            evidence(Evidence::Preference(vote), vote.candidate.into(), PREFERRED);
            return Basis::Preference;
        }
        if let Some(class) = self.shared.class(choice.class) {
            self.weigh(class, classes[at], around, records, longest, |what, weights| {
                for (candidate, &weight) in weights.iter().enumerate() {
                    scores[candidate] += i32::from(weight);
                    evidence(what, candidate, i32::from(weight));
                }
            });
        }
        if is_decided { Basis::Phrase } else { Basis::Weights }
    }

    /// Adds up what the phrases over a character say. Returns the longest one, if it counts more than others, and whether there
    /// is one that decides.
    ///
    /// In a function of its own, as a quarter of the decisions do without it (manuals).
    #[inline(never)]
    fn tally(
        &self,
        classes: &[Class],
        at: usize,
        (records, runs): ((Record<'_>, Record<'_>), Runs),
        scores: &mut Scores,
        evidence: &mut impl FnMut(Evidence, usize, i32),
    ) -> (Option<Vote>, bool) {
        let Shared { lexicon, votes, .. } = &self.shared;
        let (mut longest, mut is_decided) = (Longest::default(), false);
        for vote in lexicon.votes(classes, at, records, runs) {
            let candidate = usize::from(vote.candidate);
            let weight = match vote.weight() {
                Some(weight) => {
                    is_decided = true;
                    weight
                }
                None => {
                    let vote = self.shared.crossed(classes, at, vote);
                    longest.take(vote);
                    votes.others(vote)
                }
            };
            scores[candidate] += weight;
            evidence(Evidence::Vote(vote), candidate, weight);
        }
        let longest = longest.undisputed();
        if let Some(vote) = longest {
            let more = votes.longest(vote) - votes.others(vote);
            scores[usize::from(vote.candidate)] += more;
            evidence(Evidence::Longest(vote), vote.candidate.into(), more);
        }
        (longest, is_decided)
    }

    /// What the model says of a character among its neighbours.
    #[inline]
    fn weigh(
        &self,
        weights: ClassWeights<'_>,
        class: Class,
        around: [Class; 4],
        (left, right): (Record<'_>, Record<'_>),
        longest: Option<Vote>,
        mut add: impl FnMut(Evidence, &[i8; model::WEIGHED]),
    ) {
        let [l2, _, r1, r2] = around;
        add(Evidence::Template(0), &weights.get(tables::ALONE));
        add(Evidence::Template(1), &left.weights());
        add(Evidence::Template(2), &right.weights());
        if let Some(vote) = longest {
            let place = tables::agreement(vote.len.into(), vote.candidate.into());
            add(Evidence::Agreement(vote), &weights.get(place));
        }
        let (across, left, right) = (left.knows_across(r1), left.knows_beyond(l2), right.knows_beyond(r2));
        if !(across | left | right) {
            return;
        }
        let (across, left, right) = (u8::from(across), u8::from(left), u8::from(right));
        let mut templates = across << 3 | left << 4 | right << 5 | (across & left) << 6 | (across & right) << 7;
        while templates != 0 {
            let template = templates.trailing_zeros() as usize;
            templates &= templates - 1;
            let key = model::key(template, class, around);
            if let Some(weights) = self.shared.features.number(feature_hash(template, key)) {
                add(Evidence::Template(template), &weights.to_le_bytes().map(|weight| weight as i8));
            }
        }
    }
}

/// Calls `replace` with each word of a region within a segment.
#[inline(always)]
fn each_within(
    words: &Words<'static>,
    segment: &Segment,
    context: ScriptContext,
    topic_words: &mut TopicWords,
    mut replace: impl FnMut(usize, Found<'static>),
) {
    let own = segment.own();
    words.each(segment.classes(), own.clone(), context.script, topic_words, |start, found| {
        if start + found.len <= own.end && !segment.is_japanese(start) {
            replace(start, found);
        }
    });
}

/// Forgets the own words of what is done, whose text begins at 0.
#[cold]
fn forget(own: &mut VecDeque<OwnWord>, done: usize) {
    own.retain(|word| word.source.end > done);
    for word in own {
        if word.source.start < done {
            // Its value is put out.
            word.value.clear();
        }
        word.source = word.source.start.saturating_sub(done)..word.source.end - done;
    }
}

/// Puts out what a segment has become, with these values in the places of some of its characters. Calls `put_own` with where the
/// value of each own word is in `out`.
fn put(segment: &Segment, replacements: &[Replacement<'_>], out: &mut Vec<u8>, mut put_own: impl FnMut(Range<usize>)) {
    let mut output = SegmentOutput::new(segment, out);
    for Replacement { places, value, own } in replacements {
        let written = output.replace(places.clone(), value);
        if own.is_some() {
            put_own(written);
        }
    }
    output.finish();
}

/// What a segment has become as it is put out, with values in the places of some of its characters.
struct SegmentOutput<'s> {
    output: &'s [u8],
    out: &'s mut Vec<u8>,
    /// Where the character at `place` is; and from where on the output is still to be put out.
    place: usize,
    at: usize,
    from: usize,
}

impl<'s> SegmentOutput<'s> {
    fn new(segment: &'s Segment, out: &'s mut Vec<u8>) -> SegmentOutput<'s> {
        SegmentOutput { output: segment.output(), out, place: segment.own().start, at: 0, from: 0 }
    }

    /// Puts out what is before these places, and a value for what is there. Returns where the value is.
    fn replace(&mut self, places: Range<usize>, value: &str) -> Range<usize> {
        let start = self.skip_to(places.start);
        self.out.extend_from_slice(&self.output[self.from..start]);
        let written = self.out.len()..self.out.len() + value.len();
        self.out.extend_from_slice(value.as_bytes());
        self.from = self.skip_to(places.end);
        written
    }

    fn skip_to(&mut self, end: usize) -> usize {
        self.at = skip(self.output, self.at, end.saturating_sub(self.place));
        self.place = self.place.max(end);
        self.at
    }

    /// Puts out the rest.
    fn finish(self) {
        self.out.extend_from_slice(&self.output[self.from..]);
    }
}

/// Where the text from `at` on is after so many of its characters.
#[inline]
fn skip(text: &[u8], mut at: usize, mut characters: usize) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    loop {
        let word = text
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .map_or_else(|| last(text, at), |&word| u64::from_le_bytes(word));
        // A bit in each byte that continues no character.
        let mut first = (!(word >> 7) | word >> 6) & EACH;
        let count = (first.wrapping_mul(EACH) >> 56) as usize;
        if count > characters {
            for _ in 0..characters {
                first &= first - 1;
            }
            return at + first.trailing_zeros() as usize / 8;
        }
        (at, characters) = (at + 8, characters - count);
    }
}

/// The last bytes of a text, fewer than eight, and 0 behind them.
#[cold]
fn last(text: &[u8], at: usize) -> u64 {
    text.get(at..).unwrap_or_default().iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The best candidate of a character: the character itself where no other one scores so much higher.
#[inline]
pub(crate) fn best(choice: &Choice, scores: &Scores, margin: i32) -> usize {
    let best = best_of(choice.mask, usize::from(choice.default), scores);
    if margin <= 0 || choice.unchanged == 0 {
        return best;
    }
    let unchanged = best_of(choice.unchanged, choice.unchanged.trailing_zeros() as usize, scores);
    if scores[best] - scores[unchanged] <= margin { unchanged } else { best }
}

/// The candidate that scores highest of a mask; `first` if none scores higher than it.
#[inline]
fn best_of(mask: u8, first: usize, scores: &Scores) -> usize {
    let (mut best, mut open) = (first, mask & !(1 << first));
    while open != 0 {
        let candidate = open.trailing_zeros() as usize;
        open &= open - 1;
        if scores[candidate] > scores[best] {
            best = candidate;
        }
    }
    best
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use std::path::{Path, PathBuf};

    use fanjian_dictionary::han;

    use super::*;
    use crate::{
        Model, Sources,
        characters::{CANDIDATES, CharEntry},
        compile,
    };

    fn dictionaries() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries")
    }

    /// The engines of all targets.
    fn engines() -> Vec<Engine> {
        let tables = compile(&Sources::from_folder(&dictionaries()).unwrap(), &Model::dictionary()).unwrap();
        let tables: &'static [u8] = tables.leak();
        Target::ALL.iter().map(|&target| Engine::read(tables, target, Vocabulary::Keep).unwrap()).collect()
    }

    impl Engine {
        fn entry(&self, character: char) -> CharEntry {
            self.entries.get(u32::from(character))
        }

        /// Every character that the target has something to say about.
        fn known(&self) -> impl Iterator<Item = char> {
            ('\0'..=char::MAX).filter(|&character| self.entry(character) != CharEntry::default())
        }

        fn decided(&self, choice: Choice, scores: &Scores, margin: i32) -> char {
            self.candidate(&choice, best(&choice, scores, margin)).character()
        }

        /// All that a character may become.
        fn outputs(&self, character: char) -> Vec<char> {
            match self.choice(character) {
                Some(choice) => open(choice).map(|place| self.candidate(&choice, place).character()).collect(),
                None => vec![self.only(character).unwrap_or(character)],
            }
        }
    }

    fn open(choice: Choice) -> impl Iterator<Item = usize> {
        (0..CANDIDATES).filter(move |place| choice.mask >> place & 1 == 1)
    }

    /// 竈, which is Traditional alone, became 灶, which does not show a script: a second conversion made 巖 of the 岩 behind
    /// it, which the first one had kept. 讬 became 託, of another class; and 坯 could become 坏, which becomes 壞.
    #[test]
    fn a_text_shows_the_same_after_its_conversion() {
        const KEPT: u16 = flags::CANTONESE | flags::STOP | flags::KANA | flags::LINE | flags::BRACE;
        let mut changed = Vec::new();
        for engine in engines() {
            for character in engine.known() {
                for output in engine.outputs(character) {
                    let (before, after) = (engine.entry(character), engine.entry(output));
                    let is_same = engine.entries.class(character) == engine.entries.class(output)
                        && before.flags() & KEPT == after.flags() & KEPT
                        && han::is_ideograph(u32::from(character)) == han::is_ideograph(u32::from(output));
                    // So margins only grow.
                    let is_more = !after.is(flags::FOREIGN) && (!before.is(flags::NATIVE) || after.is(flags::NATIVE));
                    if !is_same || !is_more {
                        changed.push(format!("{}: {character} {output}", engine.target));
                    }
                }
            }
        }
        assert!(changed.is_empty(), "{changed:#?}");
    }

    /// The filter of three characters leaves no phrase out that has a say.
    #[test]
    fn every_phrase_is_found_where_it_may_be() {
        let read = |name: &str| std::fs::read_to_string(dictionaries().join(name)).unwrap();
        let phrases = read("STPhrases.txt") + &read("TSPhrases.txt");
        let lines =
            phrases.lines().flat_map(|line| line.split(['\t', ' '])).filter(|phrase| phrase.chars().count() > 2);
        let mut found = 0;
        for engine in engines() {
            for line in lines.clone() {
                let classes: Vec<Class> = line.chars().map(|character| engine.entries.class(character)).collect();
                for at in 0..classes.len() {
                    let Surroundings { around, records, .. } = engine.surroundings(&classes, at);
                    let runs = engine.shared.runs(classes[at], around, records);
                    let lexicon = &engine.shared.lexicon;
                    let votes: Vec<Vote> = lexicon.votes(&classes, at, records, runs).collect();
                    assert_eq!(votes, lexicon.all_votes(&classes, at).collect::<Vec<_>>(), "{line} {at}");
                    found += votes.iter().filter(|vote| vote.len > 2).count();
                }
            }
        }
        assert!(found > 100_000, "{found}");
    }

    /// Each character was decided about alone: 松松 became 松鬆, 簽沒簽 籤沒簽. Where the first one ends a word, the second one is of
    /// another.
    #[test]
    fn a_character_that_stands_twice_in_a_word_is_decided_about_once() {
        let engine = &engines()[Target::Taiwan as usize];
        let convert = |text: &str| {
            let mut out = Vec::new();
            engine.feed(&mut State::new(Some(Target::Simplified)), text, true, &mut out);
            String::from_utf8(out).unwrap()
        };
        for (text, expected) in
            [("松松的", "鬆鬆的"), ("签没签名", "簽沒簽名"), ("准不准时", "準不準時"), ("头发不发光", "頭髮不發光")]
        {
            assert_eq!(convert(text), expected);
        }
    }

    /// Whatever the scores, and for each margin that the text may have after a conversion.
    #[test]
    fn what_a_character_becomes_stays() {
        let mut changed = Vec::new();
        for engine in engines() {
            for character in engine.known() {
                let Some(choice) = engine.choice(character) else {
                    changed.extend(engine.only(character).filter(|&only| engine.outputs(only) != [only]));
                    continue;
                };
                for number in 0..4_usize.pow(choice.mask.count_ones()) {
                    let mut scores = Scores::default();
                    for (digit, place) in open(choice).enumerate() {
                        scores[place] = [0, 20, 50, 200][number >> (2 * digit) & 3];
                    }
                    let margins = if engine.target.is_traditional() { MARGINS } else { SIMPLIFIED_MARGINS };
                    for (kind, &margin) in margins.iter().enumerate() {
                        let output = engine.decided(choice, &scores, margin);
                        let stays = match engine.choice(output) {
                            // No character of the other script is left.
                            Some(again) => margins[kind.max(2)..].iter().all(|&margin| {
                                again.outputs == choice.outputs && engine.decided(again, &scores, margin) == output
                            }),
                            None => engine.only(output).is_none(),
                        };
                        changed.extend((!stays).then_some(character));
                    }
                }
            }
        }
        changed.dedup();
        assert!(changed.is_empty(), "{changed:?}");
    }
}

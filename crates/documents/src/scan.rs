//! What the scanners of the formats find in a source: pieces of text in groups, and tags of languages.

use std::{collections::HashMap, fmt, ops::Range};

use fanjian::ScriptHistory;

use crate::{escape::Escape, language::Style, options::Options, scalar::Scalar};

pub(crate) use crate::group::Role;

/// The marks in comments that switch conversion off and on.
pub(crate) const OFF: &str = "fanjian:off";
pub(crate) const ON: &str = "fanjian:on";

/// A group: what a reader reads on without a break. Its pieces are one text for the conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Group(pub(crate) u32);

/// What something that is never changed counts for in the text around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StandIn {
    /// A number, such as `%d`.
    Number,
    /// A word, such as `{name}`.
    Word,
    /// Something that separates words, such as a line break or a picture.
    Break,
}

impl StandIn {
    pub(crate) fn text(self) -> &'static str {
        match self {
            StandIn::Number => "8",
            StandIn::Word => "X",
            StandIn::Break => "\n",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The source is text in this form.
    Text(Escape),
    /// The source stays, and counts for this in the text around.
    Kept(StandIn),
}

/// A part of a group, in the source.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) group: Group,
    /// Bytes of the source.
    pub(crate) raw: Range<usize>,
    pub(crate) content: Content,
}

/// A part of the document that has its name by its text, such as a heading.
pub(crate) struct Anchor {
    pub(crate) group: Group,
    /// Its name, without a number.
    pub(crate) old: String,
    /// The same for a text of the group.
    pub(crate) name: Box<dyn Fn(&str) -> String>,
}

/// A place that has the name of an anchor.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) raw: Range<usize>,
    /// The number of the anchor.
    pub(crate) anchor: usize,
    /// How the name is written.
    pub(crate) form: fn(&str) -> String,
}

/// Places of the document that have the names of others, and follow them.
#[derive(Default)]
pub(crate) struct References {
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) places: Vec<Reference>,
    /// What is behind the name of an anchor that another one has, at the first, second and next try for a name that none has.
    pub(crate) suffix: Option<fn(usize) -> String>,
}

impl References {
    /// The numbers of anchors by their names; the first one, where a heading has a number by itself.
    pub(crate) fn by_name(&self) -> HashMap<String, usize> {
        let mut anchors = HashMap::new();
        for (at, name) in self.numbered(self.anchors.iter().map(|anchor| anchor.old.clone())).into_iter().enumerate() {
            anchors.entry(name).or_insert(at);
        }
        anchors
    }

    /// The names of anchors, of which those that would be the same are numbered, as GitHub and MediaWiki do it: no number makes
    /// a name that another one has already.
    pub(crate) fn numbered(&self, names: impl IntoIterator<Item = String>) -> Vec<String> {
        // The names that there are, and how many tries they have been the first part of.
        let mut taken: HashMap<String, usize> = HashMap::new();
        let numbered = names.into_iter().map(|name| {
            let mut own = name.clone();
            while let Some(suffix) = self.suffix.filter(|_| taken.contains_key(&own)) {
                let tries = taken.entry(name.clone()).or_default();
                *tries += 1;
                own = format!("{name}{}", suffix(*tries));
            }
            taken.entry(own.clone()).or_default();
            own
        });
        numbered.collect()
    }
}

impl fmt::Debug for References {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("References").field("places", &self.places).finish_non_exhaustive()
    }
}

/// How a language is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagForm {
    /// By a tag, such as `zh-CN`, `zh_CN` or `zh-Hans`. That of a language alone gets this form.
    Tag(Style),
    /// The same where a tool compares it with the tag in the name of the file.
    AsFile(Style),
    /// By a region alone, such as `CN`: the language stands elsewhere, and is Chinese.
    Region,
    /// By a script alone, such as `Hans`.
    Script,
}

/// The name of a language in the source, which follows the conversion.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) raw: Range<usize>,
    pub(crate) form: TagForm,
}

/// Collects what a scanner finds, in any order of groups and in the order of the source within a group.
///
/// Ranges are bytes of the source at the boundaries of characters, and do not overlap.
#[derive(Debug)]
pub(crate) struct Scan<'o> {
    pub(crate) options: &'o Options,
    pub(crate) roles: Vec<Role>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) references: References,
    /// Places that become something else whatever the conversion does.
    pub(crate) edits: Vec<(Range<usize>, String)>,
    /// Scalars that are quoted in another way if they cannot hold what their text becomes, in the order of the source.
    pub(crate) scalars: Vec<Scalar>,
    /// Each group is converted by itself, with this history before it, so that equal texts stay equal: those of cells, and of
    /// formulas that compare them.
    pub(crate) apart: Option<ScriptHistory>,
    /// Groups that are searched in the text of cells, and become what they are a part of there.
    pub(crate) searched: Vec<Group>,
    /// Whether it states another encoding than UTF-8.
    pub(crate) states_other: bool,
    /// The address of the comment whose mark has switched conversion off.
    off: Option<usize>,
    is_foreign: bool,
}

impl<'o> Scan<'o> {
    pub(crate) fn new(options: &'o Options) -> Scan<'o> {
        Scan {
            options,
            roles: Vec::new(),
            pieces: Vec::new(),
            tags: Vec::new(),
            references: References::default(),
            edits: Vec::new(),
            scalars: Vec::new(),
            apart: None,
            searched: Vec::new(),
            states_other: false,
            off: None,
            is_foreign: false,
        }
    }

    /// Begins a group.
    pub(crate) fn group(&mut self, role: Role) -> Group {
        self.roles.push(role);
        Group(u32::try_from(self.roles.len() - 1).expect("a source has fewer than 2^32 groups"))
    }

    /// Adds text to a group.
    pub(crate) fn text(&mut self, group: Group, raw: Range<usize>, escape: Escape) {
        self.piece(group, raw, Content::Text(escape));
    }

    /// Adds what never changes to a group: a placeholder, a picture, a line break.
    pub(crate) fn kept(&mut self, group: Group, raw: Range<usize>, stand_in: StandIn) {
        self.piece(group, raw, Content::Kept(stand_in));
    }

    /// Adds a group of one piece.
    pub(crate) fn whole(&mut self, role: Role, raw: Range<usize>, escape: Escape) -> Group {
        let group = self.group(role);
        self.text(group, raw, escape);
        group
    }

    fn piece(&mut self, group: Group, raw: Range<usize>, content: Content) {
        let is_empty = raw.is_empty() && matches!(content, Content::Text(_));
        if self.off.is_none() && !is_empty {
            self.pieces.push(Piece { group, raw, content });
        }
    }

    /// Adds the name of a language.
    pub(crate) fn tag(&mut self, raw: Range<usize>) {
        self.tag_in_form(raw, TagForm::Tag(Style::default()));
    }

    /// Adds the name of a language in this form.
    pub(crate) fn tag_in_form(&mut self, raw: Range<usize>, form: TagForm) {
        if self.off.is_none() {
            self.tags.push(Tag { raw, form });
        }
    }

    /// Adds the name of the language that all of the document is in. If its texts are not converted, everything stays.
    pub(crate) fn language(&mut self, source: &str, raw: Range<usize>) {
        self.language_in_form(source, raw, TagForm::Tag(Style::default()));
    }

    /// The same in this form.
    pub(crate) fn language_in_form(&mut self, source: &str, raw: Range<usize>, form: TagForm) {
        self.is_foreign |= !source[raw.clone()].is_empty() && !self.options.languages.takes(&source[raw.clone()]);
        self.tag_in_form(raw, form);
    }

    /// Whether the document is in a language whose texts are not converted.
    pub(crate) fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// Where the mark stands in the source that has switched conversion off, if none has switched it on again.
    pub(crate) fn unclosed_mark(&self, source: &str) -> Option<usize> {
        let at = self.off?.wrapping_sub(source.as_ptr() as usize);
        // The text of a comment over the lines of a quotation is none of the source.
        Some(if at < source.len() { at } else { source.rfind(OFF).unwrap_or(0) })
    }

    /// Takes the text of a comment, which is a part of the source if it is written in one piece: `fanjian:off` at its beginning
    /// switches conversion off, and `fanjian:on` on.
    pub(crate) fn comment(&mut self, text: &str) {
        match text.trim_start() {
            text if text.starts_with(OFF) && self.options.marks => _ = self.off.get_or_insert(text.as_ptr() as usize),
            text if text.starts_with(ON) => self.off = None,
            _ => {}
        }
    }
}

//! What the text of a page is: its elements and attributes, in whichever form they are written.

use std::ops::Range;

use super::{
    elements::{
        ADDRESS, ANNOTATION_XML, APPLET, BODY, BR, BUTTON, CAPTION, CHARSET, CLASS, CODE, CONTENT, Class, DD, DESC,
        DIV, DT, DY, ENCODING, FOREIGN_OBJECT, HEAD, HREF, HREFLANG, HTML, HTTP_EQUIV, IFRAME, INPUT, KBD, LANG, LI,
        LINK, MARQUEE, MATH, META, MI, MN, MO, MS, MTEXT, NAME, NOEMBED, NOFRAMES, Name, OBJECT, OPTGROUP, OPTION, P,
        PLAINTEXT, PRE, PROPERTY, RB, REL, RP, RT, RTC, SAMP, SCRIPT, STYLE, SVG, TABLE, TBODY, TD, TEMPLATE, TEXT,
        TEXT_PATH, TEXTAREA, TFOOT, TH, THEAD, TITLE, TR, TRANSLATE, TSPAN, TT, TYPE, VALUE, VAR, XML_LANG, XMP, Y,
        class, ends_foreign, ends_paragraph, is_text_attribute, is_void,
    },
    note_marks::is_note_mark,
    start_tag::{Attribute, Tag},
    templates::Region,
};
use crate::{
    encoding,
    escape::Escape,
    language::Style,
    scan::{Group, Role, Scan, StandIn, TagForm},
};

/// The greatest number of elements that are open, as in Chromium: a deeper one takes the place of the last.
const DEPTH: usize = 512;

/// How the source that is scanned stands in the document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'p> {
    /// As it is, from this byte on.
    At(usize),
    /// Escaped: for each byte, and the end, where it is in the document; and how texts are written there.
    Escaped(&'p [usize], Escape),
}

impl Place<'_> {
    fn of(self, range: Range<usize>) -> Range<usize> {
        match self {
            Place::At(start) => range.start + start..range.end + start,
            Place::Escaped(places, _) => places[range.start]..places[range.end],
        }
    }

    fn escape(self, escape: Escape) -> Escape {
        match self {
            Place::At(_) => escape,
            Place::Escaped(_, escape) => escape,
        }
    }
}

/// The rules by which tags are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Those of HTML: end tags are missing, and some elements have none.
    Html,
    /// Those of XML: every element has its end.
    Xml,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Namespace {
    Html,
    Svg,
    Math,
}

/// Why the text of an element is none for readers, or is not to be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    No,
    /// Code, and what is no text.
    Yes,
    /// The content of a picture, but for its texts; and formulas.
    ButTexts,
}

/// What is so for the content of an element.
#[derive(Clone, Copy, Debug)]
struct State {
    is_translated: bool,
    is_of_language: bool,
    hidden: Hidden,
    namespace: Namespace,
    /// Elements within are of HTML, although this one is not.
    is_integration: bool,
    role: Role,
}

impl State {
    fn is_text(&self) -> bool {
        self.is_translated && self.is_of_language && self.hidden == Hidden::No
    }

    fn is_foreign(&self) -> bool {
        self.namespace != Namespace::Html && !self.is_integration
    }
}

/// An element that is open.
#[derive(Debug)]
struct Open {
    name: Name,
    class: Class,
    /// The state within.
    state: State,
    /// It has a state of its own.
    has_state: bool,
    /// The group that goes on behind an aside, and the word that waits for it.
    around: (Option<Group>, Option<usize>),
}

/// How the text of an element that was begun is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// With tags in it.
    Markup,
    /// With entities, and no tags.
    Entities,
    /// Without either, up to the end tag.
    Raw,
    Script,
    /// Without either, up to the end of the source.
    Plain,
}

/// The page as far as it has been read.
pub(crate) struct Page<'p, 's, 'o> {
    source: &'p str,
    place: Place<'p>,
    syntax: Syntax,
    templates: &'p [Region],
    scan: &'s mut Scan<'o>,
    open: Vec<Open>,
    /// How many of them are paragraphs.
    paragraphs: usize,
    outer: State,
    group: Option<Group>,
    /// A word that is kept, before the group that has not begun.
    waiting: Option<usize>,
    /// The line of a picture's text that is being read.
    line: Option<Range<usize>>,
    canonical: Option<Range<usize>>,
    alternates: Vec<(Range<usize>, Range<usize>)>,
}

impl<'p, 's, 'o> Page<'p, 's, 'o> {
    pub(crate) fn new(
        source: &'p str,
        place: Place<'p>,
        syntax: Syntax,
        templates: &'p [Region],
        scan: &'s mut Scan<'o>,
    ) -> Page<'p, 's, 'o> {
        let outer = State {
            is_translated: true,
            is_of_language: true,
            hidden: Hidden::No,
            namespace: Namespace::Html,
            is_integration: false,
            role: Role::Text,
        };
        Page {
            source,
            place,
            syntax,
            templates,
            scan,
            open: Vec::new(),
            paragraphs: 0,
            outer,
            group: None,
            waiting: None,
            line: None,
            canonical: None,
            alternates: Vec::new(),
        }
    }

    /// Sets whether the page is in a language that is converted, as what it stands in.
    pub(crate) fn set_language(&mut self, is_of_language: bool) {
        self.outer.is_of_language = is_of_language;
    }

    fn state(&self) -> State {
        self.open.last().map_or(self.outer, |open| open.state)
    }

    /// Whether the element that is being read is of SVG or MathML: sections of CDATA may stand in it.
    pub(crate) fn is_in_foreign(&self) -> bool {
        self.state().namespace != Namespace::Html
    }

    /// Text between tags.
    pub(crate) fn text(&mut self, raw: Range<usize>, escape: Escape) {
        let state = self.state();
        if !state.is_text() || raw.is_empty() {
            return;
        }
        let first = self.templates.partition_point(|(template, _)| template.end <= raw.start);
        let mut at = raw.start;
        for (template, stand_in) in &self.templates[first..] {
            if template.start >= raw.end {
                break;
            }
            self.plain_text(at..template.start.max(at), escape, state.role);
            self.kept(template.start, *stand_in);
            at = template.end.min(raw.end);
        }
        self.plain_text(at..raw.end, escape, state.role);
    }

    fn plain_text(&mut self, raw: Range<usize>, escape: Escape, role: Role) {
        let has_begun = self.group.is_some();
        if raw.is_empty() || !has_begun && is_space(&self.source[raw.clone()]) {
            return;
        }
        let group = match self.group {
            Some(group) => group,
            None => *self.group.insert(self.scan.group(role)),
        };
        if let Some(at) = self.waiting.take() {
            self.scan.kept(group, self.place.of(at..at), StandIn::Word);
        }
        self.scan.text(group, self.place.of(raw), self.place.escape(escape));
    }

    /// Something at a place that is no text, and never changes.
    fn kept(&mut self, at: usize, stand_in: StandIn) {
        match self.group {
            Some(group) => self.scan.kept(group, self.place.of(at..at), stand_in),
            None => self.waiting = (stand_in == StandIn::Word).then_some(at),
        }
    }

    fn end_group(&mut self) {
        self.group = None;
        self.waiting = None;
    }

    /// The text of a comment.
    pub(crate) fn comment(&mut self, raw: Range<usize>) {
        self.scan.comment(&self.source[raw]);
    }

    /// A start tag. Returns how its content is written.
    pub(crate) fn start(&mut self, tag: &Tag<'_>) -> Content {
        if self.syntax == Syntax::Html {
            self.end_implied(tag);
        }
        let parent = self.state();
        let (namespace, mut class) = classify(tag, parent);
        if namespace == Namespace::Html && self.is_note_mark(tag) {
            class = Class::Aside;
        }
        let own = self.own_state(tag, parent, namespace);
        self.attributes(tag, &own);
        let is_empty = match (self.syntax, namespace) {
            (Syntax::Xml, _) => false,
            (Syntax::Html, Namespace::Svg | Namespace::Math) => tag.is_self_closing,
            (Syntax::Html, Namespace::Html) => is_void(tag.name),
        };
        let at = tag.raw.start;
        let ends_text = parent.is_text() && !own.is_text();
        match class {
            Class::Block => self.end_group(),
            Class::Break if parent.is_text() => self.kept(at, StandIn::Break),
            Class::Aside if tag.name == SVG && parent.is_text() => self.kept(at, StandIn::Break),
            Class::Inline if ends_text && !is_empty && !is_no_content(tag.name) => self.kept(at, StandIn::Word),
            _ => {}
        }
        match tag.name {
            TEXT if namespace == Namespace::Svg => self.line = tag.attribute(Y).map(|y| y.raw.clone()),
            TSPAN if namespace == Namespace::Svg && own.is_text() => self.line_of_picture(tag),
            _ => {}
        }
        if is_empty {
            return Content::Markup;
        }
        let around = match class {
            Class::Aside => (self.group.take(), self.waiting.take()),
            _ => (None, None),
        };
        if self.syntax == Syntax::Html && self.open.len() >= DEPTH {
            self.pop();
        }
        self.paragraphs += usize::from(tag.name == P);
        let has_state = own.is_text() != parent.is_text() || own.is_translated != parent.is_translated;
        self.open.push(Open { name: tag.name, class, state: own, has_state, around });
        if namespace == Namespace::Html { content(tag.name) } else { Content::Markup }
    }

    /// Whether a tag begins the mark of a note; what stands in one belongs to it.
    fn is_note_mark(&self, tag: &Tag<'_>) -> bool {
        self.open.last().is_none_or(|open| open.class != Class::Aside) && is_note_mark(self.source, tag)
    }

    /// The state within an element.
    fn own_state(&self, tag: &Tag<'_>, parent: State, namespace: Namespace) -> State {
        let mut own = State { namespace, is_integration: false, ..parent };
        for attribute in tag.attributes {
            let value = || &self.source[attribute.raw.clone()];
            match attribute.name {
                TRANSLATE => match value().trim().to_ascii_lowercase().as_str() {
                    "no" => own.is_translated = false,
                    "yes" | "" => own.is_translated = true,
                    _ => {}
                },
                CLASS if value().split_ascii_whitespace().any(is_class_of_untranslated) => own.is_translated = false,
                LANG | XML_LANG if !self.has_template(&attribute.raw) => {
                    own.is_of_language = self.scan.options.languages.takes(value());
                }
                _ => {}
            }
        }
        match namespace {
            Namespace::Html => match tag.name {
                SCRIPT | STYLE | IFRAME | NOEMBED | NOFRAMES => own.hidden = Hidden::Yes,
                CODE | KBD | PRE | PLAINTEXT | SAMP | TT | VAR | XMP if !self.scan.options.code => {
                    own.hidden = Hidden::Yes;
                }
                TITLE => own.role = Role::Metadata,
                _ => {}
            },
            Namespace::Svg if tag.name == SVG && own.hidden != Hidden::Yes => own.hidden = Hidden::ButTexts,
            Namespace::Svg => {
                own.is_integration = matches!(tag.name, FOREIGN_OBJECT | DESC | TITLE);
                match tag.name {
                    TEXT | TITLE | DESC | FOREIGN_OBJECT if own.hidden == Hidden::ButTexts => own.hidden = Hidden::No,
                    SCRIPT | STYLE => own.hidden = Hidden::Yes,
                    _ => {}
                }
            }
            Namespace::Math if tag.name == MATH && own.hidden != Hidden::Yes => own.hidden = Hidden::ButTexts,
            Namespace::Math => {
                own.is_integration =
                    matches!(tag.name, MI | MN | MO | MS | MTEXT) || is_html_annotation(tag, self.source);
                if tag.name == MTEXT && own.hidden == Hidden::ButTexts {
                    own.hidden = Hidden::No;
                }
            }
        }
        own
    }

    /// A part of a picture's text begins a line, unless it stands where the one before does.
    fn line_of_picture(&mut self, tag: &Tag<'_>) {
        let value = |name| tag.attribute(name).map(|attribute| attribute.raw.clone());
        let y = value(Y);
        let is_same = match (&y, &self.line) {
            (Some(y), Some(line)) => self.source[y.clone()] == self.source[line.clone()],
            _ => false,
        };
        if value(DY).is_some() || y.is_some() && !is_same {
            self.kept(tag.raw.start, StandIn::Break);
        }
        if y.is_some() {
            self.line = y;
        }
    }

    /// An end tag.
    pub(crate) fn end(&mut self, name: Name, is_component: bool, raw: &Range<usize>) {
        if self.syntax == Syntax::Xml {
            self.pop();
            return;
        }
        if matches!(name, BR | P) {
            self.end_foreign();
        }
        let class = class(name, is_component);
        let mut block_between = false;
        for at in (0..self.open.len()).rev() {
            let open = &self.open[at];
            if open.name == name {
                // As browsers do, an inline element goes on behind a block in it: so does this, until its own block ends.
                if !(block_between && open.class == Class::Inline && !open.has_state) {
                    self.pop_to(at);
                }
                return;
            }
            if is_scope(open.name) && !matches!(name, TABLE | TBODY | TFOOT | THEAD | TR | BODY | HTML) {
                break;
            }
            block_between |= open.class == Class::Block;
        }
        match class {
            // The end of a paragraph that is not open is one that is empty.
            Class::Block => self.end_group(),
            // As the start tag.
            Class::Break if name == BR && self.state().is_text() => self.kept(raw.start, StandIn::Break),
            _ => {}
        }
    }

    /// Ends the SVG or MathML that is open, up to a place for HTML.
    fn end_foreign(&mut self) {
        while self.state().is_foreign() {
            self.pop();
        }
    }

    /// Ends the elements that a start tag ends without their end tags.
    fn end_implied(&mut self, tag: &Tag<'_>) {
        let state = self.state();
        if state.is_foreign() {
            if ends_foreign(tag.name) {
                self.end_foreign();
            }
            return;
        }
        match tag.name {
            LI => self.end_open(&[LI], |name| !matches!(name, ADDRESS | DIV | P)),
            DD | DT => self.end_open(&[DD, DT], |name| !matches!(name, ADDRESS | DIV | P)),
            OPTION => self.end_open(&[OPTION], |_| true),
            OPTGROUP => self.end_open(&[OPTION, OPTGROUP], |_| true),
            TD | TH => self.end_open(&[TD, TH], is_table),
            TR => self.end_open(&[TR], is_table),
            TBODY | TFOOT | THEAD => self.end_open(&[TBODY, TFOOT, THEAD, CAPTION], is_table),
            RB | RT | RTC | RP => {
                let keeps_container = matches!(tag.name, RT | RP);
                while self
                    .open
                    .last()
                    .is_some_and(|open| matches!(open.name, RB | RT | RP) || open.name == RTC && !keeps_container)
                {
                    self.pop();
                }
            }
            BODY => self.end_open(&[HEAD], |_| false),
            _ => {}
        }
        if self.paragraphs > 0 && ends_paragraph(tag.name) {
            self.end_open(&[P], |name| is_scope(name) || name == BUTTON);
        }
    }

    /// Ends the outermost of these elements that is open, up to one that stops the search. Inline elements do not.
    fn end_open(&mut self, names: &[Name], stops: impl Fn(Name) -> bool) {
        let mut found = None;
        for at in (0..self.open.len()).rev() {
            let open = &self.open[at];
            if names.contains(&open.name) {
                found = Some(at);
                if names.len() == 1 {
                    break;
                }
            } else if open.class == Class::Block && stops(open.name) {
                break;
            }
        }
        if let Some(at) = found {
            self.pop_to(at);
        }
    }

    fn pop_to(&mut self, at: usize) {
        while self.open.len() > at {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.paragraphs -= usize::from(open.name == P);
        match open.class {
            Class::Block => self.end_group(),
            Class::Aside => (self.group, self.waiting) = open.around,
            _ => {}
        }
    }

    /// The attributes of a tag, with the state of its element.
    fn attributes(&mut self, tag: &Tag<'_>, own: &State) {
        if tag.attributes.is_empty() {
            return;
        }
        if own.is_translated {
            for attribute in tag.attributes.iter().filter(|attribute| matches!(attribute.name, LANG | XML_LANG)) {
                self.tag(attribute.raw.clone());
            }
        }
        let is_html = own.namespace == Namespace::Html;
        let is_text = own.is_translated && own.is_of_language && own.hidden != Hidden::Yes;
        match tag.name {
            META if is_html => return self.meta(tag, is_text),
            LINK if is_html => self.link(tag),
            _ => {}
        }
        if !is_text {
            return;
        }
        // The title of a style sheet is its name.
        let names_style = is_html && tag.name == LINK && self.has_word(tag, REL, "stylesheet");
        for attribute in tag.attributes {
            let is_text = match attribute.name {
                TITLE if names_style => false,
                VALUE => {
                    is_html
                        && tag.name == INPUT
                        && ["submit", "reset", "button"].iter().any(|kind| self.is(tag, TYPE, kind))
                }
                name => is_text_attribute(name),
            };
            if is_text {
                self.attribute(attribute, Role::Attribute);
            }
        }
    }

    /// An attribute that is text.
    fn attribute(&mut self, attribute: &Attribute, role: Role) {
        let raw = attribute.raw.clone();
        if is_space(&self.source[raw.clone()]) {
            return;
        }
        let escape = self.place.escape(Escape::Attribute(attribute.quote));
        let group = self.scan.group(role);
        let first = self.templates.partition_point(|(template, _)| template.end <= raw.start);
        let mut at = raw.start;
        for (template, stand_in) in &self.templates[first..] {
            if template.start >= raw.end {
                break;
            }
            self.scan.text(group, self.place.of(at..template.start.max(at)), escape);
            self.scan.kept(group, self.place.of(template.start..template.start), *stand_in);
            at = template.end.min(raw.end);
        }
        self.scan.text(group, self.place.of(at..raw.end), escape);
    }

    /// The name of a language.
    fn tag(&mut self, raw: Range<usize>) {
        self.tag_in_style(raw, Style::default());
    }

    fn tag_in_style(&mut self, raw: Range<usize>, style: Style) {
        if !self.has_template(&raw) {
            self.scan.tag_in_form(self.place.of(raw), TagForm::Tag(style));
        }
    }

    fn has_template(&self, raw: &Range<usize>) -> bool {
        let first = self.templates.partition_point(|(template, _)| template.end <= raw.start);
        self.templates.get(first).is_some_and(|(template, _)| template.start < raw.end)
    }

    /// Whether an attribute has this value, in whichever case.
    fn is(&self, tag: &Tag<'_>, name: Name, value: &str) -> bool {
        tag.attribute(name).is_some_and(|found| self.source[found.raw.clone()].trim().eq_ignore_ascii_case(value))
    }

    /// Whether an attribute has this word, in whichever case.
    fn has_word(&self, tag: &Tag<'_>, name: Name, word: &str) -> bool {
        let has = |value: &str| value.split_ascii_whitespace().any(|part| part.eq_ignore_ascii_case(word));
        tag.attribute(name).is_some_and(|found| has(&self.source[found.raw.clone()]))
    }

    fn meta(&mut self, tag: &Tag<'_>, is_text: bool) {
        let is_page = matches!(self.place, Place::At(0));
        if let Some(charset) = tag.attribute(CHARSET).filter(|_| is_page) {
            encoding::name(self.source, charset.raw.clone(), self.scan);
        }
        let Some(content) = tag.attribute(CONTENT) else { return };
        if self.is(tag, HTTP_EQUIV, "content-type") && is_page {
            encoding::content_type(self.source, content.raw.clone(), self.scan);
            return;
        }
        let is_language = |name: &str| matches!(name, "language" | "dc.language" | "dcterms.language" | "og:locale");
        let is_text_name = |name: &str| {
            matches!(
                name,
                "description"
                    | "keywords"
                    | "author"
                    | "application-name"
                    | "apple-mobile-web-app-title"
                    | "twitter:title"
                    | "twitter:description"
                    | "twitter:image:alt"
                    | "og:title"
                    | "og:description"
                    | "og:site_name"
                    | "og:image:alt"
                    | "article:tag"
                    | "article:section"
                    | "article:author"
                    | "dc.title"
                    | "dc.creator"
                    | "dc.description"
                    | "dc.subject"
                    | "dc.publisher"
                    | "dcterms.title"
                    | "dcterms.creator"
                    | "dcterms.description"
                    | "dcterms.subject"
                    | "dcterms.publisher"
            )
        };
        // Sites write names as properties, and the other way round.
        let named = [NAME, PROPERTY].map(|name| tag.attribute(name));
        let names = named.map(|found| found.map(|found| self.source[found.raw.clone()].trim().to_ascii_lowercase()));
        let is_named = |is: &dyn Fn(&str) -> bool| names.iter().flatten().any(|name| is(name));
        if self.is(tag, HTTP_EQUIV, "content-language") || is_named(&is_language) {
            // Open Graph has locales: `zh_TW`.
            let style = if is_named(&|name| name == "og:locale") { Style::Posix } else { Style::default() };
            for part in parts(&self.source[content.raw.clone()]) {
                self.tag_in_style(content.raw.start + part.start..content.raw.start + part.end, style);
            }
        } else if is_text && is_named(&is_text_name) {
            self.attribute(content, Role::Metadata);
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let value = |name| tag.attribute(name).map(|attribute| attribute.raw.clone());
        let is_canonical = self.has_word(tag, REL, "canonical");
        if is_canonical {
            self.canonical = value(HREF).or(self.canonical.take());
        }
        match (value(HREF), value(HREFLANG)) {
            (_, Some(language)) if is_canonical => self.tag(language),
            (Some(href), Some(language)) if self.has_word(tag, REL, "alternate") => {
                self.alternates.push((href, language));
            }
            _ => {}
        }
    }

    /// Ends the page.
    pub(crate) fn finish(mut self) {
        let Some(canonical) = self.canonical.take() else { return };
        for (href, language) in std::mem::take(&mut self.alternates) {
            if self.source[href] == self.source[canonical.clone()] {
                self.tag(language);
            }
        }
    }
}

/// The namespace of an element, and what it is to the text around.
fn classify(tag: &Tag<'_>, parent: State) -> (Namespace, Class) {
    let namespace = match tag.name {
        SVG => Namespace::Svg,
        MATH => Namespace::Math,
        _ if parent.is_foreign() => parent.namespace,
        _ => Namespace::Html,
    };
    let class = match namespace {
        Namespace::Html => class(tag.name, tag.is_component),
        Namespace::Svg => match tag.name {
            SVG => Class::Aside,
            TSPAN | TEXT_PATH => Class::Inline,
            TITLE | DESC => Class::Aside,
            TEXT | FOREIGN_OBJECT => Class::Block,
            _ => Class::Inline,
        },
        Namespace::Math if tag.name == MTEXT => Class::Aside,
        Namespace::Math => Class::Inline,
    };
    (namespace, class)
}

/// How the content of an element of HTML is written.
fn content(name: Name) -> Content {
    match name {
        TITLE | TEXTAREA => Content::Entities,
        STYLE | XMP | IFRAME | NOEMBED | NOFRAMES => Content::Raw,
        SCRIPT => Content::Script,
        PLAINTEXT => Content::Plain,
        _ => Content::Markup,
    }
}

/// Whether an element is nothing where it stands, whatever its content is.
fn is_no_content(name: Name) -> bool {
    matches!(name, SCRIPT | STYLE)
}

pub(super) fn is_class_of_untranslated(class: &str) -> bool {
    matches!(class, "notranslate" | "ignore-opencc")
}

fn is_html_annotation(tag: &Tag<'_>, source: &str) -> bool {
    let is_html = |attribute: &Attribute| {
        let encoding = source[attribute.raw.clone()].to_ascii_lowercase();
        encoding == "text/html" || encoding == "application/xhtml+xml"
    };
    tag.name == ANNOTATION_XML && tag.attribute(ENCODING).is_some_and(is_html)
}

/// Whether end tags do not reach elements around this one.
fn is_scope(name: Name) -> bool {
    matches!(name, APPLET | CAPTION | HTML | TABLE | TD | TH | MARQUEE | OBJECT | TEMPLATE | FOREIGN_OBJECT)
}

fn is_table(name: Name) -> bool {
    matches!(name, TABLE | TEMPLATE | HTML)
}

/// Whether a text is nothing but white space.
fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The parts of a list with commas, without white space.
fn parts(list: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    list.split(',').map(|part| {
        let start = part.as_ptr() as usize - list.as_ptr() as usize + (part.len() - part.trim_start().len());
        start..start + part.trim().len()
    })
}

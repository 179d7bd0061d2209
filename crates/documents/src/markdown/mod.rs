//! Markdown: CommonMark with GitHub's extensions, footnotes, mathematics, definition lists, and front matter.
//!
//! Labels stay, those of footnotes and of references: they are the same in several places, and not seen. Where a label is also
//! the text of a link, as in `[text]` and `[text][]`, the text stays: the link would lead nowhere. The text of other links is
//! converted, and their addresses stay, but for those of headings: on the same page, these follow the heading; of another file
//! of Markdown, they are converted as that file's headings are.

mod extensions;
mod front_matter;
mod html;
mod slug;

use std::{collections::VecDeque, ops::Range};

use fanjian::Error;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use self::html::{Kind, Part};
use crate::{
    escape::{Escape, ends_escaped},
    markup::elements::{Name, RUBY},
    scan::{Anchor, Group, Reference, Role, Scan, StandIn},
};

pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let base = front_matter::scan(source, scan)?;
    let parsed = extensions::parsed(&source[base..]);
    let parser = Parser::new_ext(&parsed, options());
    let definitions = parser.reference_definitions().iter();
    let mut definitions: Vec<_> = definitions
        .map(|(_, definition)| {
            let range = definition.span.start + base..definition.span.end + base;
            let title = definition.title.as_deref().and_then(|text| title(source, range.clone(), text));
            Definition { address: definition_address(source, range.clone(), title.as_ref()), title, start: range.start }
        })
        .collect();
    definitions.sort_by_key(|definition| definition.start);
    let mut markdown = Markdown::new(source, base, definitions.into(), scan);
    for (event, range) in parser.into_offset_iter() {
        markdown.event(event, range.start + base..range.end + base);
    }
    markdown.finish();
    Ok(())
}

/// The extensions that are read.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

/// A definition of a reference, which has no event.
struct Definition {
    start: usize,
    title: Option<Range<usize>>,
    /// Its address, if that is on one line.
    address: Option<Range<usize>>,
}

/// An element of HTML whose text stays.
struct Left {
    name: Name,
    /// How many of its name are open.
    count: usize,
    /// How many parts of Markdown are open around it: it ends with the last of them.
    depth: usize,
}

/// An open link or picture.
enum Open {
    /// Its text is of the paragraph. With its title.
    Link(String),
    /// Its text stays.
    Left,
    /// The text in place of a picture. With its title.
    Picture(String),
}

/// A heading that links may lead to.
struct Heading {
    group: Group,
    /// The text of the group; and, for each stand-in in it, what stands there.
    parts: Vec<(String, bool)>,
}

impl Heading {
    fn text(&self) -> String {
        self.parts.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// What a text of the group is with what the stand-ins in it stand for.
    fn restored(parts: &[(String, bool)], text: &str) -> String {
        let stand_in = StandIn::Word.text();
        // The stand-in can be a part of the text, too: its places are in order.
        let mut places = parts.iter().flat_map(|(text, is_stand_in)| {
            let count = if *is_stand_in { 1 } else { text.matches(stand_in).count() };
            std::iter::repeat_n(is_stand_in.then_some(text.as_str()), count)
        });
        let mut restored = String::with_capacity(text.len());
        for (at, part) in text.split(stand_in).enumerate() {
            if at > 0 {
                restored.push_str(places.next().flatten().unwrap_or(stand_in));
            }
            restored.push_str(part);
        }
        restored
    }
}

struct Markdown<'a, 's, 'o> {
    source: &'s str,
    scan: &'a mut Scan<'o>,
    kept: Vec<Range<usize>>,
    definitions: VecDeque<Definition>,
    /// The group of the paragraph.
    paragraph: Option<Group>,
    /// Groups that stand in another one.
    asides: Vec<Group>,
    /// Where the last text ended.
    end: usize,
    open: Vec<Open>,
    is_code: bool,
    html: html::Reader,
    left: Option<Left>,
    /// How many parts of Markdown are open.
    depth: usize,
    is_html_block: bool,
    heading: Option<Heading>,
    headings: Vec<Heading>,
    /// The addresses of links to headings.
    fragments: Vec<Range<usize>>,
}

impl<'a, 's, 'o> Markdown<'a, 's, 'o> {
    fn new(
        source: &'s str,
        base: usize,
        definitions: VecDeque<Definition>,
        scan: &'a mut Scan<'o>,
    ) -> Markdown<'a, 's, 'o> {
        let extension = scan.options.path.as_ref().and_then(|path| path.extension());
        let is_mdx = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("mdx"));
        Markdown {
            source,
            scan,
            kept: extensions::kept(source, base, is_mdx),
            definitions,
            paragraph: None,
            asides: Vec::new(),
            end: base,
            open: Vec::new(),
            is_code: false,
            html: html::Reader::default(),
            left: None,
            depth: 0,
            is_html_block: false,
            heading: None,
            headings: Vec::new(),
            fragments: Vec::new(),
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        while self.definitions.front().is_some_and(|definition| definition.start < range.start) {
            self.definition();
        }
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.start(tag, range);
            }
            Event::End(tag) => {
                self.end(tag, range);
                self.depth -= 1;
                self.left.take_if(|left| self.depth < left.depth);
            }
            Event::Text(text) if self.is_code => self.code_line(&text, range),
            Event::Text(text) => self.decoded(&text, range),
            Event::Code(text) => self.code(&text, range),
            Event::InlineMath(_) | Event::DisplayMath(_) => self.stand_in(range, StandIn::Word, ""),
            Event::SoftBreak | Event::HardBreak => self.stand_in(range, StandIn::Break, " "),
            Event::Html(_) | Event::InlineHtml(_) => self.html(range),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
            Event::Rule => self.end_block(),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Link { link_type, title, .. } => self.start_link(link_type, &title, false, range),
            Tag::Image { link_type, title, .. } => self.start_link(link_type, &title, true, range),
            Tag::Heading { id, .. } => {
                self.end_block();
                let group = self.group();
                self.heading = id.is_none().then(|| Heading { group, parts: Vec::new() });
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.end_block();
                self.is_code = true;
            }
            tag => {
                self.end_block();
                self.is_html_block = matches!(tag, Tag::HtmlBlock);
            }
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Link | TagEnd::Image => self.end_link(range),
            TagEnd::Heading(_) => {
                self.headings.extend(self.heading.take());
                self.end_block();
            }
            _ => {
                self.is_code = false;
                self.end_block();
            }
        }
    }

    /// A new text begins.
    fn end_block(&mut self) {
        self.paragraph = None;
        self.asides.clear();
        self.open.clear();
        self.heading = None;
        self.html = html::Reader::default();
        self.is_html_block = false;
    }

    fn group(&mut self) -> Group {
        if let Some(aside) = self.asides.last() {
            return *aside;
        }
        *self.paragraph.get_or_insert_with(|| self.scan.group(Role::Text))
    }

    fn is_left(&self) -> bool {
        self.left.is_some() || self.open.iter().any(|open| matches!(open, Open::Left))
    }

    fn start_link(&mut self, kind: LinkType, title: &str, is_picture: bool, range: Range<usize>) {
        let stays = matches!(
            kind,
            LinkType::Collapsed
                | LinkType::CollapsedUnknown
                | LinkType::Shortcut
                | LinkType::ShortcutUnknown
                | LinkType::Autolink
                | LinkType::Email
        );
        if stays {
            let text = self.source[range.clone()].trim_matches(['[', ']', '<', '>', '!']);
            self.stand_in(range, StandIn::Word, text);
            self.open.push(Open::Left);
        } else if is_picture {
            self.stand_in(range.start..range.start, StandIn::Break, "");
            let aside = self.scan.group(Role::Attribute);
            self.asides.push(aside);
            self.open.push(Open::Picture(title.to_owned()));
        } else {
            self.open.push(Open::Link(title.to_owned()));
        }
    }

    fn end_link(&mut self, range: Range<usize>) {
        let open = self.open.pop();
        let is_picture = matches!(open, Some(Open::Picture(_)));
        if is_picture {
            self.asides.pop();
        }
        let Some(Open::Link(text) | Open::Picture(text)) = open else { return };
        if self.is_left() || !self.source[range.clone()].ends_with(')') {
            return;
        }
        let destination = range.start..range.end - 1;
        // What looks like one may be a part of the address.
        let title = title(self.source, destination.clone(), &text).filter(|raw| !raw.is_empty());
        if let Some(raw) = &title {
            self.scan.whole(Role::Attribute, raw.clone(), Escape::Markdown);
        }
        if is_picture {
            return;
        }
        let end = title.map_or(destination.end, |raw| raw.start - 1);
        self.fragments_of(address(self.source, range.start..end));
    }

    /// Takes the name of a heading in an address.
    fn fragments_of(&mut self, address: Option<Range<usize>>) {
        let Some(address) = address else { return };
        match self.source[address.clone()].find('#') {
            Some(0) => self.fragments.push(address.start + 1..address.end),
            Some(at) if is_of_markdown(&self.source[address.start..address.start + at]) => {
                self.scan.whole(Role::Attribute, address.start + at + 1..address.end, Escape::Address);
            }
            _ => {}
        }
    }

    /// Takes the title and the address of a definition of a reference.
    fn definition(&mut self) {
        let Some(Definition { title, address, .. }) = self.definitions.pop_front() else { return };
        if let Some(title) = title {
            self.scan.whole(Role::Attribute, title, Escape::Markdown);
        }
        self.fragments_of(address);
    }

    /// Takes text that is written as it is, or by an entity; its first character may stand behind a backslash.
    fn decoded(&mut self, text: &str, mut range: Range<usize>) {
        let raw = &self.source[range.clone()];
        if text != raw {
            self.text(range, Escape::Markdown);
            return;
        }
        let is_escaped = ends_escaped(&self.source[self.end.min(range.start)..range.start]);
        self.end = range.end;
        if is_escaped && raw.starts_with(|first: char| first.is_ascii_punctuation()) {
            self.text(range.start - 1..range.start + 1, Escape::Markdown);
            range.start += 1;
        }
        // A backslash or an ampersand that is text cannot be read again.
        let is_plain = !self.source[range.clone()].contains(['\\', '&']);
        self.text(range, if is_plain { Escape::Markdown } else { Escape::MarkdownAsIs });
    }

    /// Takes text, without what is kept in it.
    fn text(&mut self, range: Range<usize>, escape: Escape) {
        if self.is_left() {
            return;
        }
        let group = self.group();
        let mut at = range.start;
        let first = self.kept.partition_point(|kept| kept.end <= range.start);
        for number in first..self.kept.len() {
            let kept = self.kept[number].clone();
            if kept.start >= range.end {
                break;
            }
            self.piece(group, at..kept.start.max(at), escape);
            // A kept range over several pieces is one word.
            if kept.start >= at {
                self.stand_in(kept.start..kept.end.min(range.end), StandIn::Word, "");
            }
            at = kept.end.min(range.end);
        }
        self.piece(group, at..range.end, escape);
    }

    fn piece(&mut self, group: Group, range: Range<usize>, escape: Escape) {
        if range.is_empty() {
            return;
        }
        if let Some(heading) = self.heading.as_mut().filter(|heading| heading.group == group) {
            let units = escape.units(&self.source[range.clone()]);
            heading.parts.push((units.filter_map(|(_, character)| character).collect(), false));
        }
        self.scan.text(group, range, escape);
    }

    /// Adds what stays, with the text that it has in the name of a heading.
    fn stand_in(&mut self, range: Range<usize>, stand_in: StandIn, text: &str) {
        if self.is_left() {
            return;
        }
        let group = self.group();
        if let Some(heading) = self.heading.as_mut().filter(|heading| heading.group == group) {
            match stand_in {
                StandIn::Word => heading.parts.push((text.to_owned(), true)),
                _ => heading.parts.push((stand_in.text().to_owned(), false)),
            }
        }
        self.scan.kept(group, range, stand_in);
    }

    fn code(&mut self, text: &str, range: Range<usize>) {
        if !self.scan.options.code || self.is_left() {
            self.stand_in(range, StandIn::Word, text);
            return;
        }
        self.stand_in(range.start..range.start, StandIn::Word, text);
        let raw = &self.source[range.clone()];
        let ticks = raw.bytes().take_while(|&byte| byte == b'`').count();
        if raw.len() >= 2 * ticks {
            self.scan.whole(Role::Text, range.start + ticks..range.end - ticks, Escape::Bare("\n\r`"));
        }
    }

    fn code_line(&mut self, text: &str, range: Range<usize>) {
        if self.scan.options.code && !self.is_left() && text == &self.source[range.clone()] {
            let group = self.group();
            self.scan.text(group, range, Escape::Bare("\n\r`~"));
        }
    }

    fn html(&mut self, range: Range<usize>) {
        for part in self.html.read(self.source, range) {
            match part {
                Part::Text(range) => self.text(range, Escape::Markup),
                Part::Comment(text) => self.scan.comment(&text),
                Part::Tag(range, tag) => self.tag(range, &tag),
            }
        }
    }

    fn tag(&mut self, range: Range<usize>, tag: &html::Tag) {
        let html::Tag { tag: markup, text, .. } = tag;
        if let Some(left) = self.left.as_mut() {
            match (left.name == markup.name, markup.is_end) {
                (true, true) => left.count -= 1,
                (true, false) if !markup.is_empty => left.count += 1,
                _ => {}
            }
            self.left.take_if(|left| left.count == 0);
            return;
        }
        let mut kind = tag.kind(self.scan.options.code);
        if !markup.is_end {
            let stays = markup.take_attributes(text, |range| tag.place(range), self.scan);
            self.fragments_of(markup.address(text).and_then(|range| tag.place(range)));
            if stays && !markup.is_empty {
                kind = Kind::Left;
            }
        }
        // Where it stands: some of its attributes are text.
        let place = range.start..range.start;
        match kind {
            // The tag that ends `<rt>` can be left out.
            Kind::Inline if markup.name == RUBY && self.open.is_empty() => self.asides.clear(),
            Kind::Inline => {}
            Kind::Break => self.stand_in(place, StandIn::Break, ""),
            // A tag of a block in a paragraph of Markdown ends words alone.
            Kind::Block if self.open.is_empty() && self.asides.is_empty() && self.heading.is_none() => {
                self.paragraph = None;
            }
            Kind::Block => self.stand_in(place, StandIn::Break, ""),
            Kind::Ruby if markup.is_end => _ = self.asides.pop(),
            Kind::Ruby => {
                if self.open.is_empty() {
                    self.asides.clear();
                }
                let aside = self.scan.group(Role::Text);
                self.asides.push(aside);
            }
            Kind::Left => {
                self.stand_in(place, StandIn::Word, "");
                // The event of a block of HTML is none of an element around what stays.
                let depth = self.depth - usize::from(self.is_html_block);
                self.left = Some(Left { name: markup.name, count: 1, depth });
            }
        }
    }

    /// Adds the addresses of headings, which follow them.
    fn finish(mut self) {
        while !self.definitions.is_empty() {
            self.definition();
        }
        let references = &mut self.scan.references;
        references.suffix = Some(|before| format!("-{before}"));
        references.anchors.extend(self.headings.into_iter().map(|heading| Anchor {
            group: heading.group,
            old: slug::slug(&heading.text()),
            name: Box::new(move |text| slug::slug(&Heading::restored(&heading.parts, text))),
        }));
        let anchors = references.by_name();
        for raw in self.fragments {
            let fragment = &self.source[raw.clone()];
            let Some(&anchor) = slug::decoded(fragment).and_then(|name| anchors.get(&name)) else { continue };
            let is_upper = fragment.bytes().any(|byte| byte.is_ascii_uppercase());
            let form: fn(&str) -> String = match fragment.contains('%') {
                true if is_upper => |name| slug::encoded(name, true),
                true => |name| slug::encoded(name, false),
                false => str::to_owned,
            };
            references.places.push(Reference { raw, anchor, form });
        }
    }
}

/// The place of the title of a link or of a definition of a reference, if it is on one line.
fn title(source: &str, range: Range<usize>, title: &str) -> Option<Range<usize>> {
    let len = source[range.clone()].trim_end().len();
    let (raw, text) = title_range(source, range.start..range.start + len)?;
    (text == title).then_some(raw)
}

/// The place of a title at the end of a range, without its quotation marks, and its text.
fn title_range(source: &str, range: Range<usize>) -> Option<(Range<usize>, String)> {
    let text = source[range.clone()].trim_end();
    let (open, close) = match text.chars().next_back()? {
        mark @ ('"' | '\'') => (mark, mark),
        ')' => ('(', ')'),
        _ => return None,
    };
    let body = &text[..text.len() - close.len_utf8()];
    let start = body.rmatch_indices(open).map(|(at, _)| at).find(|&at| !ends_escaped(&body[..at]))?;
    let is_apart = body[..start].ends_with([' ', '\t', '\n', '\r']);
    let title = &body[start + 1..];
    if !is_apart || ends_escaped(body) || title.contains('\n') {
        return None;
    }
    let text = Escape::Markdown.units(title).filter_map(|(_, character)| character).collect();
    Some((range.start + start + 1..range.start + body.len(), text))
}

/// The place of the address of a link `[text](address)`, whose closing parenthesis or title is at the end of the range. None if
/// it has white space or parentheses.
fn address(source: &str, range: Range<usize>) -> Option<Range<usize>> {
    let text = source[range.clone()].trim_end();
    let start = text.rfind('(').filter(|&start| text[..start].ends_with(']'))?;
    of_address(source, range.start + start + 1..range.start + text.len())
}

/// The place of the address of a definition of a reference, whose title is known.
fn definition_address(source: &str, range: Range<usize>, title: Option<&Range<usize>>) -> Option<Range<usize>> {
    let end = title.map_or(range.end, |title| title.start - 1);
    let text = &source[range.start..end];
    let mut ends = text.match_indices("]:").map(|(at, _)| at);
    let start = range.start + ends.find(|&at| !ends_escaped(&text[..at]))? + 2;
    of_address(source, start..end)
}

/// An address without white space around, and without angle brackets.
fn of_address(source: &str, range: Range<usize>) -> Option<Range<usize>> {
    let text = source[range.clone()].trim_start();
    let start = range.end - text.len();
    let text = text.trim_end();
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    let (start, text) = inner.map_or((start, text), |inner| (start + 1, inner));
    (!text.contains(char::is_whitespace)).then(|| start..start + text.len())
}

/// Whether an address before its `#` is that of a file of Markdown beside the page.
fn is_of_markdown(address: &str) -> bool {
    let is_apart = address.contains(':') || address.starts_with("//");
    let path = address.split('?').next().unwrap_or_default().to_ascii_lowercase();
    !is_apart && [".md", ".markdown", ".mdx"].iter().any(|extension| path.ends_with(extension))
}

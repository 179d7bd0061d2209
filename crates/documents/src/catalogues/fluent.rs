//! Fluent.

use std::ops::Range;

use fanjian::{Error, ErrorKind};
use fluent_syntax::{
    ast::{Attribute, Comment, Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use crate::{
    escape::Escape,
    lines::line_number,
    placeholders::{Part, message_of_parts, stand_in},
    scan::{Role, Scan, StandIn},
};

/// How deep placeables may be. The parser calls itself for each.
const DEPTH: usize = 64;

/// The values of messages, terms and attributes are messages, and those of variants are messages by themselves. Placeables
/// stay, but for strings.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    check_depth(source)?;
    let resource = parser::parse(source).map_err(|(_, errors)| {
        let (at, message) =
            errors.first().map_or((0, String::new()), |error| (error.pos.start, error.kind.to_string()));
        syntax(source, at, &message)
    })?;
    let mut patterns = Patterns { source, scan };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                patterns.comment(message.comment.as_ref());
                patterns.all(message.value.as_ref(), &message.attributes);
            }
            Entry::Term(term) => {
                patterns.comment(term.comment.as_ref());
                patterns.all(Some(&term.value), &term.attributes);
            }
            Entry::Comment(comment) | Entry::GroupComment(comment) | Entry::ResourceComment(comment) => {
                patterns.comment(Some(comment));
            }
            Entry::Junk { content } => {
                return Err(syntax(source, place(source, content).start, "an entry was expected"));
            }
        }
    }
    Ok(())
}

struct Patterns<'p, 's, 'o> {
    source: &'s str,
    scan: &'p mut Scan<'o>,
}

impl<'s> Patterns<'_, 's, '_> {
    fn comment(&mut self, comment: Option<&Comment<&str>>) {
        for line in comment.into_iter().flat_map(|comment| &comment.content) {
            self.scan.comment(line);
        }
    }

    fn all(&mut self, value: Option<&Pattern<&'s str>>, attributes: &[Attribute<&'s str>]) {
        let mut waiting: Vec<_> =
            value.into_iter().chain(attributes.iter().map(|attribute| &attribute.value)).collect();
        waiting.reverse();
        while let Some(pattern) = waiting.pop() {
            let parts: Vec<_> =
                pattern.elements.iter().filter_map(|element| self.part(element, &mut waiting)).collect();
            message_of_parts(self.source, Role::Text, &parts, self.scan);
        }
    }

    fn part<'a>(
        &self,
        element: &'a PatternElement<&'s str>,
        variants_waiting: &mut Vec<&'a Pattern<&'s str>>,
    ) -> Option<Part> {
        let mut expression = match element {
            PatternElement::TextElement { value } => {
                return Some(Part::Text(place(self.source, value), Escape::Fluent));
            }
            PatternElement::Placeable { expression } => expression,
        };
        while let Expression::Inline(InlineExpression::Placeable { expression: inner }) = expression {
            expression = inner;
        }
        let kept = |name: &str, stand_in| Some(Part::Kept(place(self.source, name), stand_in));
        match expression {
            Expression::Select { selector, variants } => {
                variants_waiting.extend(variants.iter().rev().map(|variant| &variant.value));
                let name = name(selector)?;
                kept(name, stand_in(name))
            }
            Expression::Inline(InlineExpression::StringLiteral { value }) => {
                Some(Part::Text(place(self.source, value), Escape::FluentString))
            }
            Expression::Inline(inline) => {
                let name = name(inline)?;
                let is_number = matches!(inline, InlineExpression::NumberLiteral { .. })
                    || matches!(inline, InlineExpression::FunctionReference { id, .. } if id.name == "NUMBER");
                kept(name, if is_number { StandIn::Number } else { stand_in(name) })
            }
        }
    }
}

/// The name of what an expression refers to, or its number.
fn name<'s>(expression: &InlineExpression<&'s str>) -> Option<&'s str> {
    Some(match expression {
        InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => value,
        InlineExpression::FunctionReference { id, .. }
        | InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. }
        | InlineExpression::VariableReference { id } => id.name,
        InlineExpression::Placeable { .. } => return None,
    })
}

/// The place of what has been borrowed from a source.
fn place(source: &str, text: &str) -> Range<usize> {
    let start = (text.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
    let range = start..start.wrapping_add(text.len());
    if source.get(range.clone()).is_some() { range } else { 0..0 }
}

/// Returns an error for placeables and arguments that are deeper than the parser is to go.
fn check_depth(source: &str) -> Result<(), Error> {
    let (mut depth, mut start) = (0_usize, 0);
    for line in source.split_inclusive('\n') {
        if line.starts_with('#') || begins_entry(line) {
            depth = 0;
        }
        for byte in line.bytes() {
            match byte {
                b'{' => depth += 1,
                b'(' if depth > 0 => depth += 1,
                b'}' | b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEPTH {
                return Err(syntax(source, start, &format!("placeables are deeper than {DEPTH}")));
            }
        }
        start += line.len();
    }
    Ok(())
}

/// Whether a line begins with `key =`, which is nowhere in a placeable.
pub(crate) fn begins_entry(line: &str) -> bool {
    let line = line.strip_prefix('-').unwrap_or(line);
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let rest = line.trim_start_matches(is_of_key);
    line.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.trim_start_matches(' ').starts_with('=')
}

fn syntax(source: &str, at: usize, message: &str) -> Error {
    let line = line_number(source, at);
    Error::new(ErrorKind::Syntax, format!("not Fluent: {message}")).on_line(line)
}

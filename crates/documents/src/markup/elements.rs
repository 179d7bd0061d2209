//! The elements of HTML, SVG and MathML: what they are to the text around.

/// The name of an element or attribute in lower case, packed: up to 16 bytes as they are, longer ones as a hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name(u128);

impl Name {
    pub(crate) const fn new(name: &str) -> Name {
        let (mut packed, mut at) = (Name(0), 0);
        while at < name.len() {
            packed = packed.with(name.as_bytes()[at]);
            at += 1;
        }
        packed
    }

    const fn with(self, byte: u8) -> Name {
        let byte = byte.to_ascii_lowercase() as u128;
        if self.0 >> 120 == 0 {
            return Name(self.0 << 8 | byte);
        }
        // The highest bit keeps hashes apart from names in ASCII. The factor is that of PCG's generator.
        let mixed = (self.0 ^ byte).wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645);
        Name(mixed.rotate_left(29) | 1 << 127)
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        // A whole name, as a rule: numbers of 64 bits are faster.
        if self.0 == 0 && bytes.len() <= 8 {
            let packed = |packed: u64, byte: &u8| packed << 8 | u64::from(byte.to_ascii_lowercase());
            *self = Name(bytes.iter().fold(0, packed).into());
            return;
        }
        for &byte in bytes {
            *self = self.with(byte);
        }
    }
}

/// Names as constants.
macro_rules! names {
    ($($constant:ident $name:literal)*) => {
        $(pub(crate) const $constant: Name = Name::new($name);)*
    };
}

names! {
    A "a" ADDRESS "address" ANNOTATION_XML "annotation-xml" APPLET "applet" AUDIO "audio" BASE "base" BODY "body" BR "br"
    BUTTON "button" CANVAS "canvas" CAPTION "caption" CODE "code" COL "col" DD "dd" DESC "desc" DIV "div" DT "dt"
    EMBED "embed" FOREIGN_OBJECT "foreignobject" HEAD "head" HR "hr" HTML "html" IFRAME "iframe" IMG "img"
    INPUT "input" KBD "kbd" LI "li" LINK "link" MARQUEE "marquee" MATH "math" META "meta" MI "mi" MN "mn" MO "mo"
    MS "ms" MTEXT "mtext" NOEMBED "noembed" NOFRAMES "noframes" OBJECT "object" OPTGROUP "optgroup" OPTION "option"
    P "p" PARAM "param" PLAINTEXT "plaintext" PRE "pre" RB "rb" RP "rp" RT "rt" RTC "rtc" RUBY "ruby" SAMP "samp"
    SCRIPT "script" SELECT "select" SOURCE "source" SPAN "span" STYLE "style" SUP "sup" SVG "svg" TABLE "table"
    TBODY "tbody" TD "td"
    TEMPLATE "template" TEXT "text" TEXTAREA "textarea" TEXT_PATH "textpath" TFOOT "tfoot" TH "th" THEAD "thead"
    TITLE "title" TR "tr" TRACK "track" TSPAN "tspan" TT "tt" VAR "var" VIDEO "video" WBR "wbr" XMP "xmp"

    ABBR "abbr" ALT "alt" ARIA_DESCRIPTION "aria-description" ARIA_LABEL "aria-label"
    ARIA_PLACEHOLDER "aria-placeholder" ARIA_ROLE_DESCRIPTION "aria-roledescription" ARIA_VALUE_TEXT "aria-valuetext"
    CHARSET "charset" CLASS "class" CONTENT "content" DY "dy" ENCODING "encoding" EPUB_TYPE "epub:type" HREF "href" HREFLANG "hreflang"
    HTTP_EQUIV "http-equiv" LABEL "label" LANG "lang" NAME "name" PLACEHOLDER "placeholder" PROPERTY "property" REL "rel"
    ROLE "role" SUMMARY "summary" TRANSLATE "translate" TYPE "type" VALUE "value" XML_LANG "xml:lang" Y "y"
}

/// What an element is to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The text goes on through it.
    Inline,
    /// Its text stands on its own.
    Block,
    /// Its text stands on its own, and the text around goes on behind it.
    Aside,
    /// Something that separates words, without text.
    Break,
    /// A place where a line may break: nothing to the text.
    Nothing,
}

/// The class of an element of HTML. Elements that are not known are shown in a line by browsers; those with a hyphen in
/// their names are components, which mostly are not.
pub(crate) fn class(name: Name, is_component: bool) -> Class {
    names! {
        ABBR "abbr" ACRONYM "acronym" B "b" BDI "bdi" BDO "bdo" BIG "big" CITE "cite" DATA "data" DEL "del" DFN "dfn"
        EM "em" FONT "font" I "i" INS "ins" LABEL "label" MARK "mark" NOBR "nobr" OUTPUT "output" Q "q" S "s"
        SLOT "slot" SMALL "small" STRIKE "strike" STRONG "strong" SUB "sub" TIME "time" U "u"

        ARTICLE "article" ASIDE "aside" BLOCKQUOTE "blockquote" CENTER "center" COLGROUP "colgroup" DATALIST "datalist"
        DETAILS "details" DIALOG "dialog" DIR "dir" DL "dl" FIELDSET "fieldset" FIGCAPTION "figcaption" FIGURE "figure"
        FOOTER "footer" FORM "form" FRAME "frame" FRAMESET "frameset" H1 "h1" H2 "h2" H3 "h3" H4 "h4" H5 "h5" H6 "h6"
        HEADER "header" HGROUP "hgroup" LEGEND "legend" LISTING "listing" MAIN "main" MENU "menu" METER "meter"
        NAV "nav" NOSCRIPT "noscript" OL "ol" PROGRESS "progress" SEARCH "search" SECTION "section"
        SUMMARY "summary" UL "ul"
    }
    match name {
        A | ABBR | ACRONYM | B | BDI | BDO | BIG | CITE | CODE | DATA | DFN | EM | FONT | I | INS | KBD | LABEL
        | MARK | NOBR | OUTPUT | Q | RB | RUBY | SAMP | SLOT | SMALL | SPAN | STRONG | SUB | SUP | TIME | TT | U
        | VAR | MATH | SCRIPT | STYLE => Class::Inline,
        RT | RTC | RP | SVG | TEMPLATE => Class::Aside,
        // What is deleted: the text around is read without it.
        DEL | S | STRIKE => Class::Aside,
        BR | IMG | INPUT | EMBED | IFRAME | NOEMBED => Class::Break,
        WBR | LINK | META | BASE | PARAM | SOURCE | TRACK => Class::Nothing,
        ADDRESS | APPLET | ARTICLE | ASIDE | AUDIO | BLOCKQUOTE | BODY | BUTTON | CANVAS | CAPTION | CENTER | COL
        | COLGROUP | DATALIST | DD | DETAILS | DIALOG | DIR | DIV | DL | DT | FIELDSET | FIGCAPTION | FIGURE
        | FOOTER | FORM | FRAME | FRAMESET | H1 | H2 | H3 | H4 | H5 | H6 | HEAD | HEADER | HGROUP | HR | HTML
        | LEGEND | LI | LISTING | MAIN | MARQUEE | MENU | METER | NAV | NOFRAMES | NOSCRIPT | OBJECT | OL
        | OPTGROUP | OPTION | P | PLAINTEXT | PRE | PROGRESS | SEARCH | SECTION | SELECT | SUMMARY | TABLE | TBODY
        | TD | TEXTAREA | TFOOT | TH | THEAD | TITLE | TR | UL | VIDEO | XMP => Class::Block,
        _ if is_component => Class::Block,
        _ => Class::Inline,
    }
}

/// Whether an element has neither content nor an end tag.
pub(crate) fn is_void(name: Name) -> bool {
    const AREA: Name = Name::new("area");
    const FRAME: Name = Name::new("frame");
    matches!(
        name,
        AREA | BASE | BR | COL | EMBED | FRAME | HR | IMG | INPUT | LINK | META | PARAM | SOURCE | TRACK | WBR
    )
}

/// Whether a start tag of HTML ends the SVG or MathML that it stands in, but at their places for HTML.
pub(crate) fn ends_foreign(name: Name) -> bool {
    names! {
        B "b" BIG "big" BLOCKQUOTE "blockquote" CENTER "center" DL "dl" EM "em" H1 "h1" H2 "h2" H3 "h3" H4 "h4" H5 "h5"
        H6 "h6" I "i" LISTING "listing" MENU "menu" NOBR "nobr" OL "ol" S "s" SMALL "small"
        STRIKE "strike" STRONG "strong" SUB "sub" U "u" UL "ul"
    }
    matches!(
        name,
        B | BIG
            | BLOCKQUOTE
            | BODY
            | BR
            | CENTER
            | CODE
            | DD
            | DIV
            | DL
            | DT
            | EM
            | EMBED
            | H1
            | H2
            | H3
            | H4
            | H5
            | H6
            | HEAD
            | HR
            | I
            | IMG
            | LI
            | LISTING
            | MENU
            | META
            | NOBR
            | OL
            | P
            | PRE
            | RUBY
            | S
            | SMALL
            | SPAN
            | STRIKE
            | STRONG
            | SUB
            | SUP
            | TABLE
            | TT
            | U
            | UL
            | VAR
    )
}

/// Whether the start of a block ends a paragraph that is open.
pub(crate) fn ends_paragraph(name: Name) -> bool {
    const DATALIST: Name = Name::new("datalist");
    const LEGEND: Name = Name::new("legend");
    const METER: Name = Name::new("meter");
    const NOSCRIPT: Name = Name::new("noscript");
    const PROGRESS: Name = Name::new("progress");
    let may_be_in_paragraph = matches!(
        name,
        APPLET
            | AUDIO
            | BUTTON
            | CANVAS
            | DATALIST
            | LEGEND
            | MARQUEE
            | METER
            | NOSCRIPT
            | OBJECT
            | OPTGROUP
            | OPTION
            | PROGRESS
            | SELECT
            | TEXTAREA
            | TITLE
            | VIDEO
    );
    class(name, false) == Class::Block && !may_be_in_paragraph
}

/// Whether an attribute is text for readers on every element that has it.
pub(crate) fn is_text_attribute(name: Name) -> bool {
    matches!(
        name,
        TITLE
            | ALT
            | PLACEHOLDER
            | ARIA_DESCRIPTION
            | ARIA_LABEL
            | ARIA_PLACEHOLDER
            | ARIA_ROLE_DESCRIPTION
            | ARIA_VALUE_TEXT
            | LABEL
            | SUMMARY
            | ABBR
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_letters_differ() {
        assert_eq!(Name::new("ARIA-RoleDescription"), ARIA_ROLE_DESCRIPTION);
        assert_ne!(Name::new("aria-roledescriptioo"), ARIA_ROLE_DESCRIPTION);
        assert_ne!(Name::new("aria-description"), ARIA_ROLE_DESCRIPTION);
        let mut pushed = Name::default();
        pushed.push(b"aria-");
        pushed.push(b"valuetext");
        assert_eq!(pushed, ARIA_VALUE_TEXT);
        for name in ["A", "textAREA", "textareas", "annotation-xmlxx", "annotation-xmlxxx"] {
            let mut pushed = Name::default();
            pushed.push(name.as_bytes());
            assert_eq!(pushed, Name::new(name));
        }
    }
}

//! Ideographic description sequences (The Unicode Standard, section 18.2), with the limits of OpenCC.

use memchr::memmem;

/// A sequence with operators nested deeper, or with more code points, is none.
const DEEPEST: usize = 16;
pub(crate) const LONGEST: usize = 64;

/// The length of an operator in bytes.
const OPERATOR: usize = 3;

/// What a text that begins with an ideographic description character amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Description {
    /// It begins with a complete sequence of this length in bytes.
    Complete(usize),
    /// It ends before the sequence does.
    CutOff,
    /// It does not begin with such a character, or the sequence passes the limits.
    None,
}

/// Reads the sequence that `text` begins with. Any character counts as an operand, as it does upstream.
pub(crate) fn read(text: &str) -> Description {
    if !text.starts_with(is_operator) {
        return Description::None;
    }
    // The operands still to come of each operator that encloses the next character.
    let mut open = [0_u8; DEEPEST];
    let mut depth = 0;
    for (index, (at, character)) in text.char_indices().enumerate() {
        if index >= LONGEST || depth >= DEEPEST {
            return Description::None;
        }
        match operands(character) {
            0 => {
                while depth > 0 && open[depth - 1] == 1 {
                    depth -= 1;
                }
                if depth == 0 {
                    return Description::Complete(at + character.len_utf8());
                }
                open[depth - 1] -= 1;
            }
            operands => {
                open[depth] = operands;
                depth += 1;
            }
        }
    }
    Description::CutOff
}

/// How many bytes at the beginning of `text` are operators that begin no sequence, since too many others follow each. It takes a
/// look at each, where [`read`] would take one at all that follow.
pub(crate) fn too_deep(text: &str) -> usize {
    let end = text.find(|character| !is_operator(character));
    // A text that ends with the deepest operator that is allowed may go on.
    let fewest = if end.is_some() { DEEPEST - 1 } else { DEEPEST };
    end.unwrap_or(text.len()).saturating_sub(fewest * OPERATOR)
}

/// The characters that can begin a sequence, as bits by code point.
pub(crate) fn operators() -> impl Iterator<Item = u64> {
    (0..=0x2fff / 64).map(|word| if word == 0x2fff / 64 { 0xffff << 48 } else { 0 })
}

/// Whether a text may hold a character that begins a sequence: it has the first two bytes of their UTF-8.
pub fn may_begin_in(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"\xe2\xbf").is_some()
}

/// Whether a character is an operator of ideographic description sequences.
pub fn is_operator(character: char) -> bool {
    operands(character) > 0
}

fn operands(character: char) -> u8 {
    match character {
        '\u{2ff2}' | '\u{2ff3}' => 3,
        '\u{2ffe}' | '\u{2fff}' => 1,
        '\u{2ff0}'..='\u{2fff}' => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Description) {
        assert_eq!(read(text), expected, "{text}");
    }

    #[test]
    fn sequences_end_with_their_last_operand() {
        check("⿰女子后", Description::Complete("⿰女子".len()));
        check("⿲一二三四", Description::Complete("⿲一二三".len()));
        check("⿾一二", Description::Complete("⿾一".len()));
        check("⿰⿱一二⿳三四五六", Description::Complete("⿰⿱一二⿳三四五".len()));
        check("⿰ 后面", Description::Complete("⿰ 后".len()));
        check("女子", Description::None);
        check("", Description::None);
    }

    #[test]
    fn a_text_may_end_within_a_sequence() {
        check("⿰", Description::CutOff);
        check("⿰女", Description::CutOff);
        check("⿰女⿱一", Description::CutOff);
    }

    #[test]
    fn operators_that_are_too_deep_begin_no_sequence() {
        for operators in 0..3 * DEEPEST {
            for end in ["", "后", "后面"] {
                let text = "⿰".repeat(operators) + end;
                let begins_none = |&at: &usize| read(&text[at..]) == Description::None;
                let expected = (0..operators).map(|index| index * OPERATOR).take_while(begins_none).count();
                assert_eq!(too_deep(&text), expected * OPERATOR, "{text}");
            }
        }
    }

    #[test]
    fn operators_are_those_with_operands() {
        let words: Vec<u64> = operators().collect();
        for character in '\0'..='\u{ffff}' {
            let code = character as usize;
            let is_operator = words.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1);
            assert_eq!(is_operator, operands(character) > 0, "{character:?}");
        }
    }

    #[test]
    fn no_operator_is_overlooked_in_a_text() {
        for character in ('\0'..='\u{3100}').filter(|&character| is_operator(character)) {
            assert!(may_begin_in(&format!("后{character}后")), "{character}");
        }
        assert!(!may_begin_in("后面，…“”"));
        assert!(!may_begin_in(""));
    }

    #[test]
    fn limits_are_upstreams() {
        let nested = |operators: usize| "⿰后".repeat(operators) + "子";
        check(&nested(15), Description::Complete(nested(15).len()));
        check(&nested(16), Description::None);

        // Three operands each: few stages, many code points.
        fn wide(operators: usize) -> String {
            match operators {
                0 => "子".into(),
                _ => {
                    let rest = operators - 1;
                    format!("⿲{}{}{}", wide(rest / 3), wide((rest + 1) / 3), wide(rest.div_ceil(3)))
                }
            }
        }
        let longest = format!("⿱子⿾{}", wide(20));
        assert_eq!(longest.chars().count(), 64);
        check(&longest, Description::Complete(longest.len()));
        check(&format!("⿱子⿾⿾{}", wide(20)), Description::None);
    }
}

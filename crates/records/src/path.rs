//! Paths to the texts of a record, such as `paragraphs[].text`.

use std::{fmt, str::FromStr};

use fanjian::{Error, ErrorKind};

/// A path to texts of a record.
///
/// ```text
/// text                 the member of this name
/// meta.title           a member of a member
/// paragraphs[].text    of every element of an array; [0] is of the first one alone
/// ["a.b"].c            a name with dots, brackets, quotes or spaces, as a JSON string in brackets
/// .                    the record itself, if it is a string
/// ```
///
/// A dot at the beginning is ignored: `.text` is `text`.
///
/// ```
/// use fanjian_records::Path;
///
/// let path: Path = r#"meta["dc.title"][].value"#.parse().unwrap();
/// assert_eq!(path.to_string(), r#"meta["dc.title"][].value"#);
/// assert!("a..b".parse::<Path>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(pub(crate) Vec<Step>);

/// A step from a value to one in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Member(String),
    Every,
    Element(usize),
}

/// The characters that end a name that is not in quotes.
const ENDS: [char; 5] = ['.', '[', ']', '"', ' '];

impl FromStr for Path {
    type Err = Error;

    fn from_str(path: &str) -> Result<Path, Error> {
        let invalid = |at: usize, why: &str| {
            let place = path[..at].chars().count() + 1;
            let help =
                r#"examples are text, meta.title, paragraphs[].text, pages[0], and ["a.b"] for a name with dots"#;
            Error::new(ErrorKind::Syntax, format!("'{path}' is not a valid path: {why} at character {place}; {help}"))
        };
        if path == "." {
            return Ok(Path(Vec::new()));
        }
        let mut steps = Vec::new();
        let mut at = path.len() - path.strip_prefix('.').unwrap_or(path).len();
        // A name has to follow at the beginning and behind a dot.
        let mut needs_name = !path[at..].starts_with('[');
        while at < path.len() || needs_name {
            let rest = &path[at..];
            if needs_name {
                let len = rest.find(ENDS).unwrap_or(rest.len());
                if len == 0 {
                    return Err(invalid(at, "expected a name"));
                }
                steps.push(Step::Member(rest[..len].to_owned()));
                (at, needs_name) = (at + len, false);
            } else if rest.starts_with('.') {
                (at, needs_name) = (at + 1, true);
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (step, len) = bracket(inner).map_err(|why| invalid(at + 1, why))?;
                steps.push(step);
                at += 1 + len;
            } else {
                return Err(invalid(at, "expected a dot or a bracket"));
            }
        }
        Ok(Path(steps))
    }
}

/// The step in a bracket, and its length with the closing bracket.
fn bracket(inner: &str) -> Result<(Step, usize), &'static str> {
    if inner.starts_with('"') {
        let mut names = serde_json::Deserializer::from_str(inner).into_iter::<String>();
        let name = names.next().and_then(Result::ok).ok_or("expected a JSON string")?;
        let len = names.byte_offset();
        return match inner[len..].starts_with(']') {
            true => Ok((Step::Member(name), len + 1)),
            false => Err("the bracket is not closed"),
        };
    }
    let len = inner.find(']').ok_or("the bracket is not closed")?;
    let step = match &inner[..len] {
        "" => Step::Every,
        number => Step::Element(number.parse().map_err(|_| "expected a number or a name in quotes")?),
    };
    Ok((step, len + 1))
}

serde_as_text!(Path);

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str(".");
        }
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Every => f.write_str("[]")?,
                Step::Element(number) => write!(f, "[{number}]")?,
                Step::Member(name) if name.is_empty() || name.contains(ENDS) => {
                    write!(f, "[{}]", serde_json::to_string(name).map_err(|_| fmt::Error)?)?;
                }
                Step::Member(name) => write!(f, "{}{name}", if at == 0 { "" } else { "." })?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        let member = |name: &str| Step::Member(name.to_owned());
        let cases = [
            ("text", vec![member("text")]),
            (".text", vec![member("text")]),
            ("meta.title", vec![member("meta"), member("title")]),
            ("paragraphs[].text", vec![member("paragraphs"), Step::Every, member("text")]),
            ("[2][]", vec![Step::Element(2), Step::Every]),
            (r#"["a.b"].c"#, vec![member("a.b"), member("c")]),
            (r#"a["]\"頭"]"#, vec![member("a"), member("]\"頭")]),
            (".", vec![]),
        ];
        for (path, steps) in cases {
            assert_eq!(path.parse::<Path>().unwrap().0, steps, "{path}");
        }
    }

    #[test]
    fn an_invalid_path_is_an_error_with_its_place() {
        for (path, message) in [
            ("", "expected a name at character 1"),
            ("a..b", "expected a name at character 3"),
            ("頭.", "expected a name at character 3"),
            ("a[", "the bracket is not closed at character 3"),
            ("a[-1]", "expected a number or a name in quotes at character 3"),
            ("a[\"b]", "expected a JSON string at character 3"),
            ("a[]b", "expected a dot or a bracket at character 4"),
        ] {
            let error = path.parse::<Path>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("'{path}' is not a valid path: {message};")), "{error}");
        }
    }

    proptest! {
        #[test]
        fn a_path_is_read_back_as_it_is_shown(names in prop::collection::vec((any::<String>(), 0..3), 1..5)) {
            let steps = names.into_iter().map(|(name, kind)| match kind {
                0 => Step::Member(name),
                1 => Step::Every,
                _ => Step::Element(name.len()),
            });
            let path = Path(steps.collect());
            prop_assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
        }
    }
}

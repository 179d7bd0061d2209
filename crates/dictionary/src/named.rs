//! Enums whose values have names: one table for each, from which everything else is made.

use crate::{Error, ErrorKind};

/// An enum whose values have names, such as a configuration or a target: made by [`named!`](crate::named!).
///
/// ```
/// use fanjian_dictionary::{Error, Named, named};
///
/// named! {
///     /// How a line ends.
///     #[derive(Default)]
///     pub enum LineEnd: "line ending" {
///         /// LF.
///         #[default]
///         Lf "lf" "line feed",
///         /// CR LF.
///         CrLf "crlf" "carriage return and line feed",
///     }
/// }
///
/// assert_eq!("crlf".parse::<LineEnd>()?, LineEnd::CrLf);
/// assert_eq!(LineEnd::Lf.to_string(), "lf");
/// let error = "clrf".parse::<LineEnd>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown line ending 'clrf': did you mean 'crlf'? Expected one of lf, crlf");
/// # Ok::<(), Error>(())
/// ```
pub trait Named: Copy + 'static {
    /// What a value is, for messages: a noun, such as `configuration`.
    const KIND: &'static str;
    /// All values, in the order of their definition.
    const ALL: &'static [Self];

    /// The name of the value.
    fn name(self) -> &'static str;

    /// What the value is or does, in one line.
    fn description(self) -> &'static str;

    /// The value that something else than a name stands for, such as an extension for the format of a file.
    #[must_use]
    fn from_other(_: &str) -> Option<Self> {
        None
    }

    /// The value of this name, in any case of its ASCII letters, and with `_` for `-`; or what stands for one.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound), with the names that there are and the one that is most like it.
    fn from_name(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|value| is_name(name, value.name()));
        let found = found.copied().or_else(|| Self::from_other(name));
        found.ok_or_else(|| unknown(Self::KIND, name, Self::ALL.iter().map(|value| value.name())))
    }
}

/// Defines an enum whose values have names: see [`Named`].
///
/// Each value is followed by its name and its description. The function behind `or` finds what stands for a value beside its name:
/// see [`Named::from_other`]. The enum gets `ALL`, `name`, `description`, [`Named`], `Display`
/// and `FromStr`; and, with the feature `serde` of this crate, `Serialize` and `Deserialize` by name.
#[macro_export]
macro_rules! named {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $enum:ident: $kind:literal $(or $other:path)? {
            $($(#[$of_value:meta])* $value:ident $name:literal $description:literal),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        $visibility enum $enum { $($(#[$of_value])* $value),* }

        impl $enum {
            /// All values, in the order of their definition.
            pub const ALL: &'static [$enum] = &[$($enum::$value),*];

            /// The name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($enum::$value => $name),* }
            }

            /// What it is or does, in one line.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $($enum::$value => $description),* }
            }
        }

        impl $crate::Named for $enum {
            const KIND: &'static str = $kind;
            const ALL: &'static [$enum] = $enum::ALL;

            fn name(self) -> &'static str {
                $enum::name(self)
            }

            fn description(self) -> &'static str {
                $enum::description(self)
            }

            $(fn from_other(written: &str) -> ::std::option::Option<$enum> {
                $other(written)
            })?
        }

        $crate::named!(@text $enum);

        impl ::std::str::FromStr for $enum {
            type Err = $crate::Error;

            /// Takes the name, in any case of its ASCII letters.
            ///
            /// # Errors
            ///
            /// [`NotFound`]($crate::ErrorKind::NotFound) for any other text, with the names that there are.
            fn from_str(name: &str) -> ::std::result::Result<$enum, $crate::Error> {
                <$enum as $crate::Named>::from_name(name)
            }
        }
    };
    // `Display` by name, and `serde` by `Display` and `FromStr`.
    (@text $type:ident) => {
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad($crate::Named::name(*self))
            }
        }

        $crate::__serde_by_name!($type);
    };
}

/// `Serialize` and `Deserialize` by name, with the feature `serde` of this crate; nothing without it.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_by_name {
    ($type:ident) => {
        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::Named::name(*self))
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<$type, D::Error> {
                let name = <::std::borrow::Cow<'de, str> as $crate::serde::Deserialize>::deserialize(deserializer)?;
                name.parse().map_err($crate::serde::de::Error::custom)
            }
        }
    };
}

/// Nothing, without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_by_name {
    ($type:ident) => {};
}

/// Whether what somebody wrote is this name: case of ASCII letters does not count, and `_` is `-`.
#[must_use]
pub fn is_name(written: &str, name: &str) -> bool {
    let byte = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
    written.bytes().map(byte).eq(name.bytes().map(byte))
}

/// The error for a name that is none: names those that there are, and the one that is most like it.
pub fn unknown<'n>(kind: &str, name: &str, names: impl Iterator<Item = &'n str> + Clone) -> Error {
    match similar(name, names.clone()) {
        Some(meant) => unknown_but(kind, name, meant, names),
        None => Error::new(ErrorKind::NotFound, format!("unknown {kind} '{name}'; expected one of {}", list(names))),
    }
}

/// The error for a name that is none, if it is known which one was meant.
pub fn unknown_but<'n>(kind: &str, name: &str, meant: &str, names: impl Iterator<Item = &'n str>) -> Error {
    let message = format!("unknown {kind} '{name}': did you mean '{meant}'? Expected one of {}", list(names));
    Error::new(ErrorKind::NotFound, message)
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The name that is most like what somebody wrote, if one is much like it: a third of it, or one character, may be wrong.
pub fn similar<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase();
    let len = written.chars().count();
    let most = 1.max(len / 3);
    // So no text of any length is compared with a name.
    let as_long = names.filter(|name| name.chars().count().abs_diff(len) <= most);
    let distances = as_long.map(|name| (distance(&written, &name.to_lowercase()), name));
    let likeness = |&(distance, name): &(usize, &str)| (distance, name.chars().count().abs_diff(len));
    distances.filter(|&(distance, _)| distance <= most).min_by_key(likeness).map(|(_, name)| name)
}

/// How many characters have to be inserted, deleted, replaced, or exchanged with their neighbour (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_what_it_is_like() {
        let names = ["s2t", "s2tw", "s2twp", "t2s", "zh-TW"];
        let similar = |written| similar(written, names.into_iter());
        assert_eq!(similar("s2tv"), Some("s2tw"));
        assert_eq!(similar("s2wtp"), Some("s2twp"));
        assert_eq!(similar("zh-TV"), Some("zh-TW"));
        assert_eq!(similar("frobnicate"), None);
        assert_eq!(similar(&"s2t".repeat(1_000_000)), None);
        assert!(is_name("ZH_tw", "zh-TW") && !is_name("zhtw", "zh-TW"));
        let error = unknown("target", "frobnicate", names.into_iter());
        assert_eq!(error.to_string(), "unknown target 'frobnicate'; expected one of s2t, s2tw, s2twp, t2s, zh-TW");
    }
}

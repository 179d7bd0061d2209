//! Messages and help in the user's language.
//!
//! English is the source, and stands in the code. The other languages are catalogues of gettext, `messages/*.po` of this
//! package, by the English text; they are read when such a language is chosen, so that English costs nothing.

use std::{
    cell::Cell,
    collections::HashMap,
    env,
    fmt::Display,
    sync::{LazyLock, OnceLock},
};

use fanjian_dictionary::named;

named! {
    /// A language of messages and help.
    pub(crate) enum Language: "language" {
        English "en" "English",
        Taiwan "zh-TW" "Chinese, as in Taiwan",
        Mainland "zh-CN" "Chinese, as in mainland China",
    }
}

/// The chosen language, unless it is English.
static CHOSEN: OnceLock<Language> = OnceLock::new();

/// What is in it, from the first message on.
static CATALOGUE: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| CHOSEN.get().and_then(|&language| file(language)).map_or_else(HashMap::new, read));

/// Takes the language of an option, or else of the locale. The first call counts.
pub(crate) fn choose(option: Option<Language>) {
    let language = option.unwrap_or_else(|| of_locale(|name| env::var(name).ok()));
    if language != Language::English {
        CHOSEN.get_or_init(|| language);
    }
}

/// The tag of the chosen language.
pub(crate) fn tag() -> &'static str {
    CHOSEN.get().map_or(Language::English, |&language| language).name()
}

/// Whether messages are in English.
pub(crate) fn is_english() -> bool {
    CHOSEN.get().is_none()
}

/// The catalogue of a language, in the form of gettext. English has none.
pub(crate) fn file(language: Language) -> Option<&'static str> {
    match language {
        Language::English => None,
        Language::Taiwan => Some(include_str!("../../messages/zh-TW.po")),
        Language::Mainland => Some(include_str!("../../messages/zh-CN.po")),
    }
}

/// The messages of a catalogue. One that cannot be read has none: a test reads all.
fn read(file: &str) -> HashMap<String, String> {
    let catalogue = polib::po_file::parse_from_reader(file.as_bytes());
    let messages = catalogue.iter().flat_map(polib::catalog::Catalog::messages);
    messages.filter_map(|message| Some((message.msgid().to_owned(), message.msgstr().ok()?.to_owned()))).collect()
}

/// The language of the locale: as POSIX has it, the first variable counts that is set and not empty.
///
/// Another encoding than UTF-8 is not written, and means English.
fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    let locale = set.unwrap_or_default().to_lowercase().replace('_', "-");
    let (name, encoding) = locale.split_once('.').unwrap_or((&locale, "utf-8"));
    let name = name.split('@').next().unwrap_or_default();
    let is_utf_8 = encoding.starts_with("utf-8") || encoding.starts_with("utf8");
    match name.split('-').collect::<Vec<_>>()[..] {
        _ if !is_utf_8 => Language::English,
        ["zh", ref rest @ ..] if rest.iter().any(|part| matches!(*part, "tw" | "hk" | "mo" | "hant")) => {
            Language::Taiwan
        }
        ["zh", ..] => Language::Mainland,
        _ => Language::English,
    }
}

thread_local! {
    /// Whether texts are for a program, on this thread.
    static IS_FOR_PROGRAM: Cell<bool> = const { Cell::new(false) };
}

/// Does some work whose texts are in English, if they are for a program: JSON is the same in all languages.
pub(crate) fn in_english_if<T>(is_for_program: bool, work: impl FnOnce() -> T) -> T {
    let before = IS_FOR_PROGRAM.replace(is_for_program || IS_FOR_PROGRAM.get());
    let done = work();
    IS_FOR_PROGRAM.set(before);
    done
}

/// The translation of an English text, if there is one.
pub(crate) fn translation(english: &str) -> Option<&'static str> {
    CHOSEN.get()?;
    if IS_FOR_PROGRAM.get() {
        return None;
    }
    CATALOGUE.get(english).map(String::as_str)
}

/// The text in the chosen language; in English, if the language lacks it.
pub(crate) fn text(english: &str) -> String {
    translation(english).unwrap_or(english).to_owned()
}

/// A text of a table, which is translated where it is used.
pub(crate) const fn translatable(english: &'static str) -> &'static str {
    english
}

/// A translation with its values in place of `{name}`.
pub(crate) fn fill(translation: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(translation.len());
    let mut rest = translation;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value.to_string(), behind))
        });
        match value {
            Some((value, behind)) => {
                filled += &value;
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled + rest
}

/// A message in the chosen language: `message!("{count} files", count)`, or `message!("cannot read {path}", path = name(path))`.
///
/// The text is the English one, and what it is translated by. A test lists those that a language lacks.
macro_rules! message {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($text:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        match $crate::messages::translation($text) {
            None => format!($text $(, $name = $crate::messages::message!(@value $name $($value)?))*),
            Some(translation) => $crate::messages::fill(
                translation,
                &[$((stringify!($name), &$crate::messages::message!(@value $name $($value)?))),*],
            ),
        }
    };
}
pub(crate) use message;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_names_the_language() {
        let language = |all: &str, lang: &str| {
            of_locale(|name| match name {
                "LC_ALL" => Some(all.to_owned()),
                "LANG" => Some(lang.to_owned()),
                _ => None,
            })
        };
        assert_eq!(language("", "zh_TW.UTF-8"), Language::Taiwan);
        assert_eq!(language("", "zh_HK.utf8"), Language::Taiwan);
        assert_eq!(language("", "zh_Hant_TW"), Language::Taiwan);
        assert_eq!(language("", "zh_CN.UTF-8"), Language::Mainland);
        assert_eq!(language("", "zh"), Language::Mainland);
        assert_eq!(language("C", "zh_TW.UTF-8"), Language::English);
        assert_eq!(language("zh_TW.Big5", ""), Language::English);
        assert_eq!(language("", "de_DE.UTF-8"), Language::English);
        assert_eq!(language("", ""), Language::English);
    }

    #[test]
    fn values_take_their_places() {
        let values: [(&str, &dyn Display); 2] = [("name", &"a.txt"), ("count", &3)];
        assert_eq!(fill("{count} 個檔案：{name}", &values), "3 個檔案：a.txt");
        assert_eq!(fill("{other} { {name", &values), "{other} { {name");
        let count = 2;
        assert_eq!(message!("{count} of {name}", count, name = "b"), "2 of b");
    }
}

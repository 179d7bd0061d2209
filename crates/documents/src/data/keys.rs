//! Keys of data: those that name languages, and those whose values do.

use crate::{language::Languages, options::Options};

/// What a key that is the name of a language says on the text below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locale {
    /// Chinese, by a script or a region.
    Chinese,
    /// Another language, whose text stays.
    Left,
}

/// Whether the value of a key is the name of a language.
pub(crate) fn names_language(key: &str) -> bool {
    let names = [
        "lang",
        "language",
        "locale",
        "hreflang",
        "@language",
        "@@locale",
        "languageCode",
        "inLanguage",
        "xml:lang",
        "og:locale",
    ];
    names.contains(&key)
}

/// The language that a key names. None if it is no such name, or no more than `zh`, which may be any key.
pub(crate) fn locale(key: &str, languages: &Languages) -> Option<Locale> {
    let is_subtag = |subtag: &str| subtag.len() <= 8 && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut subtags = key.split(['-', '_']);
    let language = subtags.next()?;
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_language || !subtags.clone().all(is_subtag) {
        return None;
    }
    let has_subtags = subtags.next().is_some();
    let is_chinese = ["zh", "zho", "cmn", "yue"].iter().any(|chinese| language.eq_ignore_ascii_case(chinese));
    if !languages.takes(key) { Some(Locale::Left) } else { (is_chinese && has_subtags).then_some(Locale::Chinese) }
}

/// What happens to what is below a key in an object whose other keys are these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// It is converted, and the key stays.
    Convert,
    /// It is converted, and the key is a tag that follows.
    Rename,
    /// It stays: its language is another one, or the text of the language that it would become is there already.
    Leave,
}

/// What happens below each key of an object, by all of its keys.
pub(crate) fn plans(keys: &[&str], options: &Options) -> Vec<Plan> {
    let languages = &options.languages;
    let locales: Vec<_> = keys.iter().map(|key| locale(key, languages)).collect();
    let chinese = keys.iter().zip(&locales).filter(|(key, locale)| {
        // What is left because of its script is Chinese, too.
        **locale == Some(Locale::Chinese)
            || (**locale == Some(Locale::Left) && key.to_ascii_lowercase().starts_with("zh"))
    });
    let is_only = chinese.count() == 1;
    let plan = |(key, locale): (&&str, &Option<Locale>)| match locale {
        None => Plan::Convert,
        Some(Locale::Left) => Plan::Leave,
        Some(Locale::Chinese) => match languages.renamed(key) {
            None => Plan::Convert,
            Some(_) if is_only => Plan::Rename,
            Some(_) => Plan::Leave,
        },
    };
    keys.iter().zip(&locales).map(plan).collect()
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Target};

    use super::*;

    #[test]
    fn the_only_chinese_key_is_renamed() {
        let options =
            Options::new(Converter::for_target(Target::Taiwan)).languages(Languages::to_target(Target::Taiwan, None));
        let cases: [(&[&str], &[Plan]); 4] = [
            (&["en", "zh-CN", "ja"], &[Plan::Convert, Plan::Rename, Plan::Leave]),
            (&["zh-CN", "zh-TW"], &[Plan::Leave, Plan::Convert]),
            (&["zh", "nan", "chi", "key"], &[Plan::Convert; 4]),
            (&["zh_Hans"], &[Plan::Rename]),
        ];
        for (keys, expected) in cases {
            assert_eq!(plans(keys, &options), expected, "{keys:?}");
        }
    }
}

//! Keys of data: those that name languages, and those whose values do.

use crate::{language::Languages, options::Options};

/// What a key that is the name of a language says on the text below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locale {
    /// Chinese that is converted, by a script or a region.
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

/// What the value of a key is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Use {
    #[default]
    Text,
    /// It names something, and stays.
    Name,
    /// It is a regular expression, if it looks like one. These match text in the script that they are written in.
    Pattern,
    /// It is a command, if it looks like one.
    Command,
    /// It is the name of a font, unless it is a label of that.
    Font,
}

impl Use {
    /// What the values of a list are for that is a value of this use: the words of a command are each a part of it.
    pub(crate) fn in_list(self) -> Use {
        if self == Use::Command { Use::Name } else { self }
    }
}

/// What the value of a key is for.
pub(crate) fn use_of(key: &str) -> Use {
    const COMMANDS: [&str; 9] = ["args", "cmd", "command", "entrypoint", "exec", "run", "script", "scripts", "shell"];
    const ENDS: [&str; 5] = ["Pattern", "Regex", "RegExp", "Regexp", "Rule"];
    let last = key.rsplit(['_', '-', '.']).next().unwrap_or_default();
    let is = |name: &&str| last.eq_ignore_ascii_case(name);
    match key {
        "$ref" | "$schema" | "$id" => Use::Name,
        _ if key.ends_with("fontFamily") || key.ends_with("font-family") || is(&"font") => Use::Font,
        // These are no labels.
        _ if ENDS.iter().any(|end| key.ends_with(end)) || is(&"regex") || is(&"regexp") => Use::Name,
        _ if is(&"pattern") || is(&"rule") => Use::Pattern,
        _ if COMMANDS.iter().any(is) => Use::Command,
        _ => Use::Text,
    }
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
///
/// Of the keys that are Chinese, one is converted and follows: the first of the other script, or else the first. If the text
/// of the target is there already, none is, so that no text stands under a name that is not its own.
///
/// `zh` is a language if it is the only key and may be one: where it has an object below it at the root of a file, as in catalogues
/// of Rails.
pub(crate) fn plans(keys: &[&str], may_be_language_alone: bool, options: &Options) -> Vec<Plan> {
    let languages = &options.languages;
    if may_be_language_alone && keys == ["zh"] && languages.renamed("zh").is_some() {
        return vec![Plan::Rename];
    }
    let locales: Vec<_> = keys.iter().map(|key| locale(key, languages)).collect();
    if locales.iter().all(Option::is_none) {
        return vec![Plan::Convert; keys.len()];
    }
    let has_target = languages.tag().is_some_and(|tag| keys.iter().any(|key| is_of_target(key, tag)));
    let candidates = || keys.iter().enumerate().zip(&locales).filter(|(_, locale)| **locale == Some(Locale::Chinese));
    let renamed = || candidates().filter_map(|((at, key), _)| languages.renamed(key).map(|renamed| (at, key, renamed)));
    let of_other_script = renamed().find(|(_, key, renamed)| is_simplified(key) != is_simplified(renamed));
    let follows = of_other_script.or_else(|| renamed().next()).filter(|_| !has_target).map(|(at, ..)| at);
    let plan = |(at, locale): (usize, &Option<Locale>)| match locale {
        None => Plan::Convert,
        Some(Locale::Left) => Plan::Leave,
        Some(Locale::Chinese) if follows == Some(at) => Plan::Rename,
        Some(Locale::Chinese) if languages.renamed(keys[at]).is_some() => Plan::Leave,
        Some(Locale::Chinese) => Plan::Convert,
    };
    locales.iter().enumerate().map(plan).collect()
}

/// The subtags of a tag of Chinese, in lower case. None if it is another one.
fn chinese_subtags(tag: &str) -> Option<Vec<String>> {
    let mut subtags = tag.split(['-', '_']).map(str::to_ascii_lowercase);
    let is_chinese = matches!(subtags.next()?.as_str(), "zh" | "zho" | "cmn" | "yue");
    is_chinese.then(|| subtags.collect())
}

/// Whether a tag is of Chinese of a script or a region.
pub(crate) fn is_chinese_of_form(tag: &str) -> bool {
    chinese_subtags(tag).is_some_and(|subtags| !subtags.is_empty())
}

fn is_simplified(tag: &str) -> bool {
    let is_simplified = |subtag: &String| matches!(subtag.as_str(), "hans" | "chs" | "cn" | "sg" | "my");
    chinese_subtags(tag).is_some_and(|subtags| subtags.iter().any(is_simplified))
}

/// Whether a key names text as that of a target, whose tag is `target`: of its script, and of its region or of none.
pub(crate) fn is_of_target(key: &str, target: &str) -> bool {
    let Some(subtags) = chinese_subtags(key).filter(|subtags| !subtags.is_empty()) else { return false };
    let region = |subtags: &[String]| subtags.iter().find(|subtag| subtag.len() == 2).cloned();
    let of_target = region(&chinese_subtags(target).unwrap_or_default());
    let of_key = region(&subtags);
    let has_any_region = is_simplified(target) || of_target.is_none();
    // Without a region, the script is that of Taiwan.
    let is_of_region = of_key == of_target || (of_key.is_none() && of_target.as_deref() == Some("tw"));
    is_simplified(key) == is_simplified(target) && (has_any_region || is_of_region)
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Target};

    use super::*;

    fn plans_to(target: Target, from: Option<Target>, keys: &[&str]) -> Vec<Plan> {
        let options = Options::new(Converter::for_target(target)).languages(Languages::to_target(target, from));
        plans(keys, false, &options)
    }

    #[test]
    fn one_chinese_key_is_renamed() {
        use Plan::{Convert, Leave, Rename};
        let cases: [(Target, &[&str], &[Plan]); 10] = [
            (Target::Taiwan, &["en", "zh-CN", "ja"], &[Convert, Rename, Leave]),
            (Target::Taiwan, &["zh-CN", "zh-TW"], &[Leave, Convert]),
            (Target::Taiwan, &["zh-Hans", "zh-Hant"], &[Leave, Convert]),
            (Target::Taiwan, &["zh_CN", "zh-Hant"], &[Leave, Convert]),
            (Target::Taiwan, &["zh-HK", "zh-CN"], &[Leave, Rename]),
            (Target::Taiwan, &["zh", "nan", "chi", "key"], &[Convert; 4]),
            (Target::Taiwan, &["zh_Hans"], &[Rename]),
            (Target::HongKong, &["zh-Hans", "zh-Hant"], &[Rename, Leave]),
            (Target::Simplified, &["zh-SG", "zh-TW"], &[Convert, Leave]),
            (Target::Simplified, &["zh-HK", "zh-TW"], &[Rename, Leave]),
        ];
        for (target, keys, expected) in cases {
            assert_eq!(plans_to(target, None, keys), expected, "{target} {keys:?}");
        }
        let from = Some(Target::Simplified);
        assert_eq!(plans_to(Target::Taiwan, from, &["zh-CN", "zh-HK"]), [Rename, Leave]);
        assert_eq!(plans_to(Target::Taiwan, from, &["zh-CN", "zh-TW"]), [Leave, Leave]);
    }
}

//! Names of languages: which of them name the text that is converted, and what they become.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use fanjian::{Config, Target};

/// The languages other than Chinese whose text may have Han characters: it is left as it is.
const WITH_HAN: [&str; 14] =
    ["ja", "jpn", "ko", "kor", "vi", "vie", "ojp", "okm", "ryu", "xug", "za", "zha", "txg", "ain"];

/// The languages that are Chinese, by their codes in ISO 639.
const CHINESE: [&str; 19] = [
    "zh", "zho", "chi", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "lzh", "cdo", "cjy", "cpx", "czh", "czo",
    "mnp", "cnp", "csp",
];

/// A script in which Chinese is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Simplified,
    Traditional,
}

impl Script {
    fn tag(self) -> &'static str {
        match self {
            Script::Simplified => "Hans",
            Script::Traditional => "Hant",
        }
    }
}

/// The folders of Android's resources whose names are of nothing else; and others, which are in a folder `res`.
const RESOURCES: [&str; 3] = ["drawable", "mipmap", "values"];
const IN_RES: [&str; 11] =
    ["anim", "animator", "color", "font", "interpolator", "layout", "menu", "navigation", "raw", "transition", "xml"];

/// Marks of scripts in the names of subtitles.
const MARKS: [&str; 4] = ["chs", "cht", "sc", "tc"];

/// How a tool writes the names of languages. It counts for a tag of a language alone, in which nothing shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// BCP 47: `zh-TW`.
    #[default]
    Bcp47,
    /// That of POSIX, Java and Flutter: `zh_TW`.
    Posix,
    /// That of folders of Android: `zh-rTW`, or, with a script, `b+zh+Hant`.
    Android,
    /// The same behind `b+`: `zh+TW`.
    AndroidBcp47,
    /// Apple's, with the script for Taiwan: `zh-Hant`.
    Apple,
}

impl Style {
    /// A tag of a language alone with what a target adds to it: a script or a region.
    fn added(self, language: &str, added: &str) -> String {
        match self {
            Style::Bcp47 => format!("{language}-{added}"),
            Style::Posix => format!("{language}_{added}"),
            Style::Android if added == "Hant" => format!("b+{language}+{added}"),
            Style::Android => format!("{language}-r{added}"),
            Style::AndroidBcp47 => format!("{language}+{added}"),
            Style::Apple if added == "TW" => format!("{language}-Hant"),
            Style::Apple => format!("{language}-{added}"),
        }
    }
}

/// The languages of a conversion: of which texts it is, and what their tags become.
///
/// A tag is one of BCP 47, such as `zh-CN` or `zh-Hans`, or in the form of a locale, such as `zh_CN` or `zh_CN.UTF-8`. It
/// keeps its form: the subtags that it has, their case and separators.
///
/// ```
/// use fanjian::{Config, Target};
/// use fanjian_documents::Languages;
///
/// let languages = Languages::to_target(Target::Taiwan, None);
/// assert_eq!(languages.renamed("zh-CN").as_deref(), Some("zh-TW"));
/// assert_eq!(languages.renamed("zh_hans_cn").as_deref(), Some("zh_hant_tw"));
/// assert_eq!(languages.renamed("ja"), None);
/// assert_eq!(Languages::of_config(Config::T2s).renamed("zh-CN"), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Languages {
    /// What tags become. None: they stay.
    to: Option<Target>,
    /// The only script whose texts are converted.
    from: Option<Script>,
    /// What tags become in place of the target's own, which it is, too.
    written: Option<String>,
}

impl Languages {
    /// Those of a conversion of all Chinese text to a target, or only of text of this script.
    #[must_use]
    pub fn to_target(target: Target, from: Option<Target>) -> Languages {
        let from = from.map(|from| match from {
            Target::Simplified => Script::Simplified,
            _ => Script::Traditional,
        });
        Languages { to: Some(target), from, written: None }
    }

    /// The same for a catalogue that gets this path: if the name nearest in it with a tag of Chinese has one of the target, tags
    /// become this, in their own form. So `@@locale` of `app_zh_Hant.arb` is `zh_Hant`, as the tools of Flutter need it, and
    /// `target-language` of `messages.zh_TW.xlf` is `zh-TW`. Keys of data are as the name has it: that of `zh_TW.yml` is `zh_TW`.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian::Target;
    /// use fanjian_documents::Languages;
    ///
    /// let languages = Languages::to_target(Target::Taiwan, None).of_path(Path::new("app_zh_Hant.arb"));
    /// assert_eq!(languages.renamed("zh_CN").as_deref(), Some("zh_Hant"));
    /// ```
    #[must_use]
    pub fn of_path(self, path: &Path) -> Languages {
        let found = path.iter().rev().filter_map(OsStr::to_str).find_map(|name| Some((name, tag_of_name(name)?)));
        let written = found.filter(|(name, (tag, target))| {
            // Android's forms are in names of folders alone.
            let is_android = style_of_name(None, name, None) == Style::Android
                || Tag::parse(tag).is_some_and(|tag| tag.is_android());
            !is_android && self.to.is_some_and(|to| is_of_target(*target, to))
        });
        Languages { written: written.map(|(_, (tag, _))| tag.to_owned()), ..self }
    }

    /// Those of a configuration of OpenCC.
    #[must_use]
    pub fn of_config(config: Config) -> Languages {
        let (to, from) = match config {
            Config::S2t => (Target::Traditional, Script::Simplified),
            Config::S2tw | Config::S2twp => (Target::Taiwan, Script::Simplified),
            Config::S2hk | Config::S2hkp => (Target::HongKong, Script::Simplified),
            Config::T2s | Config::Tw2s | Config::Tw2sp | Config::Hk2s | Config::Hk2sp => {
                (Target::Simplified, Script::Traditional)
            }
            Config::T2tw => (Target::Taiwan, Script::Traditional),
            Config::T2hk => (Target::HongKong, Script::Traditional),
            Config::Tw2t | Config::Hk2t => (Target::Traditional, Script::Traditional),
            // Japanese, and configurations that are not known here.
            _ => return Languages::default(),
        };
        Languages { to: Some(to), from: Some(from), written: None }
    }

    /// Whether text in the language of this tag is converted: Chinese of the script that is converted, and languages that
    /// are not written in Han characters, as much text in Chinese says that it is English.
    #[must_use]
    pub fn takes(&self, tag: &str) -> bool {
        let language = tag.split(['-', '_', '.', '@']).next().unwrap_or_default().trim().to_ascii_lowercase();
        if !CHINESE.contains(&language.as_str()) {
            return !WITH_HAN.contains(&language.as_str());
        }
        match (self.from, Tag::parse(tag.trim()).and_then(|tag| tag.script())) {
            (Some(from), Some(script)) => from == script,
            _ => true,
        }
    }

    /// What a tag becomes that names the text that is converted. None if it stays: a tag of another language, of another
    /// script than the one that is converted, or what it is to be already.
    #[must_use]
    pub fn renamed(&self, tag: &str) -> Option<String> {
        self.renamed_in(tag, Style::default())
    }

    /// The same where the tags of languages alone get this form.
    pub(crate) fn renamed_in(&self, tag: &str, style: Style) -> Option<String> {
        let (parsed, renamed) = self.of_target(tag, style)?;
        let renamed = match self.written.as_deref().and_then(Tag::parse) {
            Some(written) => written.in_form_of(&parsed, style),
            None => renamed,
        };
        Some(renamed).filter(|renamed| renamed != tag)
    }

    /// The same of a tag that a tool compares with the one in the name of the file: it becomes that as it is written.
    pub(crate) fn renamed_as_file(&self, tag: &str, style: Style) -> Option<String> {
        let (_, renamed) = self.of_target(tag, style)?;
        let renamed = match &self.written {
            Some(written) if style == Style::Posix => written.replace('-', "_"),
            Some(written) => written.clone(),
            None => renamed,
        };
        Some(renamed).filter(|renamed| renamed != tag)
    }

    /// A tag of text that is converted, and the target's own in its form.
    fn of_target<'t>(&self, tag: &'t str, style: Style) -> Option<(Tag<'t>, String)> {
        let parsed = Tag::parse(tag)?;
        if parsed.script().zip(self.from).is_some_and(|(script, from)| script != from) {
            return None;
        }
        let renamed = parsed.renamed(self.to?, style)?;
        Some((parsed, renamed))
    }

    /// The same of a region alone, such as `CN`, of a text in Chinese.
    #[must_use]
    pub fn renamed_region(&self, region: &str) -> Option<String> {
        let old = format!("zh-{region}");
        let (_, tag) = self.of_target(&old, Style::default()).filter(|(_, tag)| *tag != old)?;
        tag.strip_prefix("zh-").filter(|region| !region.contains('-')).map(str::to_owned)
    }

    /// The same of a script alone, such as `Hans`, of a text in Chinese.
    #[must_use]
    pub fn renamed_script(&self, script: &str) -> Option<String> {
        let old = format!("zh-{script}");
        let (_, tag) = self.of_target(&old, Style::default()).filter(|(_, tag)| *tag != old)?;
        tag.split('-').nth(1).map(str::to_owned)
    }

    /// What the name of a file or folder becomes that has tags in it, such as `app.zh-CN.json`, `messages_zh_CN.properties`,
    /// `zh-Hans.lproj`, `values-zh-rCN` or `subtitles.chs.srt`. None if it stays.
    ///
    /// A tag of a language alone gets the form that the tools of the file read: `app_zh.arb` becomes `app_zh_TW.arb`, and
    /// `values-zh` becomes `values-zh-rTW`.
    ///
    /// ```
    /// use fanjian::Target;
    /// use fanjian_documents::Languages;
    ///
    /// let languages = Languages::to_target(Target::Taiwan, None);
    /// assert_eq!(languages.renamed_name("app.zh-CN.json").as_deref(), Some("app.zh-TW.json"));
    /// assert_eq!(languages.renamed_name("app.json"), None);
    /// ```
    #[must_use]
    pub fn renamed_name(&self, name: &str) -> Option<String> {
        self.renamed_between(None, name, None)
    }

    /// A path with each of its names as by [`renamed_name`](Languages::renamed_name), where the names around count, too: in
    /// `locale/zh/LC_MESSAGES`, `res/raw-zh` and `_locales/zh`, the language gets the form that the tools of these folders read.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian::Target;
    /// use fanjian_documents::Languages;
    ///
    /// let languages = Languages::to_target(Target::Taiwan, None);
    /// let renamed = |path: &str| languages.renamed_path(Path::new(path));
    /// assert_eq!(renamed("locale/zh/LC_MESSAGES/app.po"), Path::new("locale/zh_TW/LC_MESSAGES/app.po"));
    /// assert_eq!(renamed("zh/app.json"), Path::new("zh-TW/app.json"));
    /// ```
    #[must_use]
    pub fn renamed_path(&self, path: &Path) -> PathBuf {
        let names: Vec<&OsStr> = path.iter().collect();
        let text = |at: usize| names.get(at).and_then(|name| name.to_str());
        let renamed = |at: usize| self.renamed_between(text(at.wrapping_sub(1)), text(at)?, text(at + 1));
        names.iter().enumerate().map(|(at, name)| renamed(at).map_or_else(|| (*name).to_owned(), Into::into)).collect()
    }

    /// [`renamed_name`](Languages::renamed_name) of a name in a folder, and before the next name of a path.
    fn renamed_between(&self, parent: Option<&str>, name: &str, child: Option<&str>) -> Option<String> {
        let style = style_of_name(parent, name, child);
        let mut renamed = String::with_capacity(name.len());
        let mut at = 0;
        while at < name.len() {
            let is_start = name[..at].chars().next_back().is_none_or(is_between_words);
            let found = if is_start { self.renamed_at(name, at, style) } else { None };
            match found {
                Some((len, new)) => {
                    renamed.push_str(&new);
                    at += len;
                }
                None => {
                    let character = name[at..].chars().next()?;
                    renamed.push(character);
                    at += character.len_utf8();
                }
            }
        }
        (renamed != name).then_some(renamed)
    }

    /// Whether the name of a file or folder says that it is in the language that comes out, such as `app.zh-TW.json`.
    #[must_use]
    pub fn is_own_name(&self, name: &str) -> bool {
        let Some(own) = self.tag().and_then(Tag::parse).and_then(|tag| tag.script()) else { return false };
        let is_own =
            |tag: &str| Tag::parse(tag).and_then(|parsed| parsed.script()) == Some(own) && self.renamed(tag).is_none();
        let mut marks = name.char_indices().filter_map(|(at, _)| mark_at(name, at));
        tags(name).any(is_own) || marks.any(|mark| is_own(tag_of_mark(mark)))
    }

    /// Whether the texts of a catalogue with this path are converted: not if its name, or that of a folder, says that it is in
    /// another language with Han characters, such as `ja.json`, `values-ja/strings.xml` or `ja.lproj/a.strings`.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian_documents::Languages;
    ///
    /// let languages = Languages::default();
    /// assert!(!languages.takes_path(Path::new("locales/ja.json")) && languages.takes_path(Path::new("locales/zh-CN.json")));
    /// ```
    #[must_use]
    pub fn takes_path(&self, path: &Path) -> bool {
        let names = path.iter().rev().take(3).filter_map(OsStr::to_str);
        let is_foreign = |tag: &str| {
            let language = tag.split(['-', '_', '+']).next().unwrap_or_default();
            language.bytes().all(|byte| byte.is_ascii_lowercase()) && WITH_HAN[..6].contains(&language)
        };
        // Of a folder, the whole name: `values-ja`, `ja`, `ja.lproj`.
        let mut of = names.enumerate().flat_map(|(depth, name)| {
            let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
            let of_android = stem.strip_prefix("values-").and_then(|tag| tag.split('-').next());
            let stem = of_android.map_or(stem, |tag| tag.strip_prefix("b+").unwrap_or(tag));
            let last = stem.rsplit_once('_').filter(|_| depth == 0).map(|(_, last)| last);
            let middle = name.split('.').nth(1).filter(|_| depth == 0);
            let is_short = move |tag: &&str| tag.len() <= 5 || of_android.is_some();
            [Some(stem), last, middle].into_iter().flatten().filter(is_short)
        });
        !of.any(is_foreign)
    }

    /// The length of a tag at this place of a name, and what it becomes.
    fn renamed_at(&self, name: &str, at: usize, style: Style) -> Option<(usize, String)> {
        let rest = &name[at..];
        let end = end_of_tag(name, at);
        // The longest tag that ends where a word does.
        let ends = (1..=end).rev().filter(|&end| rest[end..].chars().next().is_none_or(is_between_words));
        for len in ends {
            let tag = &rest[..len];
            if let Some(mark) = MARKS.into_iter().find(|mark| tag.eq_ignore_ascii_case(mark)) {
                let is_mark = mark_at(name, at) == Some(mark);
                let renamed = if is_mark { self.renamed_mark(mark, tag) } else { None };
                return renamed.map(|renamed| (len, renamed));
            }
            let Some(parsed) = Tag::parse(tag) else { continue };
            let is_bare = parsed.script.is_none() && parsed.region.is_none();
            let is_before_qualifier = style == Style::Android && rest[len..].starts_with('-');
            if is_bare && !rest[len..].is_empty() && !rest[len..].starts_with('.') && !is_before_qualifier {
                return None;
            }
            // A bare language gets the separator of the name.
            let style = match &name[..at] {
                before if style == Style::Android && before.ends_with("b+") => Style::AndroidBcp47,
                before if before.ends_with('_') => Style::Posix,
                before if before.ends_with('-') && style != Style::Android => Style::Bcp47,
                _ => style,
            };
            return Some((len, self.renamed_in(tag, style)?));
        }
        None
    }

    /// What the mark of a script becomes that stands in the names of subtitles.
    fn renamed_mark(&self, mark: &str, as_written: &str) -> Option<String> {
        let is_simplified = self.renamed(tag_of_mark(mark))?.to_ascii_lowercase().contains("hans");
        let new = match (mark.len(), is_simplified) {
            (3, true) => "chs",
            (3, false) => "cht",
            (_, true) => "sc",
            (_, false) => "tc",
        };
        (new != mark).then(|| in_case_of(new, as_written))
    }

    /// The tag of the text that comes out. None where that is not Chinese.
    #[must_use]
    pub fn tag(&self) -> Option<&'static str> {
        Some(match self.to? {
            Target::Taiwan => "zh-TW",
            Target::HongKong => "zh-HK",
            Target::Simplified => "zh-CN",
            _ => "zh-Hant",
        })
    }
}

/// The target that the path of a file stands for: by the nearest name in it that has a tag of Chinese with a script or a
/// region.
///
/// ```
/// use std::path::Path;
/// use fanjian::Target;
/// use fanjian_documents::target_of_path;
///
/// assert_eq!(target_of_path(Path::new("locales/zh-TW/app.json")), Some(Target::Taiwan));
/// assert_eq!(target_of_path(Path::new("zh-TW/app.zh_Hans.json")), Some(Target::Simplified));
/// assert_eq!(target_of_path(Path::new("zh/app.json")), None);
/// ```
#[must_use]
pub fn target_of_path(path: &Path) -> Option<Target> {
    path.iter().rev().find_map(|name| target_of_name(name.to_str()?))
}

/// The target that a tag in the name of a file or folder stands for. None if none has a script or a region.
pub(crate) fn target_of_name(name: &str) -> Option<Target> {
    tag_of_name(name).map(|(_, target)| target)
}

/// The first tag in the name of a file or folder that stands for a target, and that.
fn tag_of_name(name: &str) -> Option<(&str, Target)> {
    let is_start = |at: usize| name[..at].chars().next_back().is_none_or(is_between_words);
    name.char_indices().filter(|&(at, _)| is_start(at)).find_map(|(at, _)| {
        let (rest, end) = (&name[at..], end_of_tag(name, at));
        // The longest tag that ends where a word does.
        let ends = (1..=end).rev().filter(|&end| rest[end..].chars().next().is_none_or(is_between_words));
        ends.map(|end| &rest[..end]).find_map(|tag| Some((tag, Tag::parse(tag)?.target()?)))
    })
}

/// Whether a tag that stands for the first target may be that of text in the second one: without a region, it is of Taiwan.
fn is_of_target(tag: Target, to: Target) -> bool {
    match to {
        Target::Taiwan => matches!(tag, Target::Taiwan | Target::Traditional),
        Target::Traditional => tag != Target::Simplified,
        _ => tag == to,
    }
}

/// How the tools write languages that read a file or folder of this name, in this folder and before this name of a path.
fn style_of_name(parent: Option<&str>, name: &str, child: Option<&str>) -> Style {
    // A name with a dot is that of a file, such as `values-zh.yaml` of Helm: folders of resources have none.
    let kind = name.split_once('-').filter(|_| !name.contains('.')).map_or("", |(kind, _)| kind);
    if RESOURCES.contains(&kind) || (parent == Some("res") && IN_RES.contains(&kind)) {
        return Style::Android;
    }
    // Of gettext, and of extensions of browsers.
    if child == Some("LC_MESSAGES") || parent == Some("_locales") {
        return Style::Posix;
    }
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("arb" | "mo" | "po" | "pot" | "properties") => Style::Posix,
        Some("lproj") => Style::Apple,
        _ => Style::Bcp47,
    }
}

/// Where a tag may end that begins at a place of a name, as bytes from there. Plus signs are in those of Android alone:
/// `values-b+zh+Hans+CN`.
fn end_of_tag(name: &str, at: usize) -> usize {
    let has_plus = name[..at].ends_with("-b+");
    let is_of_tag = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || (has_plus && c == '+');
    name[at..].find(|c: char| !is_of_tag(c)).unwrap_or(name.len() - at)
}

/// A tag of Chinese, in its parts.
#[derive(Debug)]
struct Tag<'t> {
    /// The subtags with their separators before them, and where the script and the region are.
    subtags: Vec<(&'t str, &'t str)>,
    script: Option<usize>,
    region: Option<usize>,
    /// From `.` or `@` on.
    rest: &'t str,
}

impl<'t> Tag<'t> {
    /// None if it is not Chinese, or has subtags that are neither a script nor a region.
    fn parse(tag: &'t str) -> Option<Tag<'t>> {
        let end = tag.find(['.', '@']).unwrap_or(tag.len());
        let (mut at, mut subtags) = (0, Vec::new());
        while at <= end {
            let len = tag[at..end].find(['-', '_', '+']).unwrap_or(end - at);
            let separator = if at == 0 { "" } else { &tag[at - 1..at] };
            subtags.push((separator, &tag[at..at + len]));
            at += len + 1;
        }
        let language = subtags[0].1;
        if !CHINESE.iter().any(|chinese| language.eq_ignore_ascii_case(chinese)) {
            return None;
        }
        let (mut script, mut region) = (None, None);
        for (at, (_, subtag)) in subtags.iter().enumerate().skip(1) {
            match subtag.to_ascii_lowercase().as_str() {
                "hans" | "hant" | "chs" | "cht" if script.is_none() && region.is_none() => script = Some(at),
                "cn" | "sg" | "my" | "tw" | "hk" | "mo" | "rcn" | "rsg" | "rmy" | "rtw" | "rhk" | "rmo"
                    if region.is_none() =>
                {
                    region = Some(at);
                }
                _ => return None,
            }
        }
        Some(Tag { subtags, script, region, rest: &tag[end..] })
    }

    /// The target that it names. Traditional of mainland China or Singapore has no region of its own.
    fn target(&self) -> Option<Target> {
        let script = self.script()?;
        let region = self.region.map(|at| self.subtags[at].1.to_ascii_lowercase());
        Some(match (script, region.as_deref().map(|region| region.trim_start_matches('r'))) {
            (Script::Simplified, _) => Target::Simplified,
            (_, Some("tw")) => Target::Taiwan,
            (_, Some("hk" | "mo")) => Target::HongKong,
            _ => Target::Traditional,
        })
    }

    fn script(&self) -> Option<Script> {
        let of = |at: usize| match self.subtags[at].1.to_ascii_lowercase().as_str() {
            "hans" | "chs" | "cn" | "sg" | "my" | "rcn" | "rsg" | "rmy" => Script::Simplified,
            _ => Script::Traditional,
        };
        self.script.or(self.region).map(of)
    }

    /// Whether its region is as in folders of Android: `zh-rTW`.
    fn is_android(&self) -> bool {
        self.region.is_some_and(|at| self.subtags[at].1.len() == 3)
    }

    /// It in the form of another tag: with the separator of that, or of a style if that is a language alone; in the case of
    /// BCP 47, unless that is in lower case; and with what stands behind that.
    fn in_form_of(&self, other: &Tag<'_>, style: Style) -> String {
        let separator = match other.subtags.get(1) {
            _ if style == Style::Posix => "_",
            Some((separator, _)) => separator,
            None => "-",
        };
        let is_lower = |(_, subtag): &(&str, &str)| !subtag.bytes().any(|byte| byte.is_ascii_uppercase());
        let is_small = other.subtags.len() > 1 && other.subtags.iter().all(is_lower);
        let mut written = self.subtags[0].1.to_ascii_lowercase();
        for (_, subtag) in &self.subtags[1..] {
            let lower = subtag.to_ascii_lowercase();
            written.push_str(separator);
            written.push_str(&match lower.as_str() {
                _ if is_small => lower,
                "hans" => "Hans".to_owned(),
                "hant" => "Hant".to_owned(),
                _ => subtag.to_ascii_uppercase(),
            });
        }
        written + other.rest
    }

    fn renamed(&self, to: Target, style: Style) -> Option<String> {
        let (script, region) = match to {
            Target::Simplified => (Script::Simplified, "CN"),
            Target::HongKong => (Script::Traditional, "HK"),
            // zh-Hant is of Taiwan, by CLDR's likely subtags.
            _ => (Script::Traditional, "TW"),
        };
        // The bare language is read as Simplified.
        if self.script.is_none() && self.region.is_none() {
            let is_plain = matches!(self.subtags[0].1.to_ascii_lowercase().as_str(), "zh" | "zho" | "chi" | "cmn");
            if script == Script::Simplified || !is_plain {
                return None;
            }
            let added = if to == Target::Traditional { "Hant" } else { region };
            let style = if self.rest.is_empty() { style } else { Style::Posix };
            return Some(style.added(self.subtags[0].1, added) + self.rest);
        }
        // A region of the same script is right where the target has none.
        let has_no_region = to == Target::Traditional || to == Target::Simplified;
        let keeps_region = has_no_region && self.script() == Some(script);
        let mut renamed = String::new();
        for (at, (separator, subtag)) in self.subtags.iter().enumerate() {
            renamed.push_str(separator);
            if self.script == Some(at) {
                let is_windows = subtag.eq_ignore_ascii_case("chs") || subtag.eq_ignore_ascii_case("cht");
                let new = match (is_windows, script) {
                    (true, Script::Simplified) => "CHS",
                    (true, Script::Traditional) => "CHT",
                    (false, script) => script.tag(),
                };
                renamed.push_str(&in_case_of(new, subtag));
                // Without a region, the tag is of Taiwan.
                if to == Target::HongKong && self.region.is_none() && !is_windows {
                    let separator = if separator.is_empty() { "-" } else { separator };
                    renamed.push_str(separator);
                    renamed.push_str(&in_case_of(region, if subtag.starts_with('h') { "xx" } else { "XX" }));
                }
            } else if self.region == Some(at) && !keeps_region {
                let is_android = self.is_android();
                let old = if is_android { &subtag[1..] } else { subtag };
                renamed.extend(is_android.then_some('r'));
                renamed.push_str(&in_case_of(region, old));
            } else {
                renamed.push_str(subtag);
            }
        }
        renamed.push_str(self.rest);
        Some(renamed)
    }
}

/// The mark of a script that is at this place of a name, as a word of its own between dots or brackets.
fn mark_at(name: &str, at: usize) -> Option<&'static str> {
    let is_behind = name[..at].ends_with(['.', '[', '(', '&']);
    MARKS.into_iter().filter(|_| is_behind).find(|mark| {
        let word = name.get(at..at + mark.len());
        let is_word = word.is_some_and(|word| word.eq_ignore_ascii_case(mark));
        is_word && name[at + mark.len()..].starts_with(['.', ']', ')', '&'])
    })
}

fn tag_of_mark(mark: &str) -> &'static str {
    if matches!(mark, "chs" | "sc") { "zh-Hans" } else { "zh-Hant" }
}

/// What may be a tag in a name: its words, alone and with those behind them.
fn tags(name: &str) -> impl Iterator<Item = &str> {
    let starts = name.char_indices().filter(|&(at, _)| name[..at].chars().next_back().is_none_or(is_between_words));
    starts.flat_map(|(start, _)| {
        let rest = &name[start..];
        let ends = (1..=rest.len().min(16)).filter(|&end| rest.is_char_boundary(end));
        ends.filter(|&end| rest[end..].chars().next().is_none_or(is_between_words)).map(|end| &rest[..end])
    })
}

/// Whether a character stands between the words of a name.
fn is_between_words(character: char) -> bool {
    !character.is_alphanumeric()
}

/// A subtag in the case of another one.
fn in_case_of(subtag: &str, other: &str) -> String {
    let letters = || other.bytes().filter(u8::is_ascii_alphabetic);
    if letters().all(|letter| letter.is_ascii_lowercase()) {
        subtag.to_ascii_lowercase()
    } else if letters().all(|letter| letter.is_ascii_uppercase()) {
        subtag.to_ascii_uppercase()
    } else {
        subtag.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_keep_their_form() {
        let cases = [
            (Target::Taiwan, "zh", Some("zh-TW")),
            (Target::Taiwan, "zh-CN", Some("zh-TW")),
            (Target::Taiwan, "zh-cn", Some("zh-tw")),
            (Target::Taiwan, "zh_CN.UTF-8", Some("zh_TW.UTF-8")),
            (Target::Taiwan, "zh-Hans", Some("zh-Hant")),
            (Target::Taiwan, "zh-Hans-CN", Some("zh-Hant-TW")),
            (Target::Taiwan, "zh-rCN", Some("zh-rTW")),
            (Target::Taiwan, "zh-HK", Some("zh-TW")),
            (Target::Taiwan, "zh-TW", None),
            (Target::Taiwan, "yue-Hans", Some("yue-Hant")),
            (Target::Taiwan, "yue", None),
            (Target::Taiwan, "zh-CHS", Some("zh-CHT")),
            (Target::Taiwan, "zh-pinyin", None),
            (Target::Taiwan, "en", None),
            (Target::HongKong, "zh-Hans", Some("zh-Hant-HK")),
            (Target::HongKong, "zh-hant", Some("zh-hant-hk")),
            (Target::Traditional, "zh-HK", None),
            (Target::Traditional, "zh-CN", Some("zh-TW")),
            (Target::Traditional, "zh", Some("zh-Hant")),
            (Target::Simplified, "zh", None),
            (Target::Simplified, "zh-SG", None),
            (Target::Simplified, "zh_Hant_HK", Some("zh_Hans_CN")),
        ];
        for (target, tag, expected) in cases {
            assert_eq!(Languages::to_target(target, None).renamed(tag).as_deref(), expected, "{target} {tag}");
        }
        let s2t = Languages::of_config(Config::S2t);
        assert_eq!(s2t.renamed("zh-TW"), None);
        assert_eq!(s2t.renamed_region("CN").as_deref(), Some("TW"));
        assert_eq!(s2t.renamed_script("Hans").as_deref(), Some("Hant"));
    }

    #[test]
    fn names_of_files_have_tags() {
        let to_taiwan = Languages::to_target(Target::Taiwan, None);
        let cases = [
            ("影片.zh-CN.srt", Some("影片.zh-TW.srt")),
            ("README.zh-Hans.md", Some("README.zh-Hant.md")),
            ("zh_CN.po", Some("zh_TW.po")),
            ("messages_zh_CN.properties", Some("messages_zh_TW.properties")),
            ("app_zh.arb", Some("app_zh_TW.arb")),
            ("zh.json", Some("zh-TW.json")),
            ("values-zh-rCN", Some("values-zh-rTW")),
            ("values-zh", Some("values-zh-rTW")),
            ("values-zh-night", Some("values-zh-rTW-night")),
            ("values-mcc310-zh-rCN-v21", Some("values-mcc310-zh-rTW-v21")),
            ("values-b+zh", Some("values-b+zh+TW")),
            ("values-b+zh+Hans", Some("values-b+zh+Hant")),
            ("values-b+zh+Hans+CN", Some("values-b+zh+Hant+TW")),
            ("values-b+zh+Hans+CN-night", Some("values-b+zh+Hant+TW-night")),
            ("drawable-zh-hdpi", Some("drawable-zh-rTW-hdpi")),
            ("values-b+zh+Hant+TW", None),
            ("values-zh.yaml", Some("values-zh-TW.yaml")),
            ("values-zh-dev.yaml", None),
            ("mipmap-zh.png", Some("mipmap-zh-TW.png")),
            ("a.zh+en.srt", None),
            ("zh.po", Some("zh_TW.po")),
            ("app.zh.arb", Some("app.zh_TW.arb")),
            ("messages-zh.properties", Some("messages-zh-TW.properties")),
            ("messages_zh.properties", Some("messages_zh_TW.properties")),
            ("app_zh.ts", Some("app_zh_TW.ts")),
            ("zh.lproj", Some("zh-Hant.lproj")),
            ("zh.yml", Some("zh-TW.yml")),
            ("Resources.zh.resx", Some("Resources.zh-TW.resx")),
            ("zh-Hans.lproj", Some("zh-Hant.lproj")),
            ("zh-cn", Some("zh-tw")),
            ("a.chs.ass", Some("a.cht.ass")),
            ("[组][SC].srt", Some("[组][TC].srt")),
            ("a.CHS&ENG.srt", Some("a.CHT&ENG.srt")),
            ("zh-CN_zh-CN", Some("zh-TW_zh-TW")),
            ("a.zh-TW.srt", None),
            ("zhao.txt", None),
            ("my-zh-notes.txt", None),
            ("sc.txt", None),
            ("pizza-cn.txt", None),
        ];
        for (name, expected) in cases {
            assert_eq!(to_taiwan.renamed_name(name).as_deref(), expected, "{name}");
            // What has been renamed is known as that.
            if let Some(expected) = expected {
                assert!(to_taiwan.is_own_name(expected) && !to_taiwan.is_own_name(name), "{name}");
            }
        }
        let to_hong_kong = Languages::to_target(Target::HongKong, None);
        assert_eq!(to_hong_kong.renamed_name("a.chs.srt").as_deref(), Some("a.cht.srt"));
        assert_eq!(to_hong_kong.renamed_name("a.cht.srt"), None);
        assert_eq!(to_hong_kong.renamed_name("zh.lproj").as_deref(), Some("zh-HK.lproj"));
        assert_eq!(to_hong_kong.renamed_name("values-b+zh+Hans").as_deref(), Some("values-b+zh+Hant+HK"));
        let to_traditional = Languages::to_target(Target::Traditional, None);
        assert_eq!(to_traditional.renamed_name("values-zh-v21").as_deref(), Some("values-b+zh+Hant-v21"));
    }

    #[test]
    fn folders_around_decide_the_form_of_a_language() {
        let languages = Languages::to_target(Target::Taiwan, None);
        for (path, expected) in [
            ("locale/zh/LC_MESSAGES/a.po", "locale/zh_TW/LC_MESSAGES/a.po"),
            ("locale/zh-CN/LC_MESSAGES/a.po", "locale/zh-TW/LC_MESSAGES/a.po"),
            ("app/res/raw-zh/a.txt", "app/res/raw-zh-rTW/a.txt"),
            ("data/raw-zh/a.txt", "data/raw-zh-TW/a.txt"),
            ("res/font-zh.ttf", "res/font-zh-TW.ttf"),
            ("res/font-zh/a.ttf", "res/font-zh-rTW/a.ttf"),
            ("_locales/zh/messages.json", "_locales/zh_TW/messages.json"),
            ("./zh/../a.txt", "./zh-TW/../a.txt"),
            ("/a/头发", "/a/头发"),
        ] {
            assert_eq!(languages.renamed_path(Path::new(path)), Path::new(expected), "{path}");
        }
        for (path, target) in [
            ("res/values-b+zh+Hant+TW/strings.xml", Target::Taiwan),
            ("res/values-b+zh+Hant-night/strings.xml", Target::Traditional),
            ("res/values-b+zh+Hans+CN/strings.xml", Target::Simplified),
        ] {
            assert_eq!(target_of_path(Path::new(path)), Some(target), "{path}");
        }
    }

    #[test]
    fn names_say_the_language_of_a_file() {
        let languages = Languages::to_target(Target::Taiwan, None);
        for name in
            ["app.zh-TW.json", "zh_TW.po", "values-zh-rTW", "values-b+zh+Hant+TW", "a.zh-Hant.srt", "a.cht.srt", "[TC]"]
        {
            assert!(languages.is_own_name(name), "{name}");
        }
        for name in ["app.zh-CN.json", "app.json", "zh.po", "a.chs.srt", "tc.srt"] {
            assert!(!languages.is_own_name(name), "{name}");
        }
        for path in [
            "locales/ja.json",
            "values-ja/strings.xml",
            "values-ja-rJP/strings.xml",
            "values-b+ko+Kore+KR/strings.xml",
            "ja.lproj/a.strings",
            "m_ja.properties",
            "ko/a.po",
            "a.ja.yml",
        ] {
            assert!(!languages.takes_path(Path::new(path)), "{path}");
        }
        for path in
            ["locales/zh.json", "values-zh-rCN/strings.xml", "java/a.json", "a_JA.json", "a.json", "vi.rs/x/y/a.json"]
        {
            assert!(languages.takes_path(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn a_catalogue_has_the_tag_of_its_name() {
        let languages = |path: &str| Languages::to_target(Target::Taiwan, None).of_path(Path::new(path));
        for (path, tag, style, expected) in [
            ("app_zh_Hant.arb", "zh", Style::Posix, "zh_Hant"),
            ("app_zh_Hant_TW.arb", "zh_CN", Style::Posix, "zh_Hant_TW"),
            ("zh-TW.po", "zh_CN", Style::Posix, "zh_TW"),
            ("zh-Hant.yml", "zh-CN", Style::Bcp47, "zh-Hant"),
            ("zh_TW/LC_MESSAGES/app.po", "zh_Hans", Style::Posix, "zh_TW"),
            ("values-zh-rTW/strings.xml", "zh-CN", Style::Bcp47, "zh-TW"),
            ("zh-HK.yml", "zh-CN", Style::Bcp47, "zh-TW"),
            ("messages.zh_TW.xlf", "zh-CN", Style::Bcp47, "zh-TW"),
            ("messages.zh_TW.xlf", "zh", Style::Bcp47, "zh-TW"),
            ("messages.zh-tw.xlf", "zh-CN", Style::Bcp47, "zh-TW"),
            ("messages.zh_hant_tw.xlf", "zh-CN", Style::Bcp47, "zh-Hant-TW"),
            ("messages.zh_Hant.xlf", "zh-cn", Style::Bcp47, "zh-hant"),
            ("messages.zh-TW.xlf", "zh_CN", Style::Bcp47, "zh_TW"),
            ("zh-tw.po", "zh_CN.UTF-8", Style::Posix, "zh_TW.UTF-8"),
            ("values-zh-rTW.yaml", "zh-CN", Style::Bcp47, "zh-TW"),
            ("app.yml", "zh-CN", Style::Bcp47, "zh-TW"),
        ] {
            assert_eq!(languages(path).renamed_in(tag, style).as_deref(), Some(expected), "{path} {tag}");
        }
        for (path, tag, style, expected) in [
            ("zh_TW.yml", "zh-CN", Style::Bcp47, "zh_TW"),
            ("zh-tw.yml", "zh-CN", Style::Bcp47, "zh-tw"),
            ("app_zh_Hant.arb", "zh", Style::Posix, "zh_Hant"),
            ("values-zh-rTW.yaml", "zh-CN", Style::Bcp47, "zh-TW"),
        ] {
            assert_eq!(languages(path).renamed_as_file(tag, style).as_deref(), Some(expected), "{path} {tag}");
        }
        assert_eq!(languages("app_zh_Hant.arb").renamed("ja"), None);
        assert_eq!(languages("a.zh-Hant.txt").renamed_region("CN").as_deref(), Some("TW"));
        assert_eq!(languages("a.zh_TW.txt").renamed_script("Hans").as_deref(), Some("Hant"));
    }

    #[test]
    fn text_of_other_languages_is_left() {
        let languages = Languages::to_target(Target::Taiwan, None);
        assert!(languages.takes("zh-CN") && languages.takes("en") && languages.takes("zh-TW"));
        assert!(!languages.takes("ja") && !languages.takes("ja-JP") && !languages.takes("ko_KR"));
        assert!(!Languages::of_config(Config::S2t).takes("zh-Hant"));
    }
}

use std::path::PathBuf;

#[cfg(feature = "targets")]
use fanjian_context::{Target, Vocabulary, WordLayer};
use fanjian_dictionary::{Dictionary, Entries};

#[cfg(feature = "targets")]
use crate::target::{self, TargetPlan};
use crate::{
    Config, Dictionaries, Error, ErrorKind,
    conversion::{ConversionPlan, QuotedPlan, Resolved},
    converter::Converter,
    own_words, preferences,
    punctuation::{Marks, Punctuation, is_mark},
    resolve::{self, Found, Resolver, Source},
};

/// Makes a [`Converter`] with choices.
///
/// Start with a configuration: a built-in one ([`config`](Self::config)), or one of OpenCC's JSON files
/// ([`config_file`](Self::config_file), [`config_json`](Self::config_json)). Own words go into
/// [`dictionary`](Self::dictionary), words that must not change into [`protect`](Self::protect).
///
/// Own words and protected terms cost time by how often they are in a text, and little elsewhere. A configuration file that equals no
/// built-in configuration, and preferred characters in a configuration, begin at about the speed of OpenCC. When enough text has
/// come for it to pay, the converter makes tables, and is nearly as fast as the built-in ones from there on: see
/// [`Converter::prepare`].
///
/// ```
/// use fanjian::{Config, Converter, Dictionary};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let converter = Converter::builder()
///     .config(Config::S2twp)
///     .dictionary(Dictionary::from_text("own words", "云原生\t雲端原生\n")?)
///     .protect(["钉钉"])
///     .build()?;
/// assert_eq!(converter.convert("钉钉的云原生软件"), "钉钉的雲端原生軟體");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConverterBuilder {
    source: Option<Source>,
    #[cfg(feature = "targets")]
    target: Option<Target>,
    #[cfg(feature = "targets")]
    source_script: Option<Target>,
    #[cfg(feature = "targets")]
    vocabulary: Option<Vocabulary>,
    punctuation: Punctuation,
    #[cfg(feature = "targets")]
    kept_words: Vec<WordLayer>,
    resolver: Resolver,
    both_scripts: bool,
    preferred: Vec<char>,
    protected: Vec<String>,
}

impl Converter {
    /// A converter with choices: see [`ConverterBuilder`].
    #[must_use]
    pub fn builder() -> ConverterBuilder {
        ConverterBuilder::default()
    }
}

impl ConverterBuilder {
    /// Converts by a built-in configuration; [`Config::S2t`] is the default.
    ///
    /// Of several configurations, however they are named, the last one counts. One together with a [`target`](Self::target) is
    /// an error of [`build`](Self::build), which names both.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.source = Some(Source::Found(Found::Builtin(config)));
        self
    }

    /// Converts by a configuration file of OpenCC's: JSON, with comments and trailing commas allowed.
    ///
    /// The dictionaries that it names are looked for in the file's folder, in the working folder, in the
    /// [`search_folder`](Self::search_folder)s, and among the built-in ones. They may be text, OpenCC's binary dictionaries
    /// (`.ocd2`, `.ocd`) or compiled ones: their contents say which. For a binary one that is missing, a text of the same name
    /// beside it is taken. Stages that could together make a text more than 1,048,576 times as long are an error.
    #[must_use]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.source = Some(Source::Found(Found::File(path.into())));
        self
    }

    /// Converts by the text of a configuration, as [`config_file`](Self::config_file) does by a file. It has no folder
    /// of its own, and does not look in the working folder.
    #[must_use]
    pub fn config_json(mut self, json: impl Into<String>) -> Self {
        self.source = Some(Source::Found(Found::Text(json.into())));
        self
    }

    /// Converts by what OpenCC's command takes as a configuration: the path of a file; the name, with or without
    /// `.json`, of a file in a [`search_folder`](Self::search_folder); or the name of a built-in configuration.
    ///
    /// The first of these that there is decides. A folder of that name is ignored.
    #[must_use]
    pub fn config_name(mut self, name: impl Into<String>) -> Self {
        self.source = Some(Source::Name(name.into()));
        self
    }

    /// Converts to a target, instead of a configuration: see [`Converter::for_target`]. Of several targets, the last one
    /// counts; one together with a configuration is an error of [`build`](Self::build), which names both.
    ///
    /// [`dictionary`](Self::dictionary) and [`protect`](Self::protect) work with it. It has no dictionaries that could be
    /// [replaced](Self::replace_dictionary), and takes no notice of [`tofu_risk`](Self::tofu_risk): its output has none.
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// Tells the [`target`](Self::target) which script all of the text is in: that of `script`, whose region does not matter.
    ///
    /// Without it, each sentence or line is looked at, and if its characters do not decide that, what may be right already is
    /// likely to stay. So this makes a difference for short and plain texts. A text of the other script is then read
    /// without reserve: to convert the output once more, as the same script, may change it.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// assert_eq!(Converter::for_target(Target::Taiwan).convert("制"), "制");
    /// let converter = Converter::builder().target(Target::Taiwan).source_script(Target::Simplified).build()?;
    /// assert_eq!(converter.convert("制"), "製");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn source_script(mut self, script: Target) -> Self {
        self.source_script = Some(script);
        self
    }

    /// The treatment of words for which the [`target`](Self::target) has others. They stay by default.
    ///
    /// ```
    /// use fanjian::{Converter, Target, Vocabulary};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local).build()?;
    /// assert_eq!(converter.convert("软件和鼠标"), "軟體和滑鼠");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn vocabulary(mut self, vocabulary: Vocabulary) -> Self {
        self.vocabulary = Some(vocabulary);
        self
    }

    /// The treatment of quotation marks. They stay by default.
    ///
    /// With [`Local`](Punctuation::Local), they become 「」 and, within these, 『』 in Traditional text, and “” and ‘’ in
    /// Simplified text: by the target, or by what the configuration converts to. This is a pass over the output, values of own
    /// dictionaries included:
    ///
    /// - Marks of the other script become those of their depth; marks of the own script stay as they are.
    ///   To convert the output again changes nothing, and each mark stays one character.
    /// - Lines that are not Chinese stay: those with few Chinese characters beside kana, and those without any. At most 4 KiB
    ///   behind a mark are looked at.
    /// - An apostrophe, as in “don’t”, “’90s” and “dogs’”, stays. So do straight marks (`"` and `'`).
    /// - Quotations end with an empty line, with a control character, and where a line begins with an opening mark, as the
    ///   paragraphs of a long speech do. Each text of a call that takes several is one of its own.
    ///
    /// ```
    /// use fanjian::{Config, Converter, Punctuation, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::builder().config(Config::S2twp).punctuation(Punctuation::Local).build()?;
    /// assert_eq!(converter.convert("他说：“你讲‘软件’，it’s ok”"), "他說：「你講『軟體』，it’s ok」");
    ///
    /// let converter = Converter::builder().target(Target::Simplified).punctuation(Punctuation::Local).build()?;
    /// assert_eq!(converter.convert("他說：「走」"), "他说：“走”");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn punctuation(mut self, punctuation: Punctuation) -> Self {
        self.punctuation = punctuation;
        self
    }

    /// Layers of words that stay, such as names of persons, where [`Vocabulary::Local`] replaces others. By default none does.
    ///
    /// ```
    /// use fanjian::{Converter, Target, Vocabulary, WordLayer};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let builder = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local);
    /// assert_eq!(builder.clone().build()?.convert("特朗普的网络视频"), "川普的網路影片");
    /// let converter = builder.keep_words([WordLayer::Persons]).build()?;
    /// assert_eq!(converter.convert("特朗普的网络视频"), "特朗普的網路影片");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn keep_words(mut self, layers: impl IntoIterator<Item = WordLayer>) -> Self {
        self.kept_words.extend(layers);
        self
    }

    /// Looks for configurations by name, and for the dictionaries of configuration files, in this folder too. Those
    /// added first are searched first.
    #[must_use]
    pub fn search_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.resolver.folders.push(folder.into());
        self
    }

    /// Searches an own dictionary before the built-in ones. Those added first are searched first.
    ///
    /// An own word wins over built-in words of its length or shorter, and a longer built-in word that holds it wins over it:
    /// 发 → 發 does not touch 头发, nor does 头 → 頭. What it wins is a segment of its own: its value is output as it is, and
    /// nothing matches across its edges.
    ///
    /// In a configuration, which goes from left to right, a built-in word that begins earlier and reaches over the place wins
    /// as well. (In one with several stages and no segmentation, of which none is built in, the value goes through the later
    /// stages.) With a [`target`](Self::target), an own word wins over context, and what stands around it is decided as if it
    /// were not there.
    ///
    /// ```
    /// use fanjian::{Config, Converter, Dictionary, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let own = Dictionary::from_text("own words", "发\t發\n云中月\t雲中月\n")?;
    /// for builder in [Converter::builder().config(Config::S2tw), Converter::builder().target(Target::Taiwan)] {
    ///     let converter = builder.dictionary(own.clone()).build()?;
    ///     assert_eq!(converter.convert("云中月的头发，发"), "雲中月的頭髮，發");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dictionary(mut self, dictionary: Dictionary) -> Self {
        self.resolver.user.push(dictionary);
        self
    }

    /// Whether own words match in both scripts: 内存 then matches 內存, too, and 內存 matches 内存. By default they match as
    /// they are written.
    ///
    /// The other spellings of a key are those that the configurations `s2t`, `s2tw`, `s2hk` and `t2s` give it, and those that the
    /// targets `zh-TW` and `zh-HK` make of its Simplified form, where the library has targets. An entry that has such a spelling
    /// as its key counts before it, and the first entry of a dictionary before later ones.
    ///
    /// ```
    /// use fanjian::{Converter, Dictionary, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let own = Dictionary::from_text("own words", "内存\t記憶體\n")?;
    /// let builder = Converter::builder().target(Target::Taiwan).dictionary(own);
    /// assert_eq!(builder.clone().build()?.convert("内存，內存"), "記憶體，內存");
    /// assert_eq!(builder.dictionary_in_both_scripts(true).build()?.convert("内存，內存"), "記憶體，記憶體");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dictionary_in_both_scripts(mut self, both: bool) -> Self {
        self.both_scripts = both;
        self
    }

    /// Characters that are preferred to others of the same meaning, as a house style has them: 臺 (for 台), 裏 (for 裡).
    /// [`preferable_characters`](crate::preferable_characters) has all.
    ///
    /// They replace the others in what the conversion makes of a text, but not in own words and protected terms, and not in words
    /// in which the character is another one: 台州 and 口吃 stay, and 著名 does where 着 is preferred. To a
    /// [`target`](Self::target), a second conversion with the same preferences changes nothing.
    ///
    /// To a target this costs little, and a megabyte for each choice of characters, which stays until the program ends. A
    /// configuration finds such words within its segments alone; it begins about as slow as OpenCC, and goes on so if it has a stage
    /// for the region, too (`s2tw`, `s2twp`, `s2hk`, `s2hkp`).
    ///
    /// ```
    /// use fanjian::{Config, Converter, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::builder().target(Target::Taiwan).prefer(['臺', '裏']).build()?;
    /// assert_eq!(converter.convert("台湾的台风，家里"), "臺灣的颱風，家裏");
    ///
    /// let converter = Converter::builder().config(Config::S2t).prefer(['台', '吃', '麵']).build()?;
    /// assert_eq!(converter.convert("台湾好吃的面条"), "台灣好吃的麵條");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn prefer(mut self, characters: impl IntoIterator<Item = char>) -> Self {
        self.preferred.extend(characters);
        self
    }

    /// Takes the dictionaries and configurations of a release in place of the built-in ones, so that a conversion stays the same
    /// when this library brings others.
    ///
    /// What is not a part of OpenCC's data is as it is in this version: the algorithm, [`prefer`](Self::prefer), the spellings of
    /// [`dictionary_in_both_scripts`](Self::dictionary_in_both_scripts), and the [`target`](Self::target)s, which these cannot be
    /// combined with. A conversion is as fast as with the built-in ones; to build the first converter of a configuration takes
    /// about a tenth of a second, and its tables stay in memory until the program ends.
    ///
    /// ```no_run
    /// use fanjian::{Config, Converter, Dictionaries};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let pinned = Dictionaries::from_path("opencc-1.1.9.fjd")?;
    /// let converter = Converter::builder().config(Config::S2twp).dictionaries(pinned).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dictionaries(mut self, dictionaries: Dictionaries) -> Self {
        self.resolver.release = Some(dictionaries).filter(|dictionaries| !dictionaries.is_builtin());
        self
    }

    /// Uses a dictionary instead of the one that the configuration names, such as `TWPhrases`, wherever it does.
    #[must_use]
    pub fn replace_dictionary(mut self, name: impl Into<String>, dictionary: Dictionary) -> Self {
        self.resolver.replacements.push((name.into(), dictionary));
        self
    }

    /// Leaves these terms as they are, at every step of the conversion.
    ///
    /// The leftmost terms are found first, and of those that begin at one place the longest. The text between two of
    /// them is converted as a text of its own.
    #[must_use]
    pub fn protect<S: Into<String>>(mut self, terms: impl IntoIterator<Item = S>) -> Self {
        self.protected.extend(terms.into_iter().map(Into::into));
        self
    }

    /// Whether dictionaries take part whose output may be characters that many fonts lack, and which show as boxes
    /// ("tofu").
    ///
    /// They do not by default, as in OpenCC's command. OpenCC's APIs take them in by default.
    #[must_use]
    pub fn tofu_risk(mut self, included: bool) -> Self {
        self.resolver.tofu_risk = included;
        self
    }

    /// The file that [`build`](Self::build) would read the configuration from: that of a [`config_file`](Self::config_file), or
    /// what a [`config_name`](Self::config_name) means now. None for a built-in configuration, a text and a target.
    ///
    /// A program that keeps a conversion for another folder or machine keeps this path, as an absolute one (it may be relative): there,
    /// the name may mean something else.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) if the name means nothing.
    pub fn find_config_file(&self) -> Result<Option<PathBuf>, Error> {
        Ok(match self.found()? {
            Some(Found::File(path)) => Some(path),
            _ => None,
        })
    }

    /// The built-in configuration that [`build`](Self::build) would use: what a [`config_name`](Self::config_name) means now, with
    /// `.json` or without. None for a file, even one with the name of a built-in configuration in a
    /// [folder that is searched](Self::search_folder), for a text and for a target.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) if the name means nothing.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    ///
    /// assert_eq!(Converter::builder().config_name("s2tw.json").find_config()?, Some(Config::S2tw));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn find_config(&self) -> Result<Option<Config>, Error> {
        Ok(match self.found()? {
            Some(Found::Builtin(config)) => Some(config),
            _ => None,
        })
    }

    /// What the configuration is found to be. None for a target.
    fn found(&self) -> Result<Option<Found>, Error> {
        #[cfg(feature = "targets")]
        if self.target.is_some() {
            return Ok(None);
        }
        self.source.as_ref().map(|source| source.find(&self.resolver.folders)).transpose()
    }

    /// Makes the converter.
    ///
    /// Costs as little as [`Converter::new`] for a built-in configuration, and time by the size of the dictionaries that
    /// a configuration file names.
    ///
    /// # Errors
    ///
    /// [`Conflict`](ErrorKind::Conflict) for a configuration or [`dictionaries`](Self::dictionaries) together with a target, for a
    /// vocabulary or a source script without a target, for words to keep without [`Vocabulary::Local`], for
    /// [`punctuation`](Self::punctuation) with a configuration file or one of Japanese, and for a character to
    /// [`prefer`](Self::prefer) where the output is not known to be Traditional, or beside one that it replaces;
    /// [`NotFound`](ErrorKind::NotFound) if a configuration, one of its dictionaries, or a dictionary to replace
    /// does not exist; [`Config`](ErrorKind::Config) if a configuration says something wrong, for a character to prefer that is not
    /// known, and for a protected term with quotation marks that punctuation would replace;
    /// [`EmptyKey`](ErrorKind::EmptyKey) for an empty protected term; and those of [`Dictionary::from_path`] for the
    /// dictionaries that a configuration file names.
    pub fn build(mut self) -> Result<Converter, Error> {
        #[cfg(feature = "targets")]
        let target = self.target_plan()?;
        let marks = self.marks()?;
        let mut protected = Entries::new();
        self.protected.sort();
        self.protected.dedup();
        for term in std::mem::take(&mut self.protected) {
            if term.is_empty() {
                return Err(Error::new(ErrorKind::EmptyKey, "a protected term needs at least one character"));
            }
            if marks.is_some() && term.contains(is_mark) {
                let message = format!(
                    "the protected term '{term}' has quotation marks, which punctuation 'local' replaces: leave out the \
                     marks, or the punctuation"
                );
                return Err(Error::new(ErrorKind::Config, message));
            }
            protected.insert(term.clone(), [term])?;
        }
        self.resolver.protected = protected;
        if self.both_scripts {
            own_words::match_both_scripts(&mut self.resolver.user)?;
        }
        #[cfg(feature = "targets")]
        let mut target = target;
        if !self.preferred.is_empty() {
            self.check_preferred()?;
            let entries = preferences::entries(&self.preferred)?;
            #[cfg(feature = "targets")]
            if let Some(plan) = &mut target {
                plan.engine = target::styled(plan.engine, &self.preferred, &entries)?;
            }
            self.resolver.style = Some(preferences::dictionary(&entries)?);
        }
        #[cfg(feature = "targets")]
        if let Some(plan) = target {
            return Ok(quoted(resolve::target(plan, &self.resolver)?, marks));
        }
        let source = self.source.unwrap_or(Source::Found(Found::Builtin(Config::default())));
        Ok(quoted(resolve::build(&source, &self.resolver)?, marks))
    }

    /// The quotation marks that others become, if any are to.
    fn marks(&self) -> Result<Option<Marks>, Error> {
        if self.punctuation == Punctuation::Keep {
            return Ok(None);
        }
        if cfg!(fanjian_tables_alone) {
            return Err(Error::new(ErrorKind::Unsupported, "punctuation 'local' needs a build with the dictionaries"));
        }
        self.marks_for("punctuation 'local'").map(Some)
    }

    /// An error for preferred characters where the output is Simplified, or where that is not known.
    fn check_preferred(&self) -> Result<(), Error> {
        match self.marks_for("preferred characters")? {
            Marks::Corner => Ok(()),
            Marks::Curly => {
                let message =
                    "preferred characters are Traditional, and cannot be combined with a conversion to Simplified";
                Err(Error::new(ErrorKind::Conflict, message))
            }
        }
    }

    /// The quotation marks of what is converted to, for this `choice`, which needs to know them.
    fn marks_for(&self, choice: &str) -> Result<Marks, Error> {
        #[cfg(feature = "targets")]
        if let Some(target) = self.target {
            return Ok(if target == Target::Simplified { Marks::Curly } else { Marks::Corner });
        }
        let found = match &self.source {
            Some(source) => source.find(&self.resolver.folders)?,
            None => Found::Builtin(Config::default()),
        };
        let refused = |why: &str| {
            let message = format!("{choice} cannot be combined with {why}");
            Err(Error::new(ErrorKind::Conflict, message))
        };
        match found {
            Found::Builtin(config) => match Marks::of(config) {
                Some(marks) => Ok(marks),
                None => refused(&format!("{config}: Japanese has quotation marks and shapes of its own")),
            },
            Found::File(path) => refused(&format!(
                "the configuration file {}, which does not say what script its output is: use a target or a built-in \
                 configuration",
                path.display()
            )),
            Found::Text(_) => refused(
                "the text of a configuration, which does not say what script its output is: use a target or a built-in \
                 configuration",
            ),
        }
    }

    /// The target, if one was chosen.
    #[cfg(feature = "targets")]
    fn target_plan(&self) -> Result<Option<TargetPlan>, Error> {
        let conflict = |message: &str| Err(Error::new(ErrorKind::Conflict, message));
        match (self.target, &self.source) {
            (Some(target), Some(source)) => conflict(&format!(
                "the target {target} cannot be combined with {}: choose one of them",
                described(source)
            )),
            (None, _) if self.vocabulary.is_some() => conflict("a choice of vocabulary needs a target"),
            _ if !self.kept_words.is_empty() && self.vocabulary != Some(Vocabulary::Local) => {
                conflict("words to keep need the vocabulary 'local': without it, all words stay")
            }
            (Some(_), None) if self.resolver.release.is_some() => conflict(
                "dictionaries of a release cannot be combined with a target, which has its own: use a configuration, such as s2tw",
            ),
            (None, _) if self.source_script.is_some() => conflict("a source script needs a target"),
            (None, _) => Ok(None),
            (Some(target), None) => {
                let engine = target::engine(
                    target,
                    self.vocabulary.unwrap_or_default(),
                    self.kept_words.iter().copied().collect(),
                );
                Ok(Some(TargetPlan { engine, source_script: self.source_script }))
            }
        }
    }
}

/// A configuration in a message.
#[cfg(feature = "targets")]
fn described(source: &Source) -> String {
    match source {
        Source::Name(name) => format!("the configuration '{name}'"),
        Source::Found(Found::Builtin(config)) => format!("the configuration '{config}'"),
        Source::Found(Found::File(path)) => format!("the configuration file {}", path.display()),
        Source::Found(Found::Text(_)) => "the text of a configuration".to_owned(),
    }
}

/// What is resolved, with the quotation marks that others become.
fn quoted(resolved: Resolved, marks: Option<Marks>) -> Converter {
    let Some(marks) = marks else { return Converter::from(resolved) };
    let Resolved { stages, plan } = resolved;
    Converter::from(Resolved { stages, plan: ConversionPlan::Quoted(Box::new(QuotedPlan { plan, marks })) })
}

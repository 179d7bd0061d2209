use std::{fmt, str::FromStr};

use crate::{Error, ErrorKind};

/// The built-in configurations: those of OpenCC, under its names.
///
/// "OpenCC's standard" is the form of Traditional Chinese that its dictionaries are written in: it prefers the
/// etymologically right character of several variants, whatever any region prefers.
///
/// ```
/// use fanjian::Config;
///
/// let config: Config = "s2twp".parse().unwrap();
/// assert_eq!(config, Config::S2twp);
/// assert_eq!(config.to_string(), "s2twp");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Config {
    /// Simplified to Traditional (OpenCC's standard): the default.
    #[default]
    S2t,
    /// Simplified to Traditional (Taiwan).
    S2tw,
    /// Simplified to Traditional (Taiwan), with Taiwan's vocabulary.
    S2twp,
    /// Simplified to Traditional (Hong Kong).
    S2hk,
    /// Simplified to Traditional (Hong Kong), with Hong Kong's vocabulary.
    S2hkp,
    /// Traditional (OpenCC's standard) to Simplified.
    T2s,
    /// Traditional (Taiwan) to Simplified.
    Tw2s,
    /// Traditional (Taiwan) to Simplified, with the mainland's vocabulary.
    Tw2sp,
    /// Traditional (Hong Kong) to Simplified.
    Hk2s,
    /// Traditional (Hong Kong) to Simplified, with the mainland's vocabulary.
    Hk2sp,
    /// Traditional (OpenCC's standard) to Traditional (Taiwan).
    T2tw,
    /// Traditional (OpenCC's standard) to Traditional (Hong Kong).
    T2hk,
    /// Traditional (Taiwan) to Traditional (OpenCC's standard).
    Tw2t,
    /// Traditional (Hong Kong) to Traditional (OpenCC's standard).
    Hk2t,
    /// Old Japanese kanji (kyujitai) to new ones (shinjitai).
    T2jp,
    /// New Japanese kanji (shinjitai) to old ones (kyujitai).
    Jp2t,
}

/// Name, description and text of each configuration, in the order of [`Config::ALL`].
macro_rules! builtin {
    ($($config:ident $name:literal $description:literal)*) => {
        impl Config {
            /// All of them.
            pub const ALL: &'static [Config] = &[$(Config::$config),*];

            /// The configuration's name, such as `s2twp`.
            pub fn name(self) -> &'static str {
                match self { $(Config::$config => $name),* }
            }

            /// What it converts, in one line.
            pub fn description(self) -> &'static str {
                match self { $(Config::$config => $description),* }
            }

            /// The configuration in OpenCC's form, JSON: to look at, or to begin one of one's own with, for
            /// [`config_json`](crate::ConverterBuilder::config_json).
            ///
            /// ```
            /// # fn main() -> Result<(), fanjian::Error> {
            /// use fanjian::{Config, Converter};
            ///
            /// let json = Config::T2s.json().replace("TSPhrases.txt", "TWPhrasesRev.txt");
            /// let converter = Converter::builder().config_json(json).build()?;
            /// assert_eq!(converter.convert("滑鼠"), "鼠標");
            /// # Ok(())
            /// # }
            /// ```
            pub fn json(self) -> &'static str {
                match self { $(Config::$config => include_str!(concat!("../../dictionaries/config/", $name, ".json"))),* }
            }
        }
    };
}

builtin! {
    S2t "s2t" "Simplified to Traditional (OpenCC's standard)"
    S2tw "s2tw" "Simplified to Traditional (Taiwan)"
    S2twp "s2twp" "Simplified to Traditional (Taiwan, with its vocabulary)"
    S2hk "s2hk" "Simplified to Traditional (Hong Kong)"
    S2hkp "s2hkp" "Simplified to Traditional (Hong Kong, with its vocabulary)"
    T2s "t2s" "Traditional (OpenCC's standard) to Simplified"
    Tw2s "tw2s" "Traditional (Taiwan) to Simplified"
    Tw2sp "tw2sp" "Traditional (Taiwan) to Simplified (with the mainland's vocabulary)"
    Hk2s "hk2s" "Traditional (Hong Kong) to Simplified"
    Hk2sp "hk2sp" "Traditional (Hong Kong) to Simplified (with the mainland's vocabulary)"
    T2tw "t2tw" "Traditional (OpenCC's standard) to Traditional (Taiwan)"
    T2hk "t2hk" "Traditional (OpenCC's standard) to Traditional (Hong Kong)"
    Tw2t "tw2t" "Traditional (Taiwan) to Traditional (OpenCC's standard)"
    Hk2t "hk2t" "Traditional (Hong Kong) to Traditional (OpenCC's standard)"
    T2jp "t2jp" "Old Japanese kanji (kyujitai) to new ones (shinjitai)"
    Jp2t "jp2t" "New Japanese kanji (shinjitai) to old ones (kyujitai)"
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Config {
    type Err = Error;

    /// Takes the name, with or without `.json` behind it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) for any other text.
    fn from_str(name: &str) -> Result<Config, Error> {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        Config::ALL.iter().copied().find(|config| config.name() == stem).ok_or_else(|| {
            let known = Config::ALL.iter().map(|config| config.name()).collect::<Vec<_>>().join(", ");
            Error::new(
                ErrorKind::NotFound,
                format!("no configuration is named '{name}'; the built-in ones are {known}"),
            )
        })
    }
}

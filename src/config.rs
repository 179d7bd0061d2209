use std::path::Path;

use fanjian_dictionary::named;

named! {
    /// The built-in configurations: those of OpenCC, under its names.
    ///
    /// "OpenCC's standard" is the form of Traditional Chinese that its dictionaries are written in: it prefers the
    /// etymologically right character of several variants, not that of a region.
    ///
    /// ```
    /// use fanjian::Config;
    ///
    /// let config: Config = "s2twp".parse().unwrap();
    /// assert_eq!(config, Config::S2twp);
    /// assert_eq!(config.to_string(), "s2twp");
    /// ```
    #[derive(Default)]
    pub enum Config: "configuration" {
        /// Simplified to Traditional (OpenCC's standard): the default.
        #[default]
        S2t "s2t" "Simplified to Traditional (OpenCC's standard)",
        /// Simplified to Traditional (Taiwan).
        S2tw "s2tw" "Simplified to Traditional (Taiwan)",
        /// Simplified to Traditional (Taiwan), with Taiwan's vocabulary.
        S2twp "s2twp" "Simplified to Traditional (Taiwan, with its vocabulary)",
        /// Simplified to Traditional (Hong Kong).
        S2hk "s2hk" "Simplified to Traditional (Hong Kong)",
        /// Simplified to Traditional (Hong Kong), with Hong Kong's vocabulary.
        S2hkp "s2hkp" "Simplified to Traditional (Hong Kong, with its vocabulary)",
        /// Traditional (OpenCC's standard) to Simplified.
        T2s "t2s" "Traditional (OpenCC's standard) to Simplified",
        /// Traditional (Taiwan) to Simplified.
        Tw2s "tw2s" "Traditional (Taiwan) to Simplified",
        /// Traditional (Taiwan) to Simplified, with the mainland's vocabulary.
        Tw2sp "tw2sp" "Traditional (Taiwan) to Simplified (with the mainland's vocabulary)",
        /// Traditional (Hong Kong) to Simplified.
        Hk2s "hk2s" "Traditional (Hong Kong) to Simplified",
        /// Traditional (Hong Kong) to Simplified, with the mainland's vocabulary.
        Hk2sp "hk2sp" "Traditional (Hong Kong) to Simplified (with the mainland's vocabulary)",
        /// Traditional (OpenCC's standard) to Traditional (Taiwan).
        T2tw "t2tw" "Traditional (OpenCC's standard) to Traditional (Taiwan)",
        /// Traditional (OpenCC's standard) to Traditional (Hong Kong).
        T2hk "t2hk" "Traditional (OpenCC's standard) to Traditional (Hong Kong)",
        /// Traditional (Taiwan) to Traditional (OpenCC's standard).
        Tw2t "tw2t" "Traditional (Taiwan) to Traditional (OpenCC's standard)",
        /// Traditional (Hong Kong) to Traditional (OpenCC's standard).
        Hk2t "hk2t" "Traditional (Hong Kong) to Traditional (OpenCC's standard)",
        /// Old Japanese kanji (kyujitai) to new ones (shinjitai).
        T2jp "t2jp" "Old Japanese kanji (kyujitai) to new ones (shinjitai)",
        /// New Japanese kanji (shinjitai) to old ones (kyujitai).
        Jp2t "jp2t" "New Japanese kanji (shinjitai) to old ones (kyujitai)",
    }
}

/// How many configurations there are, with and without the tofu-risk dictionaries.
pub(crate) const VARIANTS: usize = 2 * Config::ALL.len();

impl Config {
    /// Whether a [name](crate::ConverterBuilder::config_name) is a path, whatever configurations are called: it has several
    /// components, or ends with `.json`.
    ///
    /// ```
    /// # use fanjian::Config;
    /// assert!(Config::is_path("own/s2t") && Config::is_path("s2t.json") && !Config::is_path("s2t"));
    /// ```
    #[must_use]
    pub fn is_path(name: &str) -> bool {
        let path = Path::new(name);
        path.components().count() > 1 || path.extension().is_some_and(|extension| extension == "json")
    }

    /// The number of this configuration, with or without the tofu-risk dictionaries, among all [`VARIANTS`].
    pub(crate) fn variant(self, tofu_risk: bool) -> usize {
        2 * self as usize + usize::from(tofu_risk)
    }

    /// The configuration in OpenCC's form, JSON: to look at, or as the start of an own one, for
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
    #[must_use]
    pub fn json(self) -> &'static str {
        macro_rules! text {
            ($name:literal) => {
                include_str!(concat!("../dictionaries/config/", $name, ".json"))
            };
        }
        match self {
            Config::S2t => text!("s2t"),
            Config::S2tw => text!("s2tw"),
            Config::S2twp => text!("s2twp"),
            Config::S2hk => text!("s2hk"),
            Config::S2hkp => text!("s2hkp"),
            Config::T2s => text!("t2s"),
            Config::Tw2s => text!("tw2s"),
            Config::Tw2sp => text!("tw2sp"),
            Config::Hk2s => text!("hk2s"),
            Config::Hk2sp => text!("hk2sp"),
            Config::T2tw => text!("t2tw"),
            Config::T2hk => text!("t2hk"),
            Config::Tw2t => text!("tw2t"),
            Config::Hk2t => text!("hk2t"),
            Config::T2jp => text!("t2jp"),
            Config::Jp2t => text!("jp2t"),
        }
    }
}

//! Converter of a target or a configuration, with hints for names that are none.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fanjian::{Config, Converter, ConverterBuilder, Dictionary, Error, ErrorKind, Target, Vocabulary, WordLayer};
use fanjian_dictionary::named;

use crate::{
    args::groups::{ConfigurationArgs, TargetArgs},
    error::Failure,
    messages::message,
    settings::dictionaries::ReleasePath,
};

/// The configuration if nothing else is asked for.
pub(crate) const DEFAULT_CONFIG: &str = "s2t";

/// The builder of the converter that the command line alone asks for, and the name of its configuration.
pub(crate) fn builder(given: &ConfigurationArgs) -> Result<(ConverterBuilder, String), Failure> {
    let TargetArgs { to, vocabulary, punctuation, keep_words, prefer } = &given.target;
    if to.is_none() {
        check_target_options(given.from.is_some(), vocabulary.is_some())?;
    }
    check_kept_words(keep_words, *vocabulary)?;
    check_preferred(prefer)?;
    let name = given.config.name.as_deref().unwrap_or(DEFAULT_CONFIG);
    let builder = base(to.map(|to| (to, *vocabulary, given.from)), name).keep_words(keep_words.clone());
    let builder = builder.tofu_risk(given.tofu_risk().unwrap_or(false));
    let builder = pinned(builder, given.dictionaries.clone().map(ReleasePath::from).as_ref())?.0;
    let builder = builder.punctuation(punctuation.unwrap_or_default()).prefer(prefer.iter().copied());
    Ok((search(builder, &given.path), name.to_owned()))
}

/// A target, with its vocabulary and the script of the source.
pub(crate) type TargetChoice = (Target, Option<Vocabulary>, Option<Target>);

/// The builder of a converter to a target; without one, by the configuration of this name.
pub(crate) fn base(target: Option<TargetChoice>, config: &str) -> ConverterBuilder {
    match target {
        Some((to, vocabulary, from)) => {
            let builder = Converter::builder().target(to).vocabulary(vocabulary.unwrap_or_default());
            from.into_iter().fold(builder, ConverterBuilder::source_script)
        }
        None => Converter::builder().config_name(config),
    }
}

/// The same builder with the dictionaries of a release, and their name, if there are some.
pub(crate) fn pinned(
    builder: ConverterBuilder,
    dictionaries: Option<&ReleasePath>,
) -> Result<(ConverterBuilder, Option<String>), Failure> {
    Ok(match dictionaries.map(ReleasePath::open).transpose()?.flatten() {
        Some(found) => {
            let name = found.name().to_owned();
            (builder.dictionaries(found), Some(name))
        }
        None => (builder, None),
    })
}

/// The same builder with more folders to search.
pub(crate) fn search<'p>(
    builder: ConverterBuilder,
    folders: impl IntoIterator<Item = &'p PathBuf>,
) -> ConverterBuilder {
    folders.into_iter().fold(builder, |builder, folder| builder.search_folder(folder))
}

/// The file of a configuration, if it has one, and those of the dictionaries that it names, wherever they would be searched for.
pub(crate) fn files_of(config: &str, folders: &[PathBuf]) -> Vec<PathBuf> {
    let is_builtin = config.strip_suffix(".json").unwrap_or(config).parse::<Config>().is_ok();
    let here = (Config::is_path(config) || !is_builtin).then(|| PathBuf::from(config));
    let in_folders = folders.iter().flat_map(|folder| [folder.join(config), folder.join(format!("{config}.json"))]);
    let Some(file) = here.into_iter().chain(in_folders).find(|path| path.is_file()) else { return Vec::new() };
    let Some(parsed) = fs::read_to_string(&file).ok().and_then(|text| fanjian_dictionary::Config::parse(&text).ok())
    else {
        return vec![file];
    };
    let own = file.parent().map(Path::to_owned);
    let folders: Vec<_> = own.into_iter().chain([PathBuf::from(".")]).chain(folders.iter().cloned()).collect();
    let mut files = vec![file];
    let _ = parsed.plan(true, &mut |reference| {
        files.extend(folders.iter().map(|folder| folder.join(reference.file)));
        Dictionary::from_text(reference.name(), "")
    });
    files
}

/// Options of a target without a target are wrong.
pub(crate) fn check_target_options(has_from: bool, has_vocabulary: bool) -> Result<(), Failure> {
    match (has_from, has_vocabulary) {
        (true, _) => Err(Failure::usage("--from needs a target: use --to")),
        (_, true) => Err(Failure::usage("--vocabulary needs a target: use --to")),
        _ => Ok(()),
    }
}

/// To keep some words is wrong where all stay.
pub(crate) fn check_kept_words(kept: &[WordLayer], vocabulary: Option<Vocabulary>) -> Result<(), Failure> {
    match vocabulary {
        Some(Vocabulary::Local) => Ok(()),
        _ if kept.is_empty() => Ok(()),
        _ => Err(Failure::usage("--keep-words needs --vocabulary local: without it, all words stay")),
    }
}

/// To prefer both of two shapes of a character is wrong.
pub(crate) fn check_preferred(preferred: &[char]) -> Result<(), Failure> {
    if preferred.len() < 2 {
        // The list of these characters takes an eighth of the instructions of a short run to make.
        return Ok(());
    }
    let chosen = fanjian::preferable_characters().filter(|(character, _)| preferred.contains(character));
    let both = chosen.filter_map(|(character, others)| {
        let other = others.iter().find(|other| preferred.contains(other))?;
        Some((character, other))
    });
    match both.min() {
        Some((character, other)) => Err(Failure::Usage(message!(
            "{character} and {other} are shapes of the same character: prefer one of them",
            character,
            other
        ))),
        None => Ok(()),
    }
}

/// The failure to make a converter by this configuration: a name that does not exist is wrong usage, and so are choices that exclude
/// each other.
pub(crate) fn failure(config: &str, error: Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => {}
        ErrorKind::Conflict => return Failure::Usage(error.to_string()),
        _ => return error.into(),
    }
    let is_config = error.to_string().contains(&format!("'{config}'"));
    let hint = match config.parse::<Target>() {
        _ if !is_config => None,
        Ok(_) => Some(message!("'{word}' is a target: use --to {word}", word = config)),
        Err(_) => {
            let name = named::similar(config, Config::ALL.iter().map(|config| config.name()));
            name.map(|name| message!("did you mean '{meant}'?", meant = name))
        }
    };
    Failure::Usage(hint.map_or_else(|| error.to_string(), |hint| format!("{error}\n\n  tip: {hint}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_configuration_gets_a_hint() {
        let message = |name: &str| {
            let error = Converter::builder().config_name(name).build().unwrap_err();
            match failure(name, error) {
                Failure::Usage(message) => message,
                other => panic!("{other}"),
            }
        };
        assert!(message("s2wtp").ends_with("tip: did you mean 's2twp'?"));
        assert!(message("zh-TW").ends_with("tip: 'zh-TW' is a target: use --to zh-TW"));
        assert!(!message("frobnicate").contains("tip:"));
    }

    #[test]
    fn two_shapes_of_a_character_cannot_both_be_preferred() {
        assert!(check_preferred(&['臺', '裏']).is_ok() && check_preferred(&[]).is_ok());
        let Err(Failure::Usage(message)) = check_preferred(&['裏', '臺', '台']) else { panic!() };
        assert_eq!(message, "台 and 臺 are shapes of the same character: prefer one of them");
    }

    #[test]
    fn options_of_a_target_need_one() {
        let given = ConfigurationArgs { from: Some(Target::Simplified), ..ConfigurationArgs::default() };
        assert!(matches!(builder(&given), Err(Failure::Usage(_))));
        let target = TargetArgs { to: Some(Target::Taiwan), ..TargetArgs::default() };
        let given = ConfigurationArgs { target, ..given };
        assert!(builder(&given).is_ok());
    }
}

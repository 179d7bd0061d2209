//! What was meant by a PATH that is no file.

use std::path::{Path, PathBuf};

use fanjian::{Config, Target};
use fanjian_dictionary::{han, named};

use crate::{
    args::{CommandLine, commands::NAMES},
    error::Failure,
    io::input::is_stdin,
    messages::{self, message, translatable},
    print::name,
};

/// What subcommands of other programs do, and how that is asked for here.
const ELSEWHERE: [(&str, &str); 10] = [
    ("convert", translatable("files are named without a subcommand: fanjian --to zh-TW in.txt")),
    ("conv", translatable("files are named without a subcommand: fanjian --to zh-TW in.txt")),
    ("translate", translatable("files are named without a subcommand: fanjian --to zh-TW in.txt")),
    ("check", translatable("use the option --check: fanjian --to zh-TW --check .")),
    ("diff", translatable("use the option --diff: fanjian --to zh-TW --diff .")),
    ("format", translatable("use the option --in-place: fanjian --to zh-TW --in-place .")),
    ("fix", translatable("use the option --in-place: fanjian --to zh-TW --in-place .")),
    (
        "list",
        translatable(
            "fanjian configs lists the configurations of OpenCC; --to takes zh-TW, zh-HK, zh-Hans and zh-Hant",
        ),
    ),
    ("targets", translatable("--to takes zh-TW, zh-HK, zh-Hans and zh-Hant")),
    ("version", translatable("use the option --version")),
];

/// An error for a PATH that is no file, where it is known what was meant: a subcommand, a configuration, a target, a
/// text, or the name of a new file.
pub(crate) fn check(line: &CommandLine) -> Result<(), Failure> {
    let first = line.paths.first().filter(|path| !path.exists() && !is_stdin(path));
    let hint = first.and_then(|path| path.to_str()).and_then(of_first);
    if let (Some(path), Some(hint)) = (first, hint) {
        return Err(missing(path, &hint));
    }
    let is_preview = line.check.check || line.check.diff || line.check.dry_run;
    let is_plain = !is_preview
        && !line.files.in_place
        && !line.files.beside
        && line.single.output.is_none()
        && line.files.output_dir.is_none()
        && !line.conversion.show_config;
    match &*line.paths {
        [from, to] if is_plain && from.is_file() && !to.exists() && !is_stdin(to) => {
            Err(missing(to, &message!("to write it: fanjian {from} -o {to}", from = name(from), to = name(to))))
        }
        _ => Ok(()),
    }
}

fn missing(path: &Path, hint: &str) -> Failure {
    let missing = message!("there is no file '{path}'", path = name(path));
    Failure::Usage(format!("{missing}\n\n  tip: {hint}"))
}

/// An error for a text in the place of the first PATH of a subcommand, with what to write for the text.
pub(crate) fn check_text(paths: &[PathBuf], subcommand: &str) -> Result<(), Failure> {
    match paths.first().filter(|path| !path.exists() && !is_stdin(path)) {
        Some(path) if path.to_str().is_some_and(is_text) => {
            let text = name(path);
            Err(missing(
                path,
                &message!("text is read from standard input: echo '{text}' | fanjian {subcommand}", text, subcommand),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether this is a text rather than the name of a file, which has an extension, or a path, which has folders.
fn is_text(word: &str) -> bool {
    let has_han = word.chars().any(|character| han::is_ideograph(u32::from(character)));
    has_han && !word.contains(['.', '/', '\\'])
}

/// What was meant by the first of the paths.
fn of_first(word: &str) -> Option<String> {
    if NAMES.contains(&word) {
        return Some(message!("options of the subcommand '{word}' have to follow it", word));
    }
    if let Some((_, hint)) = ELSEWHERE.iter().find(|(other, _)| *other == word) {
        return Some(messages::text(hint));
    }
    if word.contains(['*', '?']) {
        return Some(message!(
            "a pattern that the shell has not expanded: -g '{word}' . takes such files in folders",
            word
        ));
    }
    if word.parse::<Config>().is_ok() {
        return Some(message!("'{word}' is a configuration: use -c {config}", word, config = word));
    }
    if word.parse::<Target>().is_ok() {
        return Some(message!("'{word}' is a target: use --to {word}", word));
    }
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let similar = named::similar(word, NAMES.into_iter()).filter(|_| is_word);
    if let Some(subcommand) = similar {
        return Some(message!("did you mean the subcommand '{subcommand}'?", subcommand));
    }
    is_text(word).then(|| {
        let text = name(word);
        message!(
            "text is read from standard input: echo '{text}' | fanjian --to zh-TW; and explained by fanjian explain '{text}'",
            text
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_by_what_it_is() {
        let of = |word| of_first(word).unwrap_or_default();
        assert_eq!(of("explian"), "did you mean the subcommand 'explain'?");
        assert!(of("explain").contains("have to follow it"));
        assert!(of("convert").contains("without a subcommand"));
        assert!(of("s2twp").ends_with("use -c s2twp") && of("tw").ends_with("use --to tw"));
        assert!(of("*.txt").contains("-g '*.txt' ."));
        assert!(of("头发").contains("echo '头发' |"));
        assert_eq!((of_first("头发.txt"), of_first("书/头"), of_first("a.txt")), (None, None, None));
    }
}

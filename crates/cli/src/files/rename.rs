//! Conversion of the names of files and folders.

use std::{
    collections::{HashMap, HashSet},
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf, is_separator},
};

use crate::{
    error::Failure,
    messages::message,
    print::name,
    settings::{
        resolver::{FileSettings, SettingsResolver},
        task::Selection,
    },
};

/// A path with the names in it converted, and the tags of languages in them, as far as they are UTF-8. An error for a name
/// that cannot be one.
pub(crate) fn converted_path(settings: &FileSettings, path: &Path) -> Result<PathBuf, String> {
    let converted: PathBuf = path.iter().map(|name| converted_name(settings, name)).collect::<Result<_, _>>()?;
    Ok(settings.languages.renamed_path(&converted))
}

/// A name of a path, converted, if it is UTF-8. Tags of languages stay.
fn converted_name(settings: &FileSettings, old: &OsStr) -> Result<OsString, String> {
    let Some(text) = old.to_str() else { return Ok(old.to_owned()) };
    let new = settings.text.converter.convert(text);
    match flaw(text, &new) {
        Some(flaw) if new != text => {
            Err(format!("the name '{}' would become '{}', which {flaw}", name(text), name(&*new)))
        }
        _ => Ok(new.into_owned().into()),
    }
}

/// The new name of a file or folder that is to be renamed.
fn new_name(settings: &FileSettings, path: &Path, old: &OsStr) -> Result<PathBuf, String> {
    let converted = path.with_file_name(converted_name(settings, old)?);
    // What a folder has in it counts for the tag in its name.
    let messages = Path::new("LC_MESSAGES");
    let has_messages = settings.languages.renamed_path(Path::new(old)) != old && path.join(messages).is_dir();
    let whole = if has_messages { converted.join(messages) } else { converted };
    let renamed = settings.languages.renamed_path(&whole);
    let renamed = if has_messages { renamed.parent().unwrap_or(&renamed) } else { &renamed };
    Ok(path.with_file_name(renamed.file_name().unwrap_or(old)))
}

/// Where the copy of a file goes that stands beside it: the folder that has both, and the path below it. Tags of languages in
/// the path become those of the output; if there are none, the name gets one before its extension.
pub(crate) fn path_beside(settings: &FileSettings, path: &Path) -> Result<(PathBuf, PathBuf), String> {
    let renamed = settings.languages.renamed_path(path);
    if let Some(first) = path.iter().zip(&renamed).position(|(old, new)| old != new) {
        return Ok((path.iter().take(first).collect(), renamed.iter().skip(first).collect()));
    }
    let tag =
        settings.languages.tag().ok_or("a copy beside it needs another name, and the conversion has no language")?;
    let mut new = path.file_stem().unwrap_or_default().to_owned();
    new.push(format!(".{tag}"));
    if let Some(extension) = path.extension() {
        new.push(".");
        new.push(extension);
    }
    Ok((path.parent().unwrap_or(Path::new("")).to_owned(), new.into()))
}

/// Why a converted name is not a plain one: a dictionary can make anything of a name, also the path of another file.
fn flaw(old: &str, new: &str) -> Option<&'static str> {
    match new {
        "" => Some("is empty"),
        "." | ".." => Some("is a folder's own name"),
        _ if new.contains(|character| character == '/' || is_separator(character)) => Some("is a path"),
        _ if new.contains(|character: char| character.is_control()) => Some("has a control character"),
        _ if new.starts_with('.') && !old.starts_with('.') => Some("is a hidden one"),
        _ if cfg!(windows) && !is_name_on_windows(new) => Some("Windows does not allow"),
        _ => None,
    }
}

/// Whether Windows takes this as the name of a file: no drive, no stream, no device.
fn is_name_on_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let is_device = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&&*stem)
        || ["COM", "LPT"].iter().any(|device| {
            let number = stem.strip_prefix(device).map(|number| number.chars().collect::<Vec<_>>());
            matches!(number.as_deref(), Some(['0'..='9' | '¹' | '²' | '³']))
        });
    !is_device && !name.contains(['<', '>', ':', '"', '|', '?', '*', '\\']) && !name.ends_with(['.', ' '])
}

/// What has no new name that can be one, each with the reason.
pub(crate) type Failures = Vec<(PathBuf, String)>;

/// A new name of a file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rename {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
}

/// What to rename, in an order in which each is there still: files, and then folders, those in folders first; and
/// what has no new name that can be one.
pub(crate) fn renames<'p>(
    files: impl Iterator<Item = &'p PathBuf>,
    folders: &'p [PathBuf],
    selection: &Selection,
    settings: &mut SettingsResolver,
) -> Result<(Vec<Rename>, Failures), Failure> {
    let mut renames: Vec<Rename> = Vec::new();
    let mut failures = Vec::new();
    let mut taken: HashMap<PathBuf, PathBuf> = HashMap::new();
    let files: Vec<_> = files.collect();
    let chosen: HashSet<_> = files.iter().copied().collect();
    let with_files: HashSet<_> = files.iter().flat_map(|file| file.ancestors().skip(1)).collect();
    for path in files.iter().copied().chain(folders.iter().rev()) {
        let settings = settings.find(Some(path))?;
        // A folder that holds files of several targets has the name of none.
        if settings.lacks_target() {
            continue;
        }
        // Where files are chosen, so are the folders: those with a chosen file.
        let is_choice = !selection.globs.is_empty() || !settings.extensions.is_empty();
        if is_choice && !chosen.contains(path) && !with_files.contains(path.as_path()) {
            continue;
        }
        let Some(old) = path.file_name() else { continue };
        let to = match new_name(&settings, path, old) {
            Ok(new) => new,
            Err(message) => {
                failures.push((path.clone(), message));
                continue;
            }
        };
        if to == *path {
            continue;
        }
        let other = taken.insert(to.clone(), path.clone());
        if other.is_some() || (to.symlink_metadata().is_ok() && !is_half_done(path, &to)) {
            let (path, to) = (name(path), name(&to));
            return Err(Failure::Failed(match other {
                Some(other) => message!(
                    "{path} would be renamed, but {to} is also the new name of {other}: nothing was done",
                    path,
                    to,
                    other = name(&other)
                ),
                None => message!("{path} would be renamed, but {to} exists already: nothing was done", path, to),
            }));
        }
        renames.push(Rename { from: path.clone(), to });
    }
    Ok((renames, failures))
}

/// Whether both are names of one file: a rename by a link that was stopped before the old name was removed.
#[cfg(unix)]
fn is_half_done(from: &Path, to: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path: &Path| {
        let metadata = path.symlink_metadata().ok().filter(|metadata| metadata.is_file() && metadata.nlink() > 1)?;
        Some((metadata.dev(), metadata.ino()))
    };
    // Two names that a file system takes for one are not two names.
    let is_listed = |path: &Path| {
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        fs::read_dir(folder)
            .is_ok_and(|names| names.flatten().any(|entry| Some(&*entry.file_name()) == path.file_name()))
    };
    id(from).is_some_and(|from| Some(from) == id(to)) && is_listed(from) && is_listed(to)
}

#[cfg(not(unix))]
fn is_half_done(_: &Path, _: &Path) -> bool {
    false
}

impl Rename {
    /// Renames, but never over what has come there since.
    pub(crate) fn run(&self) -> Result<(), String> {
        let Rename { from, to } = self;
        let fail = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => message!("cannot rename it to {to}, which exists already", to = name(to)),
            _ => message!("cannot rename it to {to}: {error}", to = name(to), error),
        };
        if is_half_done(from, to) {
            return fs::remove_file(from).map_err(fail);
        }
        match rename_to_new(from, to) {
            Err(error) if is_unsupported(&error) => {}
            result => return result.map_err(fail),
        }
        if from.is_dir() || from.is_symlink() {
            return match to.symlink_metadata() {
                Ok(_) => Err(fail(io::ErrorKind::AlreadyExists.into())),
                Err(_) => fs::rename(from, to).map_err(fail),
            };
        }
        fs::hard_link(from, to).and_then(|()| fs::remove_file(from)).map_err(fail)
    }
}

/// Renames in one step, to a name that is not there.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_to_new(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the system or the file system has no such step.
fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::resolver::Flags;

    #[test]
    fn files_come_before_their_folders_and_nothing_is_renamed_over_another_file() {
        let tree = tempfile::tempdir().unwrap();
        let path = |name: &str| tree.path().join(name);
        fs::create_dir_all(path("后/头")).unwrap();
        for name in ["后/头/发.txt", "后/一.txt"] {
            fs::write(path(name), name).unwrap();
        }
        let flags = Flags { isolated: true, ..Flags::default() };
        let mut settings = SettingsResolver::new(flags);
        let (files, folders) = ([path("后/头/发.txt"), path("后/一.txt")], [path("后"), path("后/头")]);
        let all = Selection::default();
        let (renames, failures) = renames(files.iter(), &folders, &all, &mut settings).unwrap();
        let names = [("后/头/发.txt", "后/头/發.txt"), ("后/头", "后/頭"), ("后", "後")];
        assert_eq!(renames, names.map(|(from, to)| Rename { from: path(from), to: path(to) }));
        assert!(failures.is_empty());
        for rename in &renames {
            rename.run().unwrap();
        }
        assert!(path("後/頭/發.txt").exists());
        fs::write(path("发"), "1").unwrap();
        fs::write(path("發"), "2").unwrap();
        let error = super::renames([path("发")].iter(), &[], &all, &mut settings).unwrap_err().to_string();
        assert!(error.ends_with(" exists already: nothing was done"), "{error}");
        let rename = Rename { from: path("发"), to: path("發") };
        assert!(rename.run().unwrap_err().ends_with("which exists already"));
        assert_eq!(fs::read_to_string(path("發")).unwrap(), "2");
        // What a run has left that was stopped between the new name and the old one.
        fs::remove_file(path("發")).unwrap();
        fs::hard_link(path("发"), path("發")).unwrap();
        let (renames, _) = super::renames([path("发")].iter(), &[], &all, &mut settings).unwrap();
        assert_eq!(renames, std::slice::from_ref(&rename));
        rename.run().unwrap();
        assert!(!path("发").exists());
        assert_eq!(fs::read_to_string(path("發")).unwrap(), "1");
    }

    #[test]
    fn a_converted_name_is_a_plain_name() {
        for (new, is_plain) in [
            ("後", true),
            ("a b", true),
            ("", false),
            (".", false),
            ("..", false),
            ("/etc/passwd", false),
            ("../a", false),
            ("a/b", false),
            ("a\0b", false),
            ("a\u{1b}[2J", false),
            (".bashrc", false),
        ] {
            assert_eq!(flaw("后", new).is_none(), is_plain, "{new:?}");
        }
        assert_eq!(flaw(".后", ".後"), None);
        for name in ["nul", "COM1.txt", "lpt³", "c:", "a.", "a ", "a\\b", "CON .txt"] {
            assert!(!is_name_on_windows(name), "{name}");
        }
        for name in ["COM", "null", "COM12", "後.txt", "a b"] {
            assert!(is_name_on_windows(name), "{name}");
        }
    }
}

//! The one error type of the command.

use std::{error::Error as StdError, fmt, io, process::ExitCode};

use fanjian::ErrorKind;

use crate::messages::{self, message, translatable};

/// What became of the work, as the exit status says it; the same for all subcommands. Wrong usage is 2, as in clap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Done = 0,
    /// A check has a finding: a file would change, a dictionary has findings, a word is in no dictionary.
    Found = 1,
    WrongUsage = 2,
    /// Something failed; all else is done.
    Failed = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// Why the command ends without having done what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line or a `fanjian.toml` asks for something that cannot be: exit status 2.
    Usage(String),
    /// The work failed: exit status 3.
    Failed(String),
    /// The disk has no space left: it failed, too, but may not fail when other files are out of the way.
    Full(String),
    /// Nobody reads the output any more, as after `head`: a quiet end, exit status 0.
    BrokenPipe,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage(messages::text(&message.into()))
    }

    pub(crate) fn failed(message: impl Into<String>) -> Failure {
        Failure::Failed(messages::text(&message.into()))
    }

    /// A failed operation on `name`: "cannot `what` `name`: reason".
    pub(crate) fn io(what: &str, name: impl fmt::Display, error: &io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::BrokenPipe,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                let what = messages::text(what);
                Failure::Full(message!(
                    "cannot {what} {name}: {error}; free some space, and run the same again",
                    what,
                    name,
                    error
                ))
            }
            _ => {
                let (what, error) = (messages::text(what), reason(error));
                Failure::Failed(message!("cannot {what} {name}: {error}", what, name, error))
            }
        }
    }

    /// A failed read of a file whose name the report adds.
    pub(crate) fn unreadable(error: io::Error) -> Failure {
        Failure::Failed(message!("cannot read it: {error}", error = reason(&error)))
    }

    /// The same failure, with the name of the input in front.
    pub(crate) fn of(self, name: &str) -> Failure {
        match self {
            Failure::Usage(message) => Failure::Usage(format!("{name}: {message}")),
            Failure::Failed(message) => Failure::Failed(format!("{name}: {message}")),
            Failure::Full(message) => Failure::Full(format!("{name}: {message}")),
            Failure::BrokenPipe => Failure::BrokenPipe,
        }
    }

    /// The same failure, if it is of what cannot be tried once more.
    pub(crate) fn without_another_try(self) -> Failure {
        match self {
            Failure::Full(message) => Failure::Failed(message),
            other => other,
        }
    }

    /// The message, or what to do instead of telling one.
    pub(crate) fn message(self) -> Result<String, Failure> {
        match self {
            Failure::Usage(message) | Failure::Failed(message) | Failure::Full(message) => Ok(message),
            Failure::BrokenPipe => Err(Failure::BrokenPipe),
        }
    }
}

/// Whether there are plain words for an error of the system.
fn is_known(error: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | PermissionDenied | IsADirectory)
}

/// What the system says of an error; in plain words of the chosen language where these are known.
pub(crate) fn reason(error: &io::Error) -> String {
    let known = match error.kind() {
        // This command's own words.
        _ if error.get_ref().is_some() => return error.to_string(),
        io::ErrorKind::NotFound => translatable("no such file or folder"),
        io::ErrorKind::PermissionDenied => translatable("permission denied"),
        io::ErrorKind::IsADirectory => translatable("it is a folder"),
        _ => return error.to_string(),
    };
    messages::text(known)
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Failure::Usage(message) | Failure::Failed(message) | Failure::Full(message) => message,
            Failure::BrokenPipe => "the reader of the output is gone",
        })
    }
}

impl From<fanjian::Error> for Failure {
    fn from(error: fanjian::Error) -> Failure {
        let cause = StdError::source(&error).and_then(|source| source.downcast_ref::<io::Error>());
        match error.path().zip(cause) {
            Some((path, cause)) if error.kind() == ErrorKind::Io && is_known(cause) => {
                Failure::io("read", path.display(), cause)
            }
            _ => Failure::Failed(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_message() {
        let closed = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(matches!(Failure::io("write", "standard output", &closed), Failure::BrokenPipe));
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(Failure::io("write", "x", &full).of("y"), Failure::Full(_)));
        let message = Failure::io("write", "x", &full).of("y").message().unwrap();
        assert_eq!(message, "y: cannot write x: no storage space; free some space, and run the same again");
        assert!(Failure::BrokenPipe.message().is_err());
    }
}

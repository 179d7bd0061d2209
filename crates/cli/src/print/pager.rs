//! Pager: what is written to a terminal goes through a program that shows it page by page, as git does it.

use std::{
    env,
    io::{self, IsTerminal, Write},
    process::{Child, ChildStdin, Command, Stdio},
};

/// The pager if no variable names one, and its options if none are set: it ends by itself if all fits on the screen, shows
/// colours, and leaves the text there.
const DEFAULT: &str = "less";
const LESS: &str = "FRX";

/// A running pager. It gets what is written; when the value goes away, that is all, and its end is waited for.
pub(crate) struct Pager {
    child: Child,
    /// None when all is written.
    input: Option<ChildStdin>,
}

impl Pager {
    /// Starts the pager that `FANJIAN_PAGER` names, or `PAGER`, or `less`. None if standard output is no terminal, if an empty
    /// name or `cat` says that none is wanted, or if it cannot be started: then the output is written as it is.
    pub(crate) fn start() -> Option<Pager> {
        if !io::stdout().is_terminal() {
            return None;
        }
        let command = command(env::var("FANJIAN_PAGER").ok(), env::var("PAGER").ok())?;
        // The shell would start all the same, and the text would be lost.
        if !is_there(&command) {
            if command != DEFAULT {
                let _ = writeln!(io::stderr(), "fanjian: the pager '{}' was not found", command.escape_debug());
            }
            return None;
        }
        let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
        shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command).stdin(Stdio::piped());
        if env::var_os("LESS").is_none() {
            shell.env("LESS", LESS);
        }
        let mut child = shell.spawn().ok()?;
        let input = child.stdin.take();
        ignore_interrupts();
        Some(Pager { child, input })
    }
}

/// The command of the pager, by the variables that name it.
fn command(own: Option<String>, general: Option<String>) -> Option<String> {
    let command = own.or(general.filter(|command| !command.is_empty())).unwrap_or_else(|| DEFAULT.to_owned());
    let is_none = command.trim().is_empty() || command.trim() == "cat";
    (!is_none).then_some(command)
}

/// Whether the program of a command can be found, as far as its name is plain.
fn is_there(command: &str) -> bool {
    let program = command.split_whitespace().next().unwrap_or_default();
    if program.contains(['"', '\'', '\\', '$', '`', '=', '(', '{', ';', '|', '&', '<', '>', '~', '%', '^']) {
        return true;
    }
    let mut finder = if cfg!(windows) {
        let mut finder = Command::new("where");
        finder.args(["/q", program]);
        finder
    } else {
        let mut finder = Command::new("sh");
        finder.args(["-c", "command -v \"$1\"", "sh", program]);
        finder
    };
    finder
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A Ctrl-C is for the pager, which would otherwise be left alone with the terminal.
fn ignore_interrupts() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, std::sync::Arc::default());
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.input.as_mut().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), |input| input.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        // Its end of file.
        drop(self.input.take());
        // Whatever became of it, it has shown what it was given.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_pager_that_is_not_there_is_found_out() {
        assert!(is_there("sh") && is_there("cat -n") && is_there("LESS=R less") && is_there("\"$HOME/my pager\""));
        assert!(!is_there("no-such-pager") && !is_there("no-such-pager -x"));
    }

    #[test]
    fn the_own_variable_comes_first_and_an_empty_one_is_no_pager() {
        let of = |own: Option<&str>, general: Option<&str>| command(own.map(Into::into), general.map(Into::into));
        assert_eq!(of(None, None).as_deref(), Some("less"));
        assert_eq!(of(None, Some("more")).as_deref(), Some("more"));
        assert_eq!(of(Some("delta --paging"), Some("more")).as_deref(), Some("delta --paging"));
        assert_eq!(of(Some(""), Some("more")), None);
        assert_eq!(of(None, Some("cat")), None);
        assert_eq!(of(None, Some("")).as_deref(), Some("less"));
    }
}

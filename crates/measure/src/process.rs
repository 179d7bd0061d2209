//! A child process that answers each line of JSON on its standard input with one on its standard output.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::Result;

/// A running child process. Dropping it closes its standard input and waits for it to end.
pub struct JsonProcess {
    name: String,
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl JsonProcess {
    /// Starts `command`; errors call it `name`.
    pub fn start(name: &str, command: &mut Command) -> Result<JsonProcess> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a child process has no standard output")?);
        Ok(JsonProcess { name: name.to_owned(), child, requests, answers })
    }

    /// The name that it was started with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The identifier of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends one request and waits for its answer.
    pub fn ask<Answer: DeserializeOwned>(&mut self, request: &impl Serialize) -> Result<Answer> {
        let mut line = serde_json::to_string(request)?;
        line.push('\n');
        let requests = self.requests.as_mut().ok_or("a child process has no standard input")?;
        // Where the process has ended, the missing answer is the better message.
        let sent = requests.write_all(line.as_bytes()).and_then(|()| requests.flush());
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.is_empty() {
            return Err(format!("{} stopped (see above)", self.name).into());
        }
        sent?;
        let parsed = serde_json::from_str(&answer);
        parsed.map_err(|error| format!("{} gave an unexpected answer, {}: {error}", self.name, answer.trim()).into())
    }
}

impl Drop for JsonProcess {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn requests_are_answered_in_turn_and_the_end_is_an_error() {
        let mut cat = JsonProcess::start("cat", &mut Command::new("cat")).unwrap();
        assert_eq!(cat.ask::<String>(&"一").unwrap(), "一");
        assert_eq!(cat.ask::<u32>(&2).unwrap(), 2);
        assert_eq!(
            cat.ask::<u32>(&"二").unwrap_err().to_string(),
            "cat gave an unexpected answer, \"二\": invalid type: string \"二\", expected u32 at line 1 column 5"
        );
        let mut ended = JsonProcess::start("true", &mut Command::new("true")).unwrap();
        assert_eq!(ended.ask::<u32>(&2).unwrap_err().to_string(), "true stopped (see above)");
    }
}

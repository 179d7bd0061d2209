//! The loop of a worker.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs,
    hint::black_box,
    io::{self, BufRead, Write},
    path::PathBuf,
};

use cpu_time::ProcessTime;

use crate::{Answer, Convert, Peer, Request, Result};

/// Conversions are repeated until they took so many seconds together: shorter ones say little.
const ENOUGH: f64 = 0.1;

/// Answers the requests on standard input until it ends.
pub fn serve(peer: &Peer) -> Result<()> {
    let mut worker = Worker { peer, converters: HashMap::new(), text: (PathBuf::new(), String::new()) };
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer =
            worker.answer(serde_json::from_str(&line?)?).unwrap_or_else(|error| Answer::Error(error.to_string()));
        writeln!(answers, "{}", serde_json::to_string(&answer)?)?;
        answers.flush()?;
    }
    Ok(())
}

struct Worker<'p> {
    peer: &'p Peer,
    converters: HashMap<String, Convert>,
    /// The file that was read last.
    text: (PathBuf, String),
}

impl Worker<'_> {
    fn answer(&mut self, request: Request) -> Result<Answer> {
        match request {
            Request::Configs => Ok(Answer::Configs(self.peer.configs.iter().map(|&name| name.to_owned()).collect())),
            Request::First { config, text } => {
                let start = ProcessTime::now();
                let convert = (self.peer.load)(&config)?;
                black_box(convert(black_box(&text)));
                Ok(Answer::Seconds(start.elapsed().as_secs_f64()))
            }
            Request::Whole { config, path } => {
                let (convert, text) = self.prepare(config, path)?;
                let (mut seconds, mut times) = (0.0, 0);
                while seconds < ENOUGH {
                    seconds += timed(convert, text).1;
                    times += 1;
                }
                Ok(Answer::Seconds(seconds / f64::from(times)))
            }
            Request::Write { config, path, output } => {
                let (convert, text) = self.prepare(config, path)?;
                let (converted, seconds) = timed(convert, text);
                fs::write(output, converted.as_bytes())?;
                Ok(Answer::Seconds(seconds))
            }
            Request::Lines { config, path } => {
                let (convert, text) = self.prepare(config, path)?;
                let lines: Vec<&str> = text.lines().collect();
                let (mut seconds, mut times) = (0.0, 0.0);
                while seconds < ENOUGH {
                    let start = ProcessTime::now();
                    for line in &lines {
                        black_box(convert(black_box(line)));
                    }
                    seconds += start.elapsed().as_secs_f64();
                    times += lines.len() as f64;
                }
                Ok(Answer::Seconds(seconds / times))
            }
        }
    }

    fn prepare(&mut self, config: String, path: PathBuf) -> Result<(&Convert, &str)> {
        if self.text.0 != path {
            // The old text goes first: both together would count as the peer's memory.
            self.text = (PathBuf::new(), String::new());
            self.text = (path.clone(), fs::read_to_string(path)?);
        }
        if !self.converters.contains_key(&config) {
            let convert = (self.peer.load)(&config)?;
            self.converters.insert(config.clone(), convert);
        }
        Ok((&self.converters[&config], &self.text.1))
    }
}

/// The result and how long it took; dropping it is not part of that.
fn timed<'t>(convert: &Convert, text: &'t str) -> (Cow<'t, str>, f64) {
    let start = ProcessTime::now();
    let converted = black_box(convert(black_box(text)));
    (converted, start.elapsed().as_secs_f64())
}

//! Texts to learn from.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::PathBuf,
    str::FromStr,
};

use crate::Result;

/// A file of lines, and how much it counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    path: PathBuf,
    times: usize,
    one_of: usize,
}

impl FromStr for Source {
    type Err = Box<dyn std::error::Error>;

    /// Takes `PATH`, `PATH@TIMES` or `PATH/ONE_OF`.
    fn from_str(text: &str) -> Result<Source> {
        let number = |text: &str| text.parse::<usize>().ok().filter(|&number| number > 0);
        if let Some((path, times)) = text.rsplit_once('@')
            && let Some(times) = number(times)
        {
            return Ok(Source { path: path.into(), times, one_of: 1 });
        }
        if let Some((path, one_of)) = text.rsplit_once('/')
            && let Some(one_of) = number(one_of)
        {
            return Ok(Source { path: path.into(), times: 1, one_of });
        }
        Ok(Source { path: text.into(), times: 1, one_of: 1 })
    }
}

impl Source {
    /// Whether a line is a word and its count.
    pub(crate) fn is_words(&self) -> bool {
        self.path.to_string_lossy().contains(".tsv")
    }

    /// Calls `take` with each line that counts, and how many times it does.
    pub(crate) fn lines(&self, mut take: impl FnMut(&str, usize)) -> Result<()> {
        let named = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", self.path.display());
        let mut file = BufReader::new(File::open(&self.path).map_err(|error| named(&error))?);
        let mut bytes = Vec::new();
        if self.path.extension().is_some_and(|extension| extension == "xz") {
            lzma_rs::xz_decompress(&mut file, &mut bytes).map_err(|error| named(&format!("{error:?}")))?;
        } else {
            file.read_to_end(&mut bytes).map_err(|error| named(&error))?;
        }
        let text = String::from_utf8(bytes).map_err(|error| named(&error))?;
        for line in text.lines().step_by(self.one_of).filter(|line| !line.is_empty()) {
            match line.split_once('\t').filter(|_| self.is_words()) {
                // A word that was met twice as often counts once more.
                Some((word, count)) => {
                    let count: u32 = count.trim().parse().unwrap_or(0);
                    take(word, self.times * (1 + (count + 1).ilog2() as usize / 2));
                }
                None => take(line, self.times),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_tells_how_much_it_counts() {
        let source = |text: &str| text.parse::<Source>().unwrap();
        assert_eq!(source("a/b.txt@3"), Source { path: "a/b.txt".into(), times: 3, one_of: 1 });
        assert_eq!(source("a/b.txt/4"), Source { path: "a/b.txt".into(), times: 1, one_of: 4 });
        assert_eq!(source("a/b.txt"), Source { path: "a/b.txt".into(), times: 1, one_of: 1 });
        assert!(source("words.tsv.xz").is_words());
    }
}

//! How well the command detects the encoding of short files: how many are right, left as they were, and wrong.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::Args;
use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, GBK, SHIFT_JIS, UTF_16BE, UTF_16LE};
use fanjian::{Config, Converter};
use import::{Result, root};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::Value;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Take the lines of the files NAME.simplified.txt, NAME.traditional.txt and NAME.japanese.txt in this folder, rather than
    /// those of the repository's own data
    #[arg(long, value_name = "FOLDER")]
    texts: Option<PathBuf>,
    /// The number of files of each kind
    #[arg(long, default_value_t = 500)]
    files: usize,
    /// Print the files that are wrong
    #[arg(long)]
    list: bool,
    /// The command to measure, rather than one that is built
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// The kinds of text, with the encodings that they come in.
const LANGUAGES: [(&str, &[&Encoding]); 3] = [
    ("simplified", &[GBK, GB18030, UTF_16LE, UTF_16BE]),
    ("traditional", &[BIG5, GBK, GB18030, UTF_16LE, UTF_16BE]),
    ("japanese", &[SHIFT_JIS, EUC_JP, UTF_16LE, UTF_16BE]),
];

/// How much text a file has.
#[derive(Clone, Copy)]
enum Size {
    /// 3 to 5 characters, none of them ASCII.
    Word,
    Lines(usize),
}

impl Size {
    fn name(self) -> String {
        match self {
            Size::Word => "3 to 5 characters".to_owned(),
            Size::Lines(1) => "1 line".to_owned(),
            Size::Lines(lines) => format!("{lines} lines"),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let texts = match &arguments.texts {
        Some(folder) => read(folder)?,
        None => committed()?,
    };
    let folder = root().join("target/encodings");
    println!(
        "| text | source | encoding | size | files | right % | left % | wrong % |\n|---|---|---|---|---|---|---|---|"
    );
    for ((language, source), lines) in &texts {
        let encodings =
            LANGUAGES.iter().find(|(known, _)| known == language).map_or(&[][..], |(_, encodings)| encodings);
        for &encoding in encodings {
            for size in [Size::Word, Size::Lines(1), Size::Lines(3)] {
                if folder.exists() {
                    fs::remove_dir_all(&folder)?;
                }
                fs::create_dir_all(&folder)?;
                let files = write(&folder, lines, encoding, size, arguments.files)?;
                let answers = ask(arguments.binary.as_deref(), &folder)?;
                let (mut right, mut left) = (0, 0);
                for (name, text) in &files {
                    let found = answers.get(name).and_then(|label| Encoding::for_label(label.as_bytes()));
                    match found {
                        None => left += 1,
                        Some(found) if decoded(found, &encoded(encoding, text).unwrap_or_default()) == *text => {
                            right += 1
                        }
                        Some(found) if arguments.list => eprintln!("{} as {}: {text}", encoding.name(), found.name()),
                        Some(_) => {}
                    }
                }
                let share = |count: usize| count as f64 * 100.0 / files.len().max(1) as f64;
                println!(
                    "| {language} | {source} | {} | {} | {} | {:.1} | {:.1} | {:.2} |",
                    encoding.name(),
                    size.name(),
                    files.len(),
                    share(right),
                    share(left),
                    share(files.len() - right - left),
                );
            }
        }
    }
    Ok(())
}

/// Lines by language and source.
type Texts = BTreeMap<(String, String), Vec<String>>;

fn read(folder: &Path) -> Result<Texts> {
    let mut texts = Texts::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let parts: Vec<&str> = name.split('.').collect();
        if let [source, language, "txt"] = parts[..] {
            let lines = fs::read_to_string(&path)?.lines().map(str::to_owned).collect();
            texts.insert((language.to_owned(), source.to_owned()), lines);
        }
    }
    match texts.is_empty() {
        true => Err(format!("no NAME.simplified.txt or the like in {}", folder.display()).into()),
        false => Ok(texts),
    }
}

/// The sentences of the challenge, and words of dictionaries.
fn committed() -> Result<Texts> {
    let mut texts = Texts::new();
    let mut add = |language: &str, source: &str, lines: Vec<String>| {
        texts.insert((language.to_owned(), source.to_owned()), lines);
    };
    let to_simplified = Converter::new(Config::T2s);
    let to_traditional = Converter::new(Config::S2t);
    let mut sentences = Vec::new();
    for file in fs::read_dir(root().join("tests/challenge"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            let text = fs::read_to_string(path)?;
            sentences.extend(
                text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('\t')).map(str::to_owned),
            );
        }
    }
    sentences.retain(|sentence| sentence.chars().filter(|character| !character.is_ascii()).count() >= 6);
    sentences.sort();
    sentences.dedup();
    add("simplified", "challenge", sentences.iter().map(|line| to_simplified.convert(line).into_owned()).collect());
    add("traditional", "challenge", sentences.iter().map(|line| to_traditional.convert(line).into_owned()).collect());
    let column = |file: &str, column: usize| -> Result<Vec<String>> {
        let text = fs::read_to_string(root().join("dictionaries").join(file))?;
        let cell = |line: &str| line.split('\t').nth(column).and_then(|cell| cell.split(' ').next()).map(str::to_owned);
        Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(cell).collect())
    };
    add("simplified", "STPhrases", column("STPhrases.txt", 0)?);
    add("traditional", "STPhrases", column("STPhrases.txt", 1)?);
    add("japanese", "JPShinjitaiPhrases", column("JPShinjitaiPhrases.txt", 0)?);
    Ok(texts)
}

/// Writes files of this encoding and size. Returns their names with the texts in them.
fn write(
    folder: &Path,
    lines: &[String],
    encoding: &'static Encoding,
    size: Size,
    wanted: usize,
) -> Result<Vec<(String, String)>> {
    let mut random = StdRng::seed_from_u64(1);
    let mut files = Vec::new();
    if lines.is_empty() {
        return Ok(files);
    }
    // Of texts that the encoding lacks characters of, there may be many.
    for _ in 0..wanted * 20 {
        let at = random.random_range(0..lines.len());
        let text = match size {
            Size::Word => {
                let characters: Vec<char> = lines[at].chars().filter(|character| !character.is_ascii()).collect();
                let len = random.random_range(3..=5).min(characters.len());
                let from = random.random_range(0..=characters.len() - len);
                characters[from..from + len].iter().collect()
            }
            Size::Lines(count) => {
                lines[at..lines.len().min(at + count)].iter().fold(String::new(), |text, line| text + line + "\n")
            }
        };
        if text.chars().filter(|character| !character.is_ascii()).count() < 3 {
            continue;
        }
        if let Some(bytes) = encoded(encoding, &text) {
            let name = format!("{}.txt", files.len());
            fs::write(folder.join(&name), bytes)?;
            files.push((name, text));
        }
        if files.len() == wanted {
            break;
        }
    }
    Ok(files)
}

/// The encodings that the command finds, by the names of the files; none for those that it leaves as they are.
fn ask(binary: Option<&Path>, folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut command = match binary {
        Some(binary) => Command::new(binary),
        None => {
            let mut command = Command::new(env!("CARGO"));
            command.args(["run", "--quiet", "--package", "fanjian-cli", "--"]);
            command
        }
    };
    let options = ["-c", "s2t", "--isolated", "--no-ignore", "--from-encoding", "auto", "--check", "--format", "json"];
    let output = command.args(options).arg(folder).current_dir(root()).stderr(Stdio::null()).output()?;
    let mut found = BTreeMap::new();
    let mut answers = 0;
    for line in String::from_utf8(output.stdout)?.lines() {
        let answer: Value = serde_json::from_str(line)?;
        answers += usize::from(answer["type"] == "file");
        // A file whose encoding is known can fail for other reasons.
        if let Some(encoding) = answer["encoding"].as_str() {
            let name = Path::new(answer["path"].as_str().unwrap_or_default()).file_name().unwrap_or_default();
            found.insert(name.to_string_lossy().into_owned(), encoding.to_owned());
        }
    }
    match answers {
        0 => Err("the command reports no file".into()),
        _ => Ok(found),
    }
}

/// None if the encoding lacks a character.
fn encoded(encoding: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let bytes = if encoding == UTF_16LE { u16::to_le_bytes } else { u16::to_be_bytes };
        return Some(text.encode_utf16().flat_map(bytes).collect());
    }
    let (bytes, _, has_lost) = encoding.encode(text);
    // Some characters have two codes: what comes back has to be the same.
    (!has_lost && decoded(encoding, &bytes) == text).then(|| bytes.into_owned())
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

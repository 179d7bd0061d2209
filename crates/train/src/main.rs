//! Learns the model of context that targets decide by: `cargo train --help`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use fanjian::{Config, Converter};
use fanjian_context::{Engine, Model, Sources, Target, Vocabulary, compile, training::Decision};
use recipe::{Folders, Kind, Recipe, Region, Source};
use train::{Alike, Count, Edges, Label, Learner, Sample, Samples, Training};

mod recipe;
mod validation;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Learns from Traditional text and from labelled places which of several candidates a Simplified character becomes
///
/// A line of Traditional text is taken as right. Its Simplified side is made from it by the configuration tw2s, and what
/// the program learns is to find the way back. The same recipe and texts give the same bytes.
#[derive(Parser)]
#[command(name = "cargo train")]
struct Arguments {
    /// The folder of the dictionaries
    #[arg(long, default_value = "dictionaries", global = true)]
    dictionaries: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Learn a model, and write it
    Learn {
        #[command(flatten)]
        texts: Texts,
        /// Where to write the model
        #[arg(short, long, default_value = "models/context.bin")]
        output: PathBuf,
    },
    /// Learn without the labels of one genre, and decide about these; for each genre in turn
    ///
    /// Writes the labels, with the candidate that the model decides for, whether it is right, and by how much it scores
    /// higher than the next one.
    Validate {
        #[command(flatten)]
        texts: Texts,
        /// Where to write the decisions
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Measure how often a decision is wrong, by its lead
    ///
    /// Decides as `validate` does. Labels are of places of doubt alone; the decisions in the text around them that are not
    /// among the labels stand for all other places, which count as right.
    Calibration {
        #[command(flatten)]
        texts: Texts,
        /// How many of the first rows of the labels are of texts whose characters with several candidates were counted
        #[arg(long)]
        rows: usize,
        /// The number of these characters
        #[arg(long)]
        ambiguous: u32,
        /// When it was measured
        #[arg(long)]
        date: String,
        /// Where to write the table
        #[arg(short, long, default_value = "models/calibration.toml")]
        output: PathBuf,
    },
    /// List the contexts in Simplified text that a model is least sure of, the most frequent ones first, as labels without
    /// an answer
    Unsure {
        /// Files of Simplified text
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(long, default_value = "models/context.bin")]
        model: PathBuf,
        /// List contexts where the best candidate scores at most this much higher than the next one
        #[arg(long, default_value_t = 40)]
        margin: i32,
    },
    /// Print the table of the texts for the documentation
    Sources {
        /// The recipe
        #[arg(default_value = "models/recipe.toml")]
        recipe: PathBuf,
    },
    /// Write the phrases that the texts prove wrong more often than right
    Harmful {
        #[command(flatten)]
        texts: Texts,
        /// Where to write the dictionary
        #[arg(short, long)]
        output: PathBuf,
    },
}

#[derive(clap::Args)]
struct Texts {
    /// The recipe
    #[arg(default_value = "models/recipe.toml")]
    recipe: PathBuf,
    /// The folder of the texts that are not beside the recipe
    #[arg(long)]
    texts: Option<PathBuf>,
    /// Take one line of this many, of all texts: for the curve of learning
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Leave out the texts, not labels, whose file names begin with this: to measure on them
    #[arg(long)]
    without: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("train: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let sources = Sources::from_folder(&arguments.dictionaries)?;
    match &arguments.task {
        Task::Learn { texts, output } => {
            let learned = Lessons::collect(&sources, texts)?.learn();
            let model = learned.model().write()?;
            println!("{}: {} bytes, {} features", output.display(), model.len(), learned.features());
            Ok(fs::write(output, model)?)
        }
        Task::Validate { texts, output } => {
            let mut lessons = Lessons::new(&sources, texts)?;
            lessons.recipe.sources.retain(|source| !source.seen);
            lessons.fill(&sources, texts)?;
            let decided = lessons.validate(&[]).labels;
            Ok(fs::write(output, validation::rows(&lessons, &decided)?)?)
        }
        Task::Calibration { texts, rows, ambiguous, date, output } => {
            let mut lessons = Lessons::new(&sources, texts)?;
            lessons.recipe.sources.retain(|source| !source.seen);
            lessons.fill(&sources, texts)?;
            Ok(fs::write(output, validation::calibration(&mut lessons, *rows, *ambiguous, date)?)?)
        }
        Task::Unsure { files, model, margin } => {
            let model = Model::read(&fs::read(model)?)?;
            print!("{}", unsure(&sources, &model, files, *margin)?);
            Ok(())
        }
        Task::Sources { recipe } => {
            println!("| text | weight | from | licence |\n|---|---|---|---|");
            for Source { file, weight, every, from, licence, .. } in Recipe::read(recipe)?.sources {
                let every = if every > 1 { format!(", one line of {every}") } else { String::new() };
                let name = file.file_stem().unwrap_or_default().display();
                println!("| {name} | {weight}{every} | {from} | {licence} |");
            }
            Ok(())
        }
        Task::Harmful { texts, output } => {
            let mut lessons = Lessons::new(&sources, texts)?;
            lessons.texts(texts)?;
            let doublets = sources.keys("targets/Doublets")?.concat();
            Ok(fs::write(output, harmful(lessons.samples.phrases(), &doublets))?)
        }
    }
}

/// The engine of a target, without a model or with one.
fn engine(sources: &Sources, target: Target, model: &Model) -> Result<Engine> {
    let tables: &'static [u8] = Vec::leak(compile(sources, model)?);
    Ok(Engine::read(tables, target, Vocabulary::Keep)?)
}

/// What is learned from.
struct Lessons {
    recipe: Recipe,
    folders: Folders,
    /// The engines that ask what there is to decide: Taiwan's about texts, whose forms are made Taiwan's, and that of no
    /// region about labelled places, whose answers are in no region's forms.
    taiwan: Engine,
    standard: Engine,
    to_simplified: Converter,
    to_taiwan: Converter,
    from_hong_kong: Converter,
    samples: Samples,
    /// Behind the decisions of the texts.
    labels: Vec<Label>,
}

/// What models decide that have not learned the labels of the genre: of each label, the candidate and the margin; of other
/// samples, the margin.
struct Validated {
    labels: Vec<(usize, i32)>,
    others: Vec<i32>,
}

/// The label's character may be spelled with any of these.
fn spellings(decision: &Decision) -> Vec<char> {
    decision.candidates.iter().flatten().copied().collect()
}

impl Lessons {
    fn new(sources: &Sources, texts: &Texts) -> Result<Lessons> {
        let recipe = Recipe::read(&texts.recipe)?;
        let beside = texts.recipe.parent().unwrap_or(Path::new("")).to_owned();
        let folders = Folders { folders: [beside].into_iter().chain(texts.texts.clone()).collect() };
        let model = Model::dictionary();
        Ok(Lessons {
            recipe,
            folders,
            taiwan: engine(sources, Target::Taiwan, &model)?,
            standard: engine(sources, Target::Traditional, &model)?,
            to_simplified: Converter::new(Config::Tw2s),
            to_taiwan: Converter::new(Config::T2tw),
            from_hong_kong: Converter::new(Config::Hk2t),
            samples: Samples::new(),
            labels: Vec::new(),
        })
    }

    fn collect(sources: &Sources, texts: &Texts) -> Result<Lessons> {
        let mut lessons = Lessons::new(sources, texts)?;
        lessons.fill(sources, texts)?;
        Ok(lessons)
    }

    /// Takes all that the recipe names.
    fn fill(&mut self, sources: &Sources, texts: &Texts) -> Result<()> {
        self.phrases(sources)?;
        self.texts(texts)?;
        self.labels()
    }

    /// The phrases themselves, so that what no text speaks against they decide.
    fn phrases(&mut self, sources: &Sources) -> Result<()> {
        let harmful: BTreeSet<&str> = sources.keys("targets/Harmful")?.into_iter().collect();
        let own = sources.pairs("targets/Phrases")?.map(|pair| (pair, OWN_PHRASES));
        let opencc = sources.pairs("STPhrases")?.filter(|(key, _)| !harmful.contains(key)).map(|pair| (pair, 1.0));
        for ((key, value), weight) in opencc.chain(own) {
            self.samples.line(&self.taiwan, key, &self.to_taiwan.convert(value), weight, Edges::Cut);
        }
        println!("phrases: {} decisions", self.samples.len());
        Ok(())
    }

    fn texts(&mut self, texts: &Texts) -> Result<()> {
        let is_left_out = |source: &&Source| {
            let name = source.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            texts.without.iter().any(|without| name.starts_with(without.as_str()))
        };
        let sources: Vec<Source> = self
            .recipe
            .sources
            .iter()
            .filter(|source| source.kind != Kind::Labels && !is_left_out(source))
            .cloned()
            .collect();
        for source in sources {
            let before = self.samples.len();
            let text = self.folders.read(&source.file)?;
            let mut lines = 0;
            for line in text
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .step_by(source.every * texts.every)
            {
                self.line(&source, line);
                lines += 1;
            }
            println!("{}: {lines} lines, {} decisions", source.file.display(), self.samples.len() - before);
        }
        Ok(())
    }

    fn line(&mut self, source: &Source, line: &str) {
        let (text, count) = match (source.kind, line.split_once('\t')) {
            (Kind::Words, Some((word, rest))) => {
                (word, rest.split('\t').next().and_then(|count| count.trim().parse::<f32>().ok()))
            }
            _ => (line, None),
        };
        let taiwans = match source.region {
            Region::TW => text.to_owned(),
            Region::HK => self.to_taiwan.convert(&self.from_hong_kong.convert(text)).into_owned(),
        };
        let given = self.to_simplified.convert(&taiwans);
        let is_excepted = |(given, right): (char, char)| if source.except.contains(given) { UNKNOWN } else { right };
        let taiwans: String = given.chars().zip(taiwans.chars()).map(is_excepted).collect();
        match source.kind {
            Kind::Words => {
                if !(2..=LONGEST_WORD).contains(&taiwans.chars().count()) {
                    return;
                }
                // A word that was met sixteen times as often counts once more.
                let often = count.map_or(1.0, |count| (1.0 + libm::log2f(count.max(0.0) + 1.0) / 4.0).min(4.0));
                self.samples.line(&self.taiwan, &given, &taiwans, source.weight * often, Edges::Cut);
            }
            _ => {
                let edges = if source.kind == Kind::Sentences { Edges::Chosen } else { Edges::Line };
                self.samples.line(&self.taiwan, &given, &taiwans, source.weight, edges);
                // The Simplified side has 像, as standards have it; people also write 象.
                if taiwans.contains('像') {
                    let (given, right) = (given.replace('像', "象"), taiwans.replace('象', &UNKNOWN.to_string()));
                    self.samples.line(&self.taiwan, &given, &right, source.weight, edges);
                }
            }
        }
    }

    fn labels(&mut self) -> Result<()> {
        let alike = match &self.recipe.variants {
            Some(file) => Alike::parse(&self.folders.read(file)?),
            None => Alike::default(),
        };
        let sources: Vec<Source> =
            self.recipe.sources.iter().filter(|source| source.kind == Kind::Labels).cloned().collect();
        for source in sources {
            let labels = Label::all(&self.folders.read(&source.file)?)?;
            let all = labels.len();
            for label in labels {
                // What occurs often counts more, but not as often.
                let often = (1.0 + libm::logf(label.occurrences as f32) / 2.0).min(3.0);
                let place = (label.left.as_str(), label.character, label.behind.as_str());
                let accepted = |decision: &Decision| label.accepted(&spellings(decision), &alike);
                if self.samples.place(&self.standard, place, accepted, source.weight * often) {
                    self.labels.push(label);
                }
            }
            println!("{}: {all} places, {} with a decision", source.file.display(), self.labels.len());
        }
        Ok(())
    }

    fn learner(&mut self) -> Learner {
        let Recipe { seed, least, rate, penalty, .. } = self.recipe;
        let learner = Learner::new(&self.samples, &Training { seed, least, rate, penalty });
        self.samples.forget();
        learner
    }

    /// Learns the texts; then, with [`labelled`](Self::labelled), the labels.
    fn learn_texts(&mut self) -> Learner {
        let mut learner = self.learner();
        println!("{} features", learner.features());
        let texts = self.samples.range(..self.samples.len() - self.labels.len());
        let places = learner.places(texts);
        (0..self.recipe.rounds).for_each(|_| learner.round(texts, &places));
        learner.keep(self.recipe.middle);
        learner
    }

    /// Learns the labels, but not those of one genre, among decisions of the texts.
    fn labelled(&self, mut learner: Learner, without: Option<&str>) -> Learner {
        let (texts, places) = self.samples.split_at(self.samples.len() - self.labels.len());
        let every = (texts.len() / self.recipe.mixed.max(1)).max(1);
        let is_taken = |&(place, sample): &(usize, &Sample)| {
            let is_chosen = sample.is_chosen() && self.recipe.chosen.is_some_and(|one_of| place % one_of == 0);
            place % every == 0 || is_chosen
        };
        let mut lessons: Vec<_> = texts.iter().enumerate().filter(is_taken).map(|(_, sample)| sample.clone()).collect();
        let is_known = |label: &&Label| without != Some(label.genre.as_str());
        lessons.extend(
            self.labels.iter().zip(places).filter(|(label, _)| is_known(label)).map(|(_, place)| place.clone()),
        );
        let places = learner.places(&lessons);
        (0..self.recipe.label_rounds).for_each(|_| learner.round(&lessons, &places));
        learner.keep(self.recipe.features);
        learner
    }

    fn learn(mut self) -> Learner {
        let learner = self.learn_texts();
        self.labelled(learner, None)
    }

    /// The sample of a label.
    fn of_label(&self, place: usize) -> &Sample {
        let (_, samples) = self.samples.split_at(self.samples.len() - self.labels.len());
        &samples[place]
    }

    /// Decides the labelled places and others, those of each genre by a model that has not learned the labels of the genre.
    ///
    /// The others are samples of their genre; of these, what is right is not asked.
    fn validate(&mut self, others: &[(&str, Sample)]) -> Validated {
        let learner = self.learn_texts();
        let genres: BTreeSet<String> = self.labels.iter().map(|label| label.genre.clone()).collect();
        let mut validated = Validated { labels: vec![(0, 0); self.labels.len()], others: vec![0; others.len()] };
        for genre in &genres {
            let learner = self.labelled(learner.clone(), Some(genre));
            let labels: Vec<usize> =
                (0..self.labels.len()).filter(|&place| self.labels[place].genre == *genre).collect();
            let samples: Vec<Sample> = labels.iter().map(|&place| self.of_label(place).clone()).collect();
            for ((&label, sample), places) in labels.iter().zip(&samples).zip(learner.places(&samples)) {
                validated.labels[label] = learner.decide(sample, &places);
            }
            let of_genre: Vec<usize> = (0..others.len()).filter(|&place| others[place].0 == genre).collect();
            let samples: Vec<Sample> = of_genre.iter().map(|&place| others[place].1.clone()).collect();
            for ((&other, sample), places) in of_genre.iter().zip(&samples).zip(learner.places(&samples)) {
                validated.others[other] = learner.decide(sample, &places).1;
            }
            println!("{genre}: done");
        }
        validated
    }
}

/// What is right where nothing is to be learned: no candidate.
const UNKNOWN: char = '　';
/// How much each decision of this project's own phrases counts.
const OWN_PHRASES: f32 = 2.0;
/// The longest word that is learned, in characters.
const LONGEST_WORD: usize = 8;

/// The contexts in these files that the model is least sure of, as labels: the same context once, with the number of its
/// occurrences, and the answer `?`.
fn unsure(sources: &Sources, model: &Model, files: &[PathBuf], most: i32) -> Result<String> {
    /// Characters to each side that make a context, and that are listed.
    const NEAR: usize = 2;
    const LISTED: usize = 12;
    let engine = engine(sources, Target::Traditional, model)?;
    let mut contexts: BTreeMap<(String, String), (usize, i32, String)> = BTreeMap::new();
    for file in files {
        let genre = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        for line in text.lines() {
            let characters: Vec<char> = line.chars().collect();
            for (decision, candidates, margin) in engine.margins(line) {
                if margin > most {
                    continue;
                }
                let around = |len: usize| -> [String; 2] {
                    let (start, end) = (decision.saturating_sub(len), (decision + 1 + len).min(characters.len()));
                    [characters[start..decision].iter().collect(), characters[decision + 1..end].iter().collect()]
                };
                let [left, right] = around(NEAR);
                let character = characters[decision];
                let entry = contexts.entry((genre.clone(), format!("{left}{character}{right}"))).or_insert_with(|| {
                    let [left, right] = around(LISTED);
                    let candidates: String = candidates.iter().collect();
                    (0, margin, format!("{character}\t{candidates}\t?\t{left}\t{right}"))
                });
                entry.0 += 1;
            }
        }
    }
    let mut rows: Vec<_> = contexts.into_iter().collect();
    rows.sort_by_key(|((genre, context), (count, margin, _))| {
        (std::cmp::Reverse(*count), *margin, genre.clone(), context.clone())
    });
    Ok(rows.into_iter().map(|((genre, _), (count, _, row))| format!("{genre}\t{count}\t{row}\n")).collect())
}

/// A dictionary of the phrases that were wrong so often, and more often than right; without those that hold one of the
/// `doublets`.
fn harmful(phrases: &BTreeMap<String, Count>, doublets: &str) -> String {
    const LEAST: u32 = 5;
    let mut text =
        "# Phrases of OpenCC's that Traditional text proves wrong more often than right: how often it has each as \
                    another word, and\n# as this one. Made by `cargo train harmful`.\n"
            .to_owned();
    let is_harmful = |(phrase, count): &(&String, &Count)| {
        count.wrong >= LEAST.max(count.right) && !phrase.contains(|character| doublets.contains(character))
    };
    for (phrase, Count { right, wrong }) in phrases.iter().filter(is_harmful) {
        text += &format!("{phrase}\t{wrong}:{right}\n");
    }
    text
}

//! `cargo bench`: every configuration on natural text, HTML, text that is already in the target, or nearly, and hostile text;
//! targets and own words; streams by the length of their pieces, threads, short strings, and what it costs to begin. Results of
//! configurations are compared with the reference chain's.
//!
//! The texts are the first megabytes of the corpus that `benches/corpus.py` assembles; where it has not, a page of our own,
//! again and again, whose figures mean less. `cargo bench -- whole/s2t` runs what the name begins with.

use std::{borrow::Cow, fmt::Write, fs, hint::black_box, path::Path, thread};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fanjian::{Config, Converter, Target};

use hostile::{KINDS, Keys};

#[path = "texts/hostile.rs"]
mod hostile;

/// Enough to be out of the processor's caches.
const BYTES: usize = 4_000_000;

/// A text of the corpus, or a stand-in that has about the same of the script or the markup.
fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/corpus").join(name);
    if let Ok(mut text) = fs::read_to_string(&path) {
        text.truncate(text.floor_char_boundary(BYTES));
        return text;
    }
    let page = include_str!("../examples/page.txt");
    let page = if name.starts_with("traditional") { Converter::new(Config::S2t).convert(page) } else { page.into() };
    let mut text = String::new();
    while text.len() < BYTES {
        match name.ends_with(".html") {
            true => {
                for line in page.lines() {
                    let begins = r#"<p class="paragraph" style="margin: 0; padding: 0"><span lang="zh" dir="ltr">"#;
                    let link = r#"<a href="https://example.org/pages/index.html?page=1&amp;language=zh">"#;
                    let characters: Vec<char> = line.chars().collect();
                    for words in characters.chunks(12) {
                        let _ = writeln!(text, "{begins}{link}{}</a></span></p>", String::from_iter(words));
                    }
                }
            }
            false => text.push_str(&page),
        }
    }
    text
}

/// The text that the configuration reads, of these kinds: `txt` or `html`.
fn source(config: Config, kind: &str) -> String {
    let script = if config.name().starts_with("s2") { "simplified" } else { "traditional" };
    text(&format!("{script}.{kind}"))
}

/// Measures the conversion of a text, after a look at its result.
fn convert(criterion: &mut Criterion, group: &str, name: &str, converter: &Converter, text: &str) {
    let mut out = String::with_capacity(2 * text.len());
    converter.convert_into(text, &mut out);
    assert_eq!(out, converter.reference().convert(text), "{group}/{name}");
    measure(criterion, group, name, converter, text);
}

fn measure(criterion: &mut Criterion, group: &str, name: &str, converter: &Converter, text: &str) {
    let mut out = String::with_capacity(2 * text.len());
    let mut group = criterion.benchmark_group(group);
    group.sample_size(20).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            out.clear();
            converter.convert_into(black_box(text), &mut out);
            out.len()
        });
    });
}

fn whole(criterion: &mut Criterion) {
    for &config in Config::ALL {
        convert(criterion, "whole", config.name(), &Converter::new(config), &source(config, "txt"));
    }
}

fn html(criterion: &mut Criterion) {
    for config in [Config::S2t, Config::T2s, Config::S2twp, Config::Tw2sp] {
        convert(criterion, "html", config.name(), &Converter::new(config), &source(config, "html"));
    }
}

/// Text that is in the target already, and of which most stays as it is.
fn target(criterion: &mut Criterion) {
    for (config, name) in [(Config::T2s, "simplified.txt"), (Config::S2t, "traditional.txt")] {
        convert(criterion, "target", config.name(), &Converter::new(config), &text(name));
    }
}

/// Text of which nothing changes: it is given back as it is.
fn borrowed(criterion: &mut Criterion) {
    for (config, name) in [(Config::T2s, "simplified.txt"), (Config::S2t, "traditional.txt")] {
        let converter = Converter::new(config);
        let source = text(name);
        let stays = |line: &&str| converter.reference().convert(line) == **line;
        let unchanged: String = source.split_inclusive('\n').filter(stays).collect();
        assert!(unchanged.len() > source.len() / 8, "too little of {name} stays as it is");
        let mut group = criterion.benchmark_group("borrowed");
        group.sample_size(20).throughput(Throughput::Bytes(unchanged.len() as u64));
        group.bench_function(config.name(), |bencher| {
            bencher.iter(|| matches!(converter.convert(black_box(&unchanged)), Cow::Borrowed(_)));
        });
        assert!(matches!(converter.convert(&unchanged), Cow::Borrowed(_)), "{config} copies what stays as it is");
    }
}

/// Texts that ask the most of a converter, also of targets, which have no reference chain.
fn hostile(criterion: &mut Criterion) {
    let simplified = Keys::of(&["STPhrases", "TWPhrases"]);
    let traditional = Keys::of(&["TSPhrases", "TWPhrasesRev"]);
    for (kind, piece) in KINDS {
        let texts = [simplified.text(piece, BYTES / 4), traditional.text(piece, BYTES / 4)];
        for config in [Config::S2t, Config::S2twp, Config::Tw2sp] {
            let text = &texts[usize::from(config == Config::Tw2sp)];
            convert(criterion, "hostile", &format!("{config}, {kind}"), &Converter::new(config), text);
        }
        for (target, text) in [(Target::Taiwan, &texts[0]), (Target::Simplified, &texts[1])] {
            measure(criterion, "hostile", &format!("{target}, {kind}"), &Converter::for_target(target), text);
        }
    }
}

fn stream(criterion: &mut Criterion) {
    for config in [Config::S2t, Config::S2twp, Config::T2s] {
        let converter = Converter::new(config);
        let source = source(config, "txt");
        let expected = converter.reference().convert(&source);
        let mut group = criterion.benchmark_group("stream");
        group.sample_size(20).throughput(Throughput::Bytes(source.len() as u64));
        for length in [64, 4096, 65536, 1 << 20] {
            let mut out = Vec::new();
            group.bench_function(format!("{config} in pieces of {length} bytes"), |bencher| {
                bencher.iter(|| {
                    out.clear();
                    let mut stream = converter.stream();
                    for piece in source.as_bytes().chunks(length) {
                        stream.push(black_box(piece), &mut out).expect("the text is UTF-8");
                    }
                    stream.finish(&mut out).expect("the text is UTF-8");
                    out.len()
                });
            });
            // Nothing where a filter has left this one out.
            assert!(out.is_empty() || out == expected.as_bytes(), "{config} in pieces of {length} bytes");
        }
    }
}

/// One converter for all threads, each with its share of the lines.
fn threads(criterion: &mut Criterion) {
    let converter = Converter::new(Config::S2twp);
    let source = source(Config::S2twp, "txt");
    let expected = converter.reference().convert(&source);
    let mut group = criterion.benchmark_group("threads");
    group.sample_size(20).throughput(Throughput::Bytes(source.len() as u64));
    for threads in [1, 2, 4] {
        let mut parts = Vec::new();
        let mut rest = source.as_str();
        for left in (1..=threads).rev() {
            let cut = rest.floor_char_boundary(rest.len() / left);
            let cut = if left == 1 { rest.len() } else { rest[..cut].rfind('\n').map_or(cut, |at| at + 1) };
            let (part, behind) = rest.split_at(cut);
            parts.push(part);
            rest = behind;
        }
        let run = || -> Vec<String> {
            thread::scope(|scope| {
                let parts: Vec<_> =
                    parts.iter().map(|part| scope.spawn(|| converter.convert(part).into_owned())).collect();
                parts.into_iter().map(|part| part.join().expect("a conversion does not panic")).collect()
            })
        };
        assert_eq!(run().concat(), expected, "{threads} threads");
        group.bench_function(format!("s2twp, {threads}"), |bencher| bencher.iter(run));
    }
}

/// Many different strings: a call for each, as search engines and input methods have them, and all of them at once.
fn short(criterion: &mut Criterion) {
    for config in [Config::S2t, Config::S2twp, Config::T2s, Config::Tw2sp] {
        let converter = Converter::new(config);
        let characters: Vec<char> = source(config, "txt").chars().filter(|character| !character.is_ascii()).collect();
        for length in [10, 30, 100] {
            let strings: Vec<String> = characters.chunks(length).take(2000).map(String::from_iter).collect();
            for string in &strings {
                assert_eq!(converter.convert(string), converter.reference().convert(string), "{config}");
            }
            let mut group = criterion.benchmark_group("short");
            group.throughput(Throughput::Elements(strings.len() as u64));
            group.bench_function(format!("{config}, {length} characters"), |bencher| {
                bencher.iter(|| strings.iter().map(|string| converter.convert(black_box(string)).len()).sum::<usize>());
            });
            let mut out = String::new();
            group.bench_function(format!("{config}, {length} characters, convert_each"), |bencher| {
                bencher.iter(|| {
                    out.clear();
                    converter.convert_each(strings.iter().map(|string| black_box(string.as_str())), &mut out, |_| ());
                    out.len()
                });
            });
            let joined = strings.join("\0");
            group.bench_function(format!("{config}, {length} characters, convert_separated"), |bencher| {
                bencher.iter(|| converter.convert_separated(black_box(&joined), '\0').len());
            });
        }
    }
}

fn start(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("start");
    group.bench_function("Converter::new", |bencher| bencher.iter(|| Converter::new(black_box(Config::S2twp))));
    let json = include_str!("../dictionaries/config/s2twp.json");
    group.bench_function("a configuration's text", |bencher| {
        bencher.iter(|| Converter::builder().config_json(black_box(json)).build().expect("it is built in, too"));
    });
}

criterion_group!(benches, whole, html, target, borrowed, hostile, stream, threads, short, start);
criterion_main!(benches);

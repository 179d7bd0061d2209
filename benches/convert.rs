//! `cargo bench`: every configuration on a page of text, whole and as a stream, and short strings.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fanjian::{Config, Converter};

/// The page of the examples, many times: enough to be out of the processor's nearest cache.
fn page() -> String {
    include_str!("../examples/page.txt").repeat(200)
}

/// The page in the script that the configuration reads.
fn source(config: Config) -> String {
    let traditional = match config.name().split('2').next() {
        Some("tw") => Some(Config::S2tw),
        Some("hk") => Some(Config::S2hk),
        Some("t") => Some(Config::S2t),
        _ => None,
    };
    traditional.map_or_else(page, |config| Converter::new(config).convert(&page()).into_owned())
}

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole");
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let source = source(config);
        let mut out = String::new();
        group.throughput(Throughput::Bytes(source.len() as u64));
        group.bench_function(config.name(), |bencher| {
            bencher.iter(|| {
                out.clear();
                converter.convert_into(black_box(&source), &mut out);
                out.len()
            });
        });
        assert_eq!(out, converter.convert(&source), "{config}");
    }
}

fn stream(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stream");
    let converter = Converter::new(Config::S2twp);
    let source = source(Config::S2twp);
    for length in [64, 4096, 65536] {
        let mut out = Vec::new();
        group.throughput(Throughput::Bytes(source.len() as u64));
        group.bench_function(format!("s2twp in pieces of {length} bytes"), |bencher| {
            bencher.iter(|| {
                out.clear();
                let mut stream = converter.stream();
                for piece in source.as_bytes().chunks(length) {
                    stream.push(black_box(piece), &mut out).expect("the page is UTF-8");
                }
                stream.finish(&mut out).expect("the page is UTF-8");
                out.len()
            });
        });
        assert_eq!(out, converter.convert(&source).as_bytes());
    }
}

fn short(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("short");
    for text in ["头发", "早上八点，老周拉开理发店的门，里面还留着昨天吹干头发的热气。"]
    {
        for config in [Config::S2t, Config::S2twp] {
            let converter = Converter::new(config);
            let name = format!("{config}, {} characters", text.chars().count());
            group.bench_function(name, |bencher| bencher.iter(|| converter.convert(black_box(text)).len()));
        }
    }
    group.bench_function("Converter::new(s2twp)", |bencher| bencher.iter(|| Converter::new(black_box(Config::S2twp))));
}

criterion_group!(benches, whole, stream, short);
criterion_main!(benches);

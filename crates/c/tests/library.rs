//! Programs in C, compiled against the header and linked with the library.

#![cfg(target_os = "linux")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use fanjian::Dictionaries;

/// The folder of the library: the one in `FANJIAN_LIBRARY_FOLDER`, or that of a debug build, which this makes: `cargo test` builds no
/// shared library and no static one.
fn library() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        if let Some(folder) = std::env::var_os("FANJIAN_LIBRARY_FOLDER") {
            return folder.into();
        }
        let program = std::env::current_exe().unwrap();
        // TARGET/PROFILE/deps/PROGRAM
        let target = program.ancestors().nth(3).unwrap();
        let build = ["build", "--quiet", "--package", "fanjian-c", "--target-dir"];
        run(Command::new(env!("CARGO")).args(build).arg(target));
        target.join("debug")
    })
}

/// Runs a command, and returns what it prints.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compiles a program with all warnings as errors, and returns what it prints.
fn compile_and_run(source: &Path, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    let words = folder.path().join("words.txt");
    fs::write(&words, "云原生\t雲端原生\n").unwrap();
    let release = folder.path().join("mine.fjd");
    fs::write(&release, self::release()).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]);
    compiler
        .arg(format!("-DDICTIONARY=\"{}\"", words.display()))
        .arg(format!("-DRELEASE=\"{}\"", release.display()))
        .arg(format!("-DVERSION=\"{}\"", env!("CARGO_PKG_VERSION")));
    compiler.arg(format!("-DOPENCC_VERSION=\"{}\"", fanjian::OPENCC_VERSION));
    compiler.arg("-I").arg(here().join("include")).arg(source).arg("-o").arg(&program);
    compiler.arg("-L").arg(library()).args(["-lfanjian", "-lpthread"]);
    run(&mut compiler);
    run(Command::new(&program).args(arguments).env("LD_LIBRARY_PATH", library()))
}

/// The file of a release with the configuration s2t, of one word.
fn release() -> Vec<u8> {
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "Words.txt"}}]}"#;
    let files = [("Words.txt", "头发\t首髮\n"), ("s2t.json", json)];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    Dictionaries::from_files("mine", files).unwrap().to_bytes().unwrap()
}

fn compile_and_run_test(name: &str) {
    compile_and_run(&here().join("tests/c").join(name), &[]);
}

#[test]
fn structures_have_the_layout_of_the_header() {
    compile_and_run_test("layout.c");
}

#[test]
fn texts_streams_segments_and_documents_are_converted() {
    compile_and_run_test("convert.c");
}

#[test]
fn errors_have_values_and_messages() {
    compile_and_run_test("errors.c");
}

#[test]
fn a_lack_of_memory_is_an_error() {
    compile_and_run_test("memory.c");
}

#[test]
fn eight_threads_share_a_converter() {
    compile_and_run_test("threads.c");
}

/// The program of `docs/c.md`, and what the page says that it prints.
#[test]
fn the_program_of_the_page_prints_what_the_page_says() {
    let page = fs::read_to_string(here().join("../../docs/c.md")).unwrap();
    let block = |kind: &str| {
        let from = page.split_once(&format!("```{kind}\n")).unwrap_or_else(|| panic!("no block {kind}")).1;
        from.split_once("```").unwrap().0
    };
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("convert.c");
    fs::write(&source, block("c")).unwrap();
    let shown = block("console");
    let (line, printed) = shown.split_once('\n').unwrap();
    let arguments: Vec<_> = line.split(' ').skip(2).collect();
    assert_eq!(compile_and_run(&source, &arguments), printed);
}

#[test]
fn the_header_is_one_of_cpp_too() {
    let mut compiler = Command::new("c++");
    compiler.args(["-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", "c++"]);
    run(compiler.arg(here().join("include/fanjian.h")));
}

#[test]
fn the_header_declares_what_the_library_exports() {
    let symbols = run(Command::new("nm")
        .args(["--dynamic", "--defined-only", "--format=just-symbols"])
        .arg(library().join("libfanjian.so")));
    let exported: BTreeSet<&str> = symbols.lines().filter(|symbol| symbol.starts_with("fanjian_")).collect();
    let header = fs::read_to_string(here().join("include/fanjian.h")).unwrap();
    // A declaration, which begins its line: comments do not.
    let declared: BTreeSet<&str> = header
        .lines()
        .filter(|line| line.starts_with("fanjian_") || line.starts_with("void ") || line.starts_with("const char"))
        .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
        .collect();
    assert_eq!(declared, exported);
    // The Rust functions are in the library, and not of its interface.
    let foreign: Vec<_> = symbols.lines().filter(|symbol| !symbol.starts_with("fanjian_")).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

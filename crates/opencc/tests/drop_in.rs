//! Programs in C and C++, compiled against `opencc.h` and linked with the library that takes the place of libopencc.

#![cfg(target_os = "linux")]

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use fanjian::{Config, Converter};

/// The folder with the library, under the SONAME of Debian 12, and with the name that linkers look for. It is linked from the archive
/// in `FANJIAN_LIBRARY_FOLDER`, which was built with `tests/data` as its folder of data, or from that of a debug build, which this makes.
fn library() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let program = std::env::current_exe().unwrap();
        // TARGET/PROFILE/deps/PROGRAM
        let target = program.ancestors().nth(3).unwrap();
        let built = std::env::var_os("FANJIAN_LIBRARY_FOLDER").map_or_else(
            || {
                let build = ["build", "--quiet", "--package", "fanjian-opencc", "--target-dir"];
                let mut cargo = Command::new(env!("CARGO"));
                // A configuration of an old release, as Debian 12 has it, whose dictionary the library lacks.
                run(cargo.args(build).arg(target).env("FANJIAN_OPENCC_DATA_DIR", here().join("tests/data")));
                target.join("debug")
            },
            PathBuf::from,
        );
        let folder = target.join("drop-in");
        fs::create_dir_all(&folder).unwrap();
        // Tests may run in processes of their own: each replaces the files as a whole.
        let new = tempfile::tempdir_in(&folder).unwrap();
        let (shared, link) = (new.path().join("libopencc.so.1.1"), new.path().join("libopencc.so"));
        let archive = built.join("libfanjian_opencc.a");
        run(Command::new(here().join("link.sh")).arg(archive).arg("libopencc.so.1.1").arg(&shared));
        symlink("libopencc.so.1.1", &link).unwrap();
        for file in [&shared, &link] {
            fs::rename(file, folder.join(file.file_name().unwrap())).unwrap();
        }
        folder
    })
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command, and returns what it prints.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Compiles a program of `tests/c` into this folder, and returns a command that runs it.
fn compiled(name: &str, folder: &Path) -> Command {
    let program = folder.join("program");
    let mut compiler = match name.ends_with(".cpp") {
        true => Command::new("c++"),
        false => Command::new("cc"),
    };
    compiler.arg(if name.ends_with(".cpp") { "-std=c++11" } else { "-std=c99" });
    compiler.args(["-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]);
    compiler.arg(format!("-DTOFU=\"{}\"", by_library(Config::T2s).convert("㐵")));
    compiler.arg("-I").arg(here().join("include")).arg(here().join("tests/c").join(name)).arg("-o").arg(&program);
    compiler.arg("-L").arg(library()).args(["-lopencc", "-lpthread"]);
    run(&mut compiler);
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", library()).env_remove("OPENCC_DATA_DIR").current_dir(folder);
    command
}

/// A configuration as OpenCC's library has it.
fn by_library(config: Config) -> Converter {
    Converter::builder().config(config).tofu_risk(true).build().unwrap()
}

#[test]
fn all_configurations_convert_as_the_library_does() {
    let page = fs::read_to_string(here().join("../../examples/page.txt")).unwrap();
    let more =
        "鼠标里的头发\n滑鼠裡的頭髮，這裡的軟體\n㐵㑇𠮶\n国内の発展，國內的發展\n于右任干了杯\n台灣衞生,香港衛生\n";
    let folder = tempfile::tempdir().unwrap();
    let mut program = compiled("configuration.c", folder.path());
    for &config in Config::ALL {
        let expected: String = page
            .split_inclusive('\n')
            .chain(more.split_inclusive('\n'))
            .map(|line| by_library(config).convert(line).into_owned())
            .collect();
        let mut child = Command::new(program.get_program());
        child.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(folder.path());
        let mut child =
            child.arg(format!("{config}.json")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let text = format!("{page}{more}");
        let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "{config}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{config}");
    }
    let failed = program.arg("no-such.json").output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("no-such.json"));
}

#[test]
fn errors_lengths_buffers_and_folders_are_as_in_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let (data, working) = (folder.path().join("data"), folder.path().join("working"));
    let of = |dictionary: &str| {
        format!(r#"{{"conversion_chain": [{{"dict": {{"type": "text", "file": "{dictionary}.txt"}}}}]}}"#)
    };
    for (folder, dictionary) in [(&data, "STCharacters"), (&working, "TSCharacters")] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("own.json"), of(dictionary)).unwrap();
    }
    run(compiled("semantics.c", folder.path()).arg(&data).arg(&working));

    // The installed folder, in which a name that is not built in has to work.
    let mut program = compiled("configuration.c", folder.path());
    assert!(program.arg("installed").stdin(Stdio::null()).status().unwrap().success());
    let mut program = compiled("configuration.c", folder.path());
    let failed = program.arg("broken").stdin(Stdio::null()).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("JPVariants"));
}

/// Words that no built-in dictionary has, in a file that OpenCC's own tool made.
#[test]
fn a_binary_dictionary_beside_a_configuration_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let words = here().join("../dictionary/tests/opencc_format/words.ocd2");
    fs::copy(words, path("words.ocd2")).unwrap();
    let json = r#"{"conversion_chain": [{"dict": {"type": "ocd2", "file": "words.ocd2"}}]}"#;
    fs::write(path("own.json"), json).unwrap();
    fs::write(path("in.txt"), "云原生应用程序接口\n").unwrap();
    let mut program = compiled("configuration.c", folder.path());
    let program = program.arg("./own.json").stdin(fs::File::open(path("in.txt")).unwrap());
    assert_eq!(run(program), "雲端原生應用程式介面\n");
}

#[test]
fn eight_threads_share_a_converter() {
    let folder = tempfile::tempdir().unwrap();
    run(&mut compiled("threads.c", folder.path()));
}

#[test]
fn the_class_of_cpp_converts_and_throws() {
    let folder = tempfile::tempdir().unwrap();
    run(&mut compiled("simple_converter.cpp", folder.path()));
}

#[test]
fn the_symbols_are_those_that_programs_ask_for() {
    let library = library().join("libopencc.so.1.1");
    let symbols = run(Command::new("nm").args(["--dynamic", "--defined-only", "--format=just-symbols"]).arg(&library));
    const STRING: &str = "RKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";
    let class = "_ZN6opencc15SimpleConverter";
    let convert = "_ZNK6opencc15SimpleConverter7Convert";
    let expected = [
        "opencc_close".to_owned(),
        "opencc_convert_utf8".to_owned(),
        "opencc_convert_utf8_free".to_owned(),
        "opencc_convert_utf8_to_buffer".to_owned(),
        "opencc_error".to_owned(),
        "opencc_open".to_owned(),
        // The three of fcitx5 and goldendict. Compilers call C1 and D1; C2 and D2 are for classes that inherit.
        format!("{class}C1E{STRING}"),
        format!("{class}C2E{STRING}"),
        format!("{class}D1Ev"),
        format!("{class}D2Ev"),
        format!("{convert}E{STRING}"),
        // The others of the class.
        format!("{convert}B5cxx11EPKc"),
        format!("{convert}B5cxx11EPKcm"),
        format!("{convert}EPKcPc"),
        format!("{convert}EPKcmPc"),
    ];
    let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    assert_eq!(symbols.lines().collect::<BTreeSet<_>>(), expected);
    let dynamic = run(Command::new("readelf").arg("--dynamic").arg(&library));
    assert!(dynamic.contains("SONAME") && dynamic.contains("[libopencc.so.1.1]"), "{dynamic}");
}

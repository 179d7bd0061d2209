//! The libraries for C: built and laid out as they are installed, and checked with other programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use import::{Result, root};

use crate::{
    metadata::{own_version, target_folder},
    process, programs,
};

/// The SONAME that programs of Debian 12 ask for.
const SONAME: &str = "libopencc.so.1.1";

/// Programs of Debian that are linked with libopencc: the package, the file, and the symbols that it needs.
const PROGRAMS: [(&str, &str, &[&str]); 3] = [
    ("fcitx5-module-chttrans", "/usr/lib/x86_64-linux-gnu/fcitx5/libchttrans.so", &CLASS),
    ("goldendict", "/usr/bin/goldendict", &CLASS),
    (
        "ibus-libpinyin",
        "/usr/libexec/ibus-engine-libpinyin",
        &["opencc_open", "opencc_close", "opencc_convert_utf8", "opencc_convert_utf8_free"],
    ),
];

/// The constructor, the destructor and `Convert` of `SimpleConverter`.
const CLASS: [&str; 3] = [
    "_ZN6opencc15SimpleConverterC1ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
    "_ZN6opencc15SimpleConverterD1Ev",
    "_ZNK6opencc15SimpleConverter7ConvertERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
];

/// The SONAME of `libfanjian.so`.
const OWN_SONAME: &str = "libfanjian.so.0";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to install into: with include, lib, lib/pkgconfig and lib/cmake
    #[arg(long, short = 'O', value_name = "DIR", required_unless_present = "check")]
    output: Option<PathBuf>,
    /// Build the library that takes the place of libopencc, under the SONAME that a program asks for, instead of libfanjian
    #[arg(long, value_name = "NAME", value_parser = soname)]
    soname: Option<String>,
    /// Where the program's configurations of OpenCC are: the last folder in which the library looks for a name
    #[arg(long, value_name = "DIR", requires = "soname", default_value = "/usr/share/opencc")]
    data: String,
    /// Build without optimizations
    #[arg(long)]
    debug: bool,
    /// Run the tests' programs under valgrind, and load programs of Debian with the library: needs these and valgrind
    #[arg(long, conflicts_with = "output")]
    check: bool,
}

/// A name such as `libopencc.so.1.1`.
fn soname(name: &str) -> std::result::Result<String, String> {
    match name.strip_prefix("libopencc.so.") {
        Some(version) if !version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || c == '.') => {
            Ok(name.to_owned())
        }
        _ => Err("a SONAME of libopencc is libopencc.so.VERSION, such as libopencc.so.1.1".to_owned()),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let profile = if arguments.debug { "dev" } else { "dist" };
    if arguments.check {
        return check(profile);
    }
    let Some(output) = &arguments.output else { return Err("--output is missing".into()) };
    fs::create_dir_all(output)?;
    let output = output.canonicalize()?;
    match &arguments.soname {
        Some(soname) => drop_in(&output, soname, &arguments.data, profile),
        None => own(&output, profile),
    }
}

/// Installs `libfanjian`.
fn own(prefix: &Path, profile: &str) -> Result<()> {
    let soname = format!("link-arg=-Wl,-soname,{OWN_SONAME}");
    let mut cargo = cargo(&["rustc", "--package", "fanjian-c", "--lib", "--profile", profile]);
    cargo.args(["--crate-type", "cdylib,staticlib", "--", "-C", &soname]);
    process::run(&mut cargo)?;
    let built = built(profile);
    let lib = folder(prefix, "lib")?;
    fs::copy(built.join("libfanjian.so"), lib.join(OWN_SONAME))?;
    fs::copy(built.join("libfanjian.a"), lib.join("libfanjian.a"))?;
    link(&lib, OWN_SONAME, "libfanjian.so")?;
    fs::copy(root().join("crates/c/include/fanjian.h"), folder(prefix, "include")?.join("fanjian.h"))?;
    templates(prefix, "fanjian", &root().join("crates/c"), &[("VERSION", &own_version()?), ("SONAME", OWN_SONAME)])?;
    println!("libfanjian is in {}", prefix.display());
    Ok(())
}

/// Installs the library that takes the place of libopencc.
fn drop_in(prefix: &Path, soname: &str, data: &str, profile: &str) -> Result<()> {
    let mut cargo = cargo(&["build", "--package", "fanjian-opencc", "--profile", profile]);
    process::run(cargo.env("FANJIAN_OPENCC_DATA_DIR", data))?;
    let lib = folder(prefix, "lib")?;
    let sources = root().join("crates/opencc");
    let mut linker = Command::new(sources.join("link.sh"));
    process::run(linker.arg(built(profile).join("libfanjian_opencc.a")).arg(soname).arg(lib.join(soname)))?;
    if profile == "dist" {
        process::run(Command::new("strip").arg("--strip-unneeded").arg(lib.join(soname)))?;
    }
    link(&lib, soname, "libopencc.so")?;
    let include = folder(prefix, "include/opencc")?;
    for header in ["opencc.h", "SimpleConverter.hpp"] {
        fs::copy(sources.join("include").join(header), include.join(header))?;
    }
    let version = soname.trim_start_matches("libopencc.so.");
    templates(prefix, "opencc", &sources, &[("VERSION", version), ("SONAME", soname), ("DATA", data)])?;
    println!("{soname} is in {}", lib.display());
    Ok(())
}

/// Writes the files for pkg-config and CMake: those of `SOURCES/packaging`, with values for `@NAME@`.
fn templates(prefix: &Path, name: &str, sources: &Path, values: &[(&str, &str)]) -> Result<()> {
    let pkgconfig = folder(prefix, "lib/pkgconfig")?;
    let cmake = folder(prefix, &format!("lib/cmake/{name}"))?;
    for file in fs::read_dir(sources.join("packaging"))? {
        let path = file?.path();
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let mut text = fs::read_to_string(&path)?;
        for (name, value) in values {
            text = text.replace(&format!("@{name}@"), value);
        }
        let target = file.strip_suffix(".in").unwrap_or(file);
        fs::write(if target.ends_with(".pc") { &pkgconfig } else { &cmake }.join(target), text)?;
    }
    Ok(())
}

/// The programs of the tests under valgrind, and Debian's programs with the library.
fn check(profile: &str) -> Result<()> {
    programs::need_all(&[
        ("valgrind", "valgrind", "runs the programs of the tests"),
        ("cc", "gcc", "compiles them"),
        ("c++", "g++", "compiles them"),
        ("pkg-config", "pkgconf", "reads the files for it"),
        ("cmake", "cmake", "reads the files for it"),
        ("ldd", "libc-bin", "loads programs of Debian"),
        ("dbus-run-session", "dbus", "runs fcitx5"),
        ("fcitx5", "fcitx5 fcitx5-pinyin python3-dbus python3-gi", "converts what is typed"),
    ])?;
    for (package, file, _) in PROGRAMS {
        if !Path::new(file).exists() {
            return Err(format!("{file} is not there: apt-get install {package}").into());
        }
    }
    let folder = tempfile::tempdir()?;
    let prefix = folder.path();
    own(prefix, profile)?;
    drop_in(prefix, SONAME, "/usr/share/opencc", profile)?;
    packages(prefix)?;
    cmake(prefix)?;
    valgrind(prefix)?;
    PROGRAMS.iter().try_for_each(|(package, file, symbols)| loads(prefix, package, file, symbols))?;
    types(prefix)
}

/// The files for pkg-config, by a program that is built with what they say.
fn packages(prefix: &Path) -> Result<()> {
    for name in ["fanjian", "opencc"] {
        let mut command = Command::new("pkg-config");
        command.args(["--cflags", "--libs", name]).env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
        let output = command.output()?;
        let flags = String::from_utf8(output.stdout)?;
        if !output.status.success() {
            return Err(format!("pkg-config does not know {name}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let source = prefix.join(format!("{name}.c"));
        let call = if name == "fanjian" { "fanjian_version() == NULL" } else { "opencc_open(NULL) == NULL" };
        fs::write(&source, format!("#include <{name}.h>\nint main(void) {{ return {call}; }}\n"))?;
        let program = prefix.join(name);
        process::run(Command::new("cc").arg(&source).args(flags.split_whitespace()).arg("-o").arg(&program))?;
        process::run(Command::new(&program).env("LD_LIBRARY_PATH", prefix.join("lib")))?;
        println!("pkg-config {name}: {}", flags.trim());
    }
    Ok(())
}

/// The files for CMake, by a project that finds both libraries.
fn cmake(prefix: &Path) -> Result<()> {
    let project = folder(prefix, "project")?;
    let lists = "cmake_minimum_required(VERSION 3.13)\nproject(check C)\n\
                 find_package(fanjian 0.1 REQUIRED)\nfind_package(OpenCC 1.1 REQUIRED)\n\
                 add_executable(own ../fanjian.c)\ntarget_link_libraries(own PRIVATE fanjian::fanjian)\n\
                 add_executable(other ../opencc.c)\ntarget_link_libraries(other PRIVATE OpenCC::OpenCC)\n\
                 enable_testing()\nadd_test(own own)\nadd_test(other other)\n";
    fs::write(project.join("CMakeLists.txt"), lists)?;
    let build = project.join("build");
    let mut command = Command::new("cmake");
    command.arg("-S").arg(&project).arg("-B").arg(&build).stdout(Stdio::null());
    process::run(command.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
    process::run(Command::new("cmake").arg("--build").arg(&build).stdout(Stdio::null()))?;
    process::run(Command::new("ctest").current_dir(&build).stdout(Stdio::null()))?;
    println!("cmake: a project finds both libraries, and its programs run");
    Ok(())
}

/// Runs the programs of the tests that need no other files under valgrind: no bad access, and nothing lost.
fn valgrind(prefix: &Path) -> Result<()> {
    let words = prefix.join("words.txt");
    fs::write(&words, "云原生\t雲端原生\n")?;
    let programs = [
        ("crates/c/tests/c/convert.c", "-lfanjian"),
        ("crates/c/tests/c/errors.c", "-lfanjian"),
        ("crates/c/tests/c/threads.c", "-lfanjian"),
        ("crates/opencc/tests/c/threads.c", "-lopencc"),
        ("crates/opencc/tests/c/simple_converter.cpp", "-lopencc"),
    ];
    for (source, library) in programs {
        let program = prefix.join("program");
        let mut compiler = Command::new(if source.ends_with(".cpp") { "c++" } else { "cc" });
        compiler.arg("-g").arg(root().join(source)).arg(format!("-DDICTIONARY=\"{}\"", words.display()));
        compiler.arg("-I").arg(prefix.join("include")).arg("-I").arg(prefix.join("include/opencc"));
        compiler.arg("-L").arg(prefix.join("lib")).args([library, "-lpthread", "-o"]).arg(&program);
        process::run(&mut compiler)?;
        let mut command = Command::new("valgrind");
        command.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"]);
        process::run(command.arg(&program).env("LD_LIBRARY_PATH", prefix.join("lib")))?;
        println!("valgrind: {source}: no error, nothing lost");
    }
    Ok(())
}

/// A program of Debian: the loader binds all of its symbols of opencc to the library at once.
fn loads(prefix: &Path, package: &str, file: &str, symbols: &[&str]) -> Result<()> {
    let lib = prefix.join("lib");
    // With these, `ldd -r` loads the file, binds everything, and lists each binding.
    let mut command = Command::new("ldd");
    command.args(["-r", file]).env("LD_LIBRARY_PATH", &lib).env("LD_DEBUG", "bindings");
    let output = command.output()?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let library = lib.join(SONAME);
    for symbol in symbols {
        let from = format!("binding file {file} ");
        let to = format!("to {} ", library.display());
        let symbol_shown = format!("symbol `{symbol}'");
        if !text.lines().any(|line| line.contains(&from) && line.contains(&to) && line.contains(&symbol_shown)) {
            return Err(format!("{file} of {package} does not find {symbol} in {}", library.display()).into());
        }
    }
    if let Some(line) = text.lines().find(|line| line.starts_with("undefined symbol") && line.contains("opencc")) {
        return Err(format!("{file} of {package}: {line}").into());
    }
    println!("{package}: {file} finds its {} symbols of opencc in the library", symbols.len());
    Ok(())
}

/// Types pinyin into fcitx5, whose module converts what it commits by the library.
fn types(prefix: &Path) -> Result<()> {
    let tests = root().join("crates/opencc/tests/fcitx5");
    let settings = folder(prefix, "home/.config/fcitx5")?;
    fs::copy(tests.join("profile"), settings.join("profile"))?;
    fs::copy(tests.join("chttrans.conf"), folder(&settings, "conf")?.join("chttrans.conf"))?;
    let lib = prefix.join("lib");
    let home = prefix.join("home");
    let mut session = Command::new("dbus-run-session");
    session.arg("--").arg(tests.join("session.sh")).arg("toufa").stderr(Stdio::null());
    session.env("HOME", &home).env("XDG_CONFIG_HOME", home.join(".config")).env("LD_LIBRARY_PATH", &lib);
    let output = session.output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let expected = format!("頭髮 {}\n", lib.join(SONAME).display());
    if printed != expected {
        let log = fs::read_to_string(home.join("fcitx5.log")).unwrap_or_default();
        return Err(format!("fcitx5 commits {printed:?}, not {expected:?} for toufa; its log:\n{log}").into());
    }
    println!("fcitx5: pinyin 'toufa' is committed as 頭髮, with the library loaded");
    Ok(())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(root());
    command
}

/// The folder of what cargo builds.
fn built(profile: &str) -> PathBuf {
    target_folder().join(if profile == "dev" { "debug" } else { profile })
}

fn folder(prefix: &Path, name: &str) -> Result<PathBuf> {
    let folder = prefix.join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A symbolic link beside its target.
fn link(folder: &Path, target: &str, name: &str) -> Result<()> {
    let path = folder.join(name);
    if path.symlink_metadata().is_ok() {
        fs::remove_file(&path)?;
    }
    std::os::unix::fs::symlink(target, path)?;
    Ok(())
}

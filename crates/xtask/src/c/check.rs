//! The libraries for C with other programs: those of the tests, also under valgrind, pkg-config, CMake, and programs of Debian.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use import::{Result, root};

use super::{drop_in, folder, own};
use crate::{
    metadata::{built, own_version},
    process, programs, release,
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

/// Builds the libraries with a profile, runs the programs of the tests with them, also under valgrind, and programs of Debian.
pub(super) fn run(profile: &str) -> Result<()> {
    programs::need_all(&[
        ("valgrind", "valgrind", "runs the programs of the tests"),
        ("cc", "gcc", "compiles them"),
        ("c++", "g++", "compiles them"),
        ("pkg-config", "pkgconf", "reads the files for it"),
        ("cmake", "cmake", "reads the files for it"),
        ("ldd", "libc-bin", "loads programs of Debian"),
        ("dbus-run-session", "dbus", "runs fcitx5"),
        ("fcitx5", "fcitx5 fcitx5-pinyin python3-dbus python3-gi", "converts what is typed"),
        ("xvfb-run", "xvfb xauth", "runs goldendict"),
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
    tests(prefix, profile)?;
    packages(prefix)?;
    cmake(prefix)?;
    valgrind(prefix)?;
    PROGRAMS.iter().try_for_each(|(package, file, symbols)| loads(prefix, package, file, symbols))?;
    looks_up(prefix)?;
    types(prefix)
}

/// The tests of both packages, with the library that was installed, and with one for libopencc that is built alike, but for the
/// folder of data: among them the programs of docs/c.md, all configurations, and eight threads.
fn tests(prefix: &Path, profile: &str) -> Result<()> {
    let mut drop_in = super::cargo(&["build", "--quiet", "--package", "fanjian-opencc", "--profile", profile]);
    process::run(drop_in.env("FANJIAN_OPENCC_DATA_DIR", root().join("crates/opencc/tests/data")))?;
    let lib = folder(prefix, "lib")?;
    fs::copy(built(profile).join("libfanjian_opencc.a"), lib.join("libfanjian_opencc.a"))?;
    let mut tests = super::cargo(&["test", "--quiet", "--package", "fanjian-c", "--package", "fanjian-opencc"]);
    process::run(tests.env("FANJIAN_LIBRARY_FOLDER", lib))?;
    println!("the tests of both libraries: passed, with those of the profile {profile}");
    Ok(())
}

/// The files for pkg-config, by a program that is built with what they say: with both libraries, and with the static one.
fn packages(prefix: &Path) -> Result<()> {
    for (name, call) in [("fanjian", "fanjian_version()"), ("opencc", "opencc_open(NULL)")] {
        let source = format!("#include <stddef.h>\n#include <{name}.h>\nint main(void) {{ return {call} == NULL; }}\n");
        fs::write(prefix.join(name).with_extension("c"), source)?;
        let flags = flags(prefix, &[name])?;
        compile_and_run(prefix, name, &flags)?;
        println!("pkg-config {name}: {}", flags.trim());
    }
    let flags = flags(prefix, &["--static", "fanjian"])?.replace("-lfanjian", "-l:libfanjian.a");
    compile_and_run(prefix, "fanjian", &flags)?;
    println!("the static library: {}", flags.trim());
    Ok(())
}

/// What pkg-config says of an installed library.
fn flags(prefix: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new("pkg-config");
    command.args(["--cflags", "--libs"]).args(arguments).env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    process::text(&mut command)
}

/// Compiles the program of this name with these flags, and runs it with the installed libraries.
fn compile_and_run(prefix: &Path, name: &str, flags: &str) -> Result<()> {
    let program = prefix.join(name);
    let source = program.with_extension("c");
    process::run(Command::new("cc").arg(source).args(flags.split_whitespace()).arg("-o").arg(&program))?;
    process::run(Command::new(&program).env("LD_LIBRARY_PATH", prefix.join("lib")))
}

/// The files for CMake, by a project that finds both libraries, and none of another interface.
fn cmake(prefix: &Path) -> Result<()> {
    let project = folder(prefix, "project")?;
    let lists = format!(
        "cmake_minimum_required(VERSION 3.13)\nproject(check C)\n\
         foreach(other 0.0 9999)\nfind_package(fanjian ${{other}} QUIET)\n\
         if(fanjian_FOUND)\nmessage(FATAL_ERROR \"it is of version ${{other}}, too\")\nendif()\nendforeach()\n\
         find_package(fanjian 0.0...9999 REQUIRED)\nfind_package(fanjian {} REQUIRED)\nfind_package(OpenCC 1.1 REQUIRED)\n\
         add_executable(own ../fanjian.c)\ntarget_link_libraries(own PRIVATE fanjian::fanjian)\n\
         add_executable(other ../opencc.c)\ntarget_link_libraries(other PRIVATE OpenCC::OpenCC)\n\
         enable_testing()\nadd_test(own own)\nadd_test(other other)\n",
        own_version()?
    );
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
    let release = prefix.join("mine.fjd");
    fs::write(&release, release::one_word("mine")?)?;
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
        compiler.arg("-g").arg(root().join(source));
        compiler.arg(format!("-DDICTIONARY=\"{}\"", words.display()));
        compiler.arg(format!("-DRELEASE=\"{}\"", release.display()));
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

/// Looks up a word in goldendict, which converts it by the library, too, as its dictionary has the other script.
fn looks_up(prefix: &Path) -> Result<()> {
    let tests = root().join("crates/opencc/tests/goldendict");
    let spy = prefix.join("spy.so");
    let mut compiler = Command::new("c++");
    compiler.args(["-shared", "-fPIC", "-I"]).arg(root().join("crates/opencc/include"));
    process::run(compiler.arg(tests.join("spy.cpp")).arg("-o").arg(&spy))?;
    let home = prefix.join("goldendict");
    let config = fs::read_to_string(tests.join("config"))?.replace("@FOLDER@", &tests.display().to_string());
    fs::write(folder(&home, ".config/goldendict")?.join("config"), config)?;
    let lib = prefix.join("lib");
    let mut session = Command::new("xvfb-run");
    session.args(["--auto-servernum", "timeout", "60", "env"]).arg(format!("LD_PRELOAD={}", spy.display()));
    session.arg(format!("LD_LIBRARY_PATH={}", lib.display())).args(["goldendict", "头发"]);
    let output = session.env("HOME", &home).env("XDG_CONFIG_HOME", home.join(".config")).output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let expected = format!("头发 -> 頭髮 {}\n", lib.join(SONAME).display());
    if printed != expected {
        let log = String::from_utf8_lossy(&output.stderr);
        return Err(format!("goldendict prints {printed:?}, not {expected:?} for 头发; its log:\n{log}").into());
    }
    println!("goldendict: 头发 is looked up as 頭髮, too, which the library has converted");
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

//! Files, and parts of files, that this program makes.

use std::fs;

use import::Result;

/// Puts `text` between the marks `<!-- name: … -->` and `<!-- /name -->` of a file, or with `check` only compares.
pub(crate) fn between_marks(file: &str, name: &str, text: &str, check: bool) -> Result<()> {
    let path = import::root().join(file);
    let present = fs::read_to_string(&path)?;
    let missing = || format!("{file} has no marks for {name}");
    let from = present.find(&format!("<!-- {name}: ")).ok_or_else(missing)?;
    let from = from + present[from..].find("-->\n").ok_or_else(missing)? + "-->\n".len();
    let to = from + present[from..].find(&format!("<!-- /{name} -->")).ok_or_else(missing)?;
    whole(file, &format!("{}{text}{}", &present[..from], &present[to..]), check)
}

/// Writes a file, or with `check` only compares.
pub(crate) fn whole(file: &str, text: &str, check: bool) -> Result<()> {
    let path = import::root().join(file);
    if fs::read_to_string(&path).ok().as_deref() == Some(text) {
        return Ok(());
    }
    if check {
        return Err(format!("{file} is not what `cargo xtask generate` makes").into());
    }
    fs::write(&path, text)?;
    println!("{file} written");
    Ok(())
}

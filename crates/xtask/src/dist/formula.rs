//! The Homebrew formula, which builds the command from the source archive.

use std::{fs, path::Path, process::Command};

use import::Result;

use super::{Release, template};
use crate::process::text;

/// Writes `fanjian.rb` for a source archive that will be at `url`.
pub(super) fn write(release: &Release, url: &str, source: &Path) -> Result<()> {
    let sum = text(Command::new("sha256sum").arg(source))?;
    let sum = sum.split(' ').next().unwrap_or_default();
    let file = source.file_name().unwrap_or_default().to_string_lossy();
    let address = format!("{}/{file}", url.trim_end_matches('/'));
    let homepage = release.homepage.as_deref().unwrap_or(url);
    let values = [("URL", address.as_str()), ("SHA256", sum), ("HOMEPAGE", homepage)];
    let path = release.output.join("fanjian.rb");
    fs::write(&path, template("fanjian.rb.in", &values)?)?;
    println!("{}", path.display());
    Ok(())
}

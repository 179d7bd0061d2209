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
    let homepage = release.homepage.as_deref().ok_or("the Homebrew formula needs a homepage")?;
    let path = release.output.join("fanjian.rb");
    fs::write(&path, formula(url, &file, sum, homepage)?)?;
    println!("{}", path.display());
    Ok(())
}

/// The formula, for a source file of this sum below an address.
fn formula(url: &str, file: &str, sum: &str, homepage: &str) -> Result<String> {
    let address = format!("{}/{file}", url.trim_end_matches('/'));
    template("fanjian.rb.in", &[("URL", &address), ("SHA256", sum), ("HOMEPAGE", homepage)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_names_the_address_the_sum_and_the_homepage() {
        let written =
            formula("https://files.example/v1/", "fanjian-1.0.0-source.tar.gz", "0a1b", "https://page.example")
                .unwrap();
        for line in [
            "  url \"https://files.example/v1/fanjian-1.0.0-source.tar.gz\"",
            "  sha256 \"0a1b\"",
            "  homepage \"https://page.example\"",
        ] {
            assert!(written.lines().any(|written| written == line), "{line}: {written}");
        }
        assert!(!written.contains("@URL@") && !written.contains("@SHA256@") && !written.contains("@HOMEPAGE@"));
    }
}

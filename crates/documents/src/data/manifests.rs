//! Files of tools that are known by their keys: which of their values are text.

/// A file that tools read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manifest {
    /// `package.json` of npm.
    Package,
    /// `tsconfig.json`.
    TypeScript,
    /// `Cargo.toml` and `pyproject.toml`.
    Toml,
}

impl Manifest {
    /// The file of JSON whose object has these keys.
    pub(crate) fn of_json(keys: &[&str]) -> Option<Manifest> {
        let has = |key: &str| keys.contains(&key);
        let is_package = has("name")
            && has("version")
            && ["main", "scripts", "dependencies", "devDependencies", "engines", "exports", "module"]
                .into_iter()
                .any(has);
        if has("compilerOptions") { Some(Manifest::TypeScript) } else { is_package.then_some(Manifest::Package) }
    }

    /// The file of TOML that this is the source of.
    pub(crate) fn of_toml(source: &str) -> Option<Manifest> {
        let headers = || source.lines().map(str::trim).filter(|line| line.starts_with('['));
        let has = |header: &str| headers().any(|line| line == header);
        let has_key = |key: &str| {
            source.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
        };
        let is_cargo = (has("[package]") && (has_key("version") || has_key("version.workspace") || has_key("edition")))
            || (has("[workspace]") && has_key("members"));
        let is_python = has("[build-system]")
            || (has("[project]") && (has_key("requires-python") || has_key("dependencies")))
            || headers().any(|line| line.starts_with("[tool."));
        (is_cargo || is_python).then_some(Manifest::Toml)
    }

    /// Whether what is below a key of the file's object stays.
    pub(crate) fn leaves(self, key: &str) -> bool {
        const NAMES: [&str; 37] = [
            "activationEvents",
            "bin",
            "bugs",
            "bundleDependencies",
            "config",
            "cpu",
            "dependencies",
            "devDependencies",
            "directories",
            "engines",
            "eslintConfig",
            "exports",
            "files",
            "homepage",
            "husky",
            "icon",
            "imports",
            "jest",
            "license",
            "lint-staged",
            "main",
            "man",
            "module",
            "name",
            "optionalDependencies",
            "os",
            "overrides",
            "packageManager",
            "peerDependencies",
            "publishConfig",
            "repository",
            "resolutions",
            "scripts",
            "types",
            "typings",
            "version",
            "workspaces",
        ];
        match self {
            Manifest::Package => NAMES.contains(&key),
            Manifest::TypeScript => true,
            Manifest::Toml => false,
        }
    }

    /// Whether the value of a key of a table is text, or all below it.
    pub(crate) fn is_text_of_toml(key: &str) -> bool {
        let names =
            ["authors", "categories", "description", "display-name", "keywords", "maintainers", "summary", "title"];
        names.contains(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_keys() {
        assert_eq!(Manifest::of_json(&["name", "version", "scripts"]), Some(Manifest::Package));
        assert_eq!(Manifest::of_json(&["extends", "compilerOptions"]), Some(Manifest::TypeScript));
        assert_eq!(Manifest::of_json(&["name", "version", "title"]), None);
        assert_eq!(Manifest::of_toml("[package]\nname = \"a\"\nversion = \"1.0.0\"\n"), Some(Manifest::Toml));
        assert_eq!(Manifest::of_toml("[project]\nname = \"a\"\nrequires-python = \">=3\"\n"), Some(Manifest::Toml));
        assert_eq!(Manifest::of_toml("[package]\ntitle = \"a\"\n"), None);
        assert_eq!(Manifest::of_toml("title = \"a\"\n"), None);
    }
}

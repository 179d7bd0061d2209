//! The built-in dictionaries, as the engine sees them.

use std::sync::OnceLock;

use fanjian_dictionary::{Container, Dictionary};

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dictionaries.bin"));

/// The built-in dictionary of this name, such as `STPhrases`. It shares the program's bytes.
pub(crate) fn builtin(name: &str) -> Option<Dictionary> {
    container().dictionary(name).ok()
}

fn container() -> &'static Container {
    static CONTAINER: OnceLock<Container> = OnceLock::new();
    CONTAINER.get_or_init(|| Container::from_static(COMPILED).expect("the build script compiled it for this version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_container_is_sound() {
        let names: Vec<_> = Container::from_untrusted(COMPILED.to_vec()).unwrap().names().map(str::to_owned).collect();
        assert!(names.iter().any(|name| name == "STPhrases"), "{names:?}");
    }
}

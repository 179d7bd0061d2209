//! The choices for a converter.

use std::{ffi::c_char, mem, path::Path};

use fanjian::{Config, ConverterBuilder, Dictionaries, Dictionary, InvalidUtf8, Target, named::unknown};
#[cfg(feature = "documents")]
use fanjian_documents::Languages;

use super::{
    converter::FanjianConverter,
    free, object_mut, read_path,
    status::{Failure, Status, guard},
    string, utf8,
};

/// `fanjian_options`
#[derive(Clone, Default)]
pub struct FanjianOptions {
    builder: ConverterBuilder,
    target: Option<Target>,
    source_script: Option<Target>,
    invalid_utf8: InvalidUtf8,
}

impl FanjianOptions {
    /// Those that a name alone chooses: a target's tag, or a configuration.
    pub(super) fn of(name: &str) -> Result<FanjianOptions, Failure> {
        let mut options = FanjianOptions::default();
        match name.parse() {
            Ok(target) => options.set_target(target),
            Err(_) if is_configuration(name) => options.set_config(name),
            Err(error) if Target::several(name).next().is_some() => return Err(error.into()),
            Err(_) => {
                let configs = Config::ALL.iter().map(|config| config.name());
                let names = Target::ALL.iter().map(|target| target.tag()).chain(configs);
                return Err(unknown("target or configuration", name, names).into());
            }
        }
        Ok(options)
    }

    fn change(&mut self, change: impl FnOnce(ConverterBuilder) -> ConverterBuilder) {
        self.builder = change(mem::take(&mut self.builder));
    }

    fn set_target(&mut self, target: Target) {
        self.target = Some(target);
        self.change(|builder| builder.target(target));
    }

    fn set_config(&mut self, name: &str) {
        self.change(|builder| builder.config_name(name));
    }

    pub(super) fn build(&self) -> Result<FanjianConverter, Failure> {
        let converter = self.builder.clone().build()?;
        #[cfg(feature = "documents")]
        let languages = match self.target {
            Some(target) => Languages::to_target(target, self.source_script),
            None => self.builder.find_config()?.map_or_else(Languages::default, Languages::of_config),
        };
        Ok(FanjianConverter {
            converter,
            invalid_utf8: self.invalid_utf8,
            #[cfg(feature = "documents")]
            languages,
        })
    }
}

/// Whether a name is that of a configuration, or a path: what is wrong with a path, the library says.
fn is_configuration(name: &str) -> bool {
    Config::is_path(name) || Path::new(name).is_file() || name.parse::<Config>().is_ok()
}

/// Changes the options of a call.
///
/// # Safety
///
/// `options` is null or of [`fanjian_options_new`], and nothing else uses it.
unsafe fn change(
    options: *mut FanjianOptions,
    call: impl FnOnce(&mut FanjianOptions) -> Result<(), Failure>,
) -> Status {
    // SAFETY: as for this function.
    guard(|| call(unsafe { object_mut(options, "options") }?))
}

/// `fanjian_options *fanjian_options_new(void)`
#[unsafe(no_mangle)]
pub extern "C" fn fanjian_options_new() -> *mut FanjianOptions {
    Box::into_raw(Box::default())
}

/// `void fanjian_options_free(fanjian_options *options)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_options_free(options: *mut FanjianOptions) {
    // SAFETY: it is null or of `fanjian_options_new`.
    unsafe { free(options) };
}

/// A function that takes a string: what is made of it, and the change.
macro_rules! option {
    ($(#[$doc:meta])* $function:ident, $read:ident, $argument:ident, |$options:ident| $change:expr) => {
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// See the header.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $function(options: *mut FanjianOptions, $argument: *const c_char) -> Status {
            // SAFETY: the options are null or of `fanjian_options_new`, and the other argument is null or ends with a NUL.
            unsafe {
                change(options, |$options| {
                    let $argument = $read($argument, stringify!($argument))?;
                    $change;
                    Ok(())
                })
            }
        }
    };
}

option! {
    /// `fanjian_status fanjian_options_config(fanjian_options *options, const char *name)`
    fanjian_options_config, string, name, |options| options.set_config(name)
}

option! {
    /// `fanjian_status fanjian_options_target(fanjian_options *options, const char *tag)`
    fanjian_options_target, string, tag, |options| options.set_target(tag.parse()?)
}

option! {
    /// `fanjian_status fanjian_options_from(fanjian_options *options, const char *tag)`
    fanjian_options_from, string, tag, |options| {
        let script: Target = tag.parse()?;
        options.source_script = Some(script);
        options.change(|builder| builder.source_script(script));
    }
}

option! {
    /// `fanjian_status fanjian_options_vocabulary(fanjian_options *options, const char *vocabulary)`
    fanjian_options_vocabulary, string, vocabulary, |options| {
        let vocabulary = vocabulary.parse()?;
        options.change(|builder| builder.vocabulary(vocabulary));
    }
}

option! {
    /// `fanjian_status fanjian_options_keep_words(fanjian_options *options, const char *layer)`
    fanjian_options_keep_words, string, layer, |options| {
        let layer = layer.parse()?;
        options.change(|builder| builder.keep_words([layer]));
    }
}

option! {
    /// `fanjian_status fanjian_options_punctuation(fanjian_options *options, const char *punctuation)`
    fanjian_options_punctuation, string, punctuation, |options| {
        let punctuation = punctuation.parse()?;
        options.change(|builder| builder.punctuation(punctuation));
    }
}

option! {
    /// `fanjian_status fanjian_options_prefer(fanjian_options *options, const char *characters)`
    fanjian_options_prefer, string, characters, |options| {
        characters.chars().try_for_each(fanjian::check_preferable)?;
        options.change(|builder| builder.prefer(characters.chars()));
    }
}

option! {
    /// `fanjian_status fanjian_options_protect(fanjian_options *options, const char *term)`
    fanjian_options_protect, string, term, |options| options.change(|builder| builder.protect([term]))
}

option! {
    /// `fanjian_status fanjian_options_dictionary_file(fanjian_options *options, const char *path)`
    fanjian_options_dictionary_file, read_path, path, |options| {
        let dictionary = Dictionary::from_path(path)?;
        options.change(|builder| builder.dictionary(dictionary));
    }
}

option! {
    /// `fanjian_status fanjian_options_release_file(fanjian_options *options, const char *path)`
    fanjian_options_release_file, read_path, path, |options| {
        let release = Dictionaries::from_path(path)?;
        options.change(|builder| builder.dictionaries(release));
    }
}

option! {
    /// `fanjian_status fanjian_options_search_folder(fanjian_options *options, const char *path)`
    fanjian_options_search_folder, read_path, path, |options| options.change(|builder| builder.search_folder(path))
}

option! {
    /// `fanjian_status fanjian_options_invalid_utf8(fanjian_options *options, const char *policy)`
    fanjian_options_invalid_utf8, string, policy, |options| options.invalid_utf8 = policy.parse()?
}

/// `fanjian_status fanjian_options_config_json(fanjian_options *options, const char *json, size_t length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_options_config_json(
    options: *mut FanjianOptions,
    json: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: as the header says.
    unsafe {
        change(options, |options| {
            let json = utf8(super::bytes(json, length, "json")?, "json")?;
            options.change(|builder| builder.config_json(json));
            Ok(())
        })
    }
}

/// `fanjian_status fanjian_options_dictionary(fanjian_options *options, const char *name, const char *text, size_t length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_options_dictionary(
    options: *mut FanjianOptions,
    name: *const c_char,
    text: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: as the header says.
    unsafe {
        change(options, |options| {
            let text = utf8(super::bytes(text, length, "text")?, "text")?;
            let dictionary = Dictionary::from_text(string(name, "name")?, text)?;
            options.change(|builder| builder.dictionary(dictionary));
            Ok(())
        })
    }
}

/// `fanjian_status fanjian_options_release(fanjian_options *options, const char *data, size_t length)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_options_release(
    options: *mut FanjianOptions,
    data: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: as the header says.
    unsafe {
        change(options, |options| {
            let release = Dictionaries::from_bytes(super::bytes(data, length, "data")?.to_vec())?;
            options.change(|builder| builder.dictionaries(release));
            Ok(())
        })
    }
}

/// `fanjian_status fanjian_options_both_scripts(fanjian_options *options, int both)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_options_both_scripts(options: *mut FanjianOptions, both: libc::c_int) -> Status {
    // SAFETY: as the header says.
    unsafe {
        change(options, |options| {
            options.change(|builder| builder.dictionary_in_both_scripts(both != 0));
            Ok(())
        })
    }
}

/// `fanjian_status fanjian_options_tofu_risk(fanjian_options *options, int included)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_options_tofu_risk(options: *mut FanjianOptions, included: libc::c_int) -> Status {
    // SAFETY: as the header says.
    unsafe {
        change(options, |options| {
            options.change(|builder| builder.tofu_risk(included != 0));
            Ok(())
        })
    }
}

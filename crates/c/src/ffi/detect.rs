//! The script of a text.

use std::ffi::c_char;

use fanjian::{Scores, Script};

use super::{
    bytes, put,
    status::{Status, guard},
    utf8,
};

/// `fanjian_script`
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub enum FanjianScript {
    #[default]
    Undecided = 0,
    Simplified = 1,
    Traditional = 2,
    Taiwan = 3,
    HongKong = 4,
    Standard = 5,
    Mixed = 6,
    Japanese = 7,
    NotChinese = 8,
}

impl From<Script> for FanjianScript {
    fn from(script: Script) -> FanjianScript {
        match script {
            Script::Simplified => FanjianScript::Simplified,
            Script::Traditional => FanjianScript::Traditional,
            Script::Taiwan => FanjianScript::Taiwan,
            Script::HongKong => FanjianScript::HongKong,
            Script::Standard => FanjianScript::Standard,
            Script::Mixed => FanjianScript::Mixed,
            Script::Japanese => FanjianScript::Japanese,
            Script::NotChinese => FanjianScript::NotChinese,
            // The enum may grow in the library.
            _ => FanjianScript::Undecided,
        }
    }
}

/// `fanjian_detection`
#[repr(C)]
#[derive(Default)]
pub struct FanjianDetection {
    script: FanjianScript,
    is_machine_converted: libc::c_int,
    confidence: f64,
    simplified: f64,
    traditional: f64,
    taiwan: f64,
    hong_kong: f64,
    standard: f64,
    japanese: f64,
}

const _: () = assert!(size_of::<FanjianDetection>() == 64, "as tests/c/layout.c has it");

/// `fanjian_status fanjian_detect(const char *text, size_t length, fanjian_detection *out)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_detect(text: *const c_char, length: usize, out: *mut FanjianDetection) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        put(out, FanjianDetection::default(), "out")?;
        let detection = fanjian::detect(utf8(bytes(text, length, "text")?, "text")?);
        let Scores { simplified, traditional, taiwan, hong_kong, standard, japanese, .. } = detection.scores();
        let found = FanjianDetection {
            script: detection.script().into(),
            is_machine_converted: detection.is_machine_converted().into(),
            confidence: detection.confidence(),
            simplified,
            traditional,
            taiwan,
            hong_kong,
            standard,
            japanese,
        };
        put(out, found, "out")
    })
}

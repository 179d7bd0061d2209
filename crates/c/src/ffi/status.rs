//! Error values, the message of the last error of each thread, and the place where panics end.

use std::{
    cell::{Cell, RefCell},
    ffi::{CString, c_char},
    mem,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::Once,
};

use fanjian::{Error, ErrorKind};

/// `fanjian_status`
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok = 0,
    Argument = 1,
    Io = 2,
    NotFound = 3,
    Config = 4,
    Dictionary = 5,
    InvalidUtf8 = 6,
    #[cfg_attr(not(feature = "documents"), expect(dead_code, reason = "the header has it"))]
    Document = 7,
    Unsupported = 8,
    NoMemory = 9,
    Internal = 10,
}

/// Why a call failed.
#[derive(Debug)]
pub(super) struct Failure {
    status: Status,
    message: String,
}

impl Failure {
    pub(super) fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into() }
    }

    pub(super) fn null(name: &str) -> Failure {
        Failure::new(Status::Argument, format!("{name} is NULL"))
    }

    pub(super) fn no_memory(size: usize) -> Failure {
        Failure::new(Status::NoMemory, format!("no memory for a result of {size} bytes"))
    }

    pub(super) fn is_no_memory(&self) -> bool {
        self.status == Status::NoMemory
    }

    /// Of an error in a document.
    #[cfg(feature = "documents")]
    pub(super) fn of_document(error: &Error) -> Failure {
        let failure = Failure::from(error.clone());
        match failure.status {
            Status::Dictionary => Failure { status: Status::Document, ..failure },
            _ => failure,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = match error.kind() {
            ErrorKind::Io => Status::Io,
            ErrorKind::NotFound => Status::NotFound,
            ErrorKind::Config | ErrorKind::Conflict => Status::Config,
            ErrorKind::InvalidUtf8 => Status::InvalidUtf8,
            ErrorKind::Unsupported => Status::Unsupported,
            _ => Status::Dictionary,
        };
        Failure::new(status, error.to_string())
    }
}

thread_local! {
    static MESSAGE: RefCell<CString> = RefCell::default();
    /// Whether a call is under way.
    static IS_IN_CALL: Cell<bool> = const { Cell::new(false) };
}

/// Has panics within calls print nothing. All others are as before: the library may be linked with another program in Rust.
fn silence_panics() {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !IS_IN_CALL.get() {
            others(panic);
        }
    }));
}

/// Runs a call. Its error becomes the thread's last one; so does a panic, which goes no further.
pub(super) fn guard(call: impl FnOnce() -> Result<(), Failure>) -> Status {
    static SILENCED: Once = Once::new();
    // The hook cannot be changed by a thread that panics.
    if !std::thread::panicking() {
        SILENCED.call_once(silence_panics);
    }
    IS_IN_CALL.set(true);
    // What a call changes is its stream alone, which does not go on after a panic.
    let result = catch_unwind(AssertUnwindSafe(call));
    IS_IN_CALL.set(false);
    let failure = match result {
        Ok(Ok(())) => return Status::Ok,
        Ok(Err(failure)) => failure,
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
            let message = format!("internal error: {}: please report it", text.unwrap_or("a panic without a message"));
            // The drop of a payload may panic.
            mem::forget(payload);
            Failure::new(Status::Internal, message)
        }
    };
    let message = CString::new(failure.message.replace('\0', "\\0")).unwrap_or_default();
    // While a thread ends, its message may be gone.
    let _ = MESSAGE.try_with(|last| last.replace(message));
    failure.status
}

/// `const char *fanjian_error_message(void)`
#[unsafe(no_mangle)]
pub extern "C" fn fanjian_error_message() -> *const c_char {
    MESSAGE.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn a_panic_is_an_error_with_a_message() {
        assert_eq!(guard(|| panic!("by {}", "accident")), Status::Internal);
        // SAFETY: the message is valid until the next error of this thread.
        let message = unsafe { CStr::from_ptr(fanjian_error_message()) }.to_str().unwrap();
        assert_eq!(message, "internal error: by accident: please report it");
        assert_eq!(guard(|| Ok(())), Status::Ok);
    }

    #[test]
    fn a_panic_prints_nothing_within_a_call_alone() {
        thread_local! {
            static PRINTED: Cell<usize> = const { Cell::new(0) };
        }
        // Another test may be the first to call.
        guard(|| Ok(()));
        let before = panic::take_hook();
        panic::set_hook(Box::new(|_| PRINTED.set(PRINTED.get() + 1)));
        silence_panics();
        guard(|| panic!("by accident"));
        assert_eq!(PRINTED.get(), 0);
        assert!(catch_unwind(|| panic!("elsewhere")).is_err());
        assert_eq!(PRINTED.get(), 1);
        panic::set_hook(before);
    }
}

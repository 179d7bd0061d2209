//! Which part of a text became what.

use std::{ffi::c_char, ptr};

use fanjian::Segment;

use super::{
    allocate, bytes,
    converter::FanjianConverter,
    object, put, put_length,
    status::{Failure, Status, guard},
    utf8,
};

/// `fanjian_segment`
#[repr(C)]
pub struct FanjianSegment {
    source_start: usize,
    source_end: usize,
    output: *const c_char,
    output_length: usize,
    is_converted: libc::c_int,
}

const _: () = assert!(size_of::<FanjianSegment>() == 5 * size_of::<usize>(), "as tests/c/layout.c has it");

/// `fanjian_status fanjian_segments(const fanjian_converter *converter, const char *text, size_t length,
/// fanjian_segment **out, size_t *count)`
///
/// # Safety
///
/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fanjian_segments(
    converter: *const FanjianConverter,
    text: *const c_char,
    length: usize,
    out: *mut *mut FanjianSegment,
    count: *mut usize,
) -> Status {
    // SAFETY: as the header says.
    guard(|| unsafe {
        // Also where the other one is NULL.
        put_length(count, 0);
        put(out, ptr::null_mut(), "out")?;
        put(count, 0, "count")?;
        let text = utf8(bytes(text, length, "text")?, "text")?;
        let segments = object(converter, "converter")?.converter.segments(text);
        put(out, in_one_block(&segments)?, "out")?;
        put(count, segments.len(), "count")
    })
}

/// The segments, and behind them their outputs, each with a NUL.
fn in_one_block(segments: &[Segment]) -> Result<*mut FanjianSegment, Failure> {
    let outputs: usize = segments.iter().map(|segment| segment.output.len() + 1).sum();
    let block = allocate(size_of_val_of(segments) + outputs)?;
    let array = block.cast::<FanjianSegment>();
    // SAFETY: `malloc` aligns for any type, and the block is as large as the segments and the outputs behind them.
    unsafe {
        let mut behind = block.add(size_of_val_of(segments));
        for (index, Segment { source, output, decisions, .. }) in segments.iter().enumerate() {
            ptr::copy_nonoverlapping(output.as_ptr(), behind, output.len());
            behind.add(output.len()).write(0);
            array.add(index).write(FanjianSegment {
                source_start: source.start,
                source_end: source.end,
                output: behind.cast(),
                output_length: output.len(),
                is_converted: (!decisions.is_empty()).into(),
            });
            behind = behind.add(output.len() + 1);
        }
    }
    Ok(array)
}

/// The size of these segments as C has them, without their outputs.
fn size_of_val_of(segments: &[Segment]) -> usize {
    size_of::<FanjianSegment>() * segments.len()
}

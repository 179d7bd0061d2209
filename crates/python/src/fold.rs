//! Folding for search.

use pyo3::{prelude::*, types::PyString};

use crate::text::{SHORT, utf8};

/// Folds a text, for search: words that differ in script, region, shapes of characters, width or case become the same.
///
/// Returns the text itself if it is its own key.
///
/// >>> import fanjian
/// >>> fanjian.fold("衞生署祇有甚麼"), fanjian.fold("卫生署只有什么")
/// ('卫生署只有什么', '卫生署只有什么')
/// >>> fanjian.fold("ＷＩＦＩ")
/// 'wifi'
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn fold<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let py = text.py();
    let source = utf8(text, "text")?;
    let folded = if source.len() < SHORT { fanjian::fold(&source) } else { py.detach(|| fanjian::fold(&source)) };
    match folded {
        // A subclass of str becomes a str.
        std::borrow::Cow::Borrowed(_) if text.is_exact_instance_of::<PyString>() => {
            Ok(text.cast::<PyString>()?.clone())
        }
        folded => Ok(PyString::new(py, &folded)),
    }
}

/// Folds a text as :func:`fold` does, with a list of where each character comes from, for highlights.
///
/// ``offsets[i]`` is the place of the character of the text that became character ``i`` of the folded text, and one more is
/// the length of the text: characters ``i`` to ``j`` of the folded text are ``text[offsets[i]:offsets[j]]``.
///
/// >>> import fanjian
/// >>> text = "辻󠄀的ＷＩＦＩ"
/// >>> folded, offsets = fanjian.fold_with_offsets(text)
/// >>> folded, offsets
/// ('辻的wifi', [0, 2, 3, 4, 5, 6, 7])
/// >>> found = folded.index("wifi")
/// >>> text[offsets[found]:offsets[found + 4]]
/// 'ＷＩＦＩ'
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn fold_with_offsets<'py>(text: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyString>, Vec<usize>)> {
    let py = text.py();
    let source = utf8(text, "text")?;
    let fold = || {
        let folded = fanjian::fold_with_offsets(&source);
        // From bytes to characters: both go forward through the text.
        let mut characters = 0;
        let mut starts = source.char_indices().map(|(start, _)| start).peekable();
        let place = |offset: usize| {
            while starts.next_if(|&start| start < offset).is_some() {
                characters += 1;
            }
            characters
        };
        let offsets = folded.source_offsets().map(place).collect();
        (folded.into_text(), offsets)
    };
    let (folded, offsets) = if source.len() < SHORT { fold() } else { py.detach(fold) };
    Ok((PyString::new(py, &folded), offsets))
}

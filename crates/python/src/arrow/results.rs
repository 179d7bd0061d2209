//! Detection, cleaning and selection by columns.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, StructArray,
    builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder},
};
use arrow_buffer::{NullBuffer, NullBufferBuilder};
use arrow_schema::{Field, Fields};
use fanjian::Detection;
use fanjian_clean::{Glosses, Options, Thresholds, glosses};
use fanjian_records::Condition;

use super::{
    each::Results,
    problem::{Problem, has_memory},
    texts::builder,
};

/// The detections of chunks, as structs with the fields of the Python class `Detection`.
pub(super) fn detect(chunks: &[ArrayRef], threads: usize) -> Result<Vec<ArrayRef>, Problem> {
    let results = Results::of(chunks, threads, fanjian::detect)?;
    chunks.iter().map(|chunk| detections(chunk, &results)).collect()
}

fn detections(
    array: &ArrayRef,
    results: &Results<'_, Detection, impl Fn(&str) -> Detection + Sync>,
) -> Result<ArrayRef, Problem> {
    let names: Vec<_> = Detection::default().counts().map(|(name, _)| name).collect();
    let rows = array.len();
    has_memory(rows * (names.len() + 4) * size_of::<i64>())?;
    let mut scripts = StringBuilder::new();
    let mut confidences = Float64Builder::with_capacity(rows);
    let mut machine = BooleanBuilder::with_capacity(rows);
    let mut counts: Vec<_> = names.iter().map(|_| Int64Builder::with_capacity(rows)).collect();
    let mut nulls = NullBufferBuilder::new(rows);
    results.each(array, &mut |found| {
        nulls.append(found.is_some());
        scripts.append_option(found.map(|found| found.script().name()));
        confidences.append_option(found.map(Detection::confidence));
        machine.append_option(found.map(Detection::is_machine_converted));
        match found {
            Some(found) => counts
                .iter_mut()
                .zip(found.counts())
                .for_each(|(builder, (_, count))| builder.append_value(count as i64)),
            None => counts.iter_mut().for_each(Int64Builder::append_null),
        }
        Ok(())
    })?;
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("script", Arc::new(scripts.finish())),
        ("confidence", Arc::new(confidences.finish())),
        ("machine_converted", Arc::new(machine.finish())),
    ];
    columns
        .extend(names.into_iter().zip(&mut counts).map(|(name, count)| (name, Arc::new(count.finish()) as ArrayRef)));
    Ok(structs(columns, nulls.finish()))
}

/// The counts of a cleaned text, of which the Python class has the lists.
const COUNTS: [&str; 4] = ["glosses", "damages", "unrepaired", "characters"];

/// A cleaned text, and what was found in it.
#[derive(Clone)]
struct Cleaned {
    text: Option<String>,
    /// By the names above.
    counts: [usize; COUNTS.len()],
    share: f64,
}

impl Cleaned {
    fn new(text: &str, options: &Options) -> Cleaned {
        let fanjian_clean::Cleaned { text, found, .. } = fanjian_clean::clean(text, options);
        let counts = [found.glosses.len(), found.damages.len(), found.unrepaired().count(), found.characters];
        Cleaned { text: text.map(|text| text.into_owned()), counts, share: found.share }
    }
}

/// The texts of chunks, cleaned, as structs with the fields of the Python class `Cleaned`, of which lists are counts.
pub(super) fn clean(chunks: &[ArrayRef], options: &Options, threads: usize) -> Result<Vec<ArrayRef>, Problem> {
    let results = Results::of(chunks, threads, |text: &str| Cleaned::new(text, options))?;
    chunks.iter().map(|chunk| cleaned(chunk, &results)).collect()
}

fn cleaned(
    array: &ArrayRef,
    results: &Results<'_, Cleaned, impl Fn(&str) -> Cleaned + Sync>,
) -> Result<ArrayRef, Problem> {
    let rows = array.len();
    // The builder of the texts doubles its memory when it grows.
    has_memory(2 * array.get_array_memory_size() + rows * (COUNTS.len() + 2) * size_of::<i64>())?;
    let mut texts = builder(array.data_type());
    let mut counts = COUNTS.map(|_| Int64Builder::with_capacity(rows));
    let mut shares = Float64Builder::with_capacity(rows);
    let mut nulls = NullBufferBuilder::new(rows);
    results.each(array, &mut |cleaned| {
        nulls.append(cleaned.is_some());
        for (place, builder) in counts.iter_mut().enumerate() {
            builder.append_option(cleaned.map(|cleaned| cleaned.counts[place] as i64));
        }
        shares.append_option(cleaned.map(|cleaned| cleaned.share));
        match cleaned.and_then(|cleaned| cleaned.text.as_deref()) {
            Some(text) => texts.text(text),
            None => {
                texts.null();
                Ok(())
            }
        }
    })?;
    let mut columns = vec![("text", texts.done())];
    columns
        .extend(COUNTS.into_iter().zip(&mut counts).map(|(name, count)| (name, Arc::new(count.finish()) as ArrayRef)));
    columns.push(("share", Arc::new(shares.finish())));
    Ok(structs(columns, nulls.finish()))
}

/// Whether all conditions are true of each text of chunks.
pub(super) fn keep_if(chunks: &[ArrayRef], conditions: &[Condition], threads: usize) -> Result<Vec<ArrayRef>, Problem> {
    let is_cleaning = conditions.iter().any(Condition::is_of_cleaning);
    let is_kept = |text: &str| {
        let detection = fanjian::detect(text);
        let found = if is_cleaning { glosses(text, &Thresholds::default()) } else { Glosses::default() };
        let (glosses, unrepaired) = (found.glosses.len(), found.unrepaired().count());
        conditions.iter().all(|condition| condition.is_met(&detection, glosses, unrepaired))
    };
    let results = Results::of(chunks, threads, is_kept)?;
    let kept = |chunk: &ArrayRef| {
        has_memory(chunk.len())?;
        let mut kept = BooleanBuilder::with_capacity(chunk.len());
        results.each(chunk, &mut |is_kept| {
            kept.append_option(is_kept.copied());
            Ok(())
        })?;
        Ok(Arc::new(kept.finish()) as ArrayRef)
    };
    chunks.iter().map(kept).collect()
}

/// A column of structs with these fields.
fn structs(columns: Vec<(&str, ArrayRef)>, nulls: Option<NullBuffer>) -> ArrayRef {
    let field = |(name, column): &(&str, ArrayRef)| Field::new(*name, column.data_type().clone(), true);
    let fields: Fields = columns.iter().map(field).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    Arc::new(StructArray::new(fields, columns, nulls))
}

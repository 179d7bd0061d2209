//! A learner of the [`Model`](fanjian_context::Model) that targets decide by, from decisions whose outcome is known.

mod calibration;
mod labels;
mod learner;
mod samples;

pub use self::{
    calibration::{Bucket, Calibration, Outcome},
    labels::{Alike, Label},
    learner::{Learner, Places, Training},
    samples::{Count, Edges, Sample, Samples},
};

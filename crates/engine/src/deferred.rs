//! Tables of a configuration that has none built in: they are made when its conversions have come to so much text that to make them
//! costs less than to go on without.
//!
//! Who rents until the rent has come to the price, and buys then, never pays more than twice what was the least
//! (A. R. Karlin, M. S. Manasse, L. Rudolph and D. D. Sleator: Competitive Snoopy Caching, 1988). So a command that converts a line
//! does not wait for tables, and a long text pays for them at its beginning.

use std::{
    collections::BTreeMap,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use fanjian_dictionary::{Group, Plan};

use crate::overlay::Overlay;

/// How many bytes of text the reference chain converts in the time that tables take for each entry of the dictionaries.
const BYTES_OF_ENTRY: usize = 80;
/// The same for what all tables take.
const BYTES_OF_TABLES: usize = 16 * 1024;

/// What the tables of a configuration are made from, and the tables, once they are.
#[derive(Debug)]
pub struct Deferred {
    plan: Plan,
    protected: Option<Group>,
    own: Option<Group>,
    /// The bytes of text from which on tables pay.
    price: usize,
    /// The bytes of text that have come so far.
    paid: AtomicUsize,
    is_being_made: AtomicBool,
    /// None inside if the plan is one that tables cannot be made for.
    made: OnceLock<Option<Overlay>>,
}

impl Deferred {
    /// For a plan of one stage, or with segmentation, with protected terms and own words. Costs nothing yet.
    pub fn new(plan: Plan, protected: Option<Group>, own: Option<Group>) -> Deferred {
        let groups = plan.segmentation.iter().chain(&plan.chain);
        // What is named twice is made once.
        let dictionaries = groups.flat_map(Group::dictionaries);
        let entries: BTreeMap<&str, usize> =
            dictionaries.map(|dictionary| (dictionary.name(), dictionary.len())).collect();
        let price = BYTES_OF_TABLES + BYTES_OF_ENTRY * entries.values().sum::<usize>();
        Deferred {
            plan,
            protected,
            own,
            price,
            paid: AtomicUsize::new(0),
            is_being_made: AtomicBool::new(false),
            made: OnceLock::new(),
        }
    }

    /// The tables, if they have been made, and there are some.
    pub(crate) fn made(&self) -> Option<&Overlay> {
        self.made.get()?.as_ref()
    }

    /// The tables for a text of this many bytes: made now, if that pays.
    pub(crate) fn for_text(&self, len: usize) -> Option<&Overlay> {
        if let Some(made) = self.made.get() {
            return made.as_ref();
        }
        let paid = self.paid.fetch_add(len, Ordering::Relaxed).saturating_add(len);
        // While one thread makes them, the others go on without.
        let pays = paid >= self.price && !self.is_being_made.swap(true, Ordering::Relaxed);
        if pays { self.make() } else { None }
    }

    /// The tables, if there are some: made now, if they have not been.
    pub(crate) fn make(&self) -> Option<&Overlay> {
        let make = || Overlay::of_plan(self.plan.clone(), self.protected.as_ref(), self.own.as_ref());
        self.made.get_or_init(make).as_ref()
    }
}

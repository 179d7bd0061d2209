//! The stages of a configuration, with own words, protected terms and a house style.

use fanjian_dictionary::{Dictionary, Group, Plan};
use fanjian_engine::{Stage, StageKind};

use super::resolver::Resolver;
use crate::Error;

/// A user's own words and protected terms.
#[derive(Default)]
pub(super) struct Words {
    pub(super) protected: Option<Group>,
    pub(super) own: Option<Group>,
}

impl Words {
    pub(super) fn new(resolver: &Resolver) -> Result<Words, Error> {
        let protected = match resolver.protected.is_empty() {
            true => None,
            false => Some(Group::Dictionary(Dictionary::from_entries("protected", &resolver.protected)?)),
        };
        let own: Vec<Group> = resolver.user.iter().cloned().map(Group::Dictionary).collect();
        Ok(Words { protected, own: (!own.is_empty()).then_some(Group::ShortCircuit(own)) })
    }
}

/// The stages of the plan of a configuration as it is. What they make of a text is not limited, which takes a look at all entries:
/// see [`check_growth`].
pub(crate) fn plain_stages(plan: Plan) -> Vec<Stage> {
    stages(plan, &Words::default(), None).into_iter().map(Stage::new).collect()
}

/// The stages of a configuration, from the top: with protected terms, own words and a house style.
pub(super) fn stages(plan: Plan, words: &Words, style: Option<&Dictionary>) -> Vec<StageKind> {
    let mut user = words.own.clone();
    let mut stages: Vec<StageKind> = words.protected.clone().map(StageKind::Protect).into_iter().collect();
    let segmentation = segmentation(&plan, user.is_some(), style);
    stages.extend(plan.normalization.into_iter().map(StageKind::Normalize));
    stages.extend(segmentation.map(|dictionaries| StageKind::Segment { user: user.take(), dictionaries }));
    for group in plan.chain {
        // Where nothing is cut into segments, the user's own dictionaries come first at the first stage: of entries as long.
        stages.push(StageKind::Convert(match user.take() {
            Some(user) => Group::Union(vec![user, group]),
            None => group,
        }));
    }
    stages.extend(user.map(StageKind::Convert));
    stages.extend(style.cloned().map(|style| StageKind::Convert(Group::Dictionary(style))));
    stages
}

/// The plan that tables are made of at run time, with a house style as its last stage. None where none are: without the
/// dictionaries, or for a house style alone.
pub(super) fn plan_of_tables(plan: &Plan, words: &Words, style: Option<&Dictionary>) -> Option<Plan> {
    if cfg!(fanjian_tables_alone) || plan.chain.is_empty() && style.is_some() {
        return None;
    }
    let mut plan = plan.clone();
    plan.segmentation = segmentation(&plan, words.own.is_some(), style);
    plan.chain.extend(style.cloned().map(Group::Dictionary));
    Some(plan)
}

/// What cuts a text into segments. What leaves the conversion there has no house style, and to cut by the dictionaries of a lone
/// stage changes nothing else.
fn segmentation(plan: &Plan, has_own: bool, style: Option<&Dictionary>) -> Option<Group> {
    let by_stage = || plan.chain.first().filter(|_| plan.chain.len() == 1 && has_own && style.is_some()).cloned();
    plan.segmentation.clone().or_else(by_stage)
}

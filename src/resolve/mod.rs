//! Resolution of a configuration as written, or of a target, to the stages and tables that the engine runs.

mod dictionaries;
mod growth;
mod resolver;
mod source;
mod stages;

use std::sync::OnceLock;

#[cfg(feature = "targets")]
use fanjian_dictionary::Group;
use fanjian_dictionary::Plan;
#[cfg(feature = "targets")]
use fanjian_engine::StageKind;
use fanjian_engine::{Deferred, FastTables, Overlay, Stage, Stages};

use self::{
    dictionaries::plan,
    growth::check_growth,
    stages::{Words, plan_of_tables, stages},
};
pub(crate) use self::{
    resolver::Resolver,
    source::{Found, Source},
    stages::plain_stages,
};
#[cfg(feature = "targets")]
use crate::target::TargetPlan;
use crate::{
    Config, Dictionaries, Error, ErrorKind,
    config::VARIANTS,
    conversion::{ConversionPlan, Resolved},
    data, release,
};

/// The tables of the built-in configuration that does the same, if one does.
fn builtin_tables(plan: &Plan) -> Option<&'static FastTables> {
    let variants = Config::ALL.iter().flat_map(|&config| [(config, false), (config, true)]);
    let mut same = variants
        .filter(|&(config, tofu_risk)| builtin_plan(config, tofu_risk).is_ok_and(|builtin| plan.converts_as(&builtin)));
    same.next().and_then(|(config, tofu_risk)| data::tables(config, tofu_risk))
}

/// Resolves a target: before it come the protected terms. The user's own dictionaries are the last stage, whose words the
/// target itself looks for.
#[cfg(feature = "targets")]
pub(crate) fn target(plan: TargetPlan, resolver: &Resolver) -> Result<Resolved, Error> {
    if let Some((name, _)) = resolver.replacements.first() {
        let message =
            format!("no dictionary '{name}' to replace: the target {} uses none by name", plan.engine.target());
        return Err(Error::new(ErrorKind::NotFound, message));
    }
    let Words { protected, own } = Words::new(resolver)?;
    let mut stages: Vec<StageKind> = protected.map(StageKind::Protect).into_iter().collect();
    let none = Group::ShortCircuit(Vec::new());
    stages.extend(own.map(|own| StageKind::Segment { user: Some(own), dictionaries: none }));
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    // Now, rather than with the first text.
    stages.iter().for_each(|stage| _ = stage.own_words());
    Ok(Resolved { stages: stages.into(), plan: ConversionPlan::Target(plan) })
}

/// Resolves the configuration from `source`.
pub(crate) fn build(source: &Source, resolver: &Resolver) -> Result<Resolved, Error> {
    let mut resolver = resolver.clone();
    let found = source.find(&resolver.folders)?;
    let builtin = match found {
        Found::Builtin(config) if resolver.replacements.is_empty() => Some(config),
        _ => None,
    };
    let has_words = !resolver.user.is_empty() || !resolver.protected.is_empty();
    if let Some(config) = builtin
        && !has_words
        && resolver.style.is_none()
    {
        return match &resolver.release {
            Some(release) => of_release(release, config, resolver.tofu_risk),
            None => Ok(plain(config, resolver.tofu_risk)),
        };
    }
    let (config, place) = found.read(&mut resolver)?;
    let at_place = |error: Error| match error.kind() {
        ErrorKind::Config | ErrorKind::NotFound => error.at(&place),
        // The others are about a dictionary's file, and name it.
        _ => error,
    };
    let plan = plan(&config, &resolver).map_err(at_place)?;
    let words = Words::new(&resolver)?;
    // With a second stage and no segmentation, own words are input of that.
    let leave = words.own.is_none() || plan.segmentation.is_some() || plan.chain.len() <= 1;
    let tables = match (builtin, &resolver.release) {
        // No table of a configuration knows a house style.
        _ if resolver.style.is_some() || (has_words && !leave) => None,
        (Some(config), Some(release)) => of_release(release, config, resolver.tofu_risk)?.plan.tables(),
        (Some(config), None) => data::tables(config, resolver.tofu_risk),
        (None, _) => builtin_tables(&plan),
    };
    let to_make = if leave && tables.is_none() { plan_of_tables(&plan, &words, resolver.style.as_ref()) } else { None };
    let stages = stages(plan, &words, resolver.style.as_ref());
    if tables.is_none() {
        check_growth(&stages).map_err(at_place)?;
    }
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    let overlay = tables
        .filter(|_| has_words)
        .and_then(|tables| Overlay::new(tables, words.protected.as_ref(), words.own.as_ref()));
    let stages = match (overlay, to_make) {
        (Some(overlay), _) => Stages::Overlaid(stages.into(), overlay.into()),
        (None, Some(plan)) => Stages::Deferred(stages.into(), Deferred::new(plan, words.protected, words.own).into()),
        _ => stages.into(),
    };
    Ok(Resolved { stages, plan: ConversionPlan::Config(tables.filter(|_| !has_words)) })
}

/// A configuration of a release as it is. The first time, its tables take up to a tenth of a second to make, unless they are those of
/// a built-in one.
fn of_release(release: &Dictionaries, config: Config, tofu_risk: bool) -> Result<Resolved, Error> {
    let known = release.resolved(config, tofu_risk);
    if let Some(known) = known.get() {
        return Ok(known.clone());
    }
    let plan = release.plan(config, tofu_risk)?;
    let stages = stages(plan.clone(), &Words::default(), None);
    check_growth(&stages).map_err(|error| error.at(format!("{}, {config}", release.name())))?;
    let tables = match builtin_tables(&plan) {
        Some(tables) => Some(tables),
        None => release::tables(plan)?,
    };
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    let resolved = Resolved { stages: stages.into(), plan: ConversionPlan::Config(tables) };
    Ok(known.get_or_init(|| resolved).clone())
}

/// A built-in configuration as it is. Costs next to nothing.
pub(crate) fn plain(config: Config, tofu_risk: bool) -> Resolved {
    static STAGES: [OnceLock<Vec<Stage>>; 2 * VARIANTS] = [const { OnceLock::new() }; 2 * VARIANTS];
    let number = config.variant(tofu_risk) + if data::has_dictionaries() { 0 } else { VARIANTS };
    let stages = Stages::Lazy(&STAGES[number], (builtin, number));
    Resolved { stages, plan: ConversionPlan::Config(data::tables(config, tofu_risk)) }
}

/// The stages of the built-in configuration of this [number](Config::variant); from its tables, if that is higher than
/// those of all configurations.
fn builtin(number: usize) -> Vec<Stage> {
    let config = Config::ALL[number % VARIANTS / 2];
    if number >= VARIANTS || cfg!(fanjian_tables_alone) {
        return data::plan_of_tables(config).map(plain_stages).unwrap_or_default();
    }
    plain_stages(builtin_plan(config, number % 2 == 1).expect("the built-in configurations name built-in dictionaries"))
}

/// The dictionaries of a built-in configuration. An error where these are not part of the program, and were not given to it.
fn builtin_plan(config: Config, tofu_risk: bool) -> Result<Plan, Error> {
    let resolver = Resolver { tofu_risk, ..Resolver::default() };
    fanjian_dictionary::Config::parse(config.json()).and_then(|config| plan(&config, &resolver))
}

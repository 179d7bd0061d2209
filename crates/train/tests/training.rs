//! What the trainer makes of a small text.

use std::path::Path;

use fanjian_context::{Engine, Model, Sources, State, Target, Vocabulary, compile, training::Decision};
use train::{Edges, Learner, Samples, Training};

fn tables(model: &Model) -> &'static [u8] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
    Vec::leak(compile(&Sources::from_folder(&folder).unwrap(), model).unwrap())
}

fn train(tables: &'static [u8], seed: u64) -> Vec<u8> {
    let engine = Engine::read(tables, Target::Taiwan, Vocabulary::Keep).unwrap();
    let mut samples = Samples::new();
    for (given, right) in [("甲只乙", "甲隻乙"), ("丙只丁", "丙只丁"), ("戊后己", "戊後己"), ("庚后辛", "庚后辛")]
    {
        for _ in 0..3 {
            samples.line(&engine, given, right, 1.0, Edges::Line);
        }
    }
    assert_eq!(samples.len(), 12);
    let is_right = |rights: &'static str| move |_: &Decision| rights.to_owned();
    assert!(samples.place(&engine, ("壬", '里', "癸"), is_right("里"), 3.0));
    assert!(samples.place(&engine, ("壬", '里', "子"), is_right("裡裏"), 3.0));
    assert!(!samples.place(&engine, ("壬", '里', "子"), is_right("理"), 3.0), "no candidate");
    assert!(!samples.place(&engine, ("壬", '人', "子"), is_right("人"), 3.0), "nothing to decide");
    let training = Training { seed, least: 1, rate: 1.0, penalty: 0.1 };
    let mut learner = Learner::new(&samples, &training);
    let places = learner.places(samples.range(..));
    (0..20).for_each(|_| learner.round(samples.range(..), &places));
    learner.keep(1000);
    learner.model().write().unwrap()
}

fn convert(tables: &'static [u8], text: &str) -> String {
    let engine = Engine::read(tables, Target::Taiwan, Vocabulary::Keep).unwrap();
    let mut out = Vec::new();
    engine.feed(&mut State::default(), text, true, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_same_text_and_seed_give_the_same_bytes() {
    let tables = tables(&Model::dictionary());
    assert_eq!(train(tables, 1), train(tables, 1));
    assert_ne!(train(tables, 1), train(tables, 2));
}

#[test]
fn a_model_knows_what_it_was_taught() {
    let model = Model::read(&train(tables(&Model::dictionary()), 1)).unwrap();
    let tables = tables(&model);
    // 这 shows that the text is Simplified.
    assert_eq!(convert(tables, "这甲只乙，丙只丁"), "這甲隻乙，丙只丁");
    assert_eq!(convert(tables, "这戊后己，庚后辛"), "這戊後己，庚后辛");
    assert_eq!(convert(tables, "这壬里癸，壬里子"), "這壬里癸，壬裡子");
}

#[test]
fn a_feature_that_one_line_shows_may_be_left_out() {
    let tables = tables(&Model::dictionary());
    let engine = Engine::read(tables, Target::Taiwan, Vocabulary::Keep).unwrap();
    let mut samples = Samples::new();
    // Three times in one line is once.
    samples.line(&engine, "甲只乙，甲只乙，甲只乙", "甲隻乙，甲隻乙，甲隻乙", 1.0, Edges::Line);
    let training = Training { seed: 1, least: 2, rate: 1.0, penalty: 0.1 };
    assert_eq!(Learner::new(&samples, &training).features(), 0);
    samples.line(&engine, "甲只丙", "甲隻丙", 1.0, Edges::Line);
    assert_eq!(
        Learner::new(&samples, &training).features(),
        3,
        "只 alone, behind 甲, and behind 甲 that begins a line"
    );
}

#[test]
fn the_least_sure_decisions_have_the_least_margins() {
    let model = Model::read(&train(tables(&Model::dictionary()), 1)).unwrap();
    let engine = Engine::read(tables(&model), Target::Taiwan, Vocabulary::Keep).unwrap();
    let margins = engine.margins("甲只乙，申只酉");
    let [(1, sure, high), (5, _, low)] = &margins[..] else { panic!("{margins:?}") };
    assert_eq!(sure[0], '隻');
    assert!(high > low, "{margins:?}");
}

#[test]
fn other_bytes_are_refused() {
    assert!(Model::read(b"fjmodel").is_err());
    assert!(Engine::read(b"other", Target::Taiwan, Vocabulary::Keep).is_err());
}

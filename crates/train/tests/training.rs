//! What the trainer makes of a small text.

use std::path::Path;

use fanjian_context::{Engine, Model, Sources, State, Target, Vocabulary, compile};
use train::{Trainer, Training};

fn tables(model: &Model) -> &'static [u8] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
    Vec::leak(compile(&Sources::from_folder(&folder).unwrap(), model).unwrap())
}

fn train(tables: &'static [u8], seed: u64) -> Vec<u8> {
    let engine = Engine::read(tables, Target::Taiwan, Vocabulary::Keep).unwrap();
    let mut trainer = Trainer::new();
    for (given, right) in [("甲只乙", "甲隻乙"), ("丙只丁", "丙只丁"), ("戊后己", "戊後己"), ("庚后辛", "庚后辛")]
    {
        trainer.line(&engine, given, right, 3, false);
    }
    assert_eq!(trainer.len(), 12);
    trainer.train(Training { seed, rounds: 10, least: 1, features: 1000 }).unwrap()
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
}

#[test]
fn a_model_knows_what_it_was_taught() {
    let model = Model::read(&train(tables(&Model::dictionary()), 1)).unwrap();
    let tables = tables(&model);
    // 这 tells that the text is Simplified.
    assert_eq!(convert(tables, "这甲只乙，丙只丁"), "這甲隻乙，丙只丁");
    assert_eq!(convert(tables, "这戊后己，庚后辛"), "這戊後己，庚后辛");
}

#[test]
fn other_bytes_are_refused() {
    assert!(Model::read(b"fjmodel").is_err());
    assert!(Engine::read(b"other", Target::Taiwan, Vocabulary::Keep).is_err());
}

//! The tokenizer in an index: what queries find, and what is highlighted.

use fanjian_tantivy_example::{Folding, Pairs};
use tantivy::{
    Index, IndexWriter, TantivyDocument,
    collector::TopDocs,
    query::QueryParser,
    schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value},
    snippet::SnippetGenerator,
    tokenizer::TextAnalyzer,
};

const DOCUMENTS: [&str; 7] = [
    "香港衞生署提醒市民祇有冷氣機要清洗。",
    "台灣衛生福利部說明，軟體沒有甚麼問題。",
    "卫生署只有什么软件？头发剪短了。",
    "她的頭髮剪短了，爲甚麼？",
    "ＷＩＦＩ分享器與 Wi-Fi 6",
    "葛城市在奈良，葛\u{e0100}城\u{fe00}市役所。",
    "昨天下雨。",
];

/// An index of the documents.
fn index() -> (Index, Field) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("chinese")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing) | STORED);
    let index = Index::create_in_ram(schema.build());
    index.tokenizers().register("chinese", TextAnalyzer::from(Folding { tokenizer: Pairs }));
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 20_000_000).unwrap();
    for document in DOCUMENTS {
        let mut added = TantivyDocument::default();
        added.add_text(text, document);
        writer.add_document(added).unwrap();
    }
    writer.commit().unwrap();
    (index, text)
}

/// The documents that a query finds, in their order, and what is highlighted in each.
fn search(query: &str) -> Vec<(usize, Vec<String>)> {
    let (index, field) = index();
    let searcher = index.reader().unwrap().searcher();
    let query = QueryParser::for_index(&index, vec![field]).parse_query(query).unwrap();
    let snippets = SnippetGenerator::create(&searcher, &*query, field).unwrap();
    let found = searcher.search(&query, &TopDocs::with_limit(10).order_by_score()).unwrap();
    let mut found: Vec<_> = found
        .into_iter()
        .map(|(_, address)| {
            let document: TantivyDocument = searcher.doc(address).unwrap();
            let text = document.get_first(field).and_then(|value| value.as_str()).unwrap();
            let number = DOCUMENTS.iter().position(|known| *known == text).unwrap();
            let snippet = snippets.snippet(text);
            let marked =
                snippet.highlighted().iter().map(|range| snippet.fragment()[range.clone()].to_owned()).collect();
            (number, marked)
        })
        .collect();
    found.sort();
    found
}

fn found(query: &str) -> Vec<usize> {
    search(query).into_iter().map(|(number, _)| number).collect()
}

#[test]
fn a_query_in_any_script_and_region_finds_all() {
    for query in ["\"卫生署\"", "\"衛生署\"", "\"衞生署\""] {
        assert_eq!(found(query), [0, 2], "{query}");
    }
    for query in ["头发", "頭髮", "頭髪"] {
        assert_eq!(found(query), [2, 3], "{query}");
    }
    for query in ["只有", "祇有", "衹有"] {
        assert_eq!(found(query), [0, 2], "{query}");
    }
    for query in ["什么", "甚麼", "什麼"] {
        assert_eq!(found(query), [1, 2, 3], "{query}");
    }
    for query in ["wifi", "WIFI", "ｗｉｆｉ"] {
        assert_eq!(found(query), [4], "{query}");
    }
    assert_eq!(found("葛城"), [5]);
    for query in ["没有", "沒有", "没有什么"] {
        assert_eq!(found(query), [1], "{query}");
    }
    // Regional words are not joined.
    assert_eq!((found("軟件"), found("软体")), (vec![2], vec![1]));
}

#[test]
fn highlights_are_on_the_characters_of_the_original() {
    let marked = |query: &str| search(query).into_iter().flat_map(|(_, marked)| marked).collect::<Vec<_>>();
    assert_eq!(marked("头发"), ["头发", "頭髮"]);
    assert_eq!(marked("什么"), ["甚麼", "什么", "甚麼"]);
    assert_eq!(marked("只有"), ["祇有", "只有"]);
    assert_eq!(marked("wifi"), ["ＷＩＦＩ"]);
    // Variation selectors are part of their character.
    assert_eq!(marked("葛城"), ["葛城", "葛\u{e0100}城\u{fe00}"]);
}

//! Formats of documents that are known by what is in them.

mod tree;

use tree::Tree;

const FEED: &str = "<?xml version='1.0'?>\n<!-- 头发 -->\n<rss version='2.0'><channel><title>头发</title>\
                    <link>http://头发.example/</link></channel></rss>\n";
const FEED_CONVERTED: &str = "<?xml version='1.0'?>\n<!-- 头发 -->\n<rss version='2.0'><channel><title>頭髮</title>\
                              <link>http://头发.example/</link></channel></rss>\n";

#[test]
fn xml_is_known_by_its_root() {
    let utf_16 = |text: &str| -> Vec<u8> {
        let text = format!("\u{feff}{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let other = "<other><!-- 头发 --></other>";
    let tree = Tree::new(&[
        ("feed.XML", FEED.as_bytes()),
        ("utf-16.xml", &utf_16(FEED)),
        ("other.xml", other.as_bytes()),
        ("feed.txt", FEED.as_bytes()),
        ("page", "<!DOCTYPE html><html><p title=头发>头<b>发<br><script>头发</script>".as_bytes()),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    tree.has("feed.XML", FEED_CONVERTED);
    assert!(std::fs::read(tree.path("utf-16.xml")).unwrap() == utf_16(FEED_CONVERTED));
    tree.has("other.xml", "<other><!-- 頭髮 --></other>");
    tree.has("feed.txt", &FEED.replace("头发", "頭髮"));
    tree.has("page", "<!DOCTYPE html><html><p title=頭髮>頭<b>髮<br><script>头发</script>");
}

/// A transcript, whose words are parts of one text; other JSON with the same keys is none.
#[test]
fn transcripts_are_known_by_their_segments() {
    let transcript = |head: &str, tail: &str| {
        format!(
            r#"{{"text": "头发", "segments": [{{"id": 0, "start": 0.0, "end": 1.0, "text": "头发",
 "words": [{{"word": "{head}", "start": 0.0, "end": 0.5}}, {{"word": "{tail}", "start": 0.5, "end": 1.0}}]}}], "language": "zh"}}"#
        )
    };
    let tree = Tree::new(&[
        ("a.json", transcript("头", "发").as_bytes()),
        ("b.json", r#"{"segments": ["头", "发"]}"#.as_bytes()),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    tree.has("a.json", &transcript("頭", "髮").replace("头发", "頭髮"));
    tree.has("b.json", r#"{"segments": ["頭", "發"]}"#);
    // What is named counts.
    tree.write("a.json", transcript("头", "发").as_bytes());
    tree.run(&["-c", "s2t", "--in-place", "--as", "json", "a.json"]).success();
    tree.has("a.json", &transcript("頭", "發").replace("头发", "頭髮").replace("\"zh\"", "\"zh-Hant\""));
}

#[test]
fn new_formats_are_known_by_their_extension() {
    let tree = Tree::new(&[
        (
            "a.vcf",
            "BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:=E5=A4=B4=E5=8F=91\r\nUID:头发\r\nEND:VCARD\r\n".as_bytes(),
        ),
        ("a.ics", "BEGIN:VCALENDAR\r\nSUMMARY:头\r\n 发\r\nUID:头发\r\nEND:VCALENDAR\r\n".as_bytes()),
        ("a.css", "p { font-family: \"头发\" } p::after { content: \"头发\" }\n".as_bytes()),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    tree.has("a.vcf", "BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:=E9=A0=AD=E9=AB=AE\r\nUID:头发\r\nEND:VCARD\r\n");
    tree.has("a.ics", "BEGIN:VCALENDAR\r\nSUMMARY:頭\r\n 髮\r\nUID:头发\r\nEND:VCALENDAR\r\n");
    tree.has("a.css", "p { font-family: \"头发\" } p::after { content: \"頭髮\" }\n");
}

//! Office documents. `tests/office/NAME` has the parts of a document, `tests/office/NAME.CONVERSION` those that change, as they
//! become: archives are made of the parts here. With `UPDATE=1` in the environment, the parts that change are written.

mod common;

use std::{
    collections::BTreeMap,
    env,
    fmt::Display,
    fs,
    io::{Cursor, Read, Write},
    iter,
    path::{Path, PathBuf},
};

use fanjian::{Config, Converter};
use fanjian_documents::{Format, Options, convert, groups};
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The documents, and their formats.
const DOCUMENTS: [(&str, Format); 5] = [
    ("slides", Format::Pptx),
    ("spreadsheet", Format::Ods),
    ("text", Format::Odt),
    ("word", Format::Docx),
    ("workbook", Format::Xlsx),
];

type Parts = BTreeMap<String, Vec<u8>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office")
}

/// The files of a folder by their names in it.
fn parts(folder: &Path) -> Parts {
    let (mut parts, mut folders) = (Parts::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                parts.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    parts
}

/// The archive of these parts: `mimetype` is first, and is not compressed.
fn archive(parts: &Parts) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let names = parts.keys().filter(|name| *name == "mimetype").chain(parts.keys().filter(|name| *name != "mimetype"));
    for name in names {
        let is_stored = name == "mimetype";
        let method = if is_stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(&parts[name]).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of an archive.
fn unpacked(archive: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut parts = Parts::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().into_owned(), bytes);
    }
    parts
}

/// The elements of a part, and the names of their attributes.
fn tree(part: &[u8]) -> Vec<String> {
    let text = str::from_utf8(part).unwrap();
    let mut reader = Reader::from_str(text);
    let mut tree = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let names = tag.attributes().map(|attribute| format!("{:?}", attribute.unwrap().key));
                tree.push(format!("{:?} {:?}", tag.name(), names.collect::<Vec<_>>()));
            }
            Event::End(_) => tree.push("end".into()),
            Event::Eof => return tree,
            _ => {}
        }
    }
}

#[test]
fn documents_become_what_is_expected() {
    let mut count = 0;
    for (name, format) in DOCUMENTS {
        for conversion in ["s2twp", "zh-TW"] {
            let expected = folder().join(format!("{name}.{conversion}"));
            if !expected.is_dir() {
                continue;
            }
            let source = parts(&folder().join(name));
            let converted = unpacked(&common::converted(&archive(&source), format, &common::options(conversion)));
            assert!(source.keys().eq(converted.keys()));
            let mut changed = converted.clone();
            changed.retain(|part, bytes| source[part] != *bytes);
            if env::var_os("UPDATE").is_some() {
                for (part, bytes) in &changed {
                    let path = expected.join(part);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, bytes).unwrap();
                }
            }
            for (part, bytes) in &changed {
                assert_eq!(tree(&source[part]), tree(bytes), "{name}/{part}: another tree");
            }
            let expected = parts(&expected);
            for (part, bytes) in &changed {
                let expected = expected.get(part).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
                assert_eq!(String::from_utf8_lossy(bytes), expected, "{name}/{part} by {conversion}");
            }
            assert!(expected.keys().eq(changed.keys()), "{name}: other parts changed by {conversion}");
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn the_laws_hold_for_all_documents() {
    for (name, format) in DOCUMENTS {
        let archive = archive(&parts(&folder().join(name)));
        common::check_laws(&archive, format, name);
        common::check_cuts(&archive, format);
    }
}

#[test]
fn documents_in_documents_are_converted() {
    let workbook = parts(&folder().join("workbook"));
    let options = common::options("s2twp");
    let source = with_workbook(&archive(&workbook));
    let converted = unpacked(&common::converted(&source, Format::Docx, &options));
    let expected = common::converted(&archive(&workbook), Format::Xlsx, &options);
    assert_eq!(unpacked(&converted["word/embeddings/data.xlsx"]), unpacked(&expected));
}

/// A document with this part as an embedded workbook.
fn with_workbook(workbook: &[u8]) -> Vec<u8> {
    let mut word = parts(&folder().join("word"));
    let types = String::from_utf8(word.remove("[Content_Types].xml").unwrap()).unwrap();
    let embedded = "<Default Extension=\"xlsx\" \
                    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/></Types>";
    word.insert("[Content_Types].xml".into(), types.replace("</Types>", embedded).into());
    word.insert("word/embeddings/data.xlsx".into(), workbook.to_vec());
    archive(&word)
}

#[test]
fn documents_in_documents_that_cannot_be_read_stay() {
    let options = common::options("s2twp");
    let workbook = archive(&parts(&folder().join("workbook")));
    let alone = convert(&with_workbook(&workbook), Format::Docx, &options).unwrap().report;
    assert_eq!(alone.left, 0);
    let encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted";
    for embedded in [&encrypted[..], &workbook[..workbook.len() / 2], b"", &archive(&Parts::new())] {
        let source = with_workbook(embedded);
        let converted = convert(&source, Format::Docx, &options).unwrap();
        assert_eq!(converted.report.left, 1);
        assert!(converted.report.changed > 0 && converted.report.changed < alone.changed);
        assert_eq!(unpacked(&converted.bytes)["word/embeddings/data.xlsx"], embedded);
        assert!(groups(&source, Format::Docx, &options).unwrap().len() > 1);
    }
}

/// Word shows them as a part of the document.
#[test]
fn chunks_in_other_formats_are_converted_or_counted() {
    let mut parts = parts(&folder().join("word"));
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).unwrap();
    let added = "<Default Extension=\"htm\" ContentType=\"text/html\"/><Default Extension=\"mht\" ContentType=\"message/rfc822\"/></Types>";
    parts.insert("[Content_Types].xml".to_owned(), types.replace("</Types>", added).into_bytes());
    parts.insert("word/a.htm".to_owned(), "<p title=x>头<b>发</b></p>".into());
    parts.insert("word/b.htm".to_owned(), b"<p>\xcd\xb7\xb7\xa2</p>".to_vec());
    parts.insert("word/c.mht".to_owned(), "头发".into());
    let source = archive(&parts);
    let converted = convert(&source, Format::Docx, &common::options("s2twp")).unwrap();
    let new = unpacked(&converted.bytes);
    assert_eq!(new["word/a.htm"], "<p title=x>頭<b>髮</b></p>".as_bytes());
    assert!(["word/b.htm", "word/c.mht"].iter().all(|part| new[*part] == parts[*part]));
    assert_eq!(converted.report.left, 2);
}

#[test]
fn templates_may_have_nothing_but_styles() {
    for (name, format) in [("text", Format::Odt), ("text", Format::Ods)] {
        let mut parts = parts(&folder().join(name));
        parts.remove("content.xml");
        let converted = unpacked(&common::converted(&archive(&parts), format, &common::options("s2twp")));
        assert!(converted["styles.xml"] != parts["styles.xml"]);
        parts.remove("styles.xml");
        let error = convert(&archive(&parts), format, &common::options("s2twp")).unwrap_err().to_string();
        assert!(error.contains("neither a part 'content.xml' nor a part 'styles.xml'"), "{error}");
    }
}

/// What an altered part of a document has in place of another text.
fn altered() -> impl Strategy<Value = (Vec<(prop::sample::Index, usize, &'static str)>, prop::sample::Index)> {
    let texts = [
        "", "头", "<", ">", "&", "\"", "'", "[", "]", "(", ")", "_x000a_", "&#10;", "<!--", "]]>", "</", "\u{ad}", "@#",
    ];
    let change = (any::<prop::sample::Index>(), 0..12_usize, prop::sample::select(texts.to_vec()));
    (prop::collection::vec(change, 1..4), any::<prop::sample::Index>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A document of which a part is altered is an error or is converted, and stays as it is by a conversion that changes
    /// nothing.
    #[test]
    fn altered_documents_are_converted_or_errors((changes, part) in altered()) {
        let nothing = Options::new(Converter::new(Config::S2t)).protect(|text| iter::once(0..text.len()).collect());
        for (name, format) in DOCUMENTS {
            let mut parts = parts(&folder().join(name));
            let part = part.get(&parts.keys().cloned().collect::<Vec<_>>()).clone();
            let mut text = String::from_utf8(parts[&part].clone()).unwrap();
            for (place, len, new) in &changes {
                let start = text.floor_char_boundary(place.index(text.len() + 1));
                let end = text.floor_char_boundary((start + len).min(text.len())).max(start);
                text.replace_range(start..end, new);
            }
            parts.insert(part, text.into_bytes());
            let source = archive(&parts);
            let _ = convert(&source, format, &common::options("s2twp"));
            let _ = convert(&source, format, &common::options("zh-CN"));
            if let Ok(unchanged) = convert(&source, format, &nothing) {
                prop_assert!(unchanged.bytes == source);
            }
        }
    }
}

/// Columns that queries name stay, and so do equal strings elsewhere.
#[test]
fn columns_of_queries_stay() {
    let mut workbook = parts(&folder().join("workbook"));
    let types = String::from_utf8(workbook.remove("[Content_Types].xml").unwrap()).unwrap();
    let connections = "<Override PartName=\"/xl/connections.xml\" \
                       ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml\"/></Types>";
    workbook.insert("[Content_Types].xml".into(), types.replace("</Types>", connections).into());
    workbook.insert("xl/connections.xml".into(), b"<connections/>".to_vec());
    let converted = unpacked(&common::converted(&archive(&workbook), Format::Xlsx, &common::options("s2twp")));
    let text = |part: &str| str::from_utf8(&converted[part]).unwrap();
    assert!(text("xl/tables/table1.xml").contains("name=\"头发[干]\" totalsRowLabel=\"彙總\""));
    assert!(
        text("xl/sharedStrings.xml").contains("<t>头发[干]</t>")
            && text("xl/sharedStrings.xml").contains("<t>軟體</t>")
    );
    assert!(text("xl/worksheets/sheet1.xml").contains("[头发'[干']]"));
}

/// Strings in cells that are the name of a sheet stay if a formula makes an address of them.
#[test]
fn names_of_sheets_in_cells_stay_if_they_are_addresses() {
    let mut workbook = parts(&folder().join("workbook"));
    let strings = |workbook: &Parts| {
        let converted = unpacked(&common::converted(&archive(workbook), Format::Xlsx, &common::options("s2twp")));
        String::from_utf8(converted["xl/sharedStrings.xml"].clone()).unwrap()
    };
    for (formula, stays) in [
        ("INDIRECT(\"软件!A1\")", false),
        ("HYPERLINK(&quot;#软件!A1&quot;,1)", false),
        ("HYPERLINK(\"http://\"&amp;A1)", false),
        ("HYPERLINK(\"#\"&amp;A1&amp;\"!A1\",A1)", true),
        ("INDIRECT(A1&amp;\"!A1\")", true),
    ] {
        let sheet = String::from_utf8(workbook["xl/worksheets/sheet1.xml"].clone()).unwrap();
        let (before, behind) = sheet.split_once("<c r=\"F3\"><f>").unwrap();
        let sheet = format!("{before}<c r=\"F3\"><f>{formula}{}", &behind[behind.find("</f>").unwrap()..]);
        workbook.insert("xl/worksheets/sheet1.xml".into(), sheet.into_bytes());
        assert_eq!(strings(&workbook).contains("<t>软件</t>"), stays, "{formula}");
    }
}

/// Controls of Word are filled from what they are bound to when the document is opened: it used to stay.
#[test]
fn what_controls_are_bound_to_is_converted() {
    let control = |kind: &str, path: &str, store: &str| {
        format!(
            "<w:sdt><w:sdtPr><w:dataBinding w:xpath=\"{path}\" w:storeItemID=\"{store}\"/>{kind}</w:sdtPr>\
             <w:sdtContent><w:p><w:r><w:t>头发</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
    };
    let store = "{11111111-a668-4E3E-A5EB-62B293D839F1}";
    let controls = [
        control("<w:text/>", "/ns0:Properties[1]/ns0:Company[1]", "{6668398D-A668-4E3E-A5EB-62B293D839F1}"),
        control("<w:text/>", "/ns1:coreProperties[1]/ns0:creator[1]", "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"),
        control("<w:text/>", "/x:a[1]/b[2]", store),
        control("<w:dropDownList/>", "/x:a[1]/c[1]", store),
        control("<w:text/>", "/x:a[1]/@b", store),
        control(
            "<w:text/>",
            "/ns0:CoverPageProperties[1]/ns0:CompanyAddress[1]",
            "{55AF091B-3C7A-41E3-B477-F2FDAA23CFDA}",
        ),
        control("<w:text/>", "/ns0:CoverPageProperties[1]/ns0:Abstract[1]", "{55AF091B-3C7A-41E3-B477-F2FDAA23CFDA}"),
    ];
    let mut word = parts(&folder().join("word"));
    let document = String::from_utf8(word["word/Dokument.xml"].clone()).unwrap();
    let document = document.replacen("</w:body>", &(controls.concat() + "</w:body>"), 1);
    word.insert("word/Dokument.xml".into(), document.into_bytes());
    let items = "<x:a xmlns:x='x' b='头发'><b>头发</b><b>头<![CDATA[发]]>&amp;</b><c>头发</c></x:a>";
    let relationships = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship \
                         Id='a' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps' \
                         Target='../customXml/itemProps3.xml'/></Relationships>";
    let properties = format!(
        "<ds:datastoreItem ds:itemID='{}' \
         xmlns:ds='http://schemas.openxmlformats.org/officeDocument/2006/customXml'/>",
        store.to_uppercase()
    );
    let cover_properties = properties.replace(&store.to_uppercase(), "{55AF091B-3C7A-41E3-B477-F2FDAA23CFDA}");
    let cover_relationships = relationships.replace("itemProps3", "itemProps1");
    for (name, text) in [
        ("customXml/_rels/item1.xml.rels", &*cover_relationships),
        ("customXml/itemProps1.xml", &cover_properties),
        ("customXml/item3.xml", items),
        ("customXml/_rels/item3.xml.rels", relationships),
        ("customXml/itemProps3.xml", &properties),
    ] {
        word.insert(name.into(), text.as_bytes().to_vec());
    }
    let source = archive(&word);
    let converted = unpacked(&common::converted(&source, Format::Docx, &common::options("s2twp")));
    let text = |part: &str| String::from_utf8(converted[part].clone()).unwrap();
    assert_eq!(text("customXml/item3.xml"), items.replace("<b>头<![CDATA[发]]>", "<b>頭<![CDATA[髮]]>"));
    assert!(text("customXml/item1.xml").contains("<Abstract>她的頭髮</Abstract><CompanyAddress>頭髮</CompanyAddress>"));
    assert!(text("docProps/app.xml").contains("<Company>頭髮公司</Company>"));
    assert!(text("docProps/core.xml").contains("<dc:creator>鍾後來</dc:creator>"));
    common::check_laws(&source, Format::Docx, "bound controls");
}

/// A workbook with these strings in cells, and these formulas.
fn workbook(strings: &[impl Display], formulas: &[impl Display]) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#;
    let sheet = |root: &str, content: String| {
        let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        format!(r#"<{root} xmlns="{namespace}">{content}</{root}>"#)
    };
    let strings = strings.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let cells: String = formulas.iter().map(|formula| format!("<c><f>{formula}</f></c>")).collect();
    let parts = [
        ("[Content_Types].xml", types.to_owned()),
        ("xl/workbook.xml", sheet("workbook", String::new())),
        ("xl/sharedStrings.xml", sheet("sst", strings)),
        ("xl/sheet.xml", sheet("worksheet", format!("<sheetData><row>{cells}</row></sheetData>"))),
    ];
    archive(&parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect())
}

#[test]
fn strings_that_are_searched_become_what_they_are_a_part_of() {
    let formulas = [
        "FIND(\"发\",A1)",
        "IF(ISNUMBER(SEARCH(\"很干\",A1)),\"发\",\"干\")",
        "SUBSTITUTE(A1,\"发\",\"干\")",
        "COUNTIF(A:A,\"*发*\")",
        "FIND(\"里\",A1)",
        "FIND(\"后\",A1)",
    ];
    // 里 is a part of two words that become different ones; 后 is in no cell.
    let source = workbook(&["很&#24178;", "头发", "公里", "里面"], &formulas);
    let converted = unpacked(&common::converted(&source, Format::Xlsx, &common::options("s2twp")));
    let sheet = str::from_utf8(&converted["xl/sheet.xml"]).unwrap();
    let strings = str::from_utf8(&converted["xl/sharedStrings.xml"]).unwrap();
    assert!(strings.contains("<t>頭髮</t></si><si><t>公里</t></si><si><t>裡面</t></si>"), "{strings}");
    for formula in [
        "FIND(\"髮\",A1)",
        "IF(ISNUMBER(SEARCH(\"很乾\",A1)),\"發\",\"幹\")",
        "SUBSTITUTE(A1,\"髮\",\"幹\")",
        "COUNTIF(A:A,\"*髮*\")",
        "FIND(\"裡\",A1)",
        "FIND(\"後\",A1)",
    ] {
        assert!(sheet.contains(&format!("<f>{formula}</f>")), "{formula}: {sheet}");
    }
    common::check_laws(&source, Format::Xlsx, "searched strings");
}

#[test]
fn searches_that_are_filled_down_are_no_more_work_for_each_cell() {
    // One look at all cells for each of them would take many minutes.
    const ROWS: usize = 20_000;
    let formulas = |hair: &str, behind: &str| -> Vec<String> {
        let formula = |row| match row % 2 {
            0 => format!("FIND(\"{hair}\",A{row})"),
            _ => format!("COUNTIF(A:A,\"*{hair}{row}{behind}*\")"),
        };
        (0..ROWS).map(formula).collect()
    };
    let strings: Vec<String> = (0..ROWS).map(|row| format!("头发{row}后")).collect();
    let source = workbook(&strings, &formulas("发", "后"));
    let converted = unpacked(&common::converted(&source, Format::Xlsx, &common::options("s2t")));
    let expected = unpacked(&workbook(&strings, &formulas("髮", "後")));
    assert!(converted["xl/sheet.xml"] == expected["xl/sheet.xml"]);
}

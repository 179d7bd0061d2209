//! Fonts that are embedded in documents and lack characters of the new text.

mod common;

use common::archive;
use fanjian_documents::{FontGap, Format, convert};

fn lacking(source: &[u8], format: Format) -> Vec<(String, Option<usize>)> {
    let report = convert(source, format, &common::options("s2t")).unwrap().report;
    report.fonts.into_iter().map(|FontGap { part, lacking, .. }| (part, lacking)).collect()
}

fn masked(mut font: Vec<u8>, key: &[u8], len: usize) -> Vec<u8> {
    font.iter_mut().take(len).zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
    font
}

/// A book in which `font.otf` is obfuscated in this way.
fn book(algorithm: &str, identifier: &str, font: &[u8]) -> Vec<u8> {
    let container = "<container><rootfiles><rootfile full-path='a.opf'/></rootfiles></container>";
    let encryption = format!(
        "<encryption xmlns:enc='http://www.w3.org/2001/04/xmlenc#'><enc:EncryptedData><enc:EncryptionMethod \
         Algorithm='{algorithm}'/><enc:CipherData><enc:CipherReference URI='font.otf'/></enc:CipherData></enc:EncryptedData>\
         </encryption>"
    );
    let package = format!(
        "<package xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/' unique-identifier='id'>\
         <metadata><dc:identifier>1</dc:identifier><dc:identifier id='id'> {identifier}\n</dc:identifier>\
         <dc:title>头发</dc:title></metadata><manifest>\
         <item id='font' href='font.otf' media-type='font/otf'/></manifest></package>"
    );
    archive(&[
        ("META-INF/container.xml", container.as_bytes()),
        ("META-INF/encryption.xml", encryption.as_bytes()),
        ("a.opf", package.as_bytes()),
        ("font.otf", font),
    ])
}

#[test]
fn obfuscated_fonts_of_books_are_looked_at() {
    let (idpf, adobe) = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC");
    let identifier = "urn:uuid:00112233-4455-6677-8899-aabbccddeeff";
    let font = common::font("头发頭");
    // The digest of the identifier without white space, by another program (sha1sum).
    let digest: [u8; 20] = [
        0xb6, 0xad, 0x46, 0x36, 0x5e, 0x41, 0x0b, 0x39, 0x9e, 0x7e, 0x23, 0xa4, 0xb7, 0x37, 0x95, 0xd2, 0x19, 0xb2,
        0x30, 0x66,
    ];
    let uuid: Vec<u8> = (0..16).map(|digit| digit << 4 | digit).collect();
    let found = |lacking| vec![("font.otf".to_owned(), lacking)];
    // 髮.
    assert_eq!(lacking(&book(idpf, identifier, &masked(font.clone(), &digest, 1040)), Format::Epub), found(Some(1)));
    assert_eq!(lacking(&book(adobe, identifier, &masked(font.clone(), &uuid, 1024)), Format::Epub), found(Some(1)));
    // By another key, or without one.
    assert_eq!(lacking(&book(idpf, "x", &masked(font.clone(), &digest, 1040)), Format::Epub), found(None));
    assert_eq!(lacking(&book(adobe, "x", &masked(font, &uuid, 1024)), Format::Epub), found(None));
    // Nothing is lacking.
    let whole = common::font("头发頭髮");
    assert_eq!(lacking(&book(adobe, identifier, &masked(whole, &uuid, 1024)), Format::Epub), []);
}

#[test]
fn fonts_of_office_documents_are_looked_at() {
    let word = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
                xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
    let text = |text: &str| {
        format!("<w:document {word}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>")
    };
    let table = format!(
        "<w:fonts {word}><w:font w:name='a'><w:embedRegular r:id='r1' w:fontKey='{{0F0E0D0C-0B0A-0908-0706-050403020100}}' \
         w:subsetted='1'/></w:font></w:fonts>"
    );
    let relations = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>\
                     <Relationship Id='r1' Type='font' Target='fonts/font1.odttf'/></Relationships>";
    let key: Vec<u8> = (0..16).collect();
    let font = masked(common::font("头发"), &key, 32);
    let document = |content: &str| {
        archive(&[
            ("word/document.xml", text(content).as_bytes()),
            ("word/fontTable.xml", table.as_bytes()),
            ("word/_rels/fontTable.xml.rels", relations.as_bytes()),
            ("word/fonts/font1.odttf", &font),
            ("word/fonts/font2.odttf", &font),
        ])
    };
    let expected = [("word/fonts/font1.odttf".to_owned(), Some(2)), ("word/fonts/font2.odttf".to_owned(), None)];
    assert_eq!(lacking(&document("头发"), Format::Docx), expected);
    // Nothing changes.
    assert_eq!(lacking(&document("一"), Format::Docx), []);
    let content = "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
                   xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><text:p>头发</text:p></office:document-content>";
    let plain = common::font("头发頭");
    let open = archive(&[("content.xml", content.as_bytes()), ("Fonts/a.ttf", &plain)]);
    assert_eq!(lacking(&open, Format::Odt), [("Fonts/a.ttf".to_owned(), Some(1))]);
}

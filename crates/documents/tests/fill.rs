//! Catalogues that are filled from their sibling in the other script.

mod common;

use fanjian::{Converter, ErrorKind, Target};
use fanjian_documents::{Filled, Format, Languages, Options, convert_text, fill};
use proptest::prelude::*;

fn filled(target: &str, source: &str, format: Format) -> Filled {
    fill(target, source, format, &common::options("zh-TW")).unwrap()
}

/// Checks that catalogues that are cut anywhere are filled or errors.
fn check_cuts(target: &str, source: &str, format: Format) {
    let options = common::options("zh-TW");
    let ends = |text: &str| -> Vec<usize> { (0..text.len()).filter(|&end| text.is_char_boundary(end)).collect() };
    for end in ends(target) {
        let _ = fill(&target[..end], source, format, &options);
    }
    for end in ends(source) {
        let _ = fill(target, &source[..end], format, &options);
    }
}

#[test]
fn catalogues_of_gettext_are_filled() {
    let target = r#"msgid ""
msgstr ""
"Language: zh_TW\n"

# 人
#, c-format
msgid "open %s"
msgstr ""

msgctxt "menu"
msgid "hair"
msgstr "秀髮"

#| msgid "old"
msgid "cats"
msgid_plural "%d cats"
msgstr[0] ""

msgid "gone"
msgstr "不見"

#~ msgid "obsolete"
#~ msgstr "舊"
"#;
    let source = r#"msgid ""
msgstr ""
"Language: zh_CN\n"

#, c-format
msgid "open %s"
msgstr ""
"打开"
" %s"

msgid "between"
msgstr "干杯"
#. note
msgid "next"
msgstr "后台"

msgid "empty"
msgstr ""

msgctxt "menu"
msgid "hair"
msgstr "头发"

msgid "cats"
msgid_plural "%d cats"
msgstr[0] "%d 只猫"

msgid "obsolete"
msgstr "旧"
"#;
    let expected = r#"msgid ""
msgstr ""
"Language: zh_TW\n"

# 人
#, fuzzy, c-format
msgid "open %s"
msgstr ""
"打開"
" %s"

#, fuzzy
msgid "between"
msgstr "乾杯"

#. note
#, fuzzy
msgid "next"
msgstr "後台"

msgctxt "menu"
msgid "hair"
msgstr "秀髮"

#, fuzzy
#| msgid "old"
msgid "cats"
msgid_plural "%d cats"
msgstr[0] "%d 隻貓"

msgid "gone"
msgstr "不見"

msgid "obsolete"
msgstr "舊"
"#;
    check_cuts(target, source, Format::Po);
    let filled = filled(target, source, Format::Po);
    assert_eq!(filled.text, expected);
    assert_eq!(filled.added, ["open %s", "between", "next", "cats", "obsolete"]);
    assert_eq!(filled.stale, ["gone"]);
}

/// What gettext calls an error: a message that is there twice, obsolete or not, and another number of forms than is stated.
#[test]
fn filled_catalogues_of_gettext_are_catalogues_of_gettext() {
    let header = "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=n != 1;\\n\"\n";
    let source_header = "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=1; plural=0;\\n\"\n";
    let one = "msgid \"c\"\nmsgstr \"后台\"\n";
    let many = "msgid \"c\"\nmsgid_plural \"d\"\nmsgstr[0] \"\"\n\"后台\"\n";
    let filled_many = "msgid_plural \"d\"\nmsgstr[0] \"\"\n\"後台\"\nmsgstr[1] \"\"\n\"後台\"\n";
    let cases = [
        // Obsolete entries are revived.
        ("\n#~ msgid \"c\"\n#~ msgstr \"我的\"\n", one, "\nmsgid \"c\"\nmsgstr \"我的\"\n".to_owned()),
        (
            "\n# note\n#, fuzzy\n#~| msgid \"b\"\n#~\tmsgid \"c\"\n#~ msgstr \"\"\n#~ \"我的\"\n\n#~ msgid \"z\"\n#~ msgstr \"舊\"\n",
            one,
            "\n# note\n#, fuzzy\n#| msgid \"b\"\n\tmsgid \"c\"\nmsgstr \"\"\n\"我的\"\n\n#~ msgid \"z\"\n#~ msgstr \"舊\"\n"
                .to_owned(),
        ),
        ("\n#~ msgid \"c\" msgstr \"我的\"\n", one, "\nmsgid \"c\" msgstr \"我的\"\n".to_owned()),
        // Those that are empty are replaced.
        ("\n#~ msgid \"c\"\n#~ msgstr \"\"\n", one, "\n#, fuzzy\nmsgid \"c\"\nmsgstr \"後台\"\n".to_owned()),
        // One that is not obsolete counts.
        (
            "\n#~ msgid \"c\"\n#~ msgstr \"我的\"\n\nmsgid \"c\"\nmsgstr \"我\"\n",
            one,
            "\n#~ msgid \"c\"\n#~ msgstr \"我的\"\n\nmsgid \"c\"\nmsgstr \"我\"\n".to_owned(),
        ),
        // The forms are as many as the target states, whatever the source has.
        ("", many, format!("\n#, fuzzy\nmsgid \"c\"\n{filled_many}")),
        (
            "\nmsgid \"c\"\nmsgid_plural \"d\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n",
            many,
            format!("\n#, fuzzy\nmsgid \"c\"\n{filled_many}"),
        ),
        (
            "\nmsgid \"c\"\nmsgid_plural \"d\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n",
            one,
            "\n#, fuzzy\nmsgid \"c\"\nmsgid_plural \"d\"\nmsgstr[0] \"後台\"\nmsgstr[1] \"後台\"\n".to_owned(),
        ),
        ("\nmsgid \"c\"\nmsgstr \"\"\n", many, "\n#, fuzzy\nmsgid \"c\"\nmsgstr \"\"\n\"後台\"\n".to_owned()),
        // Entries in one line.
        ("\nmsgid \"a\" msgstr \"x\" msgid \"c\" msgstr \"\"\n", one, {
            "\nmsgid \"a\" msgstr \"x\" \n#, fuzzy\nmsgid \"c\" msgstr \"後台\"\n".to_owned()
        }),
        ("", "msgid \"b\" msgstr \"\" msgid \"c\" msgstr \"后台\"", {
            "\n#, fuzzy\nmsgid \"c\" msgstr \"後台\"\n".to_owned()
        }),
    ];
    for (target, source, expected) in cases {
        let (target, source) = (format!("{header}{target}"), format!("{source_header}\n{source}"));
        check_cuts(&target, &source, Format::Po);
        assert_eq!(filled(&target, &source, Format::Po).text, format!("{header}{expected}"), "{target}");
    }
    // Without a header, each catalogue has its own number.
    let two = "msgid \"c\"\nmsgid_plural \"d\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n";
    assert_eq!(filled(two, many, Format::Po).text, format!("#, fuzzy\nmsgid \"c\"\n{filled_many}"));
    let hostile = format!("{}\n{two}", header.replace("=2", "=99999999999"));
    assert!(filled(&hostile, many, Format::Po).text.len() < 500);
}

#[test]
fn json_is_filled() {
    let target = "{\n    \"menu\": {\n        \"hair\": \"秀髮\",\n        \"empty\": \"\"\n    },\n    \"none\": {},\n    \"gone\": \"不見\"\n}\n";
    let source = "{\n  \"first\": \"后台\",\n  \"menu\": {\n    \"new\": \"打开\",\n    \"hair\": \"头发\",\n    \"cats\": \"{n} 只猫\",\n    \"empty\": \"干杯\",\n    \"list\": [\n      \"头发\"\n    ]\n  },\n  \"none\": {\n    \"a/b\": \"头\"\n  }\n}\n";
    let expected = "{\n    \"first\": \"後台\",\n    \"menu\": {\n        \"new\": \"打開\",\n        \"hair\": \"秀髮\",\n        \"cats\": \"{n} 隻貓\",\n        \"empty\": \"乾杯\",\n        \"list\": [\n          \"頭髮\"\n        ]\n    },\n    \"none\": {\n      \"a/b\": \"頭\"\n    },\n    \"gone\": \"不見\"\n}\n";
    check_cuts(target, source, Format::Json);
    let filled = filled(target, source, Format::Json);
    assert_eq!(filled.text, expected);
    assert_eq!(filled.added, ["/first", "/menu/new", "/menu/cats", "/menu/empty", "/menu/list", "/none/a~1b"]);
    assert_eq!(filled.stale, ["/gone"]);
}

#[test]
fn catalogues_by_locale_are_filled_under_the_name_of_the_target() {
    let filled = filled("{\"zh-TW\": {\"a\": \"甲\"}}", "{\"zh-CN\": {\"a\": \"头\", \"b\": \"头发\"}}", Format::Json);
    assert_eq!(filled.text, "{\"zh-TW\": {\"a\": \"甲\", \"b\": \"頭髮\"}}");
}

#[test]
fn what_is_said_on_messages_is_not_filled() {
    let filled = filled(
        "{\n  \"@@locale\": \"zh_TW\",\n  \"a\": \"甲\"\n}",
        "{\n  \"@@locale\": \"zh_CN\",\n  \"a\": \"头\",\n  \"b\": \"头发\",\n  \"@b\": {\"description\": \"头发\"}\n}",
        Format::Arb,
    );
    assert_eq!(filled.text, "{\n  \"@@locale\": \"zh_TW\",\n  \"a\": \"甲\",\n  \"b\": \"頭髮\"\n}");
    assert_eq!(filled.added, ["/b"]);
}

#[test]
fn xliff_is_filled() {
    let target = r#"<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
 <file original="a" target-language="zh-TW"><body>
  <trans-unit id="1">
   <source>hair</source>
   <note>n</note>
  </trans-unit>
  <trans-unit id="2"><source>cats</source><target xml:lang="zh-TW"/></trans-unit>
  <trans-unit id="3"><source>open</source><target state="new"></target></trans-unit>
  <trans-unit id="4"><source>by people</source><target>打開</target></trans-unit>
  <trans-unit id="5"><source>gone</source></trans-unit>
 </body></file>
</xliff>
"#;
    let source = r#"<x:xliff version="1.2" xmlns:x="urn:oasis:names:tc:xliff:document:1.2">
 <x:file original="a" target-language="zh-CN"><x:body>
  <x:trans-unit id="4"><x:source>by people</x:source><x:target>开</x:target></x:trans-unit>
  <x:trans-unit id="3"><x:source>open</x:source><x:target>打开</x:target></x:trans-unit>
  <x:trans-unit id="2"><x:source>cats</x:source><x:target>%d 只猫</x:target></x:trans-unit>
  <x:trans-unit id="1"><x:source>hair</x:source><x:target>头<![CDATA[发]]></x:target></x:trans-unit>
 </x:body></x:file>
</x:xliff>
"#;
    let expected = r#"<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
 <file original="a" target-language="zh-TW"><body>
  <trans-unit id="1">
   <source>hair</source>
   <target state="needs-review-translation">頭<![CDATA[髮]]></target>
   <note>n</note>
  </trans-unit>
  <trans-unit id="2"><source>cats</source><target xml:lang="zh-TW" state="needs-review-translation">%d 隻貓</target></trans-unit>
  <trans-unit id="3"><source>open</source><target state="needs-review-translation">打開</target></trans-unit>
  <trans-unit id="4"><source>by people</source><target>打開</target></trans-unit>
  <trans-unit id="5"><source>gone</source></trans-unit>
 </body></file>
</xliff>
"#;
    check_cuts(target, source, Format::Xliff);
    let filled = filled(target, source, Format::Xliff);
    assert_eq!(filled.text, expected);
    assert_eq!(filled.added, ["a/1", "a/2", "a/3"]);
    assert_eq!(filled.stale, ["a/5"]);
}

#[test]
fn xliff_2_is_filled() {
    let target = "<xliff version='2.0'><file id='f'><unit id='u'><segment><source>a</source></segment>\
                  <segment><source>b</source><target/></segment></unit></file></xliff>";
    let source = "<xliff version='2.0'><file id='f'><unit id='u'><segment><source>a</source><target>头</target></segment>\
                  <segment><source>b</source><target>头<ph id='1'/>发</target></segment></unit></file></xliff>";
    let expected = "<xliff version='2.0'><file id='f'><unit id='u'><segment><source>a</source><target>頭</target></segment>\
                    <segment><source>b</source><target>頭<ph id='1'/>發</target></segment></unit></file></xliff>";
    check_cuts(target, source, Format::Xliff);
    let filled = filled(target, source, Format::Xliff);
    assert_eq!(filled.text, expected);
    assert_eq!(filled.added, ["f/u", "f/u/1"]);
}

/// Checks that a catalogue that has been filled has nothing more to fill, and that cut ones are filled or errors.
#[track_caller]
fn check(target: &str, source: &str, format: Format, expected: &str, added: &[&str], stale: &[&str]) {
    check_cuts(target, source, format);
    let once = filled(target, source, format);
    assert_eq!(once.text, expected);
    assert_eq!(once.added, added);
    assert_eq!(once.stale, stale);
    // It is in order: it is read again, and nothing is missing any more.
    let twice = filled(&once.text, source, format);
    assert_eq!(twice.text, expected);
    assert!(twice.added.is_empty(), "{:?}", twice.added);
    let windows = |text: &str| text.replace('\n', "\r\n");
    if target.contains('\n') {
        assert_eq!(filled(&windows(target), source, format).text, windows(expected));
    }
}

#[test]
fn properties_are_filled() {
    let target = "# 版權\n\nhair = 秀髮\nempty=\nalone\ngone: 不見\n";
    let source = "first=后台\n\n# note\nhair=头发\nnew : 干\\\n   杯\nempty=打开\nalone=头\nhair=又\nlast=\\u5934\n";
    let expected =
        "# 版權\n\nfirst=後台\n\nhair = 秀髮\nnew : 乾\\\n   杯\nempty=打開\nalone=頭\nlast=\\u982d\ngone: 不見\n";
    let added = ["first", "new", "empty", "alone", "last"];
    check(target, source, Format::Properties, expected, &added, &["gone"]);
    assert_eq!(filled(target, source, Format::Properties).stale_lines, [6]);
    check("", "# n\na=头\n\nb=发\n", Format::Properties, "# n\na=頭\n\nb=發\n", &["a", "b"], &[]);
    check("# 人", "a=头发\n", Format::Properties, "# 人\na=頭髮\n", &["a"], &[]);
}

#[test]
fn strings_are_filled() {
    let target = "/* 人 */\n\"hair\" = \"秀髮\";\n\n/* e */\n\"empty\" = \"\";\n\"gone\" = \"不見\";\n";
    let source = "/* new */\n\"new\" = \"后台\";\n\n/* h */\n\"hair\" = \"头发\";\n\n// open\nopen = '打开 %@';\n\n\"empty\" = \"干杯\";\n\"only\";\n";
    let expected = "/* new */\n\"new\" = \"後台\";\n\n/* 人 */\n\"hair\" = \"秀髮\";\n\n// open\nopen = '打開 %@';\n\n/* e */\n\"empty\" = \"乾杯\";\n\"only\";\n\"gone\" = \"不見\";\n";
    check(target, source, Format::Strings, expected, &["new", "open", "empty", "only"], &["gone"]);
    check("", "\"a\" = \"头\";\n", Format::Strings, "\"a\" = \"頭\";\n", &["a"], &[]);
}

#[test]
fn resources_of_android_are_filled() {
    let target = "<?xml version=\"1.0\"?>\n<resources>\n  <!-- 人 -->\n  <string name=\"hair\">秀髮</string>\n  <string name=\"empty\"/>\n  <string name=\"blank\" formatted=\"false\"></string>\n  <string name=\"gone\">不見</string>\n</resources>\n";
    let source = "<resources xmlns:xliff=\"urn:oasis:names:tc:xliff:document:1.2\">\n    <string name=\"left\" translatable=\"false\">头</string>\n    <!-- new -->\n    <string name=\"new\">后台 <xliff:g id=\"n\">%d</xliff:g></string>\n    <string name=\"hair\">头发</string>\n    <string-array name=\"list\">\n        <item>头</item>\n    </string-array>\n\n    <plurals name=\"hair\">\n        <item quantity=\"other\">%d 只猫</item>\n    </plurals>\n    <string name=\"empty\">打开</string>\n    <string name=\"blank\">干杯</string>\n</resources>\n";
    let expected = "<?xml version=\"1.0\"?>\n<resources xmlns:xliff=\"urn:oasis:names:tc:xliff:document:1.2\">\n  <!-- new -->\n  <string name=\"new\">後台 <xliff:g id=\"n\">%d</xliff:g></string>\n  <!-- 人 -->\n  <string name=\"hair\">秀髮</string>\n  <string-array name=\"list\">\n      <item>頭</item>\n  </string-array>\n\n  <plurals name=\"hair\">\n      <item quantity=\"other\">%d 隻貓</item>\n  </plurals>\n  <string name=\"empty\">打開</string>\n  <string name=\"blank\" formatted=\"false\">乾杯</string>\n  <string name=\"gone\">不見</string>\n</resources>\n";
    let added = ["string/new", "array/list", "plurals/hair", "string/empty", "string/blank"];
    check(target, source, Format::Android, expected, &added, &["string/gone"]);
    let source = "<resources xmlns:t=\"t\">\n    <string name=\"a\" t:b=\"c\">头</string>\n</resources>\n";
    let new = "    <string name=\"a\" t:b=\"c\">頭</string>\n";
    let expected = format!("<resources xmlns:t=\"t\">\n{new}</resources>");
    check("<resources/>", source, Format::Android, &expected, &["string/a"], &[]);
    check("<resources></resources>", source, Format::Android, &expected, &["string/a"], &[]);
    // One for each product.
    let string = |product: &str, text: &str| format!("<string name=\"a\"{product}>{text}</string>\n");
    let (tablet, tv) = (" product=\"tablet\"", " product=\"tv\"");
    let target = format!("<resources>\n{}{}</resources>\n", string("", "甲"), string(tv, "乙"));
    let all = [string(tablet, "头"), string(" product=\"default\"", "发"), string(tv, "只")].concat();
    let products = format!("<resources>\n{all}</resources>\n");
    let expected =
        format!("<resources>\n{}{}{}</resources>\n", string(tablet, "頭"), string("", "甲"), string(tv, "乙"));
    check(&target, &products, Format::Android, &expected, &["string/a/tablet"], &[]);
    check(&products, &target, Format::Android, &products, &[], &["string/a/tablet"]);
    let options = common::options("zh-TW");
    let error = fill("<resources xmlns:t='u'/>", source, Format::Android, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn fluent_is_filled() {
    let target = "### 人\n\nhair = 秀髮\n    .title = 題\n\n## group\n\ngone = 不見\n";
    let source = "# n\nfirst = 后台\nhair = 头发\n\ncats =\n    { $n ->\n        [one] 一只猫\n       *[other] { $n } 只猫\n    }\n\n    打开\n-brand = 头\n";
    let expected = "### 人\n\n# n\nfirst = 後台\nhair = 秀髮\n    .title = 題\n\ncats =\n    { $n ->\n        [one] 一隻貓\n       *[other] { $n } 隻貓\n    }\n\n    打開\n-brand = 頭\n\n## group\n\ngone = 不見\n";
    check(target, source, Format::Fluent, expected, &["first", "cats", "-brand"], &["gone"]);
}

#[test]
fn yaml_is_filled() {
    let target = "# 人\nzh-TW:\n    menu:\n        hair: 秀髮 # 人\n        empty: \"\"\n        none:\n    flow: {a: 甲}\n    void: {}\n    gone: 不見\n";
    let source = "zh-CN:\n  first: 后台\n  menu:\n    new: 打开\n    hair: 头发\n    long: |\n      头\n\n      发\n    empty: 干杯\n    none:\n      a/b: '头'\n      list:\n      - 头\n  flow: {b: 发, a: 头, c: \"里面\"}\n  void: {d: 头}\n  nothing:\n  last: 只\n";
    let expected = "# 人\nzh-TW:\n    first: 後台\n    menu:\n        new: 打開\n        hair: 秀髮 # 人\n        long: |\n          頭\n\n          發\n        empty: 乾杯\n        none:\n          a/b: '頭'\n          list:\n          - 頭\n    flow: {b: 發, a: 甲, c: \"裡面\"}\n    void: {d: 頭}\n    last: 只\n    gone: 不見\n";
    let added = [
        "/zh-TW/first",
        "/zh-TW/void",
        "/zh-TW/last",
        "/zh-TW/menu/new",
        "/zh-TW/menu/long",
        "/zh-TW/menu/empty",
        "/zh-TW/menu/none",
        "/zh-TW/flow/b",
        "/zh-TW/flow/c",
    ];
    check(target, source, Format::Yaml, expected, &added, &["/zh-TW/gone"]);
    check("# 人\n", "a: 头发\nb:\n  c: 头\n", Format::Yaml, "# 人\na: 頭髮\nb:\n  c: 頭\n", &["/a", "/b"], &[]);
    // A mapping that ends with another one ends where that does.
    check(
        "zh-TW:\n  b:\n    c:\n      d: 甲 # 人\n",
        "zh-CN:\n  b:\n    c:\n      d: 头\n      e: 发\n    f: |\n      头\n    g:\n      h: 只\n  i: 发\nj: 头\n",
        Format::Yaml,
        "zh-TW:\n  b:\n    c:\n      d: 甲 # 人\n      e: 發\n    f: |\n      頭\n    g:\n      h: 只\n  i: 發\nj: 頭\n",
        &["/j", "/zh-TW/i", "/zh-TW/b/f", "/zh-TW/b/g", "/zh-TW/b/c/e"],
        &[],
    );
    check(
        "a: {} # 人\nb: # 人\n",
        "a:\n  c: |\n    头\nb:\n  - 发\n",
        Format::Yaml,
        "a: # 人\n  c: |\n    頭\nb: # 人\n  - 發\n",
        &["/a", "/b"],
        &[],
    );
    check(
        "# 人\n{} # 人\n",
        "a:\n  b: 发\nc: 头\n",
        Format::Yaml,
        "# 人\na:\n  b: 發\nc: 頭 # 人\n",
        &["/a", "/c"],
        &[],
    );
    // An alias has no anchor there; a block cannot stand between braces.
    for (target, source) in [
        ("b: 甲\n", "a: &x 头\nb: *x\nc: *x\n"),
        ("{a: 甲}\n", "a: 头\nb: |\n  头\n  发\n"),
        ("a: 甲\n---\n", "a: 头\n"),
    ] {
        if let Ok(filled) = fill(target, source, Format::Yaml, &common::options("zh-TW")) {
            // The anchor came with its entry.
            assert!(filled.text.contains("&x"), "{}", filled.text);
        }
    }
    let error = fill("a: 甲\n", "a: &x 头\nb: *x\n", Format::Yaml, &common::options("zh-TW")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn resources_of_dotnet_are_filled() {
    let data =
        |name: &str, value: &str| format!("  <data name=\"{name}\" xml:space=\"preserve\">\n    {value}\n  </data>\n");
    let head =
        "<?xml version=\"1.0\"?>\n<root>\n  <resheader name=\"version\">\n    <value>2.0</value>\n  </resheader>\n";
    let value = |text: &str| format!("<value>{text}</value>");
    let target = format!(
        "{head}{}{}{}{}</root>\n",
        data("hair", &value("秀髮")),
        data("empty", "<value />"),
        data("blank", "<value></value>"),
        data("gone", &value("不見"))
    );
    let source = format!(
        "{head}{}  <!-- 里 -->\n{}{}{}{}</root>\n",
        data("hair", &value("头发")),
        data("new", "<value>后台</value>\n    <comment>注</comment>"),
        "  <data name=\"icon\" type=\"System.Drawing.Icon\"><value>头</value></data>\n",
        data("empty", &value("打开")),
        data("blank", &value("干杯"))
    );
    let expected = format!(
        "{head}{}  <!-- 里 -->\n{}{}{}{}</root>\n",
        data("hair", &value("秀髮")),
        data("new", "<value>後台</value>\n    <comment>注</comment>"),
        data("empty", "<value>打開</value>"),
        data("blank", &value("乾杯")),
        data("gone", &value("不見"))
    );
    check(&target, &source, Format::Resx, &expected, &["new", "empty", "blank"], &["gone"]);
    assert_eq!(filled(&target, &source, Format::Resx).added_lines, [8, 9, 12]);
    let (empty, source) = (format!("{head}</root>\n"), format!("{head}{}</root>\n", data("a", &value("头"))));
    let expected = format!("{head}{}</root>\n", data("a", &value("頭")));
    check(&empty, &source, Format::Resx, &expected, &["a"], &[]);
}

#[test]
fn toml_is_filled() {
    let target = "# 人\ntitle = \"秀髮\" # 人\nempty = ''\n\n[menu]\nopen = \"打開\"\ngone = \"不見\"\n\n[old]\nx = \"舊\"\n\n[none]\n";
    let source = "# n\nfirst = \"后台\" # c\ntitle = \"头发\"\nempty = '干杯'\n\n[menu]\nopen = \"打开\"\n\"a/b\" = \"头\"\nlist = [\"头\", # c\n  \"发\"]\n[menu.sub]\nx = \"只\"\n\n# t\n[new]\ny = \"头\" # z\nz.a = { b = \"发\" }\n\n[none]\na = \"里面\"\n[[all]]\na = \"头\"\n[[all]]\na = \"发\"\n";
    let expected = "# n\nfirst = \"後台\" # c\n# 人\ntitle = \"秀髮\" # 人\nempty = '乾杯'\n\n[menu]\nopen = \"打開\"\n\"a/b\" = \"頭\"\nlist = [\"頭\", # c\n  \"發\"]\ngone = \"不見\"\n\n[menu.sub]\nx = \"只\"\n\n# t\n[new]\ny = \"頭\" # z\nz.a = { b = \"發\" }\n\n[old]\nx = \"舊\"\n\n[none]\na = \"裡面\"\n\n[[all]]\na = \"頭\"\n\n[[all]]\na = \"發\"\n";
    let added = ["/first", "/empty", "/menu/a~1b", "/menu/list", "/menu/sub", "/new", "/none/a", "/all"];
    check(target, source, Format::Toml, expected, &added, &["/menu/gone", "/old/x"]);
    check("a.b = \"人\"\n", "[a]\nb = \"头\"\n", Format::Toml, "a.b = \"人\"\n", &[], &[]);
    let error = fill("a = { b = \"人\" }\n", "[a]\nb = \"头\"\n", Format::Toml, &common::options("zh-TW")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

/// One look at all tables for each of them took minutes.
#[test]
fn many_tables_of_toml_are_no_more_work_for_each() {
    let tables = |text: &str| (0..30_000).map(|number| format!("[t{number}]\nk = \"{text}\"\n\n")).collect::<String>();
    let filled = filled("", &tables("头发"), Format::Toml);
    assert_eq!(filled.added.len(), 30_000);
    assert_eq!(filled.text.trim_end(), tables("頭髮").trim_end());
    // All are there.
    let again = fill(&filled.text, &tables("头发"), Format::Toml, &common::options("zh-TW")).unwrap();
    assert!(again.added.is_empty() && again.text == filled.text);
}

#[test]
fn catalogues_with_several_languages_are_filled_from_themselves() {
    let yaml = "en:\n  a: hair\nzh-CN:\n  a: 头发\n  b: 打开\nzh-TW:\n  a: 秀髮\n  c: 不見\n";
    let expected = "en:\n  a: hair\nzh-CN:\n  a: 头发\n  b: 打开\nzh-TW:\n  a: 秀髮\n  b: 打開\n  c: 不見\n";
    let json = "{\n  \"zh-TW\": {\"a\": \"\"},\n  \"zh-CN\": {\"a\": \"头发\"}\n}\n";
    let alone = "zh-CN:\n  a: 头发\n";
    type Case<'c> = (Format, &'c str, &'c str, &'c [&'c str], &'c [&'c str]);
    let cases: [Case<'_>; 3] = [
        (Format::Yaml, yaml, expected, &["/zh-TW/b"], &["/zh-TW/c"]),
        (Format::Json, json, &json.replace("\"\"", "\"頭髮\""), &["/zh-TW/a"], &[]),
        (Format::Yaml, alone, "zh-TW:\n  a: 頭髮\nzh-CN:\n  a: 头发\n", &["/zh-TW"], &[]),
    ];
    for (format, text, expected, added, stale) in cases {
        let once = filled(text, text, format);
        assert_eq!(once.text, expected);
        assert_eq!(once.added, added);
        assert_eq!(once.stale, stale);
        let twice = filled(expected, expected, format);
        assert_eq!(twice.text, expected);
        assert!(twice.added.is_empty());
    }
}

#[test]
fn string_catalogues_are_filled_from_themselves() {
    let unit = |state: &str, value: &str| {
        format!(
            "{{\n          \"stringUnit\" : {{\n            \"state\" : \"{state}\",\n            \"value\" : \"{value}\"\n          }}\n        }}"
        )
    };
    let localization = |name: &str, state: &str, value: &str| format!("        \"{name}\" : {}", unit(state, value));
    let string = |key: &str, localizations: &[String]| {
        format!("    \"{key}\" : {{\n      \"localizations\" : {{\n{}\n      }}\n    }}", localizations.join(",\n"))
    };
    let catalogue = |strings: &[String]| {
        format!(
            "{{\n  \"sourceLanguage\" : \"en\",\n  \"strings\" : {{\n{}\n  }},\n  \"version\" : \"1.0\"\n}}\n",
            strings.join(",\n")
        )
    };
    let hans = |value: &str| localization("zh-Hans", "translated", value);
    let last = localization("zu", "translated", "z");
    let target = catalogue(&[
        string("both", &[hans("头"), localization("zh-Hant", "translated", "人")]),
        string("empty", &[hans("干杯"), localization("zh-Hant", "new", "")]),
        string("hair", &[hans("头发"), last.clone()]),
        string("none", std::slice::from_ref(&last)),
    ]);
    let expected = catalogue(&[
        string("both", &[hans("头"), localization("zh-Hant", "translated", "人")]),
        string("empty", &[hans("干杯"), localization("zh-Hant", "needs_review", "乾杯")]),
        string("hair", &[hans("头发"), localization("zh-Hant", "needs_review", "頭髮"), last.clone()]),
        string("none", &[last]),
    ]);
    check_cuts(&target, &target, Format::Xcstrings);
    let once = filled(&target, &target, Format::Xcstrings);
    assert_eq!(once.text, expected);
    assert_eq!(once.added, ["empty", "hair"]);
    let twice = filled(&once.text, &once.text, Format::Xcstrings);
    assert_eq!((twice.text, twice.added.len(), twice.stale.len()), (once.text, 0, 0));
    // The texts of the language that the keys are in, too, which a conversion leaves.
    let of_source = target.replace("\"sourceLanguage\" : \"en\"", "\"sourceLanguage\" : \"zh-Hans\"");
    assert_eq!(filled(&of_source, &of_source, Format::Xcstrings).added, ["empty", "hair"]);
    // From another catalogue, and to a string without localizations.
    let bare = "{\n  \"strings\" : {\n    \"gone\" : {},\n    \"hair\" : {\n\n    }\n  }\n}\n";
    let from = filled(bare, &target, Format::Xcstrings);
    let value: serde_json::Value = serde_json::from_str(&from.text).unwrap();
    let unit = &value["strings"]["hair"]["localizations"]["zh-Hant"]["stringUnit"];
    assert_eq!((&unit["value"], &unit["state"]), (&"頭髮".into(), &"needs_review".into()));
    assert_eq!((from.added, from.stale), (vec!["hair".to_owned()], vec!["gone".to_owned()]));
    // The name that the catalogue has for the language.
    let named = target.replace("zh-Hant", "zh-TW");
    assert!(!filled(&named, &named, Format::Xcstrings).text.contains("zh-Hant"));
}

#[test]
fn other_formats_are_not_filled() {
    let error = fill("", "", Format::Srt, &common::options("zh-TW")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(fill("{", "{}", Format::Json, &common::options("zh-TW")).unwrap_err().kind(), ErrorKind::Syntax);
}

/// A message is an error where it would become a part of another one, or that of it.
#[test]
fn what_is_there_is_never_divided() {
    let errors = [
        // A string that is not closed, and ends of lines that are none.
        ("a = \"|\n後\"b = \"秀髮\"\n", "a = \"头\"\nc = \"头\"\n", Format::Toml, ErrorKind::Syntax),
        ("a = 秀髮\rb = 人\n", "a = 头\nc = 发\n", Format::Fluent, ErrorKind::Unsupported),
    ];
    for (target, source, format, kind) in errors {
        let error = fill(target, source, format, &common::options("zh-TW")).unwrap_err();
        assert_eq!(error.kind(), kind, "{target:?}: {error}");
    }
    // What a mark begins ends before another message.
    let marked = "# fanjian:off\na=发\n# fanjian:on\nb=人\n";
    assert_eq!(filled("b=人\n", marked, Format::Properties).text, "a=发\nb=人\n");
    assert_eq!(filled("b=人\na=髮\n", marked, Format::Properties).text, "b=人\na=髮\n");
    let nested = "a:\n  # fanjian:off\n  b: 发\n# fanjian:on\nc: 里\n";
    let error = fill("c: 里\n", nested, Format::Yaml, &common::options("zh-TW")).unwrap_err();
    assert!(error.line() == Some(1) && error.to_string().contains("fanjian:off"), "{error}");
    // A key without a colon is none of another message's.
    let flow = filled("{a, b: 人}\n", "b: 头\nc: 发\n", Format::Yaml).text;
    assert!(flow.starts_with("{a, b: 人, ") && flow.contains("c: 發"), "{flow}");
}

/// Each of these was put into another place.
#[test]
fn what_belongs_to_a_message_stays_with_it() {
    let cases = [
        (
            Format::Strings,
            "\"a\" = \"甲\"; // 甲\n",
            "\"a\" = \"甲\"; // a\n\"b\" = \"发\"; // b\n",
            "\"a\" = \"甲\"; // 甲\n\"b\" = \"發\"; // b\n",
        ),
        (
            Format::Android,
            "<resources>\n<string name=\"a\">甲</string> <!-- 甲 -->\n</resources>\n",
            "<resources>\n<string name=\"a\">甲</string> <!-- a -->\n<string name=\"b\">发</string>\n</resources>\n",
            "<resources>\n<string name=\"a\">甲</string> <!-- 甲 -->\n<string name=\"b\">發</string>\n</resources>\n",
        ),
        (
            Format::Resx,
            "<root>\n<data name=\"a\"><value>甲</value></data> <!-- 甲 -->\n</root>\n",
            "<root>\n<data name=\"a\"><value>甲</value></data> <!-- a -->\n<data name=\"b\"><value>发</value></data>\n</root>\n",
            "<root>\n<data name=\"a\"><value>甲</value></data> <!-- 甲 -->\n<data name=\"b\"><value>發</value></data>\n</root>\n",
        ),
        (Format::Json, "{\"a\": { /* 甲 */ }}", "{\"a\": {\"b\": \"发\"}}", "{\"a\": {\"b\": \"發\" /* 甲 */ }}"),
        (
            Format::Json,
            "{\"name\": \"名\", \"version\": \"版\"}",
            "{\"name\": \"名\", \"version\": \"版\", \"main\": \"头\"}",
            "{\"name\": \"名\", \"version\": \"版\", \"main\": \"頭\"}",
        ),
        (
            Format::Arb,
            "{\"a\": \"甲\", \"@a\": {}}",
            "{\"a\": \"甲\", \"b\": \"发\"}",
            "{\"a\": \"甲\", \"@a\": {}, \"b\": \"發\"}",
        ),
        (Format::Yaml, "# 甲\na: 甲\n", "b: 发\na: 甲\n", "b: 發\n# 甲\na: 甲\n"),
        // What a file is about stays at its top.
        (
            Format::Arb,
            "{\n  \"@@locale\": \"zh_TW\",\n  \"@@author\": \"人\",\n  \"a\": \"甲\"\n}",
            "{\"b\": \"发\", \"a\": \"甲\", \"c\": \"头\"}",
            "{\n  \"@@locale\": \"zh_TW\",\n  \"@@author\": \"人\",\n  \"b\": \"發\",\n  \"a\": \"甲\",\n  \"c\": \"頭\"\n}",
        ),
        (
            Format::Arb,
            "{\"@@locale\": \"zh_TW\"}",
            "{\"b\": \"发\", \"@@locale\": \"zh_CN\"}",
            "{\"@@locale\": \"zh_TW\", \"b\": \"發\"}",
        ),
        (
            Format::Json,
            "{\"$schema\": \"a.json\", \"a\": \"甲\"}",
            "{\"b\": \"发\", \"a\": \"甲\"}",
            "{\"$schema\": \"a.json\", \"b\": \"發\", \"a\": \"甲\"}",
        ),
        (
            Format::Toml,
            "# 甲\n# 乙\n\n# 丙\n[a]\nb = \"甲\"\n",
            "c = \"发\"\nd = \"头\"\n[e]\nf = \"发\"\n[a]\nb = \"甲\"\n",
            "# 甲\n# 乙\n\nc = \"發\"\nd = \"頭\"\n\n[e]\nf = \"發\"\n\n# 丙\n[a]\nb = \"甲\"\n",
        ),
        (Format::Toml, "# 甲\r\n\r\n", "[e]\nf = \"发\"\n", "# 甲\r\n\r\n[e]\r\nf = \"發\"\r\n\r\n"),
        (
            Format::Po,
            "# 甲\n\n# 乙\nmsgid \"a\"\nmsgstr \"甲\"\n",
            "msgid \"b\"\nmsgstr \"发\"\n\nmsgid \"a\"\nmsgstr \"甲\"\n",
            "# 甲\n\n#, fuzzy\nmsgid \"b\"\nmsgstr \"發\"\n\n# 乙\nmsgid \"a\"\nmsgstr \"甲\"\n",
        ),
        (Format::Properties, "! 甲\n\na=甲\n", "b=发\na=甲\n", "! 甲\n\nb=發\na=甲\n"),
        (Format::Yaml, "a: # 甲\n", "a: |\n  头\n", "a: | # 甲\n  頭\n"),
        (Format::Yaml, "{b: 甲, a}\n", "a: \nc: 发\nb: 甲\n", "{b: 甲, a, c: 發}\n"),
        (
            Format::Xliff,
            "<xliff version=\"1.2\"><file><body><trans-unit id=\"a\"><source>a</source><seg-source>a</seg-source></trans-unit></body></file></xliff>",
            "<xliff version=\"1.2\"><file><body><trans-unit id=\"a\"><source>a</source><target>头</target></trans-unit></body></file></xliff>",
            "<xliff version=\"1.2\"><file><body><trans-unit id=\"a\"><source>a</source><seg-source>a</seg-source><target state=\"needs-review-translation\">頭</target></trans-unit></body></file></xliff>",
        ),
    ];
    for (format, target, source, expected) in cases {
        assert_eq!(filled(target, source, format).text, expected, "{format}");
    }
}

#[test]
fn an_empty_message_is_one_of_blanks() {
    assert_eq!(filled("a: \nb: 人\n", "a: |\n  头\n  发\nb: 人\n", Format::Yaml).text, "a: |\n  頭\n  發\nb: 人\n");
    for text in ["<string name=\"a\">\u{3000}</string>", "<string name=\"a\">人</string>"] {
        let target = format!("<resources>{text}</resources>");
        assert_eq!(
            filled(&target, "<resources><string name=\"a\">头</string></resources>", Format::Android).text,
            target
        );
    }
}

/// Objects of two levels with few keys, so that many are in both.
fn catalogue() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop::sample::select(vec!["", "头发", "{n} 只猫", "x"]).prop_map(serde_json::Value::from);
    let key = prop::sample::select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned);
    let object = prop::collection::vec((key.clone(), leaf.clone()), 0..4)
        .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()));
    prop::collection::vec((key, prop_oneof![leaf, object]), 0..4)
        .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()))
}

/// What a catalogue is to be, by its values.
fn merged(target: &serde_json::Value, source: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value::{Object, String};
    match (target, source) {
        (Object(target), Object(source)) => {
            let is_empty = |value: &serde_json::Value| *value == "";
            if target.is_empty() && !source.values().all(is_empty) {
                return Object(source.clone());
            }
            let mut all = target.clone();
            for (key, value) in source.iter().filter(|(key, value)| target.contains_key(*key) || !is_empty(value)) {
                let value = target.get(key).map_or_else(|| value.clone(), |old| merged(old, value));
                all.insert(key.clone(), value);
            }
            Object(all)
        }
        (String(target), String(source)) if target.is_empty() => String(source.clone()),
        _ => target.clone(),
    }
}

/// A value as YAML in blocks, with lines indented by so many blanks for each level.
fn as_yaml(value: &serde_json::Value, level: usize, width: usize) -> String {
    match value {
        serde_json::Value::Object(members) if members.is_empty() => " {}\n".to_owned(),
        serde_json::Value::Object(members) => {
            let member = |(key, value): (&String, &serde_json::Value)| {
                format!("{}{key}:{}", " ".repeat(level * width), as_yaml(value, level + 1, width))
            };
            let members: String = members.iter().map(member).collect();
            if level == 0 { members } else { format!("\n{members}") }
        }
        value => format!(" {value}\n"),
    }
}

proptest! {
    #[test]
    fn yaml_has_all_that_both_have(target in catalogue(), source in catalogue(), above in catalogue(), width in 1_usize..5) {
        // Three levels.
        let nested = |inner: serde_json::Value| {
            let mut all = above.clone();
            all["b"] = inner;
            all
        };
        let options = Options::new(Converter::for_target(Target::Taiwan)).languages(Languages::default());
        let (target, source) = (nested(target), nested(source));
        let filled = fill(&as_yaml(&target, 0, width), &as_yaml(&source, 0, 2), Format::Yaml, &options).unwrap();
        let source = serde_json::from_str(&convert_text(&source.to_string(), Format::Json, &options).unwrap().text).unwrap();
        let expected = merged(&target, &source);
        let missing = fill(&filled.text, &as_yaml(&expected, 0, 2), Format::Yaml, &options).unwrap();
        prop_assert_eq!((missing.added, missing.stale), (Vec::new(), Vec::new()), "{}", filled.text);
    }

    #[test]
    fn json_has_all_that_both_have(target in catalogue(), source in catalogue(), is_pretty: bool) {
        let options = Options::new(Converter::for_target(Target::Taiwan)).languages(Languages::default());
        let text = |value: &serde_json::Value| {
            if is_pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }.unwrap()
        };
        let filled = fill(&text(&target), &text(&source), Format::Json, &options).unwrap();
        let converted = convert_text(&text(&source), Format::Json, &options).unwrap().text.into_owned();
        let expected = merged(&target, &serde_json::from_str(&converted).unwrap());
        let value: serde_json::Value = serde_json::from_str(&filled.text).unwrap();
        prop_assert_eq!(&value, &expected);
        let again = fill(&filled.text, &text(&source), Format::Json, &options).unwrap();
        prop_assert_eq!(again.text, filled.text);
        prop_assert!(again.added.is_empty());
    }

    #[test]
    fn catalogues_of_gettext_have_all_that_both_have(
        target in prop::collection::btree_map("[a-e]", "(头发|)", 0..4),
        source in prop::collection::btree_map("[a-e]", "(干杯|)", 0..4),
    ) {
        let text = |entries: &std::collections::BTreeMap<String, String>| -> String {
            entries.iter().map(|(id, text)| format!("# {text}\nmsgid \"{id}\"\nmsgstr \"{text}\"\n\n")).collect()
        };
        let options = common::options("zh-TW");
        let filled = fill(&text(&target), &text(&source), Format::Po, &options).unwrap();
        let missing = source.iter().filter(|(id, text)| !text.is_empty() && target.get(*id).is_none_or(String::is_empty));
        let missing: Vec<_> = missing.map(|(id, _)| id.clone()).collect();
        prop_assert_eq!(filled.text.matches("#, fuzzy").count(), missing.len());
        prop_assert_eq!(&filled.added, &missing);
        let again = fill(&filled.text, &text(&source), Format::Po, &options).unwrap();
        prop_assert_eq!(again.text, filled.text);
        prop_assert!(again.added.is_empty());
    }
}

/// The formats whose catalogues are lists of entries.
const LISTS: [Format; 7] =
    [Format::Properties, Format::Strings, Format::Android, Format::Resx, Format::Toml, Format::Yaml, Format::Fluent];

/// A catalogue with these entries: comments, blank lines and indentation by `layout`.
fn written(entries: &[(String, String)], format: Format, layout: u8, comment: &str) -> String {
    let (has_comments, has_blank, is_deep, is_windows) =
        (layout & 1 > 0, layout & 2 > 0, layout & 4 > 0, layout & 8 > 0);
    let indentation = if is_deep { "    " } else { "  " };
    let (head, foot, indentation) = match format {
        Format::Android => ("<resources>\n", "</resources>\n", indentation),
        Format::Resx => ("<root>\n", "</root>\n", indentation),
        Format::Toml => ("[root]\n", "", ""),
        Format::Yaml => ("root:\n", "", indentation),
        _ => ("", "", ""),
    };
    let mut text = head.to_owned();
    for (number, (key, value)) in entries.iter().enumerate() {
        if has_blank && number > 0 {
            text.push('\n');
        }
        let (comment, entry) = match format {
            Format::Android => (format!("<!-- {comment} -->"), format!("<string name=\"{key}\">{value}</string>")),
            Format::Resx => {
                let data = format!("<data name=\"{key}\"><value>{value}</value></data>");
                (format!("<!-- {comment} -->"), data)
            }
            Format::Toml => (format!("# {comment}"), format!("{key} = \"{value}\"")),
            Format::Strings => (format!("/* {comment} */"), format!("\"{key}\" = \"{value}\";")),
            Format::Yaml => (format!("# {comment}"), format!("{key}: {value}").trim_end().to_owned()),
            _ => (format!("# {comment}"), format!("{key} = {value}")),
        };
        let comment = if has_comments { format!("{indentation}{comment}\n") } else { String::new() };
        text.push_str(&format!("{comment}{indentation}{entry}\n"));
    }
    text.push_str(foot);
    if is_windows { text.replace('\n', "\r\n") } else { text }
}

proptest! {
    /// Of a message that is there twice, what is put into the other catalogue must not overlap.
    #[test]
    fn messages_in_any_order_and_twice_are_filled_or_errors(
        target in prop::collection::vec(("[a-c]", "(秀髮|)"), 0..5),
        source in prop::collection::vec(("[a-c]", "(头发|)"), 0..5),
        layouts in (0_u8..16, 0_u8..16),
    ) {
        let options = common::options("zh-TW");
        for format in LISTS {
            let (old, new) = (written(&target, format, layouts.0, "人"), written(&source, format, layouts.1, "n"));
            // Whatever is done with them, it must not panic.
            let _ = fill(&old, &new, format, &options);
        }
    }

    #[test]
    fn lists_of_entries_have_all_that_both_have(
        target in prop::collection::btree_map("[a-e]", "(秀髮|人|)", 0..5),
        source in prop::collection::btree_map("[a-e]", "(干杯|头发|)", 0..5).prop_map(Vec::from_iter).prop_shuffle(),
        layouts in (0_u8..16, 0_u8..16),
    ) {
        let options = common::options("zh-TW");
        let target = Vec::from_iter(target);
        for format in LISTS {
            let has_empty = format != Format::Fluent;
            let of_format = |entries: &[(String, String)]| -> Vec<_> {
                entries.iter().filter(|(_, value)| has_empty || !value.is_empty()).cloned().collect()
            };
            let (target, source) = (of_format(&target), of_format(&source));
            let old = written(&target, format, layouts.0, "人");
            let new = written(&source, format, layouts.1, "n");
            let value_of = |key: &str| target.iter().find(|(old, _)| old == key).map(|(_, value)| value.as_str());
            let missing = source.iter().filter(|(key, value)| !value.is_empty() && value_of(key).unwrap_or("").is_empty());
            let missing: Vec<_> = missing.map(|(key, _)| key.clone()).collect();
            let filled = fill(&old, &new, format, &options).unwrap();
            let added: Vec<_> = filled.added.iter().map(|key| key.rsplit('/').next().unwrap().to_owned()).collect();
            // All of a catalogue without entries is added as one.
            let is_one = format == Format::Yaml && (target.is_empty() && !source.is_empty());
            if !is_one {
                prop_assert_eq!(&added, &missing, "{}: {:?}", format, filled.text);
            }
            // What people wrote is there, in its order.
            let mut rest = filled.text.as_str();
            for line in old.lines().filter(|line| line.contains(['秀', '人'])) {
                let at = rest.find(line);
                prop_assert!(at.is_some(), "{}: {} in {:?}", format, line, filled.text);
                rest = &rest[at.unwrap_or(0) + line.len()..];
            }
            prop_assert_eq!(filled.text.matches("乾杯").count() + filled.text.matches("頭髮").count(), missing.len());
            // Line ends are those of the target.
            if old.contains('\n') {
                let is_windows = old.contains("\r\n");
                prop_assert_eq!(filled.text.matches("\r\n").count(), if is_windows { filled.text.matches('\n').count() } else { 0 });
            }
            let again = fill(&filled.text, &new, format, &options).unwrap();
            prop_assert_eq!(&again.text, &filled.text, "{}", format);
            prop_assert!(again.added.is_empty(), "{}: {:?}", format, again.added);
        }
    }
}

/// Each of them ended in a panic: what is put into the target overlapped, or lay in what had been taken out.
#[test]
fn messages_that_are_there_twice_or_in_another_order_are_filled() {
    let cases = [
        (Format::Json, r#"{"a":""}"#, r#"{"a":"头","a":"发"}"#, r#"{"a":"頭"}"#),
        (Format::Json, r#"{"o":{}}"#, r#"{"o":{"a":"头"},"o":{"a":"发"}}"#, r#"{"o":{"a":"頭"}}"#),
        (Format::Yaml, "a: \"\"\n", "a: 头\na: 发\n", "a: 頭\n"),
        (
            Format::Po,
            "msgid \"a\"\nmsgstr \"\"\n",
            "msgid \"a\"\nmsgstr \"头\"\n\nmsgid \"a\"\nmsgstr \"发\"\n",
            "#, fuzzy\nmsgid \"a\"\nmsgstr \"頭\"\n",
        ),
        (Format::Toml, "[t]\na = \"\"\n", "[t]\na = \"头\"\n[t]\na = \"发\"\n", "[t]\na = \"頭\"\n"),
    ];
    for (format, target, source, expected) in cases {
        let filled = fill(target, source, format, &common::options("zh-TW"));
        assert_eq!(filled.map(|filled| filled.text).ok().as_deref(), Some(expected), "{format}: {source}");
    }
    let bundle = filled("{}", r#"{"a":"头","b":"发"}"#, Format::Arb);
    assert_eq!(bundle.text, r#"{"a":"頭", "b":"發"}"#);
    // A line in a placeable is no entry.
    let messages = filled("-brand = 頭\n", "-brand = 头\na = {\n-brand\n}\n", Format::Fluent);
    assert_eq!(messages.text, "-brand = 頭\na = {\n-brand\n}\n");
    // A message that is put where another one is replaced.
    let others = [
        (Format::Strings, "\"a\"=\"x\";\"\";", "\"\"=\"头\";\"a\"=\"x\";\"c\"=\"发\";"),
        (
            Format::Android,
            "<resources><string name=\"a\">x</string><string name=\"b\"/></resources>",
            "<resources><string name=\"b\">头</string><string name=\"a\">x</string><string name=\"c\">发</string></resources>",
        ),
        (Format::Yaml, "{a, b: \"\"}\n", "{b: 发, a: 头}\n"),
        (
            Format::Xcstrings,
            r#"{"strings":{"a":{"localizations":{}}}}"#,
            r#"{"strings":{"a":{"localizations":{"zh-Hans":{"stringUnit":{"state":"x","value":"头"},"state":"y"}}}}}"#,
        ),
    ];
    for (format, target, source) in others {
        // Filled or an error, and no panic.
        let _ = fill(target, source, format, &common::options("zh-TW"));
    }
}

/// The last two languages are both of the target: the places of the first of them were in what was taken out with the second.
#[test]
fn the_last_languages_of_a_catalogue_may_be_those_of_the_target() {
    let text =
        "{\"zh-CN\":{\"a\":\"头\",\"b\":\"发\"},\n \"zh-TW\":{\"a\":\"x\",\"b\":\"\"},\n \"zh-Hant\":{\"a\":\"y\"}}";
    let filled = filled(text, text, Format::Json);
    assert!(filled.text.contains("\"zh-TW\":{\"a\":\"x\",\"b\":\"發\"}"), "{}", filled.text);
}

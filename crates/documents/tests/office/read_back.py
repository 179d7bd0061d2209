"""Reads converted documents back with other programs. Run by hand; it is no part of `cargo test`.

    pip install python-docx openpyxl python-pptx odfpy
    cargo build -p fanjian-documents --example convert_document
    python3 crates/documents/tests/office/read_back.py target/debug/examples/convert_document [soffice]

Documents are made by python-docx, openpyxl, python-pptx and odfpy, and by LibreOffice from these; each is converted by s2twp,
opened again by the library that made it and, if `soffice` is given, by LibreOffice. Prints what was read, and ends with 1 if a
text is not the expected one.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import docx
import openpyxl
import pptx
from odf import opendocument, table as odf_table, text as odf_text, teletype
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

FAILED = []


def check(what, found, expected):
    print(f"{'ok ' if found == expected else 'NO '} {what}: {found!r}")
    if found != expected:
        print(f"    expected {expected!r}")
        FAILED.append(what)


def runs(paragraph, *texts):
    for text in texts:
        paragraph.add_run(text).bold = text == texts[0]


def make_docx(path):
    document = docx.Document()
    document.core_properties.title = "干杯"
    document.core_properties.author = "钟后来"
    document.add_heading("她的头发", 1)
    runs(document.add_paragraph(), "头", "发很干，用鼠", "标打开软件")
    document.add_table(1, 2).cell(0, 1).text = "软件"
    document.sections[0].header.paragraphs[0].text = "页眉：软件"
    document.add_comment(document.paragraphs[1].runs, text="批注：后来", author="钟后来")
    document.save(path)


def read_docx(path):
    document = docx.Document(path)
    check("docx paragraphs", [p.text for p in document.paragraphs], ["她的頭髮", "頭髮很乾，用滑鼠開啟軟體"])
    check("docx runs", [r.text for r in document.paragraphs[1].runs][0], "頭")
    check("docx bold", document.paragraphs[1].runs[0].bold, True)
    check("docx cell", document.tables[0].cell(0, 1).text, "軟體")
    check("docx header", document.sections[0].header.paragraphs[0].text, "頁首：軟體")
    check("docx title", document.core_properties.title, "乾杯")
    check("docx author", document.core_properties.author, "钟后来")
    check("docx comment", [c.text for c in document.comments], ["批註：後來"])


def make_xlsx(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "软件"
    for row in [["软件\n名称", "头发"], ["鼠标", "干"], ["里", "湿"]]:
        sheet.append(row)
    sheet["C2"] = '=IF(A2="鼠标","里","")'
    sheet["C3"] = "=软件表[[#Headers],[头发]]"
    sheet.add_table(Table(displayName="软件表", ref="A1:B3"))
    sheet["A2"].comment = Comment("她的头发", "钟后来")
    validation = DataValidation(type="list", formula1='"鼠标,里"')
    validation.add("A2")
    sheet.add_data_validation(validation)
    sheet.oddHeader.center.text = "软件"
    chart = openpyxl.chart.BarChart()
    chart.title = "头发"
    sheet.add_chart(chart, "E2")
    book.save(path)


def read_xlsx(path):
    sheet = openpyxl.load_workbook(path).active
    check("xlsx sheet", sheet.title, "软件")
    check("xlsx cells", [[c.value for c in row] for row in sheet["A1:B3"]],
          [["軟體\n名稱", "頭髮"], ["滑鼠", "幹"], ["裡", "溼"]])
    check("xlsx formula", sheet["C2"].value, '=IF(A2="滑鼠","裡","")')
    check("xlsx reference", sheet["C3"].value, "=软件表[[#Headers],[頭髮]]")
    [table] = sheet.tables.values()
    check("xlsx columns", [c.name.replace("_x000a_", "\n") for c in table.tableColumns], ["軟體\n名稱", "頭髮"])
    check("xlsx comment", sheet["A2"].comment.text, "她的頭髮")
    check("xlsx list", sheet.data_validations.dataValidation[0].formula1, '"滑鼠,裡"')
    check("xlsx header", sheet.oddHeader.center.text, "軟體")


def make_pptx(path):
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[0])
    slide.shapes.title.text = "她的头发"
    paragraph = slide.placeholders[1].text_frame.paragraphs[0]
    for text in ["头", "发很干"]:
        paragraph.add_run().text = text
    slide.notes_slide.notes_text_frame.text = "备注：后来"
    slides.save(path)


def read_pptx(path):
    [slide] = pptx.Presentation(path).slides
    check("pptx shapes", [s.text_frame.text for s in slide.shapes], ["她的頭髮", "頭髮很乾"])
    check("pptx notes", slide.notes_slide.notes_text_frame.text, "備註：後來")


def make_odt(path):
    document = opendocument.OpenDocumentText()
    paragraph = odf_text.P(text="她的头")
    paragraph.addElement(odf_text.Span(text="发"))
    document.text.addElement(paragraph)
    document.save(path)


def read_odt(path):
    paragraphs = opendocument.load(path).getElementsByType(odf_text.P)
    check("odt paragraphs", [teletype.extractText(p) for p in paragraphs], ["她的頭髮"])


def make_ods(path):
    document = opendocument.OpenDocumentSpreadsheet()
    sheet, row = odf_table.Table(name="软件"), odf_table.TableRow()
    cell = odf_table.TableCell(valuetype="string", stringvalue="软件")
    cell.addElement(odf_text.P(text="软件"))
    row.addElement(cell)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(path)


def read_ods(path):
    document = opendocument.load(path)
    [cell] = document.getElementsByType(odf_table.TableCell)
    check("ods value", cell.getAttribute("stringvalue"), "軟體")
    check("ods text", teletype.extractText(cell), "軟體")
    check("ods sheet", document.getElementsByType(odf_table.Table)[0].getAttribute("name"), "软件")


def main():
    converter, *office = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)

        def convert(path):
            converted = path.with_name("converted-" + path.name)
            subprocess.run([converter, "s2twp", path, converted], check=True, stdout=subprocess.DEVNULL)
            return converted

        def libreoffice(path, form):
            profile = f"-env:UserInstallation=file://{folder}/profile"
            out = folder / f"as-{form.split(':')[0]}"
            command = [*office, profile, "--headless", "--convert-to", form, "--outdir", out, path]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return out / f"{path.stem}.{form.split(':')[0]}"

        kinds = {"docx": (make_docx, read_docx), "xlsx": (make_xlsx, read_xlsx), "pptx": (make_pptx, read_pptx),
                 "odt": (make_odt, read_odt), "ods": (make_ods, read_ods)}
        for extension, (make, read) in kinds.items():
            source = folder / f"document.{extension}"
            make(source)
            read(convert(source))
        if not office:
            return
        # LibreOffice reads what was converted, and writes documents that are converted.
        texts = {"docx": "txt:Text (encoded):UTF8", "xlsx": "csv:Text - txt - csv (StarCalc):44,34,76,1",
                 "odt": "txt:Text (encoded):UTF8", "ods": "csv:Text - txt - csv (StarCalc):44,34,76,1"}
        other = {"docx": "odt", "xlsx": "ods", "odt": "docx", "ods": "xlsx", "pptx": "odp"}
        for extension, form in other.items():
            source = folder / f"document.{extension}"
            rewritten = libreoffice(source, form)
            for path in [source, rewritten]:
                if (kind := path.suffix[1:]) not in texts:
                    converted = convert(path)
                    opened = libreoffice(converted, "pdf")
                    check(f"{kind} from {extension}, by LibreOffice", opened.exists(), True)
                    if kind == "odp":
                        paragraphs = opendocument.load(converted).getElementsByType(odf_text.P)
                        found = {teletype.extractText(p) for p in paragraphs}
                        check("odp paragraphs", found >= {"她的頭髮", "頭髮很乾", "備註：後來"}, True)
                    continue
                before = libreoffice(path, texts[kind]).read_text(encoding="utf-8-sig")
                after = libreoffice(convert(path), texts[kind]).read_text(encoding="utf-8-sig")
                plain = folder / "plain.srt"
                plain.write_text("1\n00:00:01,000 --> 00:00:02,000\n" + before)
                check(f"{kind} from {extension}, by LibreOffice", after, convert(plain).read_text().split("\n", 2)[2])


main()
sys.exit(1 if FAILED else 0)

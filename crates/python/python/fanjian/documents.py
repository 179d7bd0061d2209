"""Documents that stay whole: pages, books, Office documents, subtitles, Markdown, catalogues of messages.

Text and names of languages are converted; every other byte is preserved. Words are converted over markup.

>>> import fanjian.documents
>>> subtitles = "1\\n00:00:01,000 --> 00:00:02,000\\n<i>头</i>发很干\\n"
>>> fanjian.documents.convert(subtitles, "zh-TW", as_="srt").text
'1\\n00:00:01,000 --> 00:00:02,000\\n<i>頭</i>髮很乾\\n'
"""

from ._fanjian import DOCUMENT_FORMATS as FORMATS, convert_document as convert, document_groups as groups
from ._results import Document

__all__ = ["FORMATS", "Document", "convert", "groups"]

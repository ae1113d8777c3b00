"""Checklists from and to files: JSON for programs, a workbook for whoever writes a list in a spreadsheet."""

import json
from contextlib import closing
from typing import BinaryIO

from qa_service.cases.tables import open_table
from qa_service.common.json_files import LONGEST_FILE, document_in
from qa_service.documents.xlsx import Sheet, workbook
from reviews.blueprint import HEADER, Document, from_rows, read_document, to_rows
from reviews.blueprint.table import WIDTHS

ZIP = b"PK\x03\x04"


def document_from(upload: BinaryIO, *, name: str = "") -> Document:
    """A workbook or JSON, told apart by its content.

    :raises Misshapen: with every fault and its place; :raises FileUnreadable: no JSON.
    :raises UnsupportedFile, TooLarge, InvalidInput: a workbook that the guards of exports refuse.
    """
    head = upload.read(len(ZIP))
    upload.seek(0)
    if head != ZIP:
        return read_document(document_in(upload.read(LONGEST_FILE + 1)))
    table = open_table(upload, name=name)
    with closing(table.rows) as rows:
        return read_document(from_rows((row.line, row.cells) for row in rows))


def json_of(document: Document, *, version: int) -> str:
    """`version` is told for the reader of the file, and never read back."""
    return json.dumps({"version": version, **document}, ensure_ascii=False, indent=1)


def workbook_of(document: Document) -> bytes:
    return workbook([Sheet(document["title"].get("zh") or document["code"], HEADER, to_rows(document), WIDTHS)])

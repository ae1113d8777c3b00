"""Checklists from and to files: JSON for programs, a workbook for whoever writes a list in a spreadsheet."""

import json
from contextlib import closing
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.cases.tables import open_table
from qa_service.common.errors import TooLarge
from qa_service.common.json_files import LONGEST_FILE, document_in
from qa_service.documents.xlsx import Sheet, workbook
from reviews.blueprint import HEADER, Document, from_rows, read_document, to_rows
from reviews.blueprint.table import WIDTHS

ZIP = b"PK\x03\x04"
# The guards speak to whoever sends a list of cases, and advise what is not taken here.
TOO_LARGE = gettext_noop(
    "This workbook is larger than a checklist can be. Send one sheet as the export gives it, without other sheets and"
    " empty formatted rows and columns, or a JSON file."
)


def document_from(upload: BinaryIO, *, name: str = "") -> Document:
    """A workbook or JSON, told apart by its content.

    :raises Misshapen: with every fault and its place; :raises FileUnreadable: no JSON.
    :raises UnsupportedFile, TooLarge, InvalidInput: a workbook that the guards of exports refuse.
    """
    head = upload.read(len(ZIP))
    upload.seek(0)
    if head != ZIP:
        return read_document(document_in(upload.read(LONGEST_FILE + 1)))
    try:
        table = open_table(upload, name=name)
        with closing(table.rows) as rows:
            return read_document(from_rows((row.line, row.cells) for row in rows))
    except TooLarge as refused:
        raise TooLarge(_(TOO_LARGE), field="file", code=refused.code) from refused


def json_of(document: Document, *, version: int) -> str:
    """`version` is told for the reader of the file, and never read back."""
    return json.dumps({"version": version, **document}, ensure_ascii=False, indent=1)


def workbook_of(document: Document) -> bytes:
    return workbook([Sheet(document["title"].get("zh") or document["code"], HEADER, to_rows(document), WIDTHS)])

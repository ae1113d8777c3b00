"""A report as bytes, whichever kind it is: paper, workbook and plain file from the same figures."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from qa_service.documents import pdf
from qa_service.documents.xlsx import Sheet, write_workbook
from scoring.documents import report, tabular
from scoring.documents.content import ReportContent
from scoring.documents.report_sheets import sheets as sheets_of_rewards

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Content = ReportContent | tabular.TabularReport


def write_report(content: Content, form: str, out: BinaryIO) -> None:
    """`form`: pdf, xlsx or csv. The words are those of the content and of the active language.

    Raises what `scoring.documents` says of papers, and `TooLarge` where a workbook cannot hold so many rows.
    """
    if form == "pdf":
        out.write(_paper(content))
    elif form == "xlsx":
        write_workbook(sheets_of(content), out)
    else:
        out.writelines(line.encode() for line in csv_of(content))


def report_bytes(content: Content, form: str) -> bytes:
    """As `write_report`."""
    out = BytesIO()
    write_report(content, form, out)
    return out.getvalue()


def csv_of(content: Content) -> Iterator[str]:
    """The sheets of the workbook below each other, safe to open in a spreadsheet."""
    return tabular.csv_of(sheets_of(content), content.notes)


def sheets_of(content: Content) -> list[Sheet]:
    return tabular.sheets(content) if isinstance(content, tabular.TabularReport) else sheets_of_rewards(content)


def _paper(content: Content) -> bytes:
    if isinstance(content, tabular.TabularReport):
        return pdf.work_document(tabular.work_document(content))
    return pdf.work_document(report.work_document(content))

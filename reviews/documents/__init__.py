"""The papers of file review: facts in (`content`), PDF bytes out, in the language of the content.

Pure: the same content and fonts give the same bytes. They raise `FontsNotReady`, `FontUnusable`, or `MissingGlyph`
naming what no font can draw. Nothing slow is imported before the first paper is drawn.
"""

from django.utils.translation import override

from qa_service.documents import pdf
from qa_service.documents.fonts import FontFolders
from reviews.documents import acceptance, calibration, statement
from reviews.documents.content import AcceptanceContent, CalibrationContent, StatementContent

__all__ = ["acceptance_pdf", "calibration_pdf", "statement_pdf"]


def acceptance_pdf(content: AcceptanceContent, *, folders: FontFolders | None = None) -> bytes:
    """案卷验收表 (一卷一表): the acceptance of one file, as it stands."""
    with override(content.language):
        drawn = acceptance.sheet(content)
    return pdf.sheet(drawn, folders=folders)


def statement_pdf(content: StatementContent, *, folders: FontFolders | None = None) -> bytes:
    """抽样说明: how a sample was drawn, as it is published."""
    with override(content.language):
        drawn = statement.sheet(content)
    return pdf.sheet(drawn, folders=folders)


def calibration_pdf(content: CalibrationContent, *, folders: FontFolders | None = None) -> bytes:
    """校准结果: what came of a closed calibration round, for the files of the centre."""
    with override(content.language):
        drawn = calibration.sheet(content)
    return pdf.sheet(drawn, folders=folders)

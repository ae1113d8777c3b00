"""The papers of asking: facts in (`content`), PDF bytes out, in the language of the content.

Each function is pure: the same content and fonts give the same bytes. They raise `FontsNotReady`, `FontUnusable`, or
`MissingGlyph` naming what no font can draw. Nothing slow is imported before the first paper is drawn.
"""

from collections.abc import Iterable

from django.utils.translation import override

from qa_service.documents import pdf
from qa_service.documents.fonts import FontFolders
from surveys.documents import card, form, letter, record
from surveys.documents.content import CardContent, FormContent, LetterContent, RecordContent
from surveys.documents.figures.content import AnswersContent, FunnelContent
from surveys.documents.figures.paper import answers_sheet, funnel_sheet

__all__ = ["answers_pdf", "card_pdf", "form_pdf", "funnel_pdf", "letters_pdf", "record_pdf"]


def record_pdf(content: RecordContent, *, folders: FontFolders | None = None) -> bytes:
    """回访记录表: one interview as it was keyed in, for the centre's own binder."""
    with override(content.language):
        drawn = record.sheet(content)
    return pdf.sheet(drawn, folders=folders)


def form_pdf(content: FormContent, *, folders: FontFolders | None = None) -> bytes:
    """The questionnaire on paper, to be ticked by the client."""
    with override(content.language):
        drawn = form.sheet(content)
    return pdf.sheet(drawn, folders=folders)


def card_pdf(content: CardContent, *, folders: FontFolders | None = None) -> bytes:
    """The closing card: who will call, from which number, and how to answer without waiting for it."""
    with override(content.language):
        drawn = card.sheet(content)
    return pdf.sheet(drawn, folders=folders)


def funnel_pdf(content: FunnelContent, *, language: str, folders: FontFolders | None = None) -> bytes:
    """The response funnel as its page shows it; the content is in the language already."""
    with override(language):
        drawn = funnel_sheet(content, language=language)
    return pdf.sheet(drawn, folders=folders)


def answers_pdf(content: AnswersContent, *, language: str, folders: FontFolders | None = None) -> bytes:
    """What clients answered, as its page shows it."""
    with override(language):
        drawn = answers_sheet(content, language=language)
    return pdf.sheet(drawn, folders=folders)


def letters_pdf(contents: Iterable[LetterContent], *, folders: FontFolders | None = None) -> bytes:
    """Letters to a court or other organ with their forms, in one file: each begins on a sheet of its own."""
    drawn = []
    for content in contents:
        with override(content.language):
            drawn.append(letter.sheet(content))
    return pdf.sheets(drawn, folders=folders)

"""What was typed into a form of marks without pages, and what it lacks, in words: an observer's and a firm's alike."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qa_service.common.errors import DomainError
from reviews.marking import Defect
from reviews.queries.checklists import Standard
from reviews.queries.scorecard import MARKED, Marks, blank
from reviews.services.marks import MarksInvalid
from reviews.services.own_marks import ChangedElsewhere
from reviews.services.submission import Unfinished


def typed_marks(request: HttpRequest, standard: Standard) -> Marks:
    return {
        code: blank() | {name: request.POST.get(f"{code}-{name}", "").strip() for name in MARKED}
        for code in standard.items
    }


def typed_version(request: HttpRequest) -> int:
    """-1, which nobody has, where it is no number."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else -1


def tell_refusal(request: HttpRequest, error: DomainError) -> None:
    """Everything that stands in the way, one message each."""
    for sentence in _sentences(error):
        messages.error(request, sentence)


def _sentences(error: DomainError) -> list[str]:
    match error:
        case Unfinished():
            return [_("Some items are not finished."), *(_lack(each) for each in error.defects)]
        case ChangedElsewhere():
            return [
                _("This form was changed on another device. What you typed is here; saved again, it takes its place.")
            ]
        case MarksInvalid():
            return [str(refused.message) for refused in error.refused]
    return [str(error.message)]


def _lack(defect: Defect) -> str:
    words = {"mark": _("not marked"), "reason": _("the deduction has no reason")}
    return f"{defect.item} · {words.get(defect.missing, _('at least one item must apply'))}"

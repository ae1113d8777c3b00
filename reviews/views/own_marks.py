"""What was typed into a form of marks without pages, and what it lacks, in words: an observer's and a firm's alike."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from reviews.queries.checklists import Standard
from reviews.queries.scorecard import MARKED, Marks, blank


def typed_marks(request: HttpRequest, standard: Standard) -> Marks:
    return {
        code: blank() | {name: request.POST.get(f"{code}-{name}", "").strip() for name in MARKED}
        for code in standard.items
    }


def typed_version(request: HttpRequest) -> int:
    """-1, which nobody has, where it is no number."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else -1


def lack_in_words(item: str, missing: str) -> str:
    words = {"mark": _("not marked"), "reason": _("the deduction has no reason")}
    return f"{item} · {words.get(missing, _('at least one item must apply'))}"

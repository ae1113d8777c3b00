"""A form of marks without pages as it is sent, and what it lacks, in words: of an observer, a firm, or for practice."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_service.accounts.permissions import SignedInRequest
from qa_service.common.drafts import number_typed
from qa_service.common.errors import DomainError
from reviews.marking import Defect
from reviews.queries.checklists import Standard
from reviews.queries.scorecard import MARKED, Marks, blank
from reviews.services.marks import MarkEntry, MarksInvalid
from reviews.services.own_marks import ChangedElsewhere
from reviews.services.submission import Unfinished
from reviews.stages import STAGE


class OwnForm(Protocol):
    version: int


def take_form(
    request: SignedInRequest,
    row: OwnForm,
    *,
    standard: Standard,
    save: Callable[..., OwnForm],
    submit: Callable[..., Any],
    page: Callable[..., HttpResponse],
    form_url: str,
    done_url: str,
    done: str,
) -> HttpResponse:
    """Save what was typed; with "hand in", that too. Refused, the form says why, and all that was typed stays on it.

    :param save: of the service, for this row; so is `submit`. :param page: the form with marks, and another device's.
    :param done: what is said once it was handed in, at `done_url`.
    """
    marks, now = typed_marks(request, standard), timezone.now()
    entries = [MarkEntry(item=code, **mark) for code, mark in marks.items()]
    comment = request.POST.get("comment", "")
    try:
        saved = save(version=typed_version(request), entries=entries, comment=comment, user=request.user, now=now)
        if request.POST.get("next") != "submit":
            messages.success(request, _("Saved"))
            return redirect(form_url)
        row.version = saved.version
        submit(version=saved.version, user=request.user, now=now)
    except DomainError as error:
        tell_refusal(request, error)
        if not isinstance(error, ChangedElsewhere):
            return page(marks, status=error.status)
        row.version = error.version
        return page(marks, theirs=error.marks, status=error.status)
    messages.success(request, done)
    return redirect(done_url)


def typed_marks(request: HttpRequest, standard: Standard) -> Marks:
    return {
        code: blank() | {name: request.POST.get(f"{code}-{name}", "").strip() for name in MARKED}
        for code in standard.items
    }


def typed_version(request: HttpRequest) -> int:
    return number_typed(request.POST.get("version", ""))


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
    words = {
        "mark": _("not marked"),
        "reason": _("the deduction has no reason"),
        STAGE: _("before trial there is no hearing: choose “not applicable”"),
    }
    return f"{defect.item} · {words.get(defect.missing, _('at least one item must apply'))}"

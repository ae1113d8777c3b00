"""The papers of a decision and of one on an appeal: their drafts, and issuing them."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import InvalidInput
from scoring.forms.decisions import DecisionPaperForm
from scoring.models import DECIDING_ROLES, Appeal, Notice
from scoring.services.decision_papers import (
    ANSWERED,
    draft_of_appeal_decision,
    draft_of_decision,
    editable_appeal_decision,
    editable_decision,
    issue_appeal_decision,
    issue_decision,
)
from scoring.services.issuing import IssuedAlready, NumberTaken
from scoring.views.notices import found_notice, shown_notice
from scoring.views.papers import drawn
from scoring.views.proposals import found_proposal, shown_proposal


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def decision_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The decision on a sanction as it would be issued now."""
    return _decision_draft(request, public_id, draft_of_decision, ending="pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def decision_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    return _decision_draft(request, public_id, editable_decision, ending="docx")


def _decision_draft(request: HttpRequest, public_id: str, draw: Callable[..., bytes], *, ending: str) -> HttpResponse:
    proposal = found_proposal(request, public_id)
    # Before the name: why there is no draft is told in the reader's own language.
    data = draw(proposal=proposal, person=cast("User", request.user), now=timezone.now())
    named = (_("Draft"), _("Decision on a sanction"), proposal.named)
    return drawn(lambda: data, lambda: named, plain=f"draft-decision.{ending}")


@require_POST
@roles_required(*DECIDING_ROLES)
def issue_decision_page(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal, form = found_proposal(request, public_id), DecisionPaperForm(request.POST)
    return _issued(
        request, form, partial(issue_decision, proposal=proposal), partial(shown_proposal, request, proposal)
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def appeal_decision_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The decision on the appeal against a notice as it would be issued now."""
    return _appeal_draft(request, public_id, draft_of_appeal_decision, ending="pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def appeal_decision_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    return _appeal_draft(request, public_id, editable_appeal_decision, ending="docx")


def _appeal_draft(request: HttpRequest, public_id: str, draw: Callable[..., bytes], *, ending: str) -> HttpResponse:
    notice = found_notice(request, public_id)
    data = draw(appeal=_answered(notice), person=cast("User", request.user), now=timezone.now())
    named = (_("Draft"), _("Decision on an appeal"), notice.label)
    return drawn(lambda: data, lambda: named, plain=f"draft-appeal-decision.{ending}")


@require_POST
@roles_required(*DECIDING_ROLES)
def issue_appeal_decision_page(request: HttpRequest, public_id: str) -> HttpResponse:
    notice, form = found_notice(request, public_id), DecisionPaperForm(request.POST)
    issue = partial(issue_appeal_decision, appeal=_answered(notice))

    def refused(*, form: DecisionPaperForm, status: HTTPStatus) -> HttpResponse:
        return shown_notice(request, notice, paper_form=form, status=status)

    return _issued(request, form, issue, refused)


def _answered(notice: Notice) -> Appeal:
    return get_object_or_404(notice.appeals.filter(state__in=ANSWERED))


def _issued(
    request: HttpRequest, form: DecisionPaperForm, issue: Callable[..., Notice], refused: Callable[..., HttpResponse]
) -> HttpResponse:
    """:param refused: the page that shows the form again, by `form` and `status`."""
    if not form.is_valid():
        return refused(form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        paper = issue(person=cast("User", request.user), **form.cleaned_data, now=timezone.now())
    except IssuedAlready as already:
        messages.info(request, str(already.message))
        return redirect("scoring:notice", public_id=already.notice.public_id)
    except (InvalidInput, NumberTaken) as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong.message))
        return refused(form=form, status=HTTPStatus(wrong.status))
    messages.success(request, _("%(label)s has its number; the file follows within seconds.") % {"label": paper.label})
    return redirect("scoring:notice", public_id=paper.public_id)

"""Corrective tasks: the list of those who check them, the lawyer's own page, and the steps."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import InvalidInput, TooLarge, UnsupportedFile
from qa_service.common.keyset import page_in_order
from qa_service.files.views import guarded
from scoring.enums import TaskState
from scoring.forms.decisions import KeyedReportForm, ReportForm, ReturnForm, TaskForm
from scoring.models import DECIDING_ROLES, CorrectiveTask, Proposal
from scoring.queries.proposals import proposals_seen_by
from scoring.queries.tasks import RUNNING, left_of, papers_of_tasks, tasks_late, tasks_seen_by
from scoring.services.procedure import (
    Evidence,
    FileOnPaper,
    close_task,
    key_in_report,
    report_task,
    return_task,
)
from scoring.views.proposals import shown_proposal

A_PAGE = 50


@require_safe
@roles_required(*DECIDING_ROLES)
def task_list(request: SignedInRequest) -> HttpResponse:
    """The most urgent first."""
    chosen, now = request.GET.get("state", ""), timezone.now()
    rows = tasks_seen_by(request.user)
    rows = {
        "late": lambda: tasks_late(rows, now=now),
        "reported": lambda: rows.filter(state=TaskState.REPORTED),
        "all": lambda: rows,
    }.get(chosen, lambda: rows.filter(state__in=RUNNING))()
    page = page_in_order(rows, after=request.GET.get("after", ""), size=A_PAGE)
    context = {
        "page": page,
        "rows": [(task, left_of(task, now=now)) for task in page.rows],
        "chosen": chosen,
        "filters": (
            ("", pgettext("corrective tasks", "Under way")),
            ("late", pgettext("corrective tasks", "Late")),
            ("reported", pgettext("corrective tasks", "To check")),
            ("all", _("All")),
        ),
    }
    return render(request, "scoring/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.LAWYER)
def my_task(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What the lawyer is to do, until when, what they reported and what came of it."""
    own = tasks_seen_by(request.user).filter(lawyer=request.user.lawyer_id)
    task, now = get_object_or_404(own, public_id=public_id), timezone.now()
    form, status = ReportForm(), HTTPStatus.OK
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        given: dict[str, Any] = {"task": task, "person": request.user, "now": now}
        if form.is_valid() and _taken(form, lambda typed: report_task(**given, **typed)):
            messages.success(request, _("Your report was received. Another person checks it."))
            return redirect("scoring:my-task", public_id=task.public_id)
    context = {
        "task": task,
        "reports": task.reports.select_related("paper"),
        "left": left_of(task, now=now),
        "form": form if task.state == TaskState.OPEN else None,
    }
    return render(request, "scoring/task.html", context, status=status)


def _taken(form: Form, step: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the step was taken; what it refused stands on the form."""
    typed = dict(form.cleaned_data)
    uploaded = typed.pop("paper", None)
    typed["paper"] = Evidence(cast("BinaryIO", uploaded.file), uploaded.name or "") if uploaded is not None else None
    try:
        step(typed)
    except (InvalidInput, TooLarge, UnsupportedFile, FileOnPaper) as refused:
        field = refused.field if refused.field in form.fields else "paper"
        form.add_error(field, str(refused.message))
        return False
    return True


@require_safe
@never_cache
@roles_required(*DECIDING_ROLES, Role.LAWYER)
def task_paper(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Saved by whoever sees the task; the browser is never given it to show."""
    paper = get_object_or_404(papers_of_tasks(request.user), public_id=public_id)
    return cast("HttpResponse", guarded(paper.file, filename=f"{paper.public_id}.{paper.kind}"))


def _found(request: SignedInRequest, public_id: str) -> tuple[Proposal, CorrectiveTask]:
    proposal = get_object_or_404(proposals_seen_by(request.user), public_id=public_id)
    task = CorrectiveTask.objects.filter(proposal=proposal).first()
    if task is None:
        raise Http404
    return proposal, task


def _step(
    request: HttpRequest, proposal: Proposal, form: Form, step: Callable[[dict[str, Any]], object], said: str
) -> HttpResponse:
    if form.is_valid():
        try:
            step(dict(form.cleaned_data))
        except InvalidInput as wrong:
            form.add_error("note", wrong.message)
        else:
            messages.success(request, said)
            return redirect("scoring:proposal", public_id=proposal.public_id)
    return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@roles_required(*DECIDING_ROLES)
def finish_task(request: SignedInRequest, public_id: str) -> HttpResponse:
    (proposal, task), now = _found(request, public_id), timezone.now()
    return _step(
        request,
        proposal,
        TaskForm(request.POST),
        lambda typed: close_task(task=task, person=request.user, note=typed["note"], now=now),
        _("The corrective task was closed."),
    )


@require_POST
@roles_required(*DECIDING_ROLES)
def send_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    (proposal, task), now = _found(request, public_id), timezone.now()
    return _step(
        request,
        proposal,
        ReturnForm(request.POST),
        lambda typed: return_task(task=task, person=request.user, reason=typed["note"], now=now),
        _("The report was returned to the lawyer."),
    )


@require_POST
@roles_required(*DECIDING_ROLES)
def key_in(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What a lawyer without an account handed in."""
    (proposal, task), now = _found(request, public_id), timezone.now()
    form = KeyedReportForm(request.POST, request.FILES)
    given: dict[str, Any] = {"task": task, "person": request.user, "now": now}
    if form.is_valid() and _taken(form, lambda typed: key_in_report(**given, **typed)):
        messages.success(request, _("The lawyer's report was entered."))
        return redirect("scoring:proposal", public_id=proposal.public_id)
    return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

"""The queue of proposals and the page on which people decide, step by step."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import reads_here
from qa_service.common.api import as_refusal
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import InvalidInput
from qa_service.common.keyset import page_after
from qa_service.common.workdays import CalendarYearMissing
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import today_at
from scoring.enums import (
    IN_EFFECT,
    NOTICED,
    OPEN_STATES,
    PRAISING,
    RECTIFYING,
    REFERRING,
    SUPERVISING,
    Outcome,
    ProposalState,
    ReferralKind,
    RuleCode,
    TaskKind,
    TaskState,
)
from scoring.forms.decisions import (
    AnswerForm,
    DecisionForm,
    DecisionPaperForm,
    IssueForm,
    KeyedReportForm,
    KeyedStatementForm,
    PanelForm,
    ReasonForm,
    ReferralForm,
    ReturnForm,
    ServiceForm,
    StatementForm,
    SuspensionForm,
    TaskForm,
)
from scoring.models import DECIDING_ROLES, Proposal, Statement
from scoring.queries.concerned import told_here
from scoring.queries.notices import notices_seen_by
from scoring.queries.passing import panel_may_meet, panel_people, passed_on, why_passed_on
from scoring.queries.proposals import (
    DECIDED,
    awaits_statement,
    display_over,
    heard,
    keyed_in_here,
    may_criticise,
    needs_hearing,
    proposals_seen_by,
    sentences,
    state_in_words,
    statement_of,
    steps,
    takes_statement,
    why_held,
    why_not_independent,
    why_opposed,
    why_overtaken,
    why_unsettled,
    with_undone,
)
from scoring.queries.tasks import RUNNING, left_of
from scoring.services.decision_papers import decision_to_issue
from scoring.services.issuing import IssuedAlready, NumberTaken, draft_of_notice, issue_notice
from scoring.services.notice_content import standard_title
from scoring.services.panels import record_meeting
from scoring.services.procedure import (
    STATEMENT_WORKDAYS,
    ask_for_statement,
    decide,
    give_statement,
    key_in_statement,
    stop_display,
)
from scoring.services.proposed import what_is_proposed
from scoring.services.step_papers import has_letter

A_PAGE = 50
CLOSED = (ProposalState.CARRIED_OUT, ProposalState.DECLINED, ProposalState.OVERTAKEN)
FILTERS: dict[str, Q] = {
    "to_decide": Q(state__in=(ProposalState.PROPOSED, ProposalState.HEARING)),
    "on_display": Q(state=ProposalState.ON_DISPLAY),
    "to_issue": Q(state=ProposalState.ACCEPTED, code__in=NOTICED),
    "to_refer": Q(state=ProposalState.ACCEPTED, code__in=REFERRING),
    "coaching": Q(state=ProposalState.ACCEPTED, code=RuleCode.S1),
    "closed": Q(state__in=CLOSED),
}


@require_safe
@roles_required(*DECIDING_ROLES)
def queue(request: HttpRequest) -> HttpResponse:
    chosen, code = request.GET.get("state", ""), request.GET.get("rule", "")
    rows: QuerySet[Proposal] = proposals_seen_by(cast("User", request.user))
    if chosen == "passed_on":
        rows = passed_on(rows)
    elif chosen in FILTERS:
        rows = rows.filter(FILTERS[chosen])
    if code in RuleCode.values:
        rows = rows.filter(code=code)
    labels = {
        "": _("All"),
        "to_decide": _("To decide"),
        "on_display": _("On public display"),
        "to_issue": _("To issue"),
        "to_refer": _("With another authority"),
        "coaching": _("Coaching under way"),
        "passed_on": _("Passed to the bureau"),
        "closed": pgettext("proposals", "Closed"),
    }
    page = page_after(rows, day="closed_at", after=request.GET.get("after", ""), size=A_PAGE)
    now = timezone.now()
    context = {
        "page": page,
        "over": {row.pk for row in page.rows if display_over(row, now=now)},
        "filters": labels.items(),
        "chosen": chosen,
        "rules": RuleCode.choices,
        "code": code,
    }
    return render(request, "scoring/proposals.html", context)


@require_safe
@roles_required(*DECIDING_ROLES)
def proposal_page(request: HttpRequest, public_id: str) -> HttpResponse:
    return shown_proposal(request, found_proposal(request, public_id))


def found_proposal(request: HttpRequest, public_id: str) -> Proposal:
    seen = proposals_seen_by(cast("User", request.user))
    return get_object_or_404(seen, public_id=public_id)


def shown_proposal(
    request: HttpRequest, proposal: Proposal, *, form: Form | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of a proposal, with the form that was refused."""
    user, today = cast("User", request.user), today_at(proposal.centre, timezone.now())
    decision = getattr(proposal, "decision", None)
    accepted = proposal.state == ProposalState.ACCEPTED
    is_open, coaching = proposal.state in OPEN_STATES, accepted and proposal.code == RuleCode.S1
    undecided = proposal.state in {ProposalState.PROPOSED, ProposalState.HEARING}
    referring = _referring(proposal, form=form, user=user)
    tasks = _correcting(proposal, form=form, user=user)
    acts = is_open or referring["can_send"] or referring["can_answer"] or tasks["task_runs"]
    barred = why_not_independent(proposal, user) if acts else ""
    # Read by independent people alone, so whoever is barred is told nothing of it.
    stopped = _stopped(proposal) if is_open and not coaching and not barred else ""
    can_decide = undecided and not stopped and heard(proposal, today=today)
    told = statement_of(proposal)
    decided_by_me = decision is not None and decision.decided_by_id == user.pk
    can_issue = accepted and proposal.code in NOTICED and not decided_by_me
    context: dict[str, Any] = {
        "proposal": proposal,
        "is_open": is_open,
        "steps": steps(proposal, today=today),
        "evidence": sentences(proposal.evidence),
        "counter_evidence": sentences(proposal.counter_evidence),
        "statement": told,
        "decision": decision,
        "display": getattr(proposal, "display", None),
        "display_over": display_over(proposal, now=timezone.now()),
        "papers": proposal.papers.order_by("numbered_at", "pk"),
        "barred": barred,
        "stopped": stopped,
        "can_ask": proposal.state == ProposalState.PROPOSED and needs_hearing(proposal),
        "on_paper": not told_here(proposal),
        "office": CentreSettings.objects.filter(centre=proposal.centre_id).first(),
        "statement_workdays": STATEMENT_WORKDAYS,
        "proposed": what_is_proposed(proposal),
        "can_key_in": keyed_in_here(proposal) and awaits_statement(proposal),
        "can_decide": can_decide,
        "can_decline": undecided and not can_decide,
        "can_stop": proposal.state == ProposalState.ON_DISPLAY,
        "praises": proposal.code in PRAISING,
        "prints_reasons": proposal.code in RECTIFYING,
        "supervises": proposal.code in SUPERVISING,
        "red_head": proposal.code not in RECTIFYING,
        "can_issue": can_issue,
        "waits_for_another": accepted and proposal.code in NOTICED and decided_by_me,
        **referring,
        "has_letter": has_letter(proposal),
        "passed_on": why_passed_on(proposal),
        "meetings": proposal.meetings.select_related("entered_by")
        .prefetch_related("members")
        .order_by("held_on", "pk"),
        "panel_form": _panel_form(proposal, form) if not barred and panel_may_meet(proposal) else None,
        "form": form,
        "decision_form": form if isinstance(form, DecisionForm) else DecisionForm(),
        "reason_form": form if isinstance(form, ReasonForm) else ReasonForm(),
        **tasks,
        "service_form": form if isinstance(form, ServiceForm) else ServiceForm(),
        "issue_form": form if isinstance(form, IssueForm) else _issue_form(proposal) if can_issue else None,
        **_decision_paper(proposal, form=form, user=user),
        "keyed_form": form if isinstance(form, KeyedStatementForm) else KeyedStatementForm(),
    }
    return render(request, "scoring/proposal.html", context, status=status)


def _decision_paper(proposal: Proposal, *, form: Form | None, user: User) -> dict[str, Any]:
    """The decision behind a sanction, while it has no paper; who decided reads its draft, another issues it."""
    if not decision_to_issue(proposal) or why_not_independent(proposal, user) or _stopped(proposal):
        return {"decision_waits": False}
    own = type(form) is DecisionPaperForm
    return {
        "decision_waits": True,
        "issues_decision": proposal.decision.decided_by_id != user.pk,
        "decision_form_paper": form if own else DecisionPaperForm(auto_id="paper_%s"),
    }


def _panel_form(proposal: Proposal, form: Form | None) -> PanelForm:
    return form if isinstance(form, PanelForm) else PanelForm(people=panel_people(proposal))


def _referring(proposal: Proposal, *, form: Form | None, user: User) -> dict[str, Any]:
    decision = getattr(proposal, "decision", None)
    decided_by_me = decision is not None and decision.decided_by_id == user.pk
    referral, decided = getattr(proposal, "referral", None), proposal.state in DECIDED
    to_send = decided and (may_criticise(proposal) if referral is None else referral.sent_on is None)
    waits = referral is not None and referral.sent_on is not None and referral.answered_on is None
    answering = SuspensionForm if referral is not None and referral.kind == ReferralKind.SUSPENSION else AnswerForm
    begun = {"addressee": proposal.rule.authority if referral else ""}
    return {
        "referral": referral,
        "measure": getattr(proposal, "measure", None),
        "criticises": referral is None,
        "can_send": to_send and not decided_by_me,
        "sends_another": to_send and decided_by_me and referral is not None,
        "can_answer": waits,
        "referral_form": form if isinstance(form, ReferralForm) else ReferralForm(initial=begun),
        "answer_form": form if isinstance(form, AnswerForm) else answering(),
    }


def _correcting(proposal: Proposal, *, form: Form | None, user: User) -> dict[str, Any]:
    task = getattr(proposal, "task", None)
    if task is None:
        return {"task": None, "task_runs": False}
    reports, decision = list(task.reports.select_related("paper")), getattr(proposal, "decision", None)
    waiting = [each for each in reports if not each.answer]
    mine = (decision is not None and decision.decided_by_id == user.pk) or any(
        each.given_by_id == user.pk for each in waiting
    )
    to_check = task.state == TaskState.REPORTED
    to_close = to_check or (task.state == TaskState.OPEN and task.kind == TaskKind.COACHING)
    return {
        "task": task,
        "task_runs": task.state in RUNNING,
        "task_left": left_of(task, now=timezone.now()),
        "reports": reports,
        "to_check": to_check,
        "can_close_task": to_close and not mine,
        "checks_another": to_close and mine,
        "can_key_in_report": task.state == TaskState.OPEN and not reads_here(task.lawyer_id),
        "task_form": form if isinstance(form, TaskForm) else TaskForm(),
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(auto_id="return_%s"),
        "report_form": form if isinstance(form, KeyedReportForm) else KeyedReportForm(auto_id="report_%s"),
    }


def _stopped(proposal: Proposal) -> str:
    return why_overtaken(proposal) or why_unsettled(proposal) or why_held(proposal) or why_opposed(proposal)


@require_POST
@roles_required(*DECIDING_ROLES)
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal, form = found_proposal(request, public_id), ServiceForm(request.POST)
    if not form.is_valid():
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    person, served_on = cast("User", request.user), form.cleaned_data["served_on"]
    try:
        statement = ask_for_statement(proposal=proposal, person=person, served_on=served_on, now=timezone.now())
    except InvalidInput as wrong:
        form.add_error("served_on", wrong.message)
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    told = _("The lawyer was told and may answer until %(day)s.") % {"day": statement.due_on}
    if statement.due_on is None:
        told = _(
            "The lawyer was told. The last day to answer is counted once the calendar of working days has been "
            "imported."
        )
    messages.success(request, told)
    return redirect("scoring:proposal", public_id=proposal.public_id)


@require_POST
@roles_required(*DECIDING_ROLES)
def key_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answer on paper of a lawyer without an account."""
    proposal, form = found_proposal(request, public_id), KeyedStatementForm(request.POST)
    if not form.is_valid():
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    person = cast("User", request.user)
    try:
        key_in_statement(proposal=proposal, person=person, **form.cleaned_data, now=timezone.now())
    except InvalidInput as wrong:
        form.add_error(wrong.field or "text", wrong.message)
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The lawyer's answer was entered."))
    return redirect("scoring:proposal", public_id=proposal.public_id)


@require_POST
@roles_required(*DECIDING_ROLES)
def decide_page(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal, form = found_proposal(request, public_id), DecisionForm(request.POST)
    if not form.is_valid():
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        decide(
            proposal=proposal,
            person=cast("User", request.user),
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except (InvalidInput, CalendarYearMissing) as refused:
        said = as_refusal(refused)
        form.add_error("reason", str(said.message) if said else str(refused))
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The decision was recorded."))
    return redirect("scoring:proposal", public_id=proposal.public_id)


@require_POST
@roles_required(*DECIDING_ROLES)
def panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """A panel met."""
    proposal = found_proposal(request, public_id)
    form = PanelForm(request.POST, people=panel_people(proposal))
    if not form.is_valid():
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        record_meeting(proposal=proposal, person=cast("User", request.user), **form.cleaned_data, now=timezone.now())
    except InvalidInput as wrong:
        form.add_error(wrong.field, wrong.message)
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The meeting of the panel was recorded."))
    return redirect("scoring:proposal", public_id=proposal.public_id)


@require_POST
@roles_required(*DECIDING_ROLES)
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal, form = found_proposal(request, public_id), ReasonForm(request.POST)
    if not form.is_valid():
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    person, reason = cast("User", request.user), form.cleaned_data["reason"]
    try:
        stop_display(proposal=proposal, person=person, reason=reason, now=timezone.now())
    except InvalidInput as wrong:
        form.add_error("reason", str(wrong.message))
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The display was ended."))
    return redirect("scoring:proposal", public_id=proposal.public_id)


def _issue_form(proposal: Proposal, data: Mapping[str, Any] | None = None) -> IssueForm:
    """With the title of a circular as it would stand, to be broken otherwise."""
    return IssueForm(
        data,
        title_lines=standard_title(proposal) if proposal.code in PRAISING else (),
        numbered_by_office=proposal.code in SUPERVISING,
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The paper as it would be issued now, to be read before it has a number."""
    return _draft(request, found_proposal(request, public_id))


def _draft(request: HttpRequest, proposal: Proposal, *, title: str = "") -> HttpResponse:
    data = draft_of_notice(proposal=proposal, person=cast("User", request.user), title=title, now=timezone.now())
    with override("zh-hans"):  # the paper is Chinese, and so is its name
        name = file_name(_("Draft"), proposal.get_code_display(), proposal.named, extension="pdf")
    named = disposition(name, plain=f"draft-{proposal.code}.pdf", inline=True)
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": named})


@require_POST
@roles_required(*DECIDING_ROLES)
def issue(request: HttpRequest, public_id: str) -> HttpResponse:
    """Issue it, or only look at the title as somebody broke it: `preview` gives the draft and writes nothing."""
    proposal = found_proposal(request, public_id)
    form = _issue_form(proposal, request.POST)
    if not form.is_valid():
        return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    typed = form.cleaned_data
    try:
        if "preview" in request.POST:
            return _draft(request, proposal, title=typed.get("title", ""))
        notice = issue_notice(proposal=proposal, person=cast("User", request.user), **typed, now=timezone.now())
    except IssuedAlready as already:
        messages.info(request, str(already.message))
        return redirect("scoring:notice", public_id=already.notice.public_id)
    except (InvalidInput, NumberTaken) as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong.message))
        return shown_proposal(request, proposal, form=form, status=HTTPStatus(wrong.status))
    messages.success(request, _("%(label)s has its number; the file follows within seconds.") % {"label": notice.label})
    return redirect("scoring:notice", public_id=notice.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.LAWYER)
def statement_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The lawyer reads what the paper says: what is proposed, what speaks for and against it; and answers once."""
    user = cast("User", request.user)
    if user.lawyer_id is None:
        raise Http404
    asked = Statement.objects.select_related(
        "proposal__case", "proposal__centre", "proposal__lawyer", "proposal__rule", "proposal__decision"
    )
    statement = get_object_or_404(asked, proposal__public_id=public_id, proposal__lawyer=user.lawyer_id)
    proposal, form = statement.proposal, StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_statement(proposal=proposal, person=user, text=form.cleaned_data["text"], now=timezone.now())
        messages.success(request, _("Your statement was received."))
        return redirect("scoring:statement", public_id=proposal.public_id)
    still_taken = takes_statement(proposal, came_on=today_at(proposal.centre, timezone.now()))
    context = {
        "statement": statement,
        "proposal": proposal,
        "decision": getattr(proposal, "decision", None),
        "notice": notices_seen_by(user).filter(proposal=proposal, kind__in=IN_EFFECT).order_by("-pk").first(),
        "state": state_in_words(with_undone(Proposal.objects.filter(pk=proposal.pk)).get()),
        "evidence": sentences(proposal.evidence),
        "counter_evidence": sentences(proposal.counter_evidence),
        "proposed": what_is_proposed(proposal),
        "form": form if still_taken else None,
    }
    invalid = request.method == "POST"
    return render(
        request,
        "scoring/statement.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if invalid else HTTPStatus.OK,
    )

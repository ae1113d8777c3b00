"""Notices: the list, the page of one, its file, and what people may do with it."""

from datetime import date
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import InvalidInput
from qa_service.common.keyset import page_after
from qa_service.files.views import guarded
from qa_service.organisations.queries import issuer_name, today_at
from scoring.enums import IN_EFFECT, AppealState, NoticeKind, NoticeState
from scoring.forms.decisions import (
    AppealAnswerForm,
    AppealForm,
    DecisionPaperForm,
    KeyedAppealForm,
    ServiceForm,
    WithdrawalForm,
)
from scoring.models import DECIDING_ROLES, Notice
from scoring.queries.concerned import concerns, told_here
from scoring.queries.notices import (
    appeal_keyed_in_here,
    appeal_waits,
    groundless_notices,
    next_files_of,
    notices_seen_by,
    notices_to_serve,
    took_part,
)
from scoring.queries.proposals import to_be_issued_anew, why_not_independent
from scoring.queries.report_choice import periods_offered
from scoring.services.appeals import (
    AppealTooLate,
    decide_appeal,
    key_in_appeal,
    lodge_appeal,
    require_answerable,
    require_rereadable,
)
from scoring.services.decision_papers import may_issue_on_appeal
from scoring.services.delivery import acknowledge_notice, appeal_until, serve_notice
from scoring.services.withdrawal import require_withdrawable, why_not_anew, withdraw_notice

A_PAGE = 50
READERS = (*DECIDING_ROLES, Role.LAWYER, Role.FIRM)


@require_safe
@roles_required(*READERS)
def notice_list(request: HttpRequest) -> HttpResponse:
    user, to_serve = cast("User", request.user), bool(request.GET.get("to_serve"))
    rows, day = notices_seen_by(user), "numbered_at"
    if request.GET.get("groundless") and user.has_role(*DECIDING_ROLES):
        rows, day = groundless_notices(user), "ground_gone_at"
    elif to_serve and user.has_role(*DECIDING_ROLES):
        rows, day = notices_to_serve(user), "issued_at"
    kind = request.GET.get("kind", "")
    if kind in NoticeKind.values:
        rows = rows.filter(kind=kind)
    queue = day != "numbered_at"
    page = page_after(rows, day=day, after=request.GET.get("after", ""), size=A_PAGE, oldest_first=queue)
    context = {
        "page": page,
        "kinds": NoticeKind.choices,
        "kind": kind,
        "to_serve": to_serve,
        "periods": periods_offered(localdate()) if user.has_role(*DECIDING_ROLES) else [],
    }
    return render(request, "scoring/notices.html", context)


@require_safe
@roles_required(*READERS)
def notice_page(request: HttpRequest, public_id: str) -> HttpResponse:
    return shown_notice(request, found_notice(request, public_id))


def found_notice(request: HttpRequest, public_id: str) -> Notice:
    seen = notices_seen_by(cast("User", request.user)).select_related("proposal__decision", "numbered_by", "file")
    return get_object_or_404(seen, public_id=public_id)


def shown_notice(
    request: HttpRequest,
    notice: Notice,
    *,
    withdrawal_form: WithdrawalForm | None = None,
    appeal_form: AppealForm | None = None,
    answer_form: AppealAnswerForm | None = None,
    service_form: ServiceForm | None = None,
    keyed_form: KeyedAppealForm | None = None,
    paper_form: DecisionPaperForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = cast("User", request.user)
    in_force = notice.state == NoticeState.ISSUED
    mine = user.lawyer_id is not None and user.lawyer_id == notice.lawyer_id
    deciding = user.has_role(*DECIDING_ROLES) and not why_not_independent(notice.proposal, user)
    appeals = list(notice.appeals.select_related("lodged_by", "decided_by"))
    withdrawable = deciding and notice.state != NoticeState.WITHDRAWN and notice.kind != NoticeKind.APPEAL_DECISION
    decided_by_me = notice.proposal.decision.decided_by_id == user.pk
    waiting = appeal_waits(notice)
    rectified = in_force and notice.kind == NoticeKind.RECTIFICATION and not appeals
    may_appeal = rectified and mine
    may_key_in = rectified and deciding and appeal_keyed_in_here(notice)
    until = appeal_until(notice) if may_appeal else None
    answered, issues = may_issue_on_appeal(notice, user) if deciding else (None, False)
    over = until is not None and today_at(notice.issuer, timezone.now()) > until
    context = {
        "notice": notice,
        "next_files": next_files_of(notice) if user.has_role(*DECIDING_ROLES) else None,
        "appeals": appeals,
        "others": notices_seen_by(user).filter(proposal=notice.proposal_id).exclude(pk=notice.pk).order_by("pk"),
        "edited_outside": notice.kind != NoticeKind.RECTIFICATION and not concerns(user, notice),
        "appeal_decision_waits": answered,
        "issues_appeal_decision": issues,
        "paper_form": paper_form or DecisionPaperForm(auto_id="paper_%s"),
        "reads_here": told_here(notice),
        "comes_anew": notice.kind in IN_EFFECT and to_be_issued_anew(notice.proposal),
        "set_days": _days_set(notice),
        "can_answer": in_force and deciding and not took_part(notice, user),
        "to_serve": deciding and notices_to_serve(user).filter(pk=notice.pk).exists(),
        "service_form": service_form or ServiceForm(),
        "may_key_in": may_key_in,
        "served_until": appeal_until(notice) if may_key_in else None,
        "keyed_form": keyed_form or KeyedAppealForm(),
        "answer_form": answer_form or AppealAnswerForm(),
        "appeal_until": until,
        "appeal_closed": over,
        "can_withdraw": withdrawable and not decided_by_me and not waiting,
        "withdrawn_by_another": withdrawable and decided_by_me,
        "appeal_waits": withdrawable and waiting,
        "hand_over": deciding and in_force and notice.lawyer_id is None and not told_here(notice),
        "can_acknowledge": in_force and concerns(user, notice) and notice.acknowledged_at is None,
        "can_appeal": may_appeal and not over,
        "staff": user.has_role(*DECIDING_ROLES),
        "withdrawal_form": withdrawal_form or WithdrawalForm(offered=withdrawable and not why_not_anew(notice)),
        "appeal_form": appeal_form or AppealForm(),
    }
    return render(request, "scoring/notice.html", context, status=status)


def _days_set(notice: Notice) -> list[tuple[str, date]]:
    """What a rectification wants of the lawyer, and until when; each day included."""
    if notice.kind != NoticeKind.RECTIFICATION:
        return []
    talk_by = min(measure["due_on"] for measure in notice.content["measures"])
    days = {_("Talk at the centre by"): talk_by, _("Written report by"): notice.content["report_by"]}
    return [(name, date.fromisoformat(day)) for name, day in days.items()]


@require_safe
@roles_required(*READERS)
def notice_file(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = found_notice(request, public_id)
    if notice.file is None:
        raise Http404
    streamed = guarded(notice.file, filename=f"{notice.label}.pdf", inline=True)
    streamed["Content-Disposition"] = _named(notice)
    return cast("HttpResponse", streamed)


def _named(notice: Notice) -> str:
    """The paper is Chinese, and so is its name: kind, issuer and number."""
    with override("zh-hans"):
        name = file_name(notice.get_kind_display(), issuer_name(notice.issuer_id), notice.label, extension="pdf")
    return disposition(
        name, plain=f"{notice.kind}-{notice.year}-{notice.number or notice.verify_code}.pdf", inline=True
    )


@require_POST
@roles_required(*DECIDING_ROLES)
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked once more before it is done: what is withdrawn does not come back."""
    notice, person = found_notice(request, public_id), cast("User", request.user)
    form = WithdrawalForm(request.POST, offered=True)
    if not form.is_valid():
        return shown_notice(request, notice, withdrawal_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    anew = form.cleaned_data["anew"]
    try:
        reason = require_withdrawable(notice, person, form.cleaned_data["reason"], anew=anew)
    except InvalidInput as wrong:
        form.add_error("reason", str(wrong.message))
        return shown_notice(request, notice, withdrawal_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "confirmed" not in request.POST:
        return render(request, "scoring/withdraw.html", {"notice": notice, "reason": reason, "anew": anew})
    withdraw_notice(notice=notice, person=person, reason=reason, anew=anew, now=timezone.now())
    messages.success(request, _("The notice was withdrawn. Its number stays used, and its page says so."))
    if anew:
        return redirect("scoring:proposal", public_id=notice.proposal.public_id)
    return redirect("scoring:notice", public_id=notice.public_id)


@require_POST
@roles_required(*READERS)
def acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = found_notice(request, public_id)
    acknowledge_notice(notice=notice, person=cast("User", request.user), now=timezone.now())
    messages.success(request, _("Recorded as read. Reading is not agreeing."))
    return redirect("scoring:notice", public_id=notice.public_id)


@require_POST
@roles_required(Role.LAWYER)
def appeal(request: HttpRequest, public_id: str) -> HttpResponse:
    notice, form = found_notice(request, public_id), AppealForm(request.POST)
    if not form.is_valid():
        return shown_notice(request, notice, appeal_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    person, words = cast("User", request.user), form.cleaned_data["text"]
    try:
        lodge_appeal(notice=notice, person=person, text=words, now=timezone.now())
    except InvalidInput as wrong:
        form.add_error("text", str(wrong.message))
        return shown_notice(request, notice, appeal_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Your appeal was lodged. People who took no part will decide it."))
    return redirect("scoring:notice", public_id=notice.public_id)


@require_POST
@roles_required(*DECIDING_ROLES)
def serve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter the day on which the paper reached the lawyer."""
    notice, form = found_notice(request, public_id), ServiceForm(request.POST)
    if not form.is_valid():
        return shown_notice(request, notice, service_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        serve_notice(
            notice=notice,
            person=cast("User", request.user),
            served_on=form.cleaned_data["served_on"],
            now=timezone.now(),
        )
    except InvalidInput as wrong:
        form.add_error("served_on", str(wrong.message))
        return shown_notice(request, notice, service_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    served = found_notice(request, public_id)
    messages.success(request, _("The day of receipt was entered."))
    if served.kind != NoticeKind.APPEAL_DECISION:
        messages.info(request, _time_to_appeal(served.proposal.notice))
    return redirect("scoring:notice", public_id=notice.public_id)


def _time_to_appeal(notice: Notice | None) -> str:
    """One appeals against the rectification alone, so not the receipt of the decision before it begins the time to."""
    if notice is None or notice.delivered_on is None:
        return _("The time to appeal begins when the lawyer receives the rectification notice.")
    until = appeal_until(notice)
    days = {"day": notice.delivered_on, "last": until}
    if until is None:
        return (
            _(
                "The time to appeal counts from %(day)s, when the lawyer received the rectification notice; its last "
                "day will be shown here once the calendar of working days has been imported."
            )
            % days
        )
    return (
        _(
            "The time to appeal counts from %(day)s, when the lawyer received the rectification notice, and ends on "
            "%(last)s."
        )
        % days
    )


@require_POST
@roles_required(*DECIDING_ROLES)
def key_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """The appeal on paper of a lawyer who has no account, or none any more."""
    notice, form = found_notice(request, public_id), KeyedAppealForm(request.POST)
    if not form.is_valid():
        return shown_notice(request, notice, keyed_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        key_in_appeal(notice=notice, person=cast("User", request.user), **form.cleaned_data, now=timezone.now())
    except (InvalidInput, AppealTooLate) as wrong:
        form.add_error(getattr(wrong, "field", None) or "received_on", str(wrong.message))
        return shown_notice(request, notice, keyed_form=form, status=wrong.status)
    messages.success(request, _("The appeal was entered. People who took no part will decide it."))
    return redirect("scoring:notice", public_id=notice.public_id)


@require_POST
@roles_required(*DECIDING_ROLES)
def answer_appeal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked once more before it is done: an answer is given once, and a notice withdrawn by it does not come back."""
    notice, form = found_notice(request, public_id), AppealAnswerForm(request.POST)
    lodged = notice.appeals.first()
    if lodged is None:
        raise Http404
    if not form.is_valid():
        return shown_notice(request, notice, answer_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    person, upheld = cast("User", request.user), form.cleaned_data["state"] == AppealState.UPHELD
    try:
        answer, reread = require_answerable(notice, person, form.cleaned_data["answer"]), form.cleaned_data["reread"]
        if reread:
            require_rereadable(notice, upheld=upheld)
    except InvalidInput as wrong:
        form.add_error("reread" if wrong.field == "reread" else "answer", str(wrong.message))
        return shown_notice(request, notice, answer_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "confirmed" not in request.POST:
        given = {"notice": notice, "appeal": lodged, "upheld": upheld, "answer": answer, "reread": reread}
        return render(request, "scoring/answer_appeal.html", given)
    decide_appeal(appeal=lodged, person=person, upheld=upheld, answer=answer, reread=reread, now=timezone.now())
    messages.success(request, _("The appeal was answered."))
    return redirect("scoring:notice", public_id=notice.public_id)

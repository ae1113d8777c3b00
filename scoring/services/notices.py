"""Issuing in two phases: number, frozen content and the state *issuing* commit together; a sweep renders the file.

After a crash no number is without its file: the sweep finds it again. A number once given is never given again.
"""

import logging
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, users_of_lawyers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.common.tokens import new_verify_code
from qa_service.documents.errors import FontsNotReady, FontUnusable, MissingGlyph
from qa_service.files.models import StoredFile
from qa_service.files.services import store
from qa_service.notifications.services import notify
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import today_at, workdays_if_known
from scoring import documents
from scoring.documents.content import CommendationContent
from scoring.enums import AppealState, NoticeKind, NoticeState, PrintRefusal, ProposalState, RuleCode
from scoring.models import Appeal, Notice, NumberCounter, Proposal
from scoring.queries.notices import took_part
from scoring.services.delivery import appeal_until, delivered_at_issue, held_notice, tell_of_notice
from scoring.services.next_files import follow_next_files, release_next_files
from scoring.services.notice_content import (
    NEXT_FILES,
    Content,
    content_digest,
    frozen,
    notice_content,
    notice_title,
    thawed,
    verification,
)
from scoring.services.procedure import NotIndependent, StepNotDue, locked, require_ground, require_independent
from scoring.wording import APPEAL_ANSWERED, APPEAL_LODGED, NOTICE_WITHDRAWN

logger = logging.getLogger(__name__)

KINDS = {RuleCode.R1: NoticeKind.COMMENDATION, RuleCode.S2: NoticeKind.RECTIFICATION}
# 发文代字: the centre's prefix and one sign a kind, so that two series never share a number.
SERIES = {NoticeKind.COMMENDATION: "通", NoticeKind.RECTIFICATION: "改"}
FILE_LIMIT = 20 * 2**20
BATCH = 20
APPEAL_ANSWER_WORKDAYS = 15
RENDERER = Actor.system("render")


class FourEyes(NotPermitted):
    """Who decided does not issue."""

    code = "four_eyes"


class IssuedAlready(StepNotDue):
    """Somebody pressed twice, or another person was first: `notice` is what came of it."""

    code = "issued_already"

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__(
            _("This notice was issued already as %(label)s. Nothing was done twice.") % {"label": notice.label}
        )


class AppealTooLate(Conflict):
    code = "appeal_too_late"


def issue_notice(*, proposal: Proposal, person: User, now: datetime) -> Notice:
    """Number and freeze a decided notice; the file follows within seconds.

    A trial print comes first, so that a name no font can draw refuses the issue before a number is used. In a quoted
    remark 〓 stands for such a sign: the remark is locked, and nobody could correct it.

    :raises StepNotDue: not decided, or still on display; :raises IssuedAlready: it has its number.
    :raises FourEyes: the person decided it.
    :raises NotIndependent: the person took part in the case.
    :raises MissingGlyph: a character of a name cannot be printed.
    """
    proposal = Proposal.objects.select_related("case__client", "lawyer", "firm", "rule", "centre").get(pk=proposal.pk)
    kind = _require_ready(proposal, person)
    widest = _label(proposal, kind, 1234567890, now=now)
    trial = notice_content(proposal=proposal, kind=kind, number=widest, signer=person, now=now)
    undrawn = _undrawn(trial)
    if undrawn:
        trial = notice_content(proposal=proposal, kind=kind, number=widest, signer=person, now=now, undrawn=undrawn)
        _render(trial)
    with transaction.atomic():
        row = locked(proposal.pk)
        _require_ready(row, person)
        notice = _number(proposal, kind, person, undrawn=undrawn, now=now)
        if replace(thawed(kind, notice.content), number=trial.number) != trial:
            raise StepNotDue(_("The marks have changed this moment. Look again, then issue."))
        row.state, row.closed_at = ProposalState.CARRIED_OUT, now
        row.save(update_fields=["state", "closed_at"])
        details = {"label": notice.label, "content_sha256": notice.content_sha256}
        record(actor=person.actor, action="scoring.notice_numbered", subject=notice, details=details, at=now)
    return notice


def _undrawn(content: Content) -> str:
    """The signs that no font at hand draws, found by printing."""
    try:
        _render(content)
    except MissingGlyph as missing:
        return missing.characters
    return ""


def _require_ready(proposal: Proposal, person: User) -> NoticeKind:
    require_independent(proposal, person)
    kind = KINDS.get(RuleCode(proposal.code))
    given = Notice.objects.filter(proposal=proposal).first()
    if given is not None:
        raise IssuedAlready(given)
    if kind is None or proposal.state != ProposalState.ACCEPTED:
        raise StepNotDue(_("This proposal is not ready to be issued."))
    if proposal.decision.decided_by_id == person.pk:
        raise FourEyes(
            _("Whoever decided does not issue. Ask another manager of the centre or the supervising bureau.")
        )
    require_ground(proposal)
    return kind


def _label(proposal: Proposal, kind: NoticeKind, number: int, *, now: datetime) -> str:
    prefix = CentreSettings.objects.get(centre=proposal.centre_id).document_prefix
    return f"{prefix}{SERIES[kind]}〔{timezone.localdate(now).year}〕{number}号"


def _number(proposal: Proposal, kind: NoticeKind, person: User, *, undrawn: str, now: datetime) -> Notice:
    year = timezone.localdate(now).year
    series: dict[str, Any] = {"issuer_id": proposal.centre_id, "kind": kind, "year": year}
    NumberCounter.objects.get_or_create(**series)
    counter = NumberCounter.objects.select_for_update().get(**series)
    counter.last += 1
    counter.save(update_fields=["last"])
    label = _label(proposal, kind, counter.last, now=now)
    content = notice_content(proposal=proposal, kind=kind, number=label, signer=person, now=now, undrawn=undrawn)
    stored = frozen(content)
    return Notice.objects.create(
        kind=kind,
        issuer_id=proposal.centre_id,
        year=year,
        number=counter.last,
        label=label,
        proposal=proposal,
        case=proposal.case,
        lawyer=proposal.lawyer,
        firm=proposal.firm,
        title=notice_title(content),
        content=stored,
        content_sha256=content_digest(stored),
        verify_code=new_verify_code(),
        numbered_at=now,
        numbered_by=person,
    )


def render_notices(*, now: datetime) -> int:
    """Give every numbered notice its file. Run twice at once, the second finds it done; returns how many it issued.

    Those never refused come first, then those refused longest ago: one that cannot be printed keeps none waiting.
    """
    waiting = Notice.objects.filter(state=NoticeState.ISSUING)
    waiting = waiting.order_by(F("refused_at").asc(nulls_first=True), "pk")[:BATCH]
    return sum(_issue(notice, now=now) for notice in waiting)


def _issue(notice: Notice, *, now: datetime) -> int:
    try:
        printed = _render(_with_verification(notice))
    except (FontsNotReady, FontUnusable, MissingGlyph) as refused:
        logger.warning("notice %s waits for its file: %s", notice.pk, refused.code)
        still = Notice.objects.filter(pk=notice.pk, state=NoticeState.ISSUING)
        still.update(refused_at=now, refused_for=PrintRefusal(refused.code))
        return 0
    file = store(
        data=printed, name=f"{notice.public_id}.pdf", content_type="application/pdf", limit=FILE_LIMIT, now=now
    )
    return _record_issue(notice, file, now=now)


@transaction.atomic
def _record_issue(notice: Notice, file: StoredFile, *, now: datetime) -> int:
    issued = Notice.objects.filter(pk=notice.pk, state=NoticeState.ISSUING).update(
        state=NoticeState.ISSUED,
        file=file,
        file_sha256=file.sha256,
        issued_at=now,
        delivered_on=delivered_at_issue(notice, now=now),
    )
    if issued:
        details = {"label": notice.label, "file_sha256": file.sha256}
        record(actor=RENDERER, action="scoring.notice_issued", subject=notice, details=details, at=now)
        if notice.kind == NoticeKind.RECTIFICATION:
            follow_next_files(notice, wanted=NEXT_FILES, now=now)
        tell_of_notice(notice, now=now)
    return issued


def _with_verification(notice: Notice) -> Content:
    mark = verification(code=notice.verify_code, digest=notice.content_sha256)
    stored = {
        **notice.content,
        "verification": {"url": mark.url, "code": mark.code, "host": mark.host, "digest": mark.digest},
    }
    return thawed(notice.kind, stored)


def _render(content: Content) -> bytes:
    if isinstance(content, CommendationContent):
        return documents.commendation_pdf(content)
    return documents.rectification_pdf(content)


@transaction.atomic
def withdraw_notice(*, notice: Notice, person: User, reason: str, now: datetime) -> None:
    """Take a notice back, saying why; its number stays used, its page says so, and an open appeal is settled by it.

    :raises StepNotDue: it is not issued, or withdrawn already.
    """
    require_independent(notice.proposal, person)
    if not reason.strip():
        raise InvalidInput(_("Say why the notice is withdrawn."), field="reason")
    _withdraw(notice, person, reason, now=now)


def _withdraw(notice: Notice, person: User, reason: str, *, now: datetime) -> None:
    withdrawn = Notice.objects.filter(pk=notice.pk, state=NoticeState.ISSUED).update(
        state=NoticeState.WITHDRAWN, withdrawn_at=now, withdrawn_by=person, withdrawal_reason=reason.strip()
    )
    if not withdrawn:
        raise StepNotDue(_("This notice is not in force."))
    _settle_appeal(notice, person, reason, now=now)
    release_next_files(notice, now=now)
    record(
        actor=person.actor, action="scoring.notice_withdrawn", subject=notice, details={"label": notice.label}, at=now
    )
    notify(
        users=users_of_lawyers([notice.lawyer_id]),
        text=NOTICE_WITHDRAWN,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )


def _settle_appeal(notice: Notice, person: User, reason: str, *, now: datetime) -> None:
    """What is no longer in force is not appealed against: the lawyer reads the reason of the withdrawal."""
    for appeal in Appeal.objects.select_for_update().filter(notice=notice, state=AppealState.LODGED):
        appeal.state, appeal.answer = AppealState.SETTLED, reason.strip()
        appeal.decided_by, appeal.decided_at = person, now
        appeal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        record(actor=person.actor, action="scoring.appeal_settled", subject=appeal, at=now)


@transaction.atomic
def acknowledge_notice(*, notice: Notice, person: User, now: datetime) -> None:
    """已阅: the lawyer has read it, which is not agreement. Twice is refused."""
    if person.lawyer_id != notice.lawyer_id:
        raise NotPermitted(_("Only the lawyer concerned can acknowledge."))
    seen = Notice.objects.filter(pk=notice.pk, acknowledged_at=None, state=NoticeState.ISSUED)
    if not seen.update(acknowledged_at=now):
        raise StepNotDue(_("This notice was acknowledged already, or is not in force."))
    record(actor=person.actor, action="scoring.notice_acknowledged", subject=notice, at=now)


@transaction.atomic
def lodge_appeal(*, notice: Notice, person: User, text: str, now: datetime) -> Appeal:
    """The lawyer's appeal to a rectification, within ten working days of its delivery.

    Where the calendar does not reach so far it is taken all the same, and a sweep sets the day for its answer.

    :raises AppealTooLate: the time is over.
    :raises Conflict: an appeal was lodged already.
    """
    if person.lawyer_id != notice.lawyer_id or notice.kind != NoticeKind.RECTIFICATION:
        raise NotPermitted(_("Only the lawyer concerned can appeal, and only to a rectification."))
    held = held_notice(notice)
    appeal = _lodge(held, person, text, came_on=today_at(held.issuer, now), now=now)
    record(actor=person.actor, action="scoring.appeal_lodged", subject=appeal, at=now)
    return appeal


@transaction.atomic
def key_in_appeal(*, notice: Notice, person: User, text: str, received_on: date | None, now: datetime) -> Appeal:
    """Enter the appeal that a lawyer who was served on paper handed in on paper, in their own words.

    What came in time counts as in time, whenever somebody types it in.

    :raises StepNotDue: the lawyer was told on their own home and appeals there, or was not told yet.
    :raises InvalidInput: no words; no day, or one before the lawyer was served or after today.
    :raises NotIndependent, AppealTooLate, Conflict: as for the lawyer's own.
    """
    held = held_notice(notice)
    require_independent(held.proposal, person)
    if held.served_by_id is None or held.delivered_on is None:
        raise StepNotDue(_("Only the appeal of a lawyer who was served on paper is entered here."))
    came_on = required_day(
        received_on,
        first=held.delivered_on,
        last=today_at(held.issuer, now),
        field="received_on",
        missing=_("Enter the day on which the appeal was received."),
        outside=_("The day of receipt lies before the day on which the lawyer was served, or after today."),
    )
    appeal = _lodge(held, person, text, came_on=came_on, received_on=came_on, now=now)
    details = {"received_on": str(came_on)}
    record(actor=person.actor, action="scoring.appeal_keyed_in", subject=appeal, details=details, at=now)
    return appeal


def _lodge(
    held: Notice, person: User, text: str, *, came_on: date, received_on: date | None = None, now: datetime
) -> Appeal:
    if not text.strip():
        raise InvalidInput(_("Say why you appeal."), field="text")
    if held.state != NoticeState.ISSUED:
        raise StepNotDue(_("This notice is not in force."))
    until = appeal_until(held)
    if until is not None and came_on > until:
        raise AppealTooLate(_("The time to appeal ended on %(day)s.") % {"day": until})
    if held.appeals.exists():
        raise Conflict(_("An appeal was lodged already."), code="appeal_lodged_already")
    appeal = Appeal.objects.create(
        notice=held,
        lodged_by=person,
        lodged_at=now,
        received_on=received_on,
        text=text.strip(),
        due_on=workdays_if_known(came_on, APPEAL_ANSWER_WORKDAYS),
    )
    notify(
        users=people_with(Role.SUPERVISOR, held.issuer),
        text=APPEAL_LODGED,
        params={"label": held.label},
        url=f"/scoring/notices/{held.public_id}",
        now=now,
    )
    return appeal


@transaction.atomic
def decide_appeal(*, appeal: Appeal, person: User, upheld: bool, answer: str, now: datetime) -> None:
    """Answer an appeal, with reasons; an upheld one takes the notice back.

    :raises NotIndependent: the person marked, told the lawyer, decided or issued.
    :raises StepNotDue: it was answered already, or the notice is no longer in force.
    """
    notice = Notice.objects.select_for_update(of=("self",)).select_related("proposal__case").get(pk=appeal.notice_id)
    require_independent(notice.proposal, person)
    if took_part(notice, person):
        raise NotIndependent(_("You took part in the decision. Somebody who did not must answer the appeal."))
    if not answer.strip():
        raise InvalidInput(_("Give the reasons of the answer."), field="answer")
    state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    answered = Appeal.objects.filter(pk=appeal.pk, state=AppealState.LODGED).update(
        state=state, answer=answer.strip(), decided_by=person, decided_at=now
    )
    if not answered:
        raise StepNotDue(_("This appeal was answered already."))
    record(actor=person.actor, action="scoring.appeal_decided", subject=appeal, details={"state": state.value}, at=now)
    notify(
        users=users_of_lawyers([notice.lawyer_id]),
        text=APPEAL_ANSWERED,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )
    if upheld:
        _withdraw(notice, person, _("An appeal was upheld: %(answer)s") % {"answer": answer.strip()}, now=now)

"""Issuing, the first phase: number, frozen content and the state *issuing* commit together (`printing` is the second).

After a crash no number is without its file: the sweep that prints finds it again. A number once given is never given
again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict
from qa_service.common.tokens import new_verify_code
from qa_service.documents.errors import MissingGlyph
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import today_at
from scoring.documents import commendation_docx, notice_pdf
from scoring.documents.content import CommendationContent
from scoring.enums import NoticeKind, ProposalState, RuleCode
from scoring.models import Notice, NumberCounter, Proposal
from scoring.services.notice_content import (
    Content,
    content_digest,
    frozen,
    notice_content,
    notice_title,
    thawed,
)
from scoring.services.procedure import StepNotDue, locked, require_another, require_ground, require_independent

KINDS = {RuleCode.R1: NoticeKind.COMMENDATION, RuleCode.S2: NoticeKind.RECTIFICATION}
# 发文代字: the centre's prefix and one sign a kind, so that two series never share a number.
SERIES = {NoticeKind.COMMENDATION: "通", NoticeKind.RECTIFICATION: "改"}


class IssuedAlready(StepNotDue):
    """Somebody pressed twice, or another person was first: `notice` is what came of it."""

    code = "issued_already"

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__(
            _("This notice was issued already as %(label)s. Nothing was done twice.") % {"label": notice.label}
        )


class NotEditable(Conflict):
    """A paper of everyday work is issued as it stands."""

    code = "not_editable"


def issue_notice(*, proposal: Proposal, person: User, now: datetime) -> Notice:
    """Number and freeze a decided notice; the file follows within seconds.

    A trial print comes first, so that a name no font can draw refuses the issue before a number is used. In a quoted
    remark 〓 stands for such a sign: the remark is locked, and nobody could correct it.

    :raises StepNotDue: not decided, or still on display; :raises IssuedAlready: it has its number.
    :raises FourEyes: the person decided it.
    :raises NotIndependent: the person took part in the case.
    :raises MissingGlyph: a character of a name cannot be printed.
    """
    proposal = _whole(proposal)
    kind = _require_ready(proposal, person)
    widest = _label(proposal, kind, 1234567890, now=now)
    trial = _printed(proposal, kind, person, number=widest, now=now)
    with transaction.atomic():
        row = locked(proposal.pk)
        _require_ready(row, person)
        notice = _number(proposal, kind, person, undrawn=trial.undrawn, now=now)
        if replace(thawed(kind, notice.content), number=widest) != trial.content:
            raise StepNotDue(_("The marks have just changed. Look at them again before you issue."))
        row.state, row.closed_at = ProposalState.CARRIED_OUT, now
        row.save(update_fields=["state", "closed_at"])
        details = {"label": notice.label, "content_sha256": notice.content_sha256}
        record(actor=person.actor, action="scoring.notice_numbered", subject=notice, details=details, at=now)
    return notice


def draft_of_notice(*, proposal: Proposal, person: User, now: datetime) -> bytes:
    """The very paper that issuing now would number, as a draft: marked on every page, without number, code or trace.

    Who decided reads it too, to see what their reasons look like; another issues it, whose name stays open.

    :raises StepNotDue, IssuedAlready, NotIndependent, MissingGlyph: as issuing would.
    """
    proposal, kind, signer = _to_be_drafted(proposal, person)
    return _printed(proposal, kind, signer, number="", now=now).paper


def editable_draft(*, proposal: Proposal, person: User, now: datetime) -> bytes:
    """The draft of a red-head paper as a .docx, for the office that words and numbers it; nothing is written.

    :raises NotEditable: it has no red head; :raises StepNotDue, IssuedAlready, NotIndependent: as issuing would.
    """
    proposal, kind, signer = _to_be_drafted(proposal, person)
    content = notice_content(proposal=proposal, kind=kind, number="", signer=signer, now=now)
    if not isinstance(content, CommendationContent):
        raise NotEditable(_("Only papers with a red head are edited outside."))
    return commendation_docx(content)


def _to_be_drafted(proposal: Proposal, person: User) -> tuple[Proposal, NoticeKind, User | None]:
    """With who would sign: nobody yet, where the person decided it."""
    whole = _whole(proposal)
    kind = _require_decided(whole, person)
    return whole, kind, None if whole.decision.decided_by_id == person.pk else person


def _whole(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("case__client", "lawyer", "firm", "rule", "centre").get(pk=proposal.pk)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A paper printed before it has its number. `undrawn`: the signs of quoted remarks that no font at hand draws."""

    content: Content
    undrawn: str
    paper: bytes


def _printed(proposal: Proposal, kind: NoticeKind, signer: User | None, *, number: str, now: datetime) -> _Trial:
    """What cannot be drawn is found by printing, and replaced where it is quoted.

    :raises MissingGlyph: it stands where nothing is quoted.
    """
    content = notice_content(proposal=proposal, kind=kind, number=number, signer=signer, now=now)
    try:
        return _Trial(content, "", notice_pdf(content))
    except MissingGlyph as missing:
        undrawn = missing.characters
    content = notice_content(proposal=proposal, kind=kind, number=number, signer=signer, now=now, undrawn=undrawn)
    return _Trial(content, undrawn, notice_pdf(content))


def _require_ready(proposal: Proposal, person: User) -> NoticeKind:
    """That this person may issue it now."""
    kind = _require_decided(proposal, person)
    require_another(
        proposal,
        person,
        _(
            "The person who decided may not issue the notice. Ask another manager of the centre or the "
            "supervising bureau."
        ),
    )
    return kind


def _require_decided(proposal: Proposal, person: User) -> NoticeKind:
    """That it stands to be issued, by whomever."""
    require_independent(proposal, person)
    kind = KINDS.get(RuleCode(proposal.code))
    given = Notice.objects.filter(proposal=proposal).first()
    if given is not None:
        raise IssuedAlready(given)
    if kind is None or proposal.state != ProposalState.ACCEPTED:
        raise StepNotDue(_("This proposal is not ready to be issued."))
    require_ground(proposal)
    return kind


def _label(proposal: Proposal, kind: NoticeKind, number: int, *, now: datetime) -> str:
    prefix = CentreSettings.objects.get(centre=proposal.centre_id).document_prefix
    return f"{prefix}{SERIES[kind]}〔{today_at(proposal.centre, now).year}〕{number}号"


def _number(proposal: Proposal, kind: NoticeKind, person: User, *, undrawn: str, now: datetime) -> Notice:
    year = today_at(proposal.centre, now).year
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

"""Issuing, the first phase: number, frozen content and the state *issuing* commit together (`printing` is the second).

After a crash no number is without its file: the sweep that prints finds it again. A number once given is never given
again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict
from qa_service.common.tokens import new_verify_code
from qa_service.documents.errors import MissingGlyph
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import today_at
from scoring.documents import commendation_docx, notice_pdf
from scoring.documents.content import CommendationContent
from scoring.enums import RECTIFYING, NoticeKind, ProposalState, RuleCode
from scoring.models import Notice, NumberCounter, Proposal
from scoring.numbering import own_number as read_own_number
from scoring.numbering import series_label
from scoring.services.notice_content import (
    Content,
    content_digest,
    frozen,
    notice_content,
    notice_title,
)
from scoring.services.procedure import StepNotDue, locked, require_another, require_ground, require_independent

KINDS = {RuleCode.R1: NoticeKind.COMMENDATION} | dict.fromkeys(RECTIFYING, NoticeKind.RECTIFICATION)
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


class NumberTaken(Conflict):
    """Two papers of one office never bear the same number."""

    code = "number_taken"


def issue_notice(*, proposal: Proposal, person: User, own_number: str = "", title: str = "", now: datetime) -> Notice:
    """Number and freeze a decided notice; the file follows within seconds.

    A trial print comes first, so that a name no font can draw refuses the issue before a number is used. In a quoted
    remark 〓 stands for such a sign: the remark is locked, and nobody could correct it.

    :param own_number: the number that the bureau's office gave (发文字号); empty takes the next of the centre's series,
        which an own number never touches.
    :param title: the title of a circular with the breaks that somebody chose; empty for the standard ones.
    :raises InvalidInput: the number has another form or year, or is of the centre's own series; a title of other words.
    :raises NumberTaken: another paper bears it.
    :raises StepNotDue: not decided, or still on display; :raises IssuedAlready: it has its number.
    :raises FourEyes: the person decided it.
    :raises NotIndependent: the person took part in the case.
    :raises MissingGlyph: a character of a name cannot be printed.
    """
    proposal = _whole(proposal)
    kind = _require_ready(proposal, person)
    given = _given_number(proposal, own_number, now=now) if own_number.strip() else ""
    widest = given or _label(proposal, kind, 1234567890, now=now)
    trial = _printed(proposal, kind, person, number=widest, title=title, now=now)
    with transaction.atomic():
        row = locked(proposal.pk)
        _require_ready(row, person)
        number = None if given else _next_number(proposal, kind, now=now)
        label = given if number is None else _label(proposal, kind, number, now=now)
        content = notice_content(
            proposal=proposal, kind=kind, number=label, signer=person, now=now, undrawn=trial.undrawn, title=title
        )
        if replace(content, number=widest) != trial.content:
            raise StepNotDue(_("The marks have just changed. Look at them again before you issue."))
        notice = _numbered(proposal, kind, person, content, number=number, now=now)
        row.state, row.closed_at = ProposalState.CARRIED_OUT, now
        row.save(update_fields=["state", "closed_at"])
        details = {"label": notice.label, "content_sha256": notice.content_sha256}
        record(actor=person.actor, action="scoring.notice_numbered", subject=notice, details=details, at=now)
    return notice


def draft_of_notice(*, proposal: Proposal, person: User, title: str = "", now: datetime) -> bytes:
    """The very paper that issuing now would number, as a draft: marked on every page, without number, code or trace.

    Who decided reads it too, to see what their reasons look like; another issues it, whose name stays open.

    :param title: as for `issue_notice`: what moved breaks look like.
    :raises StepNotDue, IssuedAlready, NotIndependent, MissingGlyph, InvalidInput: as issuing would.
    """
    proposal, kind, signer = _to_be_drafted(proposal, person)
    return _printed(proposal, kind, signer, number="", title=title, now=now).paper


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


def _printed(
    proposal: Proposal, kind: NoticeKind, signer: User | None, *, number: str, title: str, now: datetime
) -> _Trial:
    """What cannot be drawn is found by printing, and replaced where it is quoted.

    :raises MissingGlyph: it stands where nothing is quoted.
    """
    say = partial(notice_content, proposal=proposal, kind=kind, number=number, signer=signer, title=title, now=now)
    content = say()
    try:
        return _Trial(content, "", notice_pdf(content))
    except MissingGlyph as missing:
        undrawn = missing.characters
    content = say(undrawn=undrawn)
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


def _mark(proposal: Proposal, kind: NoticeKind) -> str:
    return f"{CentreSettings.objects.get(centre=proposal.centre_id).document_prefix}{SERIES[kind]}"


def _label(proposal: Proposal, kind: NoticeKind, number: int, *, now: datetime) -> str:
    return series_label(_mark(proposal, kind), today_at(proposal.centre, now).year, number)


def _given_number(proposal: Proposal, typed: str, *, now: datetime) -> str:
    """What the office gave, if no paper of this centre or of another below the same bureau bears it.

    :raises InvalidInput, NumberTaken: see `issue_notice`.
    """
    marks = [_mark(proposal, kind) for kind in SERIES]
    label = read_own_number(typed, year=today_at(proposal.centre, now).year, series=marks)
    office = Organisation.objects.get_parent(proposal.centre) or proposal.centre
    if Notice.objects.filter(issuer__path__startswith=office.path, label=label).exists():
        raise _taken(label)
    return label


def _taken(label: str) -> NumberTaken:
    return NumberTaken(
        _("%(label)s is the number of another paper. Nothing was issued.") % {"label": label}, field="own_number"
    )


def _next_number(proposal: Proposal, kind: NoticeKind, *, now: datetime) -> int:
    series: dict[str, Any] = {
        "issuer_id": proposal.centre_id,
        "kind": kind,
        "year": today_at(proposal.centre, now).year,
    }
    NumberCounter.objects.get_or_create(**series)
    counter = NumberCounter.objects.select_for_update().get(**series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _numbered(
    proposal: Proposal, kind: NoticeKind, person: User, content: Content, *, number: int | None, now: datetime
) -> Notice:
    """`number`: in the centre's series; None for one that was given.

    :raises NumberTaken: somebody issued under it this moment, or before the prefix of the series was what it is now.
    """
    stored = frozen(content)
    try:
        with transaction.atomic():
            return Notice.objects.create(
                kind=kind,
                issuer_id=proposal.centre_id,
                year=today_at(proposal.centre, now).year,
                number=number,
                label=content.number,
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
    except IntegrityError:
        if Notice.objects.filter(issuer_id=proposal.centre_id, label=content.number).exists():
            raise _taken(content.number) from None
        raise

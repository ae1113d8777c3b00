"""Issuing, the first phase: number, frozen content and the state *issuing* commit together (`printing` is the second).

After a crash no number is without its file: the sweep that prints finds it again. A number once given is never given
again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict
from qa_service.documents.errors import MissingGlyph
from scoring.documents import NoticeContent, notice_docx, notice_pdf
from scoring.enums import PRAISING, RECTIFYING, SUPERVISING, NoticeKind, ProposalState, RuleCode
from scoring.models import Notice, Proposal
from scoring.queries.proposals import fallen, to_be_issued_anew
from scoring.services import numbered
from scoring.services.notice_content import notice_content
from scoring.services.numbered import SERIES, NumberTaken, given_number, issuer_of, label_of, written
from scoring.services.printing import signed_by
from scoring.services.procedure import StepNotDue, locked, require_another, require_ground, require_independent
from scoring.services.procedure.steps import move
from scoring.services.supervision_content import supervision_content

__all__ = ["IssuedAlready", "NotEditable", "NumberTaken", "draft_of_notice", "editable_draft", "issue_notice"]

KINDS = (
    dict.fromkeys(PRAISING, NoticeKind.COMMENDATION)
    | dict.fromkeys(RECTIFYING, NoticeKind.RECTIFICATION)
    | dict.fromkeys(SUPERVISING, NoticeKind.SUPERVISION)
)


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


class Wording(Protocol):
    """The content as of today, under that number; `undrawn`: the signs for which 〓 stands where a text is quoted."""

    def __call__(self, *, number: str, undrawn: str = "") -> NoticeContent: ...


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be numbered: `require_ready` is asked before the trial print and again while the row is held."""

    proposal: Proposal
    kind: NoticeKind
    say: Wording
    require_ready: Callable[[Proposal], object]


def issue_notice(*, proposal: Proposal, person: User, own_number: str = "", title: str = "", now: datetime) -> Notice:
    """Number and freeze a decided notice; the file follows within seconds.

    A trial print comes first, so that a name no font can draw refuses the issue before a number is used. In a quoted
    remark 〓 stands for such a sign: the remark is locked, and nobody could correct it.

    :param own_number: the number that the bureau's office gave (发文字号); empty takes the next of the centre's series,
        which an own number never touches. A letter to a centre always bears the number of the bureau's office.
    :param title: the title of a circular with the breaks that somebody chose; empty for the standard ones.
    :raises InvalidInput: the number has another form or year, or is of the centre's own series; a title of other words.
    :raises NumberTaken: another paper bears it.
    :raises StepNotDue: not decided, or still on display; :raises IssuedAlready: it has its number.
    :raises FourEyes: the person decided it.
    :raises NotIndependent: the person took part in the case.
    :raises MissingGlyph: a character of a name cannot be printed.
    :raises SigningFailed: the centre signs its papers, and this one could not be signed.
    """
    whole = whole_proposal(proposal)
    kind = _require_ready(whole, person)
    say = _wording(whole, kind, signer=person, title=title, now=now)
    paper = Paper(whole, kind, say, partial(_require_ready, person=person))
    return issue_paper(
        paper, person, own_number, then=lambda row: move(row, ProposalState.CARRIED_OUT, closed_at=now), now=now
    )


def issue_paper(
    paper: Paper,
    person: User,
    own_number: str,
    *,
    then: Callable[[Proposal], None] = lambda _row: None,
    now: datetime,
) -> Notice:
    """Number and freeze any kind of paper, as `issue_notice` says. `then` is done with the number, to the held row."""
    proposal, kind = paper.proposal, paper.kind
    by_office = bool(own_number.strip()) or kind not in SERIES
    given = given_number(proposal, own_number, now=now) if by_office else ""
    widest = given or label_of(proposal, kind, 1234567890, now=now)
    trial = printed_on_trial(paper, number=widest)
    signed_by(issuer_of(proposal, kind), trial.bytes, now=now)  # what cannot be signed uses no number either
    with transaction.atomic():
        row = locked(proposal.pk)
        paper.require_ready(row)
        number = None if given else numbered.next_number(proposal, kind, now=now)
        label = given if number is None else label_of(proposal, kind, number, now=now)
        content = paper.say(number=label, undrawn=trial.undrawn)
        if replace(content, number=widest) != trial.content:
            raise StepNotDue(_("The marks have just changed. Look at them again before you issue."))
        notice = written(proposal, kind, person, content, number=number, now=now)
        then(row)
        details = {"label": notice.label, "content_sha256": notice.content_sha256}
        record(actor=person.actor, action="scoring.notice_numbered", subject=notice, details=details, at=now)
    return notice


def draft_of_notice(*, proposal: Proposal, person: User, title: str = "", now: datetime) -> bytes:
    """The very paper that issuing now would number, as a draft: marked on every page, without number, code or trace.

    Who decided reads it too, to see what their reasons look like; another issues it, whose name stays open.

    :param title: as for `issue_notice`: what moved breaks look like.
    :raises StepNotDue, IssuedAlready, NotIndependent, MissingGlyph, InvalidInput: as issuing would.
    """
    return printed_on_trial(_drafted(proposal, person, title=title, now=now), number="").bytes


def editable_draft(*, proposal: Proposal, person: User, now: datetime) -> bytes:
    """The draft of a red-head paper as a .docx, for the office that words and numbers it; nothing is written.

    :raises NotEditable: it has no red head; :raises StepNotDue, IssuedAlready, NotIndependent: as issuing would.
    """
    return edited(_drafted(proposal, person, now=now))


def edited(paper: Paper) -> bytes:
    """:raises NotEditable: it has no red head."""
    data = notice_docx(paper.say(number=""))
    if data is None:
        raise NotEditable(_("Only papers with a red head are edited outside."))
    return data


def _drafted(proposal: Proposal, person: User, *, title: str = "", now: datetime) -> Paper:
    """With who would sign: nobody yet, where the person decided it."""
    whole = whole_proposal(proposal)
    kind = _require_decided(whole, person)
    signer = None if whole.decision.decided_by_id == person.pk else person
    return Paper(whole, kind, _wording(whole, kind, signer=signer, title=title, now=now), lambda _row: None)


def _wording(proposal: Proposal, kind: NoticeKind, *, signer: User | None, title: str, now: datetime) -> Wording:
    if kind == NoticeKind.SUPERVISION:
        return partial(supervision_content, proposal=proposal, now=now)
    return partial(notice_content, proposal=proposal, kind=kind, signer=signer, title=title, now=now)


def whole_proposal(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_related("case__client", "lawyer", "firm", "station", "rule", "centre")
    return rows.get(pk=proposal.pk)


@dataclass(frozen=True, slots=True)
class Trial:
    """A paper printed before it has its number. `undrawn`: the signs of quoted remarks that no font at hand draws."""

    content: NoticeContent
    undrawn: str
    bytes: bytes


def printed_on_trial(paper: Paper, *, number: str) -> Trial:
    """What cannot be drawn is found by printing, and replaced where it is quoted.

    :raises MissingGlyph: it stands where nothing is quoted.
    """
    content = paper.say(number=number)
    try:
        return Trial(content, "", notice_pdf(content))
    except MissingGlyph as missing:
        undrawn = missing.characters
    content = paper.say(number=number, undrawn=undrawn)
    return Trial(content, undrawn, notice_pdf(content))


def _require_ready(proposal: Proposal, person: User) -> NoticeKind:
    """That this person may issue it now."""
    kind = _require_decided(proposal, person)
    refusal = _(
        "The person who decided may not issue the notice. Ask another manager of the centre or the supervising bureau."
    )
    if kind == NoticeKind.SUPERVISION:
        refusal = _("The person who decided may not issue the letter. Ask another supervisor of the bureau.")
    require_another(proposal, person, refusal)
    return kind


def _require_decided(proposal: Proposal, person: User) -> NoticeKind:
    """That it stands to be issued, by whomever."""
    require_independent(proposal, person)
    kind = KINDS.get(RuleCode(proposal.code))
    given = proposal.notice
    if given is not None and not to_be_issued_anew(proposal):
        raise IssuedAlready(given)
    if kind is None or proposal.state != ProposalState.ACCEPTED:
        raise StepNotDue(_("This proposal is not ready to be issued."))
    require_ground(proposal)
    return kind


def require_not_withdrawn(proposal: Proposal) -> None:
    """:raises StepNotDue: what was decided was taken back."""
    if Proposal.objects.filter(fallen(), pk=proposal.pk).exists():
        raise StepNotDue(_("What was decided here was withdrawn."))

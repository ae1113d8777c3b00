"""Issuing, by four eyes, the decision behind a sanction (处理决定) and the one on an appeal (申诉处理决定)."""

from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from scoring.enums import RECTIFYING, AppealState, NoticeKind, Outcome, ProposalState, RuleCode
from scoring.models import Appeal, Notice, Proposal
from scoring.queries.proposals import fallen
from scoring.services.decision_content import appeal_decision_content, decision_content
from scoring.services.issuing import (
    IssuedAlready,
    Paper,
    edited,
    issue_paper,
    printed_on_trial,
    require_not_withdrawn,
    whole_proposal,
)
from scoring.services.procedure import FourEyes, StepNotDue, require_another, require_ground, require_independent

ANSWERED = (AppealState.UPHELD, AppealState.DISMISSED)
SANCTIONED = (ProposalState.ACCEPTED, ProposalState.CARRIED_OUT)


def issue_decision(*, proposal: Proposal, person: User, own_number: str = "", now: datetime) -> Notice:
    """Number and freeze the decision on a sanction, before or after the notice that carries it out.

    :raises StepNotDue: no sanction was decided, its ground is gone, or it was withdrawn.
    :raises IssuedAlready, FourEyes, NotIndependent, InvalidInput, NumberTaken, MissingGlyph: as `issue_notice`.
    """
    return issue_paper(_decision(proposal, person, now=now), person, own_number, now=now)


def draft_of_decision(*, proposal: Proposal, person: User, now: datetime) -> bytes:
    """As `draft_of_notice`; who decided may read it."""
    return printed_on_trial(_decision(proposal, person, drafts=True, now=now), number="").bytes


def editable_decision(*, proposal: Proposal, person: User, now: datetime) -> bytes:
    """The draft as a .docx."""
    return edited(_decision(proposal, person, drafts=True, now=now))


def issue_appeal_decision(*, appeal: Appeal, person: User, own_number: str = "", now: datetime) -> Notice:
    """Number and freeze the decision on an appeal that was answered.

    :raises StepNotDue: it was not answered; :raises FourEyes: the person answered it, or decided what it is about.
    :raises IssuedAlready, NotIndependent, InvalidInput, NumberTaken, MissingGlyph: as `issue_notice`.
    """
    return issue_paper(_appeal_decision(appeal, person, now=now), person, own_number, now=now)


def draft_of_appeal_decision(*, appeal: Appeal, person: User, now: datetime) -> bytes:
    return printed_on_trial(_appeal_decision(appeal, person, drafts=True, now=now), number="").bytes


def editable_appeal_decision(*, appeal: Appeal, person: User, now: datetime) -> bytes:
    return edited(_appeal_decision(appeal, person, drafts=True, now=now))


def decision_to_issue(proposal: Proposal) -> bool:
    """Whether the decision on a sanction stands and has no paper yet, whoever may issue it."""
    if proposal.code not in RECTIFYING or proposal.state not in SANCTIONED:
        return False
    issued = proposal.papers.filter(kind=NoticeKind.DECISION)
    return not issued.exists() and not Proposal.objects.filter(fallen(), pk=proposal.pk).exists()


def _decision(proposal: Proposal, person: User, *, drafts: bool = False, now: datetime) -> Paper:
    whole = whole_proposal(proposal)
    ready = partial(_require_decided, person=person, drafts=drafts)
    ready(whole)
    return Paper(whole, NoticeKind.DECISION, partial(decision_content, proposal=whole, now=now), ready)


def _require_decided(proposal: Proposal, person: User, *, drafts: bool) -> None:
    require_independent(proposal, person)
    _require_no_paper(proposal, NoticeKind.DECISION)
    decision = getattr(proposal, "decision", None)
    if decision is None or decision.outcome != Outcome.ACCEPT or RuleCode(proposal.code) not in RECTIFYING:
        raise StepNotDue(_("There is no sanction here whose decision could be issued."))
    require_not_withdrawn(proposal)
    if proposal.state not in SANCTIONED:
        raise StepNotDue(_("There is no sanction here whose decision could be issued."))
    require_ground(proposal)
    if not drafts:
        require_another(
            proposal,
            person,
            _(
                "The person who decided may not issue the decision. Ask another manager of the centre or the "
                "supervising bureau."
            ),
        )


def _appeal_decision(appeal: Appeal, person: User, *, drafts: bool = False, now: datetime) -> Paper:
    whole = whole_proposal(appeal.notice.proposal)
    ready = partial(_require_answered, appeal=appeal, person=person, drafts=drafts)
    ready(whole)
    said = Appeal.objects.select_related("notice__issuer__settings").get(pk=appeal.pk)
    say = partial(appeal_decision_content, appeal=said, proposal=whole, now=now)
    return Paper(whole, NoticeKind.APPEAL_DECISION, say, ready)


def _require_answered(proposal: Proposal, appeal: Appeal, person: User, *, drafts: bool) -> None:
    require_independent(proposal, person)
    _require_no_paper(proposal, NoticeKind.APPEAL_DECISION)
    answered = Appeal.objects.filter(pk=appeal.pk, state__in=ANSWERED).first()
    if answered is None:
        raise StepNotDue(_("This appeal was not answered, so there is no decision on it to issue."))
    if not drafts and person.pk in {answered.decided_by_id, proposal.decision.decided_by_id}:
        raise FourEyes(
            _("Who answered the appeal, or decided what it is about, may not issue the decision on it. Ask another.")
        )


def _require_no_paper(proposal: Proposal, kind: NoticeKind) -> None:
    given = proposal.papers.filter(kind=kind).first()
    if given is not None:
        raise IssuedAlready(given)


def may_issue_on_appeal(notice: Notice, person: User) -> tuple[Appeal | None, bool]:
    """The answered appeal against a notice whose decision has no paper yet, and whether this person may issue it."""
    appeal = notice.appeals.filter(state__in=ANSWERED).first()
    if appeal is None or Notice.objects.filter(proposal=notice.proposal_id, kind=NoticeKind.APPEAL_DECISION).exists():
        return None, False
    return appeal, person.pk not in {appeal.decided_by_id, notice.proposal.decision.decided_by_id}

"""The way of a proposal, step by step, as its page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.enums import PRAISING, REFERRING, SUPERVISING, ProposalState, RuleCode
from scoring.models import Proposal
from scoring.queries.proposals.hearing import heard, needs_hearing, statement_of
from scoring.queries.proposals.shown import to_be_issued_anew, undone_by


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proposal's way, for the stepper: `state` is done, current or ahead.

    `day` is when it was done; `due` the last day for it, while it is not. `entered`: when it was typed in, where that
    was on another day.
    """

    label: str
    state: str
    day: date | None = None
    due: date | None = None
    entered: date | None = None


@dataclass(frozen=True, slots=True)
class _Stage:
    label: str
    done: bool
    day: date | None = None
    due: date | None = None
    entered: date | None = None


def steps(proposal: Proposal, *, today: date) -> list[Step]:
    """The way of a proposal from rule to effect (interface: the stepper)."""
    stages = [_Stage(_("Proposal"), True, today_at(proposal.centre, proposal.proposed_at))]
    stages += _hearing_stages(proposal, today=today) if needs_hearing(proposal) else []
    stages += _deciding_stages(proposal)
    if proposal.state in {ProposalState.DECLINED, ProposalState.OVERTAKEN}:
        ended = _Stage(str(ProposalState(proposal.state).label), True, _day(proposal.centre, proposal.closed_at))
        stages = [stage for stage in stages if stage.done] + [ended]
    first_ahead = next((at for at, stage in enumerate(stages) if not stage.done), len(stages))
    return [_step(stage, at, first_ahead) for at, stage in enumerate(stages)]


def _step(stage: _Stage, at: int, first_ahead: int) -> Step:
    state = "done" if stage.done else "current" if at == first_ahead else "ahead"
    day, due, entered = (stage.day, None, stage.entered) if stage.done else (None, stage.due, None)
    return Step(stage.label, state, day, due, entered if entered != day else None)


def _hearing_stages(proposal: Proposal, *, today: date) -> list[_Stage]:
    """As the papers say it: on the day on which the paper was received, whenever somebody typed it in. Who let the time
    pass was heard on its last day."""
    told = statement_of(proposal)
    if told is None:
        return [_Stage(_("Telling the lawyer"), False), _Stage(_("Hearing the lawyer"), False)]
    told_at, answered_at = _day(proposal.centre, told.notified_at), _day(proposal.centre, told.submitted_at)
    return [
        _Stage(_("Telling the lawyer"), True, told.served_on or told_at, entered=told_at),
        _Stage(
            _("Hearing the lawyer"),
            heard(proposal, today=today),
            told.received_on or answered_at or told.due_on,
            told.due_on,
            entered=answered_at,
        ),
    ]


def _deciding_stages(proposal: Proposal) -> list[_Stage]:
    centre = proposal.centre
    decision, display = getattr(proposal, "decision", None), getattr(proposal, "display", None)
    notice, task = proposal.notice, getattr(proposal, "task", None)
    stages = [_Stage(_("Decision"), decision is not None, _day(centre, decision and decision.decided_at))]
    if proposal.code in PRAISING:
        shown = bool(display and display.completed_at)
        stages.append(_Stage(_("Public display"), shown, display and display.ends_on, display and display.ends_on))
    if proposal.code == RuleCode.S1:
        done_on = _day(centre, task and task.done_at)
        return [*stages, _Stage(_("Coaching"), done_on is not None, done_on, task and task.due_on)]
    if proposal.code in SUPERVISING and proposal.state == ProposalState.CARRIED_OUT and notice is None:
        return stages  # taken up before letters were written
    if proposal.code in REFERRING:
        return [*stages, *_referring_stages(proposal)]
    standing = None if to_be_issued_anew(proposal) else notice
    issued_on = _day(centre, standing.issued_at if standing else None)
    stages.append(_Stage(pgettext("step", "Issue"), issued_on is not None, issued_on))
    undone = undone_by(proposal)
    if undone and notice:
        stages.append(_Stage(str(undone.label), True, _day(centre, notice.withdrawn_at)))
    return stages


def _referring_stages(proposal: Proposal) -> list[_Stage]:
    referral = getattr(proposal, "referral", None)
    sent_on, answered_on = (referral.sent_on, referral.answered_on) if referral else (None, None)
    return [
        _Stage(_("Referral"), sent_on is not None, sent_on),
        _Stage(_("Answer of the authority"), answered_on is not None, answered_on),
    ]


def _day(centre: Organisation, moment: datetime | None) -> date | None:
    return today_at(centre, moment) if moment else None

"""Passing a step to the bureau where the centre has no independent person for it: looked at once, when it comes up."""

from datetime import datetime

from django.db import IntegrityError, transaction

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from scoring.enums import PassedStep
from scoring.models import Proposal, StepLook
from scoring.queries.passing import STATES, bars_at_the_centre
from scoring.wording import STEP_PASSED_ON

PASSER = Actor.system("passing")
A_SWEEP = 200


def pass_steps_on(*, now: datetime) -> int:
    """Look at steps that came up since; returns how many passed. Safe to run twice at once."""
    return sum(_look(pk, step, now=now) for step in STATES for pk in _unlooked(step))


def _unlooked(step: PassedStep) -> list[int]:
    seen = StepLook.objects.filter(step=step).values("proposal")
    rows = Proposal.objects.filter(STATES[step]).exclude(pk__in=seen)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:A_SWEEP])


def _look(pk: int, step: PassedStep, *, now: datetime) -> int:
    row = Proposal.objects.select_related("case", "lawyer", "firm", "station", "centre", "rule").get(pk=pk)
    bars = bars_at_the_centre(row, step)
    try:
        with transaction.atomic():
            look = StepLook.objects.create(
                proposal=row, step=step, passed=bars is not None, bars=dict(bars or {}), looked_at=now
            )
            if look.passed:
                _tell(row, step, now=now)
    except IntegrityError:  # another worker looked at this moment
        return 0
    return look.passed


def _tell(row: Proposal, step: PassedStep, *, now: datetime) -> None:
    record(actor=PASSER, action="scoring.step_passed_on", subject=row, details={"step": step.value}, at=now)
    people = people_with(Role.SUPERVISOR, row.centre)
    notify(
        users=[user for user in people if Proposal.objects.visible_to(user).filter(pk=row.pk).exists()],
        text=STEP_PASSED_ON,
        params={"case": row.named},
        url=f"/scoring/proposals/{row.public_id}",
        now=now,
    )

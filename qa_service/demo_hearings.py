"""Hearings of the demo: one to come, and one that two observed and talked over."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from qa_service.accounts.models import User
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import Anchor, HearingState
from reviews.models import Hearing, Observation
from reviews.queries.checklists import standard_of
from reviews.services.hearings import plan_hearings, record_hearing, save_observation, submit_observation
from reviews.services.marks import MarkEntry

A_DAY: Final = timedelta(days=1)
REASON: Final = "other"
# What each observer took off, and what they agreed on; the last is the record.
DIFFERING: Final = (
    {"H3": "质证意见未逐项展开"},
    {"H3": "对第二组证据的质证较为简略", "H4": "辩论意见与争议焦点略有偏离"},
    {"H3": "质证较为简略，其他环节规范"},
)
NOTE: Final = "两名旁听人员讨论后认为：质证环节可更充分，辩论意见总体围绕争议焦点，不扣分。"


def show_hearings(*, centre: Organisation, manager: User, now: datetime) -> None:
    """Of the centre that takes in cases under way; its observers come from the county next to it."""
    today, earlier = today_at(centre, now), now - 10 * A_DAY
    plan_hearings(centre=centre, until=today - A_DAY, seed="demo-1", rate=Decimal("0.05"), user=manager, now=earlier)
    for hearing in Hearing.objects.filter(case__centre=centre, state=HearingState.PLANNED):
        _observe(hearing, manager, now=now - A_DAY)
    plan_hearings(centre=centre, until=today + 30 * A_DAY, seed="demo-2", rate=Decimal("0.05"), user=manager, now=now)


def _observe(hearing: Hearing, manager: User, *, now: datetime) -> None:
    *alone, agreed = DIFFERING
    observations = hearing.observations.select_related("observer").order_by("pk")
    for row, found in zip(observations, alone, strict=True):
        _hand_in(row, _marks(hearing, found), now=now)
    record_hearing(hearing=hearing, entries=_marks(hearing, agreed), note=NOTE, user=manager, now=now)


def _hand_in(row: Observation, marks: list[MarkEntry], *, now: datetime) -> None:
    kept = save_observation(
        observation_id=row.public_id, version=row.version, entries=marks, comment="", user=row.observer, now=now
    )
    submit_observation(observation_id=row.public_id, version=kept.version, user=row.observer, now=now)


def _marks(hearing: Hearing, deductions: dict[str, str]) -> list[MarkEntry]:
    return [
        MarkEntry(item=code, anchor=Anchor.PARTLY, reason_code=REASON, comment=deductions[code])
        if code in deductions
        else MarkEntry(item=code, anchor=Anchor.FULL)
        for code in standard_of(hearing.checklist).items
    ]

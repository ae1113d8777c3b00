"""Calibration rounds of the demo: one that a panel has closed, and one whose files are being marked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import Anchor, Purpose
from reviews.models import CalibrationRound, Trial
from reviews.queries.checklists import lists_in_force, standard_of
from reviews.queries.hearings import tied_observers
from reviews.services.calibration import AgreedEntry, agree_on_file, close_round, open_round, save_trial, submit_trial
from reviews.services.marks import MarkEntry

A_DAY: Final = timedelta(days=1)
CLOSED_FILES: Final = 5
OPEN_FILES: Final = 3
# What each reviewer took off, file by file, item by item: the second is milder than the others, the third harder.
TAKEN_OFF: Final[tuple[tuple[dict[str, Anchor], ...], ...]] = (
    ({"A2": Anchor.PARTLY}, {"C2": Anchor.MOSTLY}, {}, {"B1": Anchor.MOSTLY}, {"A2": Anchor.PARTLY}),
    ({"A2": Anchor.MOSTLY}, {}, {}, {}, {"A2": Anchor.MOSTLY}),
    ({"A2": Anchor.PARTLY, "C2": Anchor.MOSTLY}, {"C2": Anchor.PARTLY}, {"C1": Anchor.MOSTLY}, {"B1": Anchor.PARTLY},
     {"A2": Anchor.NONE}),
)  # fmt: skip
AGREED: Final = TAKEN_OFF[0]
WORDS: Final = {
    "A2": "只有一次会见笔录，未见开庭前的会见",
    "B1": "有案情摘要，未见取证计划",
    "C1": "诉讼请求的计算依据未附卷",
    "C2": "代理意见未回应第二个争议焦点",
}
IN_ORDER: Final = "材料齐备，符合要求。"
NOTE: Final = "逐项讨论后商定。分歧主要在材料欠缺的程度，统一为：欠缺一份主要材料的，评“部分满足”。"


def show_calibration(*, centre: Organisation, panel: Sequence[User], readers: Sequence[User], now: datetime) -> None:
    """Of the files closed the longest ago, which a draw of the demo is least likely to need."""
    *marking, _spare = readers
    cases = _files(centre, people=[*readers, *panel])
    closed = _opened(centre, "第三季度一致性校准", cases[:CLOSED_FILES], marking, panel, now=now - 20 * A_DAY)
    _mark(closed, marking, now=now - 12 * A_DAY)
    _agree(closed, panel[0], now=now - 10 * A_DAY)
    _opened(
        centre, "第四季度一致性校准", cases[CLOSED_FILES : CLOSED_FILES + OPEN_FILES], marking, panel, now=now - A_DAY
    )


def _files(centre: Organisation, *, people: Sequence[User]) -> list[Case]:
    """Of the list of civil litigation, and of lawyers to whom none of these people has a tie."""
    rows = list(Case.objects.filter(centre=centre).select_related("client").order_by("closed_on", "pk"))
    lists, tied = lists_in_force(centre, purpose=Purpose.FILE_REVIEW), tied_observers(people, rows)
    return [case for case in rows if not tied[case.pk] and (found := lists.for_case(case)) and found.code == "civil"]


def _opened(
    centre: Organisation,
    name: str,
    cases: Sequence[Case],
    readers: Sequence[User],
    panel: Sequence[User],
    *,
    now: datetime,
) -> CalibrationRound:
    due_on = today_at(centre, now) + 14 * A_DAY
    return open_round(
        centre=centre, name=name, cases=cases, readers=readers, panel=panel, due_on=due_on, user=panel[0], now=now
    )


def _mark(row: CalibrationRound, readers: Sequence[User], *, now: datetime) -> None:
    for reader, by_file in zip(readers, TAKEN_OFF, strict=True):
        trials = Trial.objects.filter(file__round=row, reviewer=reader).order_by("file").select_related("reviewer")
        for trial, taken_off in zip(trials, by_file, strict=True):
            entries = _marks(row, taken_off)
            saved = save_trial(
                trial_id=trial.public_id, version=0, entries=entries, comment="", user=reader, now=now
            )  # fmt: skip
            submit_trial(trial_id=trial.public_id, version=saved.version, user=reader, now=now)


def _marks(row: CalibrationRound, taken_off: dict[str, Anchor]) -> list[MarkEntry]:
    return [
        MarkEntry(item=code, anchor=taken_off.get(code, Anchor.FULL), comment=WORDS[code] if code in taken_off else "")
        for code in standard_of(row.checklist).items
    ]


def _agree(row: CalibrationRound, user: User, *, now: datetime) -> None:
    for file, taken_off in zip(row.files.order_by("pk"), AGREED, strict=True):
        entries = [
            AgreedEntry(code, taken_off.get(code, Anchor.FULL), WORDS[code] if code in taken_off else IN_ORDER)
            for code in standard_of(row.checklist).items
        ]
        agree_on_file(file=file, version=0, entries=entries, note=NOTE, user=user, now=now)
    close_round(round_=row, user=user, now=now)

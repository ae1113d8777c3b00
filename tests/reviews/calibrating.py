"""Calibration rounds, each opened, marked and closed through the services that do it in life."""

from datetime import datetime, timedelta
from typing import Any

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from reviews.enums import Anchor
from reviews.models import CalibrationFile, CalibrationRound, Checklist, Sample, SampledCase, Trial
from reviews.queries.checklists import standard_of
from reviews.services.calibration import AgreedEntry, agree_on_file, close_round, open_round, save_trial, submit_trial
from reviews.services.marks import MarkEntry
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import checklists, manager, reviewer

# When nobody may object any more to what was released now.
LATER = NOW + timedelta(days=21)


def opened(centre: Organisation, *, by: User | None = None, now: datetime = NOW, **fields: Any) -> CalibrationRound:
    """Two files, three reviewers, and a panel of the manager with one more who reviews elsewhere in it."""
    if not Checklist.objects.exists():
        checklists()
    boss = by or manager(centre)
    given: dict[str, Any] = {
        "name": "第四季度一致性校准",
        "cases": fields.pop("cases", None) or [factories.case(centre) for _each in range(2)],
        "readers": fields.pop("readers", None) or [reviewer(centre) for _each in range(3)],
        "panel": fields.pop("panel", None) or [boss, reviewer(centre)],
        "due_on": now.date() + timedelta(days=14),
    } | fields
    return open_round(centre=centre, **given, user=boss, now=now)


def entries(row: Trial, **anchors: Anchor) -> list[MarkEntry]:
    given = {code: anchors.get(code, Anchor.FULL) for code in standard_of(row.file.round.checklist).items}
    return [
        MarkEntry(item=code, anchor=anchor, comment="" if anchor == Anchor.FULL else "未见笔录")
        for code, anchor in given.items()
    ]


def saved(row: Trial, **anchors: Anchor) -> Trial:
    args: dict[str, Any] = {
        "trial_id": row.public_id,
        "version": row.version,
        "comment": "",
        "user": row.reviewer,
        "now": NOW,
    }
    return save_trial(entries=entries(row, **anchors), **args)


def trialled(row: Trial, **anchors: Anchor) -> Trial:
    version = saved(row, **anchors).version
    return submit_trial(trial_id=row.public_id, version=version, user=row.reviewer, now=NOW)


def all_trialled(row: CalibrationRound, *by_reader: dict[str, Any]) -> CalibrationRound:
    """Each reader by turn marks every file so."""
    for reader, anchors in zip(readers_of(row), by_reader or ({}, {}, {}), strict=True):
        for trial in Trial.objects.filter(file__round=row, reviewer=reader):
            trialled(trial, **anchors)
    return CalibrationRound.objects.get(pk=row.pk)


def readers_of(row: CalibrationRound) -> list[User]:
    return list(User.objects.filter(pk__in=Trial.objects.filter(file__round=row).values("reviewer")).order_by("pk"))


def agreed(file: CalibrationFile, *, by: User, version: int = 0, note: str = "逐项讨论。", **anchors: Any) -> None:
    marks = {code: anchors.get(code, Anchor.FULL) for code in standard_of(file.round.checklist).items}
    said = [AgreedEntry(code, str(anchor), "材料齐备") for code, anchor in marks.items()]
    agree_on_file(file=file, version=version, entries=said, note=note, user=by, now=NOW)


def closed(row: CalibrationRound, *, by: User, **anchors: Any) -> CalibrationRound:
    for file in row.files.order_by("pk"):
        agreed(file, by=by, **anchors)
    return close_round(round_=row, user=by, now=NOW)


def sampled(case: Case, *, by: User, readers: int = 1) -> SampledCase:
    """Drawn to be read, and given to nobody yet."""
    days = {"period_start": case.closed_on, "period_end": LATER.date()}
    sample = Sample.objects.create(
        centre=case.centre, seed="1", rate=1, frame_size=1, statement={}, drawn_by=by, drawn_at=NOW, **days
    )  # fmt: skip
    return SampledCase.objects.create(sample=sample, case=case, stratum="", reasons=[], probability=1, readers=readers)

"""Calibration rounds: for who opens them, for the panel, and for each reviewer of themself alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import Count, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, people_with
from qa_service.cases.models import Case
from qa_service.common.waiting import Waiting
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.agreement.alignment import Settled
from reviews.enums import ACTIVE_ASSIGNMENTS, MANAGING, Anchor, CalibrationState, Measure, TrialState
from reviews.figures.calibration import ItemAligned, Place, ReaderAligned, RoundAligned, round_aligned
from reviews.models import (
    AgreedMark,
    Assignment,
    CalibrationFile,
    CalibrationRound,
    CaseReview,
    Trial,
    TrialMark,
    in_language,
)
from reviews.queries.checklists import Standard, anchor_name, choices_of, standard_of
from reviews.queries.scorecard import Marks, pageless_marks

# As many files of late as one looks through.
OFFERED: Final = 20


@dataclass(frozen=True, slots=True)
class MarkGiven:
    """What one reader marked of an item, in words."""

    person: str
    anchor: str
    reason: str
    comment: str
    anchor_value: str


@dataclass(frozen=True, slots=True)
class ItemDiscussed:
    """One item of one file: what each marked, and what the panel agreed on; `anchor` empty where it has not yet."""

    code: str
    title: str
    evidence: str
    points: Decimal
    anchors: tuple[tuple[str, str], ...]
    given: tuple[MarkGiven, ...]
    anchor: str
    anchor_label: str
    reason: str

    @property
    def unanimous(self) -> bool:
        return len({each.anchor_value for each in self.given}) == 1


@dataclass(frozen=True, slots=True)
class FileDiscussed:
    file: CalibrationFile
    items: tuple[ItemDiscussed, ...]

    @property
    def agreed(self) -> int:
        return sum(bool(item.anchor) for item in self.items)


@dataclass(frozen=True, slots=True)
class ReaderLine:
    person: str
    aligned: ReaderAligned


@dataclass(frozen=True, slots=True)
class ItemLine:
    title: str
    aligned: ItemAligned


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a closed round: everybody beside the panel; `readers` in the order of their names."""

    aligned: RoundAligned
    readers: tuple[ReaderLine, ...]
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class OwnItem:
    """One item of one file as the reader marked it and as the panel agreed; nobody else's mark stands in it."""

    title: str
    own: str
    agreed: str
    reason: str
    same: bool


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """Nobody else is named in it. `files`: those the reader handed in, each with its items."""

    aligned: ReaderAligned | None
    thin: bool
    files: tuple[tuple[CalibrationFile, tuple[OwnItem, ...]], ...]


def rounds_seen_by(user: User) -> QuerySet[CalibrationRound]:
    """The newest first. `expected` forms, of which `handed_in`."""
    handed_in = Q(files__trials__state=TrialState.SUBMITTED)
    rows = CalibrationRound.objects.visible_to(user).select_related("centre__settings", "checklist", "opened_by")
    return rows.annotate(expected=Count("files__trials"), handed_in=Count("files__trials", filter=handed_in)).order_by(
        "-opened_at", "-pk"
    )


def panel_candidates(centre: Organisation) -> QuerySet[User]:
    """Who may sit on a panel: managers, supervisors and reviewers of the centre."""
    found = User.objects.none()
    for role in (*MANAGING, Role.REVIEWER):
        found |= people_with(role, centre)
    return found.distinct().order_by("display_name", "username", "pk")


def trials_of(user: User) -> QuerySet[Trial]:
    """Those to mark first, the next at the top; then the others, the newest first."""
    rows = Trial.objects.held_by(user).select_related("file__case", "file__round__centre__settings")
    to_mark = Choice(When(state=TrialState.OPEN, then=0), default=1)
    return rows.order_by(to_mark, "-file__round__pk", "file__pk")


def own_round(user: User, round_id: UUID) -> CalibrationRound | None:
    """A round in which the person marks or marked."""
    mine = Trial.objects.held_by(user).filter(file__round__public_id=round_id).select_related("file__round__checklist")
    trial = mine.first()
    return trial.file.round if trial else None


def trial_marks(trial: Trial, standard: Standard) -> Marks:
    return pageless_marks(TrialMark.objects.filter(trial=trial), standard)


def still_marking(round_: CalibrationRound) -> bool:
    return Trial.objects.filter(file__round=round_, state=TrialState.OPEN).exists()


def progress_of(round_: CalibrationRound) -> list[tuple[str, int, int]]:
    """Each reader by name, how many files they handed in, and of how many; what they marked is nobody's to see yet."""
    files: dict[User, list[bool]] = defaultdict(list)
    for trial in Trial.objects.filter(file__round=round_).select_related("reviewer").order_by("reviewer", "pk"):
        files[trial.reviewer].append(trial.locked)
    return sorted((str(person), sum(done), len(done)) for person, done in files.items())


def files_read_lately(centre: Organisation, user: User, *, now: datetime) -> dict[str, list[str]]:
    """Numbers of the centre's files whose result was released last and stands, each with the names of its readers.

    Without those that the person handled, and those whose lawyer may still object.
    """
    standing = CaseReview.objects.out_of_question(today_at(centre, now)).exclude(own_work(user))
    standing = standing.filter(case__centre=centre, released_at__isnull=False).order_by("-released_at", "-pk")
    numbers = dict(standing.values_list("case_id", "case__number")[:OFFERED])
    found: dict[str, list[str]] = {number: [] for number in numbers.values()}
    taken = Assignment.objects.filter(case__in=numbers, state__in=ACTIVE_ASSIGNMENTS).select_related("reviewer")
    for row in taken.order_by("order", "pk"):
        found[numbers[row.case_id]].append(str(row.reviewer))
    return found


def cases_by_number(centre: Organisation, numbers: Iterable[str], user: User) -> dict[str, Case]:
    """The closed cases of the centre, but not those that the person or a firm of theirs handled."""
    rows = Case.objects.filter(centre=centre, number__in=list(numbers)).select_related("client")
    return {case.number: case for case in rows.exclude(own_work(user, lawyer="lawyer", firm="firm"))}


def file_discussed(file: CalibrationFile) -> tuple[ItemDiscussed, ...]:
    """One of them; only of a round whose marking is over."""
    return _discussed_files(file.round, [file])[0].items


def files_discussed(round_: CalibrationRound) -> list[FileDiscussed]:
    """All marks side by side; only for a round whose marking is over. Three queries, whatever its size."""
    return _discussed_files(round_, list(round_.files.select_related("case").order_by("pk")))


def _discussed_files(round_: CalibrationRound, files: Sequence[CalibrationFile]) -> list[FileDiscussed]:
    standard = standard_of(round_.checklist)
    given: dict[Place, list[MarkGiven]] = defaultdict(list)
    for mark in _handed_in(round_).filter(trial__file__in=files).select_related("trial__reviewer"):
        code = standard.codes[mark.item_id]
        given[mark.trial.file_id, code].append(_words(mark, round_))
    agreed = {(mark.file_id, standard.codes[mark.item_id]): mark for mark in AgreedMark.objects.filter(file__in=files)}
    measure = Measure(round_.checklist.measure)
    return [
        FileDiscussed(
            file,
            tuple(
                _discussed(code, standard, measure, given.get((file.pk, code), []), agreed.get((file.pk, code)))
                for code in standard.items
            ),
        )
        for file in files
    ]


def _handed_in(round_: CalibrationRound) -> QuerySet[TrialMark]:
    rows = TrialMark.objects.filter(trial__file__round=round_, trial__state=TrialState.SUBMITTED)
    return rows.order_by("trial__reviewer__display_name", "trial__reviewer", "trial__file", "pk")


def _words(mark: TrialMark, round_: CalibrationRound) -> MarkGiven:
    reason = round_.checklist.reasons.get(mark.reason_code)
    return MarkGiven(
        person=str(mark.trial.reviewer),
        anchor=anchor_name(mark.anchor, Measure(round_.checklist.measure)),
        reason=in_language(reason) if reason else "",
        comment=mark.comment,
        anchor_value=mark.anchor,
    )


def _discussed(
    code: str, standard: Standard, measure: Measure, given: Iterable[MarkGiven], agreed: AgreedMark | None
) -> ItemDiscussed:
    item = standard.items[code]
    return ItemDiscussed(
        code=code,
        title=str(item),
        evidence=in_language(item.evidence),
        points=item.points.normalize() + 0,
        anchors=choices_of(item, measure),
        given=tuple(given),
        anchor=agreed.anchor if agreed else "",
        anchor_label=anchor_name(agreed.anchor, measure) if agreed else "",
        reason=agreed.reason if agreed else "",
    )


def outcome_of(round_: CalibrationRound) -> Outcome:
    """Of a closed round, for managers and its panel."""
    standard, names = standard_of(round_.checklist), dict[int, str]()
    aligned = _aligned(round_, standard, names)
    lines = (ReaderLine(names[each.reader], each) for each in aligned.readers)
    return Outcome(
        aligned=aligned,
        readers=tuple(sorted(lines, key=lambda line: (line.person, line.aligned.reader))),
        items=tuple(ItemLine(str(standard.items[each.code]), each) for each in aligned.items),
    )


def own_outcome(round_: CalibrationRound, user: User) -> OwnOutcome:
    """Of a closed round, for one of its readers: how near they came, and where they did not."""
    standard = standard_of(round_.checklist)
    aligned = _aligned(round_, standard, {})
    mine = Trial.objects.held_by(user).filter(file__round=round_, state=TrialState.SUBMITTED)
    trials = list(mine.select_related("file__case").order_by("file__pk"))
    own: dict[int, dict[int, str]] = defaultdict(dict)
    for file_id, item_id, anchor in TrialMark.objects.filter(trial__in=trials).values_list(
        "trial__file_id", "item_id", "anchor"
    ):
        own[file_id][item_id] = anchor
    agreed: dict[int, dict[int, AgreedMark]] = defaultdict(dict)
    for mark in AgreedMark.objects.filter(file__in=own):
        agreed[mark.file_id][mark.item_id] = mark
    measure = Measure(round_.checklist.measure)
    return OwnOutcome(
        aligned=aligned.of(user.pk),
        thin=aligned.thin,
        files=tuple(
            (trial.file, _own_items(own[trial.file_id], agreed[trial.file_id], standard, measure)) for trial in trials
        ),
    )


def _own_items(
    own: Mapping[int, str], agreed: Mapping[int, AgreedMark], standard: Standard, measure: Measure
) -> tuple[OwnItem, ...]:
    return tuple(
        OwnItem(
            title=f"{item.code} {item}",
            own=anchor_name(own[item.pk], measure),
            agreed=anchor_name(agreed[item.pk].anchor, measure),
            reason=agreed[item.pk].reason,
            same=own[item.pk] == agreed[item.pk].anchor,
        )
        for item in standard.items.values()
    )


def _aligned(round_: CalibrationRound, standard: Standard, names: dict[int, str]) -> RoundAligned:
    rules = {item.code: item for section in standard.sheet.sections for item in section.items}
    panel = {
        (mark.file_id, code): Settled(rules[code].points, Anchor(mark.anchor), rules[code].shares)
        for mark in AgreedMark.objects.filter(file__round=round_).order_by("file", "item")
        for code in [standard.codes[mark.item_id]]
    }
    marks: dict[int, dict[Place, Anchor]] = defaultdict(dict)
    for mark in _handed_in(round_).select_related("trial__reviewer"):
        names[mark.trial.reviewer_id] = str(mark.trial.reviewer)
        marks[mark.trial.reviewer_id][mark.trial.file_id, standard.codes[mark.item_id]] = Anchor(mark.anchor)
    return round_aligned(panel, marks)


def calibrations_waiting(user: User, now: datetime) -> list[Waiting]:
    """Blocks of a home: for a reviewer what is to be marked, for the panel and managers what is to be talked over."""
    found: list[Waiting] = []
    if user.has_role(Role.REVIEWER):
        mine = Trial.objects.held_by(user).filter(state=TrialState.OPEN)
        late = on_the_day_there(now, "file__round__centre", lambda day: Q(file__round__due_on__lt=day))
        counts = mine.aggregate(all=Count("pk"), late=Count("pk", filter=late))
        url, urgent = reverse("reviews:my-calibrations"), bool(counts["late"])
        found.append(Waiting(_("Files to mark for calibration"), counts["all"], url, urgent=urgent))
    if user.has_role(Role.REVIEWER, *MANAGING):
        rounds = CalibrationRound.objects.visible_to(user).filter(state=CalibrationState.DISCUSSION)
        found.append(Waiting(_("Calibration rounds to talk over"), rounds.count(), reverse("reviews:calibrations")))
    return found

"""What reviewing found: the results in force that were released, never of the reader's own files."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType
from qa_service.cases.queries import ClosedCases
from qa_service.common.rounding import half_up
from qa_service.common.shares import Share, share_of
from reviews.enums import Band, ResultState
from reviews.figures.losses import LawyersLoss, Loss, LossMap, loss_map
from reviews.models import CaseReview, Checklist
from reviews.models.reviews import being_read_by
from reviews.queries.checklists import standard_of

BEST_FIRST = tuple(Band)


@dataclass(frozen=True, slots=True)
class GradeCount:
    grade: Band
    share: Share


@dataclass(frozen=True, slots=True)
class GradesLine:
    """Of one type of case, `code` empty for all together; `mean`: of the scores, 0 to 100."""

    code: str
    label: str
    files: int
    grades: tuple[GradeCount, ...]
    mean: Decimal | None

    @property
    def good_or_better(self) -> Share:
        good = sum(each.share.part for each in self.grades if each.grade in {Band.EXCELLENT, Band.GOOD})
        return share_of(good, self.files)


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A version of a checklist by which files of this selection were marked."""

    checklist: Checklist
    files: int

    @property
    def name(self) -> str:
        return _("%(list)s, version %(version)s") % {"list": self.checklist, "version": self.checklist.version}


@dataclass(frozen=True, slots=True)
class LossesOfList:
    """`names` of lawyers and `titles` of items, by what stands for them in the map."""

    map: LossMap
    names: Mapping[int, str]
    titles: Mapping[str, str]

    @property
    def lines(self) -> list[tuple[str, str, Loss, list[Loss]]]:
        """Each item with its code and title, over all lawyers, and then lawyer by lawyer."""
        return [
            (code, self.titles[code], self.map.all.items[place], [each.items[place] for each in self.map.lawyers])
            for place, code in enumerate(self.map.codes)
        ]

    def of(self, lawyers: tuple[LawyersLoss, ...]) -> "LossesOfList":
        """Of these lawyers alone, the items as they stand."""
        return LossesOfList(LossMap(self.map.codes, self.map.all, lawyers), self.names, self.titles)

    @property
    def lawyers(self) -> list[tuple[str, LawyersLoss]]:
        return [(self.names[each.lawyer], each) for each in self.map.lawyers]


def released_results(user: User, cases: ClosedCases) -> QuerySet[CaseReview]:
    """Nobody learns here what others made of a file they are still reading."""
    return _results(user, cases).filter(state=ResultState.RELEASED)


def _results(user: User, cases: ClosedCases) -> QuerySet[CaseReview]:
    return CaseReview.objects.current().managed_by(user).filter(cases.of("case__")).exclude(being_read_by(user))


def grades_by_type(user: User, cases: ClosedCases) -> tuple[GradesLine, ...]:
    """All types together, then each of which there is a result. One statement."""
    rows = (
        released_results(user, cases)
        .order_by()
        .values_list("case__case_type", "grade")
        .annotate(files=Count("pk"), points=Sum("score"))
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    points: dict[str, Decimal] = defaultdict(Decimal)
    for case_type, grade, files, scores in rows:
        for code in ("", case_type):
            counts[code][grade] = counts[code].get(grade, 0) + files
            points[code] += scores
    labels = {"": _("All types"), **{each.value: str(each.label) for each in CaseType}}
    return tuple(
        _grades_line(code, label, counts[code], points[code]) for code, label in labels.items() if counts[code]
    )


def _grades_line(code: str, label: str, counts: Mapping[str, int], points: Decimal) -> GradesLine:
    files = sum(counts.values())
    return GradesLine(
        code=code,
        label=label,
        files=files,
        grades=tuple(GradeCount(grade, share_of(counts.get(grade, 0), files)) for grade in BEST_FIRST),
        mean=half_up(points / files, places=1),
    )


def lists_used(user: User, cases: ClosedCases) -> tuple[ListUsed, ...]:
    """The most used first, of results not released yet too. Two statements."""
    rows = (
        _results(user, cases)
        .order_by()
        .values_list("checklist")
        .annotate(files=Count("pk"))
        .order_by("-files", "-checklist")
    )
    files = dict(rows)
    known = Checklist.objects.defer("draft").in_bulk(files)
    return tuple(ListUsed(known[pk], number) for pk, number in files.items())


def chosen_list(used: tuple[ListUsed, ...], asked: UUID | None) -> ListUsed | None:
    """What was asked for where it was used; else the most used."""
    return next((each for each in used if each.checklist.public_id == asked), next(iter(used), None))


def losses_of(user: User, cases: ClosedCases, checklist: Checklist) -> LossesOfList | None:
    """None where nothing was released. One statement, beside the checklist's own, which are kept."""
    standard = standard_of(checklist)
    names: dict[int, str] = {}

    def results() -> Iterator[tuple[int, dict[str, Decimal]]]:
        rows = released_results(user, cases).filter(checklist=checklist).order_by("case__lawyer__name", "case__lawyer")
        for lawyer, name, items in rows.values_list("case__lawyer", "case__lawyer__name", "items").iterator():
            names[lawyer] = name
            yield lawyer, _shares(items)

    found = loss_map(results(), {code: item.points for code, item in standard.items.items()})
    titles = {code: str(item) for code, item in standard.items.items()}
    return LossesOfList(found, names, titles) if names else None


def _shares(items: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {each["code"]: Decimal(each["share"]) for each in items if each["share"] is not None}

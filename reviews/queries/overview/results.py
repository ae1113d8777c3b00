"""What reviewing found: the results in force that were released, never of the reader's own files."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType
from qa_service.cases.queries import ClosedCases
from qa_service.common.plainly import counted
from qa_service.common.rounding import half_up
from qa_service.common.shares import Share, share_of
from reviews.enums import Band, ResultState
from reviews.figures.losses import LawyersLoss, Loss, LossMap, loss_map
from reviews.models import CaseReview, Checklist
from reviews.models.reviews import being_read_by
from reviews.queries.checklists import standard_of

BEST_FIRST = tuple(Band)
FULL: Final = Decimal(100)


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
    """`names` of lawyers, what they are called in addresses (`ids`) and `titles` of items, by what stands for them in
    the map."""

    map: LossMap
    names: Mapping[int, str]
    ids: Mapping[int, UUID]
    titles: Mapping[str, str]

    @property
    def lines(self) -> list[tuple[str, str, Loss, list[Loss]]]:
        """Each item with its code and title, over all lawyers, and then lawyer by lawyer."""
        return [
            (code, self.titles[code], self.map.all.items[place], [each.items[place] for each in self.map.lawyers])
            for place, code in enumerate(self.map.codes)
        ]

    @property
    def finding(self) -> str:
        """Where most is lost, in one sentence."""
        worst = self.map.all.items[0] if self.map.codes else None
        if worst is None or worst.lost is None:
            return _("With fewer than five files there is too little to say where points are lost.")
        if not worst.docked:
            return _("No points were lost.")
        code = self.map.codes[0]
        said = {"item": f"{code} {self.titles[code]}", "lost": worst.lost}
        return _("Most is lost at %(item)s: %(lost)s %% of its full marks.") % said

    def of(self, lawyers: tuple[LawyersLoss, ...]) -> "LossesOfList":
        """Of these lawyers alone, the items as they stand."""
        return LossesOfList(LossMap(self.map.codes, self.map.all, lawyers), self.names, self.ids, self.titles)

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
    """None where nothing was released. Two statements, beside the checklist's own, which are kept."""
    return _losses(released_results(user, cases), checklist)


def lists_of_reports(cases: ClosedCases) -> tuple[ListUsed, ...]:
    """By which lists released results of these cases were marked, the same whoever asks. Two statements."""
    counted = _told_of(cases).order_by().values_list("checklist").annotate(files=Count("pk"))
    files = dict(counted.order_by("-files", "-checklist"))
    known = Checklist.objects.defer("draft").in_bulk(files)
    return tuple(ListUsed(known[pk], number) for pk, number in files.items())


def losses_for_reports(cases: ClosedCases, checklist: Checklist) -> LossesOfList | None:
    """As `losses_of`, the same whoever asks: no lawyer of it is to be named, nor a share of fewer than five files."""
    return _losses(_told_of(cases), checklist)


def _told_of(cases: ClosedCases) -> QuerySet[CaseReview]:
    return CaseReview.objects.current().filter(cases.of("case__"), state=ResultState.RELEASED)


def _losses(results: QuerySet[CaseReview], checklist: Checklist) -> LossesOfList | None:
    standard = standard_of(checklist)
    found = results.filter(checklist=checklist).order_by()
    lawyers = found.values_list("case__lawyer", "case__lawyer__name", "case__lawyer__public_id")
    names: dict[int, str] = {}
    ids: dict[int, UUID] = {}
    files: dict[int, int] = {}
    for lawyer, name, ident, count in lawyers.annotate(files=Count("pk")).order_by(
        "case__lawyer__name", "case__lawyer"
    ):
        names[lawyer], ids[lawyer], files[lawyer] = name, ident, count
    points = {code: item.points for code, item in standard.items.items()}
    # A result released between the two statements is in the next look.
    shares = (each for each in shares_of_items(found) if each[0] in files)
    titles = {code: str(item) for code, item in standard.items.items()}
    return LossesOfList(loss_map(files, shares, points), names, ids, titles) if names else None


@dataclass(frozen=True, slots=True)
class FileBehind:
    """A result that a share of the map is of; `lost` in per cent of the item's full marks, None where the item did not
    apply or none was asked for."""

    result: CaseReview
    score: Decimal
    lost: Decimal | None


def files_behind(user: User, cases: ClosedCases, checklist: Checklist, *, lawyer: UUID | None) -> QuerySet[CaseReview]:
    """The released results of one column of the map, or of all."""
    found = released_results(user, cases).filter(checklist=checklist).select_related("case__lawyer")
    return found.filter(case__lawyer__public_id=lawyer) if lawyer else found


def file_behind(result: CaseReview, item: str) -> FileBehind:
    share = next((each["share"] for each in result.items if each["code"] == item), None)
    lost = None if share is None else half_up(FULL - Decimal(share), places=0)
    return FileBehind(result, half_up(result.score), lost)


# How each database takes a list in JSON apart.
PARTS: Final = {
    "postgresql": "jsonb_array_elements(found.list) AS part (value)",
    "sqlite": "json_each(found.list) AS part",
}
VALUE: Final = {"postgresql": "part.value ->> '{}'", "sqlite": "json_extract(part.value, '$.{}')"}


def shares_of_items(results: QuerySet[CaseReview]) -> Iterator[tuple[int, str, Decimal, int]]:
    """Lawyer, item, share, and of how many results: counted where they lie, so that no mark's words come along."""
    inner, values = results.values(lawyer=F("case__lawyer_id"), list=F("items")).query.sql_with_params()
    code, share = (VALUE[connection.vendor].format(name) for name in ("code", "share"))
    statement = f"""
        SELECT found.lawyer, {code}, {share}, COUNT(*) FROM ({inner}) AS found, {PARTS[connection.vendor]}
        WHERE {share} IS NOT NULL GROUP BY 1, 2, 3
    """  # noqa: S608 - names of ours, and a statement of the ORM with its values apart
    for lawyer, item, text, files in counted(statement, values):
        yield lawyer, item, Decimal(text), files

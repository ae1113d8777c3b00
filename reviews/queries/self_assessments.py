"""Firms' own marks: for who gives them, for who manages, and beside the result once there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import lawyer_reads_here, reads_here
from qa_service.cases.models import Case
from qa_service.common.rounding import half_up
from qa_service.common.waiting import Waiting
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.enums import MANAGING, ResultState, SelfAssessmentState
from reviews.gaps import Gap, apart, gaps, surplus
from reviews.marking import total
from reviews.models import CaseReview, SelfAssessment, SelfMark
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.results import ItemShown, sections_shown
from reviews.queries.scorecard import MARKED, ItemRow, Marks, SectionRows, pageless_marks, scorecard, values_of

# For the centre, to enter what a lawyer without an account brought on the last day.
KEYING_IN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class GapRow:
    """One item of the result beside the firm's own mark; `own` is None where the firm's list has no such item.

    `points`: how much better the firm saw it, above nought, or how much worse; None where there is nothing to compare.
    """

    item: ItemShown
    own: ItemRow | None
    points: Decimal | None
    differs: bool

    @property
    def below(self) -> Decimal | None:
        return None if self.points is None else -self.points


@dataclass(frozen=True, slots=True)
class GapSection:
    title: str
    rows: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class SelfAssessmentEvidence:
    """`gap`: how far the firm's marks lie from the result, 0 to 100; None where it was late and is missing.

    `surplus`: by how much better the firm saw its work, in points of 100; below nought, by how much worse.
    """

    case_id: int
    gap: Decimal | None
    surplus: Decimal | None = None


def self_assessment_evidence(case_ids: Iterable[int]) -> dict[int, SelfAssessmentEvidence]:
    """Of each case with a released result whose firm was asked: three queries, whatever their number.

    A firm that the result overtook before its day had no fair chance: of such a case nothing is said, and nothing of
    one whose result is not released, for until then nobody but the firm knows what it marked.
    """
    released = CaseReview.objects.current().filter(case__in=list(case_ids), released_at__isnull=False)
    asked = SelfAssessment.objects.filter(state__in=(SelfAssessmentState.SUBMITTED, SelfAssessmentState.MISSING))
    rows = list(asked.filter(case__in=released.values("case")).select_related("checklist"))
    if not rows:
        return {}
    handed_in = [row for row in rows if row.state == SelfAssessmentState.SUBMITTED]
    read = released.filter(case__in=[row.case_id for row in handed_in]).select_related("checklist")
    results, marks = {result.case_id: result for result in read}, _marks_of(handed_in)
    lying = {row.case_id: _gaps(row, marks[row.pk], results[row.case_id]) for row in handed_in}
    found = {row.case_id: SelfAssessmentEvidence(row.case_id, None) for row in rows}
    return found | {
        case_id: SelfAssessmentEvidence(case_id, apart(each), surplus(each)) for case_id, each in lying.items()
    }


def _marks_of(rows: Iterable[SelfAssessment]) -> dict[int, Marks]:
    standards = {row.pk: standard_of(row.checklist) for row in rows}
    found: dict[int, Marks] = {pk: {} for pk in standards}
    marks = SelfMark.objects.filter(assessment__in=list(standards)).values_list("assessment_id", "item_id", *MARKED)
    for pk, item_id, *values in marks:
        found[pk][standards[pk].codes[item_id]] = dict(zip(MARKED, values, strict=True)) | {"page": ""}
    return found


def self_marks(assessment: SelfAssessment, standard: Standard) -> Marks:
    return pageless_marks(SelfMark.objects.filter(assessment=assessment), standard)


def self_assessments_of(user: User) -> QuerySet[SelfAssessment]:
    """Those to mark first, the next at the top; then those handed in, then the others, the newest first."""
    return _in_turn(SelfAssessment.objects.marked_by(user))


def self_assessments_managed_by(user: User) -> QuerySet[SelfAssessment]:
    """As for who marks them. `found`: the released score; `reached`: the lawyer has an account to mark with; `waited`:
    the file was read, and its result waits for the firm.
    """
    released = CaseReview.objects.current().filter(case=OuterRef("case"), released_at__isnull=False).values("score")
    rows = SelfAssessment.objects.managed_by(user).exclude(state=SelfAssessmentState.WITHDRAWN)
    waiting = CaseReview.objects.current().filter(case=OuterRef("case"), state=ResultState.AWAITING_FIRM)
    told = {"found": Subquery(released), "reached": lawyer_reads_here("case__lawyer"), "waited": Exists(waiting)}
    return _in_turn(rows.annotate(**told))


def self_assessments_seen_by(user: User) -> QuerySet[SelfAssessment]:
    """Both."""
    rows = SelfAssessment.objects.visible_to(user).exclude(state=SelfAssessmentState.WITHDRAWN)
    return _in_turn(rows).select_related("case", "checklist")


def result_beside(assessment: SelfAssessment, user: User) -> CaseReview | None:
    """The released result that this person may read; until there is one, only the firm sees what it marked."""
    results = CaseReview.objects.visible_to(user).current().filter(case=assessment.case_id, released_at__isnull=False)
    return results.select_related("checklist", "case__centre__settings").first()


def self_assessment_beside(result: CaseReview, user: User) -> SelfAssessment | None:
    """Of the file of a released result; none where none was asked for, or it is not this person's to see."""
    if result.released_at is None:
        return None
    rows = SelfAssessment.objects.visible_to(user).exclude(state=SelfAssessmentState.WITHDRAWN)
    return rows.filter(case=result.case_id).first()


def firm_has_time(case: Case, *, now: datetime) -> bool:
    """Whether the firm was promised more days to mark its file: until they are over it is not shown what others found.

    Also where the day cannot be counted yet. A sheet that came in by the day may be keyed in a few days later.
    """
    row = SelfAssessment.objects.filter(case=case, state=SelfAssessmentState.OPEN).select_related("case").first()
    if row is None:
        return False
    if row.due_on is None:
        return True
    last = row.due_on + KEYING_IN if may_be_keyed(row) else row.due_on
    return today_at(case.centre, now) <= last


def results_whose_firm_had_its_time(now: datetime) -> QuerySet[CaseReview]:
    """Results that wait for a firm that has no more time: as `firm_has_time`, for all of them."""
    keyed = Q(version=0) & ~lawyer_reads_here("case__lawyer")

    def in_time(day: date) -> Q:
        return Q(due_on__gte=day) | keyed & Q(due_on__gte=day - KEYING_IN)

    has_time = on_the_day_there(now, "case__centre", in_time) | Q(due_on=None)
    waited_for = SelfAssessment.objects.filter(has_time, case=OuterRef("case"), state=SelfAssessmentState.OPEN)
    return CaseReview.objects.current().filter(~Exists(waited_for), state=ResultState.AWAITING_FIRM)


def may_be_keyed(assessment: SelfAssessment) -> bool:
    """Whether the centre enters it from paper: nobody marks it on a page."""
    return assessment.open and not assessment.version and not reads_here(assessment.case.lawyer_id)


def own_sections(assessment: SelfAssessment) -> list[SectionRows]:
    """What the firm marked, by its own list."""
    standard = standard_of(assessment.checklist)
    return scorecard(checklist=assessment.checklist, standard=standard, marks=self_marks(assessment, standard))


def gap_sections(assessment: SelfAssessment, result: CaseReview) -> list[GapSection]:
    """Item by item of the result, in the reader's language, with the firm's own mark where its list has the item."""
    own = {row.code: row for section in own_sections(assessment) for row in section.items}
    apart = {gap.code: gap for gap in gaps_of(assessment, result)}
    return [
        GapSection(section.title, tuple(_gap_row(item, own.get(item.code), apart[item.code]) for item in section.items))
        for section in sections_shown(result)
    ]


def gaps_of(assessment: SelfAssessment, result: CaseReview) -> Sequence[Gap]:
    return _gaps(assessment, self_marks(assessment, standard_of(assessment.checklist)), result)


def _gaps(assessment: SelfAssessment, marks: Marks, result: CaseReview) -> Sequence[Gap]:
    standard = standard_of(assessment.checklist)
    shares = total(standard.sheet, values_of(marks)).shares
    found = {each["code"]: None if each["share"] is None else Decimal(each["share"]) for each in result.items}
    return gaps(standard_of(result.checklist).sheet, asked=frozenset(standard.items), own=shares, found=found)


def _gap_row(item: ItemShown, own: ItemRow | None, gap: Gap) -> GapRow:
    return GapRow(item, own, None if gap.points is None else half_up(gap.points), gap.differs)


def _in_turn(rows: QuerySet[SelfAssessment]) -> QuerySet[SelfAssessment]:
    first = Choice(
        When(state=SelfAssessmentState.OPEN, then=0), When(state=SelfAssessmentState.SUBMITTED, then=1), default=2
    )
    joined = rows.select_related("case__centre__settings", "case__lawyer", "case__firm")
    return joined.order_by(first, F("closed_at").desc(nulls_first=True), "due_on", "pk")


def self_assessments_waiting(user: User, now: datetime) -> list[Waiting]:
    """Blocks of a home: for the firm what is to be marked and what is late, for managers what is late."""
    found: list[Waiting] = []
    late = on_the_day_there(now, "case__centre", lambda day: Q(due_on__lt=day))
    if user.has_role(Role.LAWYER, Role.FIRM):
        mine = SelfAssessment.objects.marked_by(user).filter(state=SelfAssessmentState.OPEN)
        counts = mine.aggregate(all=Count("pk"), late=Count("pk", filter=late), first=Min("due_on"))
        day = format_lazy("{} {}", _("The first is due on"), counts["first"]) if counts["first"] else ""
        url, urgent = reverse("reviews:my-self-assessments"), bool(counts["late"])
        found.append(Waiting(_("Own files to mark yourself"), counts["all"], url, urgent=urgent, detail=day))
    if user.has_role(*MANAGING):
        overdue = SelfAssessment.objects.managed_by(user).filter(late, state=SelfAssessmentState.OPEN).count()
        found.append(Waiting(_("Self-assessments that are late"), overdue, reverse("reviews:self-assessments")))
    return found

"""Results of file review, as evidence for scores and as pages for the people concerned. Never who marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import lawyer_reads_here, reads_here
from qa_service.common.days import time_left
from qa_service.common.rounding import half_up
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.adoption import ledger_item
from reviews.enums import (
    AssignmentState,
    Band,
    Measure,
    Method,
    ObjectionState,
    ReaderOrder,
    ResultState,
    Standing,
    VetoEffect,
    VetoState,
)
from reviews.evidence import ReviewEvidence
from reviews.models import (
    Assignment,
    CaseReview,
    Checklist,
    Item,
    ObjectedItem,
    Objection,
    ObjectionPaper,
    Review,
    VetoMark,
    in_language,
)
from reviews.queries.checklists import anchor_name, standard_of
from reviews.queries.ledger import ArgumentShown, arguments_of_result

# Of a result, its case and centre no more than evidence is made of: making whole objects took twice as long.
OF_EVIDENCE = (
    "version", "state", "score", "grade", "grade_cap", "veto_state", "vetoes", "readers", "spread", "agreed", "method",
    "limited", "items", "released_at", "objection_until", "told_lawyer", "case__lawyer", "case__centre__path",
    "case__centre__settings__time_zone",
)  # fmt: skip
FULL_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class MarkShown:
    """One mark in words. `whose`: of which reader by turn, never by name; empty where there was one reader."""

    anchor: str
    reason: str
    page: str
    comment: str
    reason_code: str = ""
    whose: str = ""

    @property
    def explained(self) -> bool:
        """The reason "other" only points to the words beside it."""
        return self.reason_code == "other" and bool(self.comment)


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One row of a result page; `share` is 0 to 100, None where the item did not apply.

    `as_read`: of an item changed after an objection, the anchor alone that each reader chose; empty in results
    that were made before it was kept.
    """

    code: str
    title: str
    evidence: str
    points: Decimal
    share: Decimal | None
    earned: Decimal | None
    corrected: bool
    marks: tuple[MarkShown, ...]
    arguments: tuple[ArgumentShown, ...] = ()
    as_read: tuple[MarkShown, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionShown:
    title: str
    items: tuple[ItemShown, ...]


def review_evidence(case_ids: Iterable[int]) -> dict[int, ReviewEvidence]:
    """The newest result of each case that has one: one query, whatever their number."""
    results = CaseReview.objects.current().filter(case__in=list(case_ids))
    contested = Exists(Objection.objects.filter(case=OuterRef("case"), state=ObjectionState.LODGED))
    read = Exists(Assignment.objects.filter(case=OuterRef("case"), state=AssignmentState.OPEN))
    found = results.annotate(contested=contested, being_read=read).select_related("case__centre__settings")
    found = found.only(*OF_EVIDENCE)
    return {result.case_id: _evidence(result) for result in found}


def file_released(case: str = "case") -> Exists:
    """A condition on rows: the result in force of their case is released. `case` is the path to it."""
    return Exists(CaseReview.objects.current().filter(state=ResultState.RELEASED, case=OuterRef(case)))


def lawyer_was_told(case: str = "case") -> Exists:
    """A condition on rows: of the result in force of their case the lawyer was told. `case` is the path to it."""
    return Exists(CaseReview.objects.current().told().filter(case=OuterRef(case)))


def marks_stand(*, now: datetime, case: str = "case") -> Exists:
    """A condition on rows: the marks of their case can change by no objection any more, nor are they read again.

    The lawyer was told, the time to object is over, none waits for its decision. `case` is the path to it.
    """
    over = on_the_day_there(now, "case__centre", lambda day: Q(objection_until__lt=day))
    contested = Objection.objects.filter(case=OuterRef("case"), state=ObjectionState.LODGED)
    read = Assignment.objects.filter(case=OuterRef("case"), state=AssignmentState.OPEN)
    told = CaseReview.objects.current().told().filter(over, state=ResultState.RELEASED, case=OuterRef(case))
    return Exists(told.exclude(Exists(contested)).exclude(Exists(read)))


def results_of_lawyer(lawyer_id: int) -> QuerySet[CaseReview]:
    """Released results of a lawyer's cases, newest first.

    `contested`: an objection waits for its decision; `used`: there was one in the period, which opens no second.
    """
    released = CaseReview.objects.current().filter(case__lawyer=lawyer_id, state=ResultState.RELEASED)
    contested = Exists(Objection.objects.filter(result=OuterRef("pk"), state=ObjectionState.LODGED))
    same_period = Q(result__objection_until=OuterRef("objection_until"), result__told_lawyer=OuterRef("told_lawyer"))
    used = Exists(Objection.objects.filter(same_period, case=OuterRef("case")))
    return (
        released.annotate(contested=contested, used=used)
        .select_related("case__centre__settings", "checklist")
        .order_by("-released_at", "-pk")
    )


def open_to_objection(lawyer_id: int, *, now: datetime) -> QuerySet[CaseReview]:
    """Results in force against which the lawyer may still object: as `may_object`, for all of them."""
    used = Objection.objects.filter(
        Q(result__objection_until=OuterRef("objection_until"), result__told_lawyer=OuterRef("told_lawyer"))
        | Q(state=ObjectionState.LODGED),
        case=OuterRef("case"),
    )
    uncounted = Q(objection_until=None, served_on__isnull=False)
    running = on_the_day_there(now, "case__centre", lambda day: Q(objection_until__gte=day) | uncounted)
    found = CaseReview.objects.current().filter(running, case__lawyer=lawyer_id, state=ResultState.RELEASED)
    return found.filter(told_lawyer=lawyer_id).exclude(Exists(used))


def results_to_tell(user: User) -> QuerySet[CaseReview]:
    """Released results whose lawyer has no account and was not handed the paper yet, the longest waiting first.

    Those of lawyers who have an account by now are told there, by the next sweep.
    """
    found = CaseReview.objects.untold().managed_by(user).exclude(lawyer_reads_here("case__lawyer"))
    return found.select_related("case__lawyer", "case__firm").order_by("released_at", "pk")


def objections_followed(result: CaseReview) -> QuerySet[Objection]:
    """Every objection to marks of the case, the first on top, with the items each is about."""
    items = ObjectedItem.objects.select_related("item").order_by("item__section__position", "item__position")
    return (
        Objection.objects.filter(case=result.case_id)
        .prefetch_related(Prefetch("items", items), "papers")
        .order_by("lodged_at")
    )


def papers_seen_by(user: User) -> QuerySet[ObjectionPaper]:
    """Attached to objections that this person sees."""
    seen = Objection.objects.visible_to(user)
    return ObjectionPaper.objects.filter(objection__in=seen).select_related("objection__case", "objection__result")


def vetoes_to_answer(lawyer_id: int) -> QuerySet[VetoMark]:
    """Vetoes marked in submitted reviews of the lawyer's cases that wait for the lawyer."""
    return (
        VetoMark.objects.filter(
            review__assignment__case__lawyer=lawyer_id,
            review__assignment__state=AssignmentState.SUBMITTED,
            state=VetoState.MARKED,
        )
        .select_related("veto", "review__assignment__case")
        .order_by("answer_due_on", "pk")
    )


def vetoes_of_result(result: CaseReview) -> QuerySet[VetoMark]:
    """Vetoes of the submitted readings, without who marked them."""
    return _vetoes_of_case(result.case_id).order_by("pk")


def _vetoes_of_case(case_id: int) -> QuerySet[VetoMark]:
    marks = VetoMark.objects.filter(
        review__assignment__case=case_id, review__assignment__state=AssignmentState.SUBMITTED
    )
    return marks.select_related("veto")


def confirmed_vetoes(case_id: int) -> tuple[str, ...]:
    """What a second person confirmed of the lawyer, each once, as code and title in the active language."""
    rows = _vetoes_of_case(case_id).filter(state=VetoState.CONFIRMED).exclude(veto__effect=VetoEffect.CENTRE_FAILS)
    return tuple(dict.fromkeys(f"{row.veto.code} {row.veto}" for row in rows.order_by("veto__position")))


def may_object(result: CaseReview, user: User, *, now: datetime) -> bool:
    return (
        user.lawyer_id is not None and user.lawyer_id == result.case.lawyer_id and may_be_objected_to(result, now=now)
    )


def may_be_objected_to(result: CaseReview, *, now: datetime) -> bool:
    """In force, the lawyer was told, their time is not over, and they have not objected yet."""
    in_time = result.objection_until is None or today_at(result.case.centre, now) <= result.objection_until
    return in_time and _stands_unquestioned(result)


def may_be_keyed_in(result: CaseReview) -> bool:
    """As that, of an objection on paper: what came in time counts as in time, whenever somebody types it in."""
    return _stands_unquestioned(result) and takes_paper(result, lawyer_id=result.case.lawyer_id)


def _stands_unquestioned(result: CaseReview) -> bool:
    return result.superseded_at is None and result.told and not period_used(result)


def takes_paper(told: CaseReview | VetoMark, *, lawyer_id: int) -> bool:
    """Told, and not reading here: told on paper, or the account on which they were told was closed since."""
    return told.served_on is not None or (told.told and not reads_here(lawyer_id))


def period_used(result: CaseReview) -> bool:
    """One objection a period: a correction keeps its period, so it opens no second one."""
    same_period = Q(result__objection_until=result.objection_until, result__told_lawyer=result.told_lawyer_id)
    same = same_period | Q(state=ObjectionState.LODGED)
    return Objection.objects.filter(same, case=result.case_id).exists()


def left_to_object(result: CaseReview, *, now: datetime) -> str:
    """How long one may still object; empty when it is over, has not begun or cannot be counted yet."""
    until = result.objection_until
    return time_left(until, today=today_at(result.case.centre, now)) if until else ""


def sections_shown(result: CaseReview) -> list[SectionShown]:
    """The result item by item in the reader's language, with every reason and page."""
    standard = standard_of(result.checklist)
    by_code = {each["code"]: each for each in result.items}
    rule = ledger_item(standard.sheet)
    ledgers = {rule.code: _arguments(result)} if rule else {}
    return [
        SectionShown(
            title=f"{section.code} {section}",
            items=tuple(
                _item(by_code[rule.code], standard.items[rule.code], result, ledgers.get(rule.code, ()))
                for rule in rules.items
                if rule.code in by_code
            ),
        )
        for section, rules in zip(standard.sections, standard.sheet.sections, strict=True)
    ]


def readers_of_result(result: CaseReview) -> QuerySet[Review]:
    """The submitted readings behind a result: for managers alone."""
    return (
        Review.objects.filter(assignment__case=result.case, assignment__state=AssignmentState.SUBMITTED)
        .select_related("assignment__reviewer", "assignment__case", "assignment__checklist")
        .order_by("assignment__order")
    )


def _arguments(result: CaseReview) -> tuple[ArgumentShown, ...]:
    """The ledger of each reader, told apart where there were several."""
    return tuple(
        ArgumentShown(
            words=row.words,
            page=row.page,
            treatment=row.get_treatment_display(),
            judgment_page=row.judgment_page,
            reasonable=row.reasonable,
            whose=_whose([turn], 0) if result.readers > 1 else "",
        )
        for turn, row in arguments_of_result(result)
    )


def _item(
    found: dict[str, Any], item: Item, result: CaseReview, arguments: tuple[ArgumentShown, ...] = ()
) -> ItemShown:
    turns = _turns(found["marks"], 0 if found["corrected"] else result.readers)
    share = None if found["share"] is None else Decimal(found["share"])
    return ItemShown(
        code=item.code,
        title=str(item),
        evidence=in_language(item.evidence),
        points=item.points.normalize() + 0,
        share=share,
        earned=None if share is None else half_up(share * item.points / FULL_PERCENT),
        corrected=found["corrected"],
        marks=tuple(
            _mark(mark, result.checklist, whose=_whose(given, result.readers))
            for mark, given in zip(found["marks"], turns, strict=True)
        ),
        arguments=arguments,
        as_read=tuple(
            MarkShown(
                anchor=anchor_name(mark["anchor"], Measure(result.checklist.measure)),
                reason="",
                page="",
                comment="",
                whose=_whose(mark["readers"], result.readers) if result.readers > 1 else "",
            )
            for mark in found.get("as_read", ())
        ),
    )


def _turns(marks: Sequence[dict[str, Any]], readers: int) -> list[Sequence[int]]:
    """The readers of each mark, by turn; none where they need no telling apart.

    A result made before they were kept tells them where only one way is left.
    """
    everybody = range(1, readers + 1)
    if readers < 2:  # noqa: PLR2004 - one reader is what they say
        return [()] * len(marks)
    if all("readers" in mark for mark in marks):
        return [mark["readers"] for mark in marks]
    if len(marks) == 1:
        return [everybody]
    return [[turn] for turn in everybody] if len(marks) == readers else [()] * len(marks)


def _whose(turns: Sequence[int], readers: int) -> str:
    if not turns:
        return ""
    if len(turns) == readers:
        return _("Both readers") if readers == 2 else _("All readers")  # noqa: PLR2004
    return _(", ").join(str(ReaderOrder(turn).label) for turn in turns)


def _mark(mark: dict[str, Any], checklist: Checklist, *, whose: str) -> MarkShown:
    reason = checklist.reasons.get(mark["reason_code"])
    return MarkShown(
        anchor=anchor_name(mark["anchor"], Measure(checklist.measure)),
        reason=in_language(reason) if reason else "",
        page=mark["page"],
        comment=mark["comment"],
        reason_code=mark["reason_code"],
        whose=whose,
    )


def _evidence(result: CaseReview) -> ReviewEvidence:
    scores = {each["code"]: Decimal(each["share"]) for each in result.items if each["share"] is not None}
    return ReviewEvidence(
        case_id=result.case_id,
        version=result.version,
        state=ResultState(result.state),
        score=result.score,
        grade=Band(result.grade),
        grade_cap=Band(result.grade_cap) if result.grade_cap else None,
        veto_state=Standing(result.veto_state),
        vetoes=tuple(result.vetoes),
        readers=result.readers,
        spread=result.spread,
        agreed=result.agreed,
        method=Method(result.method),
        limited=result.limited,
        item_scores=scores,
        zero_items=tuple(code for code, score in scores.items() if score == 0),
        corrected=any(each["corrected"] for each in result.items),
        released_on=today_at(result.case.centre, result.released_at) if result.released_at else None,
        objection_open_until=None if result.told_another else result.objection_until,
        objection_open=result.contested,  # type: ignore[attr-defined]  # annotated by review_evidence
        being_read=result.being_read,  # type: ignore[attr-defined]  # likewise
    )

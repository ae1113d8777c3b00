"""Bound files on their way to the archive: the desk's lists, one file with its record, a lawyer's own, the accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import firms_of, own_work, within
from qa_service.cases.models import Case
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.acceptance import CaseDays, Defect, Paper, defects, unchecked
from reviews.enums import (
    DESK,
    ChecklistState,
    DefectKind,
    FileState,
    Finding,
    PleaState,
    Purpose,
    Queue,
)
from reviews.models import (
    AcceptedLateness,
    Checklist,
    FileAcceptance,
    FileEvent,
    LatenessPlea,
    in_language,
)
from reviews.queries.lateness import days_late, last_day_to_hand_in

COUNTS = "file_acceptance__counts_on"
STATE = "file_acceptance__state"


def files_at_desk(user: User) -> QuerySet[Case]:
    """Closed cases whose files this person may receive and check: their subtree's, never their own or their firm's."""
    seen = Case.objects.filter(within(user, "centre__path", *DESK))
    return _with_state(seen.exclude(own_work(user, lawyer="lawyer", firm="firm")))


def files_of_handlers(user: User) -> QuerySet[Case]:
    """A lawyer's own closed cases, a head's the firm's."""
    own = Q(firm_id__in=firms_of(user))
    if user.lawyer_id and user.has_role(Role.LAWYER):
        own |= Q(lawyer_id=user.lawyer_id)
    return _with_state(Case.objects.filter(own))


def _with_state(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("centre__settings", "lawyer", "firm", "file_acceptance").defer("client")


def expected() -> Q:
    """Cases whose files are accepted here: closed since the centre began with that, or acted on already."""
    begun = Coalesce("centre__settings__acceptance_from", "centre__settings__go_live_on")
    return Q(closed_on__gte=begun) | Q(file_acceptance__isnull=False)


def queue(cases: QuerySet[Case], wanted: Queue, *, now: datetime) -> QuerySet[Case]:
    """Those of the cases whose files stand in one of the desk's lists, what waits longest first."""
    came_on = Coalesce("file_acceptance__handed_in_on", "filed_on")
    awaited = Q(**{COUNTS: None}, filed_on=None)
    found = cases.filter(expected())
    match wanted:
        case Queue.TO_CHECK:
            here = Q(**{STATE: FileState.TO_CHECK}) | Q(**{COUNTS: None}, filed_on__isnull=False)
            return found.filter(here).order_by(came_on, "pk")
        case Queue.RETURNED:
            return found.filter(**{STATE: FileState.RETURNED}).order_by("file_acceptance__correct_by", "pk")
        case Queue.OVERDUE:
            over = on_the_day_there(now, "centre", lambda day: _overdue(day, awaited))
            return found.filter(over).order_by("closed_on", "pk")
        case Queue.AWAITED:
            return found.filter(awaited).order_by("closed_on", "pk")
        case Queue.ACCEPTED:
            return found.filter(**{STATE: FileState.ACCEPTED}).order_by("-file_acceptance__accepted_on", "-pk")


def _overdue(today: date, awaited: Q) -> Q:
    """Each centre's limit is its own; there are few different ones."""
    over = Q(file_acceptance__correct_by__lt=today)
    for limit in CentreSettings.objects.order_by().values_list("filing_limit_days", flat=True).distinct():
        last = today - timedelta(days=limit)
        served = Q(judgment_received_on=None) | Q(judgment_received_on__lt=last)
        over |= awaited & Q(centre__settings__filing_limit_days=limit, closed_on__lt=last) & served
    return over


def open_pleas(user: User) -> QuerySet[LatenessPlea]:
    """Reasons for lateness that wait for this manager's decision."""
    rows = LatenessPlea.objects.visible_to(user).filter(state=PleaState.OPEN).exclude(stated_by=user)
    return rows.select_related("case__centre__settings").order_by("stated_at", "pk")


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file in a list. `due_on`: by when it is to come, or to come back; `over`: days beyond that, or beyond the
    limit when it came."""

    case: Case
    row: FileAcceptance | None
    state: FileState
    handed_in_on: date | None
    due_on: date | None
    over: int
    today: date

    @property
    def by_register(self) -> bool:
        """It came in by what the case system says, and nobody entered it here."""
        return self.state == FileState.TO_CHECK and (self.row is None or self.row.counts_on is None)

    @property
    def overdue(self) -> bool:
        return self.due_on is not None and self.due_on < self.today


def file_line(case: Case, *, now: datetime) -> FileLine:
    """Fetch the case through `files_at_desk` or `files_of_handlers`: nothing is asked of the database here."""
    row: FileAcceptance | None = getattr(case, "file_acceptance", None)
    today = today_at(case.centre, now)
    here = row is not None and row.counts_on is not None
    state = FileState(row.state) if row is not None and here else _by_register(case)
    due = {FileState.AWAITED: last_day_to_hand_in(case), FileState.RETURNED: row.correct_by if row else None}.get(state)
    over = max(0, (today - due).days) if due else days_late(case, now=now)
    return FileLine(case, row, state, row.handed_in_on if row and here else case.filed_on, due, over, today)


def _by_register(case: Case) -> FileState:
    return FileState.AWAITED if case.filed_on is None else FileState.TO_CHECK


# --- one file ----------------------------------------------------------------------------------------------------


def catalogue_in_force(case: Case) -> Checklist | None:
    """The checklist whose catalogue a file of this type of case is checked by today."""
    published = Checklist.objects.filter(state=ChecklistState.PUBLISHED, purpose=Purpose.FILE_REVIEW)
    return published.filter(case_type=case.case_type).first()


def catalogue_codes(row: FileAcceptance) -> list[str]:
    return [paper["code"] for paper in row.checklist.catalogue] if row.checklist else []


@dataclass(frozen=True, slots=True)
class Check:
    """How far the catalogue is checked, and what is wrong by what was typed."""

    unchecked: tuple[str, ...]
    defects: tuple[Defect, ...]


def check_of(row: FileAcceptance, case: Case) -> Check:
    papers = {
        paper.code: Paper(
            code=paper.code,
            finding=Finding(paper.finding),
            first=paper.first_page,
            last=paper.last_page,
            dated=paper.dated,
            signed=paper.signed,
        )
        for paper in row.papers.all()
    }
    codes = catalogue_codes(row)
    if row.handed_in_on is None:
        return Check(tuple(unchecked(codes, papers)), ())
    days = CaseDays(
        accepted_on=case.accepted_on,
        handed_in_on=row.handed_in_on,
        judgment_received_on=case.judgment_received_on,
        last_page=row.last_page,
    )
    return Check(tuple(unchecked(codes, papers)), tuple(defects(codes, papers, days)))


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper of the catalogue as its row on the page and on the form; empty where nobody looked yet."""

    code: str
    title: str
    finding: str
    pages: str
    dated: date | None
    signed: bool | None
    defects: tuple[DefectKind, ...]


@dataclass(frozen=True, slots=True)
class FileShown:
    """All of one file: its line, its papers, its record, and what was said about lateness."""

    line: FileLine
    version: int
    checklist: Checklist | None
    last_page: int | None
    papers: tuple[PaperShown, ...]
    check: Check
    events: tuple[FileEvent, ...]
    titles: Mapping[str, str]
    days_late: int
    last_day: date
    excused: AcceptedLateness | None
    pleas: tuple[LatenessPlea, ...]

    @property
    def open_plea(self) -> LatenessPlea | None:
        return next((plea for plea in self.pleas if plea.state == PleaState.OPEN), None)


def file_shown(case: Case, *, now: datetime) -> FileShown:
    """Fetch the case as for `file_line`. Some eight queries, however much happened."""
    line = file_line(case, now=now)
    row = line.row
    checklist = (row.checklist if row else None) or catalogue_in_force(case)
    catalogue = checklist.catalogue if checklist else []
    if row is not None and row.checklist is None:
        row.checklist = checklist
    check = check_of(row, case) if row else Check(tuple(paper["code"] for paper in catalogue), ())
    typed = {paper.code: paper for paper in row.papers.all()} if row else {}
    events = row.events.select_related("recorded_by").prefetch_related("defects") if row else ()
    pleas = LatenessPlea.objects.filter(case=case).select_related("stated_by", "decided_by").order_by("stated_at", "pk")
    excused = AcceptedLateness.objects.filter(case=case, withdrawn_at=None).select_related("accepted_by").first()
    return FileShown(
        line=line,
        version=row.version if row else 0,
        checklist=checklist,
        last_page=row.last_page if row else None,
        papers=tuple(_paper_shown(paper, typed.get(paper["code"]), check) for paper in catalogue),
        check=check,
        events=tuple(events),
        titles={paper["code"]: in_language(paper["title"]) for paper in catalogue},
        days_late=days_late(case, now=now),
        last_day=last_day_to_hand_in(case),
        excused=excused,
        pleas=tuple(pleas),
    )


def _paper_shown(paper: Mapping[str, Any], typed: Any, check: Check) -> PaperShown:
    return PaperShown(
        code=paper["code"],
        title=in_language(paper["title"]),
        finding=typed.finding if typed else "",
        pages=typed.pages if typed else "",
        dated=typed.dated if typed else None,
        signed=typed.signed if typed else None,
        defects=tuple(DefectKind(found.kind) for found in check.defects if found.paper == paper["code"]),
    )

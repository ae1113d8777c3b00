"""One bound file: how far its catalogue is checked, its record, and what was said of its lateness."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from qa_service.cases.models import Case
from reviews.acceptance import CaseDays, Defect, Paper, defects, unchecked
from reviews.enums import (
    DefectKind,
    FileAct,
    FileState,
    Finding,
    PleaState,
    Purpose,
)
from reviews.models import (
    AcceptedLateness,
    Checklist,
    FileAcceptance,
    FileEvent,
    LatenessPlea,
    in_language,
)
from reviews.queries.checklists import checklist_for
from reviews.queries.file_lists import FileLine, file_line
from reviews.queries.lateness import days_late, last_day_to_hand_in
from reviews.queries.scans import papers_by_machine


def catalogue_in_force(case: Case) -> Checklist | None:
    """The checklist whose catalogue a file of this type of case is checked by today."""
    return checklist_for(case, purpose=Purpose.FILE_REVIEW)


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
    # Where a machine found it in the scanned file, while nobody said anything of it.
    offered: str = ""

    @property
    def finding_label(self) -> str:
        return str(Finding(self.finding).label) if self.finding else ""


@dataclass(frozen=True, slots=True)
class DefectShown:
    """`title` is of the paper, empty where the whole file is meant."""

    paper: str
    title: str
    kind: DefectKind
    note: str


@dataclass(frozen=True, slots=True)
class EventShown:
    """One act in words; `by` is the name of who put it on record."""

    act: FileAct
    on: date
    due_on: date | None
    days_late: int | None
    words: str
    by: str
    defects: tuple[DefectShown, ...]
    told_here: bool | None
    told_how: str


@dataclass(frozen=True, slots=True)
class FileShown:
    """All of one file: its line, its papers, its record, and what was said about lateness."""

    line: FileLine
    version: int
    checklist: Checklist | None
    last_page: int | None
    papers: tuple[PaperShown, ...]
    check: Check
    events: tuple[EventShown, ...]
    titles: Mapping[str, str]
    days_late: int
    last_day: date
    excused: AcceptedLateness | None
    pleas: tuple[LatenessPlea, ...]

    @property
    def may_undo(self) -> bool:
        """The last act is a receipt that somebody entered."""
        return bool(self.events) and self.events[-1].act == FileAct.HANDED_IN

    @property
    def told(self) -> bool:
        """What the desk found of the papers is the lawyer's to know: it has sent the file back, or accepted it."""
        decided = self.line.state in (FileState.RETURNED, FileState.ACCEPTED)
        return decided and any(paper.finding for paper in self.papers)

    def for_the_lawyer(self) -> Self:
        """Without what the desk is still looking at."""
        if self.told:
            return self
        titles = tuple(
            replace(paper, finding="", pages="", dated=None, signed=None, defects=()) for paper in self.papers
        )
        return replace(self, papers=titles, check=Check((), ()), last_page=None)

    @property
    def to_put_right(self) -> EventShown | None:
        """Why the file is out, while it is."""
        sent = [event for event in self.events if event.act == FileAct.RETURNED]
        return sent[-1] if self.line.state == FileState.RETURNED else None

    @property
    def open_plea(self) -> LatenessPlea | None:
        return next((plea for plea in self.pleas if plea.state == PleaState.OPEN), None)


def file_shown(case: Case, *, now: datetime) -> FileShown:
    """Fetch the case as for `file_line`. Some ten queries, however much happened."""
    line = file_line(case, now=now)
    row = line.row
    checklist = (row.checklist if row else None) or catalogue_in_force(case)
    catalogue = checklist.catalogue if checklist else []
    if row is not None and row.checklist is None:
        row.checklist = checklist
    check = check_of(row, case) if row else Check(tuple(paper["code"] for paper in catalogue), ())
    typed = {paper.code: paper for paper in row.papers.all()} if row else {}
    events = row.events.select_related("recorded_by").prefetch_related("defects") if row else ()
    offered = papers_by_machine(case, checklist) if line.state == FileState.TO_CHECK else {}
    titles = {paper["code"]: in_language(paper["title"]) for paper in catalogue}
    pleas = LatenessPlea.objects.filter(case=case).select_related("stated_by", "decided_by").order_by("stated_at", "pk")
    excused = AcceptedLateness.objects.filter(case=case, withdrawn_at=None).select_related("accepted_by").first()
    return FileShown(
        line=line,
        version=row.version if row else 0,
        checklist=checklist,
        last_page=row.last_page if row else None,
        papers=tuple(_paper_shown(paper, typed.get(paper["code"]), check, offered) for paper in catalogue),
        check=check,
        events=tuple(_event_shown(event, titles) for event in events),
        titles=titles,
        days_late=days_late(case, now=now),
        last_day=last_day_to_hand_in(case),
        excused=excused,
        pleas=tuple(pleas),
    )


def _paper_shown(paper: Mapping[str, Any], typed: Any, check: Check, offered: Mapping[str, str]) -> PaperShown:
    return PaperShown(
        code=paper["code"],
        title=in_language(paper["title"]),
        finding=typed.finding if typed else "",
        pages=typed.pages if typed else "",
        dated=typed.dated if typed else None,
        signed=typed.signed if typed else None,
        defects=tuple(DefectKind(found.kind) for found in check.defects if found.paper == paper["code"]),
        offered="" if typed else offered.get(paper["code"], ""),
    )


def _event_shown(event: FileEvent, titles: Mapping[str, str]) -> EventShown:
    found = (
        DefectShown(defect.paper, titles.get(defect.paper, defect.paper), DefectKind(defect.kind), defect.note)
        for defect in event.defects.all()
    )
    by = event.recorded_by.display_name
    act = FileAct(event.act)
    return EventShown(
        act=act,
        on=event.happened_on,
        due_on=event.due_on,
        days_late=event.days_late,
        words=event.words,
        by=by,
        defects=tuple(found),
        told_here=event.told_here,
        told_how=event.told_how,
    )

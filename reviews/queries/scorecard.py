"""The scorecard of one review: its items in the reader's language with the marks given so far."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qa_service.cases.models import Case
from qa_service.documents.quotable import why_not_quotable
from reviews.enums import Anchor
from reviews.marking import Defect, MarkValue
from reviews.models import (
    CatalogueEntry,
    Checklist,
    Item,
    Mark,
    ObservedMark,
    RecordedMark,
    Review,
    SelfMark,
    TrialMark,
    Veto,
    VetoMark,
    in_language,
)
from reviews.pages import PagesUnreadable, cited
from reviews.queries.checklists import Standard, choices_of
from reviews.queries.loaded import loaded_words
from reviews.stages import inapplicable

FIELDS = ("anchor", "reason_code", "page", "comment")
# Of what is marked without the file at hand, no page is named.
MARKED = ("anchor", "reason_code", "comment")
Marks = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`was` is the mark as stored when the form is made; `theirs` what another stored of one changed here."""

    code: str
    title: str
    evidence: str
    points: Decimal
    reasons: tuple[tuple[str, str], ...]
    floors: dict[str, str]
    anchors: tuple[tuple[str, str], ...]
    mark: dict[str, str]
    was: str
    lacks: tuple[str, ...] = ()
    theirs: dict[str, str] | None = None

    @property
    def anchor_label(self) -> str:
        return dict(self.anchors).get(self.mark["anchor"], "")

    @property
    def reason_label(self) -> str:
        return dict(self.reasons).get(self.mark["reason_code"], "")

    @property
    def theirs_label(self) -> str:
        return dict(self.anchors).get(self.theirs["anchor"], "") if self.theirs else ""


@dataclass(frozen=True, slots=True)
class SectionRows:
    code: str
    title: str
    note: str
    points: Decimal
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """`was` is what stood there when the form was made; `pages` what was typed into it since, where it was refused."""

    code: str
    title: str
    pages: str
    was: str
    first_page: str
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class VetoRow:
    veto: Veto
    mark: VetoMark | None

    @property
    def basis(self) -> str:
        return in_language(self.veto.basis)


def stored_marks(review_id: int, standard: Standard) -> Marks:
    """What is saved, by item code: one query."""
    rows = Mark.objects.filter(review_id=review_id).values_list("item_id", *FIELDS)
    return {standard.codes[item_id]: dict(zip(FIELDS, values, strict=True)) for item_id, *values in rows}


def pageless_marks(
    rows: QuerySet[ObservedMark] | QuerySet[RecordedMark] | QuerySet[SelfMark] | QuerySet[TrialMark], standard: Standard
) -> Marks:
    """An observer's, a firm's or a reviewer's for practice, by item code: one query."""
    found = rows.values_list("item_id", *MARKED)
    return {
        standard.codes[item_id]: dict(zip(MARKED, values, strict=True)) | {"page": ""} for item_id, *values in found
    }


@dataclass(frozen=True, slots=True)
class Unfit:
    """A text beside a mark that could not stand in a notice, and why."""

    item: str
    field: str
    why: str


def unfit_marks(marks: Mapping[str, Mapping[str, str]], *, clients: Collection[str]) -> list[Unfit]:
    """Every text that a notice could not quote: it names the client, a sign that cannot be printed, or no place."""
    found = (
        (code, field, why_not_quotable(mark[field], clients=clients) or (field == "page" and why_no_place(mark[field])))
        for code, mark in marks.items()
        for field in ("page", "comment")
    )
    return [Unfit(code, field, str(why)) for code, field, why in found if why]


def why_no_place(page: str) -> str:
    """What is wrong with a cited page; empty where nothing is."""
    try:
        cited(page)
    except PagesUnreadable:
        return _("Name the page as it stands in the file, such as 12, 12-14 or 3、12-14.")
    return ""


def values_of(marks: Mapping[str, Mapping[str, str]]) -> dict[str, MarkValue]:
    """Marks as the pure core takes them; an item without an anchor, or with none there is, is not marked."""
    return {
        code: MarkValue(Anchor(mark["anchor"]), mark["reason_code"], mark["page"])
        for code, mark in marks.items()
        if mark["anchor"] in Anchor
    }


def blank() -> dict[str, str]:
    return dict.fromkeys(FIELDS, "")


def preselected(marks: Marks, standard: Standard, case: Case) -> Marks:
    """As a form shows them: where nothing else can stand at the case's stage, "not applicable" unless it is marked."""
    codes = inapplicable(standard.sheet, case_type=case.case_type, stage=case.stage)
    chosen = {code: mark for code in codes if not (mark := marks.get(code, blank()))["anchor"]}
    return marks | {code: mark | {"anchor": Anchor.NOT_APPLICABLE.value} for code, mark in chosen.items()}


def loaded_mark(was: str) -> dict[str, str]:
    """A mark as the form carries it beside the one that may be changed; blank where it is not one."""
    return loaded_words(was, FIELDS) or blank()


def scorecard(
    *,
    checklist: Checklist,
    standard: Standard,
    marks: Marks,
    lacking: Sequence[Defect] = (),
    loaded: Marks | None = None,
    theirs: Marks | None = None,
) -> list[SectionRows]:
    """Sections with their marks; beside each item what it lacks and what another window holds."""
    lacks: dict[str, list[str]] = {}
    for defect in lacking:
        lacks.setdefault(defect.item, []).append(defect.missing)

    def row(item: Item) -> ItemRow:
        mark = marks.get(item.code, blank())
        before = mark if loaded is None else loaded.get(item.code, blank())
        other = (theirs or {}).get(item.code)
        return ItemRow(
            code=item.code,
            title=str(item),
            evidence=in_language(item.evidence),
            points=item.points.normalize() + 0,
            reasons=tuple((code, in_language(checklist.reasons[code])) for code in item.reasons),
            floors=item.floors,
            anchors=choices_of(item, standard.sheet.measure),
            mark=mark,
            was=json.dumps([before[name] for name in FIELDS], ensure_ascii=False),
            lacks=tuple(lacks.get(item.code, ())),
            theirs=other if other is not None and other != mark else None,
        )

    found = []
    for section, rules in zip(standard.sections, standard.sheet.sections, strict=True):
        items = tuple(row(standard.items[rule.code]) for rule in rules.items)
        note = in_language(section.note) if section.note else ""
        found.append(SectionRows(section.code, str(section), note, sum((i.points for i in items), Decimal(0)), items))
    return found


def papers_of(
    review: Review,
    typed: Mapping[str, str] | None = None,
    *,
    was: Mapping[str, str] | None = None,
    by_machine: Mapping[str, str] | None = None,
) -> list[PaperRow]:
    """The required catalogue with the pages typed so far; `by_machine` stands in while nobody has saved any.

    :param typed, was: of a form that is shown again, by the code of the paper.
    """
    entries = {entry.code: entry for entry in CatalogueEntry.objects.filter(review=review)}
    offered = {} if entries else by_machine or {}

    def row(paper: dict[str, Any]) -> PaperRow:
        entry, found = entries.get(paper["code"]), offered.get(paper["code"], "")
        code, stored = paper["code"], entry.pages if entry else found
        first = str(entry.first_page) if entry else found.partition("-")[0]
        pages, before = (typed or {}).get(code, stored), (was or {}).get(code, stored)
        return PaperRow(code, in_language(paper["title"]), pages, before, first, by_machine=bool(found))

    return [row(paper) for paper in review.assignment.checklist.catalogue]


def veto_rows(review: Review, standard: Standard) -> list[VetoRow]:
    marked = {mark.veto_id: mark for mark in VetoMark.objects.filter(review=review)}
    return [VetoRow(veto, marked.get(veto.pk)) for veto in standard.vetoes.values()]

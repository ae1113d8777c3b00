"""Reading checklists. A published one never changes, so its rules are read once a process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from reviews.blueprint import Document, read_document
from reviews.enums import (
    EVERY_STAGE,
    EVERY_TYPE,
    GRADE_NAMES,
    GRADE_SHARES,
    SHARES,
    Anchor,
    ChecklistState,
    Measure,
    Purpose,
)
from reviews.marking import ItemRule, SectionRule, Sheet
from reviews.models import Checklist, Item, Section, Veto

MISSING = "missing"
# In the Chinese title of a section, which all that is published has: it asks of the hearing.
HEARING = "庭审"
EVERY_ANCHOR = frozenset(Anchor.values)


@dataclass(frozen=True, slots=True)
class Standard:
    """A checklist as marking needs it: the rules, and its rows by code and by id."""

    sheet: Sheet
    sections: tuple[Section, ...]
    items: dict[str, Item]
    vetoes: dict[str, Veto]
    codes: dict[int, str]


@dataclass(frozen=True, slots=True)
class ListsInForce:
    """The lists of one purpose that serve one centre, the nearest body's first."""

    lists: tuple[Checklist, ...]

    def of(self, case_type: str, stage: str) -> Checklist | None:
        """What is marked by: of the nearest body, that of the stage before that of every one, likewise of the type."""
        fitting = (
            each
            for each in self.lists
            if each.case_type in (case_type, EVERY_TYPE) and each.stage in (stage, EVERY_STAGE)
        )
        return next(fitting, None)

    def for_case(self, case: Case) -> Checklist | None:
        return self.of(case.case_type, case.stage)

    @property
    def case_types(self) -> frozenset[str]:
        """The types of case of which every stage has a list."""
        return frozenset(each.case_type for each in self.lists if each.stage == EVERY_STAGE)


def lists_in_force(centre: Organisation, *, purpose: Purpose = Purpose.FILE_REVIEW) -> ListsInForce:
    """One query. A body's own go before those of the bodies above it, and before those that came with the service."""
    found = _published(purpose, Q(owner=None) | Q(owner__path__in=_paths_to(centre)))
    return ListsInForce(tuple(sorted(found.select_related("owner"), key=_nearest_first)))


def checklist_for(case: Case, *, purpose: Purpose) -> Checklist | None:
    """What this case is marked by for a purpose."""
    return lists_in_force(case.centre, purpose=purpose).for_case(case)


def published_lists(purpose: Purpose = Purpose.FILE_REVIEW) -> QuerySet[Checklist]:
    """Everybody's: a standard is no secret."""
    return _published(purpose, Q()).select_related("owner").order_by("case_type", "stage", "owner__path", "pk")


def _published(purpose: Purpose, condition: Q) -> QuerySet[Checklist]:
    return Checklist.objects.filter(condition, state=ChecklistState.PUBLISHED, purpose=purpose).defer("draft")


def _paths_to(centre: Organisation) -> list[str]:
    path: str = centre.path
    return [path[:length] for length in range(Organisation.steplen, len(path) + 1, Organisation.steplen)]


def _nearest_first(checklist: Checklist) -> tuple[int, bool, bool]:
    near = len(checklist.owner.path) if checklist.owner else 0
    return -near, checklist.stage == EVERY_STAGE, checklist.case_type == EVERY_TYPE


def standard_of(checklist: Checklist) -> Standard:
    """Four queries the first time, none afterwards; a draft's rules are made of what it holds now."""
    if checklist.state == ChecklistState.DRAFT:
        return standard_of_document(document_of(checklist))
    return standard_by_id(checklist.public_id)


@lru_cache(maxsize=128)
def standard_by_id(public_id: UUID) -> Standard:
    checklist = Checklist.objects.only("pk", "reasons", "measure", "purpose", "stage").get(public_id=public_id)
    return _standard(
        checklist,
        sections=Section.objects.filter(checklist=checklist),
        items=list(Item.objects.filter(checklist=checklist)),
        vetoes=Veto.objects.filter(checklist=checklist),
    )


def standard_of_document(document: Document) -> Standard:
    """As if it were published; its rows are in no database."""
    checklist = Checklist(**{name: document[name] for name in ("reasons", "measure", "purpose", "stage")})
    sections = [
        Section(pk=place, code=part["code"], title=part["title"], note=part["note"])
        for place, part in enumerate(document["sections"], start=1)
    ]
    numbered = ((at, item) for at, part in enumerate(document["sections"], start=1) for item in part["items"])
    items = [
        Item(pk=place, section_id=at, **(item | {"points": Decimal(item["points"])}))
        for place, (at, item) in enumerate(numbered, start=1)
    ]
    return _standard(checklist, sections=sections, items=items, vetoes=[Veto(**veto) for veto in document["vetoes"]])


def _standard(
    checklist: Checklist, *, sections: Iterable[Section], items: Sequence[Item], vetoes: Iterable[Veto]
) -> Standard:
    sections = tuple(sections)
    measure = Measure(checklist.measure)
    return Standard(
        sheet=Sheet(
            tuple(
                SectionRule(
                    s.code,
                    tuple(_rule(item, measure) for item in items if item.section_id == s.pk),
                    hearing=_of_the_hearing(s, checklist),
                )
                for s in sections
            ),
            pageless=_pageless(checklist),
            measure=measure,
        ),
        sections=sections,
        items={item.code: item for item in items},
        vetoes={veto.code: veto for veto in vetoes},
        codes={item.pk: item.code for item in items},
    )


def _of_the_hearing(section: Section, checklist: Checklist) -> bool:
    """By its title, as published lists cannot be told anything more. What marks hearings alone, and a list that was
    written for one stage, say themselves what applies.
    """
    marked_from_files = checklist.purpose != Purpose.HEARING and checklist.stage == EVERY_STAGE
    return marked_from_files and HEARING in section.title.get("zh", "")


def _rule(item: Item, measure: Measure) -> ItemRule:
    floors = {code: Decimal(share) for code, share in item.floors.items()}
    shares = SHARES if measure == Measure.POINTS else GRADE_SHARES
    return ItemRule(item.code, item.points, floors, shares, anchors_of(item))


def _pageless(checklist: Checklist) -> frozenset[str]:
    """Reasons of lists from before this was said of them: the one that means the paper is missing."""
    return frozenset(code for code, reason in checklist.reasons.items() if reason.get("pageless", code == MISSING))


def document_of(checklist: Checklist) -> Document:
    """What a draft holds; of what is published its rows put together, in three queries."""
    if checklist.state == ChecklistState.DRAFT:
        return read_document(checklist.draft)
    standard = standard_of(checklist)
    sections = [
        {"code": part.code, "title": part.title, "note": part.note, "items": _items(standard, part)}
        for part in standard.sections
    ]
    return read_document(
        {
            **{name: getattr(checklist, name) for name in ("code", "purpose", "case_type", "stage", "measure")},
            "title": checklist.title,
            "reasons": checklist.reasons,
            "sections": sections,
            "vetoes": [
                {name: getattr(veto, name) for name in ("code", "title", "effect", "transfer", "basis")}
                for veto in standard.vetoes.values()
            ],
            "catalogue": checklist.catalogue,
        }
    )


def _items(standard: Standard, section: Section) -> list[Document]:
    named = ("code", "title", "evidence", "reasons", "floors", "anchors")
    return [
        {name: getattr(item, name) for name in named} | {"points": f"{item.points.normalize():f}"}
        for item in standard.items.values()
        if item.section_id == section.pk
    ]


def anchor_name(anchor: str, measure: Measure) -> str:
    """Of a graded indicator an anchor is a grade."""
    known = Anchor(anchor)
    return str(GRADE_NAMES.get(known, known.label) if measure == Measure.GRADES else known.label)


def choices_of(item: Item, measure: Measure) -> tuple[tuple[str, str], ...]:
    """The marks that may be chosen for it, each with its name, from the best on."""
    return tuple((each, anchor_name(each, measure)) for each in Anchor.values if each in anchors_of(item))


def anchors_of(item: Item) -> frozenset[str]:
    """Those that may be chosen for it."""
    return frozenset(item.anchors) if item.anchors else EVERY_ANCHOR


def published_codes() -> tuple[frozenset[str], frozenset[str]]:
    """Of items and of veto items, on any checklist for files that was ever published."""
    published = Checklist.objects.filter(purpose=Purpose.FILE_REVIEW).exclude(state=ChecklistState.DRAFT)
    items = Item.objects.filter(section__checklist__in=published).values_list("code", flat=True)
    vetoes = Veto.objects.filter(checklist__in=published).values_list("code", flat=True)
    return frozenset(items.distinct()), frozenset(vetoes.distinct())

"""Reading checklists. A published one never changes, so its rules are read once a process."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from qa_service.cases.models import Case
from reviews.enums import EVERY_TYPE, ChecklistState, Purpose
from reviews.marking import ItemRule, SectionRule, Sheet
from reviews.models import Checklist, Item, Section, Veto

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Standard:
    """A checklist as marking needs it: the rules, and its rows by code and by id."""

    sheet: Sheet
    sections: tuple[Section, ...]
    items: dict[str, Item]
    vetoes: dict[str, Veto]
    codes: dict[int, str]


def standard_of(checklist: Checklist) -> Standard:
    """Four queries the first time, none afterwards."""
    return standard_by_id(checklist.public_id)


def checklists_in_force(purpose: Purpose = Purpose.FILE_REVIEW) -> dict[str, Checklist]:
    """The checklist of each type of case, one of every type under `EVERY_TYPE`."""
    found = Checklist.objects.filter(state=ChecklistState.PUBLISHED, purpose=purpose)
    return {checklist.case_type: checklist for checklist in found}


def checklist_for(case: Case, *, purpose: Purpose) -> Checklist | None:
    """What this case is marked by for a purpose: the list of its type before one of every type."""
    lists = checklists_in_force(purpose)
    return lists.get(case.case_type) or lists.get(EVERY_TYPE)


@lru_cache(maxsize=128)
def standard_by_id(public_id: UUID) -> Standard:
    sections = tuple(Section.objects.filter(checklist__public_id=public_id))
    items = list(Item.objects.filter(checklist__public_id=public_id))
    return Standard(
        sheet=Sheet(
            tuple(
                SectionRule(s.code, tuple(_rule(item) for item in items if item.section_id == s.pk)) for s in sections
            ),
            pageless=_pageless(public_id),
        ),
        sections=sections,
        items={item.code: item for item in items},
        vetoes={veto.code: veto for veto in Veto.objects.filter(checklist__public_id=public_id)},
        codes={item.pk: item.code for item in items},
    )


def _rule(item: Item) -> ItemRule:
    return ItemRule(item.code, item.points, {code: Decimal(share) for code, share in item.floors.items()})


def _pageless(public_id: UUID) -> frozenset[str]:
    """Reasons of lists from before this was said of them: the one that means the paper is missing."""
    reasons = Checklist.objects.values_list("reasons", flat=True).get(public_id=public_id)
    return frozenset(code for code, reason in reasons.items() if reason.get("pageless", code == MISSING))

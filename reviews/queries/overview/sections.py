"""How much of each section of the checklist a lawyer's released files kept: for the appraisal table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qa_service.accounts.models import User
from qa_service.cases.queries import ClosedCases
from reviews.models import Checklist
from reviews.queries.checklists import standard_of
from reviews.queries.overview.results import released_results, shares_of_items


@dataclass(frozen=True, slots=True)
class SectionKept:
    """`share` of the section's points, 0 to 100, over the files of one lawyer to which it applied."""

    lawyer_id: int
    section: str
    share: Decimal


def sections_kept(user: User, cases: ClosedCases) -> list[SectionKept]:
    """Of files that the person may see, by lawyer and code of the section, whatever list they were marked by.

    One statement a checklist that was used, beside the lists' own, which are kept.
    """
    found = released_results(user, cases).order_by()
    kept: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    weight: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for checklist in _used(found.values_list("checklist", flat=True).distinct()):
        standard = standard_of(checklist)
        codes = {section.pk: section.code for section in standard.sections}
        for lawyer, code, share, files in shares_of_items(found.filter(checklist=checklist)):
            item = standard.items[code]
            key = (lawyer, codes[item.section_id])
            kept[key] += item.points * share * files
            weight[key] += item.points * files
    return [SectionKept(lawyer, code, kept[lawyer, code] / weight[lawyer, code]) for lawyer, code in kept]


def _used(ids: Iterable[int]) -> list[Checklist]:
    return list(Checklist.objects.defer("draft").filter(pk__in=list(ids)).order_by("pk"))

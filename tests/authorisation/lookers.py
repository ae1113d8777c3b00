"""What is looked for in the pages that a walk is shown."""

from collections.abc import Collection

from qa_service.accounts.enums import Role
from tests.authorisation.walk import Visit
from tests.qa_service.privacy.canary import PHONE, addresses_in, heard

# Lists that are published to every lawyer and firm of the centre; of another centre they tell nobody.
PUBLISHED_HERE = {"reviews:reviewers", "api-reviewers"}
# What is published for anybody names no case; only that there was a draw.
PUBLISHED = {"reviews:statements", "api-sampling-statements"}
# Those of the lists behind which a thing of centre A lies: were one empty, nothing would be proved of it.
FULL = frozenset(
    """
    accounts:centres accounts:firms accounts:people api-alerts api-assignments api-cases api-complaints
    api-conversations api-errands api-firms
    api-notices api-objections api-organ-batches api-organ-letters api-organs api-organs-asked api-people api-proposals
    api-hearings api-observations api-self-assessments reviews:self-assessments reviews:my-self-assessments
    api-calibrations api-trials reviews:calibrations reviews:my-calibrations
    api-frame-exclusions api-report api-review-overview api-review-results api-reviewer-objections
    api-reviews api-samples api-scores
    api-telephone-list
    api-transfers api-vetoes cases:import cases:list cases:unconfirmed privacy:requests reviews:assignments
    reviews:hearings reviews:my-hearings
    reviews:left-out reviews:my-reviews reviews:objections reviews:overview reviews:overview-files
    reviews:results reviews:reviewers reviews:samples
    reviews:transfers reviews:vetoes scoring:firm-results scoring:my-results
    scoring:notices scoring:proposals scoring:report scoring:scores surveys:alerts surveys:clocks surveys:complaints
    surveys:lawyer-questions surveys:mid-case surveys:organ-book surveys:organ-letters surveys:organs
    surveys:questionnaires surveys:telephone-list
    """.split()  # noqa: SIM905 - fifty names are read better so
)
# To whom a case shows professional evidence only, or nothing at all.
KEPT_FROM = ("anonymous", Role.LAWYER, Role.FIRM, Role.OPERATOR, Role.OBSERVER)
# Where observers read what they themselves wrote of a hearing, in which it was planted.
OWN_REMARKS = {"reviews:observe", "reviews:hearing", "reviews:record-hearing", "api-observation-marks"}
# Where the canary sings, since its own staff work there.
STAFF_WORK_AT = "cases:detail"


class Lists:
    """No list names a thing of one centre to the people of another: what `visible_to` is for, asked of every door.

    The matrix tells who is let in. A list lets in whoever has the role, so here its words are looked at.
    """

    def __init__(self, marks: Collection[str]) -> None:
        self.marks = marks
        self.strangers: set[tuple[str, str]] = set()
        self.full: set[str] = set()
        self.told: list[str] = []

    def wants(self, visit: Visit) -> bool:
        return not visit.door.converters and (visit.relation == "own" or self._is_stranger(visit))

    def look(self, visit: Visit, page: str, _location: str) -> None:
        met = sum(mark in page for mark in self.marks)
        if visit.relation == "own" and met:
            self.full.add(visit.door.name)
        if not self._is_stranger(visit):
            return
        self.strangers.add((visit.role, visit.relation))
        if met and not (visit.relation == "same" and visit.door.name in PUBLISHED_HERE):
            self.told.append(f"{visit.door.name} tells {visit.role} {visit.relation} of {met}")

    @staticmethod
    def _is_stranger(visit: Visit) -> bool:
        elsewhere = visit.relation in {"sibling", "other"}
        of_another_firm = visit.relation == "same" and visit.role in {Role.LAWYER, Role.FIRM}
        return (elsewhere or of_another_firm) and visit.door.name not in PUBLISHED


class Canary:
    """No page of anybody but the person's own staff says a word of what was planted, and no address of anybody."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.sang = False

    def wants(self, visit: Visit) -> bool:
        return visit.relation == "own"

    def look(self, visit: Visit, page: str, location: str) -> None:
        words = heard(page)
        own_remark = visit.role == Role.OBSERVER and visit.door.name in OWN_REMARKS
        if (words and visit.role in KEPT_FROM and not own_remark) or PHONE.removeprefix("+86") in page:
            self.said.append(f"{visit.door.name} says {words} to {visit.role}")
        # What stands in an address of the page stands in the page.
        sent = [to for to in [location, *(addresses_in(page) if words else ())] if heard(to)]
        self.said += [f"{visit.door.name} sends {visit.role} to {to}" for to in sent]
        self.sang |= visit.door.name == STAFF_WORK_AT and visit.role == Role.MANAGER and bool(words)

"""Who reviews for a centre, and what stands between them and a file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import people_with
from qa_service.cases.models import Case
from qa_service.organisations.models import Membership, Organisation
from qa_service.organisations.queries import namesakes
from reviews.conflicts import CaseFacts, ReviewerFacts, conflicts
from reviews.enums import ACTIVE_ASSIGNMENTS, AssignmentState, ConflictReason
from reviews.models import Assignment, Relation

# A firm, and the day on which it was left.
Belonging = tuple[int, date | None]


def reviewers_of(centre: Organisation) -> list[User]:
    return list(people_with(Role.REVIEWER, centre).order_by("pk"))


def reviewer_facts(reviewers: Iterable[User]) -> dict[int, ReviewerFacts]:
    """What `conflicts` needs to know of each: eight queries, whatever their number."""
    people = list(reviewers)
    lawyers = {person.lawyer_id: person.pk for person in people if person.lawyer_id}
    ids = [person.pk for person in people]
    firms: dict[int, list[Belonging]] = defaultdict(list)
    memberships = Membership.objects.filter(lawyer__in=lawyers).values_list("lawyer_id", "firm_id", "ends_on")
    for lawyer_id, firm_id, left_on in memberships:
        firms[lawyers[lawyer_id]].append((firm_id, left_on))
    headed = Grant.objects.filter(user__in=ids, firm__isnull=False)
    for user_id, firm_id in headed.values_list("user_id", "firm_id"):
        firms[user_id].append((firm_id, None))
    related: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for user_id, lawyer_id, firm_id in Relation.objects.filter(reviewer__in=ids).values_list(
        "reviewer_id", "lawyer_id", "firm_id"
    ):
        related[user_id][0].update({lawyer_id} - {None})
        related[user_id][1].update({firm_id} - {None})
    known = {firm_id for belonging in firms.values() for firm_id, _left_on in belonging}
    same = namesakes(known.union(*(of_firms for _lawyers, of_firms in related.values())))
    open_counts = Assignment.objects.filter(reviewer__in=ids, state=AssignmentState.OPEN)
    loads = dict(open_counts.values_list("reviewer_id").annotate(Count("pk")))
    return {
        person.pk: ReviewerFacts(
            user_id=person.pk,
            lawyer_id=person.lawyer_id,
            firms=_left_last((twin, left_on) for firm_id, left_on in firms[person.pk] for twin in same[firm_id]),
            related_lawyers=frozenset(related[person.pk][0]),
            related_firms=frozenset().union(*(same[firm_id] for firm_id in related[person.pk][1])),
            load=loads.get(person.pk, 0),
        )
        for person in people
    }


def _left_last(belonging: Iterable[Belonging]) -> dict[int, date | None]:
    """Each firm with the last day on which it was left; who came back, or has not left, has not left."""
    found: dict[int, date | None] = {}
    for firm_id, left_on in belonging:
        before = found.get(firm_id, left_on)
        found[firm_id] = None if before is None or left_on is None else max(before, left_on)
    return found


def ties(*, case: Case, person: User) -> tuple[ConflictReason, ...]:
    """What ties a person to who handled the case: being it, a firm (or left since it began), a declared relation.

    The one rule for who reads a file, sees to its result or a veto, and decides about it or its marks.
    """
    return conflicts(reviewer_facts([person])[person.pk], case_facts([case])[case.pk])


@dataclass(frozen=True, slots=True)
class Handled:
    """Who handled a matter, and since when; `key` is the caller's own."""

    key: int
    lawyer_id: int
    firm_id: int
    since: date


def tied_to(person: User, matters: Iterable[Handled]) -> set[int]:
    """Keys of the matters to whose lawyer or firm the person is tied; as `ties`, for all of them at once."""
    asked = list(matters)
    if not asked:
        return set()
    facts = reviewer_facts([person])[person.pk]
    return {each.key for each in asked if conflicts(facts, _facts_of(each))}


def _facts_of(matter: Handled) -> CaseFacts:
    return CaseFacts(
        case_id=matter.key, number="", lawyer_id=matter.lawyer_id, firm_id=matter.firm_id, begun_on=matter.since
    )


def case_facts(cases: Iterable[Case]) -> dict[int, CaseFacts]:
    """One query, whatever their number."""
    rows = list(cases)
    readers: dict[int, set[int]] = defaultdict(set)
    decliners: dict[int, set[int]] = defaultdict(set)
    taken = Assignment.objects.filter(case__in=[case.pk for case in rows])
    for case_id, reviewer_id, state in taken.values_list("case_id", "reviewer_id", "state"):
        if state in ACTIVE_ASSIGNMENTS:
            readers[case_id].add(reviewer_id)
        elif state in (AssignmentState.DECLINED, AssignmentState.WITHDRAWN):
            decliners[case_id].add(reviewer_id)
    return {
        case.pk: CaseFacts(
            case_id=case.pk,
            number=case.number,
            lawyer_id=case.lawyer_id,
            firm_id=case.firm_id,
            begun_on=case.begun_on,
            readers=frozenset(readers[case.pk]),
            decliners=frozenset(decliners[case.pk]),
        )
        for case in rows
    }

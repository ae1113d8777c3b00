"""Who would take the open files of one reader, all of them planned together."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from qa_service.accounts.models import User
from qa_service.organisations.queries import today_at
from reviews.conflicts import CaseFacts, conflicts
from reviews.enums import ACTIVE_ASSIGNMENTS, AssignmentState, NotPassed, ReaderOrder
from reviews.giving import Choice, give_out, with_reader
from reviews.models import Assignment
from reviews.queries.readers import linked_readers
from reviews.queries.reviewers import OF_LATE, case_facts, facts_for_giving, reviewer_facts, reviewers_of


@dataclass(frozen=True, slots=True)
class Passing:
    """One open file; `choice` is None where it is not the manager's to give."""

    row: Assignment
    choice: Choice | None
    taker: User | None

    @property
    def why_not(self) -> NotPassed | None:
        if self.taker is not None:
            return None
        if self.choice is None:
            return NotPassed.TIED
        if self.choice.full:
            return NotPassed.ALL_FULL
        if self.choice.other_types:
            return NotPassed.OTHER_TYPES
        return NotPassed.CONFLICTS if self.choice.refused else NotPassed.NOBODY


def files_to_pass_on(reader: User, manager: User, *, now: datetime) -> list[Passing]:
    """The reader's open files of the manager's places, the most urgent first; writes nothing.

    They are given out as a sample is: nobody in conflict, nobody beyond their capacity, second readers beside the
    first. The number of queries does not grow with the files, but with the centres, of which there are one or two.
    """
    held = Assignment.objects.managed_by(manager).filter(reviewer=reader, state=AssignmentState.OPEN)
    rows = list(held.select_related("case__centre__settings", "checklist").order_by("due_on", "pk"))
    if not rows:
        return []
    facts = case_facts(row.case for row in rows)
    own = reviewer_facts([manager])[manager.pk]
    free = [row for row in rows if not conflicts(own, facts[row.case_id])]
    choices, people = _planned(free, facts, reader=reader, now=now)
    found = ((row, choices.get(row.case_id)) for row in rows)
    return [Passing(row, choice, people.get(choice.user_id or 0) if choice else None) for row, choice in found]


def _planned(
    rows: Iterable[Assignment], facts: dict[int, CaseFacts], *, reader: User, now: datetime
) -> tuple[dict[int, Choice], dict[int, User]]:
    by_centre: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        by_centre[row.case.centre_id].append(row)
    wanted, linking = _beside_others([row for found in by_centre.values() for row in found], facts, reader=reader)
    choices: dict[int, Choice] = {}
    people: dict[int, User] = {}
    taken: Counter[int] = Counter()
    for found in by_centre.values():
        centre = found[0].case.centre
        others = [person for person in reviewers_of(centre) if person.pk != reader.pk]
        today = today_at(centre, now)
        known = facts_for_giving(others, today=today)
        given = give_out(
            cases=[wanted[row.case_id] for row in found],
            reviewers=[replace(each, load=each.load + taken[pk]) for pk, each in known.items()],
            linking=linking,
            linked=linked_readers(centre, since=today - OF_LATE) if linking else (),
        )
        people |= {person.pk: person for person in others}
        taken.update(choice.user_id for choice in given.values() if choice.user_id is not None)
        choices |= given
    return choices, people


def _beside_others(
    rows: list[Assignment], facts: dict[int, CaseFacts], *, reader: User
) -> tuple[dict[int, CaseFacts], dict[int, int]]:
    """The files as their next reader is looked for, and who reads each first where that is somebody else."""
    standing = Assignment.objects.filter(case__in=[row.case_id for row in rows], state__in=ACTIVE_ASSIGNMENTS)
    others = list(standing.exclude(reviewer=reader).select_related("reviewer"))
    known = reviewer_facts({row.reviewer_id: row.reviewer for row in others}.values())
    wanted = {row.case_id: facts[row.case_id] for row in rows}
    for row in others:
        wanted[row.case_id] = with_reader(wanted[row.case_id], known[row.reviewer_id])
    return wanted, {row.case_id: row.reviewer_id for row in others if row.order == ReaderOrder.FIRST}

"""How far a sample was given out, and what stands in the way of the rest."""

from collections import Counter
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from qa_service.accounts.models import User
from reviews.conflicts import CAPACITY, Choice, choose
from reviews.enums import ACTIVE_ASSIGNMENTS, Without
from reviews.models import Assignment, Sample
from reviews.queries.checklists import checklists_in_force
from reviews.queries.previews import files_shown
from reviews.queries.reviewers import case_facts, reviewer_facts, reviewers_of


@dataclass(frozen=True, slots=True)
class GivenOut:
    """Files of a sample: `given` have a reader, `without` have none, by what would come of giving them out now."""

    given: int
    without: dict[Without, int]

    @property
    def left(self) -> int:
        return sum(self.without.values())

    @property
    def drawn(self) -> int:
        return self.given + self.left


def given_out(sample: Sample, user: User | AnonymousUser) -> GivenOut:
    """Of the files that the person may know of. The number of queries does not depend on how many they are."""
    taken = Assignment.objects.filter(case=OuterRef("case"), state__in=ACTIVE_ASSIGNMENTS)
    shown = files_shown(user, sample).filter(replaced_at=None)
    given, left = shown.filter(Exists(taken)).count(), list(shown.exclude(Exists(taken)).select_related("case"))
    if not left:
        return GivenOut(given, {})
    checklists, found = checklists_in_force(), Counter[Without]()
    reviewers = reviewer_facts(reviewers_of(sample.centre))
    cases = case_facts(each.case for each in left)
    for each in left:
        choice = choose(case=cases[each.case_id], reviewers=list(reviewers.values()), capacity=CAPACITY)
        why = Without.NO_CHECKLIST if each.case.case_type not in checklists else _why(choice)
        if why is Without.NOT_YET and choice.user_id is not None:
            chosen = reviewers[choice.user_id]
            reviewers[choice.user_id] = replace(chosen, load=chosen.load + 1)
        found[why] += 1
    return GivenOut(given, {why: found[why] for why in Without if found[why]})


def _why(choice: Choice) -> Without:
    if choice.user_id is not None:
        return Without.NOT_YET
    if choice.full:
        return Without.ALL_FULL
    return Without.CONFLICTS if choice.refused else Without.NOBODY

"""How far a sample was given out, and what stands in the way of the rest."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.conflicts import CaseFacts, ReviewerFacts
from reviews.enums import ACTIVE_ASSIGNMENTS, ReaderOrder, Without
from reviews.giving import Choice, give_out, with_reader
from reviews.models import Assignment, Checklist, Sample, SampledCase
from reviews.queries.checklists import ListsInForce, lists_in_force
from reviews.queries.previews import files_shown
from reviews.queries.readers import linked_readers
from reviews.queries.reviewers import OF_LATE, case_facts, facts_for_giving, reviewer_facts, reviewers_of

NOT_SOUGHT = Choice(None, {}, ())


@dataclass(frozen=True, slots=True)
class Turn:
    """One reading that a file of a sample lacks, and who would do it."""

    sampled: SampledCase
    order: ReaderOrder
    checklist: Checklist | None
    choice: Choice

    @property
    def read(self) -> bool:
        return self.checklist is not None and self.choice.user_id is not None


@dataclass(frozen=True, slots=True)
class SharedOut:
    """`given`: files of a sample that have all the readers they need whatever the marks. `turns`: what others lack."""

    given: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """Files of a sample: `given` have their readers, `without` lack one, by what would come of giving them out now.

    `second`: how many of these have a first reader and lack the second.
    """

    given: int
    without: dict[Without, int]
    second: int = 0

    @property
    def left(self) -> int:
        return sum(self.without.values())

    @property
    def first(self) -> int:
        return self.left - self.second

    @property
    def drawn(self) -> int:
        return self.given + self.left


def given_out(sample: Sample, user: User | AnonymousUser, *, now: datetime) -> GivenOut:
    """Of the files that the person may know of. The number of queries does not depend on how many they are."""
    shared = share_out(sample, files_shown(user, sample), now=now)
    # A file that lacks both its readers is one file: what stands in the way of the first is said.
    first = {turn.sampled.pk: turn for turn in reversed(shared.turns)}
    found = Counter(_why(turn) for turn in first.values())
    second = sum(turn.order == ReaderOrder.SECOND for turn in first.values())
    return GivenOut(shared.given, {why: found[why] for why in Without if found[why]}, second)


def share_out(sample: Sample, drawn: QuerySet[SampledCase], *, now: datetime) -> SharedOut:
    """Who would read what; writes nothing. First readers are found before any second one."""
    files = list(drawn.filter(replaced_at=None).select_related("case").order_by("pk"))
    if not files:
        return SharedOut(0, ())
    taken: dict[int, dict[int, Assignment]] = defaultdict(dict)
    standing = Assignment.objects.filter(case__in=[each.case_id for each in files], state__in=ACTIVE_ASSIGNMENTS)
    for row in standing.select_related("checklist"):
        taken[row.case_id][row.order] = row
    lacking = [each for each in files if not {*range(1, each.readers + 1)} <= taken[each.case_id].keys()]
    if not lacking:
        return SharedOut(len(files), ())
    today = today_at(sample.centre, now)
    reviewers = facts_for_giving(reviewers_of(sample.centre), today=today)
    sharing = _Sharing(
        sample.centre,
        lists_in_force(sample.centre),
        reviewers,
        _beside_readers(case_facts(each.case for each in lacking), taken, reviewers),
        {case_id: min(rows.values(), key=lambda row: row.order) for case_id, rows in taken.items() if rows},
        today,
    )
    turns = sharing.first(each for each in lacking if ReaderOrder.FIRST not in taken[each.case_id])
    twice = (e for e in lacking if e.readers == ReaderOrder.SECOND and ReaderOrder.SECOND not in taken[e.case_id])
    return SharedOut(len(files) - len(lacking), (*turns, *sharing.second(twice, turns)))


def _beside_readers(
    cases: dict[int, CaseFacts], taken: dict[int, dict[int, Assignment]], reviewers: dict[int, ReviewerFacts]
) -> dict[int, CaseFacts]:
    """The files as another reader is looked for beside those they have, in whichever turn these read."""
    standing = [(case_id, row.reviewer_id) for case_id in cases for row in taken.get(case_id, {}).values()]
    gone = {reader for _case_id, reader in standing} - reviewers.keys()
    known = reviewers | (reviewer_facts(User.objects.filter(pk__in=gone)) if gone else {})
    found = dict(cases)
    for case_id, reader in standing:
        found[case_id] = with_reader(found[case_id], known[reader])
    return found


@dataclass(slots=True)
class _Sharing:
    """`at_work`: of files that have readers the first of them, on whose list the next marks too."""

    centre: Organisation
    checklists: ListsInForce
    reviewers: dict[int, ReviewerFacts]
    cases: dict[int, CaseFacts]
    at_work: dict[int, Assignment]
    today: date

    def first(self, files: Iterable[SampledCase]) -> list[Turn]:
        turns = self._turns(files, ReaderOrder.FIRST, {})
        given = Counter(turn.choice.user_id for turn in turns if turn.read)
        for user_id, more in given.items():
            if user_id is not None:
                self.reviewers[user_id] = _busier(self.reviewers[user_id], more)
        return turns

    def second(self, files: Iterable[SampledCase], firsts: Iterable[Turn]) -> list[Turn]:
        """Of files that have a first reader, so that another is sought beside them and not in their place."""
        new = {turn.sampled.case_id: turn.choice.user_id for turn in firsts if turn.choice.user_id is not None}
        linking = {case_id: row.reviewer_id for case_id, row in self.at_work.items()} | new
        sought = [each for each in files if each.case_id in linking]
        for each in sought:
            if each.case_id in new:
                self.cases[each.case_id] = with_reader(self.cases[each.case_id], self.reviewers[new[each.case_id]])
        return self._turns(sought, ReaderOrder.SECOND, linking)

    def _turns(self, files: Iterable[SampledCase], order: ReaderOrder, linking: dict[int, int]) -> list[Turn]:
        rows = list(files)
        lists = {each.pk: self._list_of(each) for each in rows}
        choices = give_out(
            cases=[self.cases[each.case_id] for each in rows if lists[each.pk]],
            reviewers=list(self.reviewers.values()),
            linking=linking,
            linked=linked_readers(self.centre, since=self.today - OF_LATE) if linking and rows else (),
        )
        return [Turn(each, order, lists[each.pk], choices.get(each.case_id, NOT_SOUGHT)) for each in rows]

    def _list_of(self, file: SampledCase) -> Checklist | None:
        first = self.at_work.get(file.case_id)
        return first.checklist if first else self.checklists.for_case(file.case)


def _busier(facts: ReviewerFacts, more: int) -> ReviewerFacts:
    return replace(facts, load=facts.load + more)


def _why(turn: Turn) -> Without:
    choice = turn.choice
    if turn.checklist is None:
        return Without.NO_CHECKLIST
    if choice.user_id is not None:
        return Without.NOT_YET
    if choice.full:
        return Without.ALL_FULL
    if choice.other_types:
        return Without.OTHER_TYPES
    return Without.CONFLICTS if choice.refused else Without.NOBODY

"""Who reads which file (pure): nobody in conflict, nobody beyond their capacity, the load even, and turns taken.

Files that few may read are given first, each to the reviewer with the lightest load. Where all who may read a file are
full, room is made: a file of theirs goes to another who has room, and so on along a chain (an augmenting path; Ford and
Fulkerson, "Flows in Networks", 1962). So a file is left without a reader only if no way of giving out what is given out
here reads one file more; and then the chain has shown why: these reviewers are full, and what they hold can be read by
none but them (Hall's condition).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from reviews.conflicts import CaseFacts, ReviewerFacts, objections_to, reads_such
from reviews.enums import ConflictReason


@dataclass(frozen=True, slots=True)
class Choice:
    """The reviewer chosen, or None with what stands in the way of each.

    `other_types`: those who may read the file but take no case of its type; `full`: those who would and have no room.
    """

    user_id: int | None
    refused: dict[int, tuple[ConflictReason, ...]]
    full: tuple[int, ...]
    other_types: tuple[int, ...] = ()


@dataclass(slots=True)
class _Desk:
    """One reviewer while files are given out."""

    facts: ReviewerFacts
    load: int
    held: list[int]
    read_of: dict[int, int]

    @property
    def room(self) -> bool:
        return self.load < self.facts.capacity


def choose(*, case: CaseFacts, reviewers: Sequence[ReviewerFacts]) -> Choice:
    """The free reviewer with the lightest load, then with the fewest files of this lawyer; ties turn by case."""
    return give_out(cases=[case], reviewers=reviewers)[case.case_id]


def give_out(
    *, cases: Iterable[CaseFacts], reviewers: Sequence[ReviewerFacts], linking: Mapping[int, int] | None = None
) -> dict[int, Choice]:
    """What becomes of each file, by its id.

    :param linking: of files that have a first reader, who that is (case id to user id). Their second readers are
        chosen so that as many reviewers as can be share files with one another, directly or along a chain: without
        that nobody can tell a severe reader from a poor file.
    """
    return _Giving(list(reviewers), linking or {}).give(list(cases))


class _Giving:
    """Sets of reviewers are the bits of an integer: 300 of them are compared in one step."""

    def __init__(self, reviewers: list[ReviewerFacts], first_readers: Mapping[int, int]) -> None:
        self.desks = [_Desk(facts, facts.load, [], dict(facts.read_of)) for facts in reviewers]
        self.places = {facts.user_id: place for place, facts in enumerate(reviewers)}
        self.first_readers = first_readers
        self.islands = list(range(len(reviewers)))
        self.everybody = (1 << len(reviewers)) - 1
        self.with_room = sum(1 << place for place, desk in enumerate(self.desks) if desk.room)
        # Full, and what they hold can be read by none but these: no file to come will find room with them.
        self.stuck = 0
        self.may: list[int] = []
        self.holder: dict[int, int] = {}

    def give(self, cases: list[CaseFacts]) -> dict[int, Choice]:
        self.cases = cases
        barred = _Barred([desk.facts for desk in self.desks])
        self.may = [self.everybody & ~barred.from_file(case) for case in cases]
        scarce_first = sorted(range(len(cases)), key=lambda n: (self.may[n].bit_count(), cases[n].number))
        without = [n for n in scarce_first if not self._give(n)]
        found = {cases[n].case_id: Choice(self._user(place), {}, ()) for n, place in self.holder.items()}
        return found | {cases[n].case_id: self._why(cases[n]) for n in without}

    def _give(self, n: int) -> bool:
        able = self.may[n] & self.with_room
        if able:
            self._put(n, min(_members(able), key=self._preference(self.cases[n])))
            return True
        return self._make_room(n)

    def _preference(self, case: CaseFacts) -> "_Preference":
        first = self.places.get(self.first_readers.get(case.case_id, -1))
        island = None if first is None else self.island_of(first)
        return _Preference(self, case.lawyer_id, _start(case.number, len(self.desks)), island)

    def _put(self, n: int, place: int) -> None:
        case, desk = self.cases[n], self.desks[place]
        desk.load += 1
        desk.held.append(n)
        desk.read_of[case.lawyer_id] = desk.read_of.get(case.lawyer_id, 0) + 1
        self.holder[n] = place
        if not desk.room:
            self.with_room &= ~(1 << place)
        first = self.places.get(self.first_readers.get(case.case_id, -1))
        if first is not None:
            self.islands[self.island_of(place)] = self.island_of(first)

    def _take(self, n: int) -> int:
        place = self.holder.pop(n)
        desk = self.desks[place]
        desk.load -= 1
        desk.held.remove(n)
        desk.read_of[self.cases[n].lawyer_id] -= 1
        if desk.room:
            self.with_room |= 1 << place
        return place

    def _make_room(self, n: int) -> bool:
        """Move files along the shortest chain that ends with somebody who has room; none moves where there is none."""
        seen = self.may[n] & ~self.stuck
        came_by: dict[int, tuple[int, int]] = {}
        frontier = list(_members(seen))
        while frontier and self.with_room:
            following = []
            for place in frontier:
                for held in self.desks[place].held:
                    ends = self.may[held] & self.with_room
                    if ends:
                        self._move(held, min(_members(ends), key=self._preference(self.cases[held])))
                        self._follow(n, place, came_by)
                        return True
                    fresh = self.may[held] & ~seen & ~self.stuck
                    seen |= fresh
                    for other in _members(fresh):
                        came_by[other] = (held, place)
                        following.append(other)
            frontier = following
        self.stuck |= seen
        return False

    def _move(self, n: int, place: int) -> None:
        self._take(n)
        self._put(n, place)

    def _follow(self, n: int, place: int, came_by: dict[int, tuple[int, int]]) -> None:
        """Room is with `place` now: bring it back along the chain to who may read the file that waits."""
        while place in came_by:
            held, before = came_by[place]
            self._move(held, place)
            place = before
        self._put(n, place)

    def island_of(self, place: int) -> int:
        while self.islands[place] != place:
            place = self.islands[place]
        return place

    def _user(self, place: int) -> int:
        return self.desks[place].facts.user_id

    def _why(self, case: CaseFacts) -> Choice:
        facts = [desk.facts for desk in self.desks]
        refused = {r.user_id: reasons for r in facts if (reasons := objections_to(r, case))}
        free = [r for r in facts if r.user_id not in refused]
        full = tuple(r.user_id for r in free if reads_such(r, case))
        return Choice(None, refused, full, tuple(r.user_id for r in free if not reads_such(r, case)))


@dataclass(frozen=True, slots=True)
class _Preference:
    """Whom a file goes to first: who links new people, the lightest load, who knows this lawyer least, the turn."""

    giving: _Giving
    lawyer_id: int
    start: int
    island: int | None

    def __call__(self, place: int) -> tuple[bool, int, int, int]:
        desk = self.giving.desks[place]
        linked = self.island is not None and self.giving.island_of(place) == self.island
        turn = (place - self.start) % len(self.giving.desks)
        return linked, desk.load, desk.read_of.get(self.lawyer_id, 0), turn


class _Barred:
    """Who may not read a file, found without asking of every reviewer and every file: few of them can matter to it."""

    def __init__(self, reviewers: list[ReviewerFacts]) -> None:
        self.reviewers = reviewers
        self.always = 0
        self.by_lawyer: dict[int, int] = {}
        self.by_firm: dict[int, int] = {}
        self.by_county: dict[int, int] = {}
        self.by_user: dict[int, int] = {}
        self.of_types: dict[int, frozenset[str]] = {}
        for place, facts in enumerate(reviewers):
            self._enter(place, facts)

    def _enter(self, place: int, facts: ReviewerFacts) -> None:
        bit = 1 << place
        own = () if facts.lawyer_id is None else (facts.lawyer_id,)
        for table, keys in (
            (self.by_lawyer, {*own, *facts.related_lawyers, *facts.refused_by, *facts.asked_away_by}),
            (self.by_firm, {*facts.firms, *facts.related_firms}),
            (self.by_county, facts.counties),
            (self.by_user, {facts.user_id}),
        ):
            for key in keys:
                table[key] = table.get(key, 0) | bit
        if facts.lacking:
            self.always |= bit
        if facts.case_types:
            self.of_types[place] = facts.case_types

    def from_file(self, case: CaseFacts) -> int:
        suspects = 0
        for lawyer in (case.lawyer_id, *case.earlier_lawyers):
            suspects |= self.by_lawyer.get(lawyer, 0)
        for firm in (case.firm_id, *case.opposing_firms, *case.readers_firms):
            suspects |= self.by_firm.get(firm, 0)
        for user in (*case.readers, *case.decliners):
            suspects |= self.by_user.get(user, 0)
        if case.not_from is not None:
            suspects |= self.by_county.get(case.not_from, 0)
        barred = self.always
        for place in _members(suspects):
            if objections_to(self.reviewers[place], case):
                barred |= 1 << place
        for place, types in self.of_types.items():
            if case.case_type not in types:
                barred |= 1 << place
        return barred


def with_reader(case: CaseFacts, reader: ReviewerFacts) -> CaseFacts:
    """The case as its next reader is looked for, once this one has it."""
    return replace(
        case,
        readers=case.readers | {reader.user_id},
        readers_firms=case.readers_firms | reader.firms_since(case.begun_on),
    )


def _members(bits: int) -> Iterable[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _start(number: str, size: int) -> int:
    return int.from_bytes(sha256(number.encode()).digest()[:4]) % size

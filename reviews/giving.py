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

from reviews.conflicts import CaseFacts, ReviewerFacts, objections_to
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


def choose(
    *,
    case: CaseFacts,
    reviewers: Sequence[ReviewerFacts],
    first_reader: int | None = None,
    linked: Iterable[tuple[int, int]] = (),
) -> Choice:
    """The free reviewer with the lightest load, then with the fewest files of this lawyer; ties turn by case.

    Beside a `first_reader`, as `give_out` has it, somebody who is not linked to them comes before all others.
    """
    linking = {} if first_reader is None else {case.case_id: first_reader}
    return give_out(cases=[case], reviewers=reviewers, linking=linking, linked=linked)[case.case_id]


def give_out(
    *,
    cases: Iterable[CaseFacts],
    reviewers: Sequence[ReviewerFacts],
    linking: Mapping[int, int] | None = None,
    linked: Iterable[tuple[int, int]] = (),
) -> dict[int, Choice]:
    """What becomes of each file, by its id.

    :param linking: of files that have a first reader, who that is (case id to user id). Their second readers are
        chosen so that as many reviewers as can be share files with one another, directly or along a chain: without
        that nobody can tell a severe reader from a poor file.
    :param linked: who shares a file with whom already, of this sample or of others; they need not read here any more.
    """
    return _Giving(list(reviewers), linking or {}, linked).give(list(cases))


class _Giving:
    """Sets of reviewers are the bits of an integer: 300 of them are compared in one step."""

    def __init__(
        self, reviewers: list[ReviewerFacts], first_readers: Mapping[int, int], linked: Iterable[tuple[int, int]]
    ) -> None:
        self.desks = [_Desk(facts, facts.load, [], dict(facts.read_of)) for facts in reviewers]
        self.places = {facts.user_id: place for place, facts in enumerate(reviewers)}
        self.barred = _Barred(reviewers)
        self.first_readers = first_readers
        self.islands = _Islands(self.places, linked)
        self.by_load: dict[int, int] = {}
        for place, desk in enumerate(self.desks):
            self.by_load[desk.load] = self.by_load.get(desk.load, 0) | 1 << place
        self.with_room = sum(1 << place for place, desk in enumerate(self.desks) if desk.room)
        # Full, and what they hold can be read by none but these: no file to come will find room with them.
        self.stuck = 0
        self.cases: list[CaseFacts] = []
        self.may: list[int] = []
        self.holder: dict[int, int] = {}

    def give(self, cases: list[CaseFacts]) -> dict[int, Choice]:
        self.cases = cases
        self.may = [self.barred.left_by(case) for case in cases]
        scarce_first = sorted(range(len(cases)), key=lambda n: (self.may[n].bit_count(), cases[n].number))
        without = [n for n in scarce_first if not self._give(n)]
        found = {cases[n].case_id: Choice(self._user(place), {}, ()) for n, place in self.holder.items()}
        return found | {cases[n].case_id: self._why(cases[n]) for n in without}

    def _give(self, n: int) -> bool:
        able = self.may[n] & self.with_room
        if able:
            self._put(n, self._preferred(able, self.cases[n]))
            return True
        return self._make_room(n)

    def _preferred(self, able: int, case: CaseFacts) -> int:
        """Who links new people, then who has the lightest load, then who knows this lawyer least; then the turn."""
        first = self.first_readers.get(case.case_id)
        if first is not None:
            able = able & ~self.islands.of(first) or able
        lightest = next(found for load in sorted(self.by_load) if (found := able & self.by_load[load]))
        start = _start(case.number, len(self.desks))
        return min(
            _members(lightest),
            key=lambda place: (
                self.desks[place].read_of.get(case.lawyer_id, 0),
                (place - start) % len(self.desks),
            ),
        )

    def _put(self, n: int, place: int) -> None:
        case, desk = self.cases[n], self.desks[place]
        self._weigh(place, desk.load + 1)
        desk.held.append(n)
        desk.read_of[case.lawyer_id] = desk.read_of.get(case.lawyer_id, 0) + 1
        self.holder[n] = place
        first = self.first_readers.get(case.case_id)
        if first is not None:
            self.islands.join(first, desk.facts.user_id)

    def _take(self, n: int) -> None:
        place = self.holder.pop(n)
        desk = self.desks[place]
        self._weigh(place, desk.load - 1)
        desk.held.remove(n)
        desk.read_of[self.cases[n].lawyer_id] -= 1

    def _weigh(self, place: int, load: int) -> None:
        desk, bit = self.desks[place], 1 << place
        self.by_load[desk.load] &= ~bit
        desk.load = load
        self.by_load[load] = self.by_load.get(load, 0) | bit
        self.with_room = self.with_room | bit if desk.room else self.with_room & ~bit

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
                        self._move(held, self._preferred(ends, self.cases[held]))
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

    def _user(self, place: int) -> int:
        return self.desks[place].facts.user_id

    def _why(self, case: CaseFacts) -> Choice:
        refused = self.barred.refused(case)
        others = self.barred.of_other_types(case) & ~sum(1 << place for place in refused)
        full = self.barred.left_by(case)
        return Choice(
            None,
            {self._user(place): reasons for place, reasons in refused.items()},
            tuple(map(self._user, _members(full))),
            tuple(map(self._user, _members(others))),
        )


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
        self.others: dict[str, int] = {}
        self.everybody = (1 << len(reviewers)) - 1
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

    def left_by(self, case: CaseFacts) -> int:
        """Those who may read the file and read such files."""
        barred = self.of_other_types(case)
        for place in self.refused(case):
            barred |= 1 << place
        return self.everybody & ~barred

    def refused(self, case: CaseFacts) -> dict[int, tuple[ConflictReason, ...]]:
        """Those who may not, with every reason."""
        suspects = self.always
        for lawyer in (case.lawyer_id, *case.earlier_lawyers):
            suspects |= self.by_lawyer.get(lawyer, 0)
        for firm in (case.firm_id, *case.opposing_firms, *case.readers_firms):
            suspects |= self.by_firm.get(firm, 0)
        for user in (*case.readers, *case.decliners, *case.calibrated_by, *case.decided_by):
            suspects |= self.by_user.get(user, 0)
        if case.not_from is not None:
            suspects |= self.by_county.get(case.not_from, 0)
        asked = ((place, objections_to(self.reviewers[place], case)) for place in _members(suspects))
        return {place: reasons for place, reasons in asked if reasons}

    def of_other_types(self, case: CaseFacts) -> int:
        if case.case_type not in self.others:
            self.others[case.case_type] = sum(
                1 << place for place, types in self.of_types.items() if case.case_type not in types
            )
        return self.others[case.case_type]


class _Islands:
    """Who shares files with whom, directly or along a chain, which may lead by people who have no place.

    A forest in which everybody of one island ends at one top (union-find).
    """

    def __init__(self, places: Mapping[int, int], linked: Iterable[tuple[int, int]]) -> None:
        self.above: dict[int, int] = {}
        self.placed = {user: 1 << place for user, place in places.items()}
        for one, other in linked:
            self.join(one, other)

    def of(self, user: int) -> int:
        """Places of those who are linked to the person, and their own if they have one."""
        return self.placed.get(self._top(user), 0)

    def join(self, one: int, other: int) -> None:
        lower, upper = self._top(one), self._top(other)
        if lower != upper:
            self.above[lower] = upper
            self.placed[upper] = self.placed.get(upper, 0) | self.placed.get(lower, 0)

    def _top(self, user: int) -> int:
        while (over := self.above.get(user)) is not None:
            # Halving the way for whoever asks next (Tarjan and van Leeuwen, "Worst-Case Analysis of Set Union", 1984).
            if (higher := self.above.get(over)) is not None:
                self.above[user] = higher
            user = over
        return user


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

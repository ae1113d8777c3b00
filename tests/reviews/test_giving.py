"""Giving out files: nobody in conflict, nobody too full, the load even; and a reason for every file that is left."""

from dataclasses import fields, replace
from datetime import date
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.conflicts import CaseFacts, ReviewerFacts, objections_to, reads_such
from reviews.enums import ConflictReason
from reviews.giving import Choice, choose, give_out, with_reader

BEGUN = date(2026, 5, 1)


def case(n: int, **fields) -> CaseFacts:
    return CaseFacts(case_id=n, number=f"案{n}", lawyer_id=100 + n % 3, firm_id=200 + n % 3, begun_on=BEGUN, **fields)


def people(*capacities: int, **fields) -> list[ReviewerFacts]:
    return [ReviewerFacts(user_id=n, capacity=capacity, **fields) for n, capacity in enumerate(capacities, start=1)]


def most_that_can_be_read(cases, reviewers) -> int:
    """By trying: each file to each who may read it, or to nobody."""
    if not cases:
        return 0
    first, rest = cases[0], cases[1:]
    best = most_that_can_be_read(rest, reviewers)
    for place, one in enumerate(reviewers):
        if one.load < one.capacity and not objections_to(one, first) and reads_such(one, first):
            fuller = [*reviewers[:place], replace(one, load=one.load + 1), *reviewers[place + 1 :]]
            best = max(best, 1 + most_that_can_be_read(rest, fuller))
    return best


reviewer_facts = st.builds(
    ReviewerFacts,
    user_id=st.just(0),
    lawyer_id=st.none() | st.integers(100, 102),
    firms=st.dictionaries(st.integers(200, 202), st.none(), max_size=1),
    related_lawyers=st.frozensets(st.integers(100, 102), max_size=1),
    asked_away_by=st.frozensets(st.integers(100, 102), max_size=1),
    case_types=st.frozensets(st.sampled_from(["civil", "criminal"]), max_size=1),
    capacity=st.integers(0, 2),
)


@given(st.lists(reviewer_facts, max_size=4), st.lists(st.sampled_from(["civil", "criminal"]), max_size=5))
def test_nothing_is_left_that_could_be_read_and_nobody_reads_what_they_may_not(found, types):
    reviewers = [replace(each, user_id=n) for n, each in enumerate(found)]
    cases = [case(n, case_type=kind) for n, kind in enumerate(types)]

    choices = give_out(cases=cases, reviewers=reviewers)

    taken = {each.case_id: choices[each.case_id].user_id for each in cases}
    for each in cases:
        if (reader := taken[each.case_id]) is not None:
            assert not objections_to(reviewers[reader], each)
            assert reads_such(reviewers[reader], each)
    loads = [list(taken.values()).count(each.user_id) for each in reviewers]
    assert all(load <= each.capacity for load, each in zip(loads, reviewers, strict=True))
    assert sum(loads) == most_that_can_be_read(cases, reviewers)
    for each in cases:
        if taken[each.case_id] is None:
            choice = choices[each.case_id]
            assert len(choice.refused) + len(choice.full) + len(choice.other_types) == len(reviewers)


LAWYERS, FIRMS, USERS, CENTRES = (st.integers(first, first + 1) for first in (100, 200, 0, 300))
DAYS = st.none() | st.sampled_from([BEGUN, date(2026, 5, 2)])


def few(of):
    return st.frozensets(of, max_size=1)


full_reviewers = st.builds(
    ReviewerFacts,
    user_id=st.just(0),
    lawyer_id=st.none() | LAWYERS,
    firms=st.dictionaries(FIRMS, DAYS, max_size=1),
    related_lawyers=few(LAWYERS),
    related_firms=few(FIRMS),
    capacity=st.just(0),
    counties=few(CENTRES),
    lacking=st.sampled_from([(), (), (ConflictReason.TOO_NEW,)]),
    refused_by=few(LAWYERS),
    asked_away_by=few(LAWYERS),
)
any_case = st.builds(
    CaseFacts,
    case_id=st.just(1),
    number=st.just("案1"),
    lawyer_id=LAWYERS,
    firm_id=FIRMS,
    begun_on=st.just(BEGUN),
    readers=few(USERS),
    readers_firms=few(FIRMS),
    decliners=few(USERS),
    calibrated_by=few(USERS),
    decided_by=few(USERS),
    opposing_firms=few(FIRMS),
    earlier_lawyers=few(LAWYERS),
    not_from=st.none() | CENTRES,
)


@given(st.lists(full_reviewers, min_size=2, max_size=2), any_case)
def test_the_plan_bars_whom_the_rules_bar_and_for_the_same_reasons(found, wanted):
    """Whatever is known of both: the plan asks the rules of few, and must miss nobody."""
    reviewers = [replace(each, user_id=n) for n, each in enumerate(found)]
    asked = {each.user_id: objections_to(each, wanted) for each in reviewers}

    assert choose(case=wanted, reviewers=reviewers).refused == {user: why for user, why in asked.items() if why}


def test_every_fact_of_reviewers_and_cases_is_among_what_the_plan_is_tried_with():
    """A fact added to the rules comes here too, or says why it bars nobody."""
    bars_nobody = {"load", "capacity", "read_of", "case_types", "case_type", "case_id", "number"}
    tried = {
        "user_id", "lawyer_id", "firms", "related_lawyers", "related_firms", "counties", "lacking", "refused_by",
        "asked_away_by", "firm_id", "begun_on", "readers", "readers_firms", "decliners", "calibrated_by",
        "decided_by", "opposing_firms", "earlier_lawyers", "not_from",
    }  # fmt: skip

    assert {each.name for kind in (ReviewerFacts, CaseFacts) for each in fields(kind)} == bars_nobody | tried


def test_room_is_made_along_a_chain_whoever_was_given_the_first_files():
    """Two files that the first and second may read, one that the first and third may: whichever way turns fall."""
    reviewers = [
        ReviewerFacts(user_id=1, capacity=1),
        ReviewerFacts(user_id=2, capacity=1, related_lawyers=frozenset({101})),
        ReviewerFacts(user_id=3, capacity=1, related_lawyers=frozenset({100})),
    ]

    for turn in range(40):
        cases = [
            CaseFacts(case_id=n, number=f"案{turn}-{n}", lawyer_id=lawyer, firm_id=200, begun_on=BEGUN)
            for n, lawyer in enumerate((100, 101, 100))
        ]
        readers = {n: choice.user_id for n, choice in give_out(cases=cases, reviewers=reviewers).items()}

        assert readers[1] == 3
        assert {readers[0], readers[2]} == {1, 2}


def test_long_chains_end_where_everything_that_can_be_read_is_read():
    """Six reviewers with room for one file each, six files of which each may read about a third; many times over."""
    dice = Random(4)
    for turn in range(150):
        may = [frozenset(n for n in range(6) if dice.random() < 0.35) for _each in range(6)]
        reviewers = [
            ReviewerFacts(user_id=place, capacity=1, related_lawyers=frozenset(range(6)) - read)
            for place, read in enumerate(may)
        ]
        cases = [
            CaseFacts(case_id=n, number=f"案{turn}-{n}", lawyer_id=n, firm_id=200, begun_on=BEGUN) for n in range(6)
        ]
        readers = {n: choice.user_id for n, choice in give_out(cases=cases, reviewers=reviewers).items()}
        taken = [(n, reader) for n, reader in readers.items() if reader is not None]

        assert all(n in may[reader] for n, reader in taken)
        assert len({reader for _n, reader in taken}) == len(taken)
        assert len(taken) == max(
            sum(n in may[place] for n, place in enumerate(order)) for order in permutations(range(6))
        )


def test_among_the_least_busy_who_has_read_the_lawyer_least_reads_next():
    reviewers = [
        ReviewerFacts(user_id=1, read_of={101: 2}),
        ReviewerFacts(user_id=2, read_of={101: 1}),
        ReviewerFacts(user_id=3, load=1),
    ]

    assert choose(case=case(1), reviewers=reviewers).user_id == 2


def test_the_load_of_many_files_is_even_and_no_lawyer_goes_to_one_reader():
    given_out = give_out(cases=[case(n) for n in range(60)], reviewers=people(20, 20, 20, 20))

    readers = [choice.user_id for choice in given_out.values()]
    of_one_lawyer = [given_out[n].user_id for n in range(0, 60, 3)]
    assert [readers.count(n) for n in (1, 2, 3, 4)] == [15, 15, 15, 15]
    assert [of_one_lawyer.count(n) for n in (1, 2, 3, 4)] == [5, 5, 5, 5]


def test_what_is_full_and_who_reads_other_types_is_told_apart():
    reviewers = [*people(0), ReviewerFacts(user_id=2, case_types=frozenset({"criminal"}))]

    assert choose(case=case(1, case_type="civil"), reviewers=reviewers) == Choice(None, {}, (1,), (2,))


def test_who_lacks_what_a_reviewer_needs_is_given_nothing():
    choice = choose(case=case(1), reviewers=people(5, lacking=(ConflictReason.TOO_NEW,)))

    assert choice.refused == {1: (ConflictReason.TOO_NEW,)}


def test_second_readers_link_all_who_read():
    reviewers = people(20, 20, 20, 20)
    firsts = {n: n % 4 + 1 for n in range(8)}
    cases = [with_reader(case(n), reviewers[firsts[n] - 1]) for n in firsts]

    seconds = give_out(cases=cases, reviewers=reviewers, linking=firsts)

    islands = {n: {n} for n in (1, 2, 3, 4)}
    for n, first in firsts.items():
        second = seconds[n].user_id
        assert second is not None
        joined = islands[first] | islands[second]
        islands |= dict.fromkeys(joined, joined)
        assert second != first
    assert islands[1] == {1, 2, 3, 4}


@pytest.mark.parametrize("linked", [[(1, 2)], [(2, 1)], [(2, 9), (1, 9)], [(1, 8), (9, 2), (9, 8)]])
def test_a_second_reader_links_those_whom_no_file_of_another_sample_links_yet(linked):
    """Whom a chain leads to already comes after, however free they are; the chain may go by people who left."""
    reviewers = [*people(20, 20), ReviewerFacts(user_id=3, load=5)]
    wanted = with_reader(case(1), reviewers[0])

    unlinked = choose(case=wanted, reviewers=reviewers, first_reader=1)

    assert unlinked.user_id == 2
    assert choose(case=wanted, reviewers=reviewers, first_reader=1, linked=linked).user_id == 3
    assert choose(case=wanted, reviewers=reviewers, first_reader=1, linked=[*linked, (3, 2)]).user_id == 2


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=12), st.integers(1, 9))
def test_a_second_reader_is_of_another_island_wherever_there_is_one(linked, first):
    """Of nine people, of whom the last four review here no more."""
    reviewers = people(20, 20, 20, 20, 20)
    island = {first}
    for _each in linked:
        island |= {person for pair in linked if island & set(pair) for person in pair}
    apart = {1, 2, 3, 4, 5} - island
    wanted = case(1, readers=frozenset({first}))

    chosen = choose(case=wanted, reviewers=reviewers, first_reader=first, linked=linked).user_id

    assert chosen != first
    assert chosen in apart if apart else chosen in {1, 2, 3, 4, 5}

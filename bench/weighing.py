"""The pure core of weighing: cases weighed a second, and standings with shrinkage and intervals of a whole country.

    python -m bench.weighing [--cases 4000] [--units 100000] [--quarters 12] [--rounds 15]

Weighing is the whole of what a case's grade takes: its lines, figure, coverage, band and reasons, and the derivation in
the bytes that are kept. *Bare* multiplies and adds the same figures and weights, and no more; it runs twice a round.
Standings are those of so many lawyers in each of so many quarters, every quarter a table of its own as its page shows
it: pools, means drawn to their priors, intervals and places. `--quarters 0` leaves them out.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from bench import measure
from bench.intake import peak
from bench.measure import Row, at_least, at_most, control, interleaved, ratio
from scoring.calculation import case_derivation, rules_of, weigh_case
from scoring.defaults import default_scheme
from scoring.evidence import CaseEvidence, FileReview, Filing
from scoring.standings import Cell, standings

CASES = 4_000
CASES_A_SECOND = 20_000
UNITS = 100_000
QUARTERS = 12
# Of so many cells, lawyer by case type, of a quarter each is there; so many groups are the goal's.
GROUPS = 850_000
SECONDS = 60.0
ROUNDS = 15
TYPES = ("civil", "criminal", "administrative", "non_litigation")


def evidence(chance: random.Random) -> CaseEvidence:
    """A case as they come: most have been read once, a third have an organ's opinion, few a hearing."""
    closed = date(2026, 1, 1) + timedelta(days=chance.randrange(330))
    organ, hearing, own = chance.random() < 0.4, chance.random() < 0.1, chance.random() < 0.3
    asked = chance.random() < 0.8
    return CaseEvidence(
        review=FileReview(
            version=1,
            score=Decimal(chance.randrange(5000, 10000)) / 100,
            settled=chance.random() < 0.9,
            readers=chance.choice((1, 1, 1, 2, 3)),
            spread=Decimal(chance.randrange(0, 120)) / 10,
        ),
        filing=Filing(counted_from=closed, filed_on=closed + timedelta(days=chance.randrange(5, 80))),
        organ_applies=organ,
        organ_marks=tuple(chance.choices(range(1, 6), k=5)) if organ and asked else (),
        hearing_applies=hearing,
        hearing=Decimal(chance.randrange(6000, 10000)) / 100 if hearing and asked else None,
        self_assessment_applies=own,
        self_assessment_gap=Decimal(chance.randrange(0, 300)) / 10 if own and asked else None,
    )


def weighing(cases: int, rounds: int) -> list[Row]:
    chance = random.Random(1)
    rules = rules_of(1, default_scheme())
    given = [evidence(chance) for _each in range(cases)]
    lines = [
        [(line.weight, line.value) for line in weigh_case(each, rules).lines if line.value is not None]
        for each in given
    ]

    def bare() -> None:
        for each in lines:
            total = sum(weight * value for weight, value in each)
            assert not each or total / sum(weight for weight, _value in each) <= 100  # noqa: PLR2004 - a full mark

    def alone() -> None:
        for each in given:
            weigh_case(each, rules)

    def ours() -> None:
        for each in given:
            result = weigh_case(each, rules)
            assert case_derivation(each, rules, result)

    taken = interleaved({"bare": bare, "ours": ours, "alone": alone, "again": bare}, rounds=rounds)
    name = "cases weighed a second, one core"
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, weighing"),
        at_least(name, cases / statistics.median(taken["alone"]), "", CASES_A_SECOND),
        at_least(f"{name}, with derivation", cases / statistics.median(taken["ours"]), "", CASES_A_SECOND),
        ratio("weighing with derivation ÷ weights times figures, time", of=taken["ours"], to=taken["bare"]),
    ]

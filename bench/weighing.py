"""The pure core of weighing: cases weighed a second, and standings with shrinkage and intervals of a whole country.

    python -m bench.weighing [--cases 4000] [--groups 850000] [--quarters 12] [--rounds 15]

Weighing is the whole of what a case's grade takes: its lines, figure, coverage, band and reasons, and the derivation in
the bytes that are kept. *Bare* multiplies and adds the same figures and weights, and no more; it runs twice a round.
Standings are of so many groups, a lawyer in a quarter each: cells by case type as the database counts them, pools,
means drawn to their priors, intervals and places, every quarter a table of its own. Memory is that of a process of its
own which keeps no more than one quarter.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time
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
GROUPS = 850_000
QUARTERS = 12
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
            assert not each or total / sum(weight for weight, _value in each) <= 100

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


def quarter(groups: int, chance: random.Random) -> list[Cell]:
    """Most lawyers have one case in a quarter, and cases of one type; some have more of both."""
    cells = []
    for unit in range(groups):
        level = chance.gauss(82, 4)
        for stratum in chance.choices((TYPES[:1], TYPES[1:2], TYPES[:2], TYPES[1:]), weights=(5, 3, 2, 1))[0]:
            figures = [Decimal(round(min(100, max(0, chance.gauss(level, 9))), 2)).quantize(Decimal("0.01"))]
            figures *= chance.choice((1, 1, 1, 2, 6))
            squares = sum(figure * figure for figure in figures)
            cells.append(
                Cell(unit=unit, stratum=stratum, n=len(figures), total=Decimal(sum(figures)), squares=Decimal(squares))
            )
    return cells


def country_child(groups: int, quarters: int) -> None:
    """Print the seconds that the tables took, how many rows they have, and the peak above the first cells in MiB."""
    chance = random.Random(1)
    weights = rules_of(1, default_scheme()).standing_weights
    taken, rows, base = 0.0, 0, 0.0
    for _each in range(quarters):
        cells = quarter(groups // quarters, chance)
        base = base or peak()
        began = time.perf_counter()
        table = standings(cells, (), weights)
        taken += time.perf_counter() - began
        assert table.rows[0].half is not None, "there must have been intervals"
        rows += len(table.rows)
    print(taken, rows, peak() - base)


def country(groups: int, quarters: int) -> list[Row]:
    command = [sys.executable, "-m", "bench.weighing", "--child"]
    command += ["--groups", str(groups), "--quarters", str(quarters)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    seconds, rows, above = float(said[0]), int(said[1]), float(said[2])
    # Linear: fewer groups are held to their share of the goal.
    goal = SECONDS * rows / GROUPS
    return [
        at_most(f"standings of {rows:,} groups, {quarters} tables", seconds, "s", goal),
        Row("peak above the cells of one table", above, "MiB"),
    ]


def run(*, cases: int = CASES, groups: int = GROUPS, quarters: int = QUARTERS, rounds: int = ROUNDS) -> list[Row]:
    return [*weighing(cases, rounds), *country(groups, quarters)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--groups", type=int, default=GROUPS)
    parser.add_argument("--quarters", type=int, default=QUARTERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        country_child(options.groups, options.quarters)
        return 0
    rows = run(cases=options.cases, groups=options.groups, quarters=options.quarters, rounds=options.rounds)
    print(measure.table(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

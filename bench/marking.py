"""The pure core of reviewing: full checklists marked a second, and how far the readers of 100,000 files agree.

    python -m bench.marking [--files 100000] [--reviewers 300] [--rounds 5]

Marking is everything that is asked of a full sheet when it is handed in: what is missing, the total with its sections,
the band, whether another must read it, the result. *Bare* multiplies and adds the same shares and points, and no more.
Agreement is everything that managers are told of readers: grades and totals, limits, leniency, and every item's
coefficients. *Bare* goes once through the same readings and adds up the totals of each file. Bare runs twice a round.
Memory is that of a process of its own to which the readings come one by one, as from a database.
"""

import argparse
import random
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

from bench import measure
from bench.intake import peak
from bench.measure import Row, at_least, at_most, control, interleaved, ratio
from reviews.defaults import default_checklists
from reviews.enums import SHARES, Anchor
from reviews.figures.agreement import Reading, items_agree, readers_agree
from reviews.marking import (
    ItemRule,
    MarkValue,
    SectionRule,
    Sheet,
    band_of,
    combine,
    defects,
    needs_second_reader,
    total,
)

SHEETS = 2_000
CHECKLISTS_A_SECOND = 20_000
FILES = 100_000
REVIEWERS = 300
ROUNDS = 5
SECONDS = 10.0
PEAK = 500
ITEMS = 18
# Most marks are full, and a few items do not apply.
MARKED = [*[Anchor.FULL] * 6, Anchor.MOSTLY, Anchor.PARTLY, Anchor.NONE, Anchor.NOT_APPLICABLE]
CLEAN = {Anchor.FULL, Anchor.NOT_APPLICABLE}


def civil_sheet() -> Sheet:
    document = next(each for each in default_checklists() if each["code"] == "civil")
    return Sheet(
        tuple(
            SectionRule(section["code"], tuple(rule_of(item) for item in section["items"]))
            for section in document["sections"]
        )
    )


def rule_of(item: dict[str, object]) -> ItemRule:
    floors = item["floors"]
    assert isinstance(floors, dict)
    return ItemRule(
        str(item["code"]), Decimal(str(item["points"])), {code: Decimal(share) for code, share in floors.items()}
    )


def marking(rounds: int) -> list[Row]:
    chance = random.Random(1)
    sheet = civil_sheet()
    filled = [
        {
            code: MarkValue(anchor, "" if anchor in CLEAN else "other", "12")
            for code in sheet.codes()
            for anchor in [chance.choice(MARKED)]
        }
        for _each in range(SHEETS)
    ]

    def ours() -> None:
        for marks in filled:
            assert not defects(sheet, marks)
            found = total(sheet, marks)
            needs_second_reader(found.score, limited=found.limited)
            assert found.band
            assert combine([found]).settled

    items = [item for section in sheet.sections for item in section.items]
    worth = {**SHARES, Anchor.NOT_APPLICABLE: Decimal(0)}

    def bare() -> None:
        for marks in filled:
            sum(item.points * worth[marks[item.code].anchor] for item in items)

    taken = interleaved({"bare": bare, "ours": ours, "again": bare}, rounds=rounds)
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, marking"),
        at_least(
            f"full checklists of {len(items)} items marked a second",
            SHEETS / statistics.median(taken["ours"]),
            "",
            CHECKLISTS_A_SECOND,
        ),
        ratio("marking ÷ points times shares, time", of=taken["ours"], to=taken["bare"]),
    ]


def readings(files: int, reviewers: int) -> Iterator[Reading]:
    """Every file read by two of them, some milder than others."""
    chance = random.Random(2)
    milder = [chance.gauss(0, 2) for _each in range(reviewers)]
    for file in range(files):
        deserved = chance.gauss(84, 7)
        for turn, reader in enumerate(chance.sample(range(reviewers), 2), start=1):
            points = Decimal(f"{min(100, max(0, deserved + milder[reader] + chance.gauss(0, 3))):.4f}")
            yield Reading(file, reader, turn, points, band_of(points))


def patterns(files: int) -> list[tuple[str, tuple[Anchor, ...], int]]:
    """Every way in which two and three readers can mark an item, as often as to be expected of so many files."""
    often = {Anchor.FULL: 60, Anchor.MOSTLY: 15, Anchor.PARTLY: 10, Anchor.NONE: 5, Anchor.NOT_APPLICABLE: 10}
    found: list[tuple[str, tuple[Anchor, ...], int]] = []
    for item in range(ITEMS):
        for one, first in often.items():
            for other, second in often.items():
                found.append((f"A{item}", (one, other), files * first * second // 10_000))
                found += [
                    (f"A{item}", (one, other, third), files * first * second * share // 20_000_000)
                    for third, share in often.items()
                ]
    return found


def agreeing(rows: Iterator[Reading] | list[Reading], files: int) -> None:
    found = readers_agree(rows)
    items = items_agree(patterns(files), [f"A{item}" for item in range(ITEMS)])
    assert found.totals.files == files
    assert found.severity is not None
    assert all(each.kappa and each.alpha for each in items)


def agreement(files: int, reviewers: int, rounds: int) -> list[Row]:
    rows = list(readings(files, reviewers))

    def bare() -> None:
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for row in rows:
            sums[row.file] += row.points

    jobs: dict[str, Callable[[], None]] = {"bare": bare, "ours": lambda: agreeing(rows, files), "again": bare}
    taken = interleaved(jobs, rounds=rounds)
    name = f"agreement over {files:,} files read twice by {reviewers}"
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, agreement"),
        at_most(name, statistics.median(taken["ours"]), "s", SECONDS),
        ratio(f"{name} ÷ one pass over the readings, time", of=taken["ours"], to=taken["bare"]),
        at_most("peak memory of it", memory(files, reviewers), "MiB", PEAK),
    ]


def memory_child(files: int, reviewers: int) -> None:
    """Print how far the peak lies above the process just before it, in MiB."""
    base = peak()
    agreeing(readings(files, reviewers), files)
    print(peak() - base)


def memory(files: int, reviewers: int) -> float:
    command = [sys.executable, "-m", "bench.marking", "--memory"]
    command += ["--files", str(files), "--reviewers", str(reviewers)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run(*, files: int = FILES, reviewers: int = REVIEWERS, rounds: int = ROUNDS) -> list[Row]:
    return [*marking(3 * rounds), *agreement(files, reviewers, rounds)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--reviewers", type=int, default=REVIEWERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        memory_child(options.files, options.reviewers)
        return 0
    rows = run(files=options.files, reviewers=options.reviewers, rounds=options.rounds)
    print(measure.table(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Drawing a sample from a country's year of cases, and giving its files out, on a throw-away PostgreSQL database.

    python -m bench.sampling [--cases 1500000] [--files 10000] [--reviewers 300] [--rounds 5] [--url postgres://…]

*Ours* plans a stratified sample of all cases by every rule: what the rules must know of each case, its place in the
order of the seed, the shares, lawyers nobody would read, files read twice. *Bare* is the very SQL that reads the
frame, its rows fetched and thrown away; it runs twice a round, and the run is void when its two halves differ by more
than 5 %.

Giving out writes everything: assignments, reviews, the record and the notices. Every kind of conflict is there: own
cases, firms, declared relations, firms of the other side, earlier involvement, objections of lawyers, too little
practice, other types of case. A second run has room for three quarters of the files, so that room must be made along
chains and every file that is left must say why.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench import measure
from bench.intake import database, peak, prepare_django
from bench.measure import Row, at_least, at_most, control, interleaved, ratio
from bench.sweep import copy, indexes_built_afterwards, replayed, statements_of

CASES = 1_500_000
FILES = 10_000
REVIEWERS = 300
ROUNDS = 5
GOAL = 3.0
MEBIBYTES = 600
SECONDS = 10.0
LAWYERS = 2_000
FIRMS = 200
BASE = 10_000_000
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def fill(cases: int) -> Any:
    """One centre's register, copied by the database from one case that was made as in life. Returns the centre."""
    from django.db import connection

    from reviews.services.checklists import publish_default_checklists
    from tests import factories

    publish_default_checklists(now=NOW)
    centre = factories.centre()
    factories.case(centre)
    text, person = "encode(sha256(n::text::bytea), 'hex')", f"{BASE} + n"
    lawyer, firm = f"{BASE} + n % {LAWYERS}", f"{BASE} + n % {FIRMS}"
    closed = f"date '2026-01-01' + (n::bigint * 320 / {cases})::int"
    kinds = "(ARRAY['civil', 'criminal', 'administrative', 'non_litigation'])[1 + n % 4]"
    with connection.cursor() as cursor:
        # What refers to what is right by the numbers; looking it up again takes longer than the writing.
        cursor.execute("SET session_replication_role = replica")
        copy(cursor, "organisations_firm", FIRMS, "", {"id": f"{BASE} + n - 1", "name": "'所' || n"})
        copy(
            cursor,
            "organisations_lawyer",
            LAWYERS,
            "",
            {"id": f"{BASE} + n - 1", "licence_number": "'1' || lpad(n::text, 16, '0')"},
        )
        client = {"id": person, "name_index": text, "phone_index": f"substr({text}, 1, 63) || 'a'"}
        rows: tuple[tuple[str, dict[str, str]], ...] = (
            ("cases_client", client | {"birth_year": "1940 + (n % 75)::int"}),
            ("cases_contactplan", {"client_id": person}),
            ("cases_case", {
                "id": person, "client_id": person, "lawyer_id": lawyer, "firm_id": firm, "case_type": kinds,
                "number": "'案' || n", "closed_on": closed,
                "accepted_on": "date '2025-12-01'", "assigned_on": "date '2025-12-02'", "filed_on": f"{closed} + 20",
                "content_hash": text,
            }),
        )  # fmt: skip
        with indexes_built_afterwards(cursor, {table for table, _columns in rows}):
            for table, columns in rows:
                copy(cursor, table, cases, "", columns)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return centre


def drawing(centre: Any) -> Callable[[], Any]:
    from qa_service.common.periods import Period
    from reviews.queries.sampling import planned_sample

    year = Period(date(2026, 1, 1), date(2027, 1, 1))
    return lambda: planned_sample(centre=centre, period=year, seed="bench", twice=Decimal("0.2"), now=NOW)


def draws(centre: Any, cases: int, rounds: int) -> list[Row]:
    ours = drawing(centre)
    before = peak()
    plan = ours()
    grown = peak() - before
    assert plan.frame_size >= cases, "every case must have been in the frame"
    assert len(plan.strata) >= 2, "there must have been strata"
    bare = replayed(statements_of(ours))
    taken = interleaved({"bare": bare, "ours": ours, "again": bare}, rounds=rounds)
    name = f"{len(plan.draws):,} drawn of {plan.frame_size:,} cases ÷ the bare SQL of the frame"
    return [
        control(one=taken["bare"], other=taken["again"]),
        ratio(name, of=taken["ours"], to=taken["bare"], at_most=GOAL),
        at_most("peak memory of a draw above that before it", grown, "MiB", MEBIBYTES),
    ]


def staff(centre: Any, reviewers: int, *, capacity: int) -> Any:
    """A manager, and reviewers with every kind of tie to lawyers and firms of the register. Returns the manager."""
    from qa_service.accounts.enums import Role
    from qa_service.organisations.models import Firm, Lawyer, Membership
    from reviews.models import Relation, ReviewerObjection, ReviewerTerms
    from tests import factories

    boss = factories.user(Role.MANAGER, at=centre)
    lawyers = list(Lawyer.objects.filter(pk__gte=BASE).order_by("pk")[: 2 * reviewers])
    firms = list(Firm.objects.filter(pk__gte=BASE).order_by("pk"))
    for n in range(reviewers):
        person = factories.user(Role.REVIEWER, at=centre, of=lawyers[n])
        firm = firms[n % len(firms)]
        Membership.objects.create(lawyer=lawyers[n], firm=firm, starts_on=date(2020, 1, 1))
        Relation.objects.create(reviewer=person, lawyer=lawyers[-1 - n], declared_at=NOW)
        ReviewerObjection.objects.create(
            reviewer=person, lawyer=lawyers[(7 * n + 3) % len(lawyers)], reason="纠纷", lodged_at=NOW
        )
        ReviewerTerms.objects.create(
            reviewer=person,
            capacity=capacity,
            case_types=[] if n % 3 else ["civil", "criminal"],
            practising_since=date(2025, 1, 1) if n % 50 == 49 else date(2015, 1, 1),
            set_by=boss,
            set_at=NOW,
        )
    return boss


def drawn_files(centre: Any, files: int, boss: Any, *, behind: int = 0, readers: int = 1, seed: str = "bench") -> Any:
    """A sample of so many files, of every twentieth of which the firm of the other side is known."""
    from qa_service.cases.models import Case
    from reviews.models import KnownTie, Sample, SampledCase

    sample = Sample.objects.create(
        centre=centre,
        period_start=date(2026, 1, 1),
        period_end=date(2027, 1, 1),
        seed=seed,
        rate=Decimal("0.1"),
        frame_size=files,
        statement={"rules": ["random"], "counts": {}},
        drawn_by=boss,
        drawn_at=NOW,
    )
    ids = list(Case.objects.filter(pk__gte=BASE).order_by("pk").values_list("pk", flat=True)[behind : behind + files])
    SampledCase.objects.bulk_create(
        [
            SampledCase(
                sample=sample,
                case_id=pk,
                stratum="civil 2026-1",
                reasons=["random"],
                probability=Decimal(1),
                readers=readers,
            )
            for pk in ids
        ],
        batch_size=1000,
    )
    KnownTie.objects.bulk_create(
        [
            KnownTie(case_id=pk, opposing_firm_id=BASE + (pk + 5) % FIRMS, entered_by=boss, entered_at=NOW)
            for pk in ids[::20]
        ]
    )
    return sample


def giving(centre: Any, files: int, reviewers: int, rounds: int) -> list[Row]:
    from django.db import transaction

    from reviews.models import ReviewerTerms
    from reviews.queries.given import given_out
    from reviews.services.assignments import assign_sample

    boss = staff(centre, reviewers, capacity=2 * files // reviewers)
    sample = drawn_files(centre, files, boss)
    rows = []
    for label, capacity in (
        ("room for all", 2 * files // reviewers),
        ("room for three quarters", 3 * files // reviewers // 4),
    ):
        ReviewerTerms.objects.update(capacity=capacity)
        taken = []
        for _round in range(rounds):
            began = time.perf_counter()
            with transaction.atomic():
                given = assign_sample(sample=sample, user=boss, now=NOW + timedelta(minutes=1))
                taken.append(time.perf_counter() - began)
                told = given_out(sample, boss, now=NOW)
                transaction.set_rollback(True)
        counted = len(given.assigned) + len(given.refused)
        assert counted == files, "every file must have been given out or refused"
        choices = [turn.choice for turn in given.refused]
        assert all(choice.refused or choice.full or choice.other_types for choice in choices)
        name = f"{files:,} files to {reviewers} reviewers, {label}"
        rows += [
            at_most(name, statistics.median(taken), "s", SECONDS, note=f"{len(given.assigned):,} given out"),
            at_least(f"{label}: files without a reader of which is said why", told.left, "", len(given.refused)),
        ]
    return [*rows, second_readers(centre, boss, files, reviewers, rounds)]


def second_readers(centre: Any, boss: Any, files: int, reviewers: int, rounds: int) -> Row:
    """Half of the files are given out before: who reads second is sought by who has shared files of late."""
    from django.db import transaction

    from reviews.models import ReviewerTerms
    from reviews.models.reviewers import MOST_FILES
    from reviews.services.assignments import assign_sample

    twice = files // 10
    ReviewerTerms.objects.update(capacity=min(MOST_FILES, 2 * files // reviewers))
    before, sample = (
        drawn_files(centre, twice // 2, boss, behind=files + part * twice, readers=2, seed=f"twice {part}")
        for part in range(2)
    )
    assign_sample(sample=before, user=boss, now=NOW)
    taken = []
    for _round in range(rounds):
        began = time.perf_counter()
        with transaction.atomic():
            given = assign_sample(sample=sample, user=boss, now=NOW + timedelta(minutes=1))
            taken.append(time.perf_counter() - began)
            transaction.set_rollback(True)
    assert len(given.assigned) > twice // 2, "second readers must have been given files"
    name = f"{twice // 2:,} files to two readers each, beside as many given out before"
    return at_most(name, statistics.median(taken), "s", SECONDS, note=f"{len(given.assigned):,} given out")


def run(
    *, url: str = "", cases: int = CASES, files: int = FILES, reviewers: int = REVIEWERS, rounds: int = ROUNDS
) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    with database(server, "sampling") as place:
        prepare_django(place, migrate=True)
        centre = fill(cases)
        return [*draws(centre, cases, rounds), *giving(centre, files, reviewers, min(rounds, 3))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--reviewers", type=int, default=REVIEWERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    rows = run(
        url=options.url,
        cases=options.cases,
        files=options.files,
        reviewers=options.reviewers,
        rounds=options.rounds,
    )
    print(measure.table(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What managers see of a city's year of reviewing, on a throw-away PostgreSQL database.

    python -m bench.overview [--files 100000] [--reviewers 300] [--rounds 5] [--url postgres://…]

Every file was read by two of all reviewers, item by item, and its result released: the most that the page can be asked
for. *Ours* is the whole page through Django's test client, from progress to leniency, pictures and all. *Bare* is the
very SQL that the page asks, its rows fetched and thrown away; it runs twice a round, and the run is void when its two
halves differ by more than 5 %. Nothing is compiled (`jit` off) for either. Memory is measured in a process of its own.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bench import measure
from bench.intake import database, peak, prepare_django
from bench.measure import Row, at_most, control, interleaved, ratio
from bench.sampling import BASE, fill
from bench.sweep import copy, indexes_built_afterwards, replayed, statements_of

FILES = 100_000
REVIEWERS = 300
ROUNDS = 5
SAMPLES = 100
GOAL = 2.0
SECONDS = 10.0
PEAK = 500
QUERIES = 20
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DOOR = "/reviews/overview?period=2026"


def fill_reviews(centre: Any, files: int, reviewers: int) -> Any:
    """All files read twice and released, copied by the database from one read as in life. Returns a manager."""
    from django.db import connection

    from reviews.models import Assignment, Item

    boss, readers = made_as_in_life(centre, reviewers)
    items = list(Item.objects.filter(checklist=Assignment.objects.get().checklist_id).values_list("pk", flat=True))
    file, turn = "((n + 1) / 2)", "(1 + (n - 1) % 2)"
    one, other = f"{file} % {reviewers}", f"({file} + 1 + ({file} / {reviewers}) % {reviewers - 1}) % {reviewers}"
    points = f"(70 + abs(hashint8({file}::bigint)::bigint) % 25 + abs(hashint8(n::bigint)::bigint) % 9 / 2.0)"
    of_result = "(70 + abs(hashint8(n::bigint)::bigint) % 29)"
    # Seven marks of ten are those of the other reader.
    place = f"CASE WHEN hashint8(n::bigint) % 10 > 6 THEN n ELSE (n - 1) / {2 * len(items)} + n % {len(items)} END"
    shares = "(ARRAY['100', '100', '100', '75', '40', '0'])[1 + abs(hashint8(n + ord)::bigint) % 6]"
    rows: tuple[tuple[str, int, dict[str, str]], ...] = (
        ("reviews_sample", SAMPLES, {"id": f"{BASE} + n - 1", "seed": "'seed ' || n"}),
        ("reviews_sampledcase", files, {"sample_id": f"{BASE} + n % {SAMPLES}", "case_id": f"{BASE} + n"}),
        ("reviews_assignment", 2 * files, {
            "id": f"{BASE} + n", "case_id": f"{BASE} + {file}", '"order"': turn, "sampled_id": "NULL",
            "reviewer_id": f"(ARRAY{readers})[1 + CASE WHEN {turn} = 1 THEN {one} ELSE {other} END]",
        }),
        ("reviews_review", 2 * files, {
            "id": f"{BASE} + n", "assignment_id": f"{BASE} + n", "total": points, "band": grade_of(points),
        }),
        ("reviews_mark", 2 * files * len(items), {
            "review_id": f"{BASE} + 1 + (n - 1) / {len(items)}", "item_id": f"(ARRAY{items})[1 + n % {len(items)}]",
            "anchor": f"(ARRAY['full', 'full', 'full', 'mostly', 'partly', 'none', 'na'])"
                      f"[1 + abs(hashint8(({place})::bigint)::bigint) % 7]",
        }),
        ("reviews_casereview", files, {
            "case_id": f"{BASE} + n", "score": of_result, "grade": grade_of(of_result),
            "items": f"(SELECT jsonb_agg(jsonb_set(part, '{{share}}', to_jsonb({shares}))) "
                     "FROM jsonb_array_elements(t.items) WITH ORDINALITY parts (part, ord))",
        }),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with indexes_built_afterwards(cursor, {table for table, _count, _columns in rows}):
            for table, count, columns in rows:
                copy(cursor, table, count, "", {name.strip('"'): said for name, said in columns.items()})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return boss


def grade_of(points: str) -> str:
    return f"CASE WHEN {points} >= 90 THEN 'excellent' WHEN {points} >= 80 THEN 'good' ELSE 'pass' END"


def made_as_in_life(centre: Any, reviewers: int) -> tuple[Any, list[int]]:
    """One file drawn, read and released. Returns a manager, and the reviewers' keys."""
    from qa_service.cases.models import Case
    from reviews.models import Sample, SampledCase
    from tests.reviews import factories as rows

    boss = rows.manager(centre)
    case = Case.objects.order_by("pk").first()
    assert case is not None
    sample = Sample.objects.create(
        centre=centre,
        period_start=date(2026, 1, 1),
        period_end=date(2027, 1, 1),
        seed="bench",
        rate=Decimal("0.1"),
        frame_size=1,
        statement={"rules": ["random"], "counts": {}},
        drawn_by=boss,
        drawn_at=NOW,
    )
    SampledCase.objects.create(sample=sample, case=case, stratum="civil", reasons=["random"], probability=Decimal(1))
    readers = [rows.reviewer(centre, display_name=f"评查员{n}") for n in range(reviewers)]
    rows.released(case)
    return boss, [each.pk for each in readers]


def showing(boss_id: int) -> Callable[[], None]:
    """The page as a manager opens it."""
    from django.test import Client

    from qa_service.accounts.models import User

    browser = Client()
    browser.force_login(User.objects.get(pk=boss_id))

    def job() -> None:
        answer = browser.get(DOOR)
        assert answer.status_code == 200, answer.status_code
        assert b"<svg" in answer.content

    return job


def memory_child(boss_id: int, url: str) -> None:
    """Print how far the peak of one look at the page lies above the process just before it, in MiB."""
    prepare_django(url, migrate=False)
    from django.conf import settings
    from django.test import Client

    settings.ENCRYPTION_KEYS = os.environ["BENCH_ENCRYPTION_KEYS"].split(",")
    ours = showing(boss_id)
    Client().get("/")
    base = peak()
    ours()
    print(peak() - base)


def memory(boss: Any, url: str) -> float:
    from django.conf import settings

    command = [sys.executable, "-m", "bench.overview", "--memory", str(boss.pk), "--url", url]
    # Those of the process that wrote the rows: the settings of tests make up new ones.
    keys = {"BENCH_ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS)}
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | keys).stdout)


def run(*, url: str = "", files: int = FILES, reviewers: int = REVIEWERS, rounds: int = ROUNDS) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    with database(server, "overview") as place:
        prepare_django(place, migrate=True)
        centre = fill(files)
        boss = fill_reviews(centre, files, reviewers)
        return [*speed(boss, files, reviewers, rounds), at_most("peak memory", memory(boss, place), "MiB", PEAK)]


def speed(boss: Any, files: int, reviewers: int, rounds: int) -> list[Row]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    ours = showing(boss.pk)
    ours()
    asked = [(sql, params) for sql, params in statements_of(ours) if sql.lstrip().startswith("SELECT")]
    bare = replayed(asked)
    taken = interleaved({"bare": bare, "ours": ours, "again": bare}, rounds=rounds)
    name = f"overview of {files:,} files read twice by {reviewers}"
    return [
        control(one=taken["bare"], other=taken["again"]),
        ratio(f"{name} ÷ its bare SQL", of=taken["ours"], to=taken["bare"], at_most=GOAL),
        at_most(name, statistics.median(taken["ours"]), "s", SECONDS),
        at_most("queries of the page", len(asked), "", QUERIES),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--reviewers", type=int, default=REVIEWERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        memory_child(options.memory, options.url)
        return 0
    rows = run(url=options.url, files=options.files, reviewers=options.reviewers, rounds=options.rounds)
    print(measure.table(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Standings, lists and rescoring at the size of a country, on a throw-away PostgreSQL database.

    python -m bench.country [--cases 30000] [--rounds 9] [--url postgres://…] [--country postgres://…]

The country is that of `manage.py generate_country`, 15 cases a lawyer and 500 a centre over three years. `--country`
names a database that the command has filled already: the way to the full size, which takes eleven minutes to make.
Whatever is written there is rolled back.

*By hand* is the same sums by lawyer and type of case in one statement on the same table. Rescoring weighs everything
anew by another scheme, so that every score is written; it is held to reading the evidence, weighing it and COPY of the
very rows, each taken apart. No summaries are kept: standings are summed from the scores in force, so that nothing is
to be kept up and what was weighed is seen at once. Lists are looked at as the supervisor of everything sees them.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench import measure
from bench.intake import database, peak, prepare_django
from bench.measure import Row, at_most, control, interleaved, ratio
from bench.sweep import replayed, statements_of

CASES, SMALL = 30_000, 10_000
ROUNDS = 9
RESCORED = 1_000
LIST = "/scoring/scores"
BY_HAND, RESCORING, LAST_PAGE, FLAT = 1.2, 1.5, 1.1, 1.5
SERVICE_MS, SHOWN_IN, BEAT = 3.0, 5.0, 2.0
MEMORY = 16
BY_HAND_SQL = """
    SELECT lawyer_id, case_type, count(*), sum(score), sum(score * score) FROM scoring_casescore
    WHERE is_current AND grade IN ('excellent', 'good', 'pass', 'fail') AND closed_on >= %s AND closed_on < %s
    GROUP BY 1, 2
"""


def fill(cases: int) -> None:
    from django.core.management import call_command

    call_command(
        "generate_country",
        cases=cases,
        lawyers=cases // 15,
        centres=max(2, cases // 500),
        years=3,
        stdout=io.StringIO(),
    )


def who(username: str) -> Any:
    from qa_service.accounts.models import User

    return User.objects.get(username=username)


def quarter() -> Any:
    """The last one that is over."""
    from qa_service.common.periods import Period
    from scoring.models import CaseScore

    newest = CaseScore.objects.order_by("-closed_on").values_list("closed_on", flat=True)[0]
    before = date(newest.year, 3 * ((newest.month - 1) // 3) + 1, 1) - timedelta(days=1)
    return Period.quarter(before.year, (before.month - 1) // 3 + 1)


def sums(rounds: int) -> list[Row]:
    """Every lawyer's sums of a quarter as the page asks for them, and the whole table with shrinkage and intervals."""
    from django.db import connection

    from scoring.enums import UnitKind
    from scoring.queries.standings import standings

    boss, period = who("supervisor"), quarter()

    def ours() -> Any:
        return standings(kind=UnitKind.LAWYER, period=period, user=boss)

    asked = [each for each in statements_of(ours) if "scoring_casescore" in each[0] and "GROUP BY" in each[0]]
    assert len(asked) == 1, "the sums must have been asked for in one statement"
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    bare = replayed([(BY_HAND_SQL, [period.start, period.end])])
    taken = interleaved({"bare": bare, "ours": replayed(asked), "again": bare}, rounds=rounds)
    began = time.perf_counter()
    units = len(ours().table.rows)
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, sums"),
        ratio("sums of all lawyers, a quarter ÷ by hand", of=taken["ours"], to=taken["bare"], at_most=BY_HAND),
        Row(f"standings of {units:,} lawyers, a quarter", time.perf_counter() - began, "s"),
    ]


def reports() -> dict[str, Callable[[], object]]:
    """One centre's and one lawyer's, of a year."""
    from qa_service.common.periods import Period
    from qa_service.organisations.models import Organisation
    from scoring.enums import UnitKind
    from scoring.models import CaseScore
    from scoring.queries.scores import scores_of_lawyer
    from scoring.queries.standings import standings

    boss, lawyer, centre = who("supervisor"), who("lawyer"), Organisation.objects.get(code="centre-2")
    year = Period.year(quarter().start.year)

    def of_lawyer() -> object:
        seen = scores_of_lawyer(lawyer)
        return [*seen[:30], *seen.order_by().filter(score__isnull=False).values_list("score", "grade")]

    assert CaseScore.objects.filter(centre=centre).exists()
    assert of_lawyer()
    return {
        "centre": lambda: standings(kind=UnitKind.CENTRE, period=year, user=boss, centre=centre),
        "its lawyers": lambda: standings(kind=UnitKind.LAWYER, period=year, user=boss, centre=centre),
        "lawyer": of_lawyer,
    }


def reports_child(url: str, rounds: int) -> None:
    """Print the milliseconds of each report."""
    prepare_django(url, migrate=False)
    taken = interleaved(reports(), rounds=5 * rounds, warm_up=3)
    print(*(1000 * statistics.median(seconds) for seconds in taken.values()))


def flatness(small: str, large: str, cases: int, rounds: int) -> list[Row]:
    """Processes of each size in turn."""
    found: dict[str, list[list[float]]] = {small: [], large: []}
    for _turn in range(3):
        for url, figures in found.items():
            figures.append([float(each) for each in child("--reports", url, "--rounds", str(rounds))])
    few, many = ([statistics.median(each) for each in zip(*figures, strict=True)] for figures in found.values())
    rows = []
    for name, before, after in zip(("a centre", "the lawyers of a centre", "a lawyer"), few, many, strict=True):
        rows.append(at_most(f"report of {name}, a year, of {cases:,} cases", after, "ms", SERVICE_MS))
        rows.append(at_most(f"the same ÷ that of {SMALL:,} cases", after / before, "×", FLAT))
    return rows


Lines = dict[type[Any], list[tuple[Any, ...]]]


def columns(model: type[Any]) -> list[Any]:
    return [each for each in model._meta.concrete_fields if each.attname != "id"]


def copy(lines: Lines) -> None:
    """The rows of each table into one like it, which has no indexes and is gone afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model, rows in lines.items():
            table, names = model._meta.db_table, ", ".join(f'"{each.column}"' for each in columns(model))
            cursor.execute(f"CREATE TEMP TABLE copied (LIKE {table} INCLUDING IDENTITY) ON COMMIT DROP")
            with cursor.copy(f"COPY copied ({names}) FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
            cursor.execute("DROP TABLE copied")


def rescoring(rounds: int) -> list[Row]:
    from django.db import transaction

    from qa_service.cases.services import evidence_changed
    from scoring.models import CaseScore
    from scoring.queries.evidence import gathered
    from scoring.queries.schemes import published_schemes
    from scoring.queries.weighed import score_of, voice_of, weighed_by_its_scheme
    from scoring.services.scores import BATCH, rescore_changed

    now = datetime.now(UTC)
    ids = list(CaseScore.objects.current().order_by("pk").values_list("case_id", flat=True)[:RESCORED])

    def read() -> list[Any]:
        schemes = published_schemes()
        parts = [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]
        return [each for part in parts for each in gathered(part, schemes=schemes, now=now)]

    def weigh(known: list[Any]) -> list[Any]:
        pairs = [
            (score_of(each, weighed_by_its_scheme(each), version=1, now=now), voice_of(each, now=now)) for each in known
        ]
        return [row for pair in pairs for row in pair if row is not None]

    known: list[Any] = []
    lines: Lines = {}

    def ours() -> None:
        assert rescore_changed(now=now, limit=len(ids)) == len(ids)

    with transaction.atomic():
        another_scheme(now)
        known += read()
        for row in weigh(known):
            lines.setdefault(type(row), []).append(tuple(getattr(row, each.attname) for each in columns(type(row))))
        before = CaseScore.objects.count()
        taken: dict[str, list[float]] = {"read": [], "weigh": [], "copy": [], "ours": []}
        for turn in range(rounds + 1):
            evidence_changed(ids)
            mark = transaction.savepoint()
            for name, job in (
                ("read", read),
                ("weigh", lambda: weigh(known)),
                ("copy", lambda: copy(lines)),
                ("ours", ours),
            ):
                began = time.perf_counter()
                job()
                if turn:
                    taken[name].append(time.perf_counter() - began)
            assert CaseScore.objects.count() == before + len(ids), "every score must have been written anew"
            blocked = reading_meanwhile()
            transaction.savepoint_rollback(mark)
        transaction.set_rollback(True)
    limit = [sum(each) for each in zip(taken["read"], taken["weigh"], taken["copy"], strict=True)]
    name = f"{len(ids):,} scores weighed anew and written"
    return [
        ratio(f"{name} ÷ reading + weighing + COPY", of=taken["ours"], to=limit, at_most=RESCORING),
        *(Row(f"  of it {part}", statistics.median(taken[part]), "s") for part in taken),
        at_most("a reader while that is not committed", blocked, "s", 1.0),
    ]


def another_scheme(now: datetime) -> None:
    """The default with other weights, in force for whatever day."""
    from scoring.calculation import digest
    from scoring.defaults import default_scheme
    from scoring.models import Scheme

    rules = deepcopy(default_scheme())
    rules["case_weights"] |= {"time_limits": "6"}
    version = Scheme.objects.order_by("-version").values_list("version", flat=True)[0] + 1
    Scheme.objects.create(version=version, rules=rules, digest=digest(rules), published_at=now)


def reading_meanwhile() -> float:
    """Seconds that somebody else takes to read the scores in force of one centre; a second of waiting is an error."""
    import psycopg
    from django.db import connection

    given = connection.get_connection_params()
    place = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}
    with psycopg.connect(**place, options="-c statement_timeout=1000") as other:
        began = time.perf_counter()
        other.execute("SELECT sum(score) FROM scoring_casescore WHERE is_current AND centre_id = 4").fetchall()
        return time.perf_counter() - began


def memory_child(url: str, count: int) -> None:
    """Print the peak of rescoring so many above the first two hundred."""
    prepare_django(url, migrate=False)
    from django.db import transaction

    from qa_service.cases.services import evidence_changed
    from scoring.models import CaseScore
    from scoring.services.scores import rescore_changed

    now = datetime.now(UTC)
    ids = list(CaseScore.objects.current().order_by("pk").values_list("case_id", flat=True)[: count + 200])
    with transaction.atomic():
        another_scheme(now)
        evidence_changed(ids)
        rescore_changed(now=now, limit=200)
        base = peak()
        assert rescore_changed(now=now, limit=count) == count
        print(peak() - base)
        transaction.set_rollback(True)


def shown_at_once() -> list[Row]:
    """A new result of a file: the sweep, and the manager's page that shows it. The beat lets it wait two seconds."""
    from django.db import transaction
    from django.test import Client

    from qa_service.cases.services import evidence_changed
    from reviews.models import CaseReview
    from scoring.services.scores import rescore_changed

    manager, period = who("manager"), quarter()
    browser, door = Client(), f"{LIST}?period={period.start.year}"
    browser.force_login(manager)
    now = datetime.now(UTC)
    with transaction.atomic():
        seen = CaseReview.objects.filter(case__centre__code="centre-1", case__closed_on__year=period.start.year)
        result = seen.order_by("-case__closed_on", "-case_id")[0]
        CaseReview.objects.filter(pk=result.pk).update(superseded_at=now)
        result.pk, result.public_id, result.version, result.score = None, CaseReview().public_id, 2, Decimal("71.2345")
        result.save()
        evidence_changed(result.case_id)
        began = time.perf_counter()
        assert rescore_changed(now=now) == 1
        page = browser.get(door)
        table = browser.get(f"/scoring/standings?period={period.start.year}")
        taken = time.perf_counter() - began
        assert (page.status_code, table.status_code) == (200, 200)
        transaction.set_rollback(True)
    return [at_most("a new result in the manager's lists, with the wait for the beat", taken + BEAT, "s", SHOWN_IN)]


def lists(rounds: int) -> list[Row]:
    from django.db import connection
    from django.test import Client

    from scoring.models import CaseScore

    browser = Client()
    browser.force_login(who("supervisor"))
    last = CaseScore.objects.current().order_by("closed_on", "pk").values_list("public_id", flat=True)[40]

    def page(query: str) -> Callable[[], None]:
        def job() -> None:
            answer = browser.get(f"{LIST}{query}")
            assert answer.status_code == 200, answer.status_code
            assert answer.content.count(b"/scoring/cases/") == 30, "a full page"

        return job

    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    first, end = page(""), page(f"?after={last}")
    counts = [sql for sql, _params in statements_of(first) if "COUNT(" in sql and "scoring_casescore" in sql]
    taken = interleaved({"first": first, "end": end, "again": first}, rounds=4 * rounds, warm_up=3)
    return [
        control(one=taken["first"], other=taken["again"], name="A/A control, list"),
        ratio("last page of all scores ÷ the first", of=taken["end"], to=taken["first"], at_most=LAST_PAGE),
        Row("first page of all scores", 1000 * statistics.median(taken["first"]), "ms"),
        at_most("counts of the whole list", len(counts), "", 0),
    ]


def child(*arguments: str) -> list[str]:
    command = [sys.executable, "-m", "bench.country", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def run(*, url: str = "", country: str = "", cases: int = CASES, rounds: int = ROUNDS) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    with database(server, "small") as small, database(server, "country") as made:
        subprocess.run([sys.executable, "-m", "bench.country", "--fill", small, "--cases", str(SMALL)], check=True)
        place = country or made
        prepare_django(place, migrate=True)
        if not country:
            fill(cases)
        from django.db import connection

        from scoring.models import CaseScore

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        held = CaseScore.objects.current().count()
        (above,) = child("--memory", place, "--cases", str(5 * RESCORED))
        return [
            *sums(rounds),
            *flatness(small, place, held, rounds),
            *rescoring(min(rounds, 5)),
            at_most(f"peak of {5 * RESCORED:,} weighed anew above that of 200", float(above), "MiB", MEMORY),
            *shown_at_once(),
            *lists(rounds),
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    parser.add_argument("--country", default="")
    parser.add_argument("--fill", default="", help=argparse.SUPPRESS)
    parser.add_argument("--reports", default="", help=argparse.SUPPRESS)
    parser.add_argument("--memory", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        prepare_django(options.fill, migrate=True)
        fill(options.cases)
    elif options.reports:
        reports_child(options.reports, options.rounds)
    elif options.memory:
        memory_child(options.memory, options.cases)
    else:
        rows = run(url=options.url, country=options.country, cases=options.cases, rounds=options.rounds)
        print(measure.table(rows))
        return 0 if all(row.met is not False for row in rows) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What right standings cost the events, by several connections at once, on a throw-away PostgreSQL database.

    python -m bench.upkeep [--cases 30000] [--rounds 9] [--url postgres://…]

No sums are kept anywhere: standings add up the scores in force. So two things are to be paid for. A new result of a
file marks its case as changed, in its own transaction; the event here is the least there is: the row in force is read
and superseded, the next one written. And weighing writes scores into a table with indexes by lawyer, firm and centre,
which are all that standings are added up by. Each is measured with that upkeep and without it, once with cases from the
whole country and once with those of a single province; a row that several cases share would be seen in the latter. That
weighing a case writes no such row is looked up in what the database counted of one transaction.
"""

import argparse
import io
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from bench import measure
from bench.country import another_scheme
from bench.intake import database, prepare_django
from bench.measure import Row, at_most, control, interleaved, ratio

CASES, CENTRES = 30_000, 400
ROUNDS = 9
CONNECTIONS, EVENTS = 8, 60
WEIGHERS, WEIGHED = 4, 2_000
GOAL = 0.7
# Country, province: two steps of the tree.
PROVINCE_STEPS = 2
SUMMED_BY = tuple(f"case_{of}_{by}" for of in ("score", "voice") for by in ("lawyer", "firm", "centre"))
Places = dict[str, list[int]]


def fill(cases: int) -> None:
    from django.core.management import call_command

    call_command("generate_country", cases=cases, lawyers=cases // 15, centres=CENTRES, years=3, stdout=io.StringIO())


def places(number: int) -> Places:
    """So many cases with a score: evenly from all over the country, and of one province alone."""
    from qa_service.organisations.enums import OrganisationKind
    from qa_service.organisations.models import Organisation
    from scoring.models import CaseScore

    known = CaseScore.objects.current().order_by("case_id")
    everywhere = list(known.values_list("case_id", flat=True))
    centre = Organisation.objects.filter(kind=OrganisationKind.CENTRE).order_by("path")[0]
    province = centre.path[: PROVINCE_STEPS * Organisation.steplen]
    inside = list(known.filter(centre__path__startswith=province).values_list("case_id", flat=True))
    assert number <= len(inside) < len(everywhere) / 2, "a province is a part of the country"
    return {
        name: [ids[at * len(ids) // number] for at in range(number)]
        for name, ids in (("spread", everywhere), ("one province", inside))
    }


def new_result(case_id: int, *, marked: bool, now: datetime) -> None:
    from django.db import transaction

    from qa_service.cases.services import evidence_changed
    from reviews.models import CaseReview

    with transaction.atomic():
        row = CaseReview.objects.current().get(case=case_id)
        CaseReview.objects.filter(pk=row.pk).update(superseded_at=now)
        row.pk, row.public_id, row.version = None, uuid4(), row.version + 1
        row.save(force_insert=True)
        if marked:
            evidence_changed(case_id)


def weigh(now: datetime) -> None:
    from scoring.services.scores import rescore_changed

    while rescore_changed(now=now):
        pass


def work(url: str, orders: Connection, own: Places) -> None:
    """In a process of its own: results of the cases of one's own, or weighing whatever is marked, when told to."""
    prepare_django(url, migrate=False)
    from django.db import connection

    connection.ensure_connection()
    orders.send("ready")
    for kind, place in iter(orders.recv, ("", "")):
        now = datetime.now(UTC)
        if kind == "weigh":
            weigh(now)
        else:
            for case_id in own[place]:
                new_result(case_id, marked=kind == "marked", now=now)
        orders.send("done")


@contextmanager
def crew(url: str, number: int, chosen: Places) -> Iterator[Callable[[str, str], None]]:
    """So many processes with a share of the cases each; called with an order, they all carry it out at once."""
    spawn = multiprocessing.get_context("spawn")
    pairs = [spawn.Pipe() for _each in range(number)]
    hands = [
        spawn.Process(target=work, args=(url, there, {name: ids[at::number] for name, ids in chosen.items()}))
        for at, (_here, there) in enumerate(pairs)
    ]
    for hand in hands:
        hand.start()
    ends = [here for here, _there in pairs]

    def all_at_once(kind: str, place: str) -> None:
        for end in ends:
            end.send((kind, place))
        for end in ends:
            assert end.poll(300), "a worker has died"
            end.recv()

    try:
        for end in ends:
            assert end.poll(120), "a worker did not start"
            end.recv()
        yield all_at_once
    finally:
        for end in ends:
            end.send(("", ""))
        for hand in hands:
            hand.join(30)


def events(url: str, rounds: int) -> list[Row]:
    """New results a second with the mark ÷ without, by so many connections."""
    from qa_service.cases.models import EvidenceChange

    rows: list[Row] = []
    chosen = places(CONNECTIONS * EVENTS)
    with crew(url, CONNECTIONS, chosen) as all_at_once:
        for place, ids in chosen.items():
            taken = interleaved(
                {
                    "bare": lambda place=place: all_at_once("bare", place),  # type: ignore[misc]
                    "marked": lambda place=place: all_at_once("marked", place),  # type: ignore[misc]
                    "again": lambda place=place: all_at_once("bare", place),  # type: ignore[misc]
                },
                rounds=rounds,
                before=lambda _name: EvidenceChange.objects.all().delete(),
            )
            name = f"new results a second, {CONNECTIONS} connections, {place}"
            rows += [
                control(one=taken["bare"], other=taken["again"], name=f"A/A control, {place}"),
                ratio(f"{name}: marked ÷ not", of=taken["bare"], to=taken["marked"], at_least=GOAL),
                Row(f"{name}, marked", len(ids) / sorted(taken["marked"])[rounds // 2], "/s"),
            ]
    return rows


def weighing(url: str, rounds: int) -> list[Row]:
    """Scores weighed anew and written with the indexes that standings are summed by ÷ without, by so many workers."""
    from django.db import connection

    from qa_service.cases.models import EvidenceChange
    from qa_service.cases.services import evidence_changed
    from scoring.models import CaseScore

    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(SUMMED_BY)])
        definitions = dict(cursor.fetchall())
    assert definitions.keys() == set(SUMMED_BY)

    def ready(name: str, ids: list[int]) -> None:
        """Another method, so that every score is written anew; with the indexes or without them."""
        another_scheme(datetime.now(UTC))
        EvidenceChange.objects.all().delete()
        evidence_changed(ids)
        with connection.cursor() as cursor:
            for index, definition in definitions.items():
                cursor.execute(
                    definition.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1)
                    if name == "summed"
                    else f"DROP INDEX IF EXISTS {index}"
                )

    rows: list[Row] = []
    chosen = places(WEIGHED)
    with crew(url, WEIGHERS, chosen) as all_at_once:
        for place, ids in chosen.items():
            before = CaseScore.objects.count()
            jobs = {name: lambda: all_at_once("weigh", "") for name in ("bare", "summed", "again")}
            taken = interleaved(jobs, rounds=rounds, before=lambda name, ids=ids: ready(name, ids))  # type: ignore[misc]
            written = CaseScore.objects.count() - before
            assert written == len(ids) * len(jobs) * (rounds + 1), "every score must have been written anew"
            name = f"scores written a second, {WEIGHERS} workers, {place}"
            rows += [
                control(one=taken["bare"], other=taken["again"], name=f"A/A control, weighing, {place}"),
                ratio(f"{name}: indexes ÷ none", of=taken["bare"], to=taken["summed"], at_least=GOAL),
                Row(f"{name}, with indexes", len(ids) / sorted(taken["summed"])[rounds // 2], "/s"),
            ]
    ready("summed", [])
    return rows


def shared_rows() -> Row:
    """Tables that an event and its weighing write to and whose rows are not each of one case."""
    from django.db import connection, transaction

    from qa_service.cases.models import ReaderRequest
    from scoring.models import CaseScore

    now = datetime.now(UTC)
    settled = CaseScore.objects.current().graded().exclude(case__in=ReaderRequest.objects.values("case"))
    case_id = settled.order_by("pk").values_list("case_id", flat=True)[0]
    with transaction.atomic():
        another_scheme(now)
        with connection.cursor() as cursor:
            asked = (
                "SELECT relid, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
                " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
            )
            cursor.execute(asked)
            before = dict(cursor.fetchall())
            new_result(case_id, marked=True, now=now)
            weigh(now)
            cursor.execute(asked)
            written = [table for table, count in cursor.fetchall() if count > before.get(table, 0)]
            cursor.execute(
                "SELECT t.relname, EXISTS (SELECT FROM pg_attribute WHERE attrelid = t.oid AND attname = 'case_id')"
                " FROM pg_class t WHERE t.oid = ANY(%s)",
                [written],
            )
            found: list[tuple[str, bool]] = cursor.fetchall()
        transaction.set_rollback(True)
    assert ("scoring_casescore", True) in found, "the case must have been weighed"
    shared = [name for name, by_case in found if not by_case]
    return at_most("tables written to that are not of one case a row", len(shared), "", 0, ", ".join(shared))


def run(*, url: str = "", cases: int = CASES, rounds: int = ROUNDS) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    with database(server, "upkeep") as place:
        prepare_django(place, migrate=True)
        fill(cases)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        return [shared_rows(), *events(place, rounds), *weighing(place, rounds)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    rows = run(url=options.url, cases=options.cases, rounds=options.rounds)
    print(measure.table(rows))
    measure.write_json(rows, Path("bench-results") / "upkeep.json")
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

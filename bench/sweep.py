"""The invite sweep over a country's year of cases against the bare indexed query, on a throw-away PostgreSQL database.

    python -m bench.sweep [--cases 1000000] [--due 1000] [--rounds 25] [--url postgres://user@host/postgres]

All cases but those that are due have been asked about and are done with; one in a hundred has two clients, both drawn.
*Ours* is what a sweep reads when its hour has come: whether there are lots to draw, people drawn to ask or cases to
have done with, of which there are none here, and whose turn it is with all that asking them takes. *Bare* reads the
same columns of the same rows in the same order by the index of the cases that are not done with, and asks nothing else.
Both make the same objects of them; beside it stands the database alone:
the very statements of both, their rows fetched and thrown away. Bare runs twice a round, and the run is void when its
two halves differ by more than 5 % (A/A). Memory is measured in a process of its own for each size.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench import measure
from bench.intake import database, empty, peak, prepare_django
from bench.measure import Row, at_most, control, interleaved, ratio

CASES = 1_000_000
DUE = 1_000
ROUNDS = 25
GOAL = 1.5
CENTRES = 3_000
# One case in so many has a second client.
PAIRS = 100
BASE = 10_000_000
SMALL = 10_000
FLAT = 8
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def fill(cases: int, due: int) -> None:
    """A country's register, copied by the database from one row of every kind that was made as in life."""
    from django.db import connection

    made_as_in_life()
    # Oldest first, over a year that ends ten days ago, so that everybody's day has come.
    closed = f"date '2025-11-12' + (n::bigint * 365 / {cases})::int"
    asked_at, done, pair = f"({closed} + 5)::timestamptz", f"n <= {cases - due}", f"n % {PAIRS} = 0"
    centre, person, other = f"{BASE} + n % {CENTRES}", f"{BASE} + n", f"{2 * BASE} + n"
    text = "encode(sha256(n::text::bytea), 'hex')"
    number, other_number = f"substr({text}, 1, 63) || 'a'", f"substr({text}, 1, 63) || 'b'"
    told = {"invited_at": asked_at, "closes_at": f"{asked_at} + interval '21 days'", "created_at": asked_at}
    told |= {"late_until": f"{asked_at} + interval '60 days'", "link_digest": "NULL", "code_digest": "NULL"}
    sent = {
        "phone_index": number,
        "sid": "'S' || n",
        "reference": "'r' || n",
        "created_at": asked_at,
        "not_before": asked_at,
        "state": "'delivered'",
    }
    with connection.cursor() as cursor:
        # What refers to what is right by the numbers; looking it up again takes longer than the writing.
        cursor.execute("SET session_replication_role = replica")
        for table, where, columns in (
            (
                "organisations_organisation",
                "",
                {"id": centre, "path": "upper(to_hex(4096 + n))", "code": "'bench-' || n"},
            ),
            ("organisations_centresettings", "", {"centre_id": centre, "first_contact_delay_days": "3 + n % 3"}),
            ("organisations_firm", "", {"id": centre, "centre_id": centre, "name": "'所' || n"}),
            ("organisations_lawyer", "", {"id": centre, "licence_number": "'1' || lpad(n::text, 16, '0')"}),
        ):
            copy(cursor, table, CENTRES, where, columns)
        rows: tuple[tuple[str, str, dict[str, str]], ...] = (
            ("cases_client", "", {"id": person, "centre_id": centre, "name_index": text, "phone_index": number}),
            ("cases_client", pair, {"id": other, "centre_id": centre, "name_index": text, "phone_index": other_number}),
            ("cases_contactplan", "", {"client_id": person}),
            ("cases_contactplan", pair, {"client_id": other}),
            ("cases_case", "", {
                "id": person, "centre_id": centre, "firm_id": centre, "lawyer_id": centre, "client_id": person,
                "number": "'案' || n", "closed_on": closed, "first_seen_at": f"({closed})::timestamptz",
                "survey_released_at": f"({closed})::timestamptz", "content_hash": text,
                "survey_settled_at": f"CASE WHEN {done} THEN {asked_at} END",
            }),
            ("cases_coclient", f"{done} AND {pair}", {"case_id": person, "client_id": other}),
            ("surveys_drawnclient", f"{done} AND {pair}", {"case_id": person, "client_id": person}),
            ("surveys_drawnclient", f"{done} AND {pair}", {"case_id": person, "client_id": other}),
            ("surveys_conversation", done, {
                "id": person, "case_id": person, "recipient_id": person, "phone_index": number, **told,
            }),
            ("surveys_conversation", f"{done} AND {pair}", {
                "id": other, "case_id": person, "recipient_id": other, "phone_index": other_number, **told,
            }),
            ("surveys_message", done, {"conversation_id": person, **sent}),
        )  # fmt: skip
        with indexes_built_afterwards(cursor, {table for table, _where, _columns in rows}):
            for table, where, columns in rows:
                copy(cursor, table, cases, where, columns)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def made_as_in_life() -> None:
    from surveys import services
    from surveys.models import Conversation, DrawnClient
    from tests import factories
    from tests.surveys.factories import case_to_ask, questionnaires

    questionnaires(NOW)
    case = case_to_ask(accepted_on=date(2025, 5, 1), assigned_on=date(2025, 5, 3), filed_on=None)
    services.invite_due(now=NOW)
    services.deliver_next(now=NOW)
    Conversation.objects.update(state="expired", remind_at=None)
    DrawnClient.objects.create(case=case, client=case.client, wave="closing", lot="0", most=3, at=NOW)
    case.co_clients.create(client=factories.client(case.centre), added_at=NOW)


@contextmanager
def indexes_built_afterwards(cursor: Any, tables: set[str]) -> Iterator[None]:
    """Building one for all rows takes a fraction of the time. Those of constraints stay."""
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [list(tables)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)


def copy(cursor: Any, table: str, count: int, where: str, columns: Mapping[str, str]) -> None:
    """The first row of a table so many times, `n` counting from 1; `columns` say in SQL what is different."""
    from django.db import connection

    names = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    given = {name: f't."{name}"' for name in names if name != "id"} | dict(columns)
    if "public_id" in given:
        given["public_id"] = "gen_random_uuid()"
    quoted = ", ".join(f'"{name}"' for name in given)
    cursor.execute(
        f"INSERT INTO {table} ({quoted}) SELECT {', '.join(given.values())} "
        f"FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) t, generate_series(1, {count}) n WHERE {where or 'true'}"
    )


def finding(due: int) -> Callable[[], list[Any]]:
    """What a sweep reads before it asks anybody; it draws no lots, for there are none to draw."""
    from surveys.services.inviting.invitations import look

    def ours() -> list[Any]:
        found = look(limit=due, now=NOW)
        assert not found.others
        return found.due.turns

    return ours


def bare_finding(due: int) -> Callable[[], list[Any]]:
    """The same rows with the same joins, by the index of unsettled cases, and no question asked."""
    from qa_service.cases.models import Case
    from qa_service.cases.queries import unsettled

    rows = Case.objects.filter(unsettled(), closed_on__lte=NOW.date()).order_by("closed_on", "pk")
    related = rows.select_related("client__contact_plan", "centre__settings", "firm")[:due]
    return lambda: list(related.all())


def statements_of(job: Callable[[], Any]) -> list[tuple[str, Any]]:
    """What a job asks of the database, to be asked again by itself."""
    from django.db import connection

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        job()
    return asked


def replayed(statements: list[tuple[str, Any]]) -> Callable[[], None]:
    from django.db import connection

    def job() -> None:
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    return job


def memory_child(due: int, url: str) -> None:
    """Print how far the peak of one look of the sweep lies above the process just before it, in MiB."""
    prepare_django(url, migrate=False)
    from django.conf import settings

    from qa_service.cases.models import Case

    settings.ENCRYPTION_KEYS = os.environ["BENCH_ENCRYPTION_KEYS"].split(",")
    ours = finding(due)
    Case.objects.first()
    base = peak()
    ours()
    print(peak() - base)


def memory(due: int, url: str) -> float:
    command = [sys.executable, "-m", "bench.sweep", "--memory", "--due", str(due), "--url", url]
    from django.conf import settings

    # Those of the process that wrote the rows: the settings of tests make up new ones.
    keys = {"BENCH_ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS)}
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | keys).stdout)


def run(*, url: str = "", cases: int = CASES, due: int = DUE, rounds: int = ROUNDS) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    with database(server) as place:
        prepare_django(place, migrate=True)
        fill(min(SMALL, cases), due)
        small = memory(due, place)
        empty()
        fill(cases, due)
        return [
            *speed(cases, due, rounds),
            at_most("peak memory above that at 10,000", memory(due, place) - small, "MiB", FLAT),
        ]


def speed(cases: int, due: int, rounds: int) -> list[Row]:
    ours, bare = finding(due), bare_finding(due)
    assert [turn.case.pk for turn in ours()] == [case.pk for case in bare()], "both must have found the same"
    taken = interleaved({"bare": bare, "ours": ours, "again": bare}, rounds=rounds)
    asks, bare_asks = replayed(statements_of(ours)), replayed(statements_of(bare))
    asked = interleaved({"bare": bare_asks, "ours": asks, "again": bare_asks}, rounds=rounds)
    name = f"{due:,} due of {cases:,} cases ÷ the bare indexed query"
    return [
        control(one=taken["bare"], other=taken["again"]),
        ratio(f"{name}, time", of=taken["ours"], to=taken["bare"], at_most=GOAL),
        control(one=asked["bare"], other=asked["again"], name="A/A control, the database alone"),
        ratio(f"{name}, the database alone", of=asked["ours"], to=asked["bare"]),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        memory_child(options.due, options.url)
        return 0
    rows = run(url=options.url, cases=options.cases, due=options.due, rounds=options.rounds)
    print(measure.table(rows))
    measure.write_json(rows, Path("bench-results") / "sweep.json")
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

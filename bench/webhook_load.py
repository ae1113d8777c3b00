"""What an inbound text costs with a country's invitations in the database, and while the provider is slow.

    python -m bench.webhook_load [--many 1500000] [--rounds 21] [--url postgres://…] [--broker redis://…]

The same signed texts, each of which answers its question, to the same web server, on throw-away PostgreSQL databases.
*Few* has 1,000 invitations, *many* has 1,500,000 that are alike, those who answer spread evenly among them. Few is
asked twice a round, by two web servers, and the run is void when its two halves differ by more than 5 % (A/A).

The second figure is of one server beside a real worker. *Slow*: the provider takes 10 s to answer, and the worker has
texts at it from before the first request until after the last; the rounds of which this was true are counted. *Calm*:
all is sent and the worker waits. Calm is asked twice as well.
"""

import argparse
import itertools
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import time as hour
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import measure
from bench.delivery import CODES, QUEUE, worker
from bench.intake import database
from bench.measure import Row, at_least, control, interleaved, within
from bench.sweep import copy, indexes_built_afterwards
from bench.webhook import Request, poster, server, signed

if TYPE_CHECKING:
    from tests.fakes.twilio import Fake

FEW, MANY = 1_000, 1_500_000
# As many answer, however many were invited.
SENDERS = 1_000
ROUNDS, REQUESTS = 21, 15
BOUNDS = (0.9, 1.1)
SLOW_SECONDS = 10.0
BASE = 10_000_000
PATIENCE_SECONDS, REST_SECONDS = 60, 0.5
INBOUND = "/webhooks/twilio/inbound"


def phone(position: int) -> str:
    return f"+8525{position:07d}"


def fill(invited: int) -> None:
    """So many invitations like the one that is there, copied by the database."""
    from django.db import connection

    text = "encode(sha256(n::text::bytea), 'hex')"
    number = f"COALESCE((SELECT answers.phone_index FROM answers WHERE answers.place = n), {text})"
    key = f"{BASE} + n"
    rows: tuple[tuple[str, dict[str, str]], ...] = (
        ("cases_client", {"id": key, "name_index": text, "phone_index": number}),
        ("cases_contactplan", {"client_id": key}),
        ("cases_case", {"id": key, "client_id": key, "number": "'案' || n", "content_hash": text}),
        ("surveys_conversation", {
            "id": key, "case_id": key, "recipient_id": key, "phone_index": number,
            "link_digest": "encode(sha256(('link' || n)::bytea), 'hex')",
        }),
        ("surveys_message", {
            "conversation_id": key, "phone_index": number, "reference": "'r' || n",
            "sid": f"'SM' || substr({text}, 1, 32)",
        }),
    )  # fmt: skip
    with connection.cursor() as cursor:
        spread(cursor, invited)
        # What refers to what is right by the numbers; looking it up again takes longer than the writing.
        cursor.execute("SET session_replication_role = replica")
        with indexes_built_afterwards(cursor, {table for table, _columns in rows}):
            for table, columns in rows:
                copy(cursor, table, invited, "", columns)
        cursor.execute("SET session_replication_role = origin")
        for table, _columns in rows:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def spread(cursor: Any, invited: int) -> None:
    """Whose invitations the telephones are that will answer: evenly many between one and the next."""
    from qa_service.common.encryption import blind_index

    cursor.execute("CREATE TEMPORARY TABLE answers (place int PRIMARY KEY, phone_index text)")
    step = invited // SENDERS
    places = [(step * position, blind_index(phone(position))) for position in range(1, SENDERS + 1)]
    cursor.executemany("INSERT INTO answers VALUES (%s, %s)", places)


def found() -> None:
    """The tables, and one invitation made as in life."""
    from django.core.management import call_command
    from django.utils import timezone

    from surveys import services
    from surveys.models import Message
    from tests import factories

    call_command("migrate", verbosity=0)
    now = timezone.now()
    services.publish_defaults(now=now)
    open_all_day = {"first_contact_delay_days": 0, "contact_opens": hour(0), "contact_closes": hour(23, 59, 59)}
    unlimited = {"texts_a_day": 10_000_000, "texts_a_month": 100_000_000}
    centre = factories.centre(settings={"sms_enabled": True, **open_all_day, **unlimited})
    factories.case(centre, client=factories.client(centre, phone=phone(0)), survey_released_at=now)
    assert services.invite_due(now=now).by_text == 1
    Message.objects.update(state="delivered", rank=4, attempts=1, tries=1, sid="SM0", sent_at=now, settled_at=now)


def surroundings(folder: str) -> dict[str, str]:
    """Of every process: one folder, so the same keys."""
    from tests.fakes import twilio as fake

    return {
        **{name: str(fake.IN_USE[name]) for name in CODES},
        "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded",
        "DATA_DIR": folder,
        "PUBLIC_BASE_URL": "http://127.0.0.1",
        "SMS_GATEWAY": "twilio",
        "LOG_LEVEL": "CRITICAL",
    }


@dataclass(slots=True)
class Place:
    """One database of so many invitations, and those who have not answered there yet, in an order of no meaning."""

    url: str
    invited: int
    texts: Iterator[Request] = field(init=False)

    def __post_init__(self) -> None:
        phones = [phone(position) for position in range(1, SENDERS + 1)]
        random.Random(self.invited).shuffle(phones)
        self.texts = signed(phones, INBOUND)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"DATABASE_URL": self.url}

    def asked(self, post: Callable[[Request], None]) -> Callable[[], None]:
        def job() -> None:
            for request in itertools.islice(self.texts, REQUESTS):
                post(request)

        return job


def child(url: str, *options: str) -> None:
    """A part of this program in a process of its own: one knows one database."""
    command = [sys.executable, "-m", "bench.webhook_load", *options]
    subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=True)


def served(stack: ExitStack, place: Place) -> Callable[[Request], None]:
    """A way to post to a web server of its own."""
    listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    stack.enter_context(server(listening, environment=place.environment))
    # Our one connection is made before the web server sets this on the socket it takes over.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return poster(listening.getsockname()[1])


def answered(place: Place) -> int:
    """How many have answered, as the database has it: a request that is quickly refused looks like a good figure."""
    import psycopg

    with psycopg.connect(place.url) as connection:
        row = connection.execute("SELECT count(*) FROM surveys_conversation WHERE state = 'finished'").fetchone()
    return row[0] if row else 0


def by_size(few: Place, many: Place, *, rounds: int) -> list[Row]:
    with ExitStack() as stack:
        # One process is not as fast as the next: the control has one of its own, as the two that are compared have.
        jobs = {
            name: place.asked(served(stack, place)) for name, place in {"few": few, "many": many, "again": few}.items()
        }
        taken = interleaved(jobs, rounds=rounds)
    asked = (rounds + 1) * REQUESTS
    assert (answered(few), answered(many)) == (2 * asked, asked), (answered(few), answered(many))
    name = f"inbound text, {many.invited:,} invitations ÷ {few.invited:,}, time"
    return [
        control(one=taken["few"], other=taken["again"], name="A/A control, few invitations"),
        within(name, of=taken["many"], to=taken["few"], bounds=BOUNDS),
    ]


def beside_a_slow_provider(place: Place, *, broker: str, rounds: int) -> list[Row]:
    """The parent's own connection is to this database."""
    from tests.fakes import twilio as fake

    held: list[bool] = []
    with fake.running() as provider, ExitStack() as stack:
        ask = place.asked(served(stack, place))
        sends = {"BROKER_URL": broker, "TWILIO_API_BASE_URL": provider.address, "SMS_TIMEOUT_SECONDS": "30"}
        stack.enter_context(worker(place.environment | sends, concurrency=1))

        def ask_meanwhile() -> None:
            at_provider = provider.taking()
            ask()
            held.append(bool(at_provider & provider.taking()))

        def make_ready(name: str) -> None:
            if name == "slow":
                keep_waiting(provider)
            else:
                let_all_leave(provider)

        taken = interleaved({"calm": ask, "slow": ask_meanwhile, "again": ask}, rounds=rounds, before=make_ready)
        provider.faults.answers_after = 0.0
    assert answered(place) == 3 * (rounds + 1) * REQUESTS, answered(place)
    name = "inbound text, the provider takes 10 s ÷ nothing being sent, time"
    return [
        control(one=taken["calm"], other=taken["again"], name="A/A control, nothing being sent"),
        within(name, of=taken["slow"], to=taken["calm"], bounds=BOUNDS),
        at_least("  rounds with a text at the provider from first to last", sum(held[-rounds:]), "", rounds),
    ]


def keep_waiting(provider: "Fake") -> None:
    """From here on the provider takes its time, and has been asked to take what the last answers are followed by."""
    from surveys.models import Message
    from surveys.tasks import deliver

    provider.faults.answers_after = SLOW_SECONDS
    assert Message.objects.filter(state="queued").exists(), "there must be something to send"
    deliver.apply_async(queue=QUEUE)
    until(lambda: bool(provider.taking()))


def let_all_leave(provider: "Fake") -> None:
    """What is at the provider is answered when its time is over, the rest at once."""
    from surveys.models import Message
    from surveys.tasks import deliver

    provider.faults.answers_after = 0.0
    until(lambda: not provider.taking())
    waiting = Message.objects.filter(state__in=("queued", "sending"))
    if waiting.exists():
        deliver.apply_async(queue=QUEUE)
        until(lambda: not waiting.exists())
    # The worker looks once more before it rests; what is queued after that look waits until it is woken.
    time.sleep(REST_SECONDS)


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends, "the worker did not send"
        time.sleep(0.02)


def run(*, url: str = "", broker: str = "", many: int = MANY, rounds: int = ROUNDS) -> list[Row]:
    url = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    broker = broker or os.environ.get("BENCH_BROKER_URL", "") or "redis://127.0.0.1:6379/0"
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-webhook-load-"))
        # Of which the web server would say that it is missing.
        (Path(folder) / "static").mkdir()
        os.environ |= surroundings(folder) | {"BROKER_URL": broker}
        child(stack.enter_context(database(url, "first")), "--found")
        sizes = {"beside": FEW, "few": FEW, "many": many}
        urls = {label: stack.enter_context(database(url, label, like="first")) for label in sizes}
        os.environ["DATABASE_URL"] = urls["beside"]
        import django

        django.setup()
        beside, *others = (Place(urls[label], invited) for label, invited in sizes.items())
        # No worker listens to what the web servers ring for: theirs is the broker of files in the folder.
        del os.environ["BROKER_URL"]
        child(beside.url, "--fill", str(beside.invited))
        rows = beside_a_slow_provider(beside, broker=broker, rounds=rounds)
        for place in others:
            child(place.url, "--fill", str(place.invited))
        return [*by_size(*others, rounds=rounds), *rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    parser.add_argument("--broker", default="")
    parser.add_argument("--found", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.found or options.fill:
        import django

        django.setup()
        found() if options.found else fill(options.fill)
        return 0
    rows = run(url=options.url, broker=options.broker, many=options.many, rounds=options.rounds)
    print(measure.table(rows))
    measure.write_json(rows, Path("bench-results") / "webhook_load.json")
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

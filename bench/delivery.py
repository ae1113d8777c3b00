"""Texts from the outbox to the provider, on a throw-away PostgreSQL database and a real broker, by a real worker.

    python -m bench.delivery [--texts 1000] [--rounds 9] [--limited 2000] [--url postgres://…] [--broker redis://…]

*Ours* is one `surveys.deliver`, as the sweep runs it: claimed, looked at once more, counted, handed over, sent through
the memory gateway and marked, in groups. *One task each* is the usual design: a task is queued for every text; it reads
the row, sends through the same gateway and marks it, and checks nothing. Both are timed from the first wake-up until
the last row is marked, one after the other, by the same worker of one process. The usual design runs twice a round,
and the run is void when its two halves differ by more than 5 % (A/A).

Beside the time stands the processor time of the worker and of whoever queued: a busy machine does not change it much.

The second figure is of a provider that takes 20 texts a second and answers 429 beyond: our rate is set to its, as an
operator would, and the worker is woken every two seconds, as beat does. How often it was too fast is counted.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time as hour
from datetime import timedelta
from pathlib import Path

from celery import shared_task

from bench import measure
from bench.intake import database
from bench.measure import Row, at_most, control, interleaved, ratio
from prove.workers import Workers

QUEUE = "bench-delivery"
TEXTS, ROUNDS, GOAL = 1_000, 9, 10.0
LIMITED, PER_SECOND, GOAL_SECONDS = 2_000, 20, 110
CODES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID")
PATIENCE_SECONDS = 400


@shared_task(name="bench.one_task_each", acks_late=False)
def one_task_each(key: int) -> None:
    """The usual design, in its fastest dress: acknowledged before it runs, one row read, one row written."""
    from django.utils import timezone

    from surveys.models import Message
    from surveys.sms import active_gateway
    from surveys.sms.base import Sms

    gateway = active_gateway()
    assert gateway is not None
    message = Message.objects.get(pk=key)
    receipt = gateway.send(Sms(reference=message.reference or "", to=message.phone, body=message.body, valid_for=3600))
    message.state, message.sid, message.sent_at = "accepted", receipt.sid, timezone.now()
    message.save(update_fields=["state", "sid", "sent_at"])


def surroundings(url: str, broker: str, folder: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded",
        "DATABASE_URL": url,
        "BROKER_URL": broker,
        "DATA_DIR": folder,
        "SMS_GATEWAY": "memory",
        "LOG_LEVEL": "CRITICAL",
    }


def limited(address: str, *, segments: int) -> dict[str, str]:
    """What an operator sets for a provider of so many texts a second."""
    from tests.fakes import twilio as fake

    return {
        **{name: str(fake.IN_USE[name]) for name in CODES},
        "SMS_GATEWAY": "twilio",
        "TWILIO_API_BASE_URL": address,
        "SMS_SEGMENTS_PER_SECOND": str(PER_SECOND * segments),
        "SMS_SEGMENT_BURST": str(PER_SECOND * segments // 2),
    }


def fill(texts: int) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from tests import factories
    from tests.surveys.waiting import invitations_waiting

    call_command("migrate", verbosity=0)
    centre = factories.centre(
        settings={
            "sms_enabled": True,
            "first_contact_delay_days": 0,
            "contact_opens": hour(0),
            "contact_closes": hour(23, 59, 59),
            "texts_a_day": 10_000_000,
            "texts_a_month": 100_000_000,
        }
    )
    invitations_waiting(centre, texts, now=timezone.now())


def wait(texts: int, *, gateway: str = "memory") -> None:
    """As many in the outbox as are named, as if nothing had happened yet; the others are out of the way."""
    from django.db import connection
    from django.utils import timezone

    from surveys.models import Message, Sender, TextCount

    fresh = {"attempts": 0, "tries": 0, "rank": 0, "sid": None, "lease_until": None, "handed_at": None}
    Message.objects.update(state="suppressed", gateway=gateway, **fresh)
    keys = list(Message.objects.order_by("pk").values_list("pk", flat=True)[:texts])
    Message.objects.filter(pk__in=keys).update(state="queued", not_before=timezone.now() - timedelta(minutes=1))
    TextCount.objects.all().delete()
    Sender.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_message")


def marked(texts: int, *, meanwhile: Callable[[], None] = lambda: None) -> None:
    """:raises AssertionError: not all are marked although there was time."""
    from surveys.models import Message

    taken = Message.objects.filter(state="accepted")
    ends = time.monotonic() + PATIENCE_SECONDS
    while taken.count() < texts:
        assert time.monotonic() < ends, dict(states())
        meanwhile()
        time.sleep(0.01)


def states() -> list[tuple[str, int]]:
    from django.db.models import Count

    from surveys.models import Message

    return list(Message.objects.order_by().values_list("state").annotate(number=Count("pk")))


@contextmanager
def worker(environment: dict[str, str], *, concurrency: int) -> Iterator[Workers]:
    """Behind the queue. It takes several tasks ahead and is never renewed: the usual design is faster so."""
    from celery import current_app

    with current_app.connection_for_write() as broker:
        channel = broker.default_channel
        channel.queue_declare(QUEUE)  # type: ignore[attr-defined]  # each transport's own
        channel.queue_purge(QUEUE)  # type: ignore[attr-defined]
    more = (
        *("--queues", QUEUE, "--include", "bench.delivery"),
        *("--prefetch-multiplier", "16", "--max-tasks-per-child", "1000000"),
    )
    workers = Workers(
        folder=Path(environment["DATA_DIR"]),
        environment=environment,
        pool="prefork",
        concurrency=concurrency,
        more=more,
    )
    workers.start_worker()
    try:
        yield workers
    finally:
        workers.stop()


def against_one_task_each(environment: dict[str, str], *, texts: int, rounds: int) -> list[Row]:
    from surveys.models import Message
    from surveys.tasks import deliver

    spent: dict[str, list[float]] = {"usual": [], "ours": []}

    def usual() -> None:
        for key in Message.objects.filter(state="queued").values_list("pk", flat=True):
            one_task_each.apply_async((key,), queue=QUEUE)

    def ours() -> None:
        deliver.apply_async(queue=QUEUE)

    def job(name: str, wake: Callable[[], None]) -> Callable[[], None]:
        def whole() -> None:
            before, own = workers.processor_seconds(), time.process_time()
            wake()
            own = time.process_time() - own
            marked(texts)
            spent[name].append(own + workers.processor_seconds() - before)

        return whole

    with worker(environment, concurrency=1) as workers:
        taken = interleaved(
            {"usual": job("usual", usual), "ours": job("ours", ours), "again": job("usual", usual)},
            rounds=rounds,
            before=lambda _name: wait(texts),
        )
    name = f"{texts:,} texts: one task each ÷ ours"
    usual_spent = [sum(pair) / 2 for pair in zip(*[iter(spent["usual"][-2 * rounds :])] * 2, strict=True)]
    return [
        control(one=taken["usual"], other=taken["again"]),
        ratio(f"{name}, time", of=taken["usual"], to=taken["ours"], at_least=GOAL),
        ratio(f"{name}, processor time", of=usual_spent, to=spent["ours"][-rounds:]),
        Row("ours, texts a second", texts / min(taken["ours"]), "/s", note="the best round"),
        Row("one task each, texts a second", texts / min(taken["usual"]), "/s", note="the best round"),
    ]


def against_a_slow_provider(environment: dict[str, str], *, texts: int) -> list[Row]:
    from django.conf import settings

    from surveys.models import Message
    from surveys.tasks import deliver
    from tests.fakes import twilio as fake

    segments = Message.objects.values_list("segments", flat=True).first() or 1
    schedule = settings.CELERY_BEAT_SCHEDULE["surveys.deliver"]["schedule"]
    assert isinstance(schedule, int)
    wait(texts, gateway="twilio")
    with fake.running(fake.Faults(per_second=PER_SECOND)) as provider:
        environment = environment | limited(provider.address, segments=segments)
        with worker(environment, concurrency=2):
            deliver.apply_async(queue=QUEUE, expires=60)
            while not provider.messages:  # the start of the worker is not what is measured
                time.sleep(0.01)
            began = woken = time.monotonic()

            def wake() -> None:
                nonlocal woken
                if time.monotonic() - woken >= schedule:
                    woken = time.monotonic()
                    deliver.apply_async(queue=QUEUE, expires=schedule)

            marked(texts, meanwhile=wake)
            seconds = time.monotonic() - began
        twice = sum(count > 1 for count in provider.creates().values())
    limit = GOAL_SECONDS * texts / LIMITED
    name = f"{texts:,} texts to a provider of {PER_SECOND} a second"
    return [
        at_most(name, seconds, "s", limit),
        Row("  of them too fast for it (429)", provider.too_fast, ""),
        at_most("  of them sent twice", twice, "", 0),
    ]


def run(
    *, url: str = "", broker: str = "", texts: int = TEXTS, rounds: int = ROUNDS, limited: int = LIMITED
) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    broker = broker or os.environ.get("BENCH_BROKER_URL", "") or "redis://127.0.0.1:6379/0"
    with tempfile.TemporaryDirectory(prefix="bench-delivery-") as folder, database(server) as place:
        environment = os.environ | surroundings(place, broker, folder)
        os.environ |= environment
        import django

        django.setup()
        fill(max(texts, limited))
        return [
            *against_one_task_each(environment, texts=texts, rounds=rounds),
            *(against_a_slow_provider(environment, texts=limited) if limited else ()),
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--limited", type=int, default=LIMITED, help="texts to the slow provider; 0 leaves it out")
    parser.add_argument("--url", default="")
    parser.add_argument("--broker", default="")
    options = parser.parse_args()
    rows = run(**vars(options))
    print(measure.table(rows))
    measure.write_json(rows, Path("bench-results") / "delivery.json")
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

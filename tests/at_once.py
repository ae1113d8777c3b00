"""Two acts at the same moment, each in a thread and on a connection of its own; SQLite makes writers queue."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from time import monotonic
from typing import Any

from django.db import connection, transaction


@contextmanager
def just_before(statement: str, act: Callable[[], object]) -> Iterator[None]:
    """Somebody else acts once, between two statements of what runs inside: before the first that begins like this."""
    waiting = [act]

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and sql.startswith(statement):
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert not waiting, f"no statement began {statement}"


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Start all acts together; returns what they raised."""
    start, raised = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(5)
            act()
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return raised


@contextmanager
def meanwhile(act: Callable[[], object], *, before: str, waits: bool) -> Iterator[None]:
    """`act` on another connection, begun before the first statement that says so; `waits`: it cannot end till we do."""
    threads: list[Thread] = []

    def elsewhere() -> None:
        try:
            act()
        finally:
            connection.close()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if before in sql and not threads:
            threads.append(Thread(target=elsewhere))
            threads[0].start()
            threads[0].join(1 if waits else 30)
            assert threads[0].is_alive() is waits
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert threads, "nothing was asked of the database that says so"
    threads[0].join(30)


def _until_it_waits_or_ends(following: Thread) -> None:
    """For another's lock, as the server says; at most as long as the first waits for the second."""
    waits = (
        "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
    )
    latest = monotonic() + 9
    with connection.cursor() as cursor:
        while following.is_alive() and monotonic() < latest:
            cursor.execute(waits)
            if cursor.fetchone() == (True,):
                return
            following.join(0.01)


def one_while_the_other_is_at_it(
    first: Callable[[], object], second: Callable[[], object], *, then: Callable[[], object] = lambda: None
) -> list[BaseException]:
    """The first act is done and not committed when the second begins; returns what they raised, in this order.

    `then` is what the first goes on to in the same transaction, when the second waits for it or has ended.
    """
    begun, commit = Event(), Event()

    def holding() -> None:
        with transaction.atomic():
            first()
            begun.set()
            commit.wait(10)
            then()

    def following() -> None:
        begun.wait(10)
        second()

    raised: dict[str, BaseException] = {}

    def run(name: str, act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            raised[name] = error
        finally:
            begun.set()
            connection.close()

    threads = [Thread(target=run, args=["first", holding]), Thread(target=run, args=["second", following])]
    for thread in threads:
        thread.start()
    begun.wait(10)
    _until_it_waits_or_ends(threads[1])
    commit.set()
    for thread in threads:
        thread.join(20)
    return [raised[name] for name in ("first", "second") if name in raised]

"""`python -m prove delivery`: whatever dies and whenever, no text is lost and none sent twice.

Workers are killed, the database is crashed, and the provider fails, drops its answers and takes texts it says it did
not. With the defence switched off (a row is sent, then marked) texts must be doubled: else this would prove nothing.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prove import cluster
from prove.cluster import Cluster
from prove.killer import Killer, Progress, crash_at_random
from prove.workers import Workers
from tests.fakes import twilio as fake

ROOT = Path(__file__).resolve().parent.parent
FAULTS = fake.Faults(dropped_reply=0.02, error_before=0.01, error_after=0.01, too_many=0.02, slowest_seconds=0.15)
# Of texts: those whose outcome stays unclear after a second sending. More means that sending itself does not work.
LEFT_TO_A_PERSON = 0.05
ENDED = ("accepted", "sent", "delivered", "undelivered", "failed", "suppressed")
# Looking costs a process each time, so it is seldom done before the end is near.
NEAR_THE_END = 0.95
LOOK_SECONDS, SELDOM_SECONDS = 3, 20


@dataclass(frozen=True, slots=True)
class Trial:
    """What one run is to go through. `restarts`: immediate ones, of a PostgreSQL server of its own."""

    invitations: int
    kills: int
    restarts: int
    seed: int
    # Seconds after which it is given up.
    limit: float
    defended: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    defence: str
    invitations: int
    kills: int
    group_kills: int
    restarts: int
    seconds: float
    sent_once: int
    duplicated: int
    lost: int
    waiting_for_a_person: int
    states: dict[str, int]
    seed: int
    database: str
    workers: str
    asked: Trial = field(repr=False)

    @property
    def holds(self) -> bool:
        """What must be true: with the defence nothing lost or doubled and little left over, without it some doubled."""
        if not self.asked.defended:
            return self.duplicated > 0
        few = self.waiting_for_a_person <= self.invitations * LEFT_TO_A_PERSON
        went_through = self.kills >= self.asked.kills and self.restarts >= self.asked.restarts
        return self.lost == 0 and self.duplicated == 0 and few and went_through


def prove(trials: list[Trial]) -> list[Result]:
    results = []
    for trial in trials:
        print(
            f"defence {'on' if trial.defended else 'off'}: {trial.invitations} invitations, {trial.kills} kills, "
            f"{trial.restarts} restarts of the database …",
            flush=True,
        )
        results.append(run(trial))
    return results


def run(trial: Trial) -> Result:
    """One trial in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="prove-") as folder,
        fake.running(FAULTS, seed=trial.seed) as provider,
        database(trial) as server,
    ):
        environment = surroundings() | {
            "DJANGO_SETTINGS_MODULE": "prove.settings",
            "PROVE_DEFENCE": "on" if trial.defended else "off",
            "DATA_DIR": folder,
            "TWILIO_API_BASE_URL": provider.address,
            "LOG_LEVEL": "CRITICAL",
        }
        if server is not None:
            environment["DATABASE_URL"] = server.url
        rows("prepare", environment, trial.invitations)
        pool = "prefork" if environment.get("BROKER_URL") else "threads"
        workers = Workers(folder=Path(folder), environment=environment, pool=pool)
        killer, seconds = through(trial, workers, provider, server)
        states = rows("count", environment)
        references = set(rows("taken", environment))
        creates = provider.creates()
    accounted = sum(states.get(state, 0) for state in (*ENDED, "needs_human"))
    return Result(
        defence="on" if trial.defended else "off",
        invitations=trial.invitations,
        kills=killer.of_children + killer.of_groups,
        group_kills=killer.of_groups,
        restarts=server.crashes if server else 0,
        seconds=round(seconds, 1),
        sent_once=sum(count == 1 for count in creates.values()),
        duplicated=sum(count > 1 for count in creates.values()),
        # Not ended and not waiting for a person, or said to be taken while the provider never saw it.
        lost=trial.invitations - accounted + len(references - set(creates)),
        waiting_for_a_person=states.get("needs_human", 0),
        states=states,
        seed=trial.seed,
        database=environment.get("DATABASE_URL", "sqlite").partition(":")[0],
        workers=pool,
        asked=trial,
    )


def through(trial: Trial, workers: Workers, provider: fake.Fake, server: Cluster | None) -> tuple[Killer, float]:
    """Work, kill and crash until every text has ended or waits for a person. Returns the seconds that took."""
    progress = Progress(texts=trial.invitations, taken=lambda: len(provider.messages))
    killer = Killer(workers=workers, progress=progress, chance=random.Random(trial.seed))
    trouble = [threading.Thread(target=killer.kill, args=(trial.kills,), daemon=True)]
    if server is not None:
        chances = {"progress": progress, "chance": random.Random(trial.seed + 1)}
        trouble.append(
            threading.Thread(target=crash_at_random, args=(server.crash, trial.restarts), kwargs=chances, daemon=True)
        )
    began = time.monotonic()
    workers.start_beat()
    workers.start_worker()
    for thread in trouble:
        thread.start()
    try:
        wait_for_the_end(workers.environment, progress, server, until=began + trial.limit)
    finally:
        seconds = time.monotonic() - began
        progress.over.set()
        for thread in trouble:
            thread.join(timeout=60)
        workers.stop()
    return killer, seconds


def wait_for_the_end(environment: dict[str, str], progress: Progress, server: Cluster | None, *, until: float) -> None:
    """Until every text has ended or waits for a person, or the time is over."""
    looked = time.monotonic()
    while time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        near = progress.taken() >= progress.texts * NEAR_THE_END
        if not near and time.monotonic() - looked < SELDOM_SECONDS:
            continue
        with server.steady if server else nullcontext():
            states = rows("count", environment)
        looked = time.monotonic()
        if sum(states.get(state, 0) for state in (*ENDED, "needs_human")) == progress.texts:
            return


@contextmanager
def database(trial: Trial) -> Iterator[Cluster | None]:
    """A server to be crashed, where that is asked for; else what is named for this test, or a file."""
    binaries = cluster.server_binaries() if trial.restarts else None
    if binaries is None:
        yield None
        return
    with cluster.running(binaries) as server:
        yield server


def surroundings() -> dict[str, str]:
    """This process's environment, with the database and the broker that are named for this test or none."""
    own = {name: os.environ.get(f"PROVE_{name}", "") for name in ("DATABASE_URL", "BROKER_URL")}
    # Each may also be given as a file, by a name that ends in _FILE.
    others = {name: value for name, value in os.environ.items() if not name.startswith(tuple(own))}
    return others | {name: value for name, value in own.items() if value}


def rows(what: str, environment: dict[str, str], *arguments: object) -> Any:
    """Look at the database from a process of its own: this one never opens it."""
    command = [sys.executable, "-m", "prove.rows", what, *map(str, arguments)]
    answer = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def table(results: list[Result]) -> str:
    head = (
        "defence", "database", "invitations", "kills", "of groups", "restarts", "seconds", "sent once", "twice or more",
        "lost", "to a person",
    )  # fmt: skip
    body = [
        (
            result.defence, result.database, result.invitations, result.kills, result.group_kills, result.restarts,
            result.seconds, result.sent_once, result.duplicated, result.lost, result.waiting_for_a_person,
        )
        for result in results
    ]  # fmt: skip
    return "\n".join("  ".join(f"{value!s:>13}" for value in line) for line in (head, *body))

"""Starting a real worker and its beat, and killing what works at moments nobody chose."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CELERY = (sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "--app", "qa_service")
WHOLE_GROUP = 0.1
PATIENCE_SECONDS = 30
QUIET = ("--loglevel", "critical")


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@dataclass(slots=True)
class Victim:
    """A worker in its own group, its beat, and the thread that kills."""

    folder: Path
    environment: dict[str, str]
    chance: random.Random
    # As the service is run: threads with the embedded broker, processes with a real one.
    pool: str
    # How many texts the provider has taken: a worker is killed only once it works, or nothing would be tested.
    taken: Callable[[], int]
    kills_of_children: int = 0
    kills_of_groups: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    worker: "subprocess.Popen[bytes] | None" = None
    beat: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        schedule = str(self.folder / "beat")
        self.beat = self._spawn("beat", "--schedule", schedule, "--pidfile", "")
        self._start_worker()

    def _start_worker(self) -> None:
        self.worker = self._spawn(
            "worker", "--pool", self.pool, "--concurrency", "2", "--without-gossip", "--without-mingle",
            "--without-heartbeat",
        )  # fmt: skip

    def _spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [*CELERY, *arguments, *QUIET], env=self.environment, start_new_session=True, stdout=log, stderr=log
            )

    def kill_at_random(self) -> None:
        """Until stopped: one process of several, now and then the whole worker, started again."""
        while not self.stopping.is_set():
            self._let_it_work()
            assert self.worker is not None
            working = children(self.worker.pid)
            if working and self.chance.random() > WHOLE_GROUP:
                self._kill(self.chance.choice(working))
                self.kills_of_children += 1
            else:
                self._kill_group()
                self.kills_of_groups += 1
                self._start_worker()

    def _let_it_work(self) -> None:
        """Until it has sent something since the last kill, and then for a moment of random length."""
        before, gives_up = self.taken(), time.monotonic() + PATIENCE_SECONDS
        while self.taken() == before and time.monotonic() < gives_up and not self.stopping.wait(0.02):
            pass
        self.stopping.wait(self.chance.uniform(0.0, 1.5))

    def _kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _kill_group(self) -> None:
        assert self.worker is not None
        for pid in (*children(self.worker.pid), self.worker.pid):
            self._kill(pid)
        self.worker.wait(timeout=10)

    def stop(self) -> None:
        self.stopping.set()
        time.sleep(1)
        self._kill_group()
        if self.beat is not None:
            self.beat.kill()
            self.beat.wait(timeout=10)

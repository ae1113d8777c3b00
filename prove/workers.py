"""A real worker and its beat, as processes that can be killed."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CELERY = (sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "--app", "qa_service")
QUIET = ("--loglevel", "critical")


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass(slots=True)
class Workers:
    """The worker in its own group, so that all of it can die at once. Each writes its log into the folder."""

    folder: Path
    environment: dict[str, str]
    # As the service is run: threads with the embedded broker, processes with a real one.
    pool: str
    concurrency: int = 2
    more: tuple[str, ...] = ()
    worker: "subprocess.Popen[bytes] | None" = None
    beat: "subprocess.Popen[bytes] | None" = None

    def start_beat(self) -> None:
        self.beat = self._spawn("beat", "--schedule", str(self.folder / "beat"), "--pidfile", "")

    def start_worker(self) -> None:
        self.worker = self._spawn(
            "worker", "--pool", self.pool, "--concurrency", str(self.concurrency), "--without-gossip",
            "--without-mingle", "--without-heartbeat", *self.more,
        )  # fmt: skip

    def _spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [*CELERY, *arguments, *QUIET], env=self.environment, start_new_session=True, stdout=log, stderr=log
            )

    def working(self) -> list[int]:
        """The processes of a pool of processes."""
        return children(self.worker.pid) if self.worker else []

    def processor_seconds(self) -> float:
        """What the living processes of the worker have used so far."""
        assert self.worker is not None
        stats = [Path(f"/proc/{pid}/stat").read_text() for pid in (self.worker.pid, *self.working())]
        # After the name, which may hold anything: user and system time are the 12th and 13th fields from there.
        ticks = sum(int(ticks) for stat in stats for ticks in stat.rpartition(")")[2].split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill_all(self) -> None:
        if self.worker is None:
            return
        for pid in (*self.working(), self.worker.pid):
            kill(pid)
        self.worker.wait(timeout=10)

    def stop(self) -> None:
        self.kill_all()
        if self.beat is not None:
            self.beat.kill()
            self.beat.wait(timeout=10)

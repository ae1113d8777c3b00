"""Keep a few processes running until told to stop: the parent of the embedded mode.

Run by file path and made of the standard library alone, so that the process that only waits costs a dozen megabytes
and not a loaded Django. `manage.py serve` prepares everything (lock, listening socket, migrations), then becomes this
program by exec, handing the open lock and socket down.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final, TextIO

STOP_SECONDS: Final = 4.0
STEADY_SECONDS: Final = 30.0
MAX_QUICK_FAILURES: Final = 5
PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True)
class Program:
    """What to run: a name for the log, and the command."""

    name: str
    argv: list[str]


@dataclass(frozen=True)
class Plan:
    """All there is to keep running; `greeting` is printed once the web server first answers on `host`:`port`, asked by
    a name that it answers to.
    """

    programs: list[Program]
    greeting: str
    host: str
    port: int
    keep_open: list[int]
    # What is said of a program that ends, in the words of whoever started us.
    ended: str = "%(name)s ended (%(how)s); starting it again in %(seconds)s s."
    gave_up: str = "%(name)s stopped %(count)s times in a row; see its lines above."
    first_wait: float = 1.0
    name: str = "localhost"

    @classmethod
    def from_json(cls, text: str) -> Plan:
        raw = json.loads(text)
        return cls(**{**raw, "programs": [Program(**program) for program in raw["programs"]]})


def as_json(plan: Plan) -> str:
    return json.dumps(asdict(plan))


def delay_before_start(*, quick_failures: int, first_wait: float) -> float:
    """Seconds to wait before the next start: none at first, then `first_wait`, twice that, … up to 30."""
    return 0.0 if quick_failures == 0 else min(first_wait * 2 ** (quick_failures - 1), 30.0)


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    quick_failures: int = 0


@dataclass
class Supervisor:
    plan: Plan
    out: TextIO
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    signals: int = 0

    def run(self) -> int:
        """Return the exit code: 0 after a wished stop, 1 when a program would not stay up."""
        wake, wake_writer = socket.socketpair()
        wake.setblocking(False)
        wake_writer.setblocking(False)
        signal.set_wakeup_fd(wake_writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        self.children = [Child(program=program) for program in self.plan.programs]
        greeted = False
        code = 0
        while not self.stopping:
            if any(self._attend(child) for child in self.children):
                code = 1
                break
            if not greeted and self._answers():
                greeted = True
                self._say(self.plan.greeting)
            select.select([wake], [], [], 0.2 if not greeted else 1.0)
            _drain(wake)
        self._end()
        return code

    def _stop(self, *_: object) -> None:
        self.stopping = True
        self.signals += 1

    def _attend(self, child: Child) -> bool:
        """Start, restart or leave alone one program. Returns True when it has failed too often to go on."""
        now = time.monotonic()
        if child.process is not None and (code := child.process.poll()) is not None:
            end_group(child.process.pid)  # what it started must not work on beside its successor (celery's beat would)
            child.process = None
            child.quick_failures = 0 if now - child.started_at > STEADY_SECONDS else child.quick_failures + 1
            if child.quick_failures >= MAX_QUICK_FAILURES:
                self._say(self.plan.gave_up % {"name": child.program.name, "count": MAX_QUICK_FAILURES})
                return True
            wait = delay_before_start(quick_failures=child.quick_failures, first_wait=self.plan.first_wait)
            child.start_at = now + wait
            said = {"name": child.program.name, "how": describe(code), "seconds": f"{wait:.0f}"}
            self._say(self.plan.ended % said)
        if child.process is None and now >= child.start_at:
            # A session of its own: the terminal's Ctrl-C must reach the programs once, through us.
            child.process = subprocess.Popen(  # noqa: S603 - the commands come from our own plan
                child.program.argv,
                start_new_session=True,
                pass_fds=self.plan.keep_open,
                preexec_fn=_end_with_parent(os.getpid()),  # noqa: PLW1509 - this process has one thread
            )
            child.started_at = now
        return False

    def _answers(self) -> bool:
        """Ask the web server for its life sign. The socket listens from the start, so only an answer counts."""
        try:
            with socket.create_connection((self.plan.host, self.plan.port), timeout=0.5) as connection:
                connection.sendall(f"GET /healthz HTTP/1.0\r\nHost: {self.plan.name}\r\n\r\n".encode())
                return connection.recv(64).split(b" ")[1:2] == [b"200"]
        except OSError:
            return False

    def _end(self) -> None:
        """Ask all to finish, wait a little, then end what is left with everything it started."""
        living = [child.process for child in self.children if child.process is not None]
        for process in living:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        asked = self.signals
        while time.monotonic() < deadline and self.signals <= asked:
            if all(process.poll() is not None for process in living):
                break
            time.sleep(0.05)
        for process in living:
            end_group(process.pid)
        for process in living:
            process.wait()

    def _say(self, text: str) -> None:
        self.out.write(f"{text}\n")
        self.out.flush()


def end_group(leader: int) -> None:
    """Kill a program with everything it started; a group that is already gone is fine."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def describe(code: int) -> str:
    """`signal 9` or `exit code 1`: how a process ended, from its return code."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """Have Linux end the child when we die without a word (kill -9). Elsewhere there is no such call."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _drain(wake: socket.socket) -> None:
    try:
        while wake.recv(4096):
            pass
    except BlockingIOError:
        return


if __name__ == "__main__":
    sys.exit(Supervisor(plan=Plan.from_json(sys.argv[1]), out=sys.stdout).run())

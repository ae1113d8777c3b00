"""A PostgreSQL server of this test's own, to be crashed: what was committed must be there when it is back."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PLACES = "/usr/lib/postgresql"
OWNER = "postgres"


def server_binaries() -> Path | None:
    """The folder of the newest server's programs, or None where there are none, or nobody who may run them."""
    if os.getuid() == 0 and not _is_known(OWNER):
        return None
    found = [path.parent for path in Path(PLACES).glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return max(found, key=lambda folder: [int(part) for part in folder.parts if part.isdigit()], default=None)


def _is_known(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


@dataclass(slots=True)
class Cluster:
    """Writes to disk as a server in use does; only its memory is small."""

    binaries: Path
    folder: Path
    port: int
    crashes: int = 0
    # Held while it is down.
    steady: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def make(self) -> None:
        self._run("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Stopped as by a power cut and started again, which reads back what was committed from its log."""
        with self.steady:
            self._run("pg_ctl", "-w", "-m", "immediate", "-l", str(self.folder / "log"), "restart")
            self.crashes += 1

    def stop(self) -> None:
        with self.steady:
            self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        as_owner = ("runuser", "-u", OWNER, "--") if os.getuid() == 0 else ()
        command = [*as_owner, str(self.binaries / program), "-D", str(self.data), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)


@contextmanager
def running(binaries: Path) -> Iterator[Cluster]:
    """A fresh one on a free port until the block ends."""
    with tempfile.TemporaryDirectory(prefix="prove-postgresql-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        cluster = Cluster(binaries=binaries, folder=Path(folder), port=_free_port())
        cluster.make()
        try:
            yield cluster
        finally:
            cluster.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])

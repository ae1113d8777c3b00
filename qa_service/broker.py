"""The wake-up line of the embedded mode: kombu's file-system transport, made safe to read while another process writes.

Rows are the queue; a message here only says "look now". So a lost file costs at most the time to the next sweep, and
nothing is synced to disk. Three things differ from the stock transport:

* a message is written aside and renamed, because the stock one is listed and moved by the reader while half written,
  which ends the worker with a JSON error;
* a message is claimed inside its own folder, because the stock one carries it through the world's temporary folder;
* bindings stay in each process's memory (every celery producer declares its queue), because the stock table of bindings
  has the same torn read at the first start.

One worker on one machine. More of either is what `BROKER_URL` with Redis or RabbitMQ is for.
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual

SCHEME: Final = "embedded"
SUFFIX: Final = "msg"
POLL_SECONDS: Final = 0.05
PATIENCE_SECONDS: Final = 0.5


class Channel(filesystem.Channel):
    """Messages are files `<time>_<random>.<queue>.msg` in one folder, read in the order of their names."""

    supports_fanout = False
    get_table = virtual.Channel.get_table  # type: ignore[assignment]  # the two differ in what a binding is called

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]  # kombu disagrees itself
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.{SUFFIX}"
        aside = self._folder / f"{name}.part"
        aside.write_text(json.dumps(payload), encoding="utf-8")
        aside.rename(self._folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - kombu's signature
        wanted = f"{queue}.{SUFFIX}"
        for name in sorted(path.name for path in self._folder.iterdir()):
            if name.partition(".")[2] != wanted:
                continue
            claimed = self._folder / f"{name}.claimed"
            try:
                (self._folder / name).rename(claimed)
            except FileNotFoundError:  # another reader was faster
                continue
            text = claimed.read_text(encoding="utf-8")
            claimed.unlink()
            try:
                return json.loads(text)
            except json.JSONDecodeError:  # emptied by a power cut; the sweep does its work
                continue
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
    polling_interval = POLL_SECONDS

    def drain_events(  # type: ignore[override]  # kombu's bases disagree
        self, connection: Any, timeout: float | None = None
    ) -> None:
        """Look up sooner than the 2 s a worker asks for: only between two waits does it see that it shall stop."""
        super().drain_events(connection, timeout=timeout and min(timeout, PATIENCE_SECONDS))


def register() -> None:
    """Let `BROKER_URL=embedded://` name this transport: kombu refuses import paths in a URL."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def transport_options(*, folder: Path) -> dict[str, str]:
    """Make the folder, readable by its owner alone, and name it to kombu."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"data_folder_in": str(folder), "data_folder_out": str(folder)}


def forget_wake_ups(*, folder: Path) -> int:
    """Remove what an earlier run left: the first sweeps look at every row anyway. Returns the number of files."""
    left = [path for path in folder.glob(f"*.{SUFFIX}*") if path.is_file()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)

"""From a fresh clone to the first page, the second start, the idle service's memory, what the start imports.

Absolute figures: the goals are a person's patience and a small machine's memory. The clone installs from whatever
package cache pip finds, into an empty home folder.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.measure import Row, at_most

ROOT = Path(__file__).parent.parent
OUTPUT = Path(tempfile.gettempdir(), "bench-startup.log")
PATIENCE = 300
IDLE_SECONDS = 40
HEAVY = ("reportlab", "twilio", "xlsxwriter")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def first_page(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    """Seconds until the sign-in page is a page."""
    while time.perf_counter() - began < PATIENCE:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                assert "<h1" in response.read().decode()
                return time.perf_counter() - began
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise SystemExit(f"the service did not answer; its output lies in {OUTPUT}")


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in below for found in family(int(child)))]


def proportional_memory(pid: int) -> float:
    """MiB of a process and its children, shared pages counted once in all (PSS)."""
    total = 0
    for member in family(pid):
        rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def lives(pid: int) -> bool:
    """Whether the process still runs: one that ended and that nobody has asked after yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def let_settle(pid: int) -> None:
    """Wait for the one-time cutting of fonts, which the first start does in the background, and then a little more."""
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        time.sleep(IDLE_SECONDS)
        if not any(b"instancing" in Path(f"/proc/{member}/cmdline").read_bytes() for member in family(pid)):
            return


def start(folder: Path, home: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATA_DIR", "TEST_"))
    }
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    environment.pop("VIRTUAL_ENV", None)
    process = subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=folder,
        env=environment,
        start_new_session=True,
        stdout=OUTPUT.open("wb"),
        stderr=subprocess.STDOUT,
    )
    return process, port


def stop(process: subprocess.Popen[bytes]) -> float:
    """Ctrl-C as a terminal sends it; returns seconds until nothing is left."""
    members = family(process.pid)
    began = time.perf_counter()
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=30)
    took = time.perf_counter() - began
    left = [pid for pid in members if lives(pid)]
    assert not left, f"processes left after Ctrl-C: {left}"
    return took


def heavy_imports() -> list[str]:
    program = (
        "import json, sys; from qa_service.wsgi import application; from django.urls import get_resolver;"
        "get_resolver().url_patterns; from qa_service.celery import app; app.loader.import_default_modules();"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "qa_service.settings.test"}
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    found: list[str] = json.loads(said.stdout)
    return found


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-startup-") as room:
        clone, home = Path(room, "clone"), Path(room, "home")
        home.mkdir()
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        process, port = start(clone, home)
        first = first_page(process, port, began)
        let_settle(process.pid)
        memory = proportional_memory(process.pid)
        stopped = stop(process)
        began = time.perf_counter()
        process, port = start(clone, home)
        second = first_page(process, port, began)
        stop(process)
    heavy = heavy_imports()
    return [
        at_most("fresh clone to first page", first, "s", 120, "committed state; 240 with a cold package cache"),
        at_most("second start to first page", second, "s", 8),
        at_most("whole service idle, PSS of all processes", memory, "MiB", 350),
        at_most("Ctrl-C to nothing left", stopped, "s", 5),
        at_most("heavy libraries imported at the start", len(heavy), "", 0, ", ".join(heavy)),
    ]

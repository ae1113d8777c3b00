import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from qa_service import supervisor

WEB = """
import http.server, socket, sys
fd = int(sys.argv[1])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        named = self.headers["Host"] == "qa.example.org"
        self.send_response(200 if named else 400); self.end_headers()
    def log_message(self, *a): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=fd)
server.serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(True)
        yield server


@pytest.fixture
def start(listening):
    started = []

    def run(*programs: dict[str, Any], first_wait: float = 1.0) -> subprocess.Popen[str]:
        plan = {
            "programs": [{"name": "web", "argv": [sys.executable, "-c", WEB, str(listening.fileno())]}, *programs],
            "greeting": "welcome",
            "host": "127.0.0.1",
            "port": listening.getsockname()[1],
            "keep_open": [listening.fileno()],
            "first_wait": first_wait,
            "name": "qa.example.org",
        }
        process = subprocess.Popen(
            [sys.executable, supervisor.__file__, json.dumps(plan)],
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[listening.fileno()],
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def children_of(pid: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pid: int, *, within: float = 5) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        try:
            if status.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_it_greets_when_the_web_server_answers_and_ends_everything_on_ctrl_c(start):
    process = start({"name": "other", "argv": [sys.executable, "-c", "import time; time.sleep(600)"]})

    assert process.stdout.readline() == "welcome\n"
    children = children_of(process.pid)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=5) == 0
    assert time.monotonic() - began < 5
    assert len(children) == 2
    assert all(gone(pid) for pid in children)


def test_a_program_that_ignores_the_stop_is_ended_with_force(start):
    process = start({"name": "stubborn", "argv": [sys.executable, "-c", STUBBORN]})
    assert process.stdout.readline() == "welcome\n"
    children = children_of(process.pid)
    time.sleep(0.3)

    process.terminate()

    assert process.wait(timeout=5) == 0
    assert all(gone(pid) for pid in children)


def test_a_killed_program_is_started_again(start):
    process = start({"name": "worker", "argv": [sys.executable, "-c", "import time; time.sleep(600)"]})
    assert process.stdout.readline() == "welcome\n"
    web, worker = children_of(process.pid)

    os.kill(worker, signal.SIGKILL)

    assert process.stdout.readline() == "worker ended (signal 9); starting it again in 1 s.\n"
    time.sleep(2.5)
    again = children_of(process.pid)
    assert web in again
    assert len(again) == 2


def test_what_a_killed_program_had_started_does_not_work_on_beside_its_successor(start):
    leaves_a_child = "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"
    process = start({"name": "worker", "argv": [sys.executable, "-c", leaves_a_child]})
    assert process.stdout.readline() == "welcome\n"
    worker = children_of(process.pid)[1]
    deadline = time.monotonic() + 5
    while not (grandchildren := children_of(worker)) and time.monotonic() < deadline:
        time.sleep(0.05)

    os.kill(worker, signal.SIGKILL)

    assert len(grandchildren) == 1
    assert gone(grandchildren[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_programs_do_not_outlive_a_supervisor_killed_without_a_word(start):
    process = start()
    assert process.stdout.readline() == "welcome\n"
    children = children_of(process.pid)

    process.kill()

    assert all(gone(pid) for pid in children)


def test_a_program_that_will_not_stay_up_ends_the_service_with_a_sentence(start):
    process = start({"name": "broken", "argv": [sys.executable, "-c", "raise SystemExit(3)"]}, first_wait=0.1)

    said, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said.endswith("broken stopped 5 times in a row; see its lines above.\n")


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (1, 1), (2, 2), (3, 4), (6, 30), (60, 30)])
def test_the_wait_before_a_restart_doubles_up_to_half_a_minute(failures, seconds):
    assert supervisor.delay_before_start(quick_failures=failures, first_wait=1) == seconds

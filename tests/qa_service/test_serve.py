import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from qa_service.management.commands import serve

ROOT = Path(__file__).parents[2]


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(  # noqa: PLW1510 - the code is what is looked at
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def one_sentence(finished: subprocess.CompletedProcess) -> str:
    assert finished.returncode != 0
    assert "Traceback" not in finished.stderr
    (line,) = finished.stderr.strip().splitlines()
    return line


def test_a_port_in_use_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = manage("serve", "--port", str(port), DATA_DIR=str(tmp_path))

    assert f"Cannot listen on 127.0.0.1 port {port}" in one_sentence(finished)


def test_an_unwritable_data_folder_is_one_sentence(tmp_path):
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("")

    finished = manage("serve", DATA_DIR=str(in_the_way / "data"))

    assert "cannot be written" in one_sentence(finished)


def test_a_second_instance_on_one_data_folder_is_refused_by_name(tmp_path):
    held = serve.take_lock(tmp_path)
    try:
        with pytest.raises(CommandError, match=rf"already running .* \(process {os.getpid()}\)"):
            serve.take_lock(tmp_path)
    finally:
        os.close(held)


def test_the_demo_s_handset_beside_a_real_centre_is_one_sentence(tmp_path):
    finished = manage("serve", "--port", "0", DATA_DIR=str(tmp_path), SMS_GATEWAY="handset")

    assert "SMS_GATEWAY=handset" in one_sentence(finished)


@pytest.mark.django_db
def test_a_demo_database_refuses_a_gateway_that_reaches_people(settings):
    settings.SMS_GATEWAY = "twilio"

    with pytest.raises(CommandError, match="refuses SMS_GATEWAY=twilio"):
        serve.run_as_the_demo()


def test_one_command_starts_everything_and_one_ctrl_c_ends_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (tmp_path / "output").open("w+") as output:
        service = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded",
                "DATA_DIR": str(tmp_path / "data"),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            ready = answers(f"{address}/readyz", within=90)
            second = manage("serve", DATA_DIR=str(tmp_path / "data"))
            began = time.monotonic()
            service.send_signal(signal.SIGINT)
            code = service.wait(timeout=20)
            took = time.monotonic() - began
        finally:
            service.kill()
        output.seek(0)
        said = output.read()

    assert ready["ready"] is True
    assert ready["parts"] == {"database": True, "migrations": True, "background": True}
    assert f"Open {address}" in said
    assert "already running on the data folder" in one_sentence(second)
    assert code == 0
    assert took < 10  # the goal is 5; a loaded machine is no fault of ours


def answers(url: str, *, within: float) -> object:
    """The first good answer, as JSON: beat and a worker need their first quarter of a minute."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return json.load(response)
        except OSError:
            time.sleep(0.3)
    return None

import errno
import json
import os
import shelve
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from qa_service.checks import refuse_to_text_wrongly
from qa_service.management.commands import serve
from tests.kept_schema import lend

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _english():
    """What is called here without its command speaks as the command would."""
    with translation.override("en"):
        yield


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: PLW1510 - the code is what is looked at
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def one_sentence(finished: subprocess.CompletedProcess[str]) -> str:
    assert finished.returncode != 0
    assert "Traceback" not in finished.stderr
    line: str
    (line,) = finished.stderr.strip().splitlines()
    return line


def refused(command: str, *arguments: str) -> str:
    """What the command says when it is called here: at a terminal that is its one sentence, whatever it says."""
    with pytest.raises(CommandError) as why:
        call_command(command, *arguments)
    return str(why.value)


def test_a_port_in_use_is_said(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("serve", "--port", str(port))

    assert f"Another program has port {port} of 127.0.0.1" in said


@pytest.mark.parametrize(
    ("host", "allowed", "address"),
    [
        ("127.0.0.1", ["localhost"], "http://127.0.0.1"),
        ("::1", ["localhost"], "http://[::1]"),
        ("0.0.0.0", ["localhost", "127.0.0.1", "[::1]"], "http://localhost"),
        ("::", ["localhost"], "http://localhost"),
        ("0.0.0.0", ["*", ".example.org", "qa.example.org"], "http://qa.example.org"),
        ("::", ["127.0.0.1", "[2001:db8::1]"], "http://[2001:db8::1]"),
    ],
)
def test_the_address_told_is_one_that_can_be_opened(host, allowed, address, settings):
    settings.ALLOWED_HOSTS = allowed
    with serve.listen(host=host, port=0) as listening:
        port = listening.getsockname()[1]

        assert serve.address_of(listening, host=host) == f"{address}:{port}"
        socket.create_connection((serve.asked_at(listening), port), timeout=5).close()


@pytest.mark.parametrize(
    ("host", "added"), [("127.0.0.2", ["127.0.0.2"]), ("127.0.0.1", []), ("0.0.0.0", []), ("::1", [])]
)
def test_the_one_address_it_serves_at_is_answered_to(host, added, settings):
    settings.ALLOWED_HOSTS_GIVEN = False
    settings.ALLOWED_HOSTS = known = ["localhost", "127.0.0.1", "[::1]"]
    with serve.listen(host=host, port=0) as listening:
        assert serve.names_answered_to(listening, host=host) == [*known, *added]


def test_whoever_names_hosts_is_answered_at_those_alone(settings):
    settings.ALLOWED_HOSTS_GIVEN, settings.ALLOWED_HOSTS = True, ["qa.example.org"]
    with serve.listen(host="127.0.0.2", port=0) as listening:
        assert serve.names_answered_to(listening, host="127.0.0.2") == ["qa.example.org"]


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["localhost", "127.0.0.1"], "localhost"),
        (["*"], "localhost"),
        (["qa.example.org"], "qa.example.org"),
        ([".example.org", "127.0.0.1"], "example.org"),
    ],
)
def test_it_asks_itself_by_a_name_that_it_answers_to(names, name):
    assert serve.asked_by(names) == name


@pytest.mark.parametrize(("given", "answered"), [("", "[]"), ("127.0.0.2", "['127.0.0.2']")])
def test_who_names_no_host_leaves_it_to_where_it_serves(given, answered, tmp_path):
    told = "from qa_service.settings.embedded import *; print(ALLOWED_HOSTS if ALLOWED_HOSTS_GIVEN else [])"
    read = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), "ALLOWED_HOSTS": given},
        capture_output=True,
        text=True,
        check=True,
    )

    assert read.stdout.strip() == answered


@pytest.mark.parametrize("port", ["abc", "", "99999", "0", "-1", "８０", "1e3"])
def test_what_is_no_port_is_one_sentence_that_names_it(port):
    with pytest.raises(CommandError, match=f"“{port}” is no port: choose a number from 1 to 65535"):
        serve.port_number(port)


def test_make_hands_the_port_to_the_command_as_it_is():
    assert '--port "$(PORT)"' in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_port_of_the_administrator_s_says_whose_it_is():
    refused = PermissionError(errno.EACCES, "Permission denied")

    assert "Port 80 is for administrators" in serve.why_not(host="127.0.0.1", port=80, error=refused)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
    ],
)
def test_a_command_says_a_wrong_port_in_one_sentence_of_the_terminal_s_language(variables, language, tmp_path):
    silent = {"LANG": "", "LC_ALL": "", "LC_MESSAGES": ""}
    told = manage("serve", "--demo", "--port", "abc", DATA_DIR=str(tmp_path), **(silent | variables))
    line = one_sentence(told)

    assert "usage" not in line
    assert (language == "zh") == ("“abc”不是端口号" in line)
    assert (language == "en") == ("“abc” is no port" in line)


def test_a_command_on_an_empty_database_says_what_to_run_first(tmp_path):
    line = one_sentence(manage("import_cases", "cases.csv", DATA_DIR=str(tmp_path), LANG="C.UTF-8"))

    assert "run manage.py migrate first" in line


def test_every_command_of_ours_speaks_one_language_a_run():
    folders = [path.parent for path in ROOT.glob("**/management/commands/__init__.py") if ".venv" not in path.parts]
    own = [path for folder in folders for path in folder.glob("*.py") if path.stem not in {"__init__", "messages"}]

    assert len(own) > 8
    assert [path.name for path in own if "class Command(OperatorCommand)" not in path.read_text("utf-8")] == []


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


def test_a_gateway_that_a_real_centre_cannot_use_is_one_sentence_and_no_start(tmp_path):
    lend(tmp_path / "service.sqlite3")
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]

    finished = manage("serve", "--port", str(port), DATA_DIR=str(tmp_path), SMS_GATEWAY="twilio", LANG="C.UTF-8")

    assert finished.stdout == ""
    assert "SMS_GATEWAY=twilio needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN" in one_sentence(finished)


@pytest.mark.django_db
def test_each_gateway_that_a_real_centre_cannot_use_is_told_by_its_name(settings):
    told = {
        "handset": "SMS_GATEWAY=handset",
        "xyz": "SMS_GATEWAY=xyz is no gateway: leave it empty, or name one that docs/gateways.md lists: aliyun, ",
        "twilio": "SMS_GATEWAY=twilio needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_MESSAGING_SERVICE_SID",
    }
    for gateway, why in told.items():
        settings.SMS_GATEWAY = gateway
        with pytest.raises(CommandError) as refusal:
            refuse_to_text_wrongly()
        assert why in str(refusal.value)
    settings.SMS_GATEWAY, settings.CONSOLE_LANGUAGE = "xyz", "zh-hans"
    assert refused("setup", "--no-input").startswith("SMS_GATEWAY=xyz不是短信网关")


def test_a_schedule_torn_by_the_last_stop_is_forgotten_and_a_sound_one_kept(tmp_path):
    with shelve.open(str(tmp_path / "beat")) as kept:
        kept["entries"] = {"surveys.invite": 60}
    serve.forget_torn_schedule(tmp_path / "beat")
    with shelve.open(str(tmp_path / "beat"), flag="r") as kept:
        assert dict(kept) == {"entries": {"surveys.invite": 60}}

    for file in tmp_path.glob("beat*"):
        file.write_bytes(file.read_bytes()[:700])
    serve.forget_torn_schedule(tmp_path / "beat")
    serve.forget_torn_schedule(tmp_path / "beat")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_database_that_stopped_amid_migrations_of_before_is_one_sentence(client):
    MigrationRecorder(connection).record_unapplied("surveys", "0031_organs_asked_before")

    for start in (serve.prepare_database, lambda: call_command("load_demo")):
        with pytest.raises(
            CommandError, match=r"^This database stopped in the middle of earlier migrations, .*Upgrade"
        ):
            start()
    with pytest.raises(SystemCheckError, match="This database stopped in the middle of earlier migrations"):
        call_command("migrate", skip_checks=False)
    assert client.get("/readyz").json()["parts"]["migrations"] is False


@pytest.mark.django_db
def test_a_demo_database_refuses_a_gateway_that_reaches_people(settings):
    settings.SMS_GATEWAY = "twilio"

    with pytest.raises(CommandError, match="refuses SMS_GATEWAY=twilio"):
        serve.run_as_the_demo()


def test_one_command_starts_everything_and_one_ctrl_c_ends_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    not_all_migrated(tmp_path / "data" / "service.sqlite3")
    with (tmp_path / "output").open("w+") as output:
        service = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--host", "0.0.0.0", "--port", str(port)],
            cwd=ROOT,
            env={
                **{name: value for name, value in os.environ.items() if name != "PUBLIC_BASE_URL"},
                "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded",
                "DATA_DIR": str(tmp_path / "data"),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            ready = answers(f"{address}/readyz", within=240)
            with pytest.raises(CommandError, match="already running on the data folder"):
                serve.take_lock(tmp_path / "data")
            began = time.monotonic()
            service.send_signal(signal.SIGINT)
            code = service.wait(timeout=60)
            took = time.monotonic() - began
        finally:
            service.kill()
        output.seek(0)
        said = output.read()

    assert ready["ready"] is True
    assert ready["parts"] == {"database": True, "migrations": True, "background": True}
    assert f"Open http://localhost:{port}" in said
    assert f"Links and QR codes carry http://localhost:{port}." in said
    assert code == 0
    assert took < 30  # the goal is 5; a loaded machine is no fault of ours


def not_all_migrated(path: Path) -> None:
    """An installation to which the last of its migrations is still to come: all of them take some seconds."""
    lend(path)
    if path.exists():
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("DROP TABLE django_session")
            database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")


def answers(url: str, *, within: float) -> Any:
    """The first good answer, as JSON: beat and a worker need their first quarter of a minute."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return json.load(response)
        except OSError:
            time.sleep(0.3)
    return None

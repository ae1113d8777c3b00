"""`manage.py serve`: the whole service on one machine with one command.

Everything that can be wrong before the start is said here in one sentence; then this process becomes the supervisor
(`qa_service/supervisor.py`), which keeps the web server and the celery worker with its beat running.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shelve
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service import broker, supervisor
from qa_service.checks import refuse_to_migrate_halfway, refuse_to_text_wrongly
from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError
from qa_service.demo import accounts_table, load_demo
from qa_service.health import migrations_applied
from qa_service.organisations.queries import holds_demo_data

WEB_THREADS: Final = 8
WORKER_THREADS: Final = 2
# The allocator of glibc keeps heaps for many threads and gives little back: after two reports and a workbook of 10,000
# rows the service held 396 MiB, with these 352. Whoever sets them otherwise is obeyed.
FRUGAL: Final = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
# When each sweep last ran: a file of celery's clock, which names it with one of these endings.
SCHEDULE: Final = "beat"
SCHEDULE_ENDINGS: Final = ("", ".db", ".dat", ".bak", ".dir")
LAST_PORT: Final = 65535
OF_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Command(OperatorCommand):
    help = gettext_lazy("Migrate, then run the web server, the worker and the clock together until Ctrl-C.")
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help=_("address to listen on (default: this machine alone)"))
        parser.add_argument("--port", default="8000", help=_("a number from 1 to 65535 (default: 8000)"))
        loads = _("load the invented county first, unless it is there")
        parser.add_argument("--demo", action="store_true", help=loads)

    def handle(self, *_args: Any, host: str, port: str, demo: bool, **_options: Any) -> None:
        number = port_number(port)
        lock = take_lock(settings.DATA_DIR)
        listening = listen(host=host, port=number)
        address = address_of(listening, host=host)
        prepare_database()
        told = _("Open %(address)s  (Ctrl-C stops everything; data is kept in %(folder)s)")
        greeting = f"\n{told % {'address': address, 'folder': settings.DATA_DIR}}\n"
        if demo:
            load_the_demo()
        if holds_demo_data():
            run_as_the_demo()
            greeting += f"{accounts_table()}\n"
        else:
            refuse_to_text_wrongly()
        broker.forget_wake_ups(folder=settings.DATA_DIR / "broker")
        forget_torn_schedule(settings.DATA_DIR / SCHEDULE)
        connections.close_all()
        if not settings.PUBLIC_BASE_URL_GIVEN:
            os.environ["PUBLIC_BASE_URL"] = address
            greeting += f"{what_links_carry(address)}\n" if everywhere(listening) else ""
        names = names_answered_to(listening, host=host)
        os.environ["ALLOWED_HOSTS"] = ",".join(names)
        for variable, value in FRUGAL.items():
            os.environ.setdefault(variable, value)
        plan = supervisor.Plan(
            programs=[web(listening), worker()],
            greeting=greeting,
            host=asked_at(listening),
            port=listening.getsockname()[1],
            keep_open=[listening.fileno(), lock],
            name=asked_by(names),
            ended=_("%(name)s ended (%(how)s); starting it again in %(seconds)s s."),
            gave_up=_("%(name)s stopped %(count)s times in a row; see its lines above."),
        )
        self.become_supervisor(plan)

    def become_supervisor(self, plan: supervisor.Plan) -> None:
        """Replace this process, so that the memory Django took to prepare is given back."""
        self.stdout.flush()
        for descriptor in plan.keep_open:
            os.set_inheritable(descriptor, True)
        os.execv(sys.executable, [sys.executable, supervisor.__file__, supervisor.as_json(plan)])  # noqa: S606


def take_lock(folder: Path) -> int:
    """Hold the data folder for this process and those it becomes. Raises CommandError when another holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        text = _("The data folder %(folder)s cannot be written (%(why)s): set DATA_DIR.")
        raise CommandError(text % {"folder": folder, "why": error.strerror}) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode() or "?"
        os.close(descriptor)
        text = _(
            "The service is already running on the data folder %(folder)s (process %(holder)s): "
            "stop it first, or set DATA_DIR to another folder."
        )
        raise CommandError(text % {"folder": folder, "holder": holder}) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def port_number(given: str) -> int:
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= LAST_PORT):
        text = _("“%(port)s” is no port: choose a number from 1 to %(last)d, e.g. PORT=8001.")
        raise CommandError(text % {"port": given, "last": LAST_PORT})
    return int(given)


def listen(*, host: str, port: int) -> socket.socket:
    """Open the web server's socket here, so that a port in use is known before anything is started."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CommandError(why_not(host=host, port=port, error=error)) from None
    listening.listen(128)
    return listening


def everywhere(listening: socket.socket) -> bool:
    """Whether it listens on every address of the machine (0.0.0.0, ::), which is none that a browser could open."""
    return ip_address(listening.getsockname()[0]).is_unspecified


def asked_at(listening: socket.socket) -> str:
    """Where this machine itself reaches the socket."""
    if not everywhere(listening):
        return str(listening.getsockname()[0])
    return "::1" if listening.family == socket.AF_INET6 else "127.0.0.1"


def names_answered_to(listening: socket.socket, *, host: str) -> list[str]:
    """Those that are set and no others; else this machine's, and the one address or name that it is to serve at."""
    if settings.ALLOWED_HOSTS_GIVEN:
        return list(settings.ALLOWED_HOSTS)
    own = [] if everywhere(listening) else [_bracketed(host)]
    return [*settings.ALLOWED_HOSTS, *(name for name in own if name not in settings.ALLOWED_HOSTS)]


def asked_by(names: Sequence[str]) -> str:
    """A name that is answered to, with which the service asks itself whether it lives: any will do."""
    if not names or "localhost" in names or "*" in names:
        return "localhost"
    return names[0].removeprefix(".")


def address_of(listening: socket.socket, *, host: str) -> str:
    """What a browser opens: where it listens everywhere, the first name in ALLOWED_HOSTS that others know, else
    localhost. The machine's own name would be no better: what ALLOWED_HOSTS does not list is refused."""
    if everywhere(listening):
        host = next((name for name in settings.ALLOWED_HOSTS if _known_to_others(name)), "localhost")
    return f"http://{_bracketed(host)}:{listening.getsockname()[1]}"


def _bracketed(host: str) -> str:
    """As an address of IPv6 stands in a link."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _known_to_others(name: str) -> bool:
    return name not in OF_THIS_MACHINE and not name.startswith(("*", "."))


def what_links_carry(address: str) -> str:
    told = _(
        "Links and QR codes carry %(address)s. If people reach this machine by another name, "
        "set PUBLIC_BASE_URL and ALLOWED_HOSTS to it."
    )
    return told % {"address": address}


def why_not(*, host: str, port: int, error: OSError) -> str:
    """One sentence: what failed, on what, and what to do."""
    where = {"host": host, "port": port, "why": error.strerror or error}
    if isinstance(error, PermissionError):
        return _("Port %(port)d is for administrators: choose one from 1024 on, e.g. PORT=8001.") % where
    if error.errno == errno.EADDRINUSE:
        return _("Another program has port %(port)d of %(host)s: stop it, or choose another, e.g. PORT=8001.") % where
    return _("Cannot listen on %(host)s port %(port)d: %(why)s.") % where


def prepare_database() -> None:
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a folder that is not there
    if not migrations_applied():  # asking takes a tenth of what an empty `migrate` takes
        refuse_to_migrate_halfway()
        call_command("migrate", interactive=False, verbosity=0)


def forget_torn_schedule(path: Path) -> None:
    """The clock is ended wherever it stands, perhaps while it writes: what cannot be read would be a fright in the log.

    Nothing is lost: every sweep runs as if the service were new. Call it while nobody else holds the data folder.
    """
    found = [file for ending in SCHEDULE_ENDINGS if (file := path.with_name(path.name + ending)).exists()]
    if not found:
        return
    try:
        with shelve.open(str(path), flag="r") as kept:  # noqa: S301 - our own file, as the clock itself reads it
            dict(kept)
    except Exception:  # noqa: BLE001 - whatever a torn file makes of itself
        for file in found:
            file.unlink()


def load_the_demo() -> None:
    try:
        load_demo(now=timezone.now())
    except DomainError as refusal:
        text = _("%(why)s The demo wants an empty data folder: set DATA_DIR to another.")
        raise CommandError(text % {"why": refusal.message}) from refusal


def run_as_the_demo() -> None:
    """Invented people stay on the handset page, whatever the environment says. Read by the programs we start."""
    if settings.SMS_GATEWAY not in {"", "handset", "memory"}:
        text = _(
            "This data folder holds the demo county, whose people are invented: it refuses SMS_GATEWAY=%(gateway)s. "
            "Unset it, or set DATA_DIR to a real centre's folder."
        )
        raise CommandError(text % {"gateway": settings.SMS_GATEWAY})
    os.environ["DEMO"] = "1"
    os.environ.setdefault("SMS_GATEWAY", "handset")


def web(listening: socket.socket) -> supervisor.Program:
    return supervisor.Program(
        name=_("web server"),
        argv=[
            *(sys.executable, "-m", "gunicorn", "qa_service.wsgi:application"),
            *("--bind", f"fd://{listening.fileno()}"),
            *("--workers", "1", "--worker-class", "gthread", "--threads", str(WEB_THREADS)),
            *("--graceful-timeout", "2", "--log-level", "warning", "--no-control-socket"),
        ],
    )


def worker() -> supervisor.Program:
    return supervisor.Program(
        name=_("worker"),
        argv=[
            *(sys.executable, "-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet"),
            *("--app", "qa_service", "worker", "--beat", "--schedule", str(settings.DATA_DIR / SCHEDULE)),
            *("--pool", "threads", "--concurrency", str(WORKER_THREADS)),
            *("--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
    )

"""Both webhooks, whole, against a bare Django view of one SELECT, one INSERT and one UPDATE, on one server.

All answer signed forms over HTTP, behind the middleware of the service, in the web server that `serve` starts and on
the same database. The bare view has no signature to check, no answer to keep and no reply to queue; the goals say what
all that may cost: a text that answers takes eight statements, a report of what became of a text three.
"""

import http.client
import itertools
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from typing import Any
from urllib.parse import urlencode

from bench.measure import Row, control, interleaved, ratio

ROUNDS = 25
REQUESTS = 30
SENDERS = (ROUNDS + 2) * REQUESTS
GOAL = 0.8
STATUS_GOAL = 1.0
THREADS = 4

Request = tuple[str, bytes, str]


def prepare() -> None:
    """An empty service of its own: its folder, its file database, the provider's client set up for the fake account."""
    from tests.fakes import twilio as fake

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "qa_service.settings.embedded",
        "DATA_DIR": tempfile.mkdtemp(prefix="bench-webhook-"),
        "PUBLIC_BASE_URL": "http://127.0.0.1",
        "SMS_GATEWAY": "twilio",
        "TWILIO_ACCOUNT_SID": fake.ACCOUNT,
        "TWILIO_AUTH_TOKEN": fake.TOKEN,
        "TWILIO_MESSAGING_SERVICE_SID": fake.SERVICE,
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def run() -> list[Row]:
    """Statements are counted too: the figure beside the ratio."""
    prepare()
    phones = ask_people(SENDERS + 10)
    counted = statements([phones.pop(), phones.pop()])
    with socket.create_server(("127.0.0.1", 0)) as listening, server(listening):
        # Our one connection is made before the web server sets this on the socket it takes over.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        post = poster(listening.getsockname()[1])
        whole = signed(phones, "/webhooks/twilio/inbound")
        reported = reports(SENDERS)
        bare = signed(itertools.islice(itertools.cycle(phones[:500]), 2 * SENDERS), "/bare")

        def times(requests: Iterator[Request]) -> Callable[[], None]:
            def job() -> None:
                for request in itertools.islice(requests, REQUESTS):
                    post(request)

            return job

        taken = interleaved(
            {"bare": times(bare), "whole": times(whole), "status": times(reported), "bare again": times(bare)},
            rounds=ROUNDS,
            warm_up=1,
        )
    return [
        control(one=taken["bare"], other=taken["bare again"]),
        ratio("inbound webhook ÷ bare view, requests per second", of=taken["bare"], to=taken["whole"], at_least=GOAL),
        ratio(
            "status webhook ÷ bare view, requests per second",
            of=taken["bare"],
            to=taken["status"],
            at_least=STATUS_GOAL,
        ),
        Row("statements of one inbound text", counted, ""),
    ]


def statements(phones: list[str]) -> int:
    """Those of the last text: the first one of a process reads the questionnaire, which never changes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client(SERVER_NAME="127.0.0.1")
    for url, body, signature in signed(phones, "/webhooks/twilio/inbound"):
        with CaptureQueriesContext(connection) as captured:
            answer = browser.post(
                url, data=body, content_type="application/x-www-form-urlencoded", HTTP_X_TWILIO_SIGNATURE=signature
            )
        assert answer.status_code == 200, answer.status_code
    kinds = [query["sql"].split(" ", 1)[0] for query in captured.captured_queries]
    return sum(kind in ("SELECT", "INSERT", "UPDATE", "DELETE") for kind in kinds)


def ask_people(number: int) -> list[str]:
    """As many conversations that wait for an answer, each on a telephone of its own."""
    from django.utils import timezone

    from surveys import services
    from tests import factories

    now = timezone.now()
    services.publish_defaults(now=now)
    centre = factories.centre(
        settings={
            "sms_enabled": True,
            "first_contact_delay_days": 0,
            "contact_opens": time(0),
            "contact_closes": time(23, 59, 59),
        }
    )
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    phones = [f"+8525{position:07d}" for position in range(number)]
    for phone in phones:
        client = factories.client(centre, phone=phone)
        factories.case(centre, client=client, firm=firm, lawyer=lawyer, survey_released_at=now)
    services.invite_due(limit=number, now=now)
    return phones


@contextmanager
def server(listening: socket.socket, *, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """The web server as `serve` starts it, with the bare view beside the service's own."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "bench.webhook:application()"),
            *("--bind", f"fd://{listening.fileno()}", "--no-control-socket", "--log-level", "warning"),
            *("--workers", "1", "--worker-class", "gthread", "--threads", str(THREADS)),
            # Our one connection lies still while another server is asked.
            *("--keep-alive", "300", "--graceful-timeout", "1"),
        ],
        pass_fds=[listening.fileno()],
        env=environment,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def application() -> Any:
    """What the web server serves."""
    from django.db import transaction
    from django.http import HttpRequest, HttpResponse
    from django.urls import path
    from django.utils import timezone
    from django.views.decorators.csrf import csrf_exempt

    from qa_service.wsgi import application as service

    def bare(request: HttpRequest) -> HttpResponse:
        from qa_service.common.encryption import blind_index
        from surveys.models import Conversation, Message

        with transaction.atomic():
            found = Conversation.objects.get(phone_index=blind_index(request.POST["From"]))
            Message.objects.create(
                conversation=found, direction="in", kind="reply", gateway="bare", sid=request.POST["MessageSid"],
                phone=request.POST["From"], phone_index=found.phone_index, body=request.POST["Body"],
                state="received", not_before=timezone.now(), created_at=timezone.now(),
            )  # fmt: skip
            Conversation.objects.filter(pk=found.pk).update(updated_at=timezone.now())
        return HttpResponse(status=204)

    from qa_service import urls

    urls.urlpatterns.append(path("bare", csrf_exempt(bare)))
    return service


def poster(port: int) -> Callable[[Request], None]:
    """One request after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(request: Request) -> None:
        url, body, signature = request
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        connection.request("POST", url, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (200, 204), answer.status

    return post


def reports(number: int) -> Iterator[Request]:
    """As many first reports, each of a text of its own that the provider has taken."""
    from surveys.models import Message
    from surveys.sms.twilio import status_callback
    from tests.fakes import twilio as fake

    texts = list(Message.objects.filter(direction="out", state="queued").order_by("pk")[:number])
    assert len(texts) == number, "each report wants a text of its own"
    for text in texts:
        text.state, text.rank, text.sid = "accepted", 1, f"SM{text.pk:032x}"
    Message.objects.bulk_update(texts, ["state", "rank", "sid"], batch_size=200)
    base = len(status_callback("").partition("/webhooks")[0])
    return iter([
        request(status_callback(str(text.reference))[base:], fake.status_form(str(text.sid), "sent", to=text.phone))
        for text in texts
    ])  # fmt: skip


def signed(phones: Iterable[str], url: str) -> Iterator[Request]:
    """Texts that answer, one from each telephone."""
    from tests.fakes import twilio as fake

    return iter([request(url, fake.inbound_form(sender=phone, body="5")) for phone in phones])


def request(url: str, form: dict[str, str]) -> Request:
    """A signed form. All are made before they are timed: signing costs the sender, not us."""
    from django.conf import settings

    from surveys.sms.signatures import sign
    from tests.fakes import twilio as fake

    fields = {name: [value] for name, value in form.items()}
    return url, urlencode(form).encode(), sign(url=settings.PUBLIC_BASE_URL + url, form=fields, token=fake.TOKEN)

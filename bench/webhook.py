"""The inbound webhook, whole, against a bare Django view of one SELECT, one INSERT and one UPDATE, in one process.

Both answer the same signed form through Django's handler on the same database, so the ratio is of requests a second.
A bare view has no signature, no answer to keep and no reply to queue; the goal says what all that may cost.
"""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any
from urllib.parse import urlencode

from bench.measure import Row, control, interleaved, ratio

ROUNDS = 15
REQUESTS = 20
SENDERS = (ROUNDS + 2) * REQUESTS
GOAL = 0.7


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_service.settings.test")
    folder = tempfile.mkdtemp(prefix="bench-webhook-")
    os.environ.setdefault("TEST_DATABASE_URL", f"sqlite:///{folder}/webhook.sqlite3")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def run() -> list[Row]:
    """Statements are counted too: the figure beside the ratio."""
    prepare()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.fakes import twilio as fake

    settings.SMS_GATEWAY = "twilio"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = fake.ACCOUNT, fake.TOKEN
    settings.TWILIO_MESSAGING_SERVICE_SID = fake.SERVICE
    phones = ask_people(SENDERS + 10)
    post = poster()
    whole, bare = bodies(iter(phones), "/webhooks/twilio/inbound"), bodies(itertools.cycle(phones[:500]), "/bare")
    post(*next(whole))  # the first text of a process reads the questionnaire, which never changes
    with CaptureQueriesContext(connection) as statements:
        post(*next(whole))
    kinds = [query["sql"].split(" ", 1)[0] for query in statements.captured_queries]
    counted = sum(kind in ("SELECT", "INSERT", "UPDATE", "DELETE") for kind in kinds)

    def times(requests: Iterator[tuple[str, bytes, str]]) -> Callable[[], None]:
        def job() -> None:
            for _number in range(REQUESTS):
                post(*next(requests))

        return job

    taken = interleaved(
        {"bare": times(bare), "whole": times(whole), "bare again": times(bare)}, rounds=ROUNDS, warm_up=1
    )
    return [
        control(one=taken["bare"], other=taken["bare again"]),
        ratio("inbound webhook ÷ bare view, requests per second", of=taken["bare"], to=taken["whole"], at_least=GOAL),
        Row("statements of one inbound text", counted, ""),
    ]


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


def poster() -> Callable[[str, bytes, str], None]:
    """One request through Django's own handler, with the middleware of the service."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from qa_service import urls

    def bare(request: HttpRequest) -> HttpResponse:
        from django.db import transaction
        from django.utils import timezone

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

    urls.urlpatterns.append(path("bare", csrf_exempt(bare)))
    handler, factory = WSGIHandler(), RequestFactory()

    def post(url: str, body: bytes, signature: str) -> None:
        request: Any = factory.post(
            url, data=body, content_type="application/x-www-form-urlencoded", HTTP_X_TWILIO_SIGNATURE=signature
        )
        answer = handler.get_response(request)
        assert answer.status_code in (200, 204), answer.status_code
        answer.close()

    return post


def bodies(phones: Iterator[str], url: str) -> Iterator[tuple[str, bytes, str]]:
    """Signed forms, made before they are timed as far as a generator can: signing costs the sender, not us."""
    from django.conf import settings

    from surveys.sms.signatures import sign
    from tests.fakes import twilio as fake

    for phone in phones:
        form = fake.inbound_form(sender=phone, body="5")
        signed = sign(
            url=settings.PUBLIC_BASE_URL + url,
            form={name: [value] for name, value in form.items()},
            token=fake.TOKEN,
        )
        yield url, urlencode(form).encode(), signed

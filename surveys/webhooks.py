"""What providers call. Plain views: check the signature, make one call, answer at once; nothing here waits."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from time import monotonic
from urllib.parse import urlsplit

from celery.exceptions import CeleryError
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import KombuError

from surveys import services, tasks
from surveys.sms.signatures import Keys, Signed, is_genuine
from surveys.sms.twilio import reference_from

logger = logging.getLogger(__name__)

FORM = "application/x-www-form-urlencoded"
GATEWAY = "twilio"
SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
STATUS = re.compile(r"[a-z_]{1,30}")
# Seconds.
WAKES_AFTER = 0.1
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

View = Callable[[HttpRequest], HttpResponse]


def signed_by_twilio(view: View) -> View:
    """403 unless Twilio made this very request of our account; every doubt is a refusal, none an error."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.content_type != FORM or not _genuine(request):
            return HttpResponseForbidden()
        if request.POST.get("AccountSid", "") != settings.TWILIO_ACCOUNT_SID:
            return HttpResponseForbidden()
        if not SID.fullmatch(request.POST.get("MessageSid", "")):
            return HttpResponseForbidden()
        return view(request)

    return guarded


def _genuine(request: HttpRequest) -> bool:
    if not settings.TWILIO_AUTH_TOKEN or settings.SMS_GATEWAY != GATEWAY:
        return False
    try:
        form = {name: request.POST.getlist(name) for name in request.POST}
    except (RequestDataTooBig, TooManyFieldsSent, ValueError):
        return False
    keys = Keys(
        tokens=(settings.TWILIO_AUTH_TOKEN, settings.TWILIO_PREVIOUS_AUTH_TOKEN),
        shared=settings.TWILIO_SIGNING_SECRETS,
    )
    return is_genuine(
        Signed(
            url=_called_url(request),
            signature=request.headers.get("X-Twilio-Signature", ""),
            settings=request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
            form=form,
        ),
        keys,
    )


def _called_url(request: HttpRequest) -> str:
    """As Twilio called it: our configured address and the raw path and query, never the request's own host."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    query = request.META.get("QUERY_STRING", "")
    return f"{parts.scheme}://{parts.netloc}{request.path}" + (f"?{query}" if query else "")


@signed_by_twilio
def inbound(request: HttpRequest) -> HttpResponse:
    reception = services.receive_text(
        gateway=GATEWAY,
        sid=request.POST["MessageSid"],
        sender=request.POST.get("From", ""),
        body=request.POST.get("Body", ""),
        opt_out_type=request.POST.get("OptOutType", "")[:10],
        now=timezone.now(),
    )
    if reception.replied:
        wake_delivery()
    return HttpResponse(EMPTY_TWIML, content_type="text/xml")


@signed_by_twilio
def status(request: HttpRequest) -> HttpResponse:
    said = request.POST.get("MessageStatus", "")
    if not STATUS.fullmatch(said):
        return HttpResponse(status=204)
    services.record_status(
        gateway=GATEWAY,
        sid=request.POST["MessageSid"],
        status=said,
        error_code=request.POST.get("ErrorCode", ""),
        reference=reference_from(request.GET.get("ref", "")),
        now=timezone.now(),
    )
    return HttpResponse(status=204)


def wake_delivery() -> None:
    """The speed-up; the sweep is the guarantee, so a broker that is away costs two seconds and no error."""
    transaction.on_commit(_bell.ring)


class Bell:
    """Wakes delivery a tenth of a second from now, and no second time until then.

    Whatever is committed meanwhile is sent by that one waking, which comes after it: a hundred texts in a second need
    ten wakings, not a hundred. Two threads that ring at once wake twice, which costs a look at an empty outbox.
    """

    def __init__(self) -> None:
        self._rings_at = 0.0

    def ring(self) -> None:
        now = monotonic()
        if now < self._rings_at:
            return
        try:
            tasks.deliver.apply_async(countdown=WAKES_AFTER)
        except (KombuError, CeleryError, OSError):
            logger.warning("delivery not woken: the sweep will do it")
        else:
            self._rings_at = now + WAKES_AFTER


_bell = Bell()

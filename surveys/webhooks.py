"""What providers call. Plain views: check the signature, make one call, answer at once; nothing here waits."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from functools import wraps
from time import monotonic
from urllib.parse import urlsplit

from celery.exceptions import CeleryError
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import KombuError

from surveys import services, tasks
from surveys.sms.signatures import Keys, Signed, is_genuine
from surveys.sms.twilio import reference_from

logger = logging.getLogger(__name__)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
GATEWAY = "twilio"
SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
# What the provider's own opt-out handling says it did; a word that we do not know must not hide the text itself.
OPT_OUT_WORDS = ("STOP", "START", "HELP")
STATUS = re.compile(r"[a-z_]{1,30}")
# Seconds.
WAKES_AFTER = 0.1
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

# What the provider said: the fields of a form or of a JSON object, as plain text.
Said = Mapping[str, str]
View = Callable[[Said, HttpRequest], HttpResponse]


def signed_by_twilio(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """403 unless Twilio made this very request of our account; every doubt is a refusal, none an error."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not _genuine(request):
            return HttpResponseForbidden()
        said = _said(request)
        if said is None:
            return HttpResponseBadRequest()
        if said.get("AccountSid", "") != settings.TWILIO_ACCOUNT_SID:
            return HttpResponseForbidden()
        if not SID.fullmatch(said.get("MessageSid", "")):
            return HttpResponseForbidden()
        return view(said, request)

    return guarded


def _genuine(request: HttpRequest) -> bool:
    if not settings.TWILIO_AUTH_TOKEN or settings.SMS_GATEWAY != GATEWAY or request.content_type not in (FORM, JSON):
        return False
    try:
        # The kind of body decides what the signature must cover, so it is looked at first.
        form = _form(request) if request.content_type == FORM else None
        body = request.body if form is None else b""
    except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError, BadRequest, ValueError):
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
            body=body,
        ),
        keys,
    )


def _form(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST}


def _said(request: HttpRequest) -> Said | None:
    """The fields of a request found genuine; None for JSON that holds none."""
    if request.content_type == FORM:
        return {name: _plain(request.POST.get(name, "")) for name in request.POST}
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    # Numbers are written as numbers there; what is neither text nor number is nothing of ours.
    return {name: _plain(str(value)) for name, value in content.items() if type(value) in (str, int)}


def _plain(text: str) -> str:
    """Without what no database column takes: NUL, and halves of characters that JSON can spell."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _called_url(request: HttpRequest) -> str:
    """As Twilio called it: our configured address and the raw path and query, never the request's own host."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    query = request.META.get("QUERY_STRING", "")
    return f"{parts.scheme}://{parts.netloc}{request.path}" + (f"?{query}" if query else "")


@signed_by_twilio
def inbound(said: Said, _request: HttpRequest) -> HttpResponse:
    reception = services.receive_text(
        gateway=GATEWAY,
        sid=said["MessageSid"],
        sender=said.get("From", ""),
        body=said.get("Body", ""),
        opt_out_type=word if (word := said.get("OptOutType", "")) in OPT_OUT_WORDS else "",
        now=timezone.now(),
    )
    if reception.replied:
        wake_delivery()
    return HttpResponse(EMPTY_TWIML, content_type="text/xml")


@signed_by_twilio
def status(said: Said, request: HttpRequest) -> HttpResponse:
    word = said.get("MessageStatus", "")
    if not STATUS.fullmatch(word):
        return HttpResponse(status=204)
    services.record_status(
        gateway=GATEWAY,
        sid=said["MessageSid"],
        status=word,
        error_code=said.get("ErrorCode", ""),
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

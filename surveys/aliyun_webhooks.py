"""What Aliyun pushes: delivery reports and texts from telephones, many in one request.

It signs nothing. Who may push is told by a secret in the address, compared in constant time, and, where the operator
names them, by the networks it may come from. A refused or unreadable push changes nothing; one that was taken in part
and broke off is pushed again, and what was done stays done.
"""

import hmac
import logging
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qa_service.common.throttle import address_of
from surveys import services
from surveys.sms.aliyun import SHORTEST_TOKEN
from surveys.sms.aliyun_pushes import UnreadablePush, replies, reports

logger = logging.getLogger(__name__)

GATEWAY = "aliyun"
TOO_LARGE = 413
# The provider asks for a number here, and for 200.
TAKEN = {"code": 0, "msg": "taken"}

Take = Callable[[bytes], int]


def pushed(take: Take) -> Callable[[HttpRequest, str], HttpResponse]:
    """A door for one kind of push. `take` returns how many of its items could not be read."""

    @csrf_exempt
    @require_POST
    @wraps(take)
    def door(request: HttpRequest, token: str) -> HttpResponse:
        if settings.SMS_GATEWAY != GATEWAY or not _knows(token) or not _comes_from_allowed(request):
            return HttpResponseForbidden()
        try:
            unreadable = take(request.body)
        except RequestDataTooBig:
            return HttpResponse(status=TOO_LARGE)
        except (UnreadablePush, UnreadablePostError):
            return HttpResponseBadRequest()
        if unreadable:
            logger.warning("%d items of a push (%s) could not be read and were left out", unreadable, take.__name__)
        return JsonResponse(TAKEN)

    return door


@pushed
def report(body: bytes) -> int:
    unreadable = 0
    for item in reports(body):
        if item is None:
            unreadable += 1
            continue
        services.record_status(
            gateway=GATEWAY,
            sid=item.sid,
            status=item.status,
            error_code="" if item.status == "delivered" else item.error_code,
            reference=item.reference,
            now=timezone.now(),
        )
    return unreadable


@pushed
def reply(body: bytes) -> int:
    unreadable = 0
    for item in replies(body):
        if item is None:
            unreadable += 1
            continue
        services.receive_text(gateway=GATEWAY, sid=item.sid, sender=item.sender, body=item.body, now=timezone.now())
    return unreadable


def _knows(token: str) -> bool:
    """Compared in constant time; a secret too short to be one opens nothing."""
    given = token.encode("utf-8", "replace")
    secrets = (settings.ALIYUN_CALLBACK_TOKEN, settings.ALIYUN_PREVIOUS_CALLBACK_TOKEN)
    return any(len(known) >= SHORTEST_TOKEN and hmac.compare_digest(given, known.encode()) for known in secrets)


def _comes_from_allowed(request: HttpRequest) -> bool:
    if not settings.ALIYUN_CALLBACK_NETWORKS:
        return True
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return False
    return any(address in ip_network(network, strict=False) for network in settings.ALIYUN_CALLBACK_NETWORKS)

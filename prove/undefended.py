"""The negative control: what is usually done. A row is locked, sent and marked in one go; what failed is tried again.

A worker that dies between the provider's taking and our commit leaves a row that says "queued", so it is sent again.
"""

import time

from celery import shared_task
from django.db import transaction

from surveys.enums import MessageState
from surveys.models import Message
from surveys.sms import active_gateway
from surveys.sms.base import Sms, SmsError

SECONDS = 20


@shared_task(name="prove.send_then_mark")
def send_then_mark() -> None:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends and _one():
        pass


def _one() -> bool:
    gateway = active_gateway()
    assert gateway is not None
    with transaction.atomic():
        queued = Message.objects.filter(state=MessageState.QUEUED).order_by("pk")
        message = queued.select_for_update(skip_locked=True).first()
        if message is None:
            return False
        sms = Sms(reference=message.reference or "", to=message.phone, body=message.body, valid_for=3600)
        try:
            receipt = gateway.send(sms)
        except SmsError:
            return True
        message.state, message.sid = MessageState.ACCEPTED, receipt.sid
        message.save(update_fields=["state", "sid"])
    return True

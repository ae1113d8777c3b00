"""The gateway that may be used here and now."""

from django.core.exceptions import ImproperlyConfigured

from qa_service.organisations.queries import holds_demo_data
from surveys.sms import HARMLESS, active_gateway
from surveys.sms.base import Gateway


def gateway_in_use() -> Gateway | None:
    """:raises ImproperlyConfigured: a gateway that reaches real telephones beside invented people."""
    gateway = active_gateway()
    if gateway is not None and gateway.name not in HARMLESS and holds_demo_data():
        raise ImproperlyConfigured("This database holds the demo's invented people: it refuses real gateways.")
    return gateway

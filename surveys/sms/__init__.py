"""Text-message gateways behind one protocol. None is used until the operator names one (`SMS_GATEWAY`)."""

from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from surveys.sms import aliyun_codes, twilio_codes
from surveys.sms.base import Gateway, Verdict

# A gateway is one module here with a function `gateway()`.
KNOWN = ("handset", "memory", "twilio", "aliyun")
# Send to nobody's telephone; the only ones that a database of invented people may use.
HARMLESS = ("handset", "memory")
# Providers that let nobody take away the words of what was sent: their own term holds, and the page says so.
KEEP_WORDS = frozenset({"aliyun"})
# What each provider's codes mean, for reports that come after sending.
CODES: dict[str, dict[str, Verdict]] = {"twilio": twilio_codes.VERDICTS, "aliyun": aliyun_codes.VERDICTS}


def active_gateway() -> Gateway | None:
    """The gateway that the settings name, or None: nobody is texted then.

    `surveys.services.outgoing.gateways` also looks whether the database holds invented people: use that one to send.

    :raises ImproperlyConfigured: an unknown name, or the demo's handset outside the demo.
    """
    name = settings.SMS_GATEWAY
    if not name:
        return None
    if name not in KNOWN:
        raise ImproperlyConfigured(f"SMS_GATEWAY must be empty or one of {', '.join(KNOWN)}.")
    if name == "handset" and not settings.DEMO:
        raise ImproperlyConfigured("SMS_GATEWAY=handset shows every text on a page: it runs in the demo alone.")
    if settings.DEMO and name not in HARMLESS:
        raise ImproperlyConfigured("The demo's people are invented: it refuses gateways that reach real telephones.")
    found: Gateway = import_module(f"surveys.sms.{name}").gateway()
    return found

"""Why a text did not arrive, in words: the codes of providers that a person can do something about, or should know."""

from django.utils.translation import gettext_lazy as _

_OFF = _("The telephone was off or out of reach.")
_NONE = _("The number does not exist, or no mobile telephone answers to it.")
_FILTERED = _("The carrier filtered the text. The same words are not sent again.")
_STOP = _("The client asked for no more texts.")
_SILENT = _("The text service could not be reached, or did not answer.")
_UNREADABLE = _("What the text service answered could not be read.")

REASONS = {
    "21211": _NONE,
    "21408": _("The number belongs to a country to which the account may not send."),
    "21610": _STOP,
    "21614": _NONE,
    "21635": _NONE,
    "30003": _OFF,
    "30004": _("The telephone or its carrier blocks our texts."),
    "30005": _NONE,
    "30006": _NONE,
    "30007": _FILTERED,
    "30008": _("The carrier names no reason."),
    "30036": _("It could not be delivered within its time, so it was given up."),
    "isv.MOBILE_NUMBER_ILLEGAL": _NONE,
    "isv.BLACK_KEY_CONTROL_LIMIT": _STOP,
    "isv.CUSTOMER_REFUSED": _STOP,
    "isv.SMS_CONTENT_ILLEGAL": _FILTERED,
    # Our own, of texts about which no provider said anything.
    "no_answer": _SILENT,
    "too_slow": _SILENT,
    "connect_timeout": _SILENT,
    "connection": _SILENT,
    "unreadable": _UNREADABLE,
    "too_long": _UNREADABLE,
    "too_many_rows": _UNREADABLE,
    "certificate": _("The text service could not prove to be itself, so nothing was handed to it."),
    "no_template": _("The service has no approved template for these words."),
    "not_read": _("What is kept of the text cannot be read."),
    "stuck": _("It was being sent too often without an end."),
}

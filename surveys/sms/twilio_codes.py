"""Twilio's error codes as data: what each means for us. Sources: twilio.com/docs/api/errors."""

from surveys.sms.base import Verdict

VERDICTS: dict[str, Verdict] = {
    "20429": Verdict.OK_TO_RETRY,  # too many at once: "never processed, always safe to retry"
    "20500": Verdict.UNKNOWN,  # "a retry may send twice"
    "20003": Verdict.HALT,  # credentials
    "20404": Verdict.HALT,  # account or service not found
    "21211": Verdict.PERMANENT,  # not a number
    "21408": Verdict.PERMANENT,  # country not permitted
    "21606": Verdict.HALT,  # sender not allowed
    "21610": Verdict.SUPPRESS,  # opted out
    "21611": Verdict.OK_TO_RETRY,  # sender's queue is full
    "21612": Verdict.PERMANENT,  # this pair of numbers is not possible
    "21614": Verdict.PERMANENT,  # not a mobile
    "21617": Verdict.PERMANENT,  # too long
    "21635": Verdict.PERMANENT,  # landline
    "30001": Verdict.OK_TO_RETRY,  # queue overflow
    "30002": Verdict.HALT,  # account suspended
    "30003": Verdict.PERMANENT,  # handset unreachable: the telephone list is the retry
    "30004": Verdict.PERMANENT,  # blocked
    "30005": Verdict.PERMANENT,  # unknown handset
    "30006": Verdict.PERMANENT,  # landline or unreachable carrier
    "30007": Verdict.PERMANENT,  # filtered: never the same text again
    "30008": Verdict.PERMANENT,  # unknown error after acceptance
    "30036": Verdict.PERMANENT,  # validity ended
    "30450": Verdict.HALT,  # pumping suspected
    "35115": Verdict.HALT,  # a fault of ours
}


TOO_MANY = 429
TIMED_OUT = 408
# Of the account, the address or a proxy of ours rather than of one text.
OF_ALL_TEXTS = (401, 403, 404, 407)


def verdict(*, code: str, http_status: int) -> Verdict:
    """What an answer other than 2xx means; `code` is Twilio's own, empty where the answer named none.

    A 4xx says that the text was not taken, and then a listed code decides. An unlisted code is a refusal of this text
    and never retried; without any code it was not Twilio's word on the text, so the text waits. Everything else, a
    redirect as well as a 5xx, leaves open what became of it.
    """
    if http_status == TOO_MANY:
        return Verdict.OK_TO_RETRY
    if not 400 <= http_status < 500 or http_status == TIMED_OUT:  # noqa: PLR2004
        return Verdict.UNKNOWN
    if code in VERDICTS:
        return VERDICTS[code]
    if http_status in OF_ALL_TEXTS:
        return Verdict.HALT
    return Verdict.PERMANENT if code else Verdict.OK_TO_RETRY

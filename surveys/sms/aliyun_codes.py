"""Aliyun's error codes as data: what each means for us.

Sources: help.aliyun.com/document_detail/101346.html (answers to a request) and 101347.html (what carriers report
later). A refusal of our account, signature or template stands against every text and makes sending rest; one of a
number or of what fills a template is of that text alone.
"""

from surveys.sms.base import Verdict

ACCEPTED = "OK"
DELIVERED = "DELIVERED"

VERDICTS: dict[str, Verdict] = {
    # how often: none of these was taken
    "isv.BUSINESS_LIMIT_CONTROL": Verdict.OK_TO_RETRY,  # this number, by the minute, hour or day
    "isv.DAY_LIMIT_CONTROL": Verdict.OK_TO_RETRY,  # the account's own limit of the day
    "isv.MONTH_LIMIT_CONTROL": Verdict.HALT,
    # their own fault: nobody says whether the text went out
    "isp.SYSTEM_ERROR": Verdict.UNKNOWN,
    "isp.GATEWAY_ERROR": Verdict.UNKNOWN,
    "InternalError": Verdict.UNKNOWN,
    "ServiceUnavailable": Verdict.UNKNOWN,
    # the refused one may be a copy made on the way of one that was taken
    "SignatureNonceUsed": Verdict.UNKNOWN,
    # the number
    "isv.MOBILE_NUMBER_ILLEGAL": Verdict.PERMANENT,
    # unsubscribed or complained, of whom is not said: taken as a no to us
    "isv.BLACK_KEY_CONTROL_LIMIT": Verdict.SUPPRESS,
    "isv.CUSTOMER_REFUSED": Verdict.SUPPRESS,
    # what fills the template, e.g. an office number with words in it
    "isv.TEMPLATE_PARAMS_ILLEGAL": Verdict.PERMANENT,
    "isv.PARAM_LENGTH_LIMIT": Verdict.PERMANENT,
    "isv.PARAM_NOT_SUPPORT_URL": Verdict.PERMANENT,
    "isv.SMS_CONTENT_ILLEGAL": Verdict.PERMANENT,
    "isv.UNSUPPORTED_CONTENT": Verdict.PERMANENT,
    "isv.INVALID_PARAMETERS": Verdict.PERMANENT,
    # the template
    "isv.SMS_TEMPLATE_ILLEGAL": Verdict.HALT,
    "isv.TEMPLATE_MISSING_PARAMETERS": Verdict.HALT,
    "isv.INVALID_JSON_PARAM": Verdict.HALT,
    "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE": Verdict.HALT,
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": Verdict.HALT,
    "isv.MOBILE_COUNT_OVER_LIMIT": Verdict.HALT,
    "isv.SMS_TEST_NUMBER_LIMIT": Verdict.HALT,
    "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT": Verdict.HALT,
    "isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL": Verdict.HALT,
    # the signature before the text
    "isv.SMS_SIGNATURE_ILLEGAL": Verdict.HALT,
    "isv.SMS_SIGN_ILLEGAL": Verdict.HALT,
    "isv.SIGN_NAME_ILLEGAL": Verdict.HALT,
    "isv.SIGN_STATE_ILLEGAL": Verdict.HALT,
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": Verdict.HALT,
    "isv.EXTEND_CODE_ERROR": Verdict.HALT,
    "PORT_NOT_REGISTERED": Verdict.HALT,
    # the account
    "isv.AMOUNT_NOT_ENOUGH": Verdict.HALT,
    "isv.OUT_OF_SERVICE": Verdict.HALT,
    "isv.ACCOUNT_NOT_EXISTS": Verdict.HALT,
    "isv.ACCOUNT_ABNORMAL": Verdict.HALT,
    "isv.SECURITY_FROZEN_ACCOUNT": Verdict.HALT,
    "isv.PRODUCT_UN_SUBSCRIPT": Verdict.HALT,
    "isv.PRODUCT_UNSUBSCRIBE": Verdict.HALT,
    "isv.DENY_IP_RANGE": Verdict.HALT,
    "isp.RAM_PERMISSION_DENY": Verdict.HALT,
    # the key
    "SignatureDoesNotMatch": Verdict.HALT,
    "InvalidAccessKeyId.NotFound": Verdict.HALT,
    "InvalidAccessKeyId.Inactive": Verdict.HALT,
    "MissingAccessKeyId": Verdict.HALT,
    "Forbidden.RAM": Verdict.HALT,
    "InvalidTimeStamp.Expired": Verdict.HALT,  # our clock is wrong
    "InvalidVersion": Verdict.HALT,
    "InvalidAction.NotFound": Verdict.HALT,
    # reported by the carrier after the text was taken
    "MOBILE_IN_BLACK": Verdict.SUPPRESS,
    "USER_REJECT": Verdict.SUPPRESS,
    "MOBILE_NOT_ON_SERVICE": Verdict.PERMANENT,
    "MOBILE_SEND_LIMIT": Verdict.PERMANENT,
    "MOBILE_ACCOUNT_ABNORMAL": Verdict.PERMANENT,
    "MOBLLE_TERMINAL_ERROR": Verdict.PERMANENT,  # so spelt by the provider
    "INVALID_NUMBER": Verdict.PERMANENT,
    "PARAMS_ILLEGAL": Verdict.PERMANENT,
    "CONTENT_KEYWORD": Verdict.PERMANENT,
    "CONTENT_ERROR": Verdict.PERMANENT,
    "SIGNATURE_BLACKLIST": Verdict.PERMANENT,
    "REQUEST_SUCCESS": Verdict.PERMANENT,
    "IS_CLOSE": Verdict.PERMANENT,
    "NO_ROUTE": Verdict.PERMANENT,
    "SP_NOT_BY_INTER_SMS": Verdict.PERMANENT,
    "SP_UNKNOWN_ERROR": Verdict.PERMANENT,
}

THROTTLING = "Throttling"
PLATFORM = "isp."
TIMED_OUT = 408
TOO_MANY = 429
# Of the account, the address or a proxy of ours rather than of one text.
OF_ALL_TEXTS = (401, 403, 404, 407)
# The words in which "isv.BUSINESS_LIMIT_CONTROL" says which of its limits was reached, and the seconds to wait.
LIMITS = {"分钟级": 60, "小时级": 3600, "天级": 3600}
ACCOUNT_LIMIT_SECONDS = 3600


def verdict(*, code: str, http_status: int) -> Verdict:
    """What an answer that is not "OK" means; `code` is the provider's own, empty where the answer named none.

    It refuses a text with 200 and a code, or with 4xx and a code of its front door. A code that is not in the table is
    a refusal and never retried; without any code it was not the provider's word on the text. Everything else, a
    redirect as well as a 5xx, leaves open what became of the text.
    """
    if http_status == TOO_MANY or code.startswith(THROTTLING):
        return Verdict.OK_TO_RETRY
    answered = 200 <= http_status < 300  # noqa: PLR2004
    refused = 400 <= http_status < 500 and http_status != TIMED_OUT  # noqa: PLR2004
    if not (answered or refused) or (answered and not code):
        return Verdict.UNKNOWN
    if code in VERDICTS:
        return VERDICTS[code]
    if code.startswith(PLATFORM):
        return Verdict.UNKNOWN
    if http_status in OF_ALL_TEXTS:
        return Verdict.HALT
    return Verdict.PERMANENT if code else Verdict.OK_TO_RETRY


def seconds_to_wait(*, code: str, message: str) -> int:
    """How long the limit that was reached lasts, 0 where none was named."""
    if code == "isv.DAY_LIMIT_CONTROL":
        return ACCOUNT_LIMIT_SECONDS
    if code != "isv.BUSINESS_LIMIT_CONTROL":
        return 0
    return next((seconds for word, seconds in LIMITS.items() if word in message), 0)

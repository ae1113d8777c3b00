"""The last net: no telephone or identity number, no Chinese word and no client's secret link leaves through a log line.

Our own lines are English and name rows by their keys. What is Chinese in a line came from somebody's hand: typed into
an address, or quoted by a library in the message of an exception.
"""

import logging
import re

LONG_NUMBER = re.compile(r"\+?\d[\d\- ]{8,}\d")
# One sign, as it is, as Django writes it of an address it does not know, or as a server of an address it was asked for.
_SIGN = r"(?:[\u3400-\u9fff]|\\u[3-9][0-9a-f]{3}|(?:%[EeFf][0-9A-Fa-f])(?:%[89ABab][0-9A-Fa-f]){2})"
# Two or more, with what stands between them: a name, an address, an answer.
CHINESE = re.compile(rf"{_SIGN}(?:[\s·，。、！？；：“”（）]*{_SIGN})+")
# The name of a row or a task, by which a line is found again; many hold ten digits in a row.
UUID = re.compile(r"((?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f]))")
# The address of a client's or an organ's form is its key, and so is that of a provider who does not sign.
# In capitals, as off a card, or with a slash too many it is the same key.
FORM_ADDRESS = re.compile(r"(/[sSoO]/+|/webhooks/aliyun/)[^/\s\"'?]+")
_AS_TEXT = logging.Formatter()


class PersonalDataFilter(logging.Filter):
    """Cleans the line, and what is written below it of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = without_personal_data(message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        if record.exc_info and not record.exc_text:
            record.exc_text = _AS_TEXT.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_personal_data(record.exc_text)
        return True


def without_personal_data(text: str) -> str:
    return CHINESE.sub("[words]", FORM_ADDRESS.sub(r"\1[key]", _without_numbers(text)))


def _without_numbers(message: str) -> str:
    """Splitting by a pattern in brackets gives what stands between, and every second piece is what it found."""
    pieces = UUID.split(message)
    pieces[::2] = [LONG_NUMBER.sub("[number]", piece) for piece in pieces[::2]]
    return "".join(pieces)

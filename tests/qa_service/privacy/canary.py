"""Words that can come from one person alone, and ears wherever they must never be heard."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import unquote_plus

from celery.signals import before_task_publish, task_prerun

from qa_service.common.encryption import EncryptedTextField, blind_index
from qa_service.common.keeping import Part
from qa_service.common.logs import PersonalDataFilter
from qa_service.privacy.rooms import RULES

NAME, PHONE, GUARDIAN, GUARDIAN_PHONE = "焦金雀", "+8613987650123", "焦银雀", "+8613987650456"
CODE_WORD = "灶台后的信"
WORDS = "他把灶台后的信烧了，还说要打断我的腿"
SONGS = (NAME, GUARDIAN, CODE_WORD, PHONE.removeprefix("+86"), GUARDIAN_PHONE.removeprefix("+86"))
ADDRESS = re.compile(r"""(?:href|action|src|data-url)=["']([^"']*)["']""")


def heard(text: str) -> list[str]:
    """What of the canary stands in a text, plainly, in an address or as JSON escapes it."""
    plain = "".join(unescape(unquote_plus(text)).split())
    return [song for song in SONGS if song in plain or song.encode("unicode_escape").decode() in text]


def addresses_in(page: str) -> list[str]:
    """Where a page leads. A number that may be dialled leads nowhere: it leaves the browser for the telephone alone."""
    return [to for to in ADDRESS.findall(page) if not to.startswith("tel:")]


@dataclass(slots=True)
class Ears:
    """`lines` as they leave through the log, `raw` as our own rooms wrote them, `arguments` of every task."""

    lines: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)


class _Listening(logging.Handler):
    def __init__(self, ears: Ears) -> None:
        super().__init__(logging.INFO)
        self.ears = ears
        self.addFilter(self._overhear)
        self.addFilter(PersonalDataFilter())
        self.setFormatter(logging.Formatter(LINE))

    def _overhear(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in {"qa_service", "surveys", "reviews", "scoring"}:
            self.ears.raw.append(record.getMessage())
        return True

    def emit(self, record: logging.LogRecord) -> None:
        self.ears.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[Ears]:
    """To every log line and to the arguments of every task that is sent or run."""
    ears = Ears()
    handler = _Listening(ears)

    def on_task(sender: Any = None, args: Any = (), kwargs: Any = None, body: Any = None, **_more: Any) -> None:
        ears.arguments.append(repr((args, kwargs, body)))

    logging.getLogger().handlers.insert(0, handler)  # before others clean the record
    before_task_publish.connect(on_task)
    task_prerun.connect(on_task)
    try:
        yield ears
    finally:
        logging.getLogger().removeHandler(handler)
        before_task_publish.disconnect(on_task)
        task_prerun.disconnect(on_task)


def plant_everywhere() -> list[str]:
    """Put the canary into every column that a rule keeps of a client; returns the columns, sorted."""
    planted = []
    for rule in RULES:
        for part in rule.parts:
            if part.person and not part.of_trade and part.table not in NOT_PLANTED:
                planted += _plant(part)
    return sorted(planted)


# Reasons of staff, and what is put to the lawyer with the client's consent.
NOT_PLANTED = ("audit.Remark", "surveys.LawyerQuestion")
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
INNER = ("_index", "_hash", "_relation", "_masked")


def _plant(part: Part) -> list[str]:
    values = {column.name: _song(part, column.name) for column in part.fields if not column.name.endswith(INNER)}
    if "guardian_phone" in values:
        values["guardian_index"] = blind_index(GUARDIAN_PHONE)
    if values:
        part.model._base_manager.update(**values)
    return [f"{part.table}.{name}" for name in values if not name.endswith(INNER)]


def _song(part: Part, column: str) -> Any:
    if column == "answers":
        return {"q11": WORDS}
    if "phone" in column:
        return GUARDIAN_PHONE if column.startswith("guardian") else PHONE
    if column == "code_word":
        return CODE_WORD
    if "name" in column:
        return GUARDIAN if column.startswith("guardian") else NAME
    encrypted = isinstance(part.model._meta.get_field(column), EncryptedTextField)
    longest = getattr(part.model._meta.get_field(column), "max_length", None)
    return WORDS if encrypted or not longest else f"{NAME}{WORDS}"[:longest]

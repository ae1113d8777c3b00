"""Lines of the adoption ledger as a reader types them: checked whole, kept with the marks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput
from qa_service.common.inserting import upsert
from qa_service.documents.quotable import why_not_quotable
from reviews.adoption import MOST_ARGUMENTS
from reviews.enums import Treatment
from reviews.models import Argument
from reviews.pages import cited
from reviews.queries.ledger import ARGUMENT_FIELDS, PLACES, Ledger
from reviews.queries.scorecard import why_no_place

LIMITS = {"words": 200, "page": 40, "judgment_page": 40, "reasonable": 300}


class ArgumentInvalid(InvalidInput):
    """`field` is the line and the box of it: `L2.page`."""

    code = "argument_invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArgumentEntry:
    """One line as it comes from the reader; a line taken out comes blank."""

    number: int
    words: str = ""
    page: str = ""
    judgment_page: str = ""
    treatment: str = ""
    reasonable: str = ""


def checked_ledger(
    entries: Iterable[ArgumentEntry], *, clients: Collection[str]
) -> tuple[Ledger, list[ArgumentInvalid]]:
    """The lines that can be taken, by number, and what is wrong with the others."""
    given: Ledger = {}
    refused: list[ArgumentInvalid] = []
    for entry in entries:
        try:
            given[entry.number] = _checked(entry, clients=clients)
        except ArgumentInvalid as error:
            refused.append(error)
    return given, refused


def _checked(entry: ArgumentEntry, *, clients: Collection[str]) -> dict[str, str]:
    if not 1 <= entry.number <= MOST_ARGUMENTS:
        raise ArgumentInvalid(_("At most %(limit)s arguments.") % {"limit": MOST_ARGUMENTS}, field="number")
    line = {name: value.replace("\r\n", "\n").strip() for name, value in asdict(entry).items() if name != "number"}
    if line["treatment"] not in {"", *Treatment.values}:
        raise ArgumentInvalid(_("Choose what the court made of it."), field=f"L{entry.number}.treatment")
    for name, limit in LIMITS.items():
        wrong = _wrong(line, name, limit=limit, clients=clients)
        if wrong:
            raise ArgumentInvalid(wrong, field=f"L{entry.number}.{name}")
    return line | {name: cited(line[name]) for name in PLACES}


def _wrong(line: Mapping[str, str], name: str, *, limit: int, clients: Collection[str]) -> str:
    if len(line[name]) > limit:
        return str(_("At most %(limit)s characters.") % {"limit": limit})
    unfit = why_not_quotable(line[name], clients=clients) or (name in PLACES and why_no_place(line[name]))
    return str(unfit or "")


def store_ledger(review_id: int, lines: Ledger, *, now: datetime) -> None:
    """One statement, whatever the number of lines; without any, none."""
    rows = [Argument(review_id=review_id, number=number, updated_at=now, **line) for number, line in lines.items()]
    upsert(rows, unique=("review", "number"), changing=(*ARGUMENT_FIELDS, "updated_at"))

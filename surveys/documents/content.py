"""The facts each paper of asking prints: frozen, in the language that `language` names."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Offer:
    """How to answer by oneself: `url` goes into the QR code, `address` is typed by hand, then `code`."""

    code: str
    url: str
    address: str

    @property
    def spaced(self) -> str:
        return f"{self.code[:4]} {self.code[4:]}"

    def __repr__(self) -> str:
        return "Offer(…)"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `only_if` are the (number of the question, its choices) that open it; empty opens it always."""

    number: int
    text: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    only_if: tuple[tuple[int, tuple[str, ...]], ...] = ()
    free_text: bool = False
    asks_when: bool = False


@dataclass(frozen=True, slots=True)
class FormContent:
    """`centre` is empty where the sheet must not name it. Nothing before the first question tells what it is about."""

    language: str
    questions: tuple[Asked, ...]
    offer: Offer
    office_phone: str
    return_by: date
    centre: str = ""
    # Asked while the case runs: the cover says neither that something is finished nor that anything runs.
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A letter to a court or other organ with its form. A case is its number, class and lawyer, never its client."""

    language: str
    unit: str
    centre: str
    office_phone: str
    case_number: str
    case_class: str
    lawyer: str
    firm: str
    closed_on: date
    reminder: bool
    return_by: date
    written_on: date
    questions: tuple[Asked, ...]
    offer: Offer
    # False where the unit answers on paper alone; the code still finds the sheet.
    by_link: bool
    # Under which the unit keeps the case; empty where it is not known.
    organ_number: str = ""
    # Where the form goes back to; empty where the centre gives none.
    postal_address: str = ""


@dataclass(frozen=True, slots=True)
class CardContent:
    """A neutral card: no name, no case, no centre."""

    language: str
    offer: Offer
    office_phone: str
    first_day: date
    last_day: date
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Attempt:
    """One contact by a person of the centre, in words."""

    at: datetime
    way: str
    outcome: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with what was answered; empty where nothing is recorded on this sheet."""

    number: int
    text: str
    answer: str
    # What the client had said themself before anybody keyed in the rest: by which way, and when.
    own_way: str = ""
    own_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """What was said otherwise or by somebody else and kept beside the first answers: question, first and later answer,
    row by row; no row where both say the same."""

    way: str
    at: datetime
    by: str
    answerer: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordContent:
    """One interview, visit, letter or paper form as it was keyed in. `phone` is masked unless a look was recorded."""

    language: str
    centre: str
    case_number: str
    case_class: str
    client: str
    phone: str
    lawyer: str
    firm: str
    way: str
    answerer: str
    recorded_at: datetime
    recorded_by: str
    late: bool
    receipt: str
    answers: tuple[Answered, ...]
    later: tuple[Later, ...]
    attempts: tuple[Attempt, ...]
    printed_at: datetime
    printed_by: str

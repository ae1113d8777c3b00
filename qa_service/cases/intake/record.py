"""A case as it was read, and what can be wrong with a row."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from qa_service.cases.enums import CaseType, ClientGroup, ContactReason, FaultReason, Gender, Oddity, Stage
from qa_service.organisations.enums import FirmKind

SEPARATOR = "\x1f"


class ClientInput(NamedTuple):
    """`phone` is E.164 or empty; `birth_year` follows from the age at acceptance, hence may be one year off."""

    name: str
    phone: str
    gender: Gender
    birth_year: int | None
    group: ClientGroup
    township: str = ""
    dialect: str = ""


class ContactInput(NamedTuple):
    """What the row says of how the person may be reached. Text messages are allowed where no reason speaks against."""

    reason: ContactReason
    needs_safety_check: bool
    guardian_only: bool
    note: str

    @property
    def sms_allowed(self) -> bool:
        return self.reason == ContactReason.NONE


class Entry(Protocol):
    """What names a client: a row of an export, or staff who add a person to a case."""

    @property
    def number(self) -> str:
        """Of the case."""

    @property
    def client(self) -> ClientInput: ...
    @property
    def contact(self) -> ContactInput: ...
    @property
    def spoken_on(self) -> date:
        """The last day on which somebody spoke with the client: from then on a consent grows old."""


class CaseInput(NamedTuple):
    """One good row. Amounts in yuan."""

    number: str
    case_type: CaseType
    cause: str
    stage: Stage
    people_helped: int
    organ: str
    accepted_on: date
    assigned_on: date | None
    closed_on: date | None
    judgment_received_on: date | None
    filed_on: date | None
    outcome: str
    recovered_amount: Decimal
    lawyer_name: str
    licence_number: str
    firm_name: str
    firm_kind: FirmKind
    station_name: str
    client: ClientInput
    contact: ContactInput
    oddities: tuple[Oddity, ...] = ()
    # Of a case under way alone.
    hearing_on: date | None = None
    organ_number: str = ""
    decided_on: date | None = None
    subsidy_paid_on: date | None = None

    @property
    def spoken_on(self) -> date:
        """The lawyer spoke with the client until the case was closed; of one under way no later day is certain."""
        return self.closed_on or self.assigned_on or self.accepted_on

    def canonical(self) -> str:
        """Everything that makes two rows say the same thing, in one text; how it was typed leaves no trace."""
        client = self.client
        # Exports without these columns say the same as before the columns were known.
        places = [part for part in (client.township, client.dialect) if part]
        later = [f"hearing {self.hearing_on}"] if self.hearing_on else []
        later += [f"organ {self.organ_number}"] if self.organ_number else []
        later += [f"decided {self.decided_on}"] if self.decided_on else []
        later += [f"paid {self.subsidy_paid_on}"] if self.subsidy_paid_on else []
        parts: tuple[Any, ...] = (*self[: self._fields.index("client")], *client[:-2], *self.contact, *places, *later)
        return SEPARATOR.join("" if part is None else str(part) for part in parts)


class Problem(Exception):  # noqa: N818 - a row's problem, not the program's
    """Raised while one cell is read. `field` is its English name."""

    def __init__(self, field: str, reason: FaultReason) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row was refused: the first of its problems, by the file's own column title."""

    line: int
    column: str
    reason: FaultReason
    value: str

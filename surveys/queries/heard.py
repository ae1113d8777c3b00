"""Everything that a client said, as one who sees to one of their matters may read it."""

from dataclasses import dataclass

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from surveys.enums import AlertKind
from surveys.models import Alert
from surveys.queries.alerts import (
    Noted,
    Said,
    Written,
    notes_of_contacts,
    reading_of,
    texts_from_client,
    what_was_said,
    who_may_see,
)
from surveys.queries.second_entries import Beside, second_entries


@dataclass(frozen=True, slots=True)
class Heard:
    """`withheld`: of somebody in danger more was said than stands here; `bureau`: who reads the whole.

    Of other matters it is not told that something is kept back: that alone would tell of whom.
    """

    said: tuple[Said, ...]
    texts: tuple[Written, ...]
    notes: tuple[Noted, ...]
    others: tuple[Beside, ...]
    withheld: bool
    bureau: tuple[User, ...]

    def __repr__(self) -> str:
        return f"Heard(withheld={self.withheld})"


def heard_of(alert: Alert, user: User) -> Heard:
    """`alert`: one that the user sees."""
    reading, conversation = reading_of(alert, user), alert.conversation
    said = what_was_said(alert, reading=reading)
    texts = texts_from_client(conversation, reading=reading)
    notes = notes_of_contacts(conversation, reading=reading)
    others = second_entries(conversation, reading=reading)
    kept: list[Said | Written | Noted | Beside] = [*said, *texts, *notes, *others]
    withheld = alert.kind == AlertKind.DANGER and any(each.withheld for each in kept)
    return Heard(
        said=tuple(each for each in said if each.answer or each.text),
        texts=tuple(each for each in texts if each.body),
        notes=tuple(notes),
        others=others,
        withheld=withheld,
        bureau=tuple(who_may_see(alert, Role.SUPERVISOR)) if withheld else (),
    )

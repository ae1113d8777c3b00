"""Of a case with several clients a few are asked: whom, by lot (domain.md 4.6).

Each person's lot is fixed by the case, the person and the round of asking alone: whoever joins later changes nobody
else's, and the service can draw again what it drew. Whoever would be reached on a telephone on which somebody is asked
already is passed over, so that no one number answers for a group.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surveys.enums import PassedOver


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person of the group; `number` is on which telephone they would be reached, empty for none."""

    client_id: int
    lot: str
    number: str = ""

    def __repr__(self) -> str:
        return f"Ticket({self.client_id})"


@dataclass(frozen=True, slots=True)
class Drawn:
    client_id: int
    lot: str
    passed_over: PassedOver = PassedOver.NOT

    @property
    def chosen(self) -> bool:
        return self.passed_over is PassedOver.NOT


def draw(tickets: Iterable[Ticket], *, most: int, held: Sequence[Ticket] = ()) -> tuple[Drawn, ...]:
    """Every ticket with what became of it, in the order of the lots.

    `held` are those of the group who are asked already: they count, and their telephones are taken.
    """
    places = most - len(held)
    taken = {ticket.number for ticket in held if ticket.number}
    drawn = []
    for ticket in sorted(tickets, key=lambda each: (each.lot, each.client_id)):
        outcome = PassedOver.NOT
        if places <= 0:
            outcome = PassedOver.ENOUGH
        elif ticket.number in taken:
            outcome = PassedOver.NUMBER
        else:
            places -= 1
            taken |= {ticket.number} - {""}
        drawn.append(Drawn(ticket.client_id, ticket.lot, outcome))
    return tuple(drawn)

"""How many of those asked have answered, unit by unit: nothing is said of what they answered."""

from dataclasses import dataclass

from django.db.models import Count, Q

from qa_service.accounts.models import User
from qa_service.common.shares import Share, share_of
from surveys.enums import OPEN_STATES
from surveys.models import Conversation
from surveys.queries.figures.scope import EVERYTHING, Choice


@dataclass(frozen=True, slots=True)
class OrganRate:
    """Cases of one unit. `asked`: a letter left, or an answer came; `unsent`: still to leave, or closed before it did.

    Of those asked: answered (`late`: after the closing day), still open, and closed without an answer.
    """

    unit: str
    centre: str
    asked: int
    answered: int
    late: int
    open: int
    unsent: int

    @property
    def silent(self) -> int:
        return self.asked - self.answered - self.open

    @property
    def share(self) -> Share:
        """Answered, of those whose time is over or who answered."""
        return share_of(self.answered, self.asked - self.open)


def organ_rates(user: User, choice: Choice = EVERYTHING) -> list[OrganRate]:
    """Of the cases chosen, within the user's scope; one query."""
    rows = Conversation.objects.visible_to(user).with_organs().filter(choice.of("case__"))
    answered = Q(response__finished_at__isnull=False)
    asked = Q(sent_out_at__isnull=False) | answered
    counted = (
        rows.order_by()
        .values_list("organ__name", "organ__centre__name")
        .annotate(
            asked=Count("pk", filter=asked),
            answered=Count("pk", filter=answered),
            late=Count("pk", filter=answered & Q(response__late=True)),
            open=Count("pk", filter=asked & ~answered & Q(state__in=OPEN_STATES)),
            unsent=Count("pk", filter=~asked),
        )
        .order_by("organ__centre__name", "organ__name")
    )
    return [OrganRate(unit or "", centre or "", *counts) for unit, centre, *counts in counted]

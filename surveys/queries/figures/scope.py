"""Of whom the figures speak: what a person chose, within what they may see."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from surveys.models import Conversation
from surveys.models.conversations import STAFF_ROLES, first_wave


@dataclass(frozen=True, slots=True)
class Choice:
    """What the filters leave; None and empty choose everything. `period` is that of closing."""

    centre_id: int | None = None
    period: Period | None = None
    case_type: str = ""

    def of(self, case: str = "") -> Q:
        """The condition on rows whose case is found by the path `case` (with its two underscores)."""
        condition = Q()
        if self.centre_id is not None:
            condition &= Q(**{f"{case}centre": self.centre_id})
        if self.case_type:
            condition &= Q(**{f"{case}case_type": self.case_type})
        if self.period is not None:
            condition &= Q(**{f"{case}closed_on__gte": self.period.start, f"{case}closed_on__lt": self.period.end})
        return condition


EVERYTHING = Choice()


def followups(user: User, choice: Choice = EVERYTHING) -> QuerySet[Conversation]:
    """Of the user's subtree and never of their own cases, whatever other hat they wear; one a case."""
    return Conversation.objects.visible_to(user).filter(first_wave(), choice.of("case__"))


def cases_without_followup(user: User, choice: Choice = EVERYTHING) -> QuerySet[Case]:
    """Closed cases about which nobody has been asked."""
    mine = own_work(user, lawyer="lawyer", firm="firm")
    asked = Conversation.objects.filter(first_wave(), case=OuterRef("pk"))
    seen = Case.objects.filter(within(user, "centre__path", *STAFF_ROLES), choice.of()).exclude(mine)
    return seen.filter(~Exists(asked))

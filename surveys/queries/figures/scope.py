"""Of whom the figures speak: what a person chose, within what they may see."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import make_aware

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.models import Case, CoClient
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from surveys.enums import Audience, ConversationState, PassedOver
from surveys.models import Conversation, DrawnClient
from surveys.models.conversations import CLOSING_WAVE, STAFF_ROLES, first_wave


@dataclass(frozen=True, slots=True)
class Choice(ClosedCases):
    """What the filters leave; of a wave that asks while the case runs, `period` is that in which the asking began."""

    wave: str = CLOSING_WAVE

    @property
    def under_way(self) -> bool:
        return self.wave != CLOSING_WAVE

    @property
    def closing(self) -> Period | None:
        return None if self.under_way else self.period


EVERYTHING = Choice()


def followups(user: User, choice: Choice = EVERYTHING) -> QuerySet[Conversation]:
    """Of the user's subtree and never of their own cases, whatever other hat they wear; one a client asked."""
    seen = Conversation.objects.visible_to(user).filter(choice.of("case__"))
    return seen.filter(_while_under_way(choice)) if choice.under_way else seen.filter(first_wave())


def _while_under_way(choice: Choice) -> Q:
    """What was given up before anybody was contacted is no follow-up."""
    condition = Q(audience=Audience.CLIENT, wave=choice.wave) & ~Q(state=ConversationState.WITHDRAWN)
    if choice.period is not None:
        condition &= Q(invited_at__gte=midnight(choice.period.start), invited_at__lt=midnight(choice.period.end))
    return condition


def midnight(day: date) -> datetime:
    """The start of the day in the zone of whoever reads."""
    return make_aware(datetime.combine(day, time.min))


def cases_without_followup(user: User, choice: Choice = EVERYTHING) -> QuerySet[Case]:
    """Closed cases about which nobody has been asked; of asking while the case runs, none."""
    if choice.under_way:
        return Case.objects.none()
    mine = own_work(user, lawyer="lawyer", firm="firm")
    asked = Conversation.objects.filter(first_wave(), case=OuterRef("pk"))
    seen = Case.objects.filter(within(user, "centre__path", *STAFF_ROLES), choice.of()).exclude(mine)
    return seen.filter(~Exists(asked))


def drawn_without_followup(user: User, choice: Choice = EVERYTHING) -> QuerySet[DrawnClient]:
    """Of cases about which another of their clients was asked: those on whom the lot fell as well, not asked yet."""
    if choice.under_way:
        return DrawnClient.objects.none()
    mine = own_work(user, lawyer="case__lawyer", firm="case__firm")
    asked = Conversation.objects.filter(first_wave(), case=OuterRef("case"))
    still = CoClient.objects.current().filter(case=OuterRef("case"), client=OuterRef("client"))
    drawn = DrawnClient.objects.filter(within(user, "case__centre__path", *STAFF_ROLES), choice.of("case__"))
    return (
        drawn.filter(Q(client=F("case__client")) | Exists(still), wave=CLOSING_WAVE, passed_over=PassedOver.NOT)
        .exclude(mine)
        .filter(Exists(asked), ~Exists(asked.filter(recipient=OuterRef("client"))))
    )

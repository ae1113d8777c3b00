"""Whose turn it is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from qa_service.cases.models import Case
from qa_service.cases.queries import cases_to_ask
from qa_service.organisations.models import CentreSettings
from surveys import recovery, timing
from surveys.enums import Audience, Publication
from surveys.models import Conversation, Plan, Questionnaire
from surveys.models.conversations import CLOSING_WAVE

# One person is followed up at most once in so many days, however many cases.
APART = timedelta(days=30)


def due_invitations(*, now: datetime, wave: str = CLOSING_WAVE) -> QuerySet[Case]:
    """Released cases whose client has not been asked and whose day has come, oldest first."""
    asked = Conversation.objects.filter(case=OuterRef("pk"), wave=wave, audience=Audience.CLIENT)
    lately = Conversation.objects.filter(invited_at__gt=now - APART)
    return (
        cases_to_ask(now=now)
        .select_related("client__contact_plan", "centre__settings", "firm")
        .filter(_day_has_come(now))
        .filter(~Exists(asked))
        .filter(~Exists(lately.filter(recipient=OuterRef("client"))))
        .filter(Q(client__phone_index="") | ~Exists(lately.filter(phone_index=OuterRef("client__phone_index"))))
        .order_by("closed_on", "pk")
    )


def _day_has_come(now: datetime) -> Q:
    """Centres differ in zone and delay, but not in many ways: one condition for each pair in use."""
    pairs = CentreSettings.objects.values_list("time_zone", "first_contact_delay_days").distinct()
    condition = Q(pk__in=[])
    for zone, delay in pairs:
        newest = timing.last_closing_day_due(now=now, delay_days=delay, zone=ZoneInfo(zone))
        condition |= Q(
            centre__settings__time_zone=zone,
            centre__settings__first_contact_delay_days=delay,
            closed_on__lte=newest,
        )
    return condition


def plan_for(*, wave: str, audience: Audience, centre_id: int) -> Plan:
    """The centre's own plan of a wave, else the default.

    :raises Plan.DoesNotExist: nothing has been published.
    """
    if recovery.is_second(wave):
        wave = recovery.WAVE
    plans = Plan.objects.filter(Q(centre=None) | Q(centre_id=centre_id), wave=wave, audience=audience, active=True)
    # The centre's own one first: nulls sort differently on different databases, so the choice is made here.
    found = sorted(plans, key=lambda plan: plan.centre_id is None)
    if not found:
        raise Plan.DoesNotExist
    return found[0]


def published_questionnaire(key: str) -> Questionnaire:
    """:raises Questionnaire.DoesNotExist: none of the key has been published."""
    return Questionnaire.objects.get(key=key, state=Publication.PUBLISHED)

"""Organs that are asked: whose turn it is, who was asked and what became of it."""

import unicodedata
from collections import defaultdict
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.cases.queries import cases_to_ask
from qa_service.common.errors import NotFound
from qa_service.common.tokens import SHORT_CODE_LENGTH, digest
from qa_service.organisations.models import CentreSettings
from surveys import timing
from surveys.enums import OPEN_STATES, Audience, ConversationState, Sweep
from surveys.models import Conversation, Organ, OrganLetter, OrganName
from surveys.queries.set_aside import is_set_aside

WAVE = "closing"
# Later nobody remembers how the lawyer worked: an address completed after that asks about newer cases alone.
ASKED_WITHIN = timedelta(days=90)
TAKES_A_SHEET = (*OPEN_STATES, ConversationState.EXPIRED, ConversationState.UNREACHABLE)
UNANSWERED = (ConversationState.EXPIRED, ConversationState.STOPPED, ConversationState.UNREACHABLE)


def cases_before_organs(*, now: datetime) -> QuerySet[Case]:
    """Released cases before an organ that nobody has asked, some days after closing, where the centre asks organs."""
    # The mark keeps the look at what is due; the question itself, that nobody is ever asked twice.
    asked = Conversation.objects.filter(case=OuterRef("pk"), wave=WAVE, audience=Audience.ORGAN)
    return (
        cases_to_ask(now=now)
        .filter(_day_has_come(now), survey_released_at__isnull=False, organ_asked_at=None)
        .exclude(organ="")
        .filter(closed_on__gte=F("centre__settings__organs_from"))
        .filter(~Exists(asked))
    )


def _day_has_come(now: datetime) -> Q:
    """Centres differ in zone and delay, but not in many ways: one condition for each pair in use.

    By the centres themselves, which the index begins with: most may ask no organs, and have as many cases.
    """
    alike: dict[date, list[int]] = defaultdict(list)
    asking = CentreSettings.objects.exclude(organs_from=None).order_by("centre")
    for centre, zone, delay in asking.values_list("centre", "time_zone", "organ_delay_days"):
        alike[timing.last_closing_day_due(now=now, delay_days=delay, zone=ZoneInfo(zone))].append(centre)
    condition = Q(pk__in=[])
    for newest, centres in alike.items():
        condition |= Q(centre__in=centres, closed_on__lte=newest, closed_on__gt=newest - ASKED_WITHIN)
    return condition


def due_to_organs(*, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Entry in the address book and case, of those whose organ is asked; unit by unit, the oldest first."""
    entry = Organ.objects.asked().filter(names__centre=OuterRef("centre"), names__name=OuterRef("organ"))
    # Asked of as a set, whether the book has the name: the entry itself is looked up for those who are due alone.
    names = OrganName.objects.filter(organ__in=Organ.objects.asked(), centre=OuterRef("centre"), name=OuterRef("organ"))
    rows = (
        cases_before_organs(now=now)
        .filter(Exists(names), ~is_set_aside(Sweep.ASK_ORGANS, now=now))
        .annotate(entry=Subquery(entry.values("pk")[:1]))
        .order_by("entry", "closed_on", "pk")
        .values_list("entry", "pk")
    )
    return list(rows[:limit])


def due_to_organ(organ: Organ, *, now: datetime) -> QuerySet[Case]:
    """Those of one unit, under any of its names; none where it is not asked."""
    if not organ.is_asked:
        return Case.objects.none()
    names = organ.names.values("name")
    return cases_before_organs(now=now).filter(centre=organ.centre_id, organ__in=names).order_by("pk")


class Show(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    OVER = "over"
    ALL = "all"


def organs_asked(user: User, *, show: Show = Show.OPEN, organ: UUID | None = None) -> QuerySet[Conversation]:
    """Whom the user's centres asked about which case, the latest first."""
    found = Conversation.objects.visible_to(user).with_organs()
    if show == Show.OPEN:
        found = found.open()
    elif show == Show.ANSWERED:
        found = found.filter(state=ConversationState.FINISHED)
    elif show == Show.OVER:
        found = found.filter(state__in=UNANSWERED)
    if organ is not None:
        found = found.filter(organ__public_id=organ)
    return found.select_related("case__centre", "case__lawyer", "organ", "response").order_by("-invited_at", "-pk")


def organ_conversation(*, user: User, public_id: UUID) -> Conversation:
    """:raises NotFound: there is none within the user's reach, or it is about the user's own case."""
    found = (
        Conversation.objects.visible_to(user)
        .with_organs()
        .select_related(
            "case__centre__settings", "case__lawyer", "case__firm", "organ", "response__entered_by", "questionnaire"
        )
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("No organ was asked under this address."))
    return found


def organ_conversation_named(*, user: User, given: str) -> Conversation | None:
    """By the number of its case or the code on its sheet; within the user's scope."""
    plain = unicodedata.normalize("NFKC", given.replace("\x00", "")).strip()
    code = "".join(sign for sign in plain.upper() if sign.isalnum())
    wanted = Q(case__number__in={plain, given.strip()})
    if len(code) == SHORT_CODE_LENGTH:
        wanted |= Q(code_digest=digest(code))
    return organs_asked(user, show=Show.ALL).filter(wanted).first()


def letters_of(conversation: Conversation) -> QuerySet[OrganLetter]:
    """What went to the unit, and how far each letter has got."""
    return conversation.letters.select_related("mail", "batch__sent_by").order_by("step", "written_at")

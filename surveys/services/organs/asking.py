"""Asking courts and other organs about closed cases. The sweeps are idempotent: the unique conversation makes it once.

A unit is asked by e-mail where it agreed to it and a mail server is set, on paper otherwise. One e-mail asks about
several cases, so that no unit is flooded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from qa_service.cases.models import Case
from qa_service.cases.services import organ_asked
from qa_service.common.tokens import digest
from qa_service.common.workdays import CalendarYearMissing
from qa_service.notifications.services import mail_is_sent
from qa_service.organisations.models import CentreSettings
from surveys import timing
from surveys.enums import Audience, Channel, ConversationState, LetterWay, OrganWay, Sweep
from surveys.models import Conversation, Organ, OrganLetter, Plan, Questionnaire
from surveys.queries import plan_for, published_questionnaire
from surveys.queries.organs import WAVE, due_to_organ, due_to_organs
from surveys.services.contact.setting_aside import together
from surveys.services.organs.organ_mails import link_token, write_mail

SWEEP = 500
# More stand in no e-mail: it should be read to its end.
CASES_A_MAIL = 20
ACTOR = Actor.system("surveys.ask_organs")


@dataclass(frozen=True, slots=True)
class AskedOrgans:
    """What one sweep did, in cases. `held`: no calendar says whether anybody is in the office; they wait.

    `aside`: the sweep failed at them, and a person was told.
    """

    by_email: int = 0
    on_paper: int = 0
    held: int = 0
    aside: int = 0


def ask_organs(*, limit: int = SWEEP, now: datetime) -> AskedOrgans:
    """Begin what is due, unit by unit, each e-mail or stack of letters in its own transaction."""
    by_email = on_paper = held = aside = 0
    for organ_id, keys in stacks(due_to_organs(now=now, limit=limit)):
        ask, cases = partial(_ask, organ_id, now=now), {key: key for key in keys}
        try:
            asked, left_out = together(ask, cases, sweep=Sweep.ASK_ORGANS, now=now)
        except CalendarYearMissing:
            held += len(keys)
            continue
        channel, count = asked or (None, 0)
        by_email += count if channel == Channel.EMAIL else 0
        on_paper += count if channel == Channel.LETTER else 0
        aside += left_out
    return AskedOrgans(by_email=by_email, on_paper=on_paper, held=held, aside=aside)


def stacks(rows: Sequence[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Organ and at most `CASES_A_MAIL` of its rows; `rows` are ordered by organ."""
    for organ_id, group in groupby(rows, key=lambda row: row[0]):
        keys = [key for _organ, key in group]
        for start in range(0, len(keys), CASES_A_MAIL):
            yield organ_id, keys[start : start + CASES_A_MAIL]


@transaction.atomic
def _ask(organ_id: int, case_ids: Sequence[int], *, now: datetime) -> tuple[Channel, int]:
    organ = locked_organ(organ_id)
    # Who held the row before may have asked about some of them, or taken the unit out of the book.
    due = due_to_organ(organ, now=now).filter(pk__in=case_ids)
    cases = list(due.select_related("lawyer", "firm"))
    plan = plan_for(wave=WAVE, audience=Audience.ORGAN, centre_id=organ.centre_id)
    questionnaire = published_questionnaire(plan.questionnaire_key)
    channel = channel_of(organ)
    asked = Conversation.objects.bulk_create(
        _conversation(case, organ=organ, plan=plan, questionnaire=questionnaire, channel=channel, now=now)
        for case in cases
    )
    if asked:
        write_letters(asked, organ=organ, step=0, now=now)
        organ_asked(cases=[row.case_id for row in asked], now=now)
        record_many(
            actor=ACTOR,
            acts=[
                Act("surveys.organ_asked", Case._meta.label, str(row.case_id), {"channel": channel}) for row in asked
            ],
            at=now,
        )
    return channel, len(asked)


def locked_organ(organ_id: int) -> Organ:
    """Whoever holds this row is the only one to write to the unit."""
    return Organ.objects.select_for_update(of=("self",)).select_related("centre__settings").get(pk=organ_id)


def channel_of(organ: Organ) -> Channel:
    """How the unit is reached today."""
    return Channel.EMAIL if organ.way == OrganWay.EMAIL and mail_is_sent() else Channel.LETTER


def _conversation(
    case: Case, *, organ: Organ, plan: Plan, questionnaire: Questionnaire, channel: Channel, now: datetime
) -> Conversation:
    zone = zone_of(organ.centre.settings)
    until = timing.deadlines(
        invited_at=now, closes_after_days=plan.closes_after_days, late_until_days=plan.late_until_days, zone=zone
    )
    row = Conversation(
        case=case,
        audience=Audience.ORGAN,
        organ=organ,
        unit=organ.name,
        wave=WAVE,
        questionnaire=questionnaire,
        state=ConversationState.AWAITING,
        channel=channel,
        language=organ.language,
        invited_at=now,
        closes_at=until.closes_at,
        late_until=until.late_until,
        # The days of a letter count from when it left.
        remind_at=timing.reminder_due(invited_at=now, reminders_sent=0, contact_days=plan.contact_days, zone=zone)
        if channel == Channel.EMAIL
        else None,
        created_at=now,
        updated_at=now,
    )
    row.link_digest = digest(link_token(row))
    return row


def zone_of(settings: CentreSettings) -> ZoneInfo:
    return ZoneInfo(settings.time_zone)


def write_letters(conversations: Sequence[Conversation], *, organ: Organ, step: int, now: datetime) -> None:
    """One e-mail about all of them, or a sheet each to be printed. All stand on the same channel.

    :raises CalendarYearMissing: an e-mail would go out on a day that nobody knows to be worked.
    """
    by_email = conversations[0].channel == Channel.EMAIL
    mail = write_mail(conversations, organ=organ, reminder=step > 0, now=now) if by_email else None
    OrganLetter.objects.bulk_create(
        OrganLetter(
            conversation=row,
            step=step,
            way=LetterWay.EMAIL if mail else LetterWay.PAPER,
            mail=mail,
            written_at=now,
        )
        for row in conversations
    )

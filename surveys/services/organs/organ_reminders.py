"""The passing of days with organs: reminding them, and what became of an e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from qa_service.audit.services import Act, record_many
from qa_service.cases.services import evidence_changed
from qa_service.common.workdays import CalendarYearMissing
from qa_service.notifications.enums import SETTLED_MAIL, MailState
from surveys import timing
from surveys.enums import Audience, Channel, LetterWay, Sweep
from surveys.models import Conversation, OrganLetter
from surveys.models.conversations import ConversationQuerySet
from surveys.queries import plan_for
from surveys.queries.set_aside import is_set_aside
from surveys.services.contact.setting_aside import alone, together
from surveys.services.contact.trail import record_asking
from surveys.services.organs.asking import ACTOR, SWEEP, channel_of, locked_organ, stacks, write_letters, zone_of


@dataclass(frozen=True, slots=True)
class RemindedOrgans:
    """In cases. `held`: no calendar says whether anybody is in the office; they wait. `aside`: the sweep failed."""

    by_email: int = 0
    on_paper: int = 0
    held: int = 0
    aside: int = 0


def remind_organs(*, limit: int = SWEEP, now: datetime) -> RemindedOrgans:
    """Write the next reminder to units that were silent, as many cases in one as were due together."""
    by_email = on_paper = held = aside = 0
    free = _due(now).filter(~is_set_aside(Sweep.REMIND_ORGANS, now=now)).order_by("organ", "remind_at", "pk")
    due = list(free.values_list("organ", "pk", "case")[:limit])
    cases = {key: case for _organ, key, case in due}
    for organ_id, keys in stacks([(organ, key) for organ, key, _case in due]):
        remind, of = partial(_remind, organ_id, now=now), {key: cases[key] for key in keys}
        try:
            written, left_out = together(remind, of, sweep=Sweep.REMIND_ORGANS, now=now)
        except CalendarYearMissing:
            held += len(keys)
            continue
        channel, count = written or (None, 0)
        by_email += count if channel == Channel.EMAIL else 0
        on_paper += count if channel == Channel.LETTER else 0
        aside += left_out
    return RemindedOrgans(by_email=by_email, on_paper=on_paper, held=held, aside=aside)


def _due(now: datetime) -> ConversationQuerySet:
    return Conversation.objects.with_organs().open().filter(remind_at__lte=now)


@transaction.atomic
def _remind(organ_id: int, keys: Sequence[int], *, now: datetime) -> tuple[Channel, int]:
    organ = locked_organ(organ_id)
    rows = list(
        _due(now).filter(pk__in=keys).select_for_update(of=("self",)).select_related("case__lawyer", "case__firm")
    )
    plan = plan_for(wave=rows[0].wave, audience=Audience.ORGAN, centre_id=organ.centre_id) if rows else None
    channel = channel_of(organ)
    by_step: dict[int, list[Conversation]] = {}
    for row in rows:
        row.remind_at, row.updated_at, row.channel = None, now, channel
        step = row.reminders + 1
        if organ.is_asked and plan is not None and step < len(plan.contact_days):
            by_step.setdefault(step, []).append(row)
            row.reminders = step
            if channel == Channel.EMAIL:
                row.remind_at = timing.reminder_due(
                    invited_at=row.sent_out_at or row.invited_at,
                    reminders_sent=step,
                    contact_days=plan.contact_days,
                    zone=zone_of(organ.centre.settings),
                )
    for step, silent in by_step.items():
        write_letters(silent, organ=organ, step=step, now=now)
    Conversation.objects.bulk_update(rows, ["remind_at", "updated_at", "channel", "reminders"])
    reminded = [row for written in by_step.values() for row in written]
    record_many(
        actor=ACTOR,
        acts=[
            Act("surveys.reminded", Conversation._meta.label, str(row.pk), {"step": row.reminders}) for row in reminded
        ],
        at=now,
    )
    return channel, len(reminded)


@dataclass(frozen=True, slots=True)
class Followed:
    """In cases: e-mails that the server took, those that go on paper now, those nobody knows of, those set aside."""

    left: int = 0
    on_paper: int = 0
    unclear: int = 0
    aside: int = 0


def follow_mails(*, limit: int = SWEEP, now: datetime) -> Followed:
    """Take note of what became of e-mails: what no server took is written on paper. Idempotent."""
    letters = OrganLetter.objects.filter(way=LetterWay.EMAIL, followed_at=None, mail__state__in=SETTLED_MAIL)
    free = letters.filter(~is_set_aside(Sweep.FOLLOW_MAILS, now=now)).order_by("pk")
    left = on_paper = unclear = aside = 0
    for key, case in list(free.values_list("pk", "conversation__case")[:limit]):
        state = alone(partial(_follow, key, now=now), sweep=Sweep.FOLLOW_MAILS, row=key, case_id=case, now=now)
        left += state == MailState.SENT
        on_paper += state == MailState.REFUSED
        unclear += state == MailState.UNKNOWN
        aside += state is None
    return Followed(left=left, on_paper=on_paper, unclear=unclear, aside=aside)


@transaction.atomic
def _follow(key: int, *, now: datetime) -> str:
    """The state of its mail; empty where another sweep was faster."""
    letters = OrganLetter.objects.select_for_update(of=("self",)).select_related("mail")
    # What became of it is told without reading it, which may be damaged.
    letter = letters.defer("mail__to", "mail__subject", "mail__body").get(pk=key)
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=letter.conversation_id)
    if letter.followed_at is not None or letter.mail is None:
        return ""
    letter.followed_at = now
    letter.save(update_fields=["followed_at"])
    if letter.mail.state == MailState.SENT and row.sent_out_at is None:
        row.sent_out_at = letter.mail.settled_at
        row.save(update_fields=["sent_out_at"])
        evidence_changed(row.case_id)
    if letter.mail.state == MailState.REFUSED and row.is_open:
        go_on_paper(row, step=letter.step, why="mail refused", now=now)
    return letter.mail.state


def go_on_paper(row: Conversation, *, step: int, why: str, now: datetime) -> None:
    """From the e-mail to a letter, which waits to be printed. Inside a transaction that holds the row."""
    row.channel, row.remind_at, row.updated_at = Channel.LETTER, None, now
    row.save(update_fields=["channel", "remind_at", "updated_at"])
    OrganLetter.objects.get_or_create(conversation=row, step=step, way=LetterWay.PAPER, defaults={"written_at": now})
    details = {"from": Channel.EMAIL, "to": Channel.LETTER, "why": why}
    record_asking(conversation=row, actor=ACTOR, action="surveys.rung_changed", details=details, at=now)

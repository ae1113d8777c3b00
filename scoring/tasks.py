"""Sweeps of weighing and deciding: each a shell round one service call."""

from celery import shared_task
from django.utils import timezone

from qa_service.documents.fonts import prepare_fonts as prepare_official_fonts
from scoring.services.calendar_gaps import close_calendar_gaps as close_gaps
from scoring.services.delivery import deliver_to_new_accounts
from scoring.services.next_files import flag_next_files as flag_the_next_files
from scoring.services.passing import pass_steps_on as pass_on
from scoring.services.printing import render_notices as render_waiting_notices
from scoring.services.procedure import finish_displays as finish_public_displays
from scoring.services.proposals import propose as propose_by_rules
from scoring.services.satisfaction import release_client_satisfaction
from scoring.services.scores import mark_due, rescore_changed
from scoring.services.telling_of_reports import tell_of_reports as tell_managers_of_reports
from scoring.services.voice import release_client_voice


@shared_task(name="scoring.rescore")
def rescore() -> int:
    return rescore_changed(now=timezone.now())


@shared_task(name="scoring.mark_due")
def mark_due_scores() -> int:
    return mark_due(now=timezone.now())


@shared_task(name="scoring.release_voice")
def release_voice() -> int:
    return release_client_voice(now=timezone.now())


@shared_task(name="scoring.release_satisfaction")
def release_satisfaction() -> int:
    return release_client_satisfaction(now=timezone.now())


@shared_task(name="scoring.propose")
def propose() -> int:
    return propose_by_rules(now=timezone.now())


@shared_task(name="scoring.pass_steps_on")
def pass_steps_on() -> int:
    return pass_on(now=timezone.now())


@shared_task(name="scoring.flag_next_files")
def flag_next_files() -> int:
    return flag_the_next_files(now=timezone.now())


@shared_task(name="scoring.finish_displays")
def finish_displays() -> int:
    return finish_public_displays(now=timezone.now())


@shared_task(name="scoring.prepare_fonts")
def prepare_fonts() -> bool:
    """Half a minute's work once an installation, done before the first notice asks for it."""
    return prepare_official_fonts()


@shared_task(name="scoring.render_notices")
def render_notices() -> int:
    return render_waiting_notices(now=timezone.now())


@shared_task(name="scoring.deliver_notices")
def deliver_notices() -> int:
    return deliver_to_new_accounts(now=timezone.now())


@shared_task(name="scoring.close_gaps")
def close_calendar_gaps() -> int:
    return close_gaps(now=timezone.now())


@shared_task(name="scoring.tell_of_reports")
def tell_of_reports() -> int:
    return tell_managers_of_reports(now=timezone.now())

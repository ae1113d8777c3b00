"""Sweeps of weighing and deciding: each a shell round one service call."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from qa_service.documents.fonts import prepare_fonts as prepare_official_fonts
from scoring.services.calendar_gaps import close_calendar_gaps as close_gaps
from scoring.services.delivery import deliver_to_new_accounts
from scoring.services.next_files import flag_next_files as flag_the_next_files
from scoring.services.passing import pass_steps_on as pass_on
from scoring.services.period_proposals import propose_of_periods as propose_by_rules_of_periods
from scoring.services.printing import render_notices as render_waiting_notices
from scoring.services.procedure import finish_displays as finish_public_displays
from scoring.services.proposals import propose as propose_by_rules
from scoring.services.report_orders import expire_reports as expire_ordered_reports
from scoring.services.report_orders import make_report as make_ordered_report
from scoring.services.report_orders import orders_to_hand_out
from scoring.services.satisfaction import release_client_satisfaction
from scoring.services.scores import mark_due, rescore_changed
from scoring.services.telling_of_reports import tell_of_reports as tell_managers_of_reports
from scoring.services.voice import release_client_voice

logger = logging.getLogger(__name__)


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


@shared_task(name="scoring.propose_of_periods")
def propose_of_periods() -> int:
    return propose_by_rules_of_periods(now=timezone.now())


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


# Of a whole country it takes minutes; a message stays invisible to other workers for an hour.
@shared_task(name="scoring.make_report", soft_time_limit=2640, time_limit=2700)
def make_report(*, order_id: int) -> bool:
    return make_ordered_report(order_id=order_id, now=timezone.now())


def start_report(*, order_id: int) -> None:
    """Hand an order to the worker once its row is committed. If the broker is away, the sweep takes it."""

    def wake() -> None:
        try:
            make_report.delay(order_id=order_id)
        except OperationalError:
            logger.warning("broker away: report order %s waits for the sweep", order_id)

    transaction.on_commit(wake)


@shared_task(name="scoring.hand_out_reports")
def hand_out_reports() -> None:
    """What no worker took, or one lost."""
    for order_id in orders_to_hand_out(now=timezone.now()):
        start_report(order_id=order_id)


@shared_task(name="scoring.expire_reports")
def expire_reports() -> int:
    return expire_ordered_reports(now=timezone.now())

"""The worker's share of importing: long files, and what a lost worker left behind."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from qa_service.cases import services
from qa_service.common.errors import DomainError

logger = logging.getLogger(__name__)


@shared_task(name="cases.run_import")
def run_import(*, import_id: int) -> None:
    """Run one import. A refusal is already written on the import, where its owner sees it."""
    try:
        services.run_import(import_id=import_id, now=timezone.now())
    except DomainError:
        return


def start(*, import_id: int) -> None:
    """Hand an import to the worker once its row is committed. If the broker is away, the sweep takes it."""

    def wake() -> None:
        try:
            run_import.delay(import_id=import_id)
        except OperationalError:
            logger.warning("broker away: import %s waits for the sweep", import_id)

    transaction.on_commit(wake)


@shared_task(name="cases.resume_imports")
def resume_imports() -> None:
    """Run what no worker took or one lost, and let go of files nobody confirmed."""
    services.expire_previews(now=timezone.now())
    for import_id in services.waiting_imports(now=timezone.now()):
        run_import(import_id=import_id)


@shared_task(name="cases.lift_ended_bans")
def lift_ended_bans() -> None:
    services.lift_ended_bans(now=timezone.now())

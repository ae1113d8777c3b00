"""Sheets in the binder, confirmed by a person batch by batch: only then may the words they print be erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import Act, record_many
from qa_service.common.errors import InvalidInput
from surveys.models import BoundRecord, Response
from surveys.queries.binding import records_to_bind


class NeverPrinted(InvalidInput):
    """`details["cases"]` are the numbers of the cases whose record was never printed."""

    code = "never_printed"


@transaction.atomic
def confirm_bound(*, user: User, records: Collection[UUID], now: datetime) -> int:
    """These records are bound; returns how many were not confirmed before. What is not the user's is passed over.

    :raises NeverPrinted: one of them was never printed, so it cannot lie in a binder; nothing is confirmed.
    """
    rows = list(records_to_bind(user).filter(public_id__in=records))
    unprinted = sorted(row.conversation.case.number for row in rows if not row.printed)
    if unprinted:
        text = _("Never printed, so it cannot be bound: %(cases)s. Print it first.")
        raise NeverPrinted(text % {"cases": "、".join(unprinted)}, field="records", cases="、".join(unprinted))
    bound = [BoundRecord(response=row, bound_by=user, bound_at=now) for row in rows]
    BoundRecord.objects.bulk_create(bound, ignore_conflicts=True)
    acts = [Act("surveys.record_bound", Response._meta.label, str(row.pk)) for row in rows]
    return record_many(actor=user.actor, acts=acts, at=now)

"""Writing the record: one call per act, in the act's own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from qa_service.audit.actors import Actor
from qa_service.audit.models import Entry, Remark
from qa_service.common.inserting import insert

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done. `subject_type` is the model's label (`cases.Case`), `subject_id` its primary key."""

    action: str
    subject_type: str = ""
    subject_id: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model | None = None,
    details: dict[str, Any] | None = None,
    remark: str = "",
    at: datetime,
) -> Entry:
    """Append one entry. Never put a telephone number, a name or what somebody typed into `details`.

    :param remark: the reason as it was typed, kept apart so that it can be erased.
    """
    entry = Entry(
        at=at,
        actor_id=actor.id,
        actor_label=actor.label,
        action=action,
        subject_type=subject._meta.label if subject else "",
        subject_id=str(subject.pk) if subject else "",
        details=details or {},
    )
    insert(entry)
    if remark:
        Remark.objects.create(entry=entry, at=at, text=remark)
    return entry


def record_many(*, actor: Actor, acts: Iterable[Act], at: datetime) -> int:
    """Append one entry an act, in batches; returns how many."""
    entries = [
        Entry(
            at=at,
            actor_id=actor.id,
            actor_label=actor.label,
            action=act.action,
            subject_type=act.subject_type,
            subject_id=act.subject_id,
            details=act.details,
        )
        for act in acts
    ]
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    return len(entries)

"""Telling the rooms above that something about a case has changed, without knowing them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import EvidenceChange, RiskFlag

SEALED_KINDS = frozenset({FlagKind.MONEY_ALERT})


def evidence_changed(case_ids: int | Iterable[int]) -> None:
    """Mark cases for rescoring. Versions only grow, so that a score of old evidence never hides a newer change.

    One statement, whatever their number: the ORM's upsert cannot count up. On a row that another transaction wrote or
    is weighing it waits for that one, then counts from what it left, so no change is ever taken for an earlier one.
    """
    ids = sorted({case_ids} if isinstance(case_ids, int) else set(case_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_counted_up(len(ids)), ids)


def _counted_up(number: int) -> str:
    """The upsert of so many rows; the same in SQLite and PostgreSQL. Rows in order, so that no two writers lock up."""
    table, case_id, version = map(connection.ops.quote_name, (EvidenceChange._meta.db_table, "case_id", "version"))
    rows = ", ".join(["(%s, 1)"] * number)
    return (
        f"INSERT INTO {table} ({case_id}, {version}) VALUES {rows} "  # noqa: S608 - names of our own columns
        f"ON CONFLICT ({case_id}) DO UPDATE SET {version} = {table}.{version} + 1"
    )


@transaction.atomic
def raise_risk_flag(*, case_id: int, kind: FlagKind, actor: Actor, now: datetime) -> RiskFlag:
    """Raise a flag once while it is open; an open one is returned as it stands."""
    flag, created = RiskFlag.objects.get_or_create(
        case_id=case_id, kind=kind, cleared_at=None, defaults={"sealed": kind in SEALED_KINDS, "raised_at": now}
    )
    if created:
        _note("cases.flag_raised", flag, actor=actor, now=now)
    return flag


@transaction.atomic
def clear_risk_flag(*, case_id: int, kind: FlagKind, actor: Actor, now: datetime) -> bool:
    """Lower the open flag; False where none was open. What waited for it, such as a commendation, is looked at anew."""
    flag = RiskFlag.objects.select_for_update().filter(case_id=case_id, kind=kind, cleared_at=None).first()
    if flag is None:
        return False
    flag.cleared_at = now
    flag.save(update_fields=["cleared_at"])
    evidence_changed(case_id)
    _note("cases.flag_cleared", flag, actor=actor, now=now)
    return True


def _note(action: str, flag: RiskFlag, *, actor: Actor, now: datetime) -> None:
    """Under the flag, never under its case: the record of a case has more readers, and tells nobody what was said."""
    record(actor=actor, action=action, subject=flag, details={} if flag.sealed else {"kind": flag.kind}, at=now)

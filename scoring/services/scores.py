"""Weighing again what has changed. Scores are superseded, never changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_over
from qa_service.audit.actors import Actor
from qa_service.cases.models import EvidenceChange
from qa_service.cases.services import ReadersWanted, ask_for_readers, evidence_changed
from qa_service.common.copying import add_all
from qa_service.notifications.services import notify_each
from qa_service.organisations.queries import on_the_day_there
from scoring.calculation import CaseResult, readers_asked
from scoring.enums import Reason
from scoring.models import CaseScore, CaseVoice
from scoring.queries.evidence import Gathered, gathered
from scoring.queries.schemes import published_schemes, rules_by
from scoring.queries.weighed import SCORE_SAYS, VOICE_SAYS, differs, score_of, voice_of, weighed_by_its_scheme
from scoring.services.considering import consider
from scoring.wording import READERS_NEEDED

BATCH = 500
A_SWEEP = 2000
WEIGHING = Actor.system("weighing")


def rescore_changed(*, now: datetime, limit: int = A_SWEEP) -> int:
    """Weigh cases whose evidence changed, a few hundred a transaction; returns how many were looked at.

    Safe to run twice at once and to break off anywhere: what a transaction did not finish stays marked as changed.

    :raises NoSchemePublished: setup has not run.
    """
    done = 0
    while done < limit and EvidenceChange.objects.exists():
        looked_at = _rescore_batch(size=min(BATCH, limit - done), now=now)
        if not looked_at:
            break  # what is left is being weighed by another worker
        done += looked_at
    return done


@transaction.atomic
def mark_due(*, now: datetime) -> int:
    """Mark cases whose score changes because a day has come at their centre; returns how many."""
    come = on_the_day_there(now, "centre", lambda day: Q(weigh_again_on__lte=day))
    due = CaseScore.objects.current().filter(come)
    ids = list(due.values_list("case_id", flat=True)[:A_SWEEP])
    if ids:
        evidence_changed(ids)
    return len(ids)


@transaction.atomic
def _rescore_batch(*, size: int, now: datetime) -> int:
    # Locked until the end: a change that comes meanwhile waits and then marks the case anew.
    changes = list(EvidenceChange.objects.select_for_update(skip_locked=True).order_by("case_id")[:size])
    if not changes:
        return 0
    versions = {change.case_id: change.version for change in changes}
    found = gathered(versions, schemes=published_schemes(), now=now)
    weighed = {each.case.pk: weighed_by_its_scheme(each) for each in found}
    _write_scores(found, weighed, versions, now)
    _ask_for_readers(found, weighed, now)
    _write_voices(found, now)
    read = [each.case.pk for each in found if each.evidence.review is not None]
    # Also where the figure stands: an objection that was decided, a complaint that was closed free the way.
    consider(read, now=now)
    EvidenceChange.objects.filter(_exactly(versions)).delete()
    return len(changes)


def _write_scores(
    found: Sequence[Gathered], weighed: Mapping[int, CaseResult], versions: Mapping[int, int], now: datetime
) -> None:
    current = _in_force(CaseScore.objects.current(), versions, SCORE_SAYS)
    fresh = [
        score_of(each, weighed[each.case.pk], version=versions[each.case.pk], now=now)
        for each in found
        # A case nobody has read has nothing to show; one that was read keeps its history.
        if each.evidence.review is not None or each.case.pk in current
    ]
    changed = [row for row in fresh if differs(row, current.get(row.case_id), SCORE_SAYS)]
    _supersede(CaseScore.objects.current(), {row.case_id for row in changed})
    add_all(CaseScore, changed)


def _ask_for_readers(found: Sequence[Gathered], weighed: Mapping[int, CaseResult], now: datetime) -> None:
    """File review knows its own marks alone: that the case as a whole takes another reader it hears from here."""
    wanted = {each.case.pk: _readers_wanted(each, weighed[each.case.pk]) for each in found}
    fresh = ask_for_readers(wanted, actor=WEIGHING, now=now)
    asked = [each.case.centre for each in found if each.case.pk in fresh]
    files = Counter(centre.pk for centre in asked)
    counts = {
        user_id: {"count": sum(files[centre] for centre in centres)}
        for user_id, centres in sorted(people_over(Role.MANAGER, asked).items())
    }
    notify_each(params=counts, text=READERS_NEEDED, url="/reviews/assignments?needs=reader", now=now)


def _readers_wanted(each: Gathered, result: CaseResult) -> ReadersWanted | None:
    readers = readers_asked(each.evidence.review, result, rules_by(each.scheme))
    return ReadersWanted(readers, for_fail=Reason.FAIL_NEEDS_READER in result.reasons) if readers else None


def _write_voices(found: Sequence[Gathered], now: datetime) -> None:
    current = _in_force(CaseVoice.objects.current(), [each.case.pk for each in found], VOICE_SAYS)
    fresh = [row for each in found for row in [voice_of(each, now=now)] if row is not None]
    changed = [row for row in fresh if differs(row, current.get(row.case_id), VOICE_SAYS)]
    # An answer that was taken back or erased no longer speaks: its row goes out of force and nothing follows it.
    silent = current.keys() - {row.case_id for row in fresh}
    _supersede(CaseVoice.objects.current(), {row.case_id for row in changed} | silent)
    add_all(CaseVoice, changed)


def _in_force(rows: QuerySet[Any], case_ids: Collection[int], fields: Iterable[str]) -> dict[int, Any]:
    """By case, what the row that stands says: these fields and no others, for all are read and few are kept."""
    told = rows.filter(case__in=case_ids).values_list("case_id", *fields, named=True)
    return {row.case_id: row for row in told}


def _supersede(rows: Any, case_ids: Collection[int]) -> None:
    if case_ids:
        rows.filter(case__in=case_ids).update(is_current=False)


def _exactly(versions: dict[int, int]) -> Q:
    """The changes that were weighed and none that came since."""
    by_version: dict[int, list[int]] = {}
    for case_id, version in versions.items():
        by_version.setdefault(version, []).append(case_id)
    return reduce(or_, (Q(version=version, case_id__in=ids) for version, ids in by_version.items()))

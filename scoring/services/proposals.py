"""Rules propose: a sweep over settled results, never a decision."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record, record_many
from qa_service.cases.models import Case
from qa_service.notifications.services import notify
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import on_the_day_there, today_at
from scoring.enums import OPEN_STATES, ProposalState, RuleCode
from scoring.models import CaseScore, Proposal, Referral, Rule, ToConsider
from scoring.policy import CaseFacts, Said, Suggestion, suggestions
from scoring.queries.proposals import facts_of, rests_on, rule_specs, rules_in_force, scores_of_cases
from scoring.services.considering import take_up_new_rules
from scoring.services.groundless import watch_decision, watch_grounds
from scoring.services.procedure.correcting import end_rectification
from scoring.wording import NEW_PROPOSALS

BATCH = 500
RULES = Actor.system("rules")


def propose(*, now: datetime) -> int:
    """Write what the rules in force suggest about cases whose evidence, time to object or rules have changed.

    Safe to run twice at once: each worker holds the rows it looks at, and a unique constraint makes each proposal once.
    """
    take_up_new_rules(now=now)
    written = 0
    last: int | None = 0
    while last is not None:
        last, made = _consider_batch(after=last, now=now)
        written += made
    return written


@transaction.atomic
def _consider_batch(*, after: int, now: datetime) -> tuple[int | None, int]:
    """The last case looked at, None when no more are due, and how many proposals that made.

    A case is due by the day of its centre.
    """
    # Locked until the end: evidence that changes meanwhile waits, then puts its case before the rules anew.
    come = on_the_day_there(now, "case__centre", lambda day: Q(due_on__lte=day))
    queue = ToConsider.objects.select_for_update(skip_locked=True, of=("self",)).filter(come, case__gt=after)
    ids = list(queue.order_by("case_id").values_list("case_id", flat=True)[:BATCH])
    if not ids:
        return None, 0
    scores = {score.case_id: score for score in scores_of_cases(ids)}
    facts, rules = facts_of(scores.values()), rules_in_force()
    days = {case_id: today_at(score.centre, now) for case_id, score in scores.items()}
    specs = rule_specs(rules.values())
    suggested = [
        suggestion
        for today in sorted(set(days.values()))
        for suggestion in suggestions((each for each in facts if days[each.case_id] == today), specs, today=today)
    ]
    made = _write(suggested, facts, rules, scores, now=now)
    _look_again(ids, facts, days)
    return (ids[-1] if len(ids) == BATCH else None), made


def _look_again(ids: list[int], facts: list[CaseFacts], days: Mapping[int, date]) -> None:
    """Cases that may still be objected to come back when they no longer may; the others when something changes."""
    later: dict[date, list[int]] = defaultdict(list)
    for each in facts:
        if each.objection_open_until and each.objection_open_until >= days[each.case_id]:
            later[each.objection_open_until + timedelta(days=1)].append(each.case_id)
    waiting = [case_id for found in later.values() for case_id in found]
    ToConsider.objects.filter(case__in=ids).exclude(case__in=waiting).delete()
    for day, found in later.items():
        ToConsider.objects.filter(case__in=found).update(due_on=day)


def _write(
    suggested: list[Suggestion],
    facts: list[CaseFacts],
    rules: dict[str, Rule],
    scores: dict[int, CaseScore],
    *,
    now: datetime,
) -> int:
    _overtake(facts, now=now)
    watch_grounds(facts, now=now)
    standing = Proposal.objects.filter(case__in=[each.case_id for each in facts])
    standing = standing.exclude(state=ProposalState.OVERTAKEN)
    known = set(standing.values_list("code", "case_id", "trigger"))
    fresh = [each for each in suggested if (each.code, each.case_id, each.trigger) not in known]
    if not fresh:
        return 0
    cases = Case.objects.select_related("centre").in_bulk([each.case_id for each in fresh])
    rows = [_row(each, cases[each.case_id], rules[each.code], scores[each.case_id].score, now=now) for each in fresh]
    Proposal.objects.bulk_create(rows, ignore_conflicts=True)
    # Another worker may have written some of them first: those are its own to record and to tell of.
    rows = list(Proposal.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("pk"))
    acts = [Act("scoring.proposed", row._meta.label, str(row.pk), {"rule": row.code}) for row in rows]
    record_many(actor=RULES, acts=acts, at=now)
    _tell_managers(rows, {case.centre_id: case.centre for case in cases.values()}, now=now)
    return len(rows)


def _tell_managers(rows: list[Proposal], centres: dict[int, Organisation], *, now: datetime) -> None:
    for centre in centres.values():
        here = sum(row.centre_id == centre.pk for row in rows)
        if here:
            notify(
                users=people_with(Role.MANAGER, centre),
                text=NEW_PROPOSALS,
                params={"count": here},
                url="/scoring/proposals",
                now=now,
            )


def _row(suggestion: Suggestion, case: Case, rule: Rule, score: Any, *, now: datetime) -> Proposal:
    return Proposal(
        rule=rule,
        code=suggestion.code,
        case=case,
        centre_id=case.centre_id,
        lawyer_id=case.lawyer_id,
        firm_id=case.firm_id,
        trigger=suggestion.trigger,
        score=score,
        evidence=stored_points(suggestion.evidence),
        counter_evidence=stored_points(suggestion.counter_evidence),
        proposed_at=now,
    )


def stored_points(said: tuple[Said, ...]) -> list[dict[str, Any]]:
    """Points as a proposal keeps them."""
    return [{"point": each.point.value, "figures": dict(each.figures)} for each in said]


def _overtake(facts: list[CaseFacts], *, now: datetime) -> None:
    """Marks were corrected or the grade changed since: what an open proposal rested on is no more.

    A coaching task that was given stays with the lawyer: somebody decided it. What was sent to another authority waits
    for its answer.
    """
    by_case = {each.case_id: each for each in facts}
    still_open = Proposal.objects.select_for_update().filter(case__in=by_case, state__in=OPEN_STATES)
    sent = Referral.objects.filter(sent_on__isnull=False).values("proposal")
    # In the order in which whoever decides locks them.
    for row in (
        still_open.order_by("case", "pk").exclude(code=RuleCode.S1, state=ProposalState.ACCEPTED).exclude(pk__in=sent)
    ):
        now_known = by_case[row.the_case.pk]
        if not rests_on(row, version=now_known.review_version, grade=now_known.grade):
            row.state, row.closed_at = ProposalState.OVERTAKEN, now
            row.save(update_fields=["state", "closed_at"])
            end_rectification(row)  # of a notice that was to be issued anew
            watch_decision(row, now=now)
            record(actor=RULES, action="scoring.overtaken", subject=row, at=now)

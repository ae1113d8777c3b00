"""Rules of periods propose: a sweep over periods that were closed, never a decision.

A period is put before each such rule once a day for as long as the rule looks back: what changes later, a complaint
that is settled or a veto that is confirmed, is seen on the next. Quarters and years alone are: of days that somebody
chose, two could lie within each other and praise the same work twice.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.services import Act, record, record_many
from qa_service.common.periods import Period
from qa_service.notifications.services import notify
from scoring.enums import OF_PERIODS, OPEN_STATES, ProposalState, RuleCode, Subject
from scoring.models import ClosedPeriod, PeriodLook, Proposal, Rule
from scoring.policy_of_periods import PeriodSuggestion, praises, reports
from scoring.queries.proposals import (
    centre_facts,
    graded_in,
    period_spec,
    rule_holds,
    rules_in_force,
    units_to_praise,
)
from scoring.queries.proposals.facts import CONSIDERED_FOR
from scoring.services.proposals import RULES, stored_points
from scoring.wording import PERIOD_PROPOSALS

A_SWEEP = 20


def propose_of_periods(*, now: datetime) -> int:
    """Write what the rules of periods in force suggest about periods closed of late; returns how many.

    Safe to run twice at once: each worker holds the closed period it looks at, and a unique constraint makes each
    proposal once.
    """
    rules = [rule for code, rule in rules_in_force().items() if code in OF_PERIODS]
    return sum(_look(pk, rule, now=now) for rule in rules for pk in _unlooked(rule, now=now))


def _unlooked(rule: Rule, *, now: datetime) -> list[int]:
    since = now - CONSIDERED_FOR
    late = Q(closed_at__gte=since) if rule.published_at < since else Q(end__gte=(since - CONSIDERED_FOR).date())
    seen = PeriodLook.objects.filter(closed=OuterRef("pk"), rule=rule, looked_on__gte=now.date())
    rows = ClosedPeriod.objects.in_force().filter(late, ~Exists(seen)).order_by("pk")
    found = [pk for pk, start, end in rows.values_list("pk", "start", "end") if of_the_calendar(Period(start, end))]
    return found[:A_SWEEP]


def of_the_calendar(period: Period) -> bool:
    """Whether it is a quarter or a year."""
    return period.is_quarter or period.is_year


@transaction.atomic
def _look(pk: int, rule: Rule, *, now: datetime) -> int:
    rows = ClosedPeriod.objects.select_for_update(skip_locked=True, of=("self",)).select_related("centre__settings")
    closed = rows.filter(pk=pk).first()
    if closed is None:
        return 0
    PeriodLook.objects.update_or_create(closed=closed, rule=rule, defaults={"looked_on": now.date()})
    _overtake(closed, rule.code, now=now)
    return _write(_suggested(closed, rule, now=now), closed, rule, now=now)


def _suggested(closed: ClosedPeriod, rule: Rule, *, now: datetime) -> list[PeriodSuggestion]:
    spec = period_spec(rule)
    if spec.code == RuleCode.S6:
        found = reports(centre_facts(closed, spec, now=now), spec)
        return [found] if found else []
    return list(praises(units_to_praise(closed, spec), spec))


def _overtake(closed: ClosedPeriod, code: str, *, now: datetime) -> None:
    """What an open proposal about the period rested on is no more."""
    still_open = Proposal.objects.select_for_update(of=("self",)).filter(
        centre=closed.centre_id,
        code=code,
        period_start=closed.start,
        period_end=closed.end,
        state__in=OPEN_STATES,
    )
    for row in still_open.select_related("rule", "lawyer", "firm", "station", "centre__settings").order_by("pk"):
        if not rule_holds(row, now=now):
            row.state, row.closed_at = ProposalState.OVERTAKEN, now
            row.save(update_fields=["state", "closed_at"])
            record(actor=RULES, action="scoring.overtaken", subject=row, at=now)


def _write(suggested: Iterable[PeriodSuggestion], closed: ClosedPeriod, rule: Rule, *, now: datetime) -> int:
    rows = [_row(each, closed, rule, now=now) for each in suggested]
    Proposal.objects.bulk_create(rows, ignore_conflicts=True)
    # What stands already was written by an earlier look, which recorded it and told of it.
    rows = list(Proposal.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("pk"))
    acts = [Act("scoring.proposed", row._meta.label, str(row.pk), {"rule": row.code}) for row in rows]
    record_many(actor=RULES, acts=acts, at=now)
    if rows:
        _tell(closed, rule, len(rows), now=now)
    return len(rows)


def trigger_of_period(period: Period) -> str:
    """The name of the period a proposal rests on."""
    return f"period:{period.start}/{period.end}"


def _row(suggestion: PeriodSuggestion, closed: ClosedPeriod, rule: Rule, *, now: datetime) -> Proposal:
    whose = {} if suggestion.subject == Subject.CENTRE else {f"{suggestion.subject.value}_id": suggestion.unit}
    if suggestion.subject == Subject.LAWYER:
        whose["firm_id"] = _firm_last(closed, suggestion.unit)
    return Proposal(
        rule=rule,
        code=suggestion.code,
        subject=suggestion.subject,
        centre_id=closed.centre_id,
        period_start=closed.start,
        period_end=closed.end,
        trigger=trigger_of_period(closed.period),
        evidence=stored_points(suggestion.evidence),
        counter_evidence=stored_points(suggestion.counter_evidence),
        proposed_at=now,
        **whose,
    )


def _firm_last(closed: ClosedPeriod, lawyer_id: int) -> int:
    """Of which firm the lawyer's last graded case of the period was."""
    rows = graded_in(closed).filter(lawyer=lawyer_id).order_by("-closed_on", "-pk")
    return rows.values_list("firm_id", flat=True)[0]


def _tell(closed: ClosedPeriod, rule: Rule, count: int, *, now: datetime) -> None:
    """Those who decide: the centre's managers of praise, the bureau of a report on the centre."""
    last: date = date.fromordinal(closed.end.toordinal() - 1)
    role = Role.SUPERVISOR if rule.code == RuleCode.S6 else Role.MANAGER
    notify(
        users=people_with(role, closed.centre),
        text=PERIOD_PROPOSALS,
        params={"first": str(closed.start), "last": str(last), "count": count},
        url="/scoring/proposals",
        now=now,
    )

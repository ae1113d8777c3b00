"""Planning which hearings are observed: what was previewed is what is planned, or nothing is."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import Purpose
from reviews.hearings import HearingsPlan, RateTooLow, observers_for, plan_of_hearings
from reviews.models import Checklist, Hearing, HearingPlan, Observation
from reviews.queries.checklists import ListsInForce, lists_in_force
from reviews.queries.hearings import draw_key, hearings_before, hearings_to_come, observers_of, tied_observers
from reviews.services.hearings.observers import tell_observers


class HearingsChanged(Conflict):
    code = "hearings_changed"


class SeedPlanned(Conflict):
    code = "seed_used"


class NothingPlanned(InvalidInput):
    code = "nothing_planned"


def planned_hearings(
    *, centre: Organisation, until: date, seed: str, rate: Decimal, named: Collection[int] = (), now: datetime
) -> HearingsPlan:
    """What would be planned; writes nothing.

    :raises InvalidInput: fewer than a twentieth would be observed.
    """
    frame = hearings_to_come(centre=centre, until=until, now=now)
    try:
        return plan_of_hearings(frame=frame, key=draw_key(centre), seed=seed, rate=rate, named=named)
    except RateTooLow as low:
        raise InvalidInput(_("At least five per cent of the hearings are observed."), field="rate") from low


@transaction.atomic
def plan_hearings(
    *,
    centre: Organisation,
    until: date,
    seed: str,
    rate: Decimal,
    named: Collection[int] = (),
    frame_digest: str = "",
    user: User,
    now: datetime,
) -> HearingPlan:
    """Plan the hearings and name two observers of each, where two are free. The same seed again changes nothing.

    :param named: cases whose hearing the centre names as major, difficult or disputed.
    :raises SeedPlanned: the seed has planned the hearings of another time or by another share.
    :raises HearingsChanged: hearings have come, gone or moved since the preview.
    :raises NothingPlanned: no hearing is to come in that time.
    """
    Organisation.objects.select_for_update().get(pk=centre.pk)
    done = HearingPlan.objects.filter(centre=centre, seed=seed).first()
    if done is not None:
        if (done.last_day, done.rate) != (until, rate):
            raise SeedPlanned(_("This seed has planned other hearings. Choose a new one."), field="seed")
        return done
    plan = planned_hearings(centre=centre, until=until, seed=seed, rate=rate, named=named, now=now)
    if frame_digest and frame_digest != plan.digest:
        raise HearingsChanged(_("The hearings to come have changed since the preview. Look at it again."))
    if not plan.planned:
        raise NothingPlanned(_("No hearing that is not planned yet is to come in this time."), field="until")
    row = HearingPlan.objects.create(
        centre=centre,
        first_day=today_at(centre, now),
        last_day=until,
        seed=seed,
        rate=rate,
        frame_size=plan.frame_size,
        digest=plan.digest,
        counts=plan.counts(),
        planned_by=user,
        planned_at=now,
    )
    hearings = _stored(row, plan)
    _name_observers(hearings, centre=centre, seed=seed, now=now)
    details = {"planned": len(hearings), "frame": plan.frame_size, "seed": seed, "digest": plan.digest}
    record(actor=user.actor, action="reviews.hearings_planned", subject=row, details=details, at=now)
    return row


def _stored(row: HearingPlan, plan: HearingsPlan) -> list[Hearing]:
    lists = lists_in_force(row.centre, purpose=Purpose.HEARING)
    cases = Case.with_open.in_bulk([each.hearing.case_id for each in plan.planned])
    return Hearing.objects.bulk_create(
        Hearing(
            plan=row,
            case=cases[each.hearing.case_id],
            held_on=each.hearing.held_on,
            checklist=_list_for(cases[each.hearing.case_id], lists),
            rules=list(each.rules),
        )
        for each in plan.planned
    )


def _list_for(case: Case, lists: ListsInForce) -> Checklist:
    found = lists.for_case(case)
    if found is None:
        raise NothingPlanned(_("No form for observing hearings is in force."))
    return found


def _name_observers(hearings: Iterable[Hearing], *, centre: Organisation, seed: str, now: datetime) -> None:
    rows = {hearing.case_id: hearing for hearing in hearings}
    people = {person.pk: person for person in observers_of(centre)}
    given = observers_for(
        hearings=[(case_id, hearing.case.number) for case_id, hearing in rows.items()],
        barred=tied_observers(people.values(), [hearing.case for hearing in rows.values()]),
        loads=hearings_before(people.values()),
        seed=seed,
    )
    named = Observation.objects.bulk_create(
        Observation(hearing=rows[case_id], observer=people[pk], named_at=now)
        for case_id, chosen in given.items()
        for pk in chosen
    )
    tell_observers(named, now=now)

"""One row of cells to one case, or the first thing wrong with it, in the order of the export's columns."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from qa_service.cases.enums import CaseType, ClientGroup, ContactReason, FaultReason, Gender, Oddity, Stage
from qa_service.cases.intake import cells, words
from qa_service.cases.intake.columns import CellLike
from qa_service.cases.intake.record import CaseInput, ClientInput, ContactInput, Problem
from qa_service.common.days import last_day
from qa_service.organisations.enums import FirmKind

ADULT = 18
# Below this age the guardian alone is spoken to (domain rules for contact).
GUARDIAN_BELOW = 14
OLDER_FROM = 60
AGES = range(121)
PEOPLE = range(1, 100_001)


def read_case(row: Mapping[str, CellLike], *, today: date, open_too: bool = False) -> CaseInput:
    """`row` maps field names to cells; `today` is the centre's day; `open_too`: without a closing date it is under way.

    :raises Problem: the row must be refused; oddities across fields never do.
    """
    number = _number(row.get("number"))
    case_type = _case_type(row.get("case_type"))
    cause = cells.known_name("cause", row.get("cause"), 100)
    stage = _stage(row.get("stage"), case_type)
    client, contact, helped, oddities = read_person(row, cause=cause, today=today)
    lawyer_name, licence_number, firm_name, firm_kind = _lawyer(row)
    station_name = cells.known_name("station_name", row.get("station_name"), 100)
    organ = cells.known_name("organ", row.get("organ"), 100)
    organ_number = cells.known_name("organ_number", row.get("organ_number"), 100)
    days = _days(row, today=today, open_too=open_too)
    outcome = cells.known_name("outcome", row.get("outcome"), 40)
    recovered_amount = cells.amount("recovered_amount", row.get("recovered_amount"))
    return CaseInput(
        number=number,
        case_type=case_type,
        cause=cause,
        stage=stage,
        people_helped=helped,
        organ=organ,
        accepted_on=days.accepted_on,
        assigned_on=days.assigned_on,
        closed_on=days.closed_on,
        judgment_received_on=days.judgment_received_on,
        filed_on=days.filed_on,
        outcome=outcome,
        recovered_amount=recovered_amount,
        lawyer_name=lawyer_name,
        licence_number=licence_number,
        firm_name=firm_name,
        firm_kind=firm_kind,
        station_name=station_name,
        client=client,
        contact=contact,
        organ_number=organ_number,
        decided_on=_day("decided_on", row, today=today),
        subsidy_paid_on=_day("subsidy_paid_on", row, today=today),
        hearing_on=None if days.closed_on else _day("hearing_on", row, today=today),
        oddities=(*oddities, *_odd_days(days, case_type=case_type, outcome=outcome, today=today)),
    )


def _number(value: CellLike) -> str:
    number = cells.number("number", value)
    if not number:
        raise Problem("number", FaultReason.NO_NUMBER)
    return number


def _case_type(value: CellLike) -> CaseType:
    case_type = words.word(words.CASE_TYPES, cells.word("case_type", value, 100))
    if case_type is None:
        raise Problem("case_type", FaultReason.UNKNOWN_TYPE)
    return case_type


def _stage(value: CellLike, case_type: CaseType) -> Stage:
    written = cells.word("stage", value, 100)
    if not written and case_type == CaseType.NON_LITIGATION:
        return Stage.NON_LITIGATION
    stage = words.word(words.STAGES, written)
    if stage is None:
        raise Problem("stage", FaultReason.UNKNOWN_STAGE)
    return stage


def read_person(
    row: Mapping[str, CellLike], *, cause: str, today: date
) -> tuple[ClientInput, ContactInput, int, list[Oddity]]:
    """The client, how they may be reached, how many people the row says were helped, and what looks odd.

    :raises Problem: no name, or a number that is none.
    """
    oddities: list[Oddity] = []
    name = cells.name("client_name", row.get("client_name"), 100)
    if not name:
        raise Problem("client_name", FaultReason.NO_CLIENT)
    helped = cells.whole(
        "people_helped",
        row.get("people_helped"),
        unit="人",
        reason=FaultReason.COUNT_UNREADABLE,
        outside=FaultReason.COUNT_OUT_OF_RANGE,
        span=PEOPLE,
    )
    gender = words.word(words.GENDERS, cells.word("gender", row.get("gender"), 100))
    if gender is None:
        oddities.append(Oddity.GENDER_UNKNOWN)
    age = cells.whole(
        "age",
        row.get("age"),
        unit="岁",
        reason=FaultReason.AGE_UNREADABLE,
        outside=FaultReason.AGE_OUT_OF_RANGE,
        span=AGES,
    )
    group = words.word(words.GROUPS, cells.word("group", row.get("group"), 100))
    if group is None:
        oddities.append(Oddity.GROUP_UNKNOWN)
    elif age is not None and (
        (group == ClientGroup.MINOR and age >= ADULT) or (group == ClientGroup.OLDER_PERSON and age < OLDER_FROM)
    ):
        oddities.append(Oddity.GROUP_AGAINST_AGE)
    phone = cells.phone("phone", row.get("phone"))
    if not phone:
        oddities.append(Oddity.PHONE_UNREADABLE if phone is None else Oddity.PHONE_MISSING)
    accepted = row.get("accepted_on")
    client = ClientInput(
        name=name,
        phone=phone or "",
        gender=gender if gender is not None else Gender.UNKNOWN,
        birth_year=None if age is None else _year_of(accepted, today) - age,
        group=group if group is not None else ClientGroup.OTHER,
        township=_township(row),
        dialect=cells.known_name("dialect", row.get("dialect"), 40),
    )
    minor = age is not None and age < ADULT
    contact = _contact(
        row, client=client, minor=minor or group == ClientGroup.MINOR, age=age, cause=cause, odd=oddities
    )
    return client, contact, helped or 1, oddities


def _township(row: Mapping[str, CellLike]) -> str:
    """The column's, else the one that the address names. The address itself is kept nowhere."""
    stated = cells.known_name("township", row.get("township"), 40)
    return stated or words.township(str(row.get("address") or ""))


def _year_of(accepted: CellLike, today: date) -> int:
    """The year the stated age belongs to. A date that cannot be read refuses the row soon after."""
    try:
        day = cells.day("accepted_on", accepted)
    except Problem:
        return today.year
    return (day or today).year


def _contact(
    row: Mapping[str, CellLike], *, client: ClientInput, minor: bool, age: int | None, cause: str, odd: list[Oddity]
) -> ContactInput:
    """Why this person is not sent texts, the weightiest reason first; nothing against it, and a yes, allows them."""
    consent = cells.word("sms_consent", row.get("sms_consent"), 100).lower()
    note = cells.word("contact_note", row.get("contact_note"), 500)
    warning = words.warnings(note, cause)
    danger = warning.danger
    against = (
        (danger, ContactReason.SAFETY),
        (warning.custody, ContactReason.IN_CUSTODY),
        (minor or warning.child, ContactReason.MINOR),
        (warning.incapacity, ContactReason.INCAPACITY),
        (warning.opponent_near, ContactReason.OPPONENT_HOUSEHOLD),
        (consent not in words.YES or warning.no_texts, ContactReason.NOT_CONSENTED),
        (warning.shared_number, ContactReason.NUMBER_SHARED),
        (not cells.takes_texts(client.phone), ContactReason.NUMBER_INVALID),
    )
    reason = next((reason for holds, reason in against if holds), ContactReason.NONE)
    if reason == ContactReason.NUMBER_INVALID and client.phone:
        odd.append(Oddity.PHONE_NOT_MOBILE)
    if consent not in words.YES and consent not in words.NO:
        odd.append(Oddity.CONSENT_UNCLEAR)
    if consent in words.YES and reason not in (ContactReason.NONE, ContactReason.NUMBER_INVALID):
        odd.append(Oddity.CONSENT_OVERRULED)
    return ContactInput(
        reason=reason,
        needs_safety_check=danger or warning.opponent_near,
        guardian_only=(age is not None and age < GUARDIAN_BELOW) or warning.guardian,
        note=note,
    )


def _lawyer(row: Mapping[str, CellLike]) -> tuple[str, str, str, FirmKind]:
    lawyer_name = cells.known_name("lawyer_name", row.get("lawyer_name"), 50)
    if not lawyer_name:
        raise Problem("lawyer_name", FaultReason.NO_LAWYER)
    licence_number = cells.licence("licence_number", row.get("licence_number"))
    if not licence_number:
        raise Problem("licence_number", FaultReason.NO_LICENCE)
    firm_name = cells.known_name("firm_name", row.get("firm_name"), 100)
    if not firm_name:
        raise Problem("firm_name", FaultReason.NO_FIRM)
    firm_kind = words.firm_kind(cells.word("firm_kind", row.get("firm_kind"), 100), firm_name)
    if firm_kind is None:
        raise Problem("firm_kind", FaultReason.UNKNOWN_FIRM_KIND)
    return lawyer_name, licence_number, firm_name, firm_kind


class _Days(NamedTuple):
    """A case's days, in the order in which they should follow each other."""

    accepted_on: date
    assigned_on: date | None
    closed_on: date | None
    judgment_received_on: date | None
    filed_on: date | None


def _days(row: Mapping[str, CellLike], *, today: date, open_too: bool) -> _Days:
    accepted_on = _day("accepted_on", row, today=today)
    if accepted_on is None:
        raise Problem("accepted_on", FaultReason.NO_ACCEPTANCE)
    return _Days(
        accepted_on=accepted_on,
        assigned_on=_day("assigned_on", row, today=today),
        closed_on=_closed_on(row.get("closed_on"), accepted_on=accepted_on, today=today, open_too=open_too),
        judgment_received_on=_day("judgment_received_on", row, today=today),
        filed_on=_day("filed_on", row, today=today),
    )


def _day(field: str, row: Mapping[str, CellLike], *, today: date) -> date | None:
    """:raises Problem: it cannot be read, or lies so far ahead that nobody can have meant it."""
    day = cells.day(field, row.get(field))
    if day is not None and day > last_day(today):
        raise Problem(field, FaultReason.IMPOSSIBLE_DATE)
    return day


def _closed_on(value: CellLike, *, accepted_on: date, today: date, open_too: bool) -> date | None:
    closed_on = cells.day("closed_on", value)
    if closed_on is None:
        if open_too:
            return None
        raise Problem("closed_on", FaultReason.NOT_CLOSED)
    if closed_on > today:
        raise Problem("closed_on", FaultReason.CLOSED_IN_FUTURE)
    if closed_on < accepted_on:
        raise Problem("closed_on", FaultReason.CLOSED_BEFORE_ACCEPTED)
    return closed_on


def _odd_days(days: _Days, *, case_type: CaseType, outcome: str, today: date) -> tuple[Oddity, ...]:
    judged = words.is_judgment(outcome)
    accepted_on, assigned_on, closed_on, received, filed_on = days
    odd = (
        (assigned_on is not None and assigned_on < accepted_on, Oddity.ASSIGNED_BEFORE_ACCEPTED),
        (_before(closed_on, assigned_on), Oddity.CLOSED_BEFORE_ASSIGNED),
        (received is not None and received < accepted_on, Oddity.JUDGMENT_BEFORE_ACCEPTED),
        (_before(closed_on, received), Oddity.JUDGMENT_AFTER_CLOSED),
        (judged and received is None, Oddity.JUDGMENT_DATE_MISSING),
        (received is not None and not judged, Oddity.JUDGMENT_DATE_UNEXPECTED),
        ("判决" in outcome and case_type == CaseType.NON_LITIGATION, Oddity.JUDGMENT_OUTSIDE_LITIGATION),
        (_before(filed_on, closed_on), Oddity.FILED_BEFORE_CLOSED),
        (filed_on is not None and filed_on > today, Oddity.FILED_IN_FUTURE),
    )
    return tuple(oddity for holds, oddity in odd if holds)


def _before(day: date | None, other: date | None) -> bool:
    """Whether both are known and the one lies before the other."""
    return day is not None and other is not None and day < other

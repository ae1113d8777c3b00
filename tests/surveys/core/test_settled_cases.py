"""Cases of which nobody is left to ask are looked at no more, and nobody is left unasked for that."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from time import sleep
from typing import Any, TypeVar

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qa_service.accounts.enums import Role
from qa_service.cases.enums import NumberOwner, Relation
from qa_service.cases.models import Case, Client, CoClient
from qa_service.cases.services import (
    add_client,
    change_plan,
    correct_phone,
    put_case,
    release_surveys,
    settle_surveys,
    take_client_off,
    unsettle_surveys,
)
from qa_service.cases.services.plans import PlanChanged
from qa_service.common.api import as_refusal
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.privacy.services import erase_person
from surveys import services
from surveys.models import Conversation, DrawnClient
from surveys.queries.due import asked_out, come_alone, come_by, come_drawn, groups_to_draw, turns_due
from surveys.services.contact.numbers import NewNumber, take_number
from surveys.services.inviting.draws import draw_clients
from surveys.services.inviting.invitations import look
from tests import factories
from tests.at_once import at_once, meanwhile, one_while_the_other_is_at_it
from tests.factories import ACTOR, NOW
from tests.qa_service.cases.test_services import ROW
from tests.surveys.factories import case_to_ask, questionnaires, through_guardian

LATER = NOW + timedelta(days=31)
T = TypeVar("T")
PERSON = {"client_name": "钱小红", "phone": "17012345678", "sms_consent": "yes", "age": "35", "group": "woman"}


def settled(case: Case) -> bool:
    return Case.objects.get(pk=case.pk).survey_settled_at is not None


def asked(case: Case) -> set[int | None]:
    return set(Conversation.objects.filter(case=case).values_list("recipient", flat=True))


def staff(case: Case) -> Any:
    return factories.user(Role.FOLLOW_UP, at=case.centre)


def joined(case: Case, **fields: Any) -> Client:
    return add_client(case=case, fields=PERSON | fields, user=staff(case), now=NOW).client


def left(case: Case, client: Client) -> None:
    row = CoClient.objects.get(case=case, client=client)
    take_client_off(co_client=row, why="登记错误", user=staff(case), now=NOW)


def renumbered(client: Client, phone: str) -> None:
    correct_phone(client=client, phone=phone, owner=NumberOwner.CLIENT, told_by_client=True, actor=ACTOR, now=NOW)


# --- what one sweep does with them ------------------------------------------------------------------------------------


@pytest.fixture
def _published(db: None) -> None:
    questionnaires()


@pytest.mark.usefixtures("_published")
class TestASweep:
    def test_has_done_with_a_case_once_its_client_was_asked(self) -> None:
        case = case_to_ask()

        services.invite_due(now=NOW)

        assert settled(case)
        assert not asked_out(come=come_by(LATER)).exists()

    def test_leaves_alone_whose_day_has_not_come_and_whom_nobody_released(self) -> None:
        early = case_to_ask(settings={"first_contact_delay_days": 20})
        held = case_to_ask(survey_released_at=None)

        services.invite_due(now=NOW)

        assert (settled(early), settled(held)) == (False, False)

    def test_goes_on_looking_while_a_client_waits_because_they_were_asked_about_another_matter(self) -> None:
        first = case_to_ask()
        other = case_to_ask(at=first.centre, client=first.client)

        services.invite_due(now=NOW)
        waits = settled(first), settled(other)
        services.invite_due(now=LATER)

        assert (waits, settled(other), len(asked(other))) == ((True, False), True, 1)

    def test_has_done_with_a_group_once_all_who_were_drawn_are_asked(self) -> None:
        case = case_to_ask(settings={"clients_asked_a_case": 2})
        for number in range(3):
            joined(case, client_name=f"钱小{'红兰梅'[number]}", phone=f"1701234567{number}")

        services.invite_due(now=NOW)

        assert (settled(case), len(asked(case))) == (True, 2)

    def test_has_done_with_a_case_whose_client_was_erased(self) -> None:
        case = case_to_ask()
        erase_person(client=case.client, day=date(2026, 11, 22), now=NOW)

        services.invite_due(now=NOW)

        assert (settled(case), asked(case)) == (True, set())

    def test_asks_nobody_who_was_drawn_and_erased(self) -> None:
        case = case_to_ask()
        person = joined(case)
        draw_clients(case=case, wave="closing", now=NOW)
        erase_person(client=person, day=date(2026, 11, 22), now=NOW)

        services.invite_due(now=NOW)

        assert (settled(case), asked(case)) == (True, {case.client_id})

    def test_asks_of_lots_people_drawn_and_what_is_done_with_only_where_a_case_is_more_than_one_client_alone(
        self, django_assert_num_queries: Any
    ) -> None:
        """The zones, whether there are any, whose turn it is."""
        first = case_to_ask()
        with django_assert_num_queries(3):
            simple = look(now=NOW)

        joined(case_to_ask(at=first.centre))

        assert [turn.case for turn in simple.due.turns] == [first]
        assert (simple.others, look(now=NOW).others) == (False, True)

    def test_takes_a_register_that_has_no_marks_by_and_by(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("surveys.services.inviting.settling.PORTION", 2)
        monkeypatch.setattr("surveys.services.inviting.settling.PORTIONS", 2)
        at = case_to_ask().centre
        for _each in range(5):
            case_to_ask(at=at)
        left_over = []
        for _sweep in range(3):
            services.invite_due(now=NOW)
            left_over.append(Case.objects.filter(survey_settled_at=None).count())

        assert left_over == [2, 0, 0]

    def test_never_marks_what_nobody_released(self) -> None:
        case = case_to_ask(survey_released_at=None)

        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(survey_settled_at=NOW)


# --- what brings a case back ------------------------------------------------------------------------------------------


def joins(case: Case) -> int:
    return joined(case).pk


def comes_again(case: Case) -> int:
    """Who was taken off before they were asked is entered once more."""
    person = joined(case)
    left(case, person)
    services.invite_due(now=NOW)
    assert settled(case)
    return joined(case).pk


def is_left_alone(case: Case) -> int:
    """The lot fell on one of three, and passed over whoever is the only client in the end."""
    drawn, other = joined(case), joined(case, client_name="钱小兰", phone="17012345670")
    for place, person in enumerate((drawn, case.client, other)):
        lot = {"lot": str(place), "passed_over": "enough" if place else "", "most": 1, "at": NOW}
        DrawnClient.objects.create(case=case, client=person, wave="closing", **lot)
    left(case, drawn)
    services.invite_due(now=NOW)
    assert (settled(case), asked(case)) == (True, set())
    left(case, other)
    return case.client_id


def is_another_than_the_export_said(case: Case) -> int:
    joined(case)
    services.invite_due(now=NOW)
    assert settled(case)
    fields = ROW | {"number": case.number, "client_name": "赵小竹", "phone": "17088888888"}
    return put_case(centre=case.centre, fields=fields, actor=ACTOR, now=NOW).case.client_id


def has_a_number_of_their_own(case: Case) -> int:
    """Two who were drawn turned out to share a telephone, and do not."""
    person = joined(case)
    draw_clients(case=case, wave="closing", now=NOW)
    renumbered(person, case.client.phone)
    services.invite_due(now=NOW)
    assert settled(case)
    (unasked,) = {case.client_id, person.pk} - asked(case)
    renumbered(Client.objects.get(pk=unasked), "17099999999")
    return int(unasked)


def has_the_number_alone(case: Case) -> int:
    """The same, where it is the one who was asked that has another number, as was learnt on the telephone."""
    person = joined(case)
    draw_clients(case=case, wave="closing", now=NOW)
    renumbered(person, case.client.phone)
    services.invite_due(now=NOW)
    assert settled(case)
    row = Conversation.objects.select_related("recipient").get(case=case)
    number = NewNumber("17099999999", NumberOwner.CLIENT)
    take_number(row, number, told_by_client=True, user=staff(case), now=NOW)
    (unasked,) = {case.client_id, person.pk} - asked(case)
    return int(unasked)


def has_another_guardian(case: Case) -> int:
    """Two who were drawn turned out to be reached on the telephone of one guardian, and are not."""
    person = joined(case)
    draw_clients(case=case, wave="closing", now=NOW)
    for client in (case.client, person):
        through_guardian(client, "+8617033334444")
    services.invite_due(now=NOW)
    assert settled(case)
    (unasked,) = {case.client_id, person.pk} - asked(case)
    client = Client.objects.get(pk=unasked)
    plan = client.contact_plan
    terms = replace(plan.terms, guardian_phone="17055556666")
    change_plan(client=client, terms=terms, revision=plan.revision, user=staff(case), now=NOW)
    return int(unasked)


@pytest.mark.usefixtures("_published")
@pytest.mark.parametrize(
    "happens",
    [
        joins, comes_again, is_left_alone, is_another_than_the_export_said, has_a_number_of_their_own,
        has_the_number_alone, has_another_guardian,
    ],
)  # fmt: skip
def test_whoever_is_to_be_asked_after_all_is_asked(happens: Callable[[Case], int]) -> None:
    case = case_to_ask()
    if happens in (joins, comes_again):
        services.invite_due(now=NOW)
    person = happens(case)
    assert person not in asked(case)

    services.invite_due(now=LATER)

    assert person in asked(case)
    assert settled(case)


# --- whatever happens, in whatever order ------------------------------------------------------------------------------

PEOPLE = tuple(zip(("赵甲", "赵乙", "赵丙", "赵丁"), ("17000000001", "17000000001", "17000000002", ""), strict=True))
NUMBERS = st.sampled_from(["17000000001", "17000000002", "17000000003"])
PLACE = st.integers(0, 40)


class Asking(RuleBasedStateMachine):
    """A centre with few people and fewer telephones: whom the sweep finds by its marks, and whom it finds without."""

    def __init__(self) -> None:
        super().__init__()
        self.all = transaction.atomic()
        self.all.__enter__()
        self.now = NOW
        self.centre = factories.centre(settings={"first_contact_delay_days": 0, "clients_asked_a_case": 2})
        self.user = factories.user(Role.FOLLOW_UP, at=self.centre)
        # Under which numbers somebody was asked about a case, and which nobody remembers.
        self.forgotten: set[tuple[int, str]] = set()

    @initialize(person=st.sampled_from(PEOPLE))
    def was_asked_and_done_with(self, person: tuple[str, str]) -> None:
        """Before that there is no mark, and nothing that one could hide."""
        self.comes_in_by_an_export(1, person, late=True)
        self.is_released()
        self.is_asked(500)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all.__exit__(None, None, None)

    def one_of(self, rows: Any, place: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[place % len(found)] if found else None

    @rule(case=st.integers(1, 3), person=st.sampled_from(PEOPLE), late=st.booleans())
    def comes_in_by_an_export(self, case: int, person: tuple[str, str], late: bool) -> None:
        closed = "2026-10-10" if late else "2026-11-10"
        fields = ROW | {"number": str(case), "client_name": person[0], "phone": person[1], "closed_on": closed}
        with contextlib.suppress(Conflict), transaction.atomic():
            put_case(centre=self.centre, fields=fields, actor=ACTOR, now=self.now)

    @rule()
    def is_released(self) -> None:
        release_surveys(cases=Case.objects.all(), actor=ACTOR, now=self.now)

    @rule(case=PLACE, person=st.sampled_from(PEOPLE))
    def joins(self, case: int, person: tuple[str, str]) -> None:
        row, fields = self.one_of(Case.objects, case), {"client_name": person[0], "phone": person[1]}
        if row is not None:
            with contextlib.suppress(Conflict), transaction.atomic():
                add_client(case=row, fields=PERSON | fields, user=self.user, now=self.now)

    @rule(place=PLACE)
    def is_taken_off(self, place: int) -> None:
        row = self.one_of(CoClient.objects.current(), place)
        if row is not None:
            take_client_off(co_client=row, why="登记错误", user=self.user, now=self.now)

    @rule(place=PLACE, phone=NUMBERS)
    def has_another_number(self, place: int, phone: str) -> None:
        row = self.one_of(Client.objects, place)
        if row is not None:
            with contextlib.suppress(Conflict, InvalidInput), transaction.atomic():
                renumbered(row, phone)

    @rule(place=PLACE, phone=NUMBERS)
    def says_another_number_when_called(self, place: int, phone: str) -> None:
        row = self.one_of(Conversation.objects.select_related("recipient"), place)
        if row is not None:
            with contextlib.suppress(Conflict, InvalidInput), transaction.atomic():
                number = NewNumber(phone, NumberOwner.CLIENT)
                take_number(row, number, told_by_client=True, user=self.user, now=self.now)

    @rule(place=PLACE)
    def is_erased(self, place: int) -> None:
        row = self.one_of(Client.objects.filter(erased_at=None), place)
        if row is not None:
            self.forgotten |= set(Conversation.objects.filter(recipient=row).values_list("case", "phone_index"))
            erase_person(client=row, day=self.now.date(), now=self.now)

    @rule(place=PLACE)
    def has_a_card_printed_early(self, place: int) -> None:
        row = self.one_of(Case.objects, place)
        if row is not None:
            draw_clients(case=row, wave="closing", now=self.now)

    @rule(limit=st.sampled_from([1, 500]))
    def is_asked(self, limit: int) -> None:
        if not self.forgotten:
            assert self.turns() == self.without_marks(self.turns)
        services.invite_due(limit=limit, now=self.now)

    @rule()
    def lost_its_mark(self) -> None:
        unsettle_surveys(cases=Case.objects.all())

    @rule(days=st.sampled_from([1, 31]))
    def waits(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def finds_the_same_by_marks_as_without(self) -> None:
        if not Case.with_open.exclude(survey_settled_at=None).exists():
            return  # no marks, so nothing to find without them
        by_marks, without = self.found(), self.without_marks(self.found)
        assert by_marks <= without
        assert without - by_marks <= self.reached_by_a_number_forgotten()

    def without_marks(self, look: Callable[[], T]) -> T:
        with transaction.atomic():
            Case.with_open.update(survey_settled_at=None)
            seen = look()
            transaction.set_rollback(True)
        return seen

    def found(self) -> set[tuple[str, int, int]]:
        alone = {("ask", *keys) for keys in come_alone(come=come_by(self.now)).values_list("pk", "client")}
        drawn = {("ask", *keys) for keys in come_drawn(come=come_by(self.now)).values_list("case", "client")}
        return (
            alone
            | drawn
            | {("draw", key, 0) for key in groups_to_draw(come=come_by(self.now)).values_list("pk", flat=True)}
        )

    def turns(self) -> list[tuple[int, int]]:
        return [(turn.case.pk, turn.client.pk) for turn in turns_due(limit=500, come=come_by(self.now)).turns]

    def reached_by_a_number_forgotten(self) -> set[tuple[str, int, int]]:
        numbers = dict(Client.objects.values_list("pk", "phone_index"))
        return {("ask", case, pk) for case, number in self.forgotten for pk, own in numbers.items() if own == number}


@pytest.mark.usefixtures("_published")
def test_the_marks_hide_nobody_whatever_happens_in_whatever_order() -> None:
    unhurried = settings(
        max_examples=6,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Asking, settings=unhurried)


# --- two at the same moment -------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.fixture(autouse=True)
    def _case(self) -> None:
        questionnaires()
        self.case = case_to_ask()
        services.invite_due(now=NOW)
        unsettle_surveys_of(self.case)
        self.user = staff(self.case)

    def joins(self) -> None:
        add_client(case=self.case, fields=PERSON, user=self.user, now=NOW)

    def mark(self) -> None:
        settle_surveys(cases=asked_out(come=come_by(NOW)), limit=10, now=NOW)

    def found_at_last(self) -> bool:
        services.invite_due(now=NOW)
        return len(asked(self.case)) == 2

    def test_who_joins_between_the_look_and_the_lock_is_seen(self) -> None:
        with meanwhile(self.joins, before="FOR NO KEY UPDATE", waits=False):
            self.mark()

        assert (settled(self.case), self.found_at_last()) == (False, True)

    def test_who_joins_under_the_lock_waits_and_takes_the_mark_away(self) -> None:
        with meanwhile(self.joins, before='UPDATE "cases_case" SET "survey_settled_at"', waits=True):
            self.mark()

        assert (settled(self.case), self.found_at_last()) == (False, True)

    def test_a_case_to_which_somebody_is_just_being_added_is_left_for_another_time(self) -> None:
        with meanwhile(self.mark, before='INSERT INTO "cases_coclient"', waits=False):
            self.joins()

        assert (settled(self.case), self.found_at_last()) == (False, True)

    def test_two_sweeps_that_mark_at_once_do_not_wait_for_each_other(self) -> None:
        with meanwhile(self.mark, before='UPDATE "cases_case" SET "survey_settled_at"', waits=False):
            self.mark()

        assert settled(self.case)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("drawn_first", [True, False], ids=["while-drawn", "while-corrected"])
def test_a_number_is_corrected_while_the_clients_of_the_case_are_drawn(drawn_first: bool) -> None:
    questionnaires()
    case = case_to_ask()
    joined(case)
    user = staff(case)
    acts: list[Callable[[], object]] = [
        lambda: draw_clients(case=case, wave="closing", now=NOW),
        lambda: correct_phone(
            client=case.client,
            phone="17098765432",
            owner=NumberOwner.CLIENT,
            told_by_client=True,
            actor=user.actor,
            now=NOW,
        ),
    ]

    assert one_while_the_other_is_at_it(*(acts if drawn_first else reversed(acts))) == []

    assert DrawnClient.objects.filter(case=case).count() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("corrected_first", [True, False], ids=["while-corrected", "while-the-other-is-at-it"])
@pytest.mark.parametrize("other", ["guardian", "import", "joining"])
def test_a_number_is_corrected_while_somebody_else_writes_the_same_person(other: str, corrected_first: bool) -> None:
    """Cases are held before clients, and clients before plans, whoever writes them."""
    case = put_case(centre=factories.centre(), fields=ROW, actor=ACTOR, now=NOW).case
    person, user = case.client, factories.user(Role.MANAGER, at=case.centre)
    guarded = replace(
        person.contact_plan.terms,
        guardian_only=True,
        guardian_name="李四",
        guardian_phone="17033334444",
        guardian_relation=Relation.PARENT,
        guardian_cleared=True,
    )
    others = {
        "guardian": lambda: change_plan(
            client=person, terms=guarded, revision=person.contact_plan.revision, user=user, now=NOW
        ),
        "import": lambda: put_case(centre=case.centre, fields=ROW | {"age": "41"}, actor=ACTOR, now=NOW),
        "joining": lambda: joined(case),
    }
    acts: list[Callable[[], object]] = [lambda: renumbered(person, "17098765432"), others[other]]

    raised = one_while_the_other_is_at_it(*(acts if corrected_first else reversed(acts)))

    assert [type(error) for error in raised] in ([], [PlanChanged])
    assert Client.objects.get(pk=person.pk).phone_masked.endswith("5432")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_wait_for_each_other_one_is_told_to_do_it_once_more() -> None:
    centre = factories.centre()
    cases = [factories.case(centre) for _ in range(2)]

    def held(keys: list[int]) -> None:
        for key in keys:
            Case.objects.filter(pk=key).update(cause="改")
            sleep(0.3)

    keys = [case.pk for case in cases]
    raised = at_once(lambda: atomically(held, keys), lambda: atomically(held, keys[::-1]))

    refusals = [as_refusal(error) for error in raised if isinstance(error, Exception)]
    assert [(refusal.status, refusal.code) for refusal in refusals if refusal] == [(409, "given_way")]


def atomically(act: Callable[[list[int]], None], keys: list[int]) -> None:
    with transaction.atomic():
        act(keys)


def unsettle_surveys_of(case: Case) -> None:
    with transaction.atomic():
        unsettle_surveys(cases=Case.objects.filter(pk=case.pk))

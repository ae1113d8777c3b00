"""Contact plans: what loosens one, who may, and what an import may do to it."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant
from qa_service.audit.queries import history
from qa_service.cases.enums import ContactReason, NumberOwner, Relation
from qa_service.cases.intake import words
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import WEIGHT, Terms, expired, loosened, needs_manager
from qa_service.cases.services import change_plan, confirm_plan
from qa_service.cases.services.plans import ManagerNeeded, PlanChanged
from qa_service.common.errors import InvalidInput
from tests import factories
from tests.factories import NOW

TODAY = NOW.date()
OPEN = Terms()
ENDANGERED = Terms(reason=ContactReason.SAFETY, needs_safety_check=True, visit_allowed=False)


@pytest.mark.parametrize(
    ("before", "after", "looser"),
    [
        (OPEN, ENDANGERED, ()),
        (ENDANGERED, OPEN, ("reason", "visit_allowed", "needs_safety_check")),
        # A reason that protects gives way to a weightier one that protects too, and to no other.
        (Terms(reason=ContactReason.SAFETY), Terms(reason=ContactReason.OPTED_OUT), ("reason",)),
        (Terms(reason=ContactReason.MINOR), Terms(reason=ContactReason.SAFETY), ()),
        (Terms(reason=ContactReason.SAFETY), Terms(reason=ContactReason.MINOR), ("reason",)),
        (Terms(reason=ContactReason.NOT_CONSENTED), Terms(reason=ContactReason.NUMBER_SHARED), ()),
        (Terms(reason=ContactReason.NOT_CONSENTED), OPEN, ("reason",)),
        (Terms(safe_from=time(10), safe_until=time(12)), Terms(safe_from=time(11), safe_until=time(12)), ()),
        (Terms(safe_from=time(10), safe_until=time(12)), OPEN, ("safe_hours",)),
        (Terms(code_word="石榴"), Terms(code_word="海棠"), ()),
        (Terms(code_word="石榴"), OPEN, ("code_word",)),
        (Terms(guardian_only=True), OPEN, ("guardian_only",)),
        (Terms(letter_allowed=False), OPEN, ("letter_allowed",)),
    ],
)
def test_what_loosens_a_plan(before, after, looser):
    assert loosened(before, after) == looser


def test_whoever_is_protected_is_loosened_by_a_manager_alone():
    assert needs_manager(ENDANGERED, Terms(reason=ContactReason.SAFETY, needs_safety_check=True, visit_allowed=True))
    assert not needs_manager(Terms(reason=ContactReason.NOT_CONSENTED), OPEN)
    assert not needs_manager(ENDANGERED, ENDANGERED)
    assert needs_manager(Terms(reason=ContactReason.DECEASED), OPEN)


def test_nobody_asks_the_family_of_somebody_who_has_died_and_no_other_reason_weighs_more():
    rest = replace(ENDANGERED, reason=ContactReason.DECEASED).settled()

    assert [rest.sms_allowed, rest.phone_allowed, rest.visit_allowed, rest.letter_allowed] == [False] * 4
    assert loosened(ENDANGERED, rest) == ()
    assert max(ContactReason, key=WEIGHT.__getitem__) == ContactReason.DECEASED


def test_the_last_day_counts_whole_and_no_day_is_no_permission():
    assert [expired(day, today=TODAY) for day in (TODAY, TODAY - timedelta(days=1), None)] == [False, True, True]


def test_a_person_in_danger_is_always_asked_first_whether_they_are_alone():
    assert Terms(reason=ContactReason.OPPONENT_HOUSEHOLD).settled().needs_safety_check


@pytest.mark.parametrize(
    ("address", "township"),
    [
        ("临江县赤石乡柳溪村3组", "赤石乡"),
        ("湖南省邵阳市临江县城关镇人民路12号", "城关镇"),
        ("江苏省镇江市丹徒区高桥镇", "高桥镇"),
        ("湖南省湘乡市东山街道", "东山街道"),
        ("内蒙古锡林郭勒盟阿巴嘎旗巴彦图嘎苏木", "巴彦图嘎苏木"),
        ("临江县人民路12号", ""),
        ("", ""),
        ("某" * 5000, ""),
    ],
)
def test_the_township_is_read_from_an_address(address, township):
    assert words.township(address) == township


@pytest.mark.django_db
class TestChanging:
    @pytest.fixture(autouse=True)
    def _people(self):
        self.centre = factories.centre()
        self.clerk = factories.user(Role.FOLLOW_UP, at=self.centre)
        self.manager = factories.user(Role.MANAGER, at=self.centre)

    def person(self, terms: Terms = OPEN, **fields) -> Client:
        plan = {
            name: getattr(terms, name) for name in ("reason", "needs_safety_check", "visit_allowed", "guardian_only")
        }
        return factories.client(self.centre, plan=plan | {"sms_allowed": terms.sms_allowed}, **fields)

    def change(self, client, terms, *, by=None, revision=1, **given) -> ContactPlan:
        return change_plan(client=client, terms=terms, revision=revision, user=by or self.clerk, now=NOW, **given)

    def test_a_clerk_makes_a_plan_safer_without_asking_anybody(self):
        plan = self.change(self.person(), ENDANGERED)

        plan.refresh_from_db()
        assert (plan.sms_allowed, plan.reason, plan.visit_allowed, plan.revision) == (False, "safety", False, 2)

    def test_a_clerk_never_loosens_what_protects_a_person(self):
        client = self.person(ENDANGERED)

        with pytest.raises(ManagerNeeded):
            self.change(client, OPEN, why="已搬走", confirmed=True)

        assert ContactPlan.objects.get(client=client).reason == "safety"

    def test_a_manager_of_another_centre_is_no_manager_here(self):
        stranger = factories.user(Role.FOLLOW_UP, at=self.centre)
        Grant.objects.create(user=stranger, role=Role.MANAGER, organisation=factories.centre())

        with pytest.raises(ManagerNeeded):
            self.change(self.person(ENDANGERED), OPEN, by=stranger, why="已搬走", confirmed=True)

    def test_a_manager_loosens_it_with_a_reason_that_is_kept(self):
        client = self.person(ENDANGERED)

        self.change(client, OPEN, by=self.manager, why="已离婚并搬走", confirmed=True)

        plan = ContactPlan.objects.get(client=client)
        entry = history(client)[0]
        assert (plan.sms_allowed, plan.confirmed_on, plan.expires_on) == (True, TODAY, TODAY + timedelta(days=180))
        assert (entry.action, entry.remark.text) == ("cases.contact_plan_changed", "已离婚并搬走")
        assert entry.details["loosened"] == ["reason", "visit_allowed", "needs_safety_check"]

    @pytest.mark.parametrize(("given", "field"), [({"confirmed": True}, "why"), ({"why": "本人要求"}, "confirmed")])
    def test_texts_are_allowed_only_with_a_reason_and_after_asking(self, given, field):
        client = self.person(Terms(reason=ContactReason.NOT_CONSENTED))

        with pytest.raises(InvalidInput) as refused:
            self.change(client, OPEN, **given)

        assert refused.value.field == field

    @pytest.mark.parametrize("fields", [{"phone": ""}, {"phone_owner": NumberOwner.NEIGHBOUR}])
    def test_no_text_goes_to_nobody_s_or_somebody_else_s_number(self, fields):
        client = self.person(Terms(reason=ContactReason.NUMBER_INVALID), **fields)

        with pytest.raises(InvalidInput) as refused:
            self.change(client, OPEN, why="本人要求", confirmed=True)

        assert refused.value.field == "reason"

    def test_the_second_of_two_who_had_it_open_is_told(self):
        client = self.person()
        self.change(client, Terms(note="耳背"))

        with pytest.raises(PlanChanged):
            self.change(client, ENDANGERED)

        assert ContactPlan.objects.get(client=client).note == "耳背"

    def test_a_guardian_is_kept_only_when_it_is_not_the_opponent(self):
        client = self.person()
        guardian: dict[str, Any] = {"guardian_name": "李秀英", "guardian_relation": Relation.GRANDPARENT}

        with pytest.raises(InvalidInput) as refused:
            self.change(client, Terms(**guardian))
        self.change(client, Terms(**guardian, guardian_cleared=True))

        assert refused.value.field == "guardian_cleared"
        assert ContactPlan.objects.get(client=client).guardian_name == "李秀英"

    def test_the_database_refuses_a_guardian_who_was_not_cleared(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactPlan.objects.filter(client=self.person()).update(guardian_relation="parent")

    def test_the_database_refuses_texts_without_an_end_and_beside_a_reason_against_them(self):
        client = self.person()
        for change in ({"expires_on": None}, {"reason": ContactReason.IN_CUSTODY}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ContactPlan.objects.filter(client=client).update(**change)

    def test_names_numbers_and_words_lie_encrypted(self):
        client = self.person()
        self.change(client, Terms(guardian_name="李秀英", guardian_phone="+8613900000001", guardian_cleared=True,
                                  guardian_relation=Relation.PARENT, code_word="石榴"))  # fmt: skip

        with connection.cursor() as cursor:
            cursor.execute("SELECT guardian_name, guardian_phone, code_word FROM cases_contactplan")
            stored = cursor.fetchone()

        assert all(cell and not any(word in cell for word in ("李秀英", "139", "石榴")) for cell in stored)

    def test_confirming_starts_the_centre_s_period_anew(self):
        client = self.person()
        self.centre.settings.contact_plan_days = 30
        self.centre.settings.save()

        confirm_plan(client=client, user=self.clerk, now=NOW)

        plan = ContactPlan.objects.get(client=client)
        assert (plan.confirmed_on, plan.expires_on, plan.revision) == (TODAY, TODAY + timedelta(days=30), 2)

    @pytest.mark.parametrize("days", [-1, 731])
    def test_a_confirmation_neither_ends_before_it_begins_nor_lasts_for_ever(self, days):
        with pytest.raises(InvalidInput) as refused:
            confirm_plan(client=self.person(), user=self.clerk, expires_on=TODAY + timedelta(days=days), now=NOW)

        assert refused.value.field == "expires_on"

    def test_saying_again_what_stands_changes_and_records_nothing(self):
        client = self.person()

        plan = self.change(client, OPEN)

        assert (plan.revision, history(client).count()) == (1, 0)

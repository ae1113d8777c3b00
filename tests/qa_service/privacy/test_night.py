"""What is over is erased in the night after its last day, batch by batch, and what is under way is left alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_service.accounts.enums import Role
from qa_service.audit.services import record
from qa_service.cases.models import Case, Client, ContactPlan, Import, ImportFault
from qa_service.common.keeping import ERASED
from qa_service.notifications.models import Notification
from qa_service.privacy.enums import Cause
from qa_service.privacy.models import Erased, HeldBack, RetentionTerm, Sweep
from qa_service.privacy.rooms import RULES, rules_by_key
from qa_service.privacy.services import apply_retention, erasing
from reviews.models import Mark
from surveys.enums import MessageState
from surveys.models import Alert, Answer, BoundRecord, Contact, Conversation, Message, OptOut
from tests import factories
from tests.qa_service.privacy.kept import CLOSED, WORDS, a_night, interviewed, midnight, told
from tests.reviews import factories as reviews
from tests.surveys import factories as asking

pytestmark = pytest.mark.django_db
NEVER = date(2040, 1, 1)


def days(rule: str) -> int:
    term = rules_by_key()[rule].term
    assert term is not None
    return term.days


def a_client(**fields: Any) -> Client:
    place = factories.centre()
    return factories.case(place, client=factories.client(place, **fields)).client


# --- the day --------------------------------------------------------------------------------------------------------
def test_a_client_is_erased_in_the_night_after_the_last_day_of_the_term_and_not_before():
    client = a_client(township="河口镇", dialect="土话")
    last = CLOSED + timedelta(days=days("cases.people"))

    a_night(midnight(last, hours=23))
    client.refresh_from_db()
    assert (client.name[:3], client.erased_at) == ("受援人", None)

    night = midnight(last + timedelta(days=1))
    assert a_night(night)["cases.people"] == 2  # the person, and the hash of the row of the export
    client.refresh_from_db()
    assert (client.name, client.phone, client.phone_index, client.phone_masked, client.township, client.dialect) == (
        ERASED, "", "", "", "", "",
    )  # fmt: skip
    assert (client.erased_at, client.birth_year, client.group) == (night, 1970, "other")
    assert Case.objects.get(client=client).content_hash == ""


@pytest.mark.parametrize(
    ("zone", "hour", "erased"),
    [("Asia/Shanghai", 16, True), ("Asia/Shanghai", 15, False), ("Europe/London", 16, False), ("Asia/Tokyo", 15, True)],
)
def test_the_day_is_the_one_where_the_centre_is(zone, hour, erased):
    centre = factories.centre(settings={"time_zone": zone})
    case = factories.case(centre)
    after = CLOSED + timedelta(days=days("cases.people"))

    a_night(datetime(after.year, after.month, after.day, hour, 1, tzinfo=UTC))

    assert (Client.objects.get(pk=case.client_id).erased_at is not None) is erased


def test_a_moment_counts_by_its_day_where_the_centre_is():
    """Sent at 23:59 in Shanghai: kept through the 180th day after that day."""
    conversation = asking.asked()
    sent = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
    Message.objects.update(created_at=sent, state=MessageState.DELIVERED, lease_until=None)
    last = date(2026, 11, 20) + timedelta(days=180)

    assert "surveys.texts" not in a_night(midnight(last, hours=23, minutes=58))
    Conversation.objects.update(state="finished")
    assert a_night(midnight(last + timedelta(days=1)))["surveys.texts"] == 1
    message = Message.objects.get(conversation=conversation)
    assert (message.phone, message.phone_index, message.body, message.state) == ("", "", "", "delivered")


def test_the_last_case_of_a_person_counts():
    centre = factories.centre()
    client = factories.client(centre)
    factories.case(centre, client=client, accepted_on=date(2020, 1, 1), closed_on=date(2020, 6, 1))
    factories.case(centre, client=client)

    a_night(midnight(CLOSED + timedelta(days=days("cases.people"))))
    assert Client.objects.get().erased_at is None


def test_somebody_without_a_case_counts_from_the_last_change():
    client = factories.client(factories.centre())
    Client.objects.update(updated_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC))

    a_night(midnight(date(2026, 11, 21) + timedelta(days=days("cases.people"))))
    client.refresh_from_db()
    assert client.erased_at is not None


# --- terms set by places ---------------------------------------------------------------------------------------------
def test_each_centre_keeps_as_long_as_it_or_its_bureau_says():
    bureau = factories.organisation("bureau")
    own, below, other = factories.centre(bureau), factories.centre(bureau), factories.centre()
    for centre in (own, below, other):
        factories.case(centre)
    RetentionTerm.objects.create(organisation=bureau, rule="cases.people", days=500)
    RetentionTerm.objects.create(organisation=own, rule="cases.people", days=400)

    def erased_after(number: int) -> set[int]:
        a_night(midnight(CLOSED + timedelta(days=number + 1)))
        return set(Client.objects.exclude(erased_at=None).values_list("centre", flat=True))

    assert erased_after(399) == set()
    assert erased_after(400) == {own.pk}
    assert erased_after(499) == {own.pk}
    assert erased_after(500) == {own.pk, below.pk}
    assert erased_after(1095) == {own.pk, below.pk, other.pk}


# --- what is held back -----------------------------------------------------------------------------------------------
def test_while_a_matter_is_open_nothing_of_the_person_is_erased_and_the_report_says_why():
    conversation = asking.invited()
    Conversation.objects.update(state="finished")
    alert = Alert.objects.create(case=conversation.case, conversation=conversation, kind="danger", raised_at=asking.NOW)
    someone_else = factories.case(conversation.case.centre)
    night = midnight(CLOSED + timedelta(days=days("cases.people") + 1))

    a_night(night)
    kept, gone = Client.objects.get(pk=conversation.recipient_id), Client.objects.get(pk=someone_else.client_id)
    assert (kept.erased_at, gone.erased_at) == (None, night)
    assert list(HeldBack.objects.filter(rule="cases.people").values_list("hold", "count")) == [("surveys.matter", 2)]

    Alert.objects.filter(pk=alert.pk).update(state="closed", closed_at=night)
    a_night(night + timedelta(days=1))
    kept.refresh_from_db()
    assert kept.erased_at is not None
    assert not HeldBack.objects.filter(rule="cases.people").exists()


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN])
def test_a_text_whose_end_is_not_known_keeps_what_the_provider_s_list_is_compared_with(state):
    conversation = asking.asked()
    Conversation.objects.update(state="finished")
    lease = datetime(2040, 1, 1, tzinfo=UTC)
    Message.objects.update(state=state, lease_until=lease)

    assert "surveys.texts" not in a_night(midnight(date(2028, 1, 1)))
    assert Message.objects.get(conversation=conversation).body != ""


def test_what_must_be_bound_first_waits_until_somebody_has_bound_it():
    case = asking.invited(plan={"sms_allowed": False, "reason": "not_consented"}).case
    response, clerk = interviewed(case, note="第三次才接通")
    much_later = midnight(date(2031, 1, 1))

    a_night(much_later)
    assert Answer.objects.get(question__code="q11").text == WORDS
    assert Contact.objects.get().note == "第三次才接通"
    assert Client.objects.get(pk=case.client_id).erased_at is None
    assert set(HeldBack.objects.values_list("rule", "hold")) == {
        ("surveys.answers", "surveys.record"), ("cases.people", "surveys.record"),
    }  # fmt: skip

    BoundRecord.objects.create(response=response, bound_by=clerk, bound_at=much_later)
    a_night(much_later + timedelta(days=1))
    assert (Answer.objects.get(question__code="q11").text, Contact.objects.get().note) == ("", "")
    assert Answer.objects.get(question__code="q1").choice.value == "4"
    assert Client.objects.get(pk=case.client_id).erased_at is not None


def test_a_centre_without_a_binder_waits_for_none():
    plan = {"sms_allowed": False, "reason": "not_consented"}
    case = asking.invited(plan=plan, settings={"records_bound_first": False}).case
    interviewed(case)

    assert a_night(midnight(date(2031, 1, 1)))["surveys.answers"] == 1


# --- what goes and what stays ----------------------------------------------------------------------------------------
def test_what_protects_a_person_goes_sooner_than_the_person():
    guarded: dict[str, Any] = {
        "sms_allowed": False, "reason": "safety", "code_word": "苹果", "guardian_name": "某甲", "note": "勿提案件",
        "guardian_phone": "+8613911112222", "guardian_relation": "parent", "guardian_cleared": True,
    }  # fmt: skip
    centre = factories.centre()
    factories.case(centre, client=factories.client(centre, plan=guarded))

    a_night(midnight(CLOSED + timedelta(days=181)))
    plan = ContactPlan.objects.get()
    assert (plan.code_word, plan.guardian_name, plan.guardian_phone, plan.guardian_relation, plan.note) == ("",) * 5
    assert (plan.reason, Client.objects.get().erased_at) == ("safety", None)


def test_a_remark_that_names_the_person_goes_with_them_and_the_others_stay():
    person = factories.client(centre := factories.centre(), name="欧阳某某")
    case = factories.case(centre, client=person)
    reviews.released(case)
    first, second = Mark.objects.exclude(comment="")
    of_table = " ON reviews_mark" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:  # as it may have been typed before names were refused
        cursor.execute(f"DROP TRIGGER reviews_mark_locked_update{of_table}")
    type(first).objects.filter(pk=first.pk).update(comment="欧阳 某某的委托书缺页")

    a_night(midnight(CLOSED + timedelta(days=days("cases.people") + 1)))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.comment, second.comment) == (ERASED, "见第12页")
    assert [row[1:] for row in told(cause=Cause.NAMED)] == [("reviews.remarks", "named", 1)]


def test_a_number_is_found_in_a_refused_row_however_it_is_written():
    centre = factories.centre()
    factories.case(centre, client=factories.client(centre, phone="+8613812345678"))
    now = midnight(CLOSED + timedelta(days=days("cases.people") + 1))
    job = Import.objects.create(
        centre=centre, file_name="a.csv", file_sha256="0" * 64, actor_id="user:1", actor_label="某人", created_at=now,
        progressed_at=now,
    )  # fmt: skip
    for line, value in enumerate(["138 1234-5678", "１３８１２３４５６７８", "13812345679"], start=1):
        ImportFault.objects.create(job=job, line=line, column="联系电话", reason="text is too long", value=value)

    a_night(now)
    assert list(ImportFault.objects.order_by("line").values_list("value", flat=True)) == ["", "", "13812345679"]


def test_logs_and_notices_go_altogether_and_reasons_leave_their_entries():
    person = factories.user(Role.MANAGER, at=factories.centre())
    Notification.objects.create(user=person, text="x", created_at=asking.NOW)
    entry = record(actor=person.actor, action="x.y", remark="受援人来电", at=asking.NOW)
    OptOut.objects.create(phone_index="a" * 64, source="word", at=asking.NOW, lifted_at=asking.NOW)
    OptOut.objects.create(phone_index="b" * 64, source="word", at=asking.NOW)

    a_night(midnight(date(2035, 1, 1)))
    entry.remark.refresh_from_db()
    assert (Notification.objects.count(), entry.remark.text) == (0, "")
    assert set(OptOut.objects.values_list("phone_index", flat=True)) == {"", "b" * 64}


# --- how it runs -----------------------------------------------------------------------------------------------------
def test_every_rule_with_a_term_is_gone_through_each_night_and_none_twice():
    factories.centre()
    gone_through: list[str] = []
    while (step := apply_retention(now=asking.NOW)) is not None:
        gone_through += step.passed

    assert gone_through == [rule.key for rule in RULES if rule.term for _part in rule.parts]
    assert apply_retention(now=asking.NOW + timedelta(hours=5)) is None
    assert Sweep.objects.get().finished_at == asking.NOW


def test_broken_off_it_goes_on_where_it_was_and_counts_nothing_twice(monkeypatch):
    centre = factories.centre()
    for _number in range(7):
        factories.case(centre)
    monkeypatch.setattr(erasing, "BATCH", 3)
    night = midnight(CLOSED + timedelta(days=days("cases.people") + 1))
    broken: list[bool] = []

    def failing_once(*given: Any, **more: Any) -> int:
        if not broken and Client.objects.exclude(erased_at=None).count() == 3:
            broken.append(True)
            raise ConnectionError
        return whole(*given, **more)

    whole = erasing.erase
    monkeypatch.setattr(erasing, "erase", failing_once)
    with pytest.raises(ConnectionError):
        a_night(night)
    assert Client.objects.exclude(erased_at=None).count() == 3
    a_night(night)

    assert Client.objects.exclude(erased_at=None).count() == 7
    assert told(rule="cases.people") == [(night.date() + timedelta(days=1), "cases.people", "term", 14)]
    assert a_night(night + timedelta(days=1)) == {}


@pytest.mark.parametrize("to_the_end", [True, False])
def test_what_somebody_else_went_on_with_meanwhile_is_left_to_them(monkeypatch, to_the_end):
    factories.case(factories.centre())
    night = midnight(CLOSED + timedelta(days=days("cases.people") + 1))
    whole = erasing.due_rows
    others: list[Any] = []

    def looked_for(*given: Any, **more: Any) -> Any:
        if not others:
            others.append(None)
            others.append(a_night(night) if to_the_end else apply_retention(now=night))
        return whole(*given, **more)

    monkeypatch.setattr(erasing, "due_rows", looked_for)

    assert apply_retention(now=night) is None
    found = others[1]["cases.people"] if to_the_end else others[1].erased + a_night(night)["cases.people"]
    assert found == 2
    assert told(rule="cases.people") == [(night.date() + timedelta(days=1), "cases.people", "term", 2)]
    assert a_night(night) == {}


def test_a_batch_costs_the_same_for_few_and_for_many(monkeypatch):
    def cost(number: int) -> int:
        centre = factories.centre()
        for _each in range(number):
            factories.case(centre)
        night = midnight(NEVER + timedelta(days=number))
        counts: list[int] = []
        while True:
            with CaptureQueriesContext(connection) as asked:
                step = apply_retention(now=night)
            if step is None:
                return max(counts, default=0)
            if step.rule == "cases.people" and step.erased:
                counts.append(len(asked))

    assert cost(2) == cost(40) > 0


def test_the_report_counts_by_day_rule_and_centre():
    one, two = factories.centre(), factories.centre()
    for centre in (one, one, two):
        factories.case(centre)
    night = midnight(CLOSED + timedelta(days=days("cases.people") + 1))

    a_night(night)

    counts = Erased.objects.filter(rule="cases.people").values_list("centre", "count")
    assert set(counts) == {(one.pk, 4), (two.pk, 2)}

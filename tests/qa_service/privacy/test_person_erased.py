"""A person asks to be erased: what may go goes at once, what must stay says why, figures stay as they were."""

from datetime import timedelta

import pytest

from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.common.keeping import ERASED
from qa_service.organisations.models import CentreSettings
from qa_service.privacy.enums import Cause
from qa_service.privacy.models import Erased
from qa_service.privacy.queries.people import held_of
from qa_service.privacy.services import erase_person, tend_requests
from surveys.enums import MessageState
from surveys.models import Alert, Answer, Contact, Conversation, Message, Response
from tests import factories
from tests.factories import NOW
from tests.qa_service.privacy.asking_person import TODAY, asks, boss_of, granted, told
from tests.qa_service.privacy.kept import WORDS, interviewed
from tests.surveys import factories as asking

pytestmark = pytest.mark.django_db


def answered(**plan) -> Conversation:
    """Somebody who was asked by text and answered by telephone; the words are bound nowhere."""
    conversation = asking.asked(plan=plan or None)
    Message.objects.update(state=MessageState.DELIVERED, lease_until=None)
    interviewed(conversation.case, note="他住在河边")
    Alert.objects.all().delete()
    CentreSettings.objects.update(records_bound_first=False)
    return Conversation.objects.select_related("recipient", "case").get(pk=conversation.pk)


def test_everything_that_may_go_goes_at_once():
    conversation = answered(code_word="石榴", note="只在白天")
    client = conversation.recipient

    row = granted(asks(client))

    client.refresh_from_db()
    plan = ContactPlan.objects.get(client=client)
    assert (client.name, client.phone, client.phone_index) == (ERASED, "", "")
    assert (plan.code_word, plan.note) == ("", "")
    assert set(Message.objects.values_list("phone", "body")) == {("", "")}
    assert {answer.text for answer in Answer.objects.all()} == {""}
    assert {contact.note for contact in Contact.objects.all()} == {""}
    gone = {rule for rule, (_rows, why) in told(row).items() if not why}
    assert {"cases.people", "cases.contact_plans", "surveys.texts", "surveys.answers"} <= gone


def test_the_chosen_marks_and_every_count_stay():
    conversation = answered()
    before = (Response.objects.count(), list(Answer.objects.order_by("pk").values_list("choice", flat=True)))

    granted(asks(conversation.recipient))

    assert (Response.objects.count(), list(Answer.objects.order_by("pk").values_list("choice", flat=True))) == before
    assert Case.objects.get(pk=conversation.case_id).cause == "追索劳动报酬"


def test_what_the_law_asks_for_stays_with_its_reason_and_last_day():
    conversation = answered()

    row = granted(asks(conversation.recipient))

    stays = [line for line in row.outcome if line["rule"] == "cases.matters"]
    closed = conversation.case.closed_on
    assert closed is not None
    assert stays == [
        {"rule": "cases.matters", "rows": 1, "why": "duty", "until": (closed + timedelta(days=1825)).isoformat()}
    ]
    assert (row.state, row.rest_waits) == ("partly", False)


def test_while_a_matter_is_open_nothing_goes_and_the_rest_follows_by_itself():
    conversation = answered()
    alert = Alert.objects.create(case=conversation.case, conversation=conversation, kind="danger", raised_at=NOW)

    row = granted(asks(conversation.recipient))
    assert told(row)["cases.people"] == (2, "under_way")
    assert (row.state, row.rest_waits) == ("partly", True)
    assert Client.objects.get().name != ERASED
    assert tend_requests(now=NOW) == 0

    Alert.objects.filter(pk=alert.pk).update(state="closed", closed_at=NOW)
    assert tend_requests(now=NOW + timedelta(days=1)) == 1
    row.refresh_from_db()
    assert Client.objects.get().name == ERASED
    assert told(row)["cases.people"] == (2, "")
    assert row.rest_waits is False
    assert tend_requests(now=NOW + timedelta(days=2)) == 0


def test_paper_that_is_not_bound_holds_back_its_words_alone():
    conversation = answered()
    CentreSettings.objects.update(records_bound_first=True)

    row = granted(asks(conversation.recipient))

    assert told(row)["surveys.answers"][1] == "paper"
    assert told(row)["surveys.texts"][1] == ""
    assert WORDS in {answer.text for answer in Answer.objects.all()}


def test_erasing_again_finds_nothing_and_counts_nothing_twice():
    client = answered().recipient
    granted(asks(client))
    counted = list(Erased.objects.order_by("pk").values_list("rule", "cause", "count"))
    assert {cause for _rule, cause, _count in counted} <= {Cause.REQUEST, Cause.NAMED}

    again = erase_person(client=Client.objects.get(pk=client.pk), day=TODAY, now=NOW)

    assert [line for line in again if not line.why] == []
    assert list(Erased.objects.order_by("pk").values_list("rule", "cause", "count")) == counted


def test_nobody_else_loses_a_word():
    theirs = answered()
    conversation = factories.case(theirs.case.centre)

    granted(asks(conversation.client))

    assert WORDS in {answer.text for answer in Answer.objects.all()}
    assert Client.objects.get(pk=theirs.recipient_id).phone == theirs.recipient.phone


def test_a_copy_holds_the_own_words_and_nothing_sealed_from_whoever_makes_it():
    conversation = answered(code_word="石榴")
    client, boss = conversation.recipient, boss_of(conversation.recipient)

    def said() -> str:
        dossier = held_of(Client.objects.get(pk=client.pk), reader=boss)
        return "\n".join(cell.said for section in dossier.sections for row in section.rows for cell in row)

    assert all(words in said() for words in (client.name, client.phone, WORDS, "他住在河边", "石榴"))
    assert client.phone_index not in said()

    Alert.objects.create(
        case=conversation.case, conversation=conversation, kind="money", sealed=True, for_bureau=True, raised_at=NOW
    )
    assert WORDS not in said()
    assert client.phone in said()

"""What one client said stays away from whoever it is about, whatever other hat they wear."""

import re

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.cases.models import ContactPlan
from qa_service.organisations.enums import FirmKind, OrganisationKind
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.enums import AlertKind, StaffReason
from surveys.matters import WHO_MAY_TELL
from surveys.models import Alert, Conversation
from tests import factories
from tests.surveys.faces.rows import SATISFIED, answer, asked, begin, go_through
from tests.surveys.factories import asked as asked_by_text
from tests.surveys.factories import reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FACES = ("telephone-list", "alerts")


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre(factories.organisation(OrganisationKind.BUREAU))


def signed_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def money_text(centre, **fields) -> Conversation:
    """A client who wrote that money was asked for."""
    conversation = asked_by_text(at=centre, **fields)
    reply(conversation, "他向我要钱")
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def texting():
    return factories.centre(
        factories.organisation(OrganisationKind.BUREAU),
        settings={"sms_enabled": True, "first_contact_delay_days": 0},
    )


def pages_about(conversation: Conversation) -> list[str]:
    alerts = Alert.objects.filter(conversation=conversation)
    return [
        reverse("surveys:interview", args=[conversation.public_id]),
        *(reverse("surveys:alert", args=[alert.public_id]) for alert in alerts),
        reverse("api-conversation", args=[conversation.public_id]),
    ]


@pytest.mark.parametrize("role", [Role.FOLLOW_UP, Role.MANAGER])
def test_a_lawyer_with_a_second_hat_opens_nothing_about_their_own_case(texting, role):
    conversation = money_text(texting)
    user = factories.user(role, Role.LAWYER, at=texting, of=conversation.case.lawyer)
    browser = signed_in(user)

    statuses = {browser.get(page).status_code for page in pages_about(conversation)}
    lists = [str(conversation.public_id) in browser.get(reverse(f"surveys:{name}")).content.decode() for name in FACES]

    assert (statuses, lists) == ({404}, [False, False])


def test_the_head_of_a_firm_with_a_second_hat_opens_nothing_about_the_firm_s_cases(texting):
    conversation = money_text(texting)
    user = factories.user(Role.MANAGER, Role.FIRM, at=texting, heads=conversation.case.firm)

    statuses = {signed_in(user).get(page).status_code for page in pages_about(conversation)}

    assert statuses == {404}


def test_staff_of_the_centre_ask_the_clients_of_their_colleagues_but_not_their_own(texting):
    own_staff = factories.firm(texting, kind=FirmKind.CENTRE_STAFF)
    colleague, self = factories.lawyer(own_staff), factories.lawyer(own_staff)
    theirs = asked(factories.case(texting, firm=own_staff, lawyer=colleague))[0]
    own = asked(factories.case(texting, firm=own_staff, lawyer=self))[0]
    browser = signed_in(factories.user(Role.FOLLOW_UP, Role.LAWYER, at=texting, of=self))

    statuses = [browser.get(pages_about(each)[0]).status_code for each in (theirs, own)]

    assert statuses == [200, 404]


def test_who_telephones_learns_that_the_client_wants_to_speak_and_not_of_what(texting):
    conversation, of_nothing = money_text(texting), asked(factories.case(texting))[0]
    browser = signed_in(factories.user(Role.FOLLOW_UP, at=texting))

    def interview(of):
        browser.post(reverse("surveys:interview-take", args=[of.public_id]))
        return browser.get(pages_about(of)[0]).content.decode()

    seen, usual = interview(conversation), interview(of_nothing)
    listed = browser.get(reverse("surveys:telephone-list")).content.decode()

    assert (conversation.staff_reason, conversation.urgent) == (StaffReason.TALK, True)
    # What a person may speak of now is asked of everybody alike, money too.
    assert [(page.count("要钱"), page.count("财物")) for page in (seen, listed)] == [(0, usual.count("财物")), (0, 0)]


def test_a_matter_about_the_centre_s_own_staff_is_seen_by_the_bureau_alone(texting):
    conversation = money_text(texting, firm=factories.firm(texting, kind=FirmKind.CENTRE_STAFF))
    alert = Alert.objects.get(conversation=conversation)
    director = signed_in(factories.user(Role.MANAGER, at=texting))
    bureau = signed_in(factories.user(Role.SUPERVISOR, at=Organisation.objects.get_parent(texting)))
    page = reverse("surveys:alert", args=[alert.public_id])

    assert (alert.kind, alert.for_bureau) == (AlertKind.MONEY, True)
    assert (director.get(page).status_code, bureau.get(page).status_code) == (404, 200)
    assert "要钱" in bureau.get(page).content.decode()
    assert "要钱" not in director.get(pages_about(conversation)[0]).content.decode()


def test_the_money_answer_of_a_begun_form_is_not_shown_to_who_telephones(centre):
    conversation, key = asked(factories.case(centre))
    go_through(begin(key), key, [*SATISFIED[:5], ("q6", "yes"), ("q6who", "lawyer"), ("q7", "yes"), ("q10", "no")])
    browser = signed_in(factories.user(Role.FOLLOW_UP, at=centre))

    browser.post(reverse("surveys:interview-take", args=[conversation.public_id]))
    seen = browser.get(reverse("surveys:interview", args=[conversation.public_id])).content.decode()

    ticked = set(re.findall(r'name="value-(\w+)" value="\w+" checked', seen))
    assert ticked == {"q1", "q2", "q3", "q4", "q5", "q7"}


MAY_WE_CALL = "工作人员可以给您回个电话吗"
OUTCOME_UNCLEAR, WROTE = [("q7", "no"), ("q10", "no"), ("q11", "")], [("q7", "yes"), ("q10", "no")]


@pytest.mark.parametrize(
    ("rest", "words", "kind"),
    [(OUTCOME_UNCLEAR, "", AlertKind.EXPLAIN), (WROTE, "下一次什么时候开庭", AlertKind.WROTE)],
)
@pytest.mark.parametrize("role", [Role.FOLLOW_UP, Role.MANAGER])
def test_an_everyday_matter_tells_nothing_of_the_question_that_only_money_opened(centre, role, rest, words, kind):
    """A satisfied client is asked whether they may be called for no other reason than what they said of money."""
    conversation, key = asked(factories.case(centre))
    browser = begin(key)
    go_through(browser, key, [*SATISFIED[:5], ("q6", "yes"), ("q6who", "lawyer"), *rest])
    if words:
        answer(browser, key, "q11", "", text=words)
    everyday, sealed = (Alert.objects.get(conversation=conversation, kind=each) for each in (kind, AlertKind.MONEY))
    staff = signed_in(factories.user(role, at=centre))
    bureau = signed_in(factories.user(Role.SUPERVISOR, at=Organisation.objects.get_parent(centre)))

    page = staff.get(reverse("surveys:alert", args=[everyday.public_id])).content.decode()
    told = staff.get(f"/api/v1/surveys/alerts/{everyday.public_id}").json()
    above = bureau.get(reverse("surveys:alert", args=[sealed.public_id])).content.decode()

    assert [part in page for part in (MAY_WE_CALL, "不要回电", words)] == [False, False, True]
    assert told["may_call"] is None
    assert (MAY_WE_CALL in above, sealed.may_call) == (True, False)


def test_who_said_no_to_a_call_is_not_rung_and_the_refusal_tells_no_more_than_a_closed_way(centre):
    unasked, unwilling = asked(factories.case(centre)), asked(factories.case(centre))
    go_through(begin(unasked[1]), unasked[1], [*SATISFIED[:6], *OUTCOME_UNCLEAR[:1], ("q11", "")])
    go_through(begin(unwilling[1]), unwilling[1], [*SATISFIED[:5], ("q6", "staff"), *OUTCOME_UNCLEAR])
    plan_closed = asked(factories.case(centre))
    go_through(begin(plan_closed[1]), plan_closed[1], [*SATISFIED[:6], *OUTCOME_UNCLEAR[:1], ("q11", "")])
    ContactPlan.objects.update_or_create(client=plan_closed[0].recipient, defaults={"phone_allowed": False})
    browser = signed_in(factories.user(Role.FOLLOW_UP, at=centre))

    def number(conversation):
        matter = Alert.objects.get(conversation=conversation, kind=AlertKind.EXPLAIN)
        answered = browser.post(f"/api/v1/surveys/alerts/{matter.public_id}/number", content_type="application/json")
        return answered.status_code, answered.json()

    free, hidden, closed = (number(each[0]) for each in (unasked, unwilling, plan_closed))
    Alert.objects.filter(kind=AlertKind.MONEY).update(may_call=None)

    assert free[0] == 200
    assert hidden == closed == (409, closed[1])
    assert number(unwilling[0]) == closed  # as the form alone has it, of which the money matter was told nothing yet


@pytest.mark.parametrize(("said", "heard"), [("yes", [AlertKind.MONEY]), ("staff", [AlertKind.MONEY]), ("no", [])])
def test_money_said_in_a_form_that_is_never_finished_is_heard_at_once(centre, said, heard):
    conversation, key = asked(factories.case(centre))
    go_through(begin(key), key, [*SATISFIED[:5], ("q6", said)])
    services.act_on_forms(now=timezone.now() + WHO_MAY_TELL)

    assert list(Alert.objects.filter(conversation=conversation).values_list("kind", flat=True)) == heard

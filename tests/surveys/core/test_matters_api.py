"""Programs do what the staff's pages do: errands, an unhappy client's matter step by step, the register."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from surveys.enums import AlertState, Channel, ErrandOutcome
from surveys.enums import RecoveryAct as A
from surveys.models import Alert, Complaint, Contact, Conversation
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.rows import asked
from tests.surveys.recovering import Office, office, unhappy, until

pytestmark = pytest.mark.django_db
API = "/api/v1/surveys"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office()


def program(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def field(response: Any) -> Any:
    return response.json()["errors"][0]["field"]


# --- visits, letters, paper forms


def errand(place: Office, channel: Channel) -> Conversation:
    return asked(factories.case(place.centre), channel=channel)[0]


def test_errands_are_listed_by_rung_to_those_of_the_centre(place: Office) -> None:
    rows = [errand(place, channel) for channel in (Channel.VISIT, Channel.LETTER)]
    stranger = factories.user(Role.FOLLOW_UP, at=factories.centre())

    found = [
        [row["id"] for row in program(user).get(f"{API}/errands", query).json()["results"]]
        for user, query in ((place.staff, {}), (place.staff, {"rung": "letter"}), (stranger, {}))
    ]

    ids = [str(row.public_id) for row in rows]
    assert [sorted(found[0]), found[1], found[2]] == [sorted(ids), ids[1:], []]
    assert program(place.staff).get(f"{API}/errands", {"rung": "telephone"}).status_code == 400


def test_what_became_of_a_visit_is_recorded_and_what_was_spoken_of_opens_its_matter(place: Office) -> None:
    row = errand(place, Channel.VISIT)
    door = f"{API}/conversations/{row.public_id}/errands"
    staff = program(place.staff)

    unfit = staff.post(door, {"outcome": "returned"})
    timeless = staff.post(door, {"outcome": "come_again"})
    kept = staff.post(door, {"outcome": "nobody_home", "heard": ["danger"], "note": "邻居说听见打骂"})

    assert [(each.status_code, field(each)) for each in (unfit, timeless)] == [(422, "outcome"), (422, "again_at")]
    assert (kept.status_code, Contact.objects.get().outcome) == (201, ErrandOutcome.NOBODY_HOME)
    assert Alert.objects.get().kind == "danger"


def test_a_letter_that_was_sent_is_out(place: Office) -> None:
    row = errand(place, Channel.LETTER)

    program(place.staff).post(f"{API}/conversations/{row.public_id}/errands", {"outcome": "sent"})

    row.refresh_from_db()
    assert row.sent_out_at == NOW


# --- an unhappy client


def test_a_matter_goes_from_being_taken_on_to_being_asked_again_and_somebody_else_signs_it(place: Office) -> None:
    door = f"{API}/alerts/{unhappy(place).public_id}/recovery"
    staff, bureau = program(place.staff), program(place.supervisor)

    begun = staff.get(door).json()
    steps: list[dict[str, str]] = [
        {"act": "take"}, {"act": "reach"}, {"act": "verify", "note": "属实", "finding": "founded"},
        {"act": "fix", "note": "已补办"}, {"act": "tell", "note": "已告知"}, {"act": "ask"},
    ]  # fmt: skip
    taken = [staff.post(f"{door}/steps", step) for step in steps]
    Conversation.objects.filter(wave__startswith="recovery").update(state="expired")
    own = staff.post(f"{door}/steps", {"act": "sign_off"})
    signed = bureau.post(f"{door}/steps", {"act": "sign_off"})

    assert (begun["state"], begun["acts"]) == ("open", ["take"])
    assert [(each.status_code, each.json()["state"]) for each in taken] == [
        (201, state) for state in ("taken", "contacted", "verified", "fixed", "told", "asked")
    ]
    assert taken[-1].json()["asked_again"]
    assert (own.status_code, own.json()["code"]) == (403, "not_yours_to_sign")
    assert (signed.json()["state"], signed.json()["ended_as"], signed.json()["acts"]) == ("closed", "settled", [])
    assert Alert.objects.get().state == AlertState.CLOSED


def test_the_lawyer_is_asked_once_in_the_words_agreed_to_and_the_question_can_be_taken_back(place: Office) -> None:
    alert = unhappy(place)
    door, staff = f"{API}/alerts/{alert.public_id}/lawyer-question", program(place.staff)
    given = {"agreed": True, "consented_on": "2026-11-20", "consent_by": "telephone", "text": "请说明改期经过。"}

    early = staff.post(door, given)
    until(place.staff, alert, A.REACH)
    unasked = staff.post(door, given | {"agreed": False})
    asked_once, twice = staff.post(door, given), staff.post(door, given)
    back = [staff.delete(door) for _time in range(2)]

    assert [each.status_code for each in (early, unasked, asked_once, twice, *back)] == [409, 400, 201, 409, 200, 409]
    assert "请说明" not in asked_once.content.decode()
    assert back[0].json()["withdrawn_at"]


def test_a_step_out_of_turn_or_without_its_words_is_refused(place: Office) -> None:
    alert = unhappy(place)
    door = f"{API}/alerts/{alert.public_id}/recovery/steps"
    staff = program(place.staff)

    early = staff.post(door, {"act": "tell", "note": "已告知"})
    until(place.staff, alert, A.REACH)
    bare = staff.post(door, {"act": "verify", "note": "属实"})
    by_hand = staff.post(door, {"act": "convert"})

    assert [early.status_code, bare.status_code, by_hand.status_code] == [409, 422, 400]
    assert field(bare) == "finding"


def test_a_matter_without_steps_of_its_own_has_none_to_read(place: Office) -> None:
    alert = Alert.objects.create(
        case=(row := errand(place, Channel.VISIT)).case, conversation=row, kind="danger", raised_at=NOW
    )

    assert program(place.staff).get(f"{API}/alerts/{alert.public_id}/recovery").status_code == 404


CONSENT = {
    "agreed": True, "consented_on": str(NOW.date()), "consent_by": "telephone", "ground": "standard",
    "facts": "三次没有到庭。",
}  # fmt: skip


def test_a_matter_is_entered_in_the_register_only_with_the_clients_consent(place: Office) -> None:
    alert = unhappy(place)
    until(place.staff, alert, A.REACH)
    door = f"{API}/alerts/{alert.public_id}/complaint"
    manager = program(place.manager)

    refused = [manager.post(door, CONSENT | change) for change in ({"agreed": False}, {"consented_on": "2027-01-01"})]
    entered = manager.post(door, CONSENT)

    assert [each.status_code for each in refused] == [400, 422]
    # The bureau's alone to see; whoever entered it knows its number.
    assert (entered.status_code, entered.json()["id"]) == (201, None)
    complaint = Complaint.objects.get()
    assert (entered.json()["label"], complaint.source) == (complaint.label, alert)
    assert Alert.objects.get().state == AlertState.CLOSED


# --- the register


def grievance(place: Office, **changes: str) -> dict[str, str]:
    return {
        "centre": place.centre.code, "received_on": str(NOW.date()), "received_by": "letter",
        "complainant": "recipient", "complainant_name": "赵金凤", "contact": "13900000001", "respondent": "lawyer",
        "ground": "standard", "facts": "三次没有到庭。",
    } | changes  # fmt: skip


def test_a_complaint_is_registered_accepted_decided_and_replied_to(place: Office) -> None:
    case = factories.case(place.centre)
    entered = program(place.staff).post(f"{API}/complaints", grievance(place, case_number=case.number))
    bureau = program(place.supervisor)
    door = f"{API}/complaints/{bureau.get(f'{API}/complaints').json()['results'][0]['id']}"

    steps: list[dict[str, str]] = [
        {"act": "accept"}, {"act": "decide", "note": "情况属实。", "outcome": "criticism"},
        {"act": "reply", "note": "已书面答复。"},
    ]  # fmt: skip
    taken = [bureau.post(f"{door}/steps", step) for step in steps]
    number = bureau.post(f"{door}/number")

    assert (number.json(), number.headers["Cache-Control"]) == ({"contact": "13900000001"}, "no-store")
    assert (entered.status_code, entered.json()["id"]) == (201, None)
    assert [each.json()["state"] for each in taken] == ["accepted", "decided", "replied"]
    shown = bureau.get(door)
    assert (shown.json()["case_number"], shown.json()["acts"]) == (case.number, [])
    assert not any(words in shown.content.decode() for words in ("赵金凤", "13900000001", "三次没有到庭", "已书面答复"))


def test_the_register_is_the_bureaus(place: Office) -> None:
    program(place.staff).post(f"{API}/complaints", grievance(place))
    complaint = Complaint.objects.get()
    door = f"{API}/complaints/{complaint.public_id}"

    unseen = program(place.manager).get(door)
    Complaint.objects.update(with_centre=True)
    given = program(place.manager).post(f"{door}/steps", {"act": "accept"})
    noted = program(place.manager).post(f"{door}/steps", {"act": "note", "note": "已约谈。"})

    assert program(place.staff).get(f"{API}/complaints").status_code == 403
    assert (unseen.status_code, given.status_code, noted.status_code) == (404, 403, 201)


def test_a_complaint_is_given_only_to_who_may_handle_it(place: Office) -> None:
    program(place.staff).post(f"{API}/complaints", grievance(place))
    door = f"{API}/complaints/{Complaint.objects.get().public_id}/steps"
    bureau = program(place.supervisor)

    met = [
        bureau.post(door, {"act": "assign", **more})
        for more in (
            {},
            {"handler": str(place.staff.public_id)},
            {"handler": str(place.manager.public_id), "with_centre": True},
        )
    ]

    assert [each.status_code for each in met] == [400, 422, 201]
    assert met[2].json()["handler"] == str(place.manager.public_id)


def test_what_cannot_be_entered_is_refused_by_the_name_of_its_field(place: Office) -> None:
    staff = program(place.staff)

    unknown = staff.post(f"{API}/complaints", grievance(place, case_number="没有这个号"))
    elsewhere = staff.post(f"{API}/complaints", grievance(place, centre=factories.centre().code))
    tomorrow = staff.post(f"{API}/complaints", grievance(place, received_on="2026-11-21"))

    assert [unknown.status_code, elsewhere.status_code, tomorrow.status_code] == [422, 404, 422]
    assert (field(unknown), field(tomorrow)) == ("case_number", "received_on")
    assert not Complaint.objects.exists()

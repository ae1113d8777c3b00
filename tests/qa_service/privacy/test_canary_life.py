"""A whole life of one person, from the import to the erasure, typed by everybody who types: heard by nobody else."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps as django_apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from qa_service.audit.models import Entry
from qa_service.cases.models import Case, Client, ContactPlan, Import
from qa_service.notifications.models import Mail, Notification
from qa_service.privacy.models import PersonRequest
from scoring.services.schemes import publish_default_scheme
from scoring.services.scores import rescore_changed
from surveys import services
from surveys.models import Alert, Answer, Complaint, Contact, Conversation, Message, Recovery
from tests import factories
from tests.factories import NOW
from tests.qa_service.cases.county import CSV
from tests.qa_service.privacy.canary import (
    CODE_WORD,
    GUARDIAN,
    GUARDIAN_PHONE,
    NAME,
    PHONE,
    WORDS,
    Ears,
    addresses_in,
    heard,
    listening,
)
from tests.qa_service.privacy.kept import interviewed
from tests.surveys import factories as asking
from tests.surveys.recovering import Office, office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(settings) -> Iterator[None]:
    settings.DEMO = False
    with time_machine.travel(NOW, tick=False):
        yield


class Typing(Browser):
    """Somebody at a page; every address met is kept, and every page of a mishap."""

    def __init__(self, person: Any = None) -> None:
        super().__init__(raise_request_exception=False)
        self.met: list[str] = []
        self.mishaps: list[str] = []
        if person is not None:
            self.force_login(person)

    def request(self, **given: Any) -> Any:
        answer = super().request(**given)
        page = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        self.met += [answer.headers.get("Location", ""), *addresses_in(page)]
        if answer.status_code in {400, 403, 404, 405, 409, 500} or "problem" in answer.headers.get("Content-Type", ""):
            self.mishaps.append(page)
        return answer


def export() -> SimpleUploadedFile:
    """Two rows: the person, and a cell in the wrong column, which is refused and kept as a fault."""
    lines = list(csv.reader(io.StringIO(CSV.read_bytes().decode("gb18030"))))
    row = dict(zip(lines[1], lines[3], strict=True))
    row |= {"受援人": NAME, "联系电话": PHONE.removeprefix("+86"), "可否短信联系": "是", "联系备注": ""}
    row |= {"受理日期": "2026-05-01", "指派日期": "2026-05-03", "结案日期": "2026-11-10", "归档日期": "2026-11-15"}
    row["裁判文书收到日期"] = ""
    wrong = row | {"法援案号": f"{row['法援案号']}之二", "结案日期": f"{NAME}，{PHONE}"}
    written = io.StringIO()
    csv.writer(written).writerows([lines[1], list(row.values()), list(wrong.values())])
    return SimpleUploadedFile("导出.csv", written.getvalue().encode("gb18030"))


def brought_in(boss: Typing, place: Office) -> Case:
    boss.post(reverse("cases:import"), {"centre": place.centre.code, "file": export()})
    job = Import.objects.get()
    boss.post(reverse("cases:import-confirm", args=[job.public_id]))
    boss.get(reverse("cases:import-job", args=[job.public_id]))
    boss.get(reverse("cases:import-report", args=[job.public_id]))
    return Case.objects.select_related("client", "centre").get()


def agreed(boss: Typing, client: Client) -> None:
    plan = {
        "revision": ContactPlan.objects.get(client=client).revision,
        "reason": "none",
        "phone_allowed": "on",
        "visit_allowed": "on",
        "letter_allowed": "on",
        "language": "zh-hans",
        "code_word": CODE_WORD,
        "guardian_name": GUARDIAN,
        "guardian_phone": GUARDIAN_PHONE,
        "guardian_relation": "child",
        "guardian_cleared": "on",
        "note": WORDS,
        "confirmed": "on",
    }
    boss.post(reverse("cases:contact-plan", args=[client.public_id]), plan)
    assert ContactPlan.objects.get(client=client).note == WORDS


def asked_and_answered(staff: Typing, case: Case) -> Alert:
    services.invite_due(now=NOW)
    services.deliver_next(now=NOW)
    conversation = Conversation.objects.get(case=case)
    asking.reply(conversation, f"他打我，{WORDS}")
    alert = Alert.objects.get(conversation=conversation)
    door = reverse("surveys:alert", args=[alert.public_id])
    staff.get(door)
    staff.post(reverse("surveys:alert-number", args=[alert.public_id]))
    staff.post(reverse("surveys:interview-take", args=[conversation.public_id]))
    staff.post(reverse("surveys:interview-number", args=[conversation.public_id]))
    staff.post(
        reverse("surveys:interview-record", args=[conversation.public_id]),
        {"outcome": "no_answer", "answerer": "client", "mode": "telephone", "note": WORDS},
    )
    interviewed(case, words=WORDS, note=f"{NAME}说，{WORDS}")
    assert set(Contact.objects.values_list("note", flat=True)) != {""}
    return alert


def complained(above: Typing, case: Case) -> None:
    grievance = {
        "centre": case.centre.public_id,
        "case_number": case.number,
        "received_on": "2026-11-20",
        "received_by": "visit",
        "complainant": "recipient",
        "complainant_name": NAME,
        "contact": PHONE,
        "respondent": "lawyer",
        "ground": "standard",
        "facts": WORDS,
        "request": WORDS,
    }
    above.post(reverse("surveys:complaint-new"), grievance)
    above.get(reverse("surveys:complaint", args=[Complaint.objects.get().public_id]))
    above.get(reverse("surveys:complaints"), {"q": "之二"})
    above.post(reverse("surveys:complaints-export"))


def requested(boss: Typing, client: Client) -> None:
    boss.post(reverse("privacy:people"), {"phone": PHONE})
    boss.post(reverse("privacy:people"), {"phone": f"{NAME}{PHONE}"})
    asked = {"asker": "person", "proof": "card", "came_by": "counter", "received_on": "2026-11-20", "wanted": WORDS}
    for kind in ("copy", "erasure"):
        boss.post(reverse("privacy:person", args=[client.public_id]), asked | {"kind": kind})
        row = PersonRequest.objects.get(kind=kind)
        boss.post(reverse("privacy:request-copy", args=[row.public_id]), {"form": "data"})
        boss.post(reverse("privacy:request", args=[row.public_id]), {"decision": "granted", "reason": WORDS})


def gone_astray(anybody: Typing) -> None:
    """Addresses and bodies that nobody should send, holding what somebody might paste."""
    for path in (f"/cases/{NAME}", f"/s/{PHONE}", f"/o/{NAME}", f"/v/{NAME}", f"/privacy/{PHONE}", f"/api/v1/{NAME}"):
        anybody.get(path)
        anybody.post(path)
    for body in (f'{{"phone": "{PHONE}", "name": "{NAME}"', f'{{"{NAME}": "{WORDS}"}}'):
        anybody.post("/api/v1/organisations", body, content_type="application/json")
        anybody.post("/webhooks/twilio/inbound", body, content_type="application/json")
    anybody.post("/webhooks/twilio/inbound", {"From": PHONE, "Body": WORDS, "MessageSid": "SM1"})
    anybody.post("/accounts/sign-in", {"username": NAME, "password": PHONE})


def silent(ears: Ears, *people: Typing) -> None:
    assert [line for line in [*ears.lines, *ears.raw, *ears.arguments] if heard(line)] == []
    assert [to for person in people for to in person.met if heard(to)] == []
    assert [page for person in people for page in person.mishaps if heard(page)] == []


def test_a_whole_life_is_heard_in_no_log_task_address_or_error_page():
    place = office()
    asking.questionnaires()
    boss, staff, above = Typing(place.manager), Typing(place.staff), Typing(place.supervisor)

    with listening() as ears:
        case = brought_in(boss, place)
        agreed(boss, case.client)
        asked_and_answered(staff, case)
        complained(above, case)
        publish_default_scheme(now=NOW)
        rescore_changed(now=NOW)
        requested(boss, case.client)
        for person in (boss, staff, above):
            gone_astray(person)

    assert Message.objects.filter(direction="in").exists()
    assert len(boss.met) > 100
    silent(ears, boss, staff, above)


def test_no_notice_e_mail_or_entry_of_the_record_holds_a_word_of_it():
    place = office()
    asking.questionnaires()
    boss, staff, above = Typing(place.manager), Typing(place.staff), Typing(place.supervisor)

    case = brought_in(boss, place)
    agreed(boss, case.client)
    asked_and_answered(staff, case)
    complained(above, case)
    requested(boss, case.client)

    told = [str(row) for row in Notification.objects.values("text", "params", "url")]
    told += [str(row) for row in Mail.objects.values("subject", "body", "to")]
    told += [str(row) for row in Entry.objects.values()]
    assert len(told) > 10
    assert [row for row in told if heard(row)] == []


def test_a_stranger_who_goes_astray_reads_and_leaves_nothing():
    stranger = Typing()

    with listening() as ears:
        gone_astray(stranger)

    assert len(stranger.mishaps) > 5
    silent(ears, stranger)


def test_a_fault_of_ours_shows_nothing_of_what_broke_it(settings):
    settings.ROOT_URLCONF = "tests.qa_service.privacy.broken"
    somebody = Typing(factories.user())

    with listening() as ears:
        assert {somebody.get("/broken").status_code, somebody.get("/api/broken").status_code} == {500}

    assert len(somebody.mishaps) == 2
    assert any("ValueError" in line for line in ears.lines)
    silent(ears, somebody)


def everything_stored() -> list[tuple[str, str]]:
    """Every value of every table, decrypted, in which the canary still stands; and every stored file."""
    found = []
    for model in django_apps.get_models():
        columns = [field.name for field in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*columns):
            found += [(f"{model._meta.label}.{name}", str(value)) for name, value in zip(columns, row, strict=True)]
    return [(column, value) for column, value in found if heard(value)]


def test_after_the_erasure_no_table_holds_a_word_of_it_and_what_was_marked_stays():
    place = office(records_bound_first=False)
    asking.questionnaires()
    boss, staff = Typing(place.manager), Typing(place.staff)
    case = brought_in(boss, place)
    agreed(boss, case.client)
    asked_and_answered(staff, case)
    Message.objects.filter(direction="out").update(state="delivered", lease_until=None)
    Alert.objects.update(state="closed", closed_at=NOW)
    Recovery.objects.all().delete()
    marks = list(Answer.objects.exclude(choice=None).order_by("pk").values_list("question__code", "choice__value"))
    columns = {column for column, _value in everything_stored()}
    assert {"cases.Client.name", "surveys.Answer.text", "surveys.Message.body", "cases.ImportFault.value"} <= columns

    boss.post(
        reverse("privacy:person", args=[case.client.public_id]),
        {"kind": "erasure", "asker": "person", "proof": "card", "came_by": "counter", "received_on": "2026-11-20"},
    )
    boss.post(reverse("privacy:request", args=[PersonRequest.objects.get().public_id]), {"decision": "granted"})

    assert everything_stored() == []
    kept = list(Answer.objects.exclude(choice=None).order_by("pk").values_list("question__code", "choice__value"))
    assert kept == marks != []

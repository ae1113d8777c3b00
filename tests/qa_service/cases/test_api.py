"""Programs bring cases in one by one or by the file, and read back what their scope allows."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, ContactPlan, EvidenceChange, Import
from qa_service.organisations.models import Organisation
from tests import factories
from tests.qa_service.cases.county import CSV, EXPECTED, XLSX

pytestmark = pytest.mark.django_db
NUMBER = "临法援〔2026〕民字第0500号"
CASE = {
    "case_type": "civil",
    "cause": "追索劳动报酬",
    "stage": "first_instance",
    "client_name": "苗青",
    "age": 40,
    "phone": "170 1234 5678",
    "sms_consent": True,
    "lawyer_name": "周琴",
    "licence_number": "34307200111427006",
    "firm_name": "石桥法律服务所",
    "firm_kind": "service_office",
    "station_name": "石桥法律援助工作站",
    "accepted_on": "2026-05-01",
    "closed_on": "2026-11-10",
    "recovered_amount": "14399.00",
}


@pytest.fixture
def centre() -> Organisation:
    return factories.centre(code="linjiang")


@pytest.fixture(autouse=True)
def _a_day_in_november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-22T02:00:00Z", tick=False)


def program(*roles: Role, at: Organisation) -> APIClient:
    client = APIClient()
    client.force_authenticate(factories.user(*roles, at=at))
    return client


def address(number: str = NUMBER) -> str:
    return f"/api/v1/centres/linjiang/cases/{number}"


def send_file(client: APIClient, content: bytes, **fields: Any) -> Any:
    data = {"file": SimpleUploadedFile("cases.csv", content), **fields}
    return client.post("/api/v1/centres/linjiang/cases/import", data, format="multipart")


@pytest.mark.parametrize("spelling", ["临法援〔2026〕第12号/一", "临法援〔2026〕第12号%2F一"])
def test_a_number_with_a_stroke_is_an_address_too(centre: Organisation, spelling: str) -> None:
    """Parts of one matter are numbered so; a file brings them in, and a program finds them again."""
    answer = program(Role.MANAGER, at=centre).put(address(spelling), CASE)

    assert (answer.status_code, Case.objects.get().number) == (201, "临法援〔2026〕第12号/一")


def test_the_number_at_the_organ_is_kept_and_its_coming_is_no_evidence(centre: Organisation) -> None:
    client = program(Role.MANAGER, at=centre)
    client.put(address(), CASE)
    EvidenceChange.objects.all().delete()

    answer = client.put(address(), CASE | {"organ_number": "（2026）湘0511民初88号"})

    assert (answer.json()["changed"], Case.objects.get().organ_number) == (True, "（2026）湘0511民初88号")
    assert (
        client.get(f"/api/v1/cases/{Case.objects.get().public_id}").json()["organ_number"] == "（2026）湘0511民初88号"
    )
    assert not EvidenceChange.objects.exists()


def test_a_case_is_put_once_and_again_without_effect(centre: Organisation) -> None:
    client = program(Role.MANAGER, at=centre)

    first = client.put(address(), CASE)
    again = client.put(address(), CASE)
    changed = client.put(address(), CASE | {"filed_on": "2026-11-20"})

    assert (first.status_code, again.status_code, changed.status_code) == (201, 200, 200)
    assert [answer.json()["changed"] for answer in (first, again, changed)] == [True, False, True]
    assert Case.objects.get().number == NUMBER
    assert Entry.objects.get(action="cases.changed").details == {"fields": ["filed_on"]}


def test_a_case_closed_days_ago_may_be_asked_about_at_once(centre: Organisation) -> None:
    program(Role.MANAGER, at=centre).put(address(), CASE)

    assert Case.objects.exclude(survey_released_at=None).count() == 1


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"closed_on": "2026-12-01"}, "closed_on", "closed in the future"),
        ({"closed_on": "2026-04-01"}, "closed_on", "closed before accepted"),
        ({"licence_number": "不详"}, "licence_number", "licence number is unreadable"),
    ],
)
def test_a_case_that_a_file_would_refuse_is_refused_by_field_and_reason(
    centre: Organisation, change: dict[str, Any], field: str, reason: str
) -> None:
    answer = program(Role.MANAGER, at=centre).put(address(), CASE | change)

    error = answer.json()["errors"][0]
    assert (answer.status_code, error["field"], error["reason"]) == (422, field, reason)


@pytest.mark.parametrize(("field", "day"), [("accepted_on", "0001-01-01"), ("filed_on", "9999-12-31")])
def test_a_day_that_nobody_can_have_meant_is_refused_at_its_field(centre: Organisation, field: str, day: str) -> None:
    answer = program(Role.MANAGER, at=centre).put(address(), CASE | {field: day})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Case.objects.exists()


def test_unknown_fields_are_refused(centre: Organisation) -> None:
    answer = program(Role.MANAGER, at=centre).put(address(), CASE | {"survey_released_at": "2026-11-22"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["survey_released_at"])


def test_a_child_marked_yes_is_never_texted(centre: Organisation) -> None:
    program(Role.MANAGER, at=centre).put(address(), CASE | {"age": 13})

    plan = ContactPlan.objects.get()
    assert (plan.sms_allowed, plan.reason, plan.guardian_only) == (False, "minor", True)


def test_a_file_is_answered_with_counts_and_faults(centre: Organisation) -> None:
    answer = send_file(program(Role.OPERATOR, at=centre), CSV.read_bytes())

    body = answer.json()
    assert (answer.status_code, body["state"]) == (200, "finished")
    assert (body["new"], body["updated"], body["unchanged"], body["refused"]) == (272, 0, 0, 9)
    assert [{key: fault[key] for key in ("line", "column", "reason")} for fault in body["faults"]] == EXPECTED[
        "refused"
    ]


def test_a_cell_beyond_all_measure_refuses_its_row_alone(centre: Organisation) -> None:
    rows = CSV.read_bytes().split(b"\n")
    rows[5] = rows[5].replace(b",", b"," + b"x" * 200_000, 1)

    body = send_file(program(Role.OPERATOR, at=centre), b"\n".join(rows)).json()

    assert (body["new"], body["refused"]) == (271, 10)
    assert {"line": 6, "column": "法援案号", "reason": "text is too long", "value": ""} in body["faults"]


def test_each_answer_with_refused_rows_is_a_look_that_is_recorded(centre: Organisation) -> None:
    client = program(Role.OPERATOR, at=centre)

    job = send_file(client, CSV.read_bytes()).json()
    client.get(f"/api/v1/imports/{job['id']}")

    looks = Entry.objects.filter(action="cases.refused_rows_seen")
    assert [(entry.actor_id, entry.details) for entry in looks] == [
        (User.objects.get(grants__role=Role.OPERATOR).actor.id, {"rows": 9})
    ] * 2


def test_a_dry_run_writes_nothing_until_it_is_confirmed(centre: Organisation) -> None:
    client = program(Role.OPERATOR, at=centre)

    preview = send_file(client, XLSX.read_bytes(), dry_run="true").json()
    assert (preview["state"], preview["new"], Case.objects.count()) == ("previewed", 272, 0)

    confirmed = client.post(f"/api/v1/imports/{preview['id']}/confirm").json()
    assert (confirmed["state"], confirmed["new"], Case.objects.count()) == ("finished", 272, 272)


def test_a_long_file_is_accepted_and_its_import_can_be_watched(centre: Organisation) -> None:
    rows = CSV.read_bytes() + b"\n" * 2500
    client = program(Role.OPERATOR, at=centre)

    answer = send_file(client, rows)

    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert client.get(answer["Location"]).json()["state"] == "queued"


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"%PDF-1.7", 415), (b"a,b\n1,2\n", 422), ("法援案号,案件类型,案由,援助阶段\n".encode(), 422)],
)
def test_a_file_that_is_no_export_is_refused(centre: Organisation, content: bytes, status: int) -> None:
    answer = send_file(program(Role.OPERATOR, at=centre), content)

    assert (answer.status_code, Import.objects.count()) == (status, 0)


def test_outside_ones_subtree_there_is_nothing(centre: Organisation) -> None:
    case = factories.case(centre)
    client = program(Role.MANAGER, Role.OPERATOR, at=factories.centre())

    answers = [
        client.put(address(), CASE).status_code,
        send_file(client, CSV.read_bytes()).status_code,
        client.get(f"/api/v1/cases/{case.public_id}").status_code,
    ]

    assert answers == [404, 404, 404]
    assert client.get("/api/v1/cases").json()["results"] == []


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FOLLOW_UP, Role.OBSERVER])
def test_roles_that_do_not_import_may_not(centre: Organisation, role: Role) -> None:
    assert program(role, at=centre).put(address(), CASE).status_code == 403


def test_the_list_is_filtered_and_paged_by_key(centre: Organisation) -> None:
    client = program(Role.MANAGER, at=centre)
    send_file(client, CSV.read_bytes())

    page = client.get("/api/v1/cases", {"case_type": "criminal", "page_size": "30"}).json()
    rest = client.get(page["next"]).json()

    assert (len(page["results"]), len(rest["results"]), rest["next"]) == (30, 17, None)
    assert {row["case_type"] for row in page["results"]} == {"criminal"}
    assert not any("phone" in row["client"] for row in page["results"])


def test_a_page_of_cases_asks_the_same_number_of_questions_for_one_row_and_for_many(centre: Organisation) -> None:
    def questions() -> int:
        client.get("/api/v1/cases")  # the user's grants are read once
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/cases").status_code == 200
        return len(queries)

    client = program(Role.MANAGER, at=centre)
    factories.case(centre)
    few = questions()
    for _ in range(5):
        factories.case(centre)

    assert questions() == few


ANOTHER = {"lawyer_name": "钱进", "licence_number": "34307200111427999", "firm_name": "另一所"}


@pytest.mark.parametrize("hat", ["lawyer", "head"])
@pytest.mark.parametrize("change", [ANOTHER, {"firm_name": "另一所"}, {"closed_on": "2026-09-30"}])
def test_who_handled_a_case_gives_it_to_nobody_else_and_to_no_other_period(
    centre: Organisation, hat: str, change: dict[str, str]
) -> None:
    program(Role.MANAGER, at=centre).put(address(), CASE)
    case = Case.objects.get()
    own = factories.user(Role.MANAGER, at=centre, of=case.lawyer if hat == "lawyer" else None)
    if hat == "head":
        own.grants.create(role=Role.FIRM, firm=case.firm)
    client = APIClient()
    client.force_authenticate(own)

    answer = client.put(address(), CASE | change, headers={"accept-language": "en"})
    corrected = client.put(address(), CASE | {"filed_on": "2026-11-20"})

    assert (answer.status_code, answer.json()["code"]) == (403, "own_case_given_away")
    assert "another person changes its lawyer, firm or closing date" in answer.content.decode()
    assert corrected.status_code == 200
    kept = case.lawyer_id, case.firm_id, case.closed_on
    assert Case.objects.values_list("lawyer", "firm", "closed_on").get() == kept


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_a_file_gives_no_case_of_whoever_sends_it_to_another(centre: Organisation, dry_run: str) -> None:
    before = send_file(program(Role.MANAGER, at=centre), CSV.read_bytes()).json()
    lawyer = Case.objects.order_by("pk")[0].lawyer
    theirs = Case.objects.filter(lawyer=lawyer).count()
    own = APIClient()
    own.force_authenticate(factories.user(Role.MANAGER, at=centre, of=lawyer))

    changed = CSV.read_bytes().replace(lawyer.licence_number.encode(), b"34307200111427999")
    answer = send_file(own, changed, dry_run=dry_run).json()

    assert (answer["refused"], answer["updated"]) == (before["refused"] + theirs, 0)
    assert Case.objects.filter(lawyer=lawyer).count() == theirs


def test_the_days_of_the_centres_own_clocks_come_with_the_case_and_are_no_evidence(centre: Organisation) -> None:
    client = program(Role.MANAGER, at=centre)
    client.put(address(), CASE)
    EvidenceChange.objects.all().delete()
    days = {"decided_on": "2026-05-06", "subsidy_paid_on": "2026-11-20"}

    answer = client.put(address(), CASE | days)
    again = client.put(address(), CASE | days)

    assert (answer.json()["changed"], again.json()["changed"]) == (True, False)
    assert {name: answer.json()["case"][name] for name in days} == days
    assert not EvidenceChange.objects.exists()
    assert client.put(address(), CASE | {"decided_on": "2099-01-01"}).status_code == 422

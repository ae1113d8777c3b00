"""What an import does beyond the rows: plans grow safer, nobody is asked too late, a lost worker costs nothing."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases import tasks
from qa_service.cases.enums import ContactReason, FaultReason, ImportState, NumberOwner
from qa_service.cases.models import Case, Client, ContactPlan, Import
from qa_service.cases.queries import fault_rows
from qa_service.cases.retention import let_go_of
from qa_service.cases.services import (
    change_plan,
    close_preview,
    confirm_import,
    confirm_plan,
    correct_phone,
    expire_previews,
    lift_ended_bans,
    put_case,
    receive_import,
    release_surveys,
    run_import,
    waiting_imports,
)
from qa_service.cases.services import imports as imports_service
from qa_service.cases.services.single import RowRefused
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.files.models import StoredFile
from qa_service.management.commands.import_cases import Command as ImportCases
from qa_service.organisations.models import CentreSettings, Firm, Lawyer, Membership, Organisation
from tests import factories
from tests.qa_service.cases.county import CLERK, CSV, NOW, bring_in, counts, edited

pytestmark = pytest.mark.django_db
ROW = {
    "number": "临法援〔2026〕民字第0001号",
    "case_type": "民事",
    "stage": "一审",
    "client_name": "张三",
    "age": "40",
    "phone": "17012345678",
    "sms_consent": "是",
    "lawyer_name": "周琴",
    "licence_number": "34307200111427006",
    "firm_name": "石桥法律服务所",
    "accepted_on": "2026-05-01",
    "closed_on": "2026-11-10",
}


@pytest.fixture
def centre() -> Organisation:
    return factories.centre(code="linjiang")


def put(centre: Organisation, now: datetime = NOW, **changes: Any) -> Case:
    return put_case(centre=centre, fields=ROW | changes, actor=CLERK, now=now).case


def learnt(case: Case, phone: str, *, told_by_client: bool = True) -> None:
    """Staff learn another number of the client's own."""
    own = NumberOwner.CLIENT
    correct_phone(client=case.client, phone=phone, owner=own, told_by_client=told_by_client, actor=CLERK, now=NOW)


def plan_of(case: Case) -> tuple[bool, str]:
    plan = ContactPlan.objects.get(client=case.client_id)
    return plan.sms_allowed, plan.reason


def test_a_plan_grows_safer_and_never_looser(centre: Organisation) -> None:
    seen = [
        plan_of(put(centre, contact_note=note, sms_consent=consent))
        for note, consent in (("", "是"), ("", "否"), ("在押", "否"), ("", "是"))
    ]

    assert seen == [
        (True, ContactReason.NONE),
        (False, ContactReason.NOT_CONSENTED),
        (False, ContactReason.IN_CUSTODY),
        (False, ContactReason.IN_CUSTODY),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"sms_consent": "否"}, ContactReason.NOT_CONSENTED),
        ({"contact_note": "在押"}, ContactReason.IN_CUSTODY),
        ({"age": "17"}, ContactReason.MINOR),
        ({"contact_note": "涉家暴"}, ContactReason.SAFETY),
    ],
)
def test_a_later_row_tightens_even_a_plan_that_staff_confirmed(
    centre: Organisation, row: dict[str, Any], reason: ContactReason
) -> None:
    case = put(centre)
    ContactPlan.objects.filter(client=case.client).update(confirmed_on=date(2026, 11, 20))

    assert plan_of(put(centre, **row)) == (False, reason)


def test_a_later_row_never_loosens_what_staff_confirmed(centre: Organisation) -> None:
    case = put(centre, sms_consent="否")
    ContactPlan.objects.filter(client=case.client).update(
        confirmed_on=date(2026, 11, 20), reason=ContactReason.IN_CUSTODY
    )

    assert plan_of(put(centre, sms_consent="是")) == (False, ContactReason.IN_CUSTODY)


def test_an_opted_out_client_stays_so_under_a_corrected_number(centre: Organisation) -> None:
    first = put(centre)
    ContactPlan.objects.filter(client=first.client).update(sms_allowed=False, reason=ContactReason.OPTED_OUT)

    second = put(centre, phone="17087654321")

    assert first.client_id != second.client_id
    assert plan_of(second) == (False, ContactReason.OPTED_OUT)


def by_program(centre: Organisation, folder: Path, row: dict[str, str]) -> None:
    put_case(centre=centre, fields=row, actor=CLERK, now=NOW)


def by_csv(centre: Organisation, folder: Path, row: dict[str, str]) -> None:
    path = folder / "cases.csv"
    path.write_text("\n".join(",".join(line) for line in (row, row.values())), encoding="utf-8")
    bring_in(centre, path)


def by_workbook(centre: Organisation, folder: Path, row: dict[str, str]) -> None:
    path = folder / "cases.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, row)
        sheet.write_row(1, 0, row.values())
    bring_in(centre, path)


def test_a_number_that_nobody_confirmed_is_not_texted_because_a_row_of_the_former_one_changed(
    centre: Organisation,
) -> None:
    """The consent in the export was given for the number in the export."""
    case = put(centre)
    learnt(case, "17098765432", told_by_client=False)
    today = NOW.date()

    put(centre, age="41")
    still_asked_first = ContactPlan.objects.get(client=case.client_id).expired(today=today)
    put(centre, phone="17098765432")

    assert still_asked_first
    assert not ContactPlan.objects.get(client=case.client_id).expired(today=today)


@pytest.mark.parametrize("bring", [by_program, by_csv, by_workbook])
@pytest.mark.parametrize("useless", ["", "123", "0739-5550100"])
def test_a_usable_number_that_comes_later_ends_what_was_said_of_the_useless_one(
    centre: Organisation, tmp_path: Path, bring: Any, useless: str
) -> None:
    bring(centre, tmp_path, ROW | {"phone": useless})
    before = plan_of(Case.objects.get())
    bring(centre, tmp_path, ROW)
    case = Case.objects.get()

    assert (before, plan_of(case)) == ((False, ContactReason.NUMBER_INVALID), (True, ContactReason.NONE))
    entry = Entry.objects.get(action="cases.contact_plan_changed")
    assert (entry.subject_id, entry.details["loosened"]) == (str(case.client_id), ["reason"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"sms_consent": "否"}, ContactReason.NOT_CONSENTED),
        ({"contact_note": "在押"}, ContactReason.IN_CUSTODY),
        ({"age": "17"}, ContactReason.MINOR),
        ({"contact_note": "涉家暴"}, ContactReason.SAFETY),
    ],
)
def test_a_usable_number_ends_no_other_reason(centre: Organisation, row: dict[str, Any], reason: ContactReason) -> None:
    put(centre, phone="", **row)

    assert plan_of(put(centre)) == (False, reason)
    assert not Entry.objects.filter(action="cases.contact_plan_changed").exists()


def test_a_number_that_staff_know_to_be_dead_stays_so_under_a_corrected_name(centre: Organisation) -> None:
    first = put(centre)
    ContactPlan.objects.filter(client=first.client).update(sms_allowed=False, reason=ContactReason.NUMBER_INVALID)

    assert plan_of(put(centre, client_name="张叁")) == (False, ContactReason.NUMBER_INVALID)


def test_a_usable_number_that_somebody_else_has_too_is_not_written_to(centre: Organisation) -> None:
    put(centre, number="2026民2", client_name="李四")
    put(centre, phone="")

    assert plan_of(put(centre)) == (False, ContactReason.NUMBER_SHARED)


def test_a_consent_holds_from_the_closing_of_the_last_case(centre: Organisation) -> None:
    case = put(centre)
    put(centre, number="2026民2", closed_on="2026-11-15")
    put(centre, number="2026民3", closed_on="2026-06-01")

    assert ContactPlan.objects.get(client=case.client_id).expires_on == date(2026, 11, 15) + timedelta(days=180)


def test_a_consent_that_staff_dated_is_not_dated_anew_by_an_export(centre: Organisation) -> None:
    case = put(centre)
    dated = date(2026, 11, 25)
    ContactPlan.objects.filter(client=case.client).update(confirmed_on=date(2026, 11, 20), expires_on=dated)

    put(centre, number="2026民2", closed_on="2026-11-15")

    assert ContactPlan.objects.get(client=case.client_id).expires_on == dated


def test_an_export_that_tightens_a_plan_is_seen_by_whoever_has_it_open(centre: Organisation) -> None:
    revisions = [
        ContactPlan.objects.get(client=put(centre, contact_note=note).client_id).revision for note in ("", "在押")
    ]

    assert revisions == [1, 2]


def test_a_corrected_entry_keeps_what_staff_had_agreed(centre: Organisation) -> None:
    first = put(centre)
    ContactPlan.objects.filter(client=first.client).update(
        phone_allowed=False, safe_from=time(10), safe_until=time(11), code_word="石榴"
    )

    plan = ContactPlan.objects.get(client=put(centre, phone="17087654321").client_id)

    assert (plan.phone_allowed, plan.safe_from, plan.safe_until, plan.code_word) == (False, time(10), time(11), "石榴")


def test_no_letter_goes_to_a_home_where_somebody_is_to_be_feared(centre: Organisation) -> None:
    letters = [
        ContactPlan.objects.get(
            client=put(centre, number=f"2026民{n}", phone="", contact_note=note, client_name=f"人{n}").client_id
        ).letter_allowed
        for n, note in enumerate(("", "在押", "涉家暴"))
    ]

    assert letters == [True, True, False]


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("限制民事行为能力，由其姐代办", ContactReason.INCAPACITY),
        ("与对方仍同住", ContactReason.OPPONENT_HOUSEHOLD),
        ("与被告共同居住", ContactReason.OPPONENT_HOUSEHOLD),
    ],
)
def test_who_cannot_act_alone_or_lives_with_the_opponent_is_not_texted(
    centre: Organisation, note: str, reason: ContactReason
) -> None:
    assert plan_of(put(centre, contact_note=note)) == (False, reason)


@pytest.mark.parametrize(
    ("given", "township"),
    [({"township": "赤石乡"}, "赤石乡"), ({"address": "临江县赤石乡柳溪村3组"}, "赤石乡"), ({}, "")],
)
def test_the_township_comes_from_its_column_or_the_address(
    centre: Organisation, given: dict[str, Any], township: str
) -> None:
    assert put(centre, **given, dialect="客家话").client.township == township


def test_an_export_without_them_takes_no_township_and_no_dialect_away(centre: Organisation) -> None:
    case = put(centre, township="赤石乡", dialect="客家话")

    client = put(centre, outcome="调解").client

    assert (client.pk, client.township, client.dialect) == (case.client_id, "赤石乡", "客家话")


def test_a_column_not_filled_makes_no_row_new(centre: Organisation) -> None:
    put(centre)

    assert not put_case(centre=centre, fields=ROW | {"township": "", "address": "临江县"}, actor=CLERK, now=NOW).changed


def test_a_number_that_two_people_gave_is_texted_to_neither(centre: Organisation) -> None:
    one = put(centre)
    other = put(centre, number="2026民2", client_name="李四")

    assert [plan_of(one), plan_of(other)] == [(False, ContactReason.NUMBER_SHARED)] * 2


def test_whose_number_it_is_that_staff_confirmed_goes_on_being_texted(centre: Organisation) -> None:
    first = put(centre)
    confirm_plan(client=first.client, user=factories.user(Role.FOLLOW_UP, at=centre), now=NOW)

    other = put(centre, number="2026民2", client_name="李四")

    assert [plan_of(first), plan_of(other)] == [(True, ContactReason.NONE), (False, ContactReason.NUMBER_SHARED)]


def test_a_number_is_not_shared_with_an_entry_that_no_case_points_at(centre: Organisation) -> None:
    """A misspelt name put right in the case system, also where it had been shared with another person meanwhile."""
    put(centre, client_name="赵小名")
    assert plan_of(put(centre, client_name="赵晓明")) == (True, ContactReason.NONE)

    other = put(centre, number="2026民2", client_name="李四")
    again = put(centre, client_name="赵晓鸣")
    assert [plan_of(other), plan_of(again)] == [(False, ContactReason.NUMBER_SHARED)] * 2

    assert plan_of(put(centre, number="2026民2", client_name="李四", phone="17087654321")) == (True, ContactReason.NONE)
    assert plan_of(again) == (True, ContactReason.NONE)
    assert Entry.objects.get(action="cases.contact_plan_changed").subject_id == str(again.client_id)


def test_nor_is_a_number_that_staff_learnt(centre: Organisation) -> None:
    put(centre)
    put(centre, phone="17087654321")
    other = put(centre, number="2026民2", client_name="李四", phone="17099999999")

    learnt(other, ROW["phone"])

    assert plan_of(other) == (True, ContactReason.NONE)


def test_a_shared_number_that_somebody_told_of_stays_so(centre: Organisation) -> None:
    clerk = factories.user(Role.FOLLOW_UP, at=centre)
    for n, told in enumerate(("共用电话", "confirmed", "changed", "否")):
        mine: dict[str, Any] = {"number": f"甲{n}", "phone": f"1701234567{n}"}
        other: dict[str, Any] = {"number": f"乙{n}", "client_name": "李四"}
        first = put(centre, **mine, contact_note=told if n == 0 else "")
        put(centre, **(mine | other))
        plan = ContactPlan.objects.get(client=first.client)
        if told == "confirmed":
            confirm_plan(client=first.client, user=clerk, now=NOW)
        elif told == "changed":
            noted = replace(plan.terms, note="耳背")
            change_plan(client=first.client, terms=noted, revision=plan.revision, user=clerk, now=NOW)
        elif told == "否":
            put(centre, **mine, sms_consent=told)

        put(centre, **other, phone=f"1708765432{n}")

        assert plan_of(first) == (False, ContactReason.NOT_CONSENTED if told == "否" else ContactReason.NUMBER_SHARED)


@pytest.mark.parametrize("owner", [NumberOwner.FAMILY, NumberOwner.NEIGHBOUR, NumberOwner.WORKPLACE])
def test_no_text_goes_to_a_number_that_is_somebody_elses_whoever_gave_it(
    centre: Organisation, owner: NumberOwner
) -> None:
    case = put(centre)

    correct_phone(client=case.client, phone="17087654321", owner=owner, told_by_client=True, actor=CLERK, now=NOW)

    assert plan_of(case) == (False, ContactReason.NUMBER_SHARED)


def test_a_ban_ends_by_itself_once_nobody_else_has_the_number(centre: Organisation) -> None:
    """However it came to that: here staff learnt a number of the other's own, and no export names the first again."""
    first, other = put(centre), put(centre, number="2026民2", client_name="李四")
    put(factories.centre(), client_name="王五")  # of another centre, which nobody here can know
    before = lift_ended_bans(now=NOW)
    learnt(other, "17087654321")
    seen = ContactPlan.objects.get(client=first.client_id).revision

    lifted = [lift_ended_bans(now=NOW) for _sweep in range(2)]

    assert (before, lifted) == (0, [2, 0])
    assert ContactPlan.objects.get(client=first.client_id).revision > seen  # whoever has it open is told
    assert [plan_of(first), plan_of(other)] == [(True, ContactReason.NONE)] * 2
    assert Entry.objects.filter(action="cases.contact_plan_changed", subject_id=str(first.client_id)).count() == 1


def test_a_ban_ends_at_once_with_a_row_of_whoever_left_the_number(centre: Organisation) -> None:
    first, other = put(centre), put(centre, number="2026民2", client_name="李四")
    learnt(other, "17087654321")

    put(centre, number="2026民2", client_name="李四", age="41")

    assert plan_of(first) == (True, ContactReason.NONE)


def test_a_number_is_shared_with_the_client_of_a_case_under_way(centre: Organisation) -> None:
    CentreSettings.objects.update(takes_open_cases=True)
    first = put(centre)
    put(centre, number="2026民2", client_name="李四", closed_on="", assigned_on="2026-05-03")

    assert lift_ended_bans(now=NOW) == 0
    assert plan_of(first) == (False, ContactReason.NUMBER_SHARED)


def test_the_ban_that_staff_brought_on_a_number_ends_for_those_who_had_it_before(
    centre: Organisation,
) -> None:
    """How somebody came by a number that others had, a person has to look at."""
    first, second = put(centre), put(centre, number="2026民2", client_name="李四")
    third = put(centre, number="2026民3", client_name="王五", phone="17099999999")
    learnt(third, ROW["phone"])
    learnt(first, "17087654321")
    learnt(second, "17087654322")

    lift_ended_bans(now=NOW)

    assert [plan_of(case) for case in (first, second)] == [(True, ContactReason.NONE)] * 2
    assert plan_of(third) == (False, ContactReason.NUMBER_SHARED)


def test_signs_of_direction_are_taken_off_and_a_name_that_reads_backwards_is_refused(centre: Organisation) -> None:
    client = put(centre, client_name="\u202a张三\u202c\u200e", phone="\u202d17012345678\u202c").client

    assert (client.name, client.phone) == ("张三", "+8617012345678")
    with pytest.raises(RowRefused) as refused:
        put(centre, number="2026民2", client_name="三\u202e张")
    assert refused.value.field == "client_name"


def test_one_person_with_two_cases_is_one_client(centre: Organisation) -> None:
    put(centre)
    put(centre, number="2026民2")

    assert (Client.objects.count(), Case.objects.count()) == (1, 2)


def test_the_same_person_at_another_centre_is_another_client(centre: Organisation) -> None:
    put(centre)
    put(factories.centre())

    assert (Client.objects.count(), Lawyer.objects.count(), Firm.objects.count()) == (2, 1, 2)


@pytest.mark.parametrize(
    ("live", "closed", "released"),
    [
        (date(2026, 1, 1), date(2026, 11, 21), True),
        (date(2026, 1, 1), date(2026, 11, 1), True),
        (date(2026, 1, 1), date(2026, 10, 31), False),  # 22 days ago: late
        (date(2026, 11, 15), date(2026, 11, 14), False),  # before go-live: history
        (None, date(2026, 11, 21), False),
    ],
)
def test_importing_releases_only_what_closed_lately_and_since_go_live(
    centre: Organisation, live: date | None, closed: date, released: bool
) -> None:
    CentreSettings.objects.update(go_live_on=live)

    case = put(centre, closed_on=closed.isoformat())

    assert (case.survey_released_at is not None) is released


def test_the_clients_of_late_cases_are_asked_when_a_person_says_so(centre: Organisation) -> None:
    case = put(centre, closed_on="2026-09-01")

    assert release_surveys(cases=Case.objects.all(), actor=CLERK, now=NOW) == 1
    assert release_surveys(cases=Case.objects.all(), actor=CLERK, now=NOW) == 0
    case.refresh_from_db()
    assert case.survey_released_at == NOW


def test_a_change_never_takes_a_release_back(centre: Organisation) -> None:
    put(centre)

    changed = put(centre, now=NOW + timedelta(days=60), filed_on="2026-11-20")

    assert changed.survey_released_at == NOW
    assert (changed.revision, changed.first_seen_at) == (2, NOW)


def test_a_membership_begins_with_the_earliest_case(centre: Organisation) -> None:
    put(centre)
    put(centre, number="2026民2", accepted_on="2026-03-01")
    put(centre, number="2026民3", accepted_on="2026-06-01")

    assert list(Membership.objects.values_list("starts_on", flat=True)) == [date(2026, 3, 1)]


def test_another_name_for_a_known_licence_is_told(centre: Organisation) -> None:
    put(centre)

    result = put_case(centre=centre, fields=ROW | {"number": "2026民2", "lawyer_name": "周芹"}, actor=CLERK, now=NOW)

    assert "lawyer_name_differs" in result.oddities
    assert Lawyer.objects.get().name == "周琴"


def test_an_identical_later_row_is_unchanged_and_a_different_one_refused(centre: Organisation, tmp_path: Path) -> None:
    lines = CSV.read_bytes().decode("gb18030").splitlines()
    twice = tmp_path / "twice.csv"
    twice.write_text("\n".join([*lines[:10], lines[5], lines[4].replace("14,399.00", "14,398")]), encoding="utf-8")

    job = bring_in(centre, twice)

    assert counts(job) == (8, 0, 1, 1)
    assert [(fault.line, fault.reason) for fault in job.faults.all()] == [
        (12, "case number twice with different content")
    ]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports_service, "BATCH", 50)


@pytest.mark.usefixtures("small_batches")
def test_an_import_whose_worker_was_lost_goes_on_where_it_stopped(
    centre: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CSV.open("rb") as stream:
        job = receive_import(centre=centre, upload=stream, name="x.csv", actor=CLERK, dry_run=False, now=NOW)
    noted, batches = imports_service._note, 0

    def lost(*args: Any, **kwargs: Any) -> None:
        nonlocal batches
        batches += 1
        if batches > 3:
            raise KeyboardInterrupt
        noted(*args, **kwargs)

    monkeypatch.setattr(imports_service, "_note", lost)
    with pytest.raises(KeyboardInterrupt):
        run_import(import_id=job.pk, now=NOW)
    monkeypatch.setattr(imports_service, "_note", noted)
    job.refresh_from_db()
    stopped = (job.state, job.rows_read, Case.objects.count() + job.faults.count())
    later = job.progressed_at + timedelta(minutes=3)

    assert waiting_imports(now=later) == [job.pk]
    done = run_import(import_id=job.pk, now=later)

    assert stopped == (ImportState.RUNNING, 150, 150)
    assert (done.state, counts(done)) == (ImportState.FINISHED, (272, 0, 0, 9))


def test_a_running_import_is_not_taken_twice(centre: Organisation) -> None:
    job = bring_in(centre)
    Import.objects.update(state=ImportState.RUNNING, progressed_at=NOW)

    again = run_import(import_id=job.pk, now=NOW + timedelta(seconds=30))

    assert again.state == ImportState.RUNNING
    assert waiting_imports(now=NOW + timedelta(seconds=30)) == []


def test_the_sweep_runs_what_no_worker_took(centre: Organisation, time_machine: Any) -> None:
    with CSV.open("rb") as stream:
        job = receive_import(centre=centre, upload=stream, name="x.csv", actor=CLERK, dry_run=False, now=NOW)
    time_machine.move_to(NOW + timedelta(minutes=1))

    tasks.resume_imports()

    job.refresh_from_db()
    assert (job.state, job.new_count) == (ImportState.FINISHED, 272)


def test_a_file_that_breaks_off_keeps_what_came_before_and_says_why(centre: Organisation, tmp_path: Path) -> None:
    torn = tmp_path / "torn.csv"
    torn.write_bytes(CSV.read_bytes() + b"\n" + b"x" * 20_000_000)
    with torn.open("rb") as stream:
        job = receive_import(centre=centre, upload=stream, name="torn.csv", actor=CLERK, dry_run=False, now=NOW)

    with pytest.raises(InvalidInput):
        run_import(import_id=job.pk, now=NOW)

    job.refresh_from_db()
    assert job.state == ImportState.FAILED
    assert job.failure


def test_a_run_that_an_error_of_ours_ends_over_and_over_ends_for_good(centre: Organisation, time_machine: Any) -> None:
    with CSV.open("rb") as stream:
        job = receive_import(centre=centre, upload=stream, name="a.csv", actor=CLERK, dry_run=False, now=NOW)
    CentreSettings.objects.filter(centre=centre).delete()  # what the program takes for granted

    for turn in range(3):
        time_machine.move_to(NOW + timedelta(minutes=3 * turn + 1))
        with pytest.raises(CentreSettings.DoesNotExist):
            tasks.resume_imports()
    time_machine.move_to(NOW + timedelta(minutes=10))
    tasks.resume_imports()

    job.refresh_from_db()
    assert (job.state, job.file) == (ImportState.FAILED, None)
    assert "broke off" in job.failure or "中断" in job.failure
    assert waiting_imports(now=NOW + timedelta(days=1)) == []


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_an_export_go_once_its_rows_are_in(centre: Organisation, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path

    def kept() -> list[Path]:
        return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    before = kept()
    preview = bring_in(centre, dry_run=True)
    while_previewed = len(kept()) - len(before)

    confirm_import(job=preview, actor=CLERK, now=NOW)
    done = run_import(import_id=preview.pk, now=NOW)

    assert (while_previewed, kept()) == (1, before)
    assert (done.file, done.file_name, StoredFile.objects.count()) == (None, "closed_cases.csv", 0)


def test_a_preview_nobody_confirms_expires_with_its_file(centre: Organisation) -> None:
    job = bring_in(centre, dry_run=True)
    later = timezone.now() + timedelta(days=8)

    assert expire_previews(now=later) == 1
    job.refresh_from_db()
    assert (job.state, job.file, StoredFile.objects.count()) == (ImportState.EXPIRED, None, 0)
    with pytest.raises(Conflict):
        confirm_import(job=job, actor=CLERK, now=later)


def test_a_preview_confirmed_while_old_ones_expire_keeps_its_file_and_is_read(centre: Organisation) -> None:
    job = bring_in(centre, dry_run=True)
    confirm_import(job=job, actor=CLERK, now=NOW)  # after the sweep had found it, before it came to it

    let_go_of([job.pk])

    assert run_import(import_id=job.pk, now=NOW).state == ImportState.FINISHED


def test_only_a_preview_that_would_write_nothing_is_closed_and_its_file_goes_with_it(centre: Organisation) -> None:
    job = bring_in(centre, dry_run=True)
    with pytest.raises(Conflict):
        close_preview(job=job, now=NOW)
    bring_in(centre)
    idle = bring_in(centre, dry_run=True)

    closed = close_preview(job=idle, now=NOW)

    assert (closed.state, Import.objects.get(pk=idle.pk).file) == (ImportState.FINISHED, None)
    with pytest.raises(Conflict):
        close_preview(job=idle, now=NOW)
    with pytest.raises(Conflict):
        confirm_import(job=idle, actor=CLERK, now=NOW)


def test_no_cell_of_the_report_is_a_formula_to_a_spreadsheet(centre: Organisation, tmp_path: Path) -> None:
    path = edited(tmp_path / "x.csv", ("约三万", "+cmd|x"))

    rows = list(fault_rows(bring_in(centre, path)))

    assert [value for line, _column, _reason, value in rows if line == 77] == ["'+cmd|x"]


def test_nor_where_a_sign_that_nobody_sees_stands_before_it(centre: Organisation, tmp_path: Path) -> None:
    path = edited(tmp_path / "x.csv", ("约三万", "\x1b+cmd|x"))

    rows = list(fault_rows(bring_in(centre, path)))

    assert [value for line, _column, _reason, value in rows if line == 77] == ["'+cmd|x"]


# --- the command --------------------------------------------------------------------------------------------------


def command(*args: Any) -> list[str]:
    out = io.StringIO()
    call_command("import_cases", *map(str, args), stdout=out)
    return out.getvalue().split("\n")[:-1]


@pytest.mark.parametrize("line", [3, 200])
def test_a_stray_nul_refuses_its_row_alone(centre: Organisation, tmp_path: Path, line: int) -> None:
    lines = CSV.read_bytes().splitlines(keepends=True)
    cells = lines[line - 1].split(b",")
    cells[4] += b"\0"
    lines[line - 1] = b",".join(cells)
    file = tmp_path / "stray.csv"
    file.write_bytes(b"".join(lines))

    job, whole = bring_in(centre, file), counts(bring_in(factories.centre(code="other")))

    assert counts(job) == (whole[0] - 1, *whole[1:3], whole[3] + 1)
    fault = job.faults.get(line=line)
    assert (fault.reason, fault.value[-1]) == (FaultReason.UNREADABLE, "\ufffd")


def test_the_command_prints_what_came_of_the_rows_and_writes_a_report(centre: Organisation, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"

    first = command("--centre", "linjiang", CSV, "--report", report)
    again = command(CSV)

    rows = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert first == ["new: 272", "updated: 0", "unchanged: 0", "refused: 9"]
    assert again == ["new: 0", "updated: 0", "unchanged: 272", "refused: 9"]
    assert rows[0] == ["line", "column", "reason", "value"]
    assert rows[3] == ["77", "挽回损失（元）", "amount is not a number", "约三万"]
    assert len(rows) == 10


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_imported(
    centre: Organisation, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="The report cannot be written"):
        command(CSV, "--report", tmp_path / "nowhere" / "report.csv")

    assert not Case.objects.filter(centre=centre).exists()


@pytest.mark.parametrize("code", ["nowhere", None])
def test_the_command_wants_to_know_the_centre(centre: Organisation, code: str | None) -> None:
    factories.centre()

    with pytest.raises(CommandError):
        command(CSV, *(["--centre", code] if code else []))


@pytest.mark.usefixtures("centre")
def test_the_command_tells_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"%PDF-1.7")

    for wrong in (path, tmp_path / "absent.csv"):
        with pytest.raises(CommandError):
            command(wrong)


@pytest.mark.usefixtures("centre")
def test_a_command_that_cannot_go_on_says_one_sentence_and_nothing_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        ImportCases().run_from_argv(["manage.py", "import_cases", str(tmp_path / "absent.csv")])

    assert (ended.value.code, capsys.readouterr().err) == (
        1,
        "The file cannot be opened: No such file or directory.\n",
    )

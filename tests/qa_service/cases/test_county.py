"""A county's real-looking year comes in by every door just as `expected.json` says."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from qa_service.audit.models import Entry
from qa_service.cases.enums import CaseType, ContactReason
from qa_service.cases.models import Case, Client, ContactPlan, EvidenceChange
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Membership, Organisation
from tests import factories
from tests.qa_service.cases.county import CSV, EXPECTED, XLSX, bring_in, counts, edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Organisation:
    return factories.centre()


@pytest.mark.parametrize("path", [CSV, XLSX], ids=["csv", "xlsx"])
def test_the_countys_file_gives_272_cases_and_nine_named_faults(centre: Organisation, path: Path) -> None:
    job = bring_in(centre, path)

    assert counts(job) == (EXPECTED["accepted"], 0, 0, len(EXPECTED["refused"]))
    faults = list(job.faults.order_by("line").values("line", "column", "reason"))
    assert faults == EXPECTED["refused"]


def test_the_figures_of_the_accepted_rows_are_those_expected(centre: Organisation) -> None:
    bring_in(centre)

    cases = Case.objects.all()
    names = {"民事": CaseType.CIVIL, "刑事": CaseType.CRIMINAL, "行政": CaseType.ADMINISTRATIVE}
    names["非诉讼"] = CaseType.NON_LITIGATION
    by_type = dict(cases.values_list("case_type").annotate(count=Count("pk")))
    totals = cases.aggregate(yuan=Sum("recovered_amount"), people=Sum("people_helped"))
    assert totals == {"yuan": Decimal(EXPECTED["recovered_yuan"]), "people": EXPECTED["people_helped"]}
    assert by_type == {names[word]: count for word, count in EXPECTED["by_type"].items()}
    assert cases.filter(filed_on=None).count() == EXPECTED["not_filed_yet"]
    assert Lawyer.objects.count() == EXPECTED["lawyers"]
    assert Firm.objects.count() == EXPECTED["firms"]
    assert Organisation.objects.filter(kind=OrganisationKind.STATION).count() == EXPECTED["stations"]


def test_43_people_are_never_texted(centre: Organisation) -> None:
    bring_in(centre)

    never = ContactPlan.objects.filter(sms_allowed=False)
    reasons = dict(never.values_list("reason").annotate(count=Count("pk")))
    assert never.count() == EXPECTED["never_text"]["together"]
    assert reasons == {ContactReason.IN_CUSTODY: 24, ContactReason.SAFETY: 8, ContactReason.MINOR: 11}
    assert set(never.filter(reason=ContactReason.SAFETY).values_list("needs_safety_check", flat=True)) == {True}


def test_the_same_file_again_changes_nothing(centre: Organisation) -> None:
    bring_in(centre)
    before = list(Case.objects.order_by("pk").values())
    entries = Entry.objects.count()

    job = bring_in(centre)

    assert counts(job) == (0, 0, 272, 9)
    assert list(Case.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == entries + 1  # the import itself


def test_the_workbook_after_the_csv_changes_nothing(centre: Organisation) -> None:
    bring_in(centre, CSV)

    assert counts(bring_in(centre, XLSX)) == (0, 0, 272, 9)


def test_what_an_export_names_for_the_first_time_waits_for_confirmation(centre: Organisation) -> None:
    bring_in(centre)

    assert Firm.objects.exclude(confirmed_at=None).count() == 0
    assert Lawyer.objects.exclude(confirmed_at=None).count() == 0
    assert Organisation.objects.filter(kind=OrganisationKind.CENTRE).count() == 1
    assert Membership.objects.count() == EXPECTED["lawyers"]


def test_a_dry_run_counts_and_writes_no_case(centre: Organisation) -> None:
    job = bring_in(centre, dry_run=True)

    assert counts(job) == (272, 0, 0, 9)
    assert (Case.objects.count(), Client.objects.count(), Lawyer.objects.count()) == (0, 0, 0)


def test_a_changed_row_updates_its_case_and_names_the_fields_in_the_record(
    centre: Organisation, tmp_path: Path
) -> None:
    bring_in(centre)
    number = "临法援〔2025〕民字第0078号"
    text = CSV.read_bytes().decode("gb18030")
    row = next(line for line in text.splitlines() if line.startswith(number))
    changed = edited(tmp_path / "changed.csv", (row, row.replace("2026-03-20", "2026-03-25").replace("撤诉", "调解")))

    job = bring_in(centre, changed)

    case = Case.objects.get(number=number)
    entry = Entry.objects.get(action="cases.changed")
    assert counts(job) == (0, 1, 271, 9)
    assert (case.filed_on, case.outcome, case.revision) == (date(2026, 3, 25), "调解", 2)
    assert (entry.subject_id, entry.details) == (str(case.pk), {"fields": ["filed_on", "outcome"]})
    assert list(EvidenceChange.objects.values_list("case_id", flat=True)) == [case.pk]


def test_new_firms_and_lawyers_keep_their_full_width_brackets(centre: Organisation) -> None:
    bring_in(centre)

    assert Firm.objects.filter(name="湖畔（临江）律师事务所").count() == 1


def test_names_with_spaces_and_rare_characters_are_kept_whole(centre: Organisation) -> None:
    bring_in(centre)

    names = {client.name for client in Client.objects.all()}
    assert any("𬭎" in name for name in names)
    assert not any(" " in name or "　" in name for name in names)

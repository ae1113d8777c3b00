import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from qa_service import demo, demo_round, demo_scans, founding
from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case, Import
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from qa_service.organisations.queries import holds_demo_data
from reviews.models import CalibrationRound, CaseReview, Hearing, Objection, Scan, SelfAssessment
from reviews.queries.acceptance import catalogue_in_force
from reviews.queries.calibration import outcome_of
from reviews.queries.overview.told import overview_of
from reviews.queries.results import open_to_objection
from reviews.queries.scans import papers_by_machine
from reviews.queries.self_assessments import gaps_of, self_assessments_of
from reviews.services.scans import draw_scan
from scoring.models import CaseScore, ClosedPeriod, Notice, Proposal
from scoring.queries.honesty import honesty, just_before
from scoring.services.scores import rescore_changed
from surveys import services
from surveys.models import Conversation
from surveys.queries.second_entries import second_entries
from tests import factories

NOW = datetime(2026, 12, 5, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("2026-01-18", "2026-01-21"),
        ("2026/12/30", "2027/01/02"),
        ("2026年1月9日", "2026年1月12日"),
        ("2026-02-30", "2026-02-30"),
        ("170-2882-4598", "170-2882-4598"),
        ("临法援〔2026〕民字第0105号", "临法援〔2026〕民字第0105号"),
    ],
)
def test_dates_move_in_their_own_way_of_writing_and_nothing_else_does(written, moved):
    assert demo.shifted(written, by=timedelta(days=3)) == moved


@pytest.mark.django_db
def test_the_county_comes_in_through_the_intake_with_its_newest_closing_on_yesterday(settings, tmp_path, client):
    settings.DATA_DIR = tmp_path

    assert demo.load_demo(now=NOW) is True

    county, neighbour = Import.objects.order_by("pk")
    assert (county.new_count, county.refused_count) == (272, 9)
    assert (neighbour.new_count, neighbour.refused_count) == (12, 0)
    cases = Case.objects.filter(centre__code=demo.CENTRE)
    assert cases.latest("closed_on").closed_on == date(2026, 12, 4)
    released = cases.exclude(survey_released_at=None)
    assert released.count() == 16
    assert not released.filter(closed_on__lt=date(2026, 11, 15)).exists()
    assert holds_demo_data()
    held = {role for user in User.objects.all() for role in user.roles}
    assert held == set(Role.values)
    assert (tmp_path / demo.KEPT_FILE).read_bytes() == demo.files(today=date(2026, 12, 5))[demo.CENTRE]
    assert [line.split()[0] for line in demo.accounts_table().splitlines()[1:]] == [a.username for a in demo.ACCOUNTS]
    said = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("import_cases", str(tmp_path / demo.KEPT_FILE), stdout=said)
    assert said.getvalue().splitlines() == ["new: 0", "updated: 0", "unchanged: 272", "refused: 9"]
    assert demo.load_demo(now=NOW) is False
    assert Case.objects.count() == 284
    assert all(client.login(username=account.username, password=demo.PASSWORD) for account in demo.ACCOUNTS)


@pytest.mark.django_db
def test_what_the_demo_shows_beyond_its_cases(settings, tmp_path, fonts):
    """Clients asked while their case runs, a court's two sheets, reviewers who differ, hearings; and files that the
    worker scans, once.
    """
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    demo.load_demo(now=NOW)

    services.invite_mid_case(now=NOW)

    asked = Conversation.objects.filter(mid_case_plan__isnull=False).order_by("wave")
    assert [(row.wave, row.messages.count()) for row in asked] == [("after-assignment", 1), ("before-hearing", 1)]
    (twice,) = Conversation.objects.filter(second_entries__isnull=False)
    ((beside,), state) = second_entries(twice), twice.state
    assert (twice.unit, state, len(beside.differing)) == ("临江县人民法院", "finished", 3)
    rounds = {row.state: outcome_of(row).aligned for row in CalibrationRound.objects.all()}
    assert (set(rounds), rounds["closed"].thin) == ({"marking", "closed"}, False)
    readers = sorted(rounds["closed"].readers, key=lambda each: each.leaning)
    assert [(each.files, int(each.leaning.compare(0))) for each in readers] == [(5, -1), (5, 0), (5, 1)]
    hearings = Hearing.objects.order_by("held_on")
    assert [(row.state, row.observations.count()) for row in hearings] == [("recorded", 2), ("planned", 2)]

    _a_round_of_review_is_under_way()

    closed, weighed = ClosedPeriod.objects.get(), CaseScore.objects.current()
    assert (str(closed.start), weighed.count() >= 30) == ("2026-07-01", True)
    assert set(weighed.values_list("grade", flat=True)) == {"excellent", "good", "pass", "fail"}
    assert not weighed.exclude(closed_on__gte=closed.start, closed_on__lt=closed.end).exists()
    shown = set(Proposal.objects.values_list("state", flat=True))
    assert shown == {"proposed", "hearing", "accepted", "on_display", "declined"}

    _the_monitors_of_honesty_say_something()

    without_fonts = demo.show_scanned_files(now=NOW)
    assert not Notice.objects.exists()
    (tmp_path / "fonts").symlink_to(fonts.cache)
    uploaded = [demo.show_scanned_files(now=NOW) for _turn in (1, 2)]
    assert (without_fonts, uploaded) == (0, [demo_scans.FILES, 0])
    issued = Notice.objects.order_by("pk").values_list("kind", "state")
    assert list(issued) == [
        ("commendation", "withdrawn"), ("commendation", "issuing"), ("rectification", "issuing"),
    ]  # fmt: skip
    scan = Scan.objects.select_related("case").first()
    draw_scan(scan_id=scan.pk, now=NOW)
    scan.refresh_from_db()
    catalogue = catalogue_in_force(scan.case)
    found = list(papers_by_machine(scan.case, catalogue).values())
    missing = len(catalogue.catalogue) - len(found)
    assert (scan.state, scan.drawn, missing) == ("ready", scan.pages, len(catalogue.catalogue) // demo_scans.LEFT_OUT)


@pytest.mark.django_db
def test_the_demo_is_never_poured_into_a_real_centre():
    factories.centre()

    with pytest.raises(founding.AlreadyFounded):
        demo.load_demo(now=NOW)


def _the_monitors_of_honesty_say_something():
    """To the bureau, once the worker has weighed the round as well."""
    rescore_changed(now=NOW)
    supervisor = User.objects.get(username="supervisor")
    quarter, year = Period.quarter(2026, 3), Period.year(2026)
    found = [honesty(user=supervisor, period=each, before=just_before(each)) for each in (quarter, year)]
    of_quarter, of_year = ({each.monitor.name: dict(each.figures) for each in one.findings} for one in found)
    assert of_quarter["SCHEME"]["versions"] == "1, 2"
    assert of_quarter["DROPPED"]["part"] == of_quarter["DROPPED"]["whole"] == "6"
    assert int(of_year["SELF_PRAISE"]["whole"]) >= 5


def _a_round_of_review_is_under_way():
    """And says something to managers, to lawyers and to firms."""
    manager, lawyer, firm = (User.objects.get(username=name) for name in ("manager", "lawyer", "firm"))
    shown = overview_of(manager, ClosedCases(), checklist=None, now=NOW)
    whole, agree = shown.progress.whole, shown.agreement.agree
    assert (60 <= whole.drawn <= 90, whole.read >= whole.drawn - 8, shown.overdue > 0) == (True, True, True)
    assert (agree.totals.files >= 20, agree.totals.limits is None, agree.severity is None) == (True, False, False)
    for person in (lawyer, firm):
        first = self_assessments_of(person)[0]
        result = CaseReview.objects.current().get(case=first.case, released_at__isnull=False)
        assert (first.state, any(gap.differs for gap in gaps_of(first, result))) == ("submitted", True)
    assert lawyer.lawyer_id is not None
    assert open_to_objection(lawyer.lawyer_id, now=NOW).exists()
    assert [row.state for row in Objection.objects.all()] == ["lodged"]
    assert SelfAssessment.objects.filter(state="submitted").count() >= 10
    assert CaseReview.objects.untold().count() >= demo_round.TO_SERVE

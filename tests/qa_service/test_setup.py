import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.models import CalendarYear, Organisation
from qa_service.organisations.queries import holds_demo_data
from reviews.models import Checklist
from surveys.models import Questionnaire

FLAGS = [
    "--no-input",
    "--password-stdin",
    "--bureau-name=临江县司法局",
    "--bureau-code=lj-bureau",
    "--centre-name=临江县法律援助中心",
    "--centre-code=lj",
    "--document-prefix=临援",
    "--office-phone=0739-5550100",
    "--go-live-on=2026-12-01",
    "--username=admin",
    "--display-name=王主任",
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def typed_password(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))


def test_a_real_centre_starts_with_its_tree_its_administrator_and_the_defaults(client):
    call_command("setup", *FLAGS)

    centre = Organisation.objects.get(code="lj")
    assert Organisation.objects.get_parent(centre).name == "临江县司法局"
    assert centre.settings.go_live_on == date(2026, 12, 1)
    assert centre.settings.sms_enabled is False
    user = User.objects.get()
    assert {(grant.role, grant.organisation.code) for grant in user.held} == {
        (Role.OPERATOR, "lj-bureau"),
        (Role.MANAGER, "lj"),
    }
    assert client.login(username="admin", password="correct horse battery")
    assert Questionnaire.objects.exists()
    assert Checklist.objects.exists()
    assert CalendarYear.objects.filter(year=2026).exists()
    assert not holds_demo_data()


def test_a_second_setup_is_refused_and_changes_nothing():
    call_command("setup", *FLAGS)

    with pytest.raises(CommandError, match="already set up"):
        call_command("setup", *FLAGS)
    assert Organisation.objects.count() == 2


def test_a_missing_answer_is_named_by_its_flag():
    with pytest.raises(CommandError, match="--centre-code: an answer is needed"):
        call_command("setup", *[flag for flag in FLAGS if not flag.startswith("--centre-code")])


def test_all_that_is_missing_is_named_at_once():
    with pytest.raises(CommandError, match="--bureau-name, --office-phone: an answer is needed"):
        call_command("setup", *[flag for flag in FLAGS if not flag.startswith(("--bureau-name", "--office-phone"))])


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("--time-zone=Mars/Olympus", "--time-zone: not a time zone"),
        ("--go-live-on=tomorrow", "--go-live-on: not a date"),
        ("--gateway=pigeon", "--gateway: one of none, twilio"),
        ("--centre-code=jl x", "--centre-code: Use only the letters"),
        ("--office-phone=ask me", "--office-phone: Digits, spaces and dashes only"),
    ],
)
def test_a_wrong_answer_is_refused_before_anything_is_written(flag, said):
    with pytest.raises(CommandError, match=said):
        call_command("setup", *FLAGS, flag)
    assert not Organisation.objects.exists()


def test_a_weak_password_founds_nothing(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))

    with pytest.raises(CommandError):
        call_command("setup", *FLAGS)
    assert not Organisation.objects.exists()


def test_choosing_a_gateway_says_what_the_environment_must_hold():
    said = io.StringIO()

    call_command("setup", *FLAGS, "--gateway=twilio", stdout=said)

    assert Organisation.objects.get(code="lj").settings.sms_enabled is True
    assert "SMS_GATEWAY=twilio" in said.getvalue()

from decimal import Decimal

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

from qa_service import checks
from surveys.services.outgoing.gateways import gateway_in_use
from tests import factories

TWILIO = {
    "SMS_GATEWAY": "twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "secret",
    "TWILIO_MESSAGING_SERVICE_SID": "MG1",
    "PUBLIC_BASE_URL": "https://qa.example.org",
}


ALIYUN = {
    "SMS_GATEWAY": "aliyun",
    "ALIYUN_ACCESS_KEY_ID": "id",
    "ALIYUN_ACCESS_KEY_SECRET": "secret",
    "ALIYUN_SMS_SIGN_NAME": "服务回访",
    "ALIYUN_SMS_TEMPLATES": {"invitation.sms_code": "SMS_1"},
    "ALIYUN_CALLBACK_TOKEN": "t" * 32,
    "ALIYUN_CALLBACK_NETWORKS": ["203.0.113.0/24"],
    "PUBLIC_BASE_URL": "https://qa.example.org",
}


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def configure(settings, **values) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def test_keys_must_be_long_well_formed_and_apart(settings):
    settings.INDEX_KEY = "short"
    settings.ENCRYPTION_KEYS = ["not a key"]
    settings.SECRET_KEY = "short"

    assert ids(checks.keys_are_strong_and_apart(None)) == ["shell.E001", "shell.E002", "shell.E003"]


def test_good_keys_pass(settings):
    settings.INDEX_KEY = "i" * 40
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    assert checks.keys_are_strong_and_apart(None) == []


@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID"])
def test_a_half_configured_gateway_is_an_error(settings, name):
    configure(settings, **(TWILIO | {name: ""}))

    assert ids(checks.gateway_is_complete(None)) == ["shell.E004"]


@pytest.mark.aliyun
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"ALIYUN_SMS_TEMPLATES": {}}, ["shell.E004"]),
        ({"ALIYUN_CALLBACK_TOKEN": ""}, ["shell.E004"]),
        ({"ALIYUN_CALLBACK_TOKEN": "short"}, ["shell.E008"]),
        ({"ALIYUN_SMS_SIGN_NAME": "临江县法律援助中心"}, ["shell.E009"]),
        ({"ALIYUN_CALLBACK_NETWORKS": ["everywhere"]}, ["shell.E010"]),
    ],
)
def test_the_domestic_gateway_is_checked_before_it_sends(settings, changed, expected):
    configure(settings, **(ALIYUN | changed))

    assert ids([*checks.gateway_is_complete(None), *checks.aliyun_is_safe(None)]) == expected


def test_a_provider_calls_an_https_address(settings):
    configure(settings, **(TWILIO | {"PUBLIC_BASE_URL": "http://127.0.0.1:8000"}))

    assert ids(checks.gateway_is_complete(None)) == ["shell.E005"]


def test_a_name_that_is_no_gateway_is_an_error(settings):
    configure(settings, SMS_GATEWAY="xyz")

    assert ids(run_checks(tags=["security"])) == ["shell.E015"]


def test_a_complete_gateway_and_none_at_all_pass(settings):
    assert checks.gateway_is_known(None) == []
    assert checks.gateway_is_complete(None) == []
    configure(settings, **TWILIO)
    assert checks.gateway_is_complete(None) == []


@pytest.mark.django_db
def test_invented_people_are_never_texted_whatever_the_settings_say(settings):
    configure(settings, **TWILIO)
    centre = factories.centre()
    assert ids(run_checks(tags=["database"], databases=["default"])) == []

    centre.settings.is_demo = True
    centre.settings.save()

    assert ids(run_checks(tags=["database"], databases=["default"])) == ["shell.E007"]
    with pytest.raises(ImproperlyConfigured):
        gateway_in_use()


def test_any_host_is_a_warning(settings):
    settings.ALLOWED_HOSTS = ["*"]

    assert ids(checks.addresses_are_named(None)) == ["shell.W001"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"SMS_SEGMENTS_PER_SECOND": Decimal("0.125")}, []),
        ({"SMS_SEGMENTS_PER_SECOND": Decimal("0.1234")}, ["shell.E012"]),
        ({"SMS_SEGMENTS_PER_SECOND": Decimal(1), "SMS_SEGMENT_BURST": 0}, ["shell.E012"]),
        ({"SMS_IN_FLIGHT": 0}, ["shell.E013"]),
        ({"SMS_LAST_HAND_OVER_MINUTES": -1}, ["shell.E017"]),
        ({"SMS_LEASE_SECONDS": 39, "SMS_TIMEOUT_SECONDS": 10}, ["shell.E014"]),
    ],
)
def test_a_rate_that_cannot_be_kept_is_named_before_the_first_text(settings, given, expected):
    configure(settings, **given)

    assert ids(checks.texts_leave_at_a_possible_rate(None)) == expected


@pytest.mark.parametrize(
    ("given", "named"),
    [({"SMS_IN_FLIGHT": 0}, "SMS_IN_FLIGHT"), (ALIYUN | {"ALIYUN_CALLBACK_TOKEN": "short"}, "ALIYUN_CALLBACK_TOKEN")],
)
def test_nothing_starts_and_nothing_is_set_up_that_would_text_wrongly(settings, given, named):
    configure(settings, **given)

    with pytest.raises(CommandError, match=named):
        checks.refuse_to_text_wrongly()

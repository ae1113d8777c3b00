"""Adding centres and stations, and changing how a centre works: page, endpoint and command."""

import io
from datetime import date, time

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.forms import SETTINGS_FIELDS, CentreForm
from qa_service.audit.models import Entry
from qa_service.organisations.models import CentreSettings, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    city = factories.organisation("bureau", code="city")
    here = factories.centre(city, code="here", settings={"sms_enabled": False})
    return {"city": city, "here": here, "there": factories.centre(city, code="there")}


def sign_in(client, *roles, at):
    person = factories.user(*roles, at=at)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def typed(centre, **changes):
    form = CentreForm(instance=CentreSettings.objects.get(centre=centre))
    values = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    if not values["sms_enabled"]:
        del values["sms_enabled"]
    return values | changes


def page(centre):
    return reverse("accounts:centre-settings", args=[centre.public_id])


def test_every_setting_can_be_changed_and_is_explained():
    editable = {field.name for field in CentreSettings._meta.concrete_fields if field.editable} - {"id"}

    assert set(SETTINGS_FIELDS) == editable
    assert [name for name, field in CentreForm().fields.items() if not field.label] == []
    explained = {name for name, field in CentreForm().fields.items() if field.help_text}
    in_their_label = {name for name in editable if name.startswith("recovery_")}
    assert editable - explained - in_their_label == {"contact_closes", "time_zone"}


def test_a_manager_switches_texts_on_and_the_record_says_so(client, county):
    manager = sign_in(client, Role.MANAGER, at=county["here"])

    answer = client.post(page(county["here"]), typed(county["here"], sms_enabled="on", go_live_on="2026-12-01"))

    settings = CentreSettings.objects.get(centre=county["here"])
    assert answer.status_code == 302
    assert (settings.sms_enabled, settings.go_live_on) == (True, date(2026, 12, 1))
    entry = Entry.objects.get(action="organisations.settings_changed")
    assert entry.actor_id == f"user:{manager.pk}"
    assert entry.details == {"go_live_on": ["2026-01-01", "2026-12-01"], "sms_enabled": ["False", "True"]}
    shown = client.get(page(county["here"])).content.decode()
    assert "2026-01-01 → 2026-12-01" in shown
    assert "关闭 → 开启" in shown or "off → on" in shown


@pytest.mark.parametrize("field", ["organs_from", "go_live_on", "acceptance_from"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.usefixtures("context_kept")
def test_a_first_day_that_nobody_can_have_meant_is_refused_on_the_page_and_by_a_program(client, county, field, day):
    sign_in(client, Role.MANAGER, at=county["here"])
    before = CentreSettings.objects.filter(centre=county["here"]).values().get()

    shown = client.post(page(county["here"]), typed(county["here"], **{field: day}))
    url = reverse("api-centre-settings", args=["here"])
    told = client.patch(url, {field: day}, content_type="application/json")

    assert (shown.status_code, list(shown.context["form"].errors)) == (422, [field])
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, field)
    assert CentreSettings.objects.filter(centre=county["here"]).values().get() == before


def test_saving_the_same_again_records_nothing(client, county):
    sign_in(client, Role.MANAGER, at=county["here"])

    client.post(page(county["here"]), typed(county["here"]))

    assert not Entry.objects.filter(action="organisations.settings_changed").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_closes", "08:00"),
        ("contact_opens", "25:00"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("first_contact_delay_days", "2"),
        ("first_contact_delay_days", "8"),
        ("first_contact_delay_days", "-1"),
        ("contact_plan_days", "0"),
        ("filing_limit_days", "400"),
        ("office_phone", "<b>1"),
        ("go_live_on", "tomorrow"),
        ("document_prefix", "临" * 21),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_beside_its_field(client, county, field, value):
    sign_in(client, Role.MANAGER, at=county["here"])
    before = CentreSettings.objects.values().get(centre=county["here"])

    answer = client.post(page(county["here"]), typed(county["here"], **{field: value}))

    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode() or "error-summary" in answer.content.decode()
    assert CentreSettings.objects.values().get(centre=county["here"]) == before


def test_a_supervisor_reads_and_does_not_write(client, county):
    sign_in(client, Role.SUPERVISOR, at=county["city"])

    read = client.get(page(county["here"]))
    written = client.post(page(county["here"]), typed(county["here"], sms_enabled="on"))

    assert (read.status_code, written.status_code) == (200, 403)
    assert "disabled" in read.content.decode()


def test_another_centre_does_not_exist(client, county):
    sign_in(client, Role.MANAGER, at=county["here"])

    assert client.get(page(county["there"])).status_code == 404


def add(client, **form):
    return client.post(reverse("accounts:new-centre"), {"name": "新", "code": "new"} | form)


def test_an_operator_adds_a_second_centre_and_is_led_to_its_settings(client, county):
    sign_in(client, Role.OPERATOR, at=county["city"])

    answer = add(client, parent=county["city"].pk, kind="centre")

    centre = Organisation.objects.get(code="new")
    assert answer.url == page(centre)
    assert (centre.settings.sms_enabled, centre.settings.go_live_on) == (False, None)
    assert Entry.objects.filter(action="organisations.founded", subject_id=str(centre.pk)).exists()


@pytest.mark.parametrize(
    ("kind", "parent", "status"),
    [("station", "here", 302), ("station", "city", 422), ("centre", "city", 422), ("station", "there", 422)],
)
def test_a_manager_adds_stations_of_their_own_centre_and_nothing_else(client, county, kind, parent, status):
    sign_in(client, Role.MANAGER, at=county["here"])

    assert add(client, parent=county[parent].pk, kind=kind).status_code == status


def test_a_manager_with_another_hat_elsewhere_adds_no_centre_under_their_own(client, county):
    person = sign_in(client, Role.MANAGER, at=county["here"])
    person.grants.create(role=Role.OPERATOR, organisation=county["there"])

    assert add(client, parent=county["here"].pk, kind="centre").status_code == 422


def test_a_code_that_is_taken_is_named(client, county):
    sign_in(client, Role.OPERATOR, at=county["city"])

    answer = add(client, parent=county["city"].pk, kind="centre", code="here")

    assert answer.status_code == 422
    assert 'href="#id_code"' in answer.content.decode()


@pytest.mark.parametrize("name", ["临江\x07县", "临江\u202e县", "%00", "  "])
def test_a_name_with_signs_that_nobody_sees_or_without_a_letter_is_refused_beside_its_field(client, county, name):
    sign_in(client, Role.OPERATOR, at=county["city"])
    before = Organisation.objects.count()

    answer = add(client, parent=county["city"].pk, kind="centre", code="new", name=name)

    assert (answer.status_code, Organisation.objects.count()) == (422, before)
    assert 'href="#id_name"' in answer.content.decode()


def test_the_tree_costs_the_same_for_many_nodes(client, county, django_assert_num_queries):
    sign_in(client, Role.OPERATOR, at=county["city"])
    client.get(reverse("accounts:centres"))
    with django_assert_num_queries(5):
        client.get(reverse("accounts:centres"))
    for _ in range(10):
        factories.centre(county["city"])

    with django_assert_num_queries(5):
        shown = client.get(reverse("accounts:centres"))

    assert shown.content.decode().count('scope="row"') == 13


def test_programs_do_the_same(client, county):
    sign_in(client, Role.OPERATOR, at=county["city"])

    def call(method, name, body, *args):
        return getattr(client, method)(reverse(name, args=args), body, content_type="application/json")

    added = call("post", "api-organisations", {"under": "city", "kind": "centre", "code": "new", "name": "新"})
    changed = call("patch", "api-centre-settings", {"sms_enabled": True, "contact_opens": "10:00"}, "new")
    hours = call("patch", "api-centre-settings", {"contact_closes": "09:00"}, "new")
    unknown = call("patch", "api-centre-settings", {"is_demo": True}, "new")
    elsewhere = call("post", "api-organisations", {"under": "nowhere", "kind": "centre", "code": "x", "name": "新"})
    listed = client.get(reverse("api-organisations")).json()

    assert (added.status_code, changed.status_code) == (201, 200)
    assert (changed.json()["sms_enabled"], changed.json()["contact_opens"]) == (True, "10:00:00")
    assert [answer.status_code for answer in (hours, unknown, elsewhere)] == [422, 400, 422]
    assert [node["code"] for node in listed["results"]] == ["city", "here", "there", "new"]
    assert CentreSettings.objects.get(centre__code="new").is_demo is False


def test_a_supervisor_s_program_does_not_write(client, county):
    sign_in(client, Role.SUPERVISOR, at=county["city"])
    url = reverse("api-centre-settings", args=["here"])

    assert client.get(url).status_code == 200
    assert client.patch(url, {"sms_enabled": True}, content_type="application/json").status_code == 403


def command(*words):
    said = io.StringIO()
    call_command("centre", *words, stdout=said)
    return said.getvalue()


def test_the_command_adds_and_sets(county):
    command("add", "--kind=centre", "--under=city", "--code=new", "--name=新中心")
    command("set", "new", "sms_enabled=on", "contact_closes=19:30")

    settings = CentreSettings.objects.get(centre__code="new")
    assert (settings.sms_enabled, settings.contact_closes) == (True, time(19, 30))
    assert "新中心" in command("list")
    assert Entry.objects.filter(actor_id="system:centre", action="organisations.settings_changed").count() == 1


def test_the_command_alone_lists_the_tree(county):
    assert command() == command("list")


@pytest.mark.django_db
def test_the_command_says_that_nothing_is_founded_yet():
    assert "manage.py setup" in command("list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["set", "here", "contact_closes=08:00"], "begin before they end"),
        (["set", "here", "colour=red"], "FIELD=VALUE"),
        (["set", "here", "sms_enabled=of"], "sms_enabled=of: write on or off"),
        (["set", "here", "contact_plan_days=0"], "contact_plan_days"),
        (["set", "city", "sms_enabled=on"], "no centre"),
        (["set", "nowhere", "sms_enabled=on"], "Nothing has the code"),
        (["add", "--kind=station", "--under=city", "--code=x", "--name=站"], "stands under"),
        (["add", "--kind=centre", "--under=city", "--code=here", "--name=站"], "already has the code"),
    ],
)
def test_the_command_says_what_is_wrong(county, words, said):
    with pytest.raises(CommandError, match=said):
        command(*words)

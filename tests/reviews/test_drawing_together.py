"""A city-wide review: one draw over several centres, whose files nobody of that county reads."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.models import Organisation
from reviews.models import Assignment, Sample
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import checklists, manager
from tests.surveys.figures.reading import tables_of

pytestmark = pytest.mark.django_db
ASKED = {"start": "2026-10-01", "until": "2026-12-31", "rate": "20", "rules": ["random"], "seed": "city", "twice": "0"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def city(*sizes: int) -> tuple[Organisation, list[Organisation]]:
    """A bureau with counties, each of so many closed cases and one reviewer, who has the role at the bureau."""
    checklists()
    bureau = factories.organisation("bureau")
    counties = [factories.centre(bureau, settings={"go_live_on": None}) for _each in sizes]
    for county, size in zip(counties, sizes, strict=True):
        firm = factories.firm(county)
        factories.user(Role.REVIEWER, at=bureau, of=factories.lawyer(firm))
        other = factories.firm(county)
        lawyer = factories.lawyer(other)
        for _each in range(size):
            factories.case(county, firm=other, lawyer=lawyer)
    return bureau, counties


def test_every_centre_gives_its_share_and_nobody_reads_files_of_their_county(client):
    bureau, [one, other, empty] = city(10, 20, 0)
    client.force_login(factories.user(Role.SUPERVISOR, at=bureau))
    url = reverse("reviews:draw-together")
    asked = ASKED | {"centres": [one.pk, other.pk, empty.pk]}

    page = client.get(url, asked).content.decode()
    digests = dict(re.findall(r'name="(digest-[^"]+)" value="(\w+)"', page))
    drawn = client.post(url, asked | digests, follow=True)
    again = client.post(url, asked | digests)
    sample = Sample.objects.get(centre=one)
    given = client.post(reverse("reviews:assign-together", args=[sample.public_id]), follow=True)

    assert [row[:3] for row in tables_of(page)[0]] == [
        [str(one), "10", "2"],
        [str(other), "20", "4"],
        [str(empty), "0", "0"],
    ]
    assert "抽取这 6 件案卷" in page
    assert set(digests) == {f"digest-{each.code}" for each in (one, other, empty)}
    assert f"{empty}的案件未抽中任何案卷" in drawn.content.decode()
    assert again.status_code == 302
    assert [(row.centre_id, row.city_wide, row.cases.count()) for row in Sample.objects.order_by("centre_id")] == [
        (one.pk, True, 2),
        (other.pk, True, 4),
    ]
    assert str(other) in given.content.decode()
    assert Assignment.objects.count() == 6
    for row in Assignment.objects.select_related("reviewer__lawyer", "case"):
        assert not row.reviewer.lawyer.memberships.filter(firm__centre=row.case.centre_id).exists()

    User.objects.filter(lawyer__memberships__firm__centre__in=[one, empty]).update(is_active=False)
    warned = client.get(url, asked | {"seed": "next"}).content.decode()
    assert ("无人可评查" in page, "这 6 件案卷中有 4 件无人可评查" in warned) == (False, True)


def test_programs_and_the_page_of_one_centre_are_told_how_many_files_nobody_may_read(client):
    bureau, [one] = city(10)
    program, supervisor = APIClient(), factories.user(Role.SUPERVISOR, at=bureau)
    program.force_authenticate(supervisor)
    client.force_login(supervisor)

    def told(city_wide):
        body = ASKED | {"rate": "0.2", "centre": one.code, "city_wide": city_wide}
        return program.post(reverse("api-sample-preview"), body, format="json").json()["nobodys"]

    page = client.get(reverse("reviews:draw"), ASKED | {"centre": one.pk, "city_wide": "on"}).content.decode()
    assert (told(True), told(False), "这 2 件案卷中有 2 件无人可评查" in page) == (2, None, True)


def test_where_one_centre_is_refused_none_is_drawn_and_the_page_says_which(client):
    bureau, [small, large] = city(3, 20)
    client.force_login(factories.user(Role.SUPERVISOR, at=bureau))
    url = reverse("reviews:draw-together")
    asked = ASKED | {"centres": [small.pk, large.pk]}

    seen = {f"digest-{each.code}": "0" * 64 for each in (small, large)}
    unseen = client.post(url, asked)
    by_risk = client.post(url, asked | seen | {"rules": ["random", "risk"]})
    plan = client.get(url, asked | {"rules": ["random", "risk"]}).content.decode()
    digests = dict(re.findall(r'name="(digest-[^"]+)" value="(\w+)"', client.get(url, asked).content.decode()))
    factories.case(large)
    changed = client.post(url, asked | digests)
    alone = client.post(url, asked | seen | {"centres": [large.pk]})

    assert [answer.status_code for answer in (unseen, by_risk, changed, alone)] == [409, 422, 422, 422]
    assert f"{small}：" in by_risk.content.decode()
    assert "重新查看" in changed.content.decode() or f"{large}：" in changed.content.decode()
    assert "抽取这" not in plan
    assert not Sample.objects.exists()


def test_who_manages_one_centre_draws_over_no_other_and_programs_draw_over_all(client):
    bureau, [one, other] = city(5, 5)
    client.force_login(manager(one))
    page = client.get(reverse("reviews:draw-together")).content.decode()
    refused = client.post(reverse("reviews:draw-together"), ASKED | {"centres": [one.pk, other.pk]})
    body = ASKED | {"centres": [one.code, other.code], "rate": "0.2"}
    stranger, program = APIClient(), APIClient()
    stranger.force_authenticate(manager(one))
    program.force_authenticate(factories.user(Role.SUPERVISOR, at=bureau))

    unknown = stranger.post(reverse("api-samples-together"), body, format="json")
    drawn = program.post(reverse("api-samples-together"), body, format="json")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        second = program.post(reverse("api-samples-together"), body, format="json")
    first = drawn.json()[0]["public_id"]
    alone = stranger.post(reverse("api-samples-assign", args=[first]))

    assert "只管理一个中心" in page
    assert (refused.status_code, unknown.status_code) == (422, 404)
    assert (drawn.status_code, second.json()) == (201, drawn.json())
    assert [row["rate"] for row in drawn.json()] == ["0.200", "0.200"]
    assert alone.json()["assigned"] == Assignment.objects.filter(case__centre=one).count() == 1
    assert Sample.objects.get(centre=other).rate == Decimal("0.2")

"""A manager writes a checklist in a real browser: parts, marks, a veto, the sum, and what is published stays."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from qa_service.accounts.enums import Role
from reviews.models import Checklist, Item
from tests import factories
from tests.browser.looking import violations
from tests.browser.test_workspace import signed_in
from tests.reviews.factories import checklists

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(page: Page, **boxes: str) -> None:
    for name, value in boxes.items():
        page.locator(f'[name="{name.replace("_", "-")}"]').fill(value)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).last.click()


def test_a_list_is_written_summed_up_and_frozen_by_publishing(chromium, live_server):
    checklists()
    context = signed_in(chromium, live_server, factories.user(Role.MANAGER, at=factories.centre()))
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(live_server.url + reverse("reviews:checklist-new"))
    page.locator("[name=source]").select_option(str(Checklist.objects.get(code="civil").public_id))
    page.locator("[name=code]").fill("own-civil")
    page.get_by_role("button", name="开始写草稿").click()
    home = page.url

    page.get_by_role("link", name="添加部分").click()
    fill(page, code="Z", title_zh="服务态度", title_en="Manner")
    save(page)
    page.get_by_role("link", name="添加评分项 Z").click()
    fill(page, points="2.5", title_zh="耐心解释", title_en="Explains patiently")
    expect(page.locator("#points-in-all")).to_contain_text("102.5")
    for anchor in ("mostly", "na"):
        page.locator(f"#anchors-{anchor}").uncheck()
    faults = violations(page)
    save(page)
    told = page.locator("#problems + .alert").inner_text()
    page.get_by_role("link", name="编辑否决项").click()
    faults += violations(page)
    free = page.locator('[name$="-code"]').evaluate_all("boxes => boxes.findIndex((box) => !box.value)")
    row = page.locator("fieldset").nth(free)
    for ending, value in (("code", "V99"), ("title-zh", "冒充他人"), ("title-en", "Poses as another")):
        row.locator(f'[name$="-{ending}"]').fill(value)
    save(page)
    expect(page.locator("#part-V99")).to_contain_text("冒充他人")
    page.locator("#part-A2").get_by_role("link", name="编辑").click()
    points = page.locator("[name=points]")
    less = f"{float(points.input_value()) - 2.5:g}"
    points.fill(less)
    expect(page.locator("#points-in-all")).to_contain_text("100")
    save(page)
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main p strong").first).to_have_text("已发布")

    assert ("102.5" in told, faults) == (True, [])
    item = Item.objects.get(section__code="Z", section__checklist__code="own-civil")
    assert (str(item.points), item.anchors) == ("2.50", ["full", "partly", "none"])
    assert page.get_by_role("link", name="编辑").count() == 0
    refused = page.goto(f"{home.split('#')[0]}/items/{item.code}")
    assert refused.status == 409
    context.close()

"""Reports that the worker makes: ordered once, made once, read by whoever ordered them, while they are kept."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.models import Entry
from qa_service.files.models import StoredFile
from qa_service.notifications.models import Notification
from qa_service.notifications.services import rendered
from qa_service.organisations.models import CentreSettings
from scoring import tasks
from scoring.enums import OrderFailure, OrderState, ReportForm
from scoring.models import ReportOrder, ReportTold
from scoring.queries.lawyer_file import file_to_read
from scoring.queries.report_choice import Asked, report_asked
from scoring.services import report_orders
from scoring.services.report_orders import (
    KEPT_FOR,
    LEFT_LYING,
    LOST_AFTER,
    MOST_ATTEMPTS,
    MOST_WAITING,
    TooManyOrders,
    expire_reports,
    make_report,
    order_report,
    orders_to_hand_out,
)
from tests import factories
from tests.factories import NOW
from tests.scoring.deciding import Office, office, office_below

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Office:
    made = office()
    made.case()
    return made


def signed_in(user: User) -> Browser:
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def asked(place: Office, **query: str) -> Asked:
    return report_asked(place.manager, {"kind": "period", "centre": place.centre.code, "period": "2026-Q4"} | query)


def ordered(place: Office, form: ReportForm = ReportForm.XLSX, *, now: Any = NOW, **query: str) -> ReportOrder:
    return order_report(user=place.manager, of=asked(place, **query), form=form, language="en", now=now)


def test_a_report_is_ordered_on_a_page_made_by_the_worker_and_its_file_is_what_the_page_shows(
    place: Office, django_capture_on_commit_callbacks: Any, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    browser = signed_in(place.manager)
    sent = {"kind": "period", "centre": place.centre.code, "period": "2026-Q4", "form": "xlsx"}

    with django_capture_on_commit_callbacks():
        answer = browser.post(reverse("scoring:order-report"), sent)
    order = ReportOrder.objects.get()
    waiting = browser.get(answer.url).content.decode()
    tasks.make_report(order_id=order.pk)
    ready = browser.get(answer.url).content.decode()
    file = b"".join(browser.get(reverse("scoring:report-order-file", args=[order.public_id])).streaming_content)

    shown = browser.get(reverse("scoring:report-xlsx"), sent).content
    assert 'hx-trigger="every 3s"' in waiting
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
    assert "hx-trigger" not in ready
    assert "http-equiv" not in ready
    assert [list(sheet.values) for sheet in openpyxl.load_workbook(BytesIO(file))] == [
        list(sheet.values) for sheet in openpyxl.load_workbook(BytesIO(shown))
    ]
    order.refresh_from_db()
    assert (order.state, order.done == order.parts > 5, order.expires_at) == ("done", True, NOW + KEPT_FOR)
    told = Notification.objects.get(user=place.manager)
    assert (told.text, told.params, told.url) == ("A report that you ordered is ready.", {}, answer.url)
    act = Entry.objects.get(action="scoring.report_ordered")
    assert (act.actor_id, act.details["period"]) == (f"user:{place.manager.pk}", "2026-Q4")


def test_a_program_orders_looks_and_fetches(place: Office, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    browser = signed_in(place.manager)
    words = {"kind": "lawyer", "lawyer": str(place.lawyer.public_id), "form": "csv"}

    answer = browser.post(reverse("api-report-orders"), words, content_type="application/json")
    make_report(order_id=ReportOrder.objects.get().pk, now=NOW)

    assert answer.status_code == 202
    one = browser.get(reverse("api-report-order", args=[answer.json()["id"]])).json()
    assert (one["state"], one["kind"], one["lawyer"]) == ("done", "lawyer", str(place.lawyer.public_id))
    assert [each["id"] for each in browser.get(reverse("api-report-orders")).json()["results"]] == [one["id"]]
    file = browser.get(reverse("api-report-order-file", args=[one["id"]]))
    assert place.lawyer.name in b"".join(file.streaming_content).decode("utf-8-sig")
    assert file["Cache-Control"] == "private, no-store"


def test_what_nobody_can_make_is_said_in_words(place: Office) -> None:
    browser = signed_in(place.manager)

    def refused(**words: str) -> tuple[int, str]:
        answer = browser.post(reverse("api-report-orders"), words, content_type="application/json")
        return answer.status_code, answer.json()["code"]

    assert refused(form="doc")[0] == 400
    assert refused(kind="tax")[0] == 400
    assert refused(period="2026-9") == (422, "period_unknown")
    assert refused(centre=factories.centre().code) == (404, "not_found")
    assert refused(kind="lawyer") == (422, "invalid_input")
    assert browser.post(reverse("scoring:order-report"), {"form": "doc"}).status_code == 422
    assert not ReportOrder.objects.exists()


def test_the_same_order_twice_is_one_and_a_sixth_other_is_refused(place: Office) -> None:
    forms = (ReportForm.PDF, ReportForm.XLSX, ReportForm.CSV)
    first = [ordered(place, form) for form in forms]
    more = [ordered(place, form, period="2026") for form in forms[:2]]

    assert len(more) + len(first) == MOST_WAITING
    assert ordered(place, ReportForm.PDF) == first[0]
    with pytest.raises(TooManyOrders):
        ordered(place, period="2025")
    ReportOrder.objects.filter(pk=first[0].pk).update(state=OrderState.FAILED, failure=OrderFailure.REFUSED)
    assert ordered(place, ReportForm.PDF) != first[0]


def test_only_who_ordered_it_sees_it_and_only_as_long_as_they_may_read_it(place: Office, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    order = ordered(place)
    make_report(order_id=order.pk, now=NOW)
    doors = [reverse(f"{name}", args=[order.public_id]) for name in ("scoring:report-order", "api-report-order")]
    files = [reverse(name, args=[order.public_id]) for name in ("scoring:report-order-file", "api-report-order-file")]

    other = signed_in(place.supervisor)
    assert [other.get(door).status_code for door in (*doors, *files)] == [404] * 4
    assert [signed_in(place.manager).get(door).status_code for door in (*doors, *files)] == [200] * 4

    Grant.objects.filter(user=place.manager).update(organisation=factories.centre())
    assert [signed_in(place.manager).get(door).status_code for door in files] == [404, 404]


def test_a_file_is_kept_a_week_and_no_longer(place: Office, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    order = ordered(place)
    make_report(order_id=order.pk, now=NOW)
    door = reverse("scoring:report-order-file", args=[order.public_id])

    assert expire_reports(now=NOW + KEPT_FOR - timedelta(seconds=1)) == 0
    time_machine.move_to(NOW + KEPT_FOR, tick=False)
    assert signed_in(place.manager).get(door).status_code == 404  # before the sweep, too
    assert expire_reports(now=NOW + KEPT_FOR) == 1
    order.refresh_from_db()
    assert (order.state, order.file, StoredFile.objects.count()) == ("expired", None, 0)


def test_an_order_that_lost_its_worker_is_made_by_another(place: Office) -> None:
    order = ordered(place)
    lost = NOW + LEFT_LYING
    ReportOrder.objects.filter(pk=order.pk).update(state=OrderState.RUNNING, attempts=1, progressed_at=lost)

    assert orders_to_hand_out(now=lost + LOST_AFTER) == []
    assert make_report(order_id=order.pk, now=lost + LOST_AFTER) is False
    later = lost + LOST_AFTER + timedelta(seconds=1)
    assert orders_to_hand_out(now=later) == [order.pk]
    assert make_report(order_id=order.pk, now=later) is True


def test_an_order_that_breaks_its_worker_again_and_again_is_said_to_have_failed(place: Office) -> None:
    order = ordered(place)
    for start in range(1, MOST_ATTEMPTS + 1):
        ReportOrder.objects.filter(pk=order.pk).update(state=OrderState.RUNNING, attempts=start, progressed_at=NOW)

    assert make_report(order_id=order.pk, now=NOW + LOST_AFTER * 2) is False

    page = signed_in(place.manager).get(reverse("scoring:report-order", args=[order.public_id])).content.decode()
    assert "It broke off again and again." in page
    assert Notification.objects.get(user=place.manager).text == "A report that you ordered could not be made."


def test_a_worker_taken_for_dead_that_comes_back_changes_nothing(
    place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another has begun anew while the first was drawing."""
    order = ordered(place)
    write = report_orders.write_report

    def slow(*args: Any) -> None:
        write(*args)
        ReportOrder.objects.filter(pk=order.pk).update(attempts=2)

    monkeypatch.setattr(report_orders, "write_report", slow)
    assert make_report(order_id=order.pk, now=NOW) is False

    order.refresh_from_db()
    assert (order.state, order.attempts, StoredFile.objects.count()) == ("running", 2, 0)
    assert not Notification.objects.filter(user=place.manager).exists()


def test_an_order_waits_while_as_many_as_the_machine_bears_are_made(place: Office, settings: Any) -> None:
    settings.REPORTS_AT_ONCE = 1
    first, second = ordered(place), ordered(place, ReportForm.CSV)
    ReportOrder.objects.filter(pk=first.pk).update(state=OrderState.RUNNING, attempts=1, progressed_at=NOW)

    assert make_report(order_id=second.pk, now=NOW) is False
    assert make_report(order_id=second.pk, now=NOW + LOST_AFTER + timedelta(seconds=1)) is True


def test_an_order_is_made_without_the_others(place: Office) -> None:
    one, other = ordered(place), ordered(place, ReportForm.CSV)

    assert make_report(order_id=one.pk, now=NOW) is True

    other.refresh_from_db()
    assert (other.state, other.attempts) == (OrderState.QUEUED, 0)


@pytest.mark.usefixtures("fonts")
def test_a_sign_that_no_paper_can_print_is_named_as_the_reason(place: Office) -> None:
    CentreSettings.objects.filter(centre=place.centre).update(issuer_name="临江县\U000f1234中心")
    order = ordered(place, ReportForm.PDF)

    assert make_report(order_id=order.pk, now=NOW) is False

    order.refresh_from_db()
    assert (order.state, order.failure) == (OrderState.FAILED, OrderFailure.MISSING_GLYPH)


def test_who_lost_their_role_before_it_was_made_gets_no_file(place: Office) -> None:
    order = ordered(place)
    Grant.objects.filter(user=place.manager).delete()

    assert make_report(order_id=order.pk, now=NOW) is False

    order.refresh_from_db()
    assert (order.state, order.failure, StoredFile.objects.count()) == ("failed", "not_yours", 0)


def test_the_sweep_hands_out_what_nobody_took_once_in_a_while(place: Office) -> None:
    order = ordered(place)
    later = NOW + LEFT_LYING

    assert orders_to_hand_out(now=NOW) == []
    assert (orders_to_hand_out(now=later), orders_to_hand_out(now=later)) == ([order.pk], [])


def test_the_database_keeps_an_order_whole(place: Office) -> None:
    order = ordered(place)
    wrong: tuple[dict[str, Any], ...] = (
        {"state": "done"},
        {"state": "failed"},
        {"place": None},
        {"state": "lost"},
        {"lawyer": place.lawyer},
    )
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportOrder.objects.filter(pk=order.pk).update(**fields)


def test_a_lawyer_orders_the_own_file_and_nothing_else(place: Office) -> None:
    browser = signed_in(place.handler)
    other = factories.lawyer(place.firm)

    own = browser.post(reverse("scoring:order-report"), {"kind": "lawyer", "lawyer": str(place.lawyer.public_id)})
    refused = [
        browser.post(reverse("scoring:order-report"), words).status_code
        for words in ({"kind": "lawyer", "lawyer": str(other.public_id)}, {"kind": "period"})
    ]

    assert (own.status_code, refused) == (302, [404, 404])
    assert file_to_read(place.handler, place.lawyer.public_id).own


@pytest.mark.parametrize(
    ("wish", "told"),
    [(None, ["quarter 4"]), ("never", []), ("monthly", ["month 12"]), ("quarterly", ["quarter 4"])],
)
def test_a_manager_is_told_as_often_as_they_wish_with_a_link_and_nobody_twice(
    place: Office, wish: str | None, told: list[str]
) -> None:
    place.case(accepted_on=NOW.date() - timedelta(days=90), closed_on=NOW.date().replace(month=12, day=20))
    newcomer = office_below(factories.organisation("bureau"))
    newcomer.case(closed_on=NOW.date().replace(year=NOW.year + 1, month=1, day=1))  # nothing in what is over
    browser = signed_in(place.manager)
    if wish:
        assert browser.post(reverse("scoring:wish-reports"), {"how_often": wish}).status_code == 302
        assert browser.get(reverse("api-report-wish")).json() == {"how_often": wish}
    after = NOW.replace(year=2027, month=1, day=4)

    for _look in range(2):
        tasks.tell_managers_of_reports(now=after)

    found = Notification.objects.filter(user=place.manager)
    with translation.override("en"):
        sentences = [rendered(row) for row in found]
    assert sentences == [f"The reports of {each} of 2026 can be read and printed." for each in told]
    assert all(browser.get(row.url).status_code == 200 for row in found)
    assert ReportTold.objects.count() == 1 + (wish == "monthly")


def test_a_wish_that_is_none_is_refused(place: Office) -> None:
    browser = signed_in(place.manager)

    assert browser.post(reverse("scoring:wish-reports"), {"how_often": "hourly"}).status_code == 422
    assert (
        browser.put(reverse("api-report-wish"), {"how_often": "x"}, content_type="application/json").status_code == 400
    )
    assert signed_in(factories.user(Role.REVIEWER, at=place.centre)).get(reverse("api-report-wish")).status_code == 403


def test_the_list_of_orders_costs_the_same_however_many_there_are(place: Office) -> None:
    def queries() -> int:
        browser = signed_in(place.manager)
        with CaptureQueriesContext(connection) as found:
            browser.get(reverse("scoring:report-orders"))
        return len(found)

    ordered(place)
    one = queries()
    for form in ReportForm:
        ordered(place, form, period="2026")
    assert queries() == one

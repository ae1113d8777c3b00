"""Notices to people with accounts: on their home in their language, and by e-mail where that is possible."""

import socket
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from qa_service.accounts.enums import Role
from qa_service.notifications.models import Notification
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import deliver_mail, mark_read, notify, rendered, settle_notices
from qa_service.notifications.tasks import deliver
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TEXT = "Work waits for you"


@pytest.fixture
def person(settings):
    settings.EMAIL_HOST = "mail.example.org"
    return factories.user(email="who@example.org")


def told(*people, url="", text=TEXT, at=NOW):
    return notify(users=people, text=text, url=url, now=at)


def test_a_notice_is_read_in_the_reader_s_language_and_gone_when_read(client, person):
    told(person, url="/cases/")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    chinese = client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()
    client.post(reverse("read-notifications"))

    assert "有待您处理的工作" in chinese or rendered(Notification.objects.get()) in chinese
    assert not unread_notifications(person).exists()


def test_everybody_reads_their_own_only():
    one, other = factories.user(), factories.user()
    told(one, other)

    mark_read(user=one, now=NOW)

    assert [unread_notifications(user).count() for user in (one, other)] == [0, 1]


NEEDED = "The file %(case)s needs a second reader."
HOUR = timedelta(hours=1)


def needed(person, *numbers, at=NOW):
    for place, number in enumerate(numbers):
        url = f"/reviews/assignments?case={number}"
        notify(users=[person], text=NEEDED, params={"case": number}, url=url, now=at + place * HOUR)


def home_of(client, person, language="zh-hans"):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    with time_machine.travel(NOW + 200 * HOUR, tick=False):
        return client.get("/").content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "另有59条同类消息"), ("en", "and 59 more like it")])
def test_alike_notices_are_one_line_with_their_number_and_the_newest_day(client, person, language, words):
    for hour in range(60):
        told(person, url="/reviews/", at=NOW + hour * HOUR)

    seen = home_of(client, person, language)

    assert (seen.count('class="list-group-item"'), words in seen) == (1, True)
    assert "2026-11-22 21:00" in seen  # the sixtieth, at the place
    assert "<details" not in seen  # all say and lead to the same


def test_of_alike_notices_that_differ_none_is_lost(client, person):
    numbers = [f"民字第{number}号" for number in range(7)]
    needed(person, *numbers)
    told(person)

    seen = home_of(client, person)

    assert seen.count('class="list-group-item"') == 2
    assert [number in seen and f"case={number}" in seen for number in numbers] == [True] * 7


@pytest.mark.parametrize("number", [1, 30])
def test_the_home_asks_as_often_for_one_notice_as_for_many(client, person, number, django_assert_num_queries):
    needed(person, "甲")
    told(person)
    home_of(client, person)
    with time_machine.travel(NOW + 200 * HOUR, tick=False):
        with CaptureQueriesContext(connection) as one:
            client.get("/")
        needed(person, *(f"{each}" for each in range(number)))

        with django_assert_num_queries(len(one)):
            client.get("/")


def test_one_line_is_marked_as_read_together_and_the_others_stay(client, person):
    needed(person, "甲", "乙", "丙")
    told(person)
    seen = home_of(client, person)
    like = Notification.objects.filter(text=NEEDED).latest("created_at").public_id
    assert str(like) in seen

    client.post(reverse("read-notifications"), {"like": like, "until": (NOW + 200 * HOUR).isoformat()})

    assert [row.text for row in unread_notifications(person)] == [TEXT]


def test_what_came_after_the_page_was_opened_stays_unread(client, person):
    needed(person, "甲", "乙", "丙")
    home_of(client, person)

    client.post(reverse("read-notifications"), {"until": (NOW + HOUR).isoformat()})

    assert [row.params["case"] for row in unread_notifications(person)] == ["丙"]


def test_what_stands_too_far_down_is_said_and_not_marked_as_read(client, person):
    needed(person, *(f"第{number}号" for number in range(102)))
    seen = home_of(client, person)

    client.post(reverse("read-notifications"), {"until": (NOW + 200 * HOUR).isoformat()})

    assert "还有2条较早的消息" in seen
    assert [row.params["case"] for row in unread_notifications(person)] == ["第1号", "第0号"]


def test_nobody_marks_a_line_of_somebody_else(client, person):
    other = factories.user()
    told(other)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    client.post(reverse("read-notifications"), {"like": Notification.objects.get().public_id})

    assert unread_notifications(other).count() == 1


def test_what_was_asked_for_and_is_done_leaves_the_homes_of_those_who_were_asked():
    one, other = factories.user(), factories.user()
    for text, of in ((NEEDED, "a"), (NEEDED, "b"), (TEXT, "a")):
        notify(users=[one, other], text=text, params={"case": of, "of": of}, now=NOW)

    done = settle_notices(users=[one], texts=[NEEDED], of="a", now=NOW)

    left = {(row.text, row.params["of"]) for row in unread_notifications(one)}
    assert (done, left) == (1, {(NEEDED, "b"), (TEXT, "a")})
    assert unread_notifications(other).count() == 3


def test_what_was_read_or_is_done_is_not_mailed(person):
    told(person)
    mark_read(user=person, now=NOW)

    assert deliver_mail(now=NOW) == 0


def test_a_notice_is_mailed_once_in_the_language_of_the_account_with_its_address(person):
    person.language = "en"
    person.save()
    told(person, url="/cases/")

    with translation.override("zh-hans"):
        assert [deliver_mail(now=NOW), deliver_mail(now=NOW)] == [1, 0]

    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["who@example.org"], "Work waits for you")
    assert sent.body.endswith("https://qa.example.org/cases/")


@pytest.mark.parametrize("changes", [{"email": ""}, {"is_active": False}])
def test_nobody_without_an_address_or_an_account_in_use_is_mailed(person, changes):
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()
    told(person)

    assert deliver_mail(now=NOW) == 0


def test_an_old_notice_is_not_mailed_any_more(person):
    told(person, at=NOW - timedelta(days=3))

    assert deliver_mail(now=NOW) == 0


def test_without_a_mail_server_nothing_counts_as_mailed_or_tried(person, settings):
    settings.EMAIL_HOST = ""
    told(person)

    deliver()

    row = Notification.objects.get()
    assert (row.mailed_at, row.mail_attempts, mail.outbox) == (None, 0, [])


def test_a_server_that_is_away_is_tried_five_times(person, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    told(person)

    assert [deliver_mail(now=NOW) for _ in range(6)] == [0] * 6

    row = Notification.objects.get()
    assert (row.mailed_at, row.mail_attempts) == (None, 5)
    assert caplog.text.count("not mailed at attempt") == 5
    assert "who@example.org" not in caplog.text


def test_a_real_server_gets_the_letter(person, settings):
    with Sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        told(person, url="/cases/")

        assert deliver_mail(now=NOW) == 1

    assert "rcpt TO:<who@example.org>" in sink.said
    assert "From: noreply@localhost" in sink.said


def test_the_address_is_the_person_s_own_to_set(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    refused = client.post(reverse("accounts:preferences"), {"email": "not an address"})
    client.post(reverse("accounts:preferences"), {"email": "new@example.org"})

    assert 'href="#id_email"' in refused.content.decode()
    person.refresh_from_db()
    assert person.email == "new@example.org"


def test_an_account_is_opened_with_an_address(client):
    centre = factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=centre), backend="django.contrib.auth.backends.ModelBackend")
    form = {"username": "x7", "display_name": "某", "password": "a-very-good-pass", "email": "x7@example.org"}

    client.post(reverse("accounts:new-person"), form | {"role": Role.REVIEWER, "organisation": centre.pk})

    from qa_service.accounts.models import User

    assert User.objects.get(username="x7").email == "x7@example.org"


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sink:
    """A mail server that takes one letter and remembers what was said to it."""

    def __enter__(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.said = ""
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join(timeout=20)
        self.door.close()

    def _serve(self):
        caller, _address = self.door.accept()
        with caller, caller.makefile("rwb", buffering=0) as line:
            line.write(b"220 sink\r\n")
            in_letter = False
            while said := line.readline().decode():
                self.said += said
                if in_letter:
                    in_letter = said != ".\r\n"
                    if not in_letter:
                        line.write(b"250 taken\r\n")
                elif said.upper().startswith("DATA"):
                    in_letter = True
                    line.write(b"354 go on\r\n")
                elif said.upper().startswith("QUIT"):
                    line.write(b"221 bye\r\n")
                    return
                else:
                    line.write(b"250 sink\r\n")

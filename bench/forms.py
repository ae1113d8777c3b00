"""A web answer, a sheet keyed in and a saved review, each through its own door, against a bare view that writes the
same rows.

All go through Django's test client with a signed-in session (the form with the cookie that Start sets), so the ratio
is of the time of one request. The bare view keeps what is written and leaves out what is checked.
"""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from bench.measure import Row, at_most, control, interleaved, ratio

if TYPE_CHECKING:
    from qa_service.accounts.models import User

ROUNDS = 15
PEOPLE = 3
QUESTIONS = (("q1", "5"), ("q2", "always"), ("q3", "yes"), ("q4", "always"), ("q5", "yes"))
SAVES = 5
SHEETS = 3
GOAL = 2.0
GOAL_OF_SAVING = 1.5
LISTS = (20, 200)
QUERIES = 8
QUERIES_OF_AUTOSAVE = 6
GOAL_OF_KEYING = 1.5


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_service.settings.test")
    folder = tempfile.mkdtemp(prefix="bench-forms-")
    os.environ.setdefault("TEST_DATABASE_URL", f"sqlite:///{folder}/forms.sqlite3")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def run() -> list[Row]:
    prepare()
    add_bare_views()
    return [*web_answers(), *keyed_sheets(), *saved_reviews()]


def web_answers() -> list[Row]:
    whole, bare, again = (form_job(bare=bare) for bare in (False, True, True))
    taken = interleaved({"bare": bare, "whole": whole, "again": again}, rounds=ROUNDS)
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, web answers"),
        ratio("web answer ÷ bare view, time", of=taken["whole"], to=taken["bare"], at_most=GOAL),
    ]


def keyed_sheets() -> list[Row]:
    whole, bare, again = (sheet_job(bare=bare) for bare in (False, True, True))
    taken = interleaved({"bare": bare, "whole": whole, "again": again}, rounds=ROUNDS)
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, sheets keyed in"),
        ratio(
            "sheet of five answers keyed in ÷ bare view, time",
            of=taken["whole"],
            to=taken["bare"],
            at_most=GOAL_OF_KEYING,
        ),
    ]


def saved_reviews() -> list[Row]:
    """By lists of 20 and of 200 items: time, and statements of a whole review and of one mark as autosave sends it."""
    rows = []
    for items in LISTS:
        checklist = list_of(items)
        whole, bare, again = (review_job(checklist, bare=bare) for bare in (False, True, True))
        taken = interleaved({"bare": bare, "whole": whole, "again": again}, rounds=ROUNDS)
        name = f"saved review of {items} items"
        rows += [
            control(one=taken["bare"], other=taken["again"], name=f"A/A control, {name}"),
            ratio(
                f"{name} ÷ bare view, time",
                of=taken["whole"],
                to=taken["bare"],
                at_most=GOAL_OF_SAVING if items == LISTS[0] else None,
            ),
            at_most(f"{name}, statements", asked_by(review_job(checklist, saves=1)), "", QUERIES),
            at_most(
                f"one mark of {items} saved by itself, statements",
                asked_by(review_job(checklist, saves=1, marks=1)),
                "",
                QUERIES_OF_AUTOSAVE,
            ),
        ]
    return rows


def list_of(items: int) -> Any:
    """The civil list with its items again and again until there are so many, in force."""
    from copy import deepcopy
    from datetime import UTC, datetime

    from qa_service.audit.actors import Actor
    from reviews.defaults import default_checklists
    from reviews.services.checklists import publish_checklist

    document = deepcopy(next(each for each in default_checklists() if each["case_type"] == "civil"))
    first = document["sections"][0]["items"][0]
    part = Decimal(100) / items
    section = document["sections"][0] | {
        "items": [first | {"code": f"A{n}", "points": str(part), "floors": {}} for n in range(1, items + 1)]
    }
    document |= {"sections": [section], "vetoes": []}
    return publish_checklist(document=document, actor=Actor.system("bench"), now=datetime(2026, 11, 22, tzinfo=UTC))


def asked_by(job: Callable[[], None]) -> int:
    """Statements of the whole request, those by which whoever asks is known among them."""
    from bench.sweep import statements_of

    job()
    asked = [sql for sql, _params in statements_of(job)]
    return sum(sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE")) for sql in asked)


def form_job(*, bare: bool) -> Callable[[], None]:
    """Answer five questions as PEOPLE clients, each on a conversation of their own."""
    from tests.surveys.faces import rows

    def started() -> Iterator[tuple[Any, Any, str]]:
        while True:
            conversation, key = rows.asked()
            yield rows.begin(key), conversation, key

    ready = list(itertools.islice(started(), (ROUNDS + 1) * PEOPLE))

    def job() -> None:
        for browser, conversation, key in (ready.pop() for _ in range(PEOPLE)):
            for code, value in QUESTIONS:
                url = f"/bare/answer/{conversation.pk}/{code}" if bare else rows.page(key, code)
                answer = browser.post(url, {"value": value})
                assert answer.status_code in (204, 302, 303), answer.status_code

    return job


def sheet_job(*, bare: bool) -> Callable[[], None]:
    """Key in the five ticks of a sheet of paper, SHEETS times, each of a client of their own."""
    from django.test import Client
    from django.urls import reverse

    from qa_service.accounts.enums import Role
    from surveys.enums import Channel
    from tests import factories
    from tests.surveys.faces import rows

    centre = factories.centre()
    browser = Client()
    browser.force_login(factories.user(Role.FOLLOW_UP, at=centre))
    cases = (factories.case(centre, client=factories.client(centre)) for _each in itertools.count())
    ready = [rows.asked(next(cases), channel=Channel.PAPER)[0] for _each in range((ROUNDS + 1) * SHEETS)]
    sheet = {f"value-{code}": value for code, value in QUESTIONS}
    typed = {"outcome": "reached", "answerer": "client", "mode": "paper", **sheet}

    def job() -> None:
        for conversation in (ready.pop() for _ in range(SHEETS)):
            door = reverse("surveys:interview-record", args=[conversation.public_id])
            answer = browser.post(f"/bare/sheet/{conversation.pk}" if bare else door, typed)
            assert answer.status_code in (204, 302), answer.status_code

    return job


def review_job(
    checklist: Any, *, bare: bool = False, saves: int = SAVES, marks: int | None = None
) -> Callable[[], None]:
    """Save so many marks of one review, all where none is said, alternating one so that something changes."""
    from django.test import Client

    from qa_service.accounts.models import User
    from reviews.models import Review
    from tests.reviews import factories as rows

    row = rows.assignment()
    assert row.checklist_id == checklist.pk, "the file must have been given out with this list"
    review = Review.objects.get(assignment=row)
    browser = Client()
    browser.force_login(User.objects.get(pk=row.reviewer_id))
    entries = rows.entries(row.checklist)[:marks]
    url = f"/bare/review/{review.pk}" if bare else f"/api/v1/reviews/{review.public_id}/marks"
    versions = itertools.count()

    def job() -> None:
        for version in itertools.islice(versions, saves):
            marked = [
                {"item": each.item, "anchor": "mostly" if version % 2 else "full", "reason_code": "other", "page": "1"}
                for each in entries
            ]
            answer = browser.put(url, {"version": version, "marks": marked}, content_type="application/json")
            assert answer.status_code in (200, 204), answer.content

    return job


def add_bare_views() -> None:
    """Views that write the same rows and do nothing else."""
    import json

    from django.contrib.auth.decorators import login_required
    from django.db import transaction
    from django.http import HttpRequest, HttpResponse
    from django.urls import path
    from django.utils import timezone
    from django.views.decorators.csrf import csrf_exempt

    from qa_service import urls
    from qa_service.audit.models import Entry
    from qa_service.cases.models import EvidenceChange
    from reviews.models import Item, Mark, Review
    from surveys.models import Answer, Choice, Contact, Conversation, Question, Response

    def answer(request: HttpRequest, pk: int, code: str) -> HttpResponse:
        request.session.get("any")
        with transaction.atomic():
            conversation = Conversation.objects.select_for_update().get(pk=pk)
            question = Question.objects.get(questionnaire=conversation.questionnaire_id, code=code)
            choice = Choice.objects.get(question=question, value=request.POST["value"])
            now = timezone.now()
            response, _made = Response.objects.get_or_create(
                conversation=conversation, defaults={"mode": "web", "started_at": now}
            )
            Answer.objects.create(response=response, question=question, choice=choice, answered_at=now)
            Conversation.objects.filter(pk=pk).update(updated_at=now)
        return HttpResponse(status=204)

    @login_required
    def sheet(request: HttpRequest, pk: int) -> HttpResponse:
        user = cast("User", request.user)
        with transaction.atomic():
            conversation = Conversation.objects.select_for_update().get(pk=pk)
            given = [(name[6:], request.POST[name]) for name in request.POST if name.startswith("value-")]
            choices = Choice.objects.filter(question__questionnaire=conversation.questionnaire_id)
            found = {(each.question.code, each.value): each for each in choices.select_related("question")}
            now = timezone.now()
            response = Response.objects.create(
                conversation=conversation, mode="paper", started_at=now, finished_at=now, entered_by=user
            )
            chosen = [found[pair] for pair in given]
            Answer.objects.bulk_create(
                [Answer(response=response, question=each.question, choice=each, answered_at=now) for each in chosen]
            )
            Contact.objects.create(conversation=conversation, channel="paper", at=now, outcome="reached", by=user)
            Conversation.objects.filter(pk=pk).update(state="finished", finished_at=now, updated_at=now)
            EvidenceChange.objects.bulk_create(
                [EvidenceChange(case_id=conversation.case_id, version=1)],
                update_conflicts=True,
                unique_fields=["case"],
                update_fields=["version"],
            )
            Entry.objects.create(at=now, actor_id="user:1", actor_label="bare", action="bare")
        return HttpResponse(status=204)

    @login_required
    def review(request: HttpRequest, pk: int) -> HttpResponse:
        sent = {each["item"]: each for each in json.loads(request.body)["marks"]}
        with transaction.atomic():
            found = Review.objects.select_related("assignment").get(pk=pk)
            items = dict(Item.objects.filter(checklist=found.assignment.checklist_id).values_list("code", "pk"))
            now = timezone.now()
            fields = ("anchor", "page", "reason_code")
            Mark.objects.bulk_create(
                [
                    Mark(review_id=pk, item_id=items[code], updated_at=now, **{name: each[name] for name in fields})
                    for code, each in sent.items()
                ],
                update_conflicts=True,
                unique_fields=["review", "item"],
                update_fields=[*fields, "updated_at"],
            )
            Review.objects.filter(pk=pk).update(saved_at=now)
            Entry.objects.create(at=now, actor_id="user:1", actor_label="bare", action="bare")
        return HttpResponse(status=204)

    urls.urlpatterns += [
        path("bare/answer/<int:pk>/<str:code>", csrf_exempt(answer)),
        path("bare/sheet/<int:pk>", csrf_exempt(sheet)),
        path("bare/review/<int:pk>", csrf_exempt(review)),
    ]

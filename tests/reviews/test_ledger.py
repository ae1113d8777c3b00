"""The adoption ledger beside the marks: saved by itself, locked with the review, shown to the lawyer."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.models import User
from reviews.adoption import REASONED
from reviews.enums import Anchor
from reviews.models import Argument, Assignment, CaseReview, Review
from reviews.queries.ledger import stored_ledger
from reviews.services.assignments import add_next_reader
from reviews.services.ledger import ArgumentEntry
from reviews.services.marks import MarkEntry, MarksChanged, MarksInvalid, Saved, save_marks
from reviews.services.submission import Unfinished, submit_review
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, entries, manager, marked, reviewer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

ADOPTED = ArgumentEntry(number=1, words="工资应付至离职日", page="31", judgment_page="4", treatment="adopted")
GUARDED = ArgumentEntry(
    number=2,
    words="加班费应按三倍计",
    page="33",
    judgment_page="5",
    treatment="rejected",
    reasonable="本地两种裁判口径并存",
)
REJECTED = ArgumentEntry(number=3, words="应付双倍工资", page="34", judgment_page="6", treatment="rejected")


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def save(row: Assignment, *lines: ArgumentEntry, version: int | None = None, **more: Any) -> Saved:
    review = Review.objects.get(assignment=row)
    return save_marks(
        review_id=review.public_id,
        version=review.version if version is None else version,
        entries=more.pop("entries", ()),
        arguments=lines,
        user=reader_of(row),
        now=NOW,
        **more,
    )


def submit(row: Assignment) -> CaseReview:
    review = Review.objects.get(assignment=row)
    submit_review(review_id=review.public_id, version=review.version, user=reader_of(row), now=NOW)
    return CaseReview.objects.current().get(case=row.case_id)


class TestTheLedgerOfAFileThatIsBeingMarked:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage) -> Assignment:
        def scene() -> Assignment:
            centre = factories.centre()
            row = assignment(factories.case(centre, client=factories.client(centre, name="张秀兰")))
            marked(row, **GOOD)
            return row

        return stage(scene)

    @pytest.fixture
    def row(self, built: Assignment) -> Assignment:
        return deepcopy(built)

    def test_what_is_saved_says_what_it_speaks_for(self, row):
        saved = save(row, ADOPTED, GUARDED)

        assert list(stored_ledger(row.review.pk)) == [1, 2]
        assert saved.proposal is not None
        assert (saved.proposal.anchor, saved.proposal.reason) == (Anchor.FULL, "")

    def test_a_line_taken_out_is_gone(self, row):
        save(row, ADOPTED, GUARDED)

        saved = save(row, ArgumentEntry(number=1))

        assert list(stored_ledger(row.review.pk)) == [2]
        assert saved.proposal is not None
        assert (saved.proposal.anchor, saved.proposal.reason) == (Anchor.MOSTLY, REASONED)

    def test_a_second_window_is_told_what_lines_stand(self, row):
        version = Review.objects.get(assignment=row).version
        save(row, ADOPTED)

        with pytest.raises(MarksChanged) as conflict:
            save(row, GUARDED, version=version)

        assert conflict.value.ledger[1]["words"] == ADOPTED.words
        assert list(stored_ledger(row.review.pk)) == [1]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("words", "张秀兰的工资"),
            ("words", "长" * 201),
            ("page", "第零页"),
            ("judgment_page", "12-3"),
            ("treatment", "praised"),
            ("reasonable", "见😀"),
            ("number", 11),
        ],
    )
    def test_a_line_that_makes_no_sense_is_refused_whole(self, row, field, value):
        line = ArgumentEntry(**({"number": 2, "words": "时效未过"} | {field: value}))

        with pytest.raises(MarksInvalid):
            save(row, ADOPTED, line)

        assert not Argument.objects.exists()

    def test_a_save_by_itself_takes_four_statements_and_the_whole_form_five(self, row):
        save(row, ADOPTED)
        everything = [MarkEntry(item=each.item, anchor=Anchor.FULL) for each in entries(row.checklist)]
        costs = []
        for more in ({}, {"entries": everything}):
            user, review = reader_of(row), Review.objects.get(assignment=row)
            list(user.held)
            with CaptureQueriesContext(connection) as asked:
                save_marks(
                    review_id=review.public_id,
                    version=review.version,
                    entries=more.get("entries", ()),
                    arguments=[ADOPTED, GUARDED, REJECTED],
                    user=user,
                    now=NOW,
                )
            costs.append(sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries))

        assert costs == [4, 5]

    def test_an_unfinished_line_and_an_unexplained_departure_keep_the_review_open(self, row):
        save(row, REJECTED, ArgumentEntry(number=4, words="时效未过"))
        with pytest.raises(Unfinished) as unfinished:
            submit(row)
        save(row, ArgumentEntry(number=4))
        with pytest.raises(Unfinished) as departing:
            submit(row)

        assert [(each.item, each.missing) for each in unfinished.value.defects] == [("L4", "page"), ("L4", "treatment")]
        assert [(each.item, each.missing) for each in departing.value.defects] == [("E1", "departure")]

    def test_the_readers_last_word_stands_with_its_reason_and_is_locked(self, row):
        account_of(row.case.lawyer)
        full = MarkEntry(item="E1", anchor=Anchor.FULL, comment="二审已改判采纳")
        save(row, REJECTED, entries=[full])

        result = submit(row)

        share = next(item["share"] for item in result.items if item["code"] == "E1")
        assert share == "100"
        for write in (lambda: Argument.objects.update(words="改"), lambda: save_line(row)):
            with pytest.raises(IntegrityError), transaction.atomic():
                write()

    def test_the_form_saves_and_shows_lines_without_scripts(self, row, client):
        client.force_login(reader_of(row))
        url = reverse("reviews:workspace", args=[row.review.public_id])
        version = Review.objects.get(assignment=row).version
        line = {
            "words": "工资应付至离职日",
            "page": "31",
            "treatment": "adopted",
            "judgment_page": "4",
            "reasonable": "",
        }
        typed = {f"L1-{name}": value for name, value in line.items()} | {"version": str(version)}

        answer = client.post(url, typed)
        page = client.get(url).content.decode()

        assert answer.status_code == 302
        assert stored_ledger(row.review.pk) == {1: line}
        assert "工资应付至离职日" in page

    def test_a_treatment_that_is_none_is_refused_and_the_rest_of_the_form_comes_back(self, row, client):
        client.force_login(reader_of(row))
        url = reverse("reviews:workspace", args=[row.review.public_id])
        version = Review.objects.get(assignment=row).version

        typed = {"version": str(version), "L1-words": "时效未过", "L1-treatment": "１", "comment": "全卷说明"}
        answer = client.post(url, typed)

        page = answer.content.decode()
        assert (answer.status_code, "时效未过" in page, "全卷说明" in page) == (422, True, True)
        assert stored_ledger(row.review.pk) == {}

    def test_what_two_windows_wrote_in_one_line_is_for_the_reader(self, row, client):
        version = Review.objects.get(assignment=row).version
        save(row, ADOPTED)
        client.force_login(reader_of(row))

        answer = client.post(
            reverse("reviews:workspace", args=[row.review.public_id]),
            {"version": str(version), "L1-words": "时效未过", "L2-words": "另有约定"},
        )

        page = answer.content.decode()
        assert answer.status_code == 409
        assert page.count('class="theirs"') == 1
        assert 'value="时效未过"' in page
        assert stored_ledger(row.review.pk)[1]["words"] == ADOPTED.words

    def test_a_program_saves_lines_and_is_told_what_they_speak_for(self, row, client):
        client.force_login(reader_of(row))
        version = Review.objects.get(assignment=row).version
        body = {
            "version": version,
            "marks": [],
            "arguments": [{"number": 1, "words": "时效未过", "treatment": "partly"}],
        }

        answer = client.put(reverse("api-review-marks", args=[row.review.public_id]), body, "application/json")
        read = client.get(reverse("api-review", args=[row.review.public_id]))

        assert (answer.status_code, answer.json()["ledger"]["anchor"], answer.json()["ledger"]["share"]) == (
            200,
            "partly",
            "50",
        )
        assert read.json()["arguments"]["1"]["words"] == "时效未过"


def save_line(row: Assignment) -> None:
    Argument.objects.create(review=row.review, number=5, words="补", updated_at=NOW)


def test_a_released_result_shows_each_readers_lines_to_the_lawyer_and_on_paper():
    centre = factories.centre()
    case = factories.case(centre)
    lawyer = account_of(case.lawyer)
    for lines, row in (
        ((ADOPTED,), assignment(case)),
        ((GUARDED, ADOPTED), None),
    ):
        reading = row or add_next_reader(case=case, reviewer=reviewer(centre), user=manager(centre), now=NOW)
        marked(reading)
        save(reading, *lines)
        submit(reading)
    result = CaseReview.objects.current().get(case=case)
    mine, boss = Client(), Client()
    mine.force_login(lawyer)
    boss.force_login(manager(centre))

    page = mine.get(reverse("reviews:result", args=[result.public_id])).content.decode()
    paper = boss.get(reverse("reviews:paper", args=[result.public_id])).content.decode()
    told = mine.get(reverse("api-review-result", args=[result.public_id])).json()["arguments"]

    for shown in (page, paper):
        assert (shown.count(ADOPTED.words), shown.count(GUARDED.reasonable)) == (2, 1)
    assert [(line["reader"], line["words"]) for line in told] == [
        (1, ADOPTED.words),
        (2, ADOPTED.words),
        (2, GUARDED.words),
    ]


def test_an_earlier_version_shows_no_line_that_came_after_it():
    centre = factories.centre()
    case = factories.case(centre)
    account_of(case.lawyer)
    first = assignment(case)
    marked(first)
    save(first, ADOPTED)
    earlier = submit(first)
    second = add_next_reader(case=case, reviewer=reviewer(centre), user=manager(centre), now=NOW)
    marked(second)
    save(second, GUARDED, entries=[MarkEntry(item="E1", anchor=Anchor.MOSTLY, reason_code=REASONED, page="33")])
    review = Review.objects.get(assignment=second)
    later = NOW.replace(hour=NOW.hour + 1) if NOW.hour < 23 else NOW
    submit_review(review_id=review.public_id, version=review.version, user=reader_of(second), now=later)
    boss = Client()
    boss.force_login(manager(centre))

    told = boss.get(reverse("api-review-result", args=[earlier.public_id])).json()["arguments"]

    assert [line["reader"] for line in told] == [1]

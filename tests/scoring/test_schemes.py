"""A scheme is drafted, looked at against what was weighed, published for a day to come and frozen."""

import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, EvidenceChange
from qa_service.cases.services import evidence_changed
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from scoring.calculation import digest, rules_of, weigh_case
from scoring.calculation.method import flat, nested, problems
from scoring.defaults import default_scheme
from scoring.enums import Grade, Reason, SourceKind
from scoring.evidence import CaseEvidence, FileReview, Filing
from scoring.models import CaseScore, Scheme
from scoring.models.schemes import may_write_schemes
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.scoring.factories import LATER, scheme, scored

TOMORROW = date(2027, 1, 1)


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre(db, today):
    scheme()
    return factories.centre()


@pytest.fixture
def browser(centre):
    return signed_in(Role.MANAGER, at=centre)


def signed_in(*roles: Role, at: Any) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at))
    browser.cookies["django_language"] = "en"
    return browser


def drafted(browser: Browser, **changed: Any) -> Scheme:
    """The second version, some of its figures changed on the page."""
    assert browser.post(reverse("scoring:scheme-begin")).status_code == 302
    draft = Scheme.objects.get(published_at=None)
    answer = save(browser, draft, **changed)
    assert answer.status_code == 302, answer.context["form"].errors
    draft.refresh_from_db()
    return draft


def save(browser: Browser, draft: Scheme, **changed: Any) -> Any:
    names = {name.replace("__", "."): value for name, value in changed.items()}
    typed = flat(draft.rules) | {"note": "", "revision": draft.revision} | names
    return browser.post(reverse("scoring:scheme-edit", args=[draft.version]), typed)


def publish(browser: Browser, draft: Scheme, *, on: date) -> Any:
    fields = {"revision": draft.revision, "effective_from": on.isoformat()}
    return browser.post(reverse("scoring:scheme-publish", args=[draft.version]), fields, follow=True)


class TestAPublishedVersion:
    def test_weighs_the_cases_that_close_from_its_day_on_and_moves_no_other(self, centre, browser) -> None:
        before = scored(factories.case(centre))
        draft = drafted(browser, bands__good="89", note="良好从89分起。")
        assert publish(browser, draft, on=TOMORROW).status_code == 200

        after = scored(factories.case(centre, closed_on=TOMORROW, filed_on=TOMORROW))
        Case.objects.filter(pk=before.case_id).update(filed_on=date(2026, 12, 30))
        evidence_changed(before.case_id)
        rescore_changed(now=LATER)

        again = CaseScore.objects.current().get(case=before.case_id)
        assert (again.scheme.version, again.pk != before.pk) == (1, True)
        assert (before.grade, after.grade, after.scheme.version) == (Grade.GOOD, Grade.PASS, 2)
        assert before.score == after.score
        assert "良好从89分起。" in browser.get(reverse("scoring:schemes")).content.decode()
        assert Entry.objects.filter(action="scoring.scheme_published", details__version=2).exists()
        assert Entry.objects.filter(action="scoring.scheme_published", details__version=1).exists(), "by the setup"

    def test_is_frozen(self, browser) -> None:
        draft = drafted(browser)
        publish(browser, draft, on=TOMORROW)

        for change in ({"effective_from": date(2026, 1, 1)}, {"note": "别的"}, {"published_at": None}):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                Scheme.objects.filter(pk=draft.pk).update(**change)

    def test_is_neither_published_again_nor_changed_nor_given_up_and_says_so(self, browser) -> None:
        draft = drafted(browser)
        publish(browser, draft, on=TOMORROW)

        refused = [
            publish(browser, draft, on=TOMORROW),
            save(browser, draft),
            browser.post(reverse("scoring:scheme-discard", args=[2])),
        ]

        assert [each.status_code for each in refused] == [409, 409, 409]
        assert all("Make a new version to change it" in each.content.decode() for each in refused)
        assert browser.post(reverse("scoring:scheme-publish", args=[7])).status_code == 404

    def test_begins_on_no_day_since_which_a_case_was_weighed(self, centre, browser) -> None:
        score = scored(factories.case(centre))
        draft = drafted(browser)

        answer = publish(browser, draft, on=score.closed_on)

        assert answer.status_code == 422
        assert 'id="id_effective_from_error"' in answer.content.decode()
        assert Scheme.objects.published().count() == 1
        assert not EvidenceChange.objects.exists()

    def test_may_begin_in_the_past_where_nothing_was_weighed_yet_and_marks_what_it_will_weigh(
        self, centre, browser
    ) -> None:
        case = factories.case(centre)
        EvidenceChange.objects.all().delete()
        draft = drafted(browser, bands__good="89")

        publish(browser, draft, on=date(2026, 1, 1))

        assert EvidenceChange.objects.filter(case=case).exists()
        assert scored(case).scheme.version == 2


class TestTheDraft:
    def test_is_written_by_who_reaches_every_centre_and_by_nobody_else(self, centre) -> None:
        bureau = factories.organisation(OrganisationKind.BUREAU)
        other = factories.centre(parent=bureau)
        boss, manager = factories.user(Role.SUPERVISOR, at=bureau), signed_in(Role.MANAGER, at=centre)
        assert may_write_schemes(boss) is False
        assert may_write_schemes(factories.user(Role.SUPERVISOR, at=centre)) is False
        Organisation.objects.move(
            Organisation.objects.get(pk=centre.pk), Organisation.objects.get(pk=bureau.pk), "last-child"
        )
        assert may_write_schemes(User.objects.get(pk=boss.pk)) is True
        assert other.pk

        assert manager.post(reverse("scoring:scheme-begin")).status_code == 404
        assert manager.get(reverse("scoring:scheme-import")).status_code == 404
        assert "scheme-begin" not in manager.get(reverse("scoring:schemes")).content.decode()

    def test_is_one_at_a_time_and_can_be_given_up(self, browser) -> None:
        draft = drafted(browser)

        browser.post(reverse("scoring:scheme-begin"))
        assert Scheme.objects.filter(published_at=None).count() == 1
        browser.cookies["django_language"] = "zh-hans"
        page = browser.get(reverse("scoring:scheme", args=[draft.version])).content.decode()
        assert re.search(r'name="effective_from" value="\d{4}-\d\d-\d\d"', page)  # as browsers alone take a day
        browser.post(reverse("scoring:scheme-discard", args=[draft.version]))
        assert list(Scheme.objects.values_list("version", flat=True)) == [1]

    def test_that_somebody_changed_meanwhile_is_not_written_over(self, browser) -> None:
        draft = drafted(browser)
        save(browser, draft, bands__good="81")

        answer = save(browser, draft, bands__good="82")

        assert answer.status_code == 409
        assert 'value="82"' in answer.content.decode()
        draft.refresh_from_db()
        assert draft.rules["bands"][1] == ["good", "81"]

    def test_cannot_be_published_before_its_parts_hold_together(self, browser) -> None:
        draft = drafted(browser, voice_weights__overall="60")

        page = browser.get(reverse("scoring:scheme", args=[2])).content.decode()
        assert "110" in page
        assert publish(browser, draft, on=TOMORROW).status_code == 422
        assert browser.get(reverse("scoring:scheme-what-if", args=[2])).status_code == 422
        assert Scheme.objects.published().count() == 1

    def test_refuses_what_is_no_figure_at_its_box(self, browser) -> None:
        draft = drafted(browser)

        answer = save(browser, draft, bands__good="viel", fail_readers="9")

        assert answer.status_code == 422
        wrong = re.findall(r'id="id_([a-z_.0-9]+)_error"', answer.content.decode())
        assert set(wrong) == {"bands.good", "fail_readers"}


class TestAFile:
    def test_goes_out_and_comes_back_the_same(self, browser) -> None:
        draft = drafted(browser, bands__good="81.5", required=["hearing"], note="试行")
        content = browser.get(reverse("scoring:scheme-json", args=[2])).content
        browser.post(reverse("scoring:scheme-discard", args=[2]))

        answer = browser.post(reverse("scoring:scheme-import"), {"file": upload(content)})

        assert answer.status_code == 302
        back = Scheme.objects.get(version=2)
        assert (back.rules, back.note) == (draft.rules, "试行")

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"{", "JSON"),
            (b"[]", "case_weights.file_review"),
            (json.dumps({"rules": default_scheme() | {"bonus": 1}}).encode(), "bonus"),
            (json.dumps({"rules": default_scheme() | {"fail_readers": "many"}}).encode(), "Readers for a fail"),
            (json.dumps({"rules": default_scheme() | {"required": ["luck"]}}).encode(), "required"),
        ],
    )
    def test_with_a_fault_is_refused_with_its_place(self, browser, content: bytes, told: str) -> None:
        answer = browser.post(reverse("scoring:scheme-import"), {"file": upload(content)})

        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert Scheme.objects.count() == 1


def upload(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "scheme.json"
    return file


class TestWhatWouldChange:
    def test_counts_both_ways_lists_each_case_and_writes_nothing(self, centre, browser) -> None:
        closed = date(2026, 8, 1)
        good = scored(factories.case(centre, closed_on=closed, filed_on=date(2026, 8, 20)))
        late = scored(factories.case(centre, closed_on=closed, filed_on=date(2026, 9, 20)))
        scored(factories.case(centre))  # of the next quarter
        assert (good.grade, late.grade, late.score) == (Grade.GOOD, Grade.GOOD, Decimal(84))
        drafted(browser, bands__good="85", filing__2__days="40")
        rows = list(CaseScore.objects.order_by("pk").values())

        page = browser.get(reverse("scoring:scheme-what-if", args=[2]), {"period": "2026-Q3"})

        told = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
        # Handed in after 50 days: the draft's second limit has passed, the first scheme's has not.
        for words in (
            "Of 2 cases 1 change their grade: 0 better, 1 worse, 0 graded instead of not",
            "Good 2 1 −1 Pass 0 1 +1",
            f"{late.case.number} {late.lawyer.name} Good · 84.00 Pass · 79.45",
        ):
            assert words in told
        case = browser.get(reverse("scoring:scheme-what-if-case", args=[2, late.case.public_id])).content.decode()
        assert "79.45" in case
        assert "84.00" in case
        assert list(CaseScore.objects.order_by("pk").values()) == rows
        assert not EvidenceChange.objects.exists()
        empty = browser.get(reverse("scoring:scheme-what-if", args=[2]), {"period": "2026-Q3", "direction": "up"})
        assert late.case.number not in empty.content.decode()


def test_the_default_scheme_is_sound_and_the_same_from_its_boxes() -> None:
    default = default_scheme()

    assert nested(flat(default)) == default
    assert digest(nested(flat(default))) == digest(default)
    assert problems(default) == ()


@pytest.mark.parametrize(
    ("changed", "group"),
    [
        ({"case_weights.file_review": "0"}, "sources"),
        ({"standing_weights.cases": "70"}, "standing"),
        ({"bands.good": "90"}, "bands"),
        ({"bands.pass": "0"}, "bands"),
        ({"filing.2.days": 30}, "filing"),
        ({"filing.2.points": "101"}, "filing"),
        ({"scale.4": "60"}, "scale"),
        ({"words.no": "60"}, "words"),
    ],
)
def test_what_contradicts_itself_is_named_with_its_place(changed: dict[str, Any], group: str) -> None:
    assert [each.group for each in problems(nested(flat(default_scheme()) | changed))] == [group]


def test_without_a_source_that_the_scheme_asks_for_there_is_no_grade() -> None:
    rules = rules_of(2, default_scheme() | {"required": [SourceKind.ORGAN_OPINION.value]})
    review = FileReview(version=1, score=Decimal(85), settled=True)
    case = CaseEvidence(review=review, filing=Filing(counted_from=NOW.date()), organ_applies=True)

    silent, asked = weigh_case(case, rules), weigh_case(case, rules_of(1, default_scheme()))

    assert (silent.grade, silent.score, silent.reasons) == (Grade.PENDING, None, (Reason.SOURCE_MISSING,))
    assert asked.grade == Grade.GOOD

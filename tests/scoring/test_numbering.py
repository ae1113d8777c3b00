"""The number that the bureau's office gave, and the breaks of a title."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from qa_service.common.errors import InvalidInput
from qa_service.documents.geometry import TITLE
from qa_service.organisations.models import Organisation
from scoring.enums import RuleCode
from scoring.models import Notice, NumberCounter, Proposal
from scoring.numbering import broken_title, own_number
from scoring.queries.notices import verified
from scoring.services.issuing import NumberTaken, issue_notice
from scoring.services.notice_content import standard_title
from scoring.services.printing import render_notices
from tests.qa_service.documents.reading import pages_of, placed, text_of
from tests.scoring.deciding import DISPLAY_OVER, Office, SameScene, office, office_below, printed, ready

STANDARD = ("某县法律援助中心", "关于表扬2026年第四季度法律援助", "优秀案件及承办人员的通报")


@pytest.mark.parametrize(
    "typed", ["临司发〔2026〕17号", " 临司发[2026]17号 ", "临司发（２０２６）17 号", "临司发【2026】17号"]
)
def test_a_number_is_read_with_any_brackets_and_printed_with_those_of_the_standard(typed: str) -> None:
    assert own_number(typed, year=2026, series=["临援通"]) == "临司发〔2026〕17号"


@pytest.mark.parametrize(
    "typed",
    [
        "17",
        "临司发〔2026〕017号",
        "临司发〔2026〕第17号",
        "临司发2026 17号",
        "临司发〔2025〕17号",
        "临援通〔2026〕9号",
        "〔2026〕1号",
    ],
)
def test_a_number_of_another_form_or_year_or_of_the_own_series_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        own_number(typed, year=2026, series=["临援通", "临援改"])

    assert refused.value.field == "own_number"


@pytest.mark.parametrize(
    ("typed", "broken"),
    [
        ("", STANDARD),
        ("".join(STANDARD[:2])[:20] + "\n" + "".join(STANDARD)[20:], ("".join(STANDARD)[:20], "".join(STANDARD)[20:])),
        ("\r\n".join(STANDARD) + "\r\n\r\n", STANDARD),
        (" 某县法律援助中心\n关于表扬 2026年第四季度法律援助\n优秀案件及承办人员的通报", STANDARD),
    ],
)
def test_the_breaks_of_a_title_can_be_moved(typed: str, broken: tuple[str, ...]) -> None:
    assert broken_title(typed, standard=STANDARD) == broken


@pytest.mark.parametrize(
    "typed", ["".join(STANDARD), "\n".join(STANDARD[:2]), "\n".join("".join(STANDARD)), "某县法律援助中心\n关于表彰"]
)
def test_words_are_not_changed_and_lines_neither_too_long_nor_too_many(typed: str) -> None:
    with pytest.raises(InvalidInput):
        broken_title(typed, standard=STANDARD)


@pytest.mark.django_db
@pytest.mark.usefixtures("fonts")
class TestIssuing(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return ready(RuleCode.R1)

    def browser(self, place: Office) -> Client:
        browser = Client()
        browser.force_login(place.supervisor)
        return browser

    def test_the_offices_number_and_the_moved_breaks_are_printed_and_the_series_stays(
        self, place: Office, row: Proposal, time_machine
    ) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        title = "\r\n".join(moved(standard_title(row)))
        browser, door = self.browser(place), reverse("scoring:issue", args=[row.public_id])
        sent = {"own_number": "临司发[2026]17号", "title": title}

        seen = browser.post(door, sent | {"preview": "1"})
        assert (seen["Content-Type"], Notice.objects.count()) == ("application/pdf", 0)
        browser.post(door, sent)

        notice = Notice.objects.get()
        render_notices(now=DISPLAY_OVER)
        notice.refresh_from_db()
        assert (notice.label, notice.number, NumberCounter.objects.count()) == ("临司发〔2026〕17号", None, 0)
        assert notice.content["title_lines"] == title.splitlines()
        paper = text_of(printed(notice))
        assert "临司发〔2026〕17号" in paper
        for draft_or_paper in (seen.content, printed(notice)):
            drawn = [text for text, _x, _y, size in placed(pages_of(draft_or_paper)[0]) if size == TITLE]
            assert "".join(drawn) == "".join(title.splitlines())
            assert rows_of_title(draft_or_paper) == len(title.splitlines())
        found = verified(notice.verify_code)
        assert found is not None
        assert found.label == "临司发〔2026〕17号"

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"own_number": "17号"}, "临司发〔2026〕17号"),
            ({"own_number": "临援通〔2026〕1号"}, "临援通"),
            ({"title": "关于表彰的决定"}, "优秀案件及承办人员的通报"),
        ],
    )
    def test_what_cannot_be_printed_so_is_said_beside_its_field_and_nothing_is_issued(
        self, place: Office, row: Proposal, sent: dict[str, str], said: str, time_machine
    ) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        browser = self.browser(place)

        page = browser.post(reverse("scoring:issue", args=[row.public_id]), sent)
        answer = browser.post(reverse("api-issue", args=[row.public_id]), sent, content_type="application/json")

        assert (page.status_code, answer.status_code, Notice.objects.count()) == (422, 422, 0)
        assert said in page.content.decode()
        assert answer.json()["errors"]

    def test_one_number_is_given_to_one_paper_of_a_bureau(self, place: Office, row: Proposal) -> None:
        first = issue_notice(proposal=row, person=place.supervisor, own_number="临司发〔2026〕17号", now=DISPLAY_OVER)
        _place, another = ready(RuleCode.S2, place)

        with pytest.raises(NumberTaken):
            issue_notice(proposal=another, person=place.supervisor, own_number="临司发【2026】17号", now=DISPLAY_OVER)
        following = issue_notice(proposal=another, person=place.supervisor, now=DISPLAY_OVER)

        assert (first.number, following.label) == (None, "临援改〔2026〕1号")
        twice = Notice.objects.get(pk=following.pk)
        twice.pk, twice.public_id, twice.verify_code, twice.number = None, row.public_id, "OTHER", None
        with pytest.raises(IntegrityError), transaction.atomic():
            twice.save(force_insert=True)

    def test_the_office_gives_one_number_to_one_paper_of_all_its_centres_and_another_office_the_same(
        self, place: Office, row: Proposal
    ) -> None:
        bureau = Organisation.objects.get_parent(place.centre)
        assert bureau is not None
        sibling, elsewhere = office_below(bureau), office()
        given = "临司发〔2026〕17号"
        issue_notice(proposal=row, person=place.supervisor, own_number=given, now=DISPLAY_OVER)
        for at in (sibling, elsewhere):
            ready(RuleCode.R1, at)

        def issued_at(at: Office) -> Notice:
            theirs = Proposal.objects.get(centre=at.centre)
            return issue_notice(proposal=theirs, person=at.supervisor, own_number=given, now=DISPLAY_OVER)

        with pytest.raises(NumberTaken):
            issued_at(sibling)
        assert issued_at(elsewhere).label == given


def rows_of_title(paper: bytes) -> int:
    return len({round(y) for _text, _x, y, size in placed(pages_of(paper)[0]) if size == TITLE})


def moved(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The same words on as many lines, the last two broken two characters earlier."""
    *before, upper, lower = lines
    return (*before, upper[:-2], upper[-2:] + lower)

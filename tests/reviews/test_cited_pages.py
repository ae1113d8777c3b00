"""What a reader cites is a place in the file, for a notice will print it; where a paper is missing none is invented."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.accounts.models import User
from reviews.enums import Anchor
from reviews.marking import Defect, ItemRule, MarkValue, SectionRule, Sheet, defects
from reviews.models import Mark, Review
from reviews.pages import LAST_PAGE, PagesUnreadable, cited
from reviews.queries.checklists import standard_of
from reviews.services.marks import MarkEntry, MarkInvalid, MarkUnfit, save_marks
from reviews.services.submission import submit_review
from reviews.services.vetoes import mark_veto
from tests.factories import NOW
from tests.reviews.factories import assignment, entries


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("12", "12"),
        (" 12 ", "12"),
        ("12-14", "12-14"),
        ("12–14", "12-14"),
        ("12－14", "12-14"),
        ("１２", None),
        ("12至14", "12-14"),
        ("第12页", "12"),
        ("3、12-14", "3、12-14"),
        ("3, 12-14；3", "3、12-14"),
        ("12-12", "12"),
        ("007", "7"),
        ("2卷7-9", "2卷7-9"),
        ("目录", "目录"),
        ("目录、3", "目录、3"),
        ("", ""),
        ("-1", None),
        ("0", None),
        ("9999999999", None),
        ("12-9", None),
        ("abc", None),
        ("<b>", None),
        ("12-", None),
        ("12 14", None),
        ("卷7", None),
        ("٣", None),
    ],
)
def test_a_place_is_written_alike_and_what_is_none_is_refused(typed: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(PagesUnreadable):
            cited(typed)
    else:
        assert cited(typed) == written


@given(st.text(max_size=40))
def test_whatever_is_typed_is_written_alike_for_good_or_refused(typed: str) -> None:
    try:
        written = cited(typed)
    except PagesUnreadable:
        return
    assert cited(written) == written


@given(st.integers(1, LAST_PAGE), st.integers(0, 500))
def test_every_page_and_range_of_a_binder_can_be_cited(first: int, more: int) -> None:
    last = min(first + more, LAST_PAGE)

    assert cited(f"{first}-{last}") == (str(first) if first == last else f"{first}-{last}")


SHEET = Sheet((SectionRule("A", (ItemRule("A1", Decimal(100)),)),), pageless=frozenset({"missing"}))


def test_a_missing_paper_needs_no_page_and_every_other_deduction_does() -> None:
    assert defects(SHEET, {"A1": MarkValue(Anchor.NONE, "missing")}) == []
    assert defects(SHEET, {"A1": MarkValue(Anchor.NONE, "late")}) == [Defect("A1", "page")]


@pytest.mark.django_db
def test_what_is_no_place_is_refused_where_it_is_typed() -> None:
    row = assignment()
    mark = MarkEntry(item="C2", anchor=Anchor.PARTLY, reason_code="weak", page="9999999999")

    with pytest.raises(MarkInvalid) as refused:
        save_marks(
            review_id=row.review.public_id,
            version=0,
            entries=[mark],
            user=User.objects.get(pk=row.reviewer_id),
            now=NOW,
        )
    with pytest.raises(MarkInvalid):
        mark_veto(
            review_id=row.review.public_id,
            code="V9",
            statement="无",
            page="abc",
            user=User.objects.get(pk=row.reviewer_id),
            now=NOW,
        )

    assert refused.value.field == "C2.page"
    assert not Mark.objects.exists()


@pytest.mark.django_db
def test_a_draft_from_before_is_looked_at_again_when_it_is_submitted() -> None:
    row = assignment()
    marked = entries(row.checklist, C2=Anchor.PARTLY)
    saved = save_marks(
        review_id=row.review.public_id, version=0, entries=marked, user=User.objects.get(pk=row.reviewer_id), now=NOW
    )
    Mark.objects.filter(review=row.review, item__code="C2").update(page="<b>")

    with pytest.raises(MarkUnfit) as refused:
        submit_review(
            review_id=row.review.public_id, version=saved.version, user=User.objects.get(pk=row.reviewer_id), now=NOW
        )

    assert refused.value.field == "C2.page"
    assert not Review.objects.get(pk=row.review.pk).locked


@pytest.mark.django_db
def test_the_default_lists_know_the_reason_that_names_no_page() -> None:
    assert standard_of(assignment().checklist).sheet.pageless == {"missing"}

from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from qa_service.audit.actors import Actor
from reviews.defaults import ChecklistFault, checked, default_checklists
from reviews.enums import ChecklistState
from reviews.models import CaseReview, Checklist, Item, Mark, Review, Section, Veto
from reviews.queries.checklists import checklists_in_force, standard_of
from reviews.services.checklists import ChecklistInvalid, publish_checklist, publish_default_checklists
from tests.factories import NOW
from tests.reviews.factories import assignment, submitted

ACTOR = Actor(id="user:1", label="someone")


@pytest.mark.parametrize("document", default_checklists(), ids=lambda document: document["code"])
def test_each_default_list_comes_to_a_hundred_points_and_has_every_veto(document):
    points = sum(Decimal(item["points"]) for section in document["sections"] for item in section["items"])

    assert points == 100
    assert [veto["code"] for veto in document["vetoes"]] == [f"V{n}" for n in range(1, 11)]


def test_the_points_of_the_civil_sections_are_as_agreed():
    civil = next(d for d in default_checklists() if d["code"] == "civil")

    assert [sum(int(i["points"]) for i in s["items"]) for s in civil["sections"]] == [20, 25, 25, 12, 10, 8]


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda d: d["sections"][0]["items"][0].update(points="4"), "points"),
        (lambda d: d["sections"][0]["items"][0].update(points="many"), "A1.points"),
        (lambda d: d["sections"][0]["items"][0]["title"].pop("en"), "A1.title"),
        (lambda d: d["sections"][0]["items"][0].update(reasons=["invented"]), "A1.reasons"),
        (lambda d: d["sections"][0]["items"][0].update(floors={"other": "1.5"}), "A1.floors"),
        (lambda d: d["sections"][0]["items"][1].update(code="A1"), "items.code"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused(damage, where):
    document = deepcopy(default_checklists()[0])
    damage(document)

    with pytest.raises(ChecklistFault) as fault:
        checked(document)

    assert fault.value.where == where


@pytest.mark.django_db
def test_defaults_are_published_once():
    first = publish_default_checklists(now=NOW)
    again = publish_default_checklists(now=NOW)

    assert (len(first), again) == (4, [])
    assert set(checklists_in_force()) == {"civil", "criminal", "administrative", "non_litigation"}


@pytest.mark.django_db
def test_a_changed_list_is_a_new_version_and_the_old_one_stays():
    publish_default_checklists(now=NOW)
    document = deepcopy(next(d for d in default_checklists() if d["code"] == "civil"))
    document["title"]["en"] = "Civil litigation, revised"

    second = publish_checklist(document=document, actor=ACTOR, now=NOW)

    assert second.version == 2
    assert list(Checklist.objects.filter(code="civil").order_by("version").values_list("state", flat=True)) == [
        ChecklistState.SUPERSEDED,
        ChecklistState.PUBLISHED,
    ]
    assert standard_of(second).sheet.points() == 100


@pytest.mark.django_db
def test_the_sites_own_list_is_not_replaced_by_a_default():
    publish_default_checklists(now=NOW)
    document = deepcopy(next(d for d in default_checklists() if d["code"] == "civil"))
    own = publish_checklist(document=document | {"code": "civil-own"}, actor=ACTOR, now=NOW)

    assert publish_default_checklists(now=NOW) == []
    assert checklists_in_force()["civil"] == own


@pytest.mark.django_db
def test_a_broken_list_is_not_published():
    document = deepcopy(default_checklists()[0])
    document["sections"].pop()

    with pytest.raises(ChecklistInvalid):
        publish_checklist(document=document, actor=ACTOR, now=NOW)

    assert not Checklist.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_to_change_a_published_list():
    publish_default_checklists(now=NOW)
    item = Item.objects.select_related("section").first()

    for change in (
        lambda: Checklist.objects.update(title={"zh": "另一个"}),
        lambda: Item.objects.filter(pk=item.pk).update(points=99),
        lambda: Item.objects.create(
            checklist=item.checklist, section=item.section, code="Z9", title={}, position=99, points=1
        ),
        lambda: Section.objects.update(position=99),
        lambda: Veto.objects.update(code="V9"),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_for_ever")
def test_the_database_refuses_to_delete_what_is_published_or_submitted():
    review = submitted(assignment())

    for these in (
        Mark.objects.all(),
        Review.objects.filter(pk=review.pk),
        CaseReview.objects.all(),
        Veto.objects.all(),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            these._raw_delete(these.db)

"""Publishing the standards files are marked by."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from qa_service.common.errors import InvalidInput
from reviews.defaults import ChecklistFault, checked, default_checklists
from reviews.enums import EVERY_STAGE, ChecklistState
from reviews.models import Checklist, Item, Section, Veto

SYSTEM = Actor.system("setup")
# In which one list is in force at a time.
PLACE = ("owner", "purpose", "case_type", "stage")


class ChecklistInvalid(InvalidInput):
    code = "checklist_invalid"


@transaction.atomic
def publish_default_checklists(*, now: datetime) -> list[Checklist]:
    """Publish the default lists where none is in force for a purpose and a type of case; returns those newly published.

    A default that has changed since it was published becomes the next version; a list of the site's own stays.
    """
    ours = Checklist.objects.filter(state=ChecklistState.PUBLISHED, owner=None, stage=EVERY_STAGE)
    in_force = {(checklist.purpose, checklist.case_type): checklist for checklist in ours}
    due = []
    for document in default_checklists():
        current = in_force.get((document["purpose"], document["case_type"]))
        if current and (current.code != document["code"] or current.digest == digest_of(document)):
            continue
        due.append(document)
    return _put_in_force(due, actor=SYSTEM, now=now)


@transaction.atomic
def publish_checklist(*, document: dict[str, Any], actor: Actor, now: datetime) -> Checklist:
    """Store a checklist as the next version of its code and put it in force for its purpose and type of case.

    The version in force before is superseded; reviews already given out keep the version they began with.

    :raises ChecklistInvalid: the document does not hold together (codes, texts, reasons, points of 100).
    """
    try:
        checked(document)
    except (ChecklistFault, KeyError) as fault:
        raise ChecklistInvalid(_("This checklist contradicts itself."), field=str(fault)) from fault
    return _put_in_force([document], actor=actor, now=now)[0]


def _put_in_force(documents: Sequence[dict[str, Any]], *, actor: Actor, now: datetime) -> list[Checklist]:
    """Nine statements, however many lists there are, of different codes and for different types of case."""
    versions = Checklist.objects.filter(code__in=[document["code"] for document in documents])
    last = dict(versions.order_by().values_list("code").annotate(Max("version")))
    checklists = Checklist.objects.bulk_create(
        Checklist(
            code=document["code"],
            version=last.get(document["code"], 0) + 1,
            purpose=document["purpose"],
            case_type=document["case_type"],
            title=document["title"],
            reasons=document["reasons"],
            catalogue=document["catalogue"],
            digest=digest_of(document),
        )
        for document in documents
    )
    write_content(list(zip(checklists, documents, strict=True)))
    supersede(checklists, ChecklistState.PUBLISHED)
    for checklist in checklists:
        checklist.state, checklist.published_at = ChecklistState.PUBLISHED, now
    Checklist.objects.filter(pk__in=[checklist.pk for checklist in checklists]).update(
        state=ChecklistState.PUBLISHED, published_at=now
    )
    record_many(actor=actor, acts=[act_of_publishing(checklist) for checklist in checklists], at=now)
    return checklists


def supersede(followed_by: Sequence[Checklist], *states: ChecklistState) -> int:
    """Lists in one of the states whose place others take: of the same owner, purpose, type of case and stage."""
    their_places = Q(pk__in=[])
    for checklist in followed_by:
        their_places |= Q(**{name: getattr(checklist, name) for name in PLACE})
    others = Checklist.objects.filter(their_places, state__in=states).exclude(pk__in=[each.pk for each in followed_by])
    return others.update(state=ChecklistState.SUPERSEDED)


def write_content(written: Sequence[tuple[Checklist, dict[str, Any]]]) -> None:
    parts = [(checklist, place, s) for checklist, document in written for place, s in enumerate(document["sections"])]
    sections = Section.objects.bulk_create(
        Section(checklist=checklist, code=s["code"], title=s["title"], note=s.get("note", {}), position=place)
        for checklist, place, s in parts
    )
    places: Counter[int] = Counter()
    items = []
    for section, (checklist, _place, s) in zip(sections, parts, strict=True):
        for item in s["items"]:
            items.append(Item(checklist=checklist, section=section, position=places[checklist.pk], **item))
            places[checklist.pk] += 1
    Item.objects.bulk_create(items)
    Veto.objects.bulk_create(
        Veto(checklist=checklist, position=place, **veto)
        for checklist, document in written
        for place, veto in enumerate(document["vetoes"])
    )


def act_of_publishing(checklist: Checklist) -> Act:
    details = {"code": checklist.code, "version": checklist.version}
    return Act("reviews.checklist_published", checklist._meta.label, str(checklist.pk), details)


def digest_of(document: dict[str, Any]) -> str:
    return sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

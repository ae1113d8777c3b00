"""Publishing the standards files are marked by."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput
from reviews.defaults import ChecklistFault, checked, default_checklists
from reviews.enums import ChecklistState
from reviews.models import Checklist, Item, Section, Veto

SYSTEM = Actor.system("setup")


class ChecklistInvalid(InvalidInput):
    code = "checklist_invalid"


@transaction.atomic
def publish_default_checklists(*, now: datetime) -> list[Checklist]:
    """Publish the four default lists where none is in force for a type of case; returns those newly published.

    A default that has changed since it was published becomes the next version; a list of the site's own stays.
    """
    in_force = {c.case_type: c for c in Checklist.objects.filter(state=ChecklistState.PUBLISHED)}
    published = []
    for document in default_checklists():
        current = in_force.get(document["case_type"])
        if current and (current.code != document["code"] or current.digest == _digest(document)):
            continue
        published.append(publish_checklist(document=document, actor=SYSTEM, now=now))
    return published


@transaction.atomic
def publish_checklist(*, document: dict[str, Any], actor: Actor, now: datetime) -> Checklist:
    """Store a checklist as the next version of its code and put it in force for its type of case.

    The version in force before is superseded; reviews already given out keep the version they began with.

    :raises ChecklistInvalid: the document does not hold together (codes, texts, reasons, points of 100).
    """
    try:
        checked(document)
    except (ChecklistFault, KeyError) as fault:
        raise ChecklistInvalid(_("This checklist contradicts itself."), field=str(fault)) from fault
    last = Checklist.objects.filter(code=document["code"]).aggregate(last=Max("version"))["last"] or 0
    checklist = Checklist.objects.create(
        code=document["code"],
        version=last + 1,
        purpose=document["purpose"],
        case_type=document["case_type"],
        title=document["title"],
        reasons=document["reasons"],
        catalogue=document["catalogue"],
        digest=_digest(document),
    )
    _write_content(checklist, document)
    Checklist.objects.filter(
        purpose=checklist.purpose, case_type=checklist.case_type, state=ChecklistState.PUBLISHED
    ).update(state=ChecklistState.SUPERSEDED)
    checklist.state = ChecklistState.PUBLISHED
    checklist.published_at = now
    checklist.save(update_fields=["state", "published_at"])
    record(actor=actor, action="reviews.checklist_published", subject=checklist, details=_name(checklist), at=now)
    return checklist


def _write_content(checklist: Checklist, document: dict[str, Any]) -> None:
    sections = Section.objects.bulk_create(
        Section(checklist=checklist, code=s["code"], title=s["title"], note=s.get("note", {}), position=place)
        for place, s in enumerate(document["sections"])
    )
    rows = [(section, item) for section, s in zip(sections, document["sections"], strict=True) for item in s["items"]]
    Item.objects.bulk_create(
        Item(checklist=checklist, section=section, position=place, **item) for place, (section, item) in enumerate(rows)
    )
    Veto.objects.bulk_create(
        Veto(checklist=checklist, position=place, **veto) for place, veto in enumerate(document["vetoes"])
    )


def _digest(document: dict[str, Any]) -> str:
    return sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _name(checklist: Checklist) -> dict[str, Any]:
    return {"code": checklist.code, "version": checklist.version}

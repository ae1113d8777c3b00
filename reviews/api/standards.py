"""Checklists for programs: what a file is marked by, with the codes that marks and reasons are sent by."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from reviews.enums import Anchor, ChecklistState
from reviews.models import Checklist, Item, in_language
from reviews.queries.checklists import Standard, anchors_of, published_lists, standard_of

READERS = (Role.REVIEWER, Role.LAWYER, Role.FIRM, Role.MANAGER, Role.SUPERVISOR)


class CodedReader(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class ItemReader(serializers.Serializer[Any]):
    """`reasons` are the codes that a deduction on this item may give, `anchors` those that may be chosen."""

    code = serializers.CharField()
    section = serializers.CharField()
    title = serializers.CharField()
    evidence = serializers.CharField()
    points = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    anchors = serializers.ListField(child=serializers.CharField())


class ChecklistSummary(serializers.Serializer[Any]):
    """`owner`: whose list it is, null of one that came with the service. `stage` empty: of every stage."""

    public_id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    case_type = serializers.CharField()
    stage = serializers.CharField()
    owner = serializers.CharField(allow_null=True)
    title = serializers.CharField()


class ChecklistReader(ChecklistSummary):
    """Texts in the reader's language. `catalogue`: the papers that a complete file holds."""

    anchors = serializers.ListField(child=serializers.CharField())
    sections = CodedReader(many=True)
    items = ItemReader(many=True)
    vetoes = CodedReader(many=True)
    reasons = CodedReader(many=True)
    catalogue = CodedReader(many=True)


class ChecklistList(Endpoint):
    """The checklists of file review in force; a body's own go before those that came with the service."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(responses=ChecklistSummary(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - the framework's signature
        return Response(ChecklistSummary([_summary(each) for each in published_lists()], many=True).data)


class ChecklistDetail(Endpoint):
    """One published version with its items, reasons, vetoes and papers; those no longer in force stay readable."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(responses=ChecklistReader)
    def get(self, request: Request, checklist_id: UUID) -> Response:  # noqa: ARG002 - the framework's signature
        published = Checklist.objects.exclude(state=ChecklistState.DRAFT)
        found = get_object_or_404(published, public_id=checklist_id)
        return Response(ChecklistReader(_whole(found, standard_of(found))).data)


def _summary(checklist: Checklist) -> dict[str, Any]:
    named = {name: getattr(checklist, name) for name in ("public_id", "code", "version", "case_type", "stage")}
    return named | {"title": str(checklist), "owner": checklist.owner and str(checklist.owner)}


def _whole(checklist: Checklist, standard: Standard) -> dict[str, Any]:
    sections = {section.pk: section for section in standard.sections}
    return _summary(checklist) | {
        "anchors": Anchor.values,
        "sections": [{"code": each.code, "text": str(each)} for each in standard.sections],
        "items": [_item(each, sections[each.section_id].code) for each in standard.items.values()],
        "vetoes": [{"code": each.code, "text": str(each)} for each in standard.vetoes.values()],
        "reasons": [{"code": code, "text": in_language(texts)} for code, texts in checklist.reasons.items()],
        "catalogue": [{"code": paper["code"], "text": in_language(paper["title"])} for paper in checklist.catalogue],
    }


def _item(item: Item, section: str) -> dict[str, Any]:
    return {
        "code": item.code,
        "section": section,
        "title": str(item),
        "evidence": in_language(item.evidence),
        "points": str(item.points.normalize() + 0),
        "reasons": item.reasons,
        "anchors": [each for each in Anchor.values if each in anchors_of(item)],
    }

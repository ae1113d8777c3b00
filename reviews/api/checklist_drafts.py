"""Writing checklists by program: a draft is begun, changed whole and published, as on the editor's pages."""

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.common.api import DayField, Whole, sent
from qa_service.common.errors import InvalidInput
from reviews.api.managing import ManagerView
from reviews.blueprint import Document, Misshapen, read_document
from reviews.models import Checklist
from reviews.queries.checklist_problems import fault_told, place_of, told
from reviews.queries.checklist_versions import checklist_edited, checklist_seen, possible_owners
from reviews.queries.checklists import document_of
from reviews.services import checklist_drafts as drafts


class DraftWriter(Whole):
    """`owner`: the code of the bureau or centre whose list it is. `document`: as the JSON file of a checklist."""

    owner = serializers.CharField(max_length=32)
    document = serializers.JSONField()


class DocumentWriter(Whole):
    """`revision`: the one that was read; 409 where somebody has changed the draft since."""

    revision = serializers.IntegerField(min_value=0)
    document = serializers.JSONField()


class PublicationWriter(Whole):
    """`effective_from`: today where it is left out."""

    revision = serializers.IntegerField(min_value=0)
    effective_from = DayField(required=False)


class DocumentReader(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    revision = serializers.IntegerField()
    document = serializers.JSONField()


class ChecklistDrafts(ManagerView):
    """Begin the next version of a code. Nothing is marked by it before it is published."""

    @extend_schema(request=DraftWriter, responses={201: DocumentReader})
    def post(self, request: Request) -> Response:
        values, user = sent(request, DraftWriter), cast("User", request.user)
        owner = get_object_or_404(possible_owners(user), code=values["owner"])
        document = _read(values["document"])
        draft = drafts.begin_draft(document=document, owner=owner, user=user, now=timezone.now())
        return Response(_shown(draft), status=201)


class ChecklistDocument(ManagerView):
    """One version whole; of a draft of one's own PUT puts another content in its place."""

    @extend_schema(responses=DocumentReader)
    def get(self, request: Request, checklist_id: UUID) -> Response:
        return Response(_shown(checklist_seen(user=cast("User", request.user), public_id=checklist_id)))

    @extend_schema(request=DocumentWriter, responses=DocumentReader)
    def put(self, request: Request, checklist_id: UUID) -> Response:
        user = cast("User", request.user)
        found = checklist_edited(user=user, public_id=checklist_id)
        values = sent(request, DocumentWriter)
        document = _read(values["document"])
        if document["code"] != found.code:
            raise InvalidInput(_("A draft keeps the short name that it was begun with."), field="document")
        changed = drafts.change_draft(
            checklist=found, edit=lambda _before: document, revision=values["revision"], user=user, now=timezone.now()
        )
        return Response(_shown(changed))


class ChecklistPublication(ManagerView):
    """Freeze a draft and put it in force on its day. What forbids it is told, and nothing is changed then."""

    @extend_schema(request=PublicationWriter, responses=DocumentReader)
    def post(self, request: Request, checklist_id: UUID) -> Response:
        user = cast("User", request.user)
        found = checklist_edited(user=user, public_id=checklist_id)
        values, today = sent(request, PublicationWriter), timezone.localdate()
        try:
            published = drafts.publish_draft(
                checklist=found,
                revision=values["revision"],
                effective_from=values.get("effective_from", today),
                today=today,
                user=user,
                now=timezone.now(),
            )
        except drafts.Unsound as refused:
            told_each = [f"{place_of(each)} · {told(each)}".removeprefix(" · ") for each in refused.problems]
            raise ValidationError({"document": told_each}) from None
        return Response(_shown(published))


def _read(given: Any) -> Document:
    try:
        return read_document(given)
    except Misshapen as refused:
        raise ValidationError({"document": [fault_told(fault) for fault in refused.faults]}) from None


def _shown(found: Checklist) -> dict[str, Any]:
    named = {name: getattr(found, name) for name in ("public_id", "code", "version", "state", "revision")}
    return dict(DocumentReader(named | {"document": document_of(found)}).data)

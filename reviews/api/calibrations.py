"""Endpoints of calibration rounds, for managers and the panel: opening, agreeing, closing, and what came of it."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.accounts.queries import organisations_reached
from qa_service.common.api import DayField, Endpoint, Whole, sent
from qa_service.common.errors import InvalidInput
from qa_service.organisations.enums import OrganisationKind
from reviews.api.holding import HolderView
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING, Anchor, CalibrationState
from reviews.models import CalibrationFile, CalibrationRound
from reviews.queries.calibration import (
    ItemDiscussed,
    cases_by_number,
    file_discussed,
    files_discussed,
    outcome_of,
    panel_candidates,
    progress_of,
    rounds_seen_by,
)
from reviews.queries.reviewers import reviewers_of
from reviews.services.calibration import (
    AgreedEntry,
    agree_on_file,
    call_off,
    close_round,
    end_marking,
    open_round,
)


class CalibrationReader(serializers.ModelSerializer[CalibrationRound]):
    """Where a round stands: forms `handed_in` of those `expected`."""

    centre = serializers.CharField(source="centre.code")
    checklist = serializers.CharField(source="checklist.code")
    expected = serializers.IntegerField()
    handed_in = serializers.IntegerField()

    class Meta:
        model = CalibrationRound
        fields = ("public_id", "name", "centre", "checklist", "due_on", "state", "expected", "handed_in")


class AlignedReader(serializers.Serializer[Any]):
    """`score`: 0 to 100, with its 95 % interval; `leaning`: points a file above the panel; `same` of `items` marks."""

    reviewer = serializers.CharField()
    files = serializers.IntegerField()
    items = serializers.IntegerField()
    same = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    leaning = serializers.FloatField()


class AlignedItemReader(serializers.Serializer[Any]):
    code = serializers.CharField()
    marks = serializers.IntegerField()
    same = serializers.IntegerField()
    leaning = serializers.FloatField()


class OutcomeReader(serializers.Serializer[Any]):
    """`thin`: too few files or reviewers to say much."""

    public_id = serializers.UUIDField()
    files = serializers.IntegerField()
    thin = serializers.BooleanField()
    reviewers = AlignedReader(many=True)
    items = AlignedItemReader(many=True)


class CalibrationWriter(Whole):
    """`files`: numbers of 2 to 20 closed cases of the centre; `readers`, three or more, and `panel`, two or more: ids
    of people."""

    centre = serializers.CharField(max_length=32)
    name = serializers.CharField(max_length=100)
    due_on = DayField()
    files = serializers.ListField(child=serializers.CharField(max_length=64), max_length=100)
    readers = serializers.ListField(child=serializers.UUIDField(), max_length=100)
    panel = serializers.ListField(child=serializers.UUIDField(), max_length=100)


class CalledOffWriter(Whole):
    reason = serializers.CharField(max_length=200)


class ReaderProgress(serializers.Serializer[Any]):
    reviewer = serializers.CharField()
    handed_in = serializers.IntegerField()
    expected = serializers.IntegerField()


class GivenMarkReader(serializers.Serializer[Any]):
    reviewer = serializers.CharField()
    anchor = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)


class DiscussedItemReader(serializers.Serializer[Any]):
    """`given`: what each marked; `anchor` and `reason`: what the panel agreed on, empty where it has not yet."""

    item = serializers.CharField()
    given = GivenMarkReader(many=True)
    anchor = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class DiscussedFileReader(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    case = serializers.CharField()
    version = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)
    items = DiscussedItemReader(many=True)


class CalibrationDetailReader(serializers.Serializer[Any]):
    """Where a round stands. `files` with everybody's marks only once the marking is over; until then it is empty."""

    public_id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.CharField()
    due_on = serializers.DateField()
    panel = serializers.ListField(child=serializers.CharField())
    progress = ReaderProgress(many=True)
    files = DiscussedFileReader(many=True)


class AgreedMarkWriter(Whole):
    item = serializers.CharField(max_length=8)
    anchor = serializers.ChoiceField(choices=Anchor.values)
    reason = serializers.CharField(max_length=500)


class AgreementWriter(Whole):
    """All that the panel has agreed on of a file so far: an item that is not sent is not agreed on."""

    version = serializers.IntegerField(min_value=0)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    items = AgreedMarkWriter(many=True)


class CalibrationList(ListAPIView[CalibrationRound]):
    """Rounds of the manager's subtree, and those on whose panel one sits; a manager opens another."""

    permission_classes = (HasRole.of(Role.REVIEWER, *MANAGING),)
    serializer_class = CalibrationReader
    queryset = CalibrationRound.objects.none()

    def get_queryset(self) -> Any:
        return rounds_seen_by(cast("User", self.request.user))

    @extend_schema(request=CalibrationWriter, responses={201: CalibrationReader})
    def post(self, request: Request) -> Response:
        user = cast("User", request.user)
        if not user.has_role(*MANAGING):
            raise PermissionDenied
        values = sent(request, CalibrationWriter)
        centres = organisations_reached(user, *MANAGING).filter(kind=OrganisationKind.CENTRE)
        centre = get_object_or_404(centres, code=values["centre"])
        cases = cases_by_number(centre, values["files"], user)
        unknown = [number for number in values["files"] if number not in cases]
        if unknown:
            message = _("No closed case of this centre that you may see has this number: %(numbers)s")
            raise InvalidInput(message % {"numbers": _(", ").join(unknown)}, field="files")
        opened = open_round(
            centre=centre,
            name=values["name"],
            due_on=values["due_on"],
            cases=list({cases[number].pk: cases[number] for number in values["files"]}.values()),
            readers=_named(reviewers_of(centre), values["readers"], field="readers"),
            panel=_named(panel_candidates(centre), values["panel"], field="panel"),
            user=user,
            now=timezone.now(),
        )
        return Response(CalibrationReader(rounds_seen_by(user).get(pk=opened.pk)).data, status=201)


def _named(people: Iterable[User], wanted: Iterable[UUID], *, field: str) -> list[User]:
    known = {person.public_id: person for person in people}
    found = dict.fromkeys(wanted)
    if not found.keys() <= known.keys():
        raise InvalidInput(_("One of these people neither reviews for the centre nor manages it."), field=field)
    return [known[each] for each in found]


class RoundDoor(Endpoint):
    """For who manages the round, and its panel."""

    permission_classes = (HasRole.of(Role.REVIEWER, *MANAGING),)

    def seen(self, request: Request, round_id: UUID) -> CalibrationRound:
        rows = CalibrationRound.objects.visible_to(request.user).select_related("checklist", "centre__settings")
        found: CalibrationRound = get_object_or_404(rows, public_id=round_id)
        return found


class CalibrationDetail(RoundDoor):
    """How far a round has come, and once its marking is over everybody's marks beside what the panel agreed on."""

    @extend_schema(responses=CalibrationDetailReader)
    def get(self, request: Request, round_id: UUID) -> Response:
        return _round(self.seen(request, round_id))


class ManagedRound(ManagerView):
    def managed(self, request: Request, round_id: UUID) -> CalibrationRound:
        rows = CalibrationRound.objects.managed_by(request.user)
        found: CalibrationRound = get_object_or_404(rows, public_id=round_id)
        return found


class MarkingEnd(ManagedRound):
    """End the marking before the last has handed in: the panel sees what there is."""

    @extend_schema(request=None, responses=CalibrationDetailReader)
    def post(self, request: Request, round_id: UUID) -> Response:
        found = self.managed(request, round_id)
        return _round(end_marking(round_=found, user=cast("User", request.user), now=timezone.now()))


class CalibrationOff(ManagedRound):
    """Call a round off, and say why."""

    @extend_schema(request=CalledOffWriter, responses={204: None})
    def post(self, request: Request, round_id: UUID) -> Response:
        found = self.managed(request, round_id)
        call_off(round_=found, **sent(request, CalledOffWriter), user=cast("User", request.user), now=timezone.now())
        return Response(status=204)


class CalibrationClosing(RoundDoor):
    """Close a round for good, once every item of every file is agreed on."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, round_id: UUID) -> Response:
        found = self.seen(request, round_id)
        close_round(round_=found, user=cast("User", request.user), now=timezone.now())
        return Response(status=204)


class FileAgreement(HolderView[CalibrationFile]):
    """What the panel agrees on of one file; 409 with the version to build on if another was first."""

    permission_classes = (HasRole.of(Role.REVIEWER, *MANAGING),)

    def held(self, request: Request, public_id: UUID) -> CalibrationFile:
        rounds = CalibrationRound.objects.visible_to(request.user)
        rows = CalibrationFile.objects.filter(round__in=rounds).select_related("round__checklist", "case")
        found: CalibrationFile = get_object_or_404(rows, public_id=public_id)
        return found

    @extend_schema(request=AgreementWriter, responses=DiscussedFileReader)
    def put(self, request: Request, file_id: UUID) -> Response:
        values = self.sent(AgreementWriter, request, file_id)
        row = self.held(request, file_id)
        row.version = agree_on_file(
            file=row,
            version=values["version"],
            entries=[AgreedEntry(**entry) for entry in values["items"]],
            note=values["note"],
            user=cast("User", request.user),
            now=timezone.now(),
        ).version
        row.note = values["note"]
        return Response(DiscussedFileReader(_file(row, file_discussed(row))).data)


def _round(found: CalibrationRound) -> Response:
    shown = found.state in (CalibrationState.DISCUSSION, CalibrationState.CLOSED)
    told = {
        "public_id": found.public_id,
        "name": found.name,
        "state": found.state,
        "due_on": found.due_on,
        "panel": [str(row.person) for row in found.panelists.select_related("person").order_by("pk")],
        "progress": [
            {"reviewer": person, "handed_in": done, "expected": expected}
            for person, done, expected in progress_of(found)
        ],
        "files": [_file(each.file, each.items) for each in files_discussed(found)] if shown else [],
    }
    return Response(CalibrationDetailReader(told).data)


def _file(file: CalibrationFile, items: Iterable[ItemDiscussed]) -> dict[str, Any]:
    return {
        "public_id": file.public_id,
        "case": file.case.number,
        "version": file.version,
        "note": file.note,
        "items": [
            {
                "item": item.code,
                "given": [
                    {
                        "reviewer": mark.person,
                        "anchor": mark.anchor_value,
                        "reason": mark.reason,
                        "comment": mark.comment,
                    }
                    for mark in item.given
                ],
                "anchor": item.anchor,
                "reason": item.reason,
            }
            for item in items
        ],
    }


class Outcome(RoundDoor):
    """Of a closed round, how near each reviewer came to the panel, and item by item; 404 until it is closed."""

    @extend_schema(responses=OutcomeReader)
    def get(self, request: Request, round_id: UUID) -> Response:
        found = self.seen(request, round_id)
        if found.state != CalibrationState.CLOSED:
            raise Http404
        outcome = outcome_of(found)
        told = {
            "public_id": found.public_id,
            "files": outcome.aligned.files,
            "thin": outcome.aligned.thin,
            "reviewers": [
                {
                    "reviewer": line.person,
                    "files": line.aligned.files,
                    "items": line.aligned.same.whole,
                    "same": line.aligned.same.part,
                    "score": line.aligned.alignment.score,
                    "low": line.aligned.alignment.interval.low if line.aligned.alignment.interval else None,
                    "high": line.aligned.alignment.interval.high if line.aligned.alignment.interval else None,
                    "leaning": line.aligned.leaning,
                }
                for line in outcome.readers
            ],
            "items": [
                {
                    "code": line.aligned.code,
                    "marks": line.aligned.same.whole,
                    "same": line.aligned.same.part,
                    "leaning": line.aligned.leaning,
                }
                for line in outcome.items
            ],
        }
        return Response(OutcomeReader(told).data)

"""The figures of reviewing as they go over the wire: read alone."""

from typing import Any

from django.core.paginator import Paginator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews.queries.overview.told import Overview

LAWYERS_A_PAGE = 100


class ProgressRead(serializers.Serializer[Any]):
    """Files drawn; of them given out, read and released."""

    drawn = serializers.IntegerField(read_only=True)
    given = serializers.IntegerField(read_only=True)
    read = serializers.IntegerField(read_only=True)
    released = serializers.IntegerField(read_only=True)


class SampleProgressRead(serializers.Serializer[Any]):
    sample = serializers.UUIDField(source="sample_id", read_only=True)
    centre = serializers.CharField(read_only=True)
    drawn_at = serializers.DateTimeField(read_only=True)
    progress = ProgressRead(read_only=True)


class ProgressOfAllRead(serializers.Serializer[Any]):
    """`number` of samples, of which `samples` holds the newest; `whole` is of all."""

    number = serializers.IntegerField(read_only=True)
    whole = ProgressRead(read_only=True)
    samples = SampleProgressRead(many=True, read_only=True)


class PersonsFilesRead(serializers.Serializer[Any]):
    """What somebody has to read now; `first_due`: since when the file is overdue that is so the longest."""

    person = serializers.UUIDField(source="person_id", read_only=True)
    name = serializers.CharField(source="person", read_only=True)
    open = serializers.IntegerField(read_only=True)
    overdue = serializers.IntegerField(read_only=True)
    first_due = serializers.DateField(read_only=True, allow_null=True)


class GradeCountRead(serializers.Serializer[Any]):
    """Files with this grade; per cent to one place, with the 95 % interval."""

    grade = serializers.CharField(read_only=True)
    files = serializers.IntegerField(source="share.part", read_only=True)
    percent = serializers.CharField(source="share.percent", read_only=True, allow_null=True)
    low = serializers.CharField(source="share.low_percent", read_only=True, allow_null=True)
    high = serializers.CharField(source="share.high_percent", read_only=True, allow_null=True)


class GradesLineRead(serializers.Serializer[Any]):
    """Of one type of case, or of all together where `case_type` is empty; `mean` is of the scores."""

    case_type = serializers.CharField(source="code", read_only=True)
    files = serializers.IntegerField(read_only=True)
    mean = serializers.CharField(read_only=True)
    grades = GradeCountRead(many=True, read_only=True)


class ItemLossRead(serializers.Serializer[Any]):
    """`lost`: whole per cent of full marks over the `files` to which the item applied; null below five files."""

    files = serializers.IntegerField(read_only=True)
    lost = serializers.IntegerField(read_only=True, allow_null=True)


class LawyersLossRead(serializers.Serializer[Any]):
    """`items` in the order of the map's `codes`."""

    lawyer = serializers.CharField(read_only=True)
    whole = ItemLossRead(read_only=True)
    items = ItemLossRead(many=True, read_only=True)


class LossesRead(serializers.Serializer[Any]):
    """Items the costliest first; lawyers with five files or more first, whoever lost the most at the top."""

    checklist = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    codes = serializers.ListField(child=serializers.CharField(), read_only=True)
    whole = ItemLossRead(read_only=True)
    items = ItemLossRead(many=True, read_only=True)
    lawyers = LawyersLossRead(many=True, read_only=True)
    pages = serializers.IntegerField(read_only=True)


class OverviewRead(serializers.Serializer[Any]):
    """What the page shows, without files that the reader or their firm handled."""

    as_of = serializers.DateTimeField(read_only=True)
    finding = serializers.CharField(read_only=True)
    progress = ProgressOfAllRead(read_only=True)
    people = PersonsFilesRead(many=True, read_only=True)
    grades = GradesLineRead(many=True, read_only=True)
    losses = serializers.SerializerMethodField()

    @extend_schema_field(LossesRead(allow_null=True))
    def get_losses(self, found: Overview) -> Any:
        """One page of lawyers, of the list that was asked for."""
        if found.chosen is None or found.losses is None:
            return None
        pages = Paginator(found.losses.map.lawyers, LAWYERS_A_PAGE)
        losses = found.losses.of(tuple(pages.get_page(self.context.get("page")).object_list))
        everybody = losses.map.all
        body = {
            "checklist": found.chosen.checklist.public_id,
            "name": found.chosen.name,
            "codes": losses.map.codes,
            "whole": everybody.whole,
            "items": everybody.items,
            "lawyers": [{"lawyer": name, "whole": each.whole, "items": each.items} for name, each in losses.lawyers],
            "pages": pages.num_pages,
        }
        return LossesRead(body).data

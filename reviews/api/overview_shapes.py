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
    """`lost`: whole per cent of full marks over the `files` to which the item applied; null below five files. `docked`:
    how many of them lost any; null over all items together."""

    files = serializers.IntegerField(read_only=True)
    lost = serializers.IntegerField(read_only=True, allow_null=True)
    docked = serializers.IntegerField(read_only=True, allow_null=True)


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


class AroundRead(serializers.Serializer[Any]):
    """A figure with its 95 % interval."""

    value = serializers.FloatField(read_only=True)
    low = serializers.FloatField(read_only=True)
    high = serializers.FloatField(read_only=True)


class CoefficientRead(serializers.Serializer[Any]):
    """1 is full agreement, 0 what chance gives; null where all marks are the same."""

    units = serializers.IntegerField(read_only=True)
    value = serializers.FloatField(read_only=True, allow_null=True)
    low = serializers.FloatField(read_only=True, allow_null=True)
    high = serializers.FloatField(read_only=True, allow_null=True)


class ItemAgreesRead(serializers.Serializer[Any]):
    """Of `files` marked by two the `same`; coefficients are null below twenty files."""

    code = serializers.CharField(source="item.code", read_only=True)
    files = serializers.IntegerField(source="item.same.whole", read_only=True)
    same = serializers.IntegerField(source="item.same.part", read_only=True)
    kappa = CoefficientRead(source="item.kappa", read_only=True, allow_null=True)
    alpha = CoefficientRead(source="item.alpha", read_only=True, allow_null=True)


class LimitsRead(serializers.Serializer[Any]):
    mean = AroundRead(read_only=True)
    lower = AroundRead(read_only=True)
    upper = AroundRead(read_only=True)


class TotalsAgreeRead(serializers.Serializer[Any]):
    """Of `files` read by two: the same grade, at most 8 points apart; `limits` of agreement from twenty files on."""

    files = serializers.IntegerField(read_only=True)
    same_grade = serializers.IntegerField(source="same_band.part", read_only=True)
    within = serializers.IntegerField(source="within.part", read_only=True)
    limits = LimitsRead(read_only=True, allow_null=True)


class LeniencyRead(serializers.Serializer[Any]):
    """Points above (milder) or below the mean of those who read the same files."""

    points = serializers.FloatField(read_only=True)
    interval = AroundRead(read_only=True, allow_null=True)
    shared = serializers.IntegerField(read_only=True)


class PersonsLeniencyRead(serializers.Serializer[Any]):
    """Only within a `group` can people be set beside each other."""

    name = serializers.CharField(source="person", read_only=True)
    group = serializers.IntegerField(source="leniency.group", read_only=True)
    leniency = LeniencyRead(read_only=True)


class AgreementRead(serializers.Serializer[Any]):
    """`apart`: some share no file with the others. `people` is empty where there is too little to say."""

    totals = TotalsAgreeRead(source="agree.totals", read_only=True)
    apart = serializers.BooleanField(source="agree.apart", read_only=True)
    alone = serializers.ListField(child=serializers.CharField(), read_only=True)
    people = PersonsLeniencyRead(many=True, read_only=True)
    items = ItemAgreesRead(many=True, read_only=True)


class OwnAgreementRead(serializers.Serializer[Any]):
    """Of the reviewer alone; nobody else is named."""

    totals = TotalsAgreeRead(source="agree.totals", read_only=True)
    leniency = LeniencyRead(source="agree.leniency", read_only=True, allow_null=True)
    items = ItemAgreesRead(many=True, read_only=True)


class OverviewRead(serializers.Serializer[Any]):
    """What the page shows, without files that the reader or their firm handled."""

    as_of = serializers.DateTimeField(read_only=True)
    finding = serializers.CharField(read_only=True)
    progress = ProgressOfAllRead(read_only=True)
    people = PersonsFilesRead(many=True, read_only=True)
    grades = GradesLineRead(many=True, read_only=True)
    losses = serializers.SerializerMethodField()
    agreement = AgreementRead(read_only=True)

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

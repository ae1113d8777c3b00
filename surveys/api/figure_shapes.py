"""The lines of the figures of asking as they go over the wire: read alone."""

from typing import Any

from rest_framework import serializers


class AboutRead(serializers.Serializer[Any]):
    """Of whom the figures speak, in words."""

    centre = serializers.CharField(read_only=True)
    period = serializers.CharField(read_only=True)
    case_type = serializers.CharField(read_only=True)
    as_of = serializers.DateTimeField(read_only=True)


class RateRead(serializers.Serializer[Any]):
    """`part` of `whole`; per cent to one place, with the 95 % interval; null where there is no whole."""

    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    of = serializers.CharField(read_only=True)
    part = serializers.IntegerField(source="share.part", read_only=True)
    whole = serializers.IntegerField(source="share.whole", read_only=True)
    percent = serializers.CharField(source="share.percent", read_only=True, allow_null=True)
    low = serializers.CharField(source="share.low_percent", read_only=True, allow_null=True)
    high = serializers.CharField(source="share.high_percent", read_only=True, allow_null=True)


class StepRead(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    count = serializers.IntegerField(read_only=True)
    of_first = serializers.CharField(read_only=True, allow_null=True)
    of_before = serializers.CharField(read_only=True, allow_null=True)


class LossRead(serializers.Serializer[Any]):
    """Why follow-ups that passed the step `after` have no answer; `still_open`: it may still come."""

    code = serializers.CharField(read_only=True)
    after = serializers.CharField(source="after_code", read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    count = serializers.IntegerField(read_only=True)
    still_open = serializers.BooleanField(read_only=True)


class WayRead(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    steps = StepRead(many=True, read_only=True)
    losses = LossRead(many=True, read_only=True)


class FunnelRead(serializers.Serializer[Any]):
    """From closed cases to finished answers: `all` is one line through every way, the others are each way by itself."""

    about = AboutRead(read_only=True)
    finding = serializers.CharField(read_only=True)
    rates = RateRead(many=True, read_only=True)
    ways = WayRead(many=True, read_only=True)


class BehindRead(serializers.Serializer[Any]):
    """One follow-up behind a number, or a case that has none (`invited_at` null). Never an answer."""

    case = serializers.UUIDField(source="case_id", read_only=True)
    case_number = serializers.CharField(source="number", read_only=True)
    centre = serializers.CharField(read_only=True)
    closed_on = serializers.DateField(read_only=True, allow_null=True)
    invited_at = serializers.DateTimeField(read_only=True, allow_null=True)
    channel = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)


class BehindPageRead(serializers.Serializer[Any]):
    rows = BehindRead(many=True, read_only=True)
    after = serializers.IntegerField(read_only=True, allow_null=True)


class PartRead(serializers.Serializer[Any]):
    value = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    count = serializers.IntegerField(read_only=True)
    percent = serializers.CharField(read_only=True)
    side = serializers.CharField(read_only=True)


class ShareRead(serializers.Serializer[Any]):
    part = serializers.IntegerField(read_only=True)
    whole = serializers.IntegerField(read_only=True)
    percent = serializers.CharField(read_only=True, allow_null=True)
    low = serializers.CharField(source="low_percent", read_only=True, allow_null=True)
    high = serializers.CharField(source="high_percent", read_only=True, allow_null=True)


class AnswerLineRead(serializers.Serializer[Any]):
    """`n` opinions, `none` without one, `silent` not asked or left open; `parts` is empty below five opinions."""

    way = serializers.CharField(source="code", read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    n = serializers.IntegerField(read_only=True)
    none = serializers.IntegerField(read_only=True)
    silent = serializers.IntegerField(read_only=True)
    parts = PartRead(many=True, read_only=True)
    favourable = ShareRead(read_only=True, allow_null=True)


class QuestionRead(serializers.Serializer[Any]):
    """One question as the versions that ask it alike put it; `differs` is a sentence where the ways differ."""

    code = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    versions = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    begins_anew = serializers.BooleanField(read_only=True)
    differs = serializers.CharField(read_only=True)
    favourable = serializers.CharField(read_only=True)
    lines = AnswerLineRead(many=True, read_only=True)


class VersionRead(serializers.Serializer[Any]):
    number = serializers.IntegerField(read_only=True)
    published_on = serializers.DateField(read_only=True, allow_null=True)


class AnswersRead(serializers.Serializer[Any]):
    """`money` counts matters about money that the user sees to; null for whom they are sealed."""

    about = AboutRead(read_only=True)
    questionnaire = serializers.CharField(source="key", read_only=True)
    title = serializers.CharField(read_only=True)
    versions = VersionRead(many=True, read_only=True)
    responses = serializers.IntegerField(read_only=True)
    finding = serializers.CharField(read_only=True)
    rates = RateRead(many=True, read_only=True)
    questions = QuestionRead(many=True, read_only=True)
    money = serializers.IntegerField(read_only=True, allow_null=True)


class GroupRead(serializers.Serializer[Any]):
    """One group beside all others; `flag` is a sentence where it is clearly less heard. `rest`: small ones together."""

    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    begun = serializers.IntegerField(read_only=True)
    reached = ShareRead(read_only=True)
    answered = ShareRead(read_only=True)
    of_reached = ShareRead(read_only=True)
    of_unreached = ShareRead(read_only=True)
    flag = serializers.CharField(read_only=True)


class DimensionRead(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    lines = GroupRead(many=True, read_only=True)


class HeardRead(serializers.Serializer[Any]):
    """Of follow-ups that are over; `told` are sentences about groups that are clearly less heard."""

    about = AboutRead(read_only=True)
    finding = serializers.CharField(read_only=True)
    told = serializers.ListField(child=serializers.CharField(), read_only=True)
    begun = serializers.IntegerField(read_only=True)
    still_open = serializers.IntegerField(read_only=True)
    rates = RateRead(many=True, read_only=True)
    dimensions = DimensionRead(many=True, read_only=True)


class ActRead(serializers.Serializer[Any]):
    label = serializers.CharField(source="0", read_only=True)  # type: ignore[assignment]  # as above
    count = serializers.IntegerField(source="1", read_only=True)


class CostLineRead(serializers.Serializer[Any]):
    """Null is not known, never nothing; with `at_least` some price, with `minutes_at_least` some time is not known."""

    way = serializers.CharField(source="code", read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # of our lines, not of the field
    acts = ActRead(many=True, read_only=True)
    answered = serializers.IntegerField(read_only=True)
    money = serializers.CharField(read_only=True, allow_null=True)
    at_least = serializers.BooleanField(read_only=True)
    per_answer = serializers.CharField(read_only=True, allow_null=True)
    minutes = serializers.IntegerField(read_only=True, allow_null=True)
    minutes_at_least = serializers.BooleanField(read_only=True)
    minutes_per_answer = serializers.CharField(read_only=True, allow_null=True)
    not_known = serializers.CharField(read_only=True)


class CostsRead(serializers.Serializer[Any]):
    about = AboutRead(read_only=True)
    currency = serializers.CharField(read_only=True)
    finding = serializers.CharField(read_only=True)
    lines = CostLineRead(many=True, read_only=True)

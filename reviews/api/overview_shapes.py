"""The figures of reviewing as they go over the wire: read alone."""

from typing import Any

from rest_framework import serializers


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


class OverviewRead(serializers.Serializer[Any]):
    """What the page shows, without files that the reader or their firm handled."""

    as_of = serializers.DateTimeField(read_only=True)
    finding = serializers.CharField(read_only=True)
    progress = ProgressOfAllRead(read_only=True)
    people = PersonsFilesRead(many=True, read_only=True)

"""What goes over the wire: read and write apart, unknown keys refused."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from qa_service.cases.enums import CaseType, ClientGroup, ContactReason, FaultReason, Gender, ImportState, Stage
from qa_service.cases.models import Case, CoClient, Import, ImportFault
from qa_service.common.api import DayField, Whole
from qa_service.organisations.enums import FirmKind


class CaseClientRead(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone_masked = serializers.CharField()
    group = serializers.ChoiceField(choices=ClientGroup.choices)


class CaseContactRead(serializers.Serializer[Any]):
    sms_allowed = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=ContactReason.choices, allow_blank=True)
    needs_safety_check = serializers.BooleanField()
    guardian_only = serializers.BooleanField()


class CaseRead(serializers.ModelSerializer[Case]):
    """A case with the person behind it, for staff; the number is masked."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    station = serializers.CharField(source="station.name", read_only=True, default=None, allow_null=True)
    lawyer = serializers.CharField(source="lawyer.name", read_only=True)
    licence_number = serializers.CharField(source="lawyer.licence_number", read_only=True)
    firm = serializers.CharField(source="firm.name", read_only=True)
    client = CaseClientRead(read_only=True)
    contact = CaseContactRead(source="client.contact_plan", read_only=True)

    class Meta:
        model = Case
        fields = (
            "id", "centre", "number", "case_type", "cause", "stage", "station", "lawyer", "licence_number", "firm",
            "organ", "organ_number", "accepted_on", "decided_on", "assigned_on", "closed_on", "hearing_on",
            "judgment_received_on", "filed_on", "subsidy_paid_on",
            "outcome", "recovered_amount", "people_helped", "client", "contact", "first_seen_at",
            "revision", "survey_released_at",
        )  # fmt: skip
        read_only_fields = fields


def as_cells(given: Mapping[str, Any]) -> dict[str, Any]:
    """Validated fields as a row of a file would hold them."""
    cells = dict(given)
    cells["sms_consent"] = "yes" if cells["sms_consent"] else "no"
    for name in ("people_helped", "age", "recovered_amount"):
        if cells.get(name) is not None:
            cells[name] = str(cells[name])
    return cells


class CaseWrite(Whole):
    """One case as the case system knows it. The same rules hold as for a row of a file."""

    case_type = serializers.ChoiceField(choices=CaseType.choices)
    cause = serializers.CharField(max_length=100, required=False, allow_blank=True)
    stage = serializers.ChoiceField(choices=Stage.choices)
    client_name = serializers.CharField(max_length=100)
    people_helped = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    gender = serializers.ChoiceField(choices=Gender.choices, required=False, allow_blank=True)
    age = serializers.IntegerField(min_value=0, max_value=120, required=False, allow_null=True)
    group = serializers.ChoiceField(choices=ClientGroup.choices, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    sms_consent = serializers.BooleanField(default=False)
    contact_note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    lawyer_name = serializers.CharField(max_length=50)
    licence_number = serializers.CharField(max_length=32)
    firm_name = serializers.CharField(max_length=100)
    firm_kind = serializers.ChoiceField(choices=FirmKind.choices)
    station_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    organ = serializers.CharField(max_length=100, required=False, allow_blank=True)
    organ_number = serializers.CharField(max_length=100, required=False, allow_blank=True)
    accepted_on = DayField()
    decided_on = DayField(required=False, allow_null=True)
    assigned_on = DayField(required=False, allow_null=True)
    # Empty: the case is under way. Only centres that take such cases in may leave it so.
    closed_on = DayField(required=False, allow_null=True)
    hearing_on = DayField(required=False, allow_null=True)
    judgment_received_on = DayField(required=False, allow_null=True)
    filed_on = DayField(required=False, allow_null=True)
    subsidy_paid_on = DayField(required=False, allow_null=True)
    outcome = serializers.CharField(max_length=40, required=False, allow_blank=True)
    recovered_amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False)

    def cells(self) -> dict[str, Any]:
        return as_cells(self.validated_data)


class CoClientRead(serializers.ModelSerializer[CoClient]):
    """A further client of a case; the number is masked."""

    id = serializers.UUIDField(source="client.public_id", read_only=True)
    name = serializers.CharField(source="client.name", read_only=True)
    phone_masked = serializers.CharField(source="client.phone_masked", read_only=True)
    contact = CaseContactRead(source="client.contact_plan", read_only=True)

    class Meta:
        model = CoClient
        fields = ("id", "name", "phone_masked", "contact", "added_at")
        read_only_fields = fields


class CoClientWrite(Whole):
    """A person whom the case helped, beside the one whom the export names. The rules are those of a file's row."""

    client_name = serializers.CharField(max_length=100)
    gender = serializers.ChoiceField(choices=Gender.choices, required=False, allow_blank=True)
    age = serializers.IntegerField(min_value=0, max_value=120, required=False, allow_null=True)
    group = serializers.ChoiceField(choices=ClientGroup.choices, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    sms_consent = serializers.BooleanField(default=False)
    contact_note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    township = serializers.CharField(max_length=40, required=False, allow_blank=True)
    dialect = serializers.CharField(max_length=40, required=False, allow_blank=True)

    def cells(self) -> dict[str, Any]:
        return as_cells(self.validated_data)


class TakeOffWrite(Whole):
    why = serializers.CharField(max_length=200)


class CasePut(serializers.Serializer[Any]):
    """`changed` is false when the case already stood exactly so."""

    created = serializers.BooleanField()
    changed = serializers.BooleanField()
    oddities = serializers.ListField(child=serializers.CharField())
    case = CaseRead()


class ImportUpload(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)
    dry_run = serializers.BooleanField(default=False)


class FaultRead(serializers.ModelSerializer[ImportFault]):
    """`value` is the cell at fault, or where the row itself is, what is wrong with it."""

    value = serializers.CharField(source="told", read_only=True)
    reason = serializers.ChoiceField(choices=FaultReason.choices, read_only=True)

    class Meta:
        model = ImportFault
        fields = ("line", "column", "reason", "value")
        read_only_fields = fields


class ImportRead(serializers.ModelSerializer[Import]):
    """How an import stands; `faults` lists the refused rows once it has run."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    url = serializers.SerializerMethodField()
    centre = serializers.CharField(source="centre.code", read_only=True)
    state = serializers.ChoiceField(choices=ImportState.choices, read_only=True)
    new = serializers.IntegerField(source="new_count", read_only=True)
    updated = serializers.IntegerField(source="updated_count", read_only=True)
    unchanged = serializers.IntegerField(source="unchanged_count", read_only=True)
    refused = serializers.IntegerField(source="refused_count", read_only=True)
    ignored_columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    oddities = serializers.SerializerMethodField()
    faults = FaultRead(many=True, read_only=True)

    class Meta:
        model = Import
        fields = (
            "id", "url", "centre", "state", "dry_run", "new", "updated", "unchanged", "refused", "expected_rows",
            "ignored_columns", "oddities", "failure", "created_at", "finished_at", "faults",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.URLField())
    def get_url(self, job: Import) -> str:
        return str(reverse("api-import", args=[job.public_id], request=self.context.get("request")))

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_oddities(self, job: Import) -> dict[str, int]:
        return {code: count for code, (count, _lines) in job.oddities.items()}

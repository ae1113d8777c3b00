"""A published plan for the time while a case runs cannot be changed, only ended, and that once."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

CONTENT = unchanged(
    "centre_id", "occasion", "version", "questionnaire_key", "days", "contact_days", "closes_after_days",
    "late_until_days", "ways", "starts_on", "published_at", "published_by_id",
)  # fmt: skip
GUARDS = (
    (
        "mid_case_plan_frozen",
        "UPDATE",
        "surveys_midcaseplan",
        f"NOT ({CONTENT}) OR OLD.ended_at IS NOT NULL AND NOT ({unchanged('ended_at')})",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0023_mid_case_plans")]

    operations = [row_guards("surveys", GUARDS, message="a published plan is frozen")]

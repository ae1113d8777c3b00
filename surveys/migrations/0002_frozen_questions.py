"""A published questionnaire, a published plan and what the lot said cannot be changed, not even by us.

A plan can be ended, and that once.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

CONTENT = unchanged(
    "key", "version", "audience", "owner_id", "title_zh", "title_en", "title_further", "languages", "texts",
    "published_at",
)  # fmt: skip
OF_FROZEN = "EXISTS (SELECT 1 FROM surveys_questionnaire n WHERE n.id = NEW.questionnaire_id AND n.state <> 'draft')"
OF_FROZEN_QUESTION = (
    "EXISTS (SELECT 1 FROM surveys_question q JOIN surveys_questionnaire n ON n.id = q.questionnaire_id "
    "WHERE q.id = NEW.question_id AND n.state <> 'draft')"
)
PLAN = unchanged(
    "centre_id", "occasion", "version", "questionnaire_key", "days", "contact_days", "closes_after_days",
    "late_until_days", "ways", "starts_on", "published_at", "published_by_id",
)  # fmt: skip

# (name, event, table, condition under which the write is refused)
QUESTIONNAIRES = (
    (
        "questionnaire_frozen",
        "UPDATE",
        "surveys_questionnaire",
        f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR NOT ({CONTENT}))",
    ),
    ("question_frozen_insert", "INSERT", "surveys_question", OF_FROZEN),
    ("question_frozen_update", "UPDATE", "surveys_question", OF_FROZEN),
    ("choice_frozen_insert", "INSERT", "surveys_choice", OF_FROZEN_QUESTION),
    ("choice_frozen_update", "UPDATE", "surveys_choice", OF_FROZEN_QUESTION),
)
PLANS = (
    (
        "mid_case_plan_frozen",
        "UPDATE",
        "surveys_midcaseplan",
        f"NOT ({PLAN}) OR OLD.ended_at IS NOT NULL AND NOT ({unchanged('ended_at')})",
    ),
)
LOTS = (
    ("drawn_frozen", "UPDATE", "surveys_drawnclient", "OLD.id IS NOT NULL"),
    ("drawn_no_delete", "DELETE", "surveys_drawnclient", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    replaces = [("surveys", "0009_freeze_questionnaires"), ("surveys", "0024_freeze_mid_case_plans")]

    dependencies = [("surveys", "0001_tables")]

    operations = [
        row_guards("surveys", QUESTIONNAIRES, message="a published questionnaire is frozen"),
        row_guards("surveys", PLANS, message="a published plan is frozen"),
        row_guards("surveys", LOTS, message="what the lot said is frozen"),
    ]

"""A published questionnaire cannot be changed, not even by us: triggers refuse it on both databases.

A later migration that rebuilds one of these tables on SQLite must drop the triggers first and install them again.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

MESSAGE = "a published questionnaire is frozen"


CONTENT = unchanged(
    "key", "version", "audience", "owner_id", "title_zh", "title_en", "title_further", "languages", "texts",
    "published_at",
)  # fmt: skip
OF_FROZEN = "EXISTS (SELECT 1 FROM surveys_questionnaire n WHERE n.id = NEW.questionnaire_id AND n.state <> 'draft')"
OF_FROZEN_QUESTION = (
    "EXISTS (SELECT 1 FROM surveys_question q JOIN surveys_questionnaire n ON n.id = q.questionnaire_id "
    "WHERE q.id = NEW.question_id AND n.state <> 'draft')"
)

# (name, event, table, condition under which the write is refused)
GUARDS = (
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


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_questionnaire_drafts")]

    operations = [row_guards("surveys", GUARDS, message=MESSAGE)]

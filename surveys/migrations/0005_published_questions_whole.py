"""What stands in a published questionnaire stays in it, and neither it nor its questions can be deleted."""

from django.db import migrations

from qa_service.common.row_guards import row_guards

OF_FROZEN = "EXISTS (SELECT 1 FROM surveys_questionnaire n WHERE n.id = OLD.questionnaire_id AND n.state <> 'draft')"
OF_FROZEN_QUESTION = (
    "EXISTS (SELECT 1 FROM surveys_question q JOIN surveys_questionnaire n ON n.id = q.questionnaire_id "
    "WHERE q.id = OLD.question_id AND n.state <> 'draft')"
)

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("question_stays", "UPDATE", "surveys_question", OF_FROZEN),
    ("choice_stays", "UPDATE", "surveys_choice", OF_FROZEN_QUESTION),
    ("questionnaire_no_delete", "DELETE", "surveys_questionnaire", "OLD.state <> 'draft'"),
    ("question_no_delete", "DELETE", "surveys_question", OF_FROZEN),
    ("choice_no_delete", "DELETE", "surveys_choice", OF_FROZEN_QUESTION),
)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_told_after_the_end")]

    operations = [row_guards("surveys", GUARDS, message="a published questionnaire is frozen")]

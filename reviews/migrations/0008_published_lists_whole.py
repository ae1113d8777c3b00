"""What stands in a published list stays in it, and a published list is no draft again: else it could be changed there."""

from django.db import migrations

from qa_service.common.row_guards import row_guards

OF_FROZEN_LIST = "EXISTS (SELECT 1 FROM reviews_checklist c WHERE c.id = OLD.checklist_id AND c.state <> 'draft')"

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("checklist_stays_published", "UPDATE", "reviews_checklist", "OLD.state <> 'draft' AND NEW.state = 'draft'"),
    ("section_stays", "UPDATE", "reviews_section", OF_FROZEN_LIST),
    ("item_stays", "UPDATE", "reviews_item", OF_FROZEN_LIST),
    ("veto_stays", "UPDATE", "reviews_veto", OF_FROZEN_LIST),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_adoption_ledger")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]

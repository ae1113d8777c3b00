"""What a reviewer declared of themselves stays: it is taken back once, and neither changed nor deleted."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

DECLARED = unchanged("id", "reviewer_id", "lawyer_id", "firm_id", "declared_at")
# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("relation_frozen", "UPDATE", "reviews_relation", f"OLD.taken_back_at IS NOT NULL OR NOT ({DECLARED})"),
    ("relation_no_delete", "DELETE", "reviews_relation", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0014_relations_taken_back")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]

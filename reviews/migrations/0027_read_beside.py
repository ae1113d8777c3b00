"""Who read beside whom of late is found by the reader, however many files others have read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0026_objection_pages")]

    operations = [
        migrations.AddIndex(
            "assignment",
            models.Index(
                fields=["reviewer", "assigned_at"],
                condition=models.Q(("order__gt", 1), ("state__in", ("open", "submitted"))),
                name="assignment_beside",
            ),
        ),
    ]

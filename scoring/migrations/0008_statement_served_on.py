"""The day on which a lawyer without an account was handed the paper, never changed afterwards."""

from django.db import migrations, models

from qa_service.common.row_guards import row_guards


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_considering")]

    operations = [
        migrations.AddField("statement", "served_on", models.DateField(blank=True, null=True)),
        row_guards(
            "scoring",
            [("statement_service_frozen", "UPDATE", "scoring_statement", "NEW.served_on IS DISTINCT FROM OLD.served_on")],
            message="what was said and decided is never changed",
        ),
    ]

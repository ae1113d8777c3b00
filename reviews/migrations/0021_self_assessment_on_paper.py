"""The day on which a firm's marks came on paper: empty where it marked them itself, and it stands with them."""

from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged

GUARDS = (
    (
        "self_assessment_paper_day",
        "UPDATE",
        "reviews_selfassessment",
        f"OLD.state <> 'open' AND NOT ({unchanged('received_on')})",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0020_hearings_put_off")]

    operations = [
        migrations.AddField("selfassessment", "received_on", models.DateField(blank=True, null=True)),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]

"""Danger from the centre's own people is the bureau's, beside one from somebody else, which is the centre's: one each."""

from django.db import migrations, models

OPEN = ~models.Q(state="closed")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0012_matters_with_the_bureau")]

    operations = [
        migrations.RemoveConstraint(model_name="alert", name="alert_open_once_per_conversation_and_kind"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=OPEN & ~models.Q(kind="danger"),
                name="alert_open_once_per_conversation_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=["conversation", "for_bureau"],
                condition=OPEN & models.Q(kind="danger"),
                name="alert_danger_open_once_for_each",
            ),
        ),
    ]

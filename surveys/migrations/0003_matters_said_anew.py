"""What a client says anew once their matter was closed is a matter of its own: one that is open, of each kind."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("surveys", "0002_frozen_questions")]

    operations = [
        migrations.RemoveConstraint(model_name="alert", name="alert_once_per_conversation_and_kind"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=models.Q(("state", "closed"), _negated=True),
                name="alert_open_once_per_conversation_and_kind",
            ),
        ),
    ]

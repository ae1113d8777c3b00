"""Asked of every row of each list: is this client left to the bureau?"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0011_told_and_taken_back")]

    operations = [
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["case"], condition=models.Q(for_bureau=True), name="alert_with_the_bureau"),
        ),
    ]

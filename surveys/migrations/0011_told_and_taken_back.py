"""What a form was told and was taken back before anybody saw to it: kinds of matters, for the sweep to open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0010_way_of_each_answer")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="taken_back",
            field=models.JSONField(blank=True, null=True),
        ),
    ]

"""An upheld appeal that put the marks in question asks for a reader whatever the grade comes to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_deceased_people")]

    operations = [
        migrations.AddField("readerrequest", "for_appeal", models.BooleanField(blank=True, null=True)),
    ]

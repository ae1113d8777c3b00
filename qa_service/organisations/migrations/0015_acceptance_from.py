"""From which day of closing a centre accepts files here."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0014_postal_address'),
    ]

    operations = [
        migrations.AddField(
            model_name='centresettings',
            name='acceptance_from',
            field=models.DateField(blank=True, help_text='Files of cases closed earlier are history. Empty: as the first day of closing asked about.', null=True, verbose_name='First day of closing whose files are accepted here'),
        ),
    ]

"""How many clients of one case are asked."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0006_records_bound'),
    ]

    operations = [
        migrations.AddField(
            model_name='centresettings',
            name='clients_asked_a_case',
            field=models.PositiveSmallIntegerField(default=3, help_text='Of a case with more clients so many are drawn by lot, each on a telephone number of their own.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='Clients asked about one case'),
        ),
    ]

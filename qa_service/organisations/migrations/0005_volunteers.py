"""Volunteers and their groups are lawyers and firms of a kind of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0004_the_centres_own_clocks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='firm',
            name='kind',
            field=models.CharField(choices=[('law_firm', 'Law firm'), ('service_office', 'Basic-level legal service office'), ('centre_staff', 'Legal aid centre staff'), ('volunteers', 'Group of legal aid volunteers')], max_length=20),
        ),
        migrations.AlterField(
            model_name='lawyer',
            name='kind',
            field=models.CharField(choices=[('lawyer', 'Practising lawyer'), ('legal_worker', 'Basic-level legal worker'), ('centre_staff', 'Centre staff'), ('volunteer', 'Legal aid volunteer')], max_length=20),
        ),
    ]

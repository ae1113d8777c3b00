"""Which quarters' reports managers were told of: written once."""

import django.db.models.deletion
from django.db import migrations, models

from qa_service.common.row_guards import row_guards

ALWAYS = "OLD.id IS NOT NULL"
GUARDS = (
    ("report_told_frozen", "UPDATE", "scoring_reporttold", ALWAYS),
    ("report_told_no_delete", "DELETE", "scoring_reporttold", ALWAYS),
)


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('scoring', '0011_corrective_tasks'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('told_at', models.DateTimeField()),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('centre', 'start', 'end'), name='report_told_once'),
                    models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='report_told_has_days'),
                ],
            },
        ),
        row_guards("scoring", GUARDS, message="that somebody was told is never changed"),
    ]

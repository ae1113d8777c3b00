"""Of several clients of a case a few are asked, by lot; what the lot said stays as it was."""

import django.db.models.deletion
from django.db import migrations, models
from qa_service.common.row_guards import row_guards

GUARDS = (
    ("drawn_frozen", "UPDATE", "surveys_drawnclient", "OLD.id IS NOT NULL"),
    ("drawn_no_delete", "DELETE", "surveys_drawnclient", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_co_clients'),
        ('surveys', '0016_matters_that_were_written'),
    ]

    operations = [
        migrations.CreateModel(
            name='DrawnClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wave', models.SlugField(max_length=30)),
                ('lot', models.CharField(max_length=64)),
                ('passed_over', models.CharField(blank=True, choices=[('', 'Drawn'), ('enough', 'Not drawn: enough others are asked'), ('number', 'Not drawn: another client of the case is asked on this telephone')], default='', max_length=10)),
                ('most', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.client')),
            ],
            options={
                'ordering': ['lot', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('case', 'client', 'wave'), name='drawn_once_per_wave'), models.CheckConstraint(condition=models.Q(('passed_over__in', ['', 'enough', 'number'])), name='drawn_outcome_known')],
            },
        ),
        row_guards("surveys", GUARDS, message="what the lot said is frozen"),
    ]

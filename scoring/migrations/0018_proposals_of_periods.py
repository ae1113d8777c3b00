"""A proposal may be about a lawyer, a firm, a station or the centre over a closed period, and hang on no case.

The way back is open while there is none.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunPython

from qa_service.common.row_guards import row_guards, unchanged

BEFORE = import_module("scoring.migrations.0006_numbers_of_the_office").LAID
STATION = row_guards(
    "scoring",
    (("notice_station_frozen", "UPDATE", "scoring_notice", f"NOT ({unchanged('station_id')})"),),
    message="decided and published records are frozen",
)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_marks_in_question'),
        ('files', '0001_initial'),
        ('organisations', '0005_volunteers'),
        ('scoring', '0017_fewer_score_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(RunPython(laid.reverse_code, laid.code) for laid in BEFORE),
        migrations.CreateModel(
            name='PeriodLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('looked_on', models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name='notice',
            name='station',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='period_end',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='period_start',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='station',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='subject',
            field=models.CharField(choices=[('case', 'Case'), ('lawyer', 'Lawyer'), ('firm', 'Firm'), ('station', 'Station'), ('centre', 'Centre')], default='case', max_length=10),
        ),
        migrations.AlterField(
            model_name='assignmentmeasure',
            name='kind',
            field=models.CharField(choices=[('priority', 'First in complex assignments'), ('reduced', 'Fewer assignments'), ('suspended', 'No assignments')], max_length=10),
        ),
        migrations.AlterField(
            model_name='notice',
            name='case',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='firm',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='lawyer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='case',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='code',
            field=models.CharField(choices=[('R1', 'Commendation of an excellent case'), ('R2', 'Commendation of a lawyer or volunteer over a period'), ('R3', 'Commendation of a firm, station or group of volunteers over a period'), ('R4', 'Subsidy by grade, as a recommendation'), ('S1', 'Coaching on a core item'), ('S2', 'Rectification after a failed case'), ('S3', 'Rectification after repeated failure, with fewer assignments'), ('S4', 'Referral to suspend assignments'), ('S6', 'Report on a centre to the bureau above')], max_length=4),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='firm',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='lawyer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer'),
        ),
        migrations.AlterField(
            model_name='rule',
            name='code',
            field=models.CharField(choices=[('R1', 'Commendation of an excellent case'), ('R2', 'Commendation of a lawyer or volunteer over a period'), ('R3', 'Commendation of a firm, station or group of volunteers over a period'), ('R4', 'Subsidy by grade, as a recommendation'), ('S1', 'Coaching on a core item'), ('S2', 'Rectification after a failed case'), ('S3', 'Rectification after repeated failure, with fewer assignments'), ('S4', 'Referral to suspend assignments'), ('S6', 'Report on a centre to the bureau above')], max_length=4),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'commendation'), models.Q(('case__isnull', False), ('firm__isnull', False), ('lawyer__isnull', False)), _connector='OR'), name='sanction_of_a_lawyer_in_a_case'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('subject', 'lawyer'), models.Q(('state', 'overtaken'), _negated=True)), fields=('code', 'centre', 'lawyer', 'trigger'), name='proposal_once_lawyer'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('subject', 'firm'), models.Q(('state', 'overtaken'), _negated=True)), fields=('code', 'centre', 'firm', 'trigger'), name='proposal_once_firm'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('subject', 'station'), models.Q(('state', 'overtaken'), _negated=True)), fields=('code', 'centre', 'station', 'trigger'), name='proposal_once_station'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('subject', 'centre'), models.Q(('state', 'overtaken'), _negated=True)), fields=('code', 'centre', 'trigger'), name='proposal_once_centre'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('firm__isnull', False), ('lawyer__isnull', False), ('period_start__isnull', True), ('station__isnull', True), ('subject', 'case')), models.Q(('case__isnull', True), ('firm__isnull', False), ('lawyer__isnull', False), ('period_start__isnull', False), ('station__isnull', True), ('subject', 'lawyer')), models.Q(('case__isnull', True), ('firm__isnull', False), ('lawyer__isnull', True), ('period_start__isnull', False), ('station__isnull', True), ('subject', 'firm')), models.Q(('case__isnull', True), ('firm__isnull', True), ('lawyer__isnull', True), ('period_start__isnull', False), ('station__isnull', False), ('subject', 'station')), models.Q(('case__isnull', True), ('firm__isnull', True), ('lawyer__isnull', True), ('period_start__isnull', False), ('station__isnull', True), ('subject', 'centre')), _connector='OR'), name='proposal_about_somebody'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('period_end', None), ('period_start', None)), ('period_end__gt', models.F('period_start')), _connector='OR'), name='proposal_period_in_order'),
        ),
        migrations.AddField(
            model_name='periodlook',
            name='closed',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.closedperiod'),
        ),
        migrations.AddField(
            model_name='periodlook',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rule'),
        ),
        migrations.AddConstraint(
            model_name='periodlook',
            constraint=models.UniqueConstraint(fields=('closed', 'rule'), name='period_look_once'),
        ),
        *BEFORE,
        STATION,
    ]

"""Reports that somebody ordered, and how often somebody wishes to be told of reports."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_tables'),
        ('files', '0001_initial'),
        ('organisations', '0003_self_assessment_counts'),
        ('scoring', '0014_refused_by_signing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportWish',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('how_often', models.CharField(choices=[('never', 'Never'), ('monthly', 'After each month'), ('quarterly', 'After each quarter')], max_length=10)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('how_often__in', ['never', 'monthly', 'quarterly'])), name='report_wish_known')],
            },
        ),
        migrations.CreateModel(
            name='ReportOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('rewards', 'Rewards and sanctions report'), ('period', 'Period report'), ('annual', 'Annual quality report'), ('public', 'Public report (art. 58)'), ('bar', 'For the bar association (art. 60)'), ('lawyer', 'Quality file of a lawyer')], max_length=10)),
                ('period', models.CharField(blank=True, max_length=21)),
                ('form', models.CharField(choices=[('pdf', 'PDF'), ('xlsx', 'XLSX'), ('csv', 'CSV')], max_length=4)),
                ('language', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being made'), ('done', 'Ready'), ('failed', 'Failed'), ('expired', 'Expired: the file is no longer kept')], default='queued', max_length=8)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('parts', models.PositiveSmallIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('ordered_at', models.DateTimeField()),
                ('progressed_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('failure', models.CharField(blank=True, choices=[('missing_glyph', 'No installed font can print one of its characters. Add a font that holds it.'), ('font_unusable', 'A font file of this site cannot be embedded. Replace it.'), ('too_many_rows', 'A sheet would have more rows than the format can hold. Choose fewer cases.'), ('not_yours', 'It is no longer among the reports that you may read.'), ('broke_off', 'It broke off again and again. Order it once more, or ask the operator.'), ('refused', 'It could not be made from what is stored. Ask the operator.')], max_length=20)),
                ('file', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('lawyer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                ('ordered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['ordered_by', '-id'], name='report_order_newest'), models.Index(condition=models.Q(('state__in', ('queued', 'running'))), fields=['progressed_at'], name='report_order_under_way'), models.Index(condition=models.Q(('state', 'done')), fields=['expires_at'], name='report_order_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'expired'])), name='report_order_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'lawyer'), ('lawyer__isnull', False), ('period', ''), ('place', None)), models.Q(models.Q(('kind', 'lawyer'), _negated=True), ('lawyer', None), ('place__isnull', False), models.Q(('period', ''), _negated=True)), _connector='OR'), name='report_order_of_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('expires_at__isnull', False), ('file__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('file', None)), _connector='OR'), name='report_order_done_has_a_file'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('failure', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('failure', '')), _connector='OR'), name='report_order_failed_says_why')],
            },
        ),
    ]

"""Scanned files of cases, the pages drawn from them, and the files that are kept on paper alone.

Taken back, the bytes of uploads and pages stay in the data folder: take them off by the pages first.
"""


import django.db.models.deletion
import qa_service.common.encryption
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0020_found_shared'),
        ('files', '0001_initial'),
        ('reviews', '0014_reviewers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG')], max_length=8)),
                ('name', models.CharField(max_length=200)),
                ('paper', models.CharField(blank=True, max_length=20)),
                ('first_page', models.PositiveIntegerField(blank=True, null=True)),
                ('unnumbered', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be opened'), ('drawing', 'Being opened'), ('ready', 'Can be read'), ('unreadable', 'Material missing')], default='waiting', max_length=10)),
                ('trouble', models.CharField(blank=True, choices=[('encrypted', 'It is protected by a password. Save it without one and upload it again.'), ('broken', 'It is damaged or no such file. Scan or save it anew.'), ('too_many', 'It has more pages than one upload may have. Split it into volumes.'), ('too_slow', 'A page of it is too large, or took too long to draw. Scan it at 300 dots to the inch.'), ('crashed', 'It broke the program that draws pages, which runs apart for that reason. Scan it as an image.'), ('unguarded', 'This machine cannot confine the program that draws pages. Ask the operator.'), ('gone', 'The uploaded file is missing. Upload it again.')], max_length=10)),
                ('pages', models.PositiveSmallIntegerField(default=0)),
                ('drawn', models.PositiveSmallIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('progressed_at', models.DateTimeField()),
                ('uploaded_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ScanPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('width', models.PositiveSmallIntegerField(default=0)),
                ('height', models.PositiveSmallIntegerField(default=0)),
                ('heading', qa_service.common.encryption.EncryptedTextField(blank=True)),
                ('text', qa_service.common.encryption.EncryptedTextField(blank=True)),
                ('picture', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('scan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='reviews.scan')),
                ('small', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='PaperOnly',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('juvenile', 'Somebody in the case is or was a minor'), ('closed_hearing', 'The hearing was closed to the public'), ('secret', 'It contains state or trade secrets')], max_length=16)),
                ('recorded_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper_only', to='cases.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['juvenile', 'closed_hearing', 'secret'])), name='paper_only_ground_known')],
            },
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'drawing'))), fields=['progressed_at'], name='scan_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'drawing', 'ready', 'unreadable'])), name='scan_state_known'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'jpeg', 'png'])), name='scan_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'unreadable'), ('trouble__in', ['encrypted', 'broken', 'too_many', 'too_slow', 'crashed', 'unguarded', 'gone'])), models.Q(models.Q(('state', 'unreadable'), _negated=True), ('trouble', '')), _connector='OR'), name='scan_unreadable_says_why'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(('drawn__lte', models.F('pages'))), name='scan_draws_no_page_beyond'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(('first_page__isnull', True), ('first_page__gte', 1), _connector='OR'), name='scan_from_page'),
        ),
        migrations.AddConstraint(
            model_name='scanpage',
            constraint=models.UniqueConstraint(fields=('scan', 'number'), name='scan_page_once'),
        ),
        migrations.AddConstraint(
            model_name='scanpage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('picture__isnull', True), ('small__isnull', True)), models.Q(('height__gte', 1), ('picture__isnull', False), ('small__isnull', False), ('width__gte', 1)), _connector='OR'), name='scan_page_drawn_whole'),
        ),
    ]

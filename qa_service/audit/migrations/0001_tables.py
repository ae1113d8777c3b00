import django.db.models.deletion
import qa_service.common.encryption
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('audit', '0001_initial'),
        ('audit', '0003_remarks'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('actor_id', models.CharField(max_length=64)),
                    ('actor_label', models.CharField(max_length=150)),
                    ('action', models.CharField(max_length=64)),
                    ('subject_type', models.CharField(blank=True, max_length=64)),
                    ('subject_id', models.CharField(blank=True, max_length=64)),
                    ('details', models.JSONField(default=dict)),
                ],
                options={
                    'verbose_name_plural': 'entries',
                    'indexes': [
                        models.Index(fields=['subject_type', 'subject_id', 'at'], name='audit_subject'),
                        models.Index(fields=['action', 'at'], name='audit_action'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Remark',
                fields=[
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='remark', serialize=False, to='audit.entry')),
                    ('at', models.DateTimeField()),
                    ('text', qa_service.common.encryption.EncryptedTextField(blank=True)),
                ],
            ),
        ]),
    ]

import django.db.models.deletion
import qa_service.common.encryption
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('notifications', '0001_initial'),
        ('notifications', '0002_mails_to_organs'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('text', models.CharField(max_length=300)),
                    ('params', models.JSONField(default=dict)),
                    ('url', models.CharField(blank=True, max_length=200)),
                    ('created_at', models.DateTimeField()),
                    ('read_at', models.DateTimeField(blank=True, null=True)),
                    ('mailed_at', models.DateTimeField(blank=True, null=True)),
                    ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='notification_unread'),
                        models.Index(condition=models.Q(('mailed_at__isnull', True)), fields=['created_at'], name='notification_unmailed'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Mail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('to', qa_service.common.encryption.EncryptedTextField()),
                    ('subject', qa_service.common.encryption.EncryptedTextField()),
                    ('body', qa_service.common.encryption.EncryptedTextField()),
                    ('state', models.CharField(choices=[('queued', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Taken by the mail server'), ('refused', 'Not taken by the mail server'), ('unknown', 'Not known whether it was sent')], default='queued', max_length=8)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('not_before', models.DateTimeField()),
                    ('give_up_at', models.DateTimeField()),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('created_at', models.DateTimeField()),
                    ('settled_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'queued')), fields=['not_before'], name='mail_queued'),
                        models.Index(condition=models.Q(('state', 'sending')), fields=['lease_until'], name='mail_sending'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='mail_sending_has_a_lease'),
                    ],
                },
            ),
        ]),
    ]

import django.db.models.deletion
import qa_service.common.encryption
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('privacy', '0001_terms'),
        ('privacy', '0002_sweeps'),
        ('privacy', '0003_person_requests'),
    ]

    initial = True

    dependencies = [
        ('cases', '0001_tables'),
        ('organisations', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='PersonRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.client')),
                    ('kind', models.CharField(choices=[('access', 'To know what is held (art. 45)'), ('copy', 'A copy to take away (art. 45)'), ('correction', 'To have it put right (art. 46)'), ('erasure', 'To have it erased (art. 47)'), ('objection', 'To be left alone from now on (art. 44)'), ('explanation', 'To have the rules explained (art. 48)')], max_length=12)),
                    ('asker', models.CharField(choices=[('person', 'The person'), ('guardian', 'A guardian'), ('agent', 'Somebody with a power of attorney'), ('relative', 'A near relative of somebody who has died')], default='person', max_length=10)),
                    ('asker_name', qa_service.common.encryption.EncryptedTextField(blank=True, default='')),
                    ('proof', models.CharField(choices=[('card', 'Identity card seen'), ('called', 'Called back on the number that was known'), ('code_word', 'Knew the code word'), ('known', 'Known in person to whoever received it'), ('authority', 'Identity card and the paper that gives the right to ask')], max_length=10)),
                    ('came_by', models.CharField(choices=[('counter', 'At the counter'), ('telephone', 'By telephone'), ('letter', 'By letter'), ('online', 'By e-mail or another message')], max_length=10)),
                    ('wanted', qa_service.common.encryption.EncryptedTextField(blank=True, default='')),
                    ('received_on', models.DateField()),
                    ('due_on', models.DateField(blank=True, null=True)),
                    ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('registered_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'To be answered'), ('granted', 'Granted'), ('partly', 'Granted in part'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn by the person')], default='open', max_length=10)),
                    ('reason', qa_service.common.encryption.EncryptedTextField(blank=True, default='')),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('done_on', models.DateField(blank=True, null=True)),
                    ('outcome', models.JSONField(blank=True, default=list)),
                    ('rest_waits', models.BooleanField(default=False)),
                    ('erased_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-received_on', '-pk'],
                    'indexes': [
                        models.Index(fields=['centre', 'state', 'due_on'], name='person_request_by_deadline'),
                        models.Index(condition=models.Q(('rest_waits', True)), fields=['id'], name='person_request_rest'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('client', 'kind'), name='person_request_open_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('decided_by', None), ('done_on', None)), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_by__isnull', False), ('done_on__isnull', False)), _connector='OR'), name='person_request_decided_by_somebody'),
                        models.CheckConstraint(condition=models.Q(('done_on', None), ('done_on__gte', models.F('received_on')), _connector='OR'), name='person_request_days_in_order'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), ('reason__isempty', False), ('erased_at__isnull', False), _connector='OR'), name='person_request_refused_with_reason'),
                        models.CheckConstraint(condition=models.Q(('asker', 'person'), ('asker_name__isempty', False), ('erased_at__isnull', False), _connector='OR'), name='person_request_asker_named'),
                        models.CheckConstraint(condition=models.Q(('rest_waits', False), models.Q(('kind', 'erasure'), ('state', 'partly')), _connector='OR'), name='person_request_rest_of_erasure'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Sweep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('zone', models.CharField(max_length=40)),
                    ('day', models.DateField()),
                    ('rule', models.CharField(blank=True, max_length=60)),
                    ('part', models.PositiveSmallIntegerField(default=0)),
                    ('after', models.CharField(blank=True, max_length=64)),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('zone', 'day'), name='sweep_once_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Erased',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('rule', models.CharField(max_length=60)),
                    ('cause', models.CharField(choices=[('term', 'Its time was over'), ('named', 'It named somebody whose data was erased'), ('request', 'The person asked for it')], max_length=10)),
                    ('count', models.PositiveIntegerField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['centre', '-day'], name='erased_centre_newest'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('day', 'centre', 'rule', 'cause'), name='erased_once_a_day_and_centre'),
                        models.UniqueConstraint(condition=models.Q(('centre__isnull', True)), fields=('day', 'rule', 'cause'), name='erased_once_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HeldBack',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('zone', models.CharField(max_length=40)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('rule', models.CharField(max_length=60)),
                    ('hold', models.CharField(max_length=60)),
                    ('count', models.PositiveIntegerField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('zone', 'day', 'centre', 'rule', 'hold'), name='held_back_once_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RetentionTerm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('rule', models.CharField(max_length=60)),
                    ('days', models.PositiveIntegerField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('organisation', 'rule'), name='term_once_a_place'),
                    ],
                },
            ),
        ]),
    ]

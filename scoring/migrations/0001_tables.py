import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('scoring', '0001_initial'),
        ('scoring', '0002_decisions'),
        ('scoring', '0003_notice_refusals'),
        ('scoring', '0005_appeals_settled'),
        ('scoring', '0006_next_files'),
        ('scoring', '0007_considering'),
        ('scoring', '0008_statement_served_on'),
        ('scoring', '0011_notices_served'),
        ('scoring', '0012_ground_gone'),
        ('scoring', '0015_ask_for_readers'),
    ]

    initial = True

    dependencies = [
        ('cases', '0001_tables'),
        ('files', '0001_initial'),
        ('organisations', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Rule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(choices=[('R1', 'Commendation of an excellent case'), ('S1', 'Coaching on a core item'), ('S2', 'Rectification after a failed case')], max_length=4)),
                    ('version', models.PositiveSmallIntegerField(default=1)),
                    ('enabled', models.BooleanField(default=True)),
                    ('thresholds', models.JSONField(default=dict)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('authority', models.CharField(max_length=100)),
                    ('published_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('code', 'version'), name='rule_version_once'),
                        models.CheckConstraint(condition=models.Q(('enabled', False), models.Q(models.Q(('legal_basis', ''), _negated=True), models.Q(('authority', ''), _negated=True)), _connector='OR'), name='rule_on_has_a_basis'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Proposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rule')),
                    ('code', models.CharField(choices=[('R1', 'Commendation of an excellent case'), ('S1', 'Coaching on a core item'), ('S2', 'Rectification after a failed case')], max_length=4)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                    ('trigger', models.CharField(max_length=60)),
                    ('state', models.CharField(choices=[('proposed', 'Proposed'), ('hearing', 'The lawyer is being heard'), ('accepted', 'Decided: to be carried out'), ('on_display', 'On public display'), ('carried_out', 'Carried out'), ('declined', 'Declined'), ('overtaken', 'Overtaken by new marks')], default='proposed', max_length=12)),
                    ('score', models.DecimalField(decimal_places=8, max_digits=12, null=True)),
                    ('evidence', models.JSONField(default=list)),
                    ('counter_evidence', models.JSONField(default=list)),
                    ('proposed_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['centre', 'state', '-proposed_at'], name='proposal_queue'),
                        models.Index(fields=['lawyer', 'state'], name='proposal_lawyer'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state', 'overtaken'), _negated=True), fields=('code', 'case', 'trigger'), name='proposal_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'hearing', 'accepted', 'on_display', 'carried_out', 'declined', 'overtaken'])), name='proposal_state_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='statement', to='scoring.proposal')),
                    ('notified_at', models.DateTimeField()),
                    ('notified_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('served_on', models.DateField(blank=True, null=True)),
                    ('due_on', models.DateField(blank=True, null=True)),
                    ('text', models.TextField(blank=True)),
                    ('received_on', models.DateField(blank=True, null=True)),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='scoring.proposal')),
                    ('outcome', models.CharField(choices=[('accept', 'Accept the proposal'), ('decline', 'Decline the proposal')], max_length=8)),
                    ('reason', models.TextField()),
                    ('legal_basis', models.CharField(blank=True, max_length=300)),
                    ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='decision_has_a_reason'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PublicDisplay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='display', to='scoring.proposal')),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('workdays', models.PositiveSmallIntegerField()),
                    ('completed_at', models.DateTimeField(blank=True, null=True)),
                    ('stopped_at', models.DateTimeField(blank=True, null=True)),
                    ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stop_reason', models.TextField(blank=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='display_in_order'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CoachingTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='task', to='scoring.proposal')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('items', models.JSONField(default=list)),
                    ('due_on', models.DateField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done')], default='open', max_length=8)),
                    ('note', models.TextField(blank=True)),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ToConsider',
                fields=[
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                    ('due_on', models.DateField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['due_on'], name='to_consider_due'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RuleTakenUp',
                fields=[
                    ('rule', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='taken_up', serialize=False, to='scoring.rule')),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='NumberCounter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('kind', models.CharField(choices=[('commendation', 'Commendation notice'), ('rectification', 'Rectification notice')], max_length=16)),
                    ('year', models.PositiveSmallIntegerField()),
                    ('last', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('issuer', 'kind', 'year'), name='counter_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('kind', models.CharField(choices=[('commendation', 'Commendation notice'), ('rectification', 'Rectification notice')], max_length=16)),
                    ('state', models.CharField(choices=[('issuing', 'Being issued'), ('issued', 'Issued'), ('withdrawn', 'Withdrawn')], default='issuing', max_length=10)),
                    ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('number', models.PositiveIntegerField()),
                    ('label', models.CharField(max_length=60)),
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='scoring.proposal')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                    ('title', models.CharField(max_length=200)),
                    ('content', models.JSONField()),
                    ('content_sha256', models.CharField(max_length=64)),
                    ('verify_code', models.CharField(max_length=10, unique=True)),
                    ('numbered_at', models.DateTimeField()),
                    ('numbered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('file_sha256', models.CharField(blank=True, max_length=64)),
                    ('refused_at', models.DateTimeField(blank=True, null=True)),
                    ('refused_for', models.CharField(blank=True, choices=[('missing_glyph', 'No installed font can print one of its characters. Add a font that holds it.'), ('fonts_not_ready', 'The fonts are still being prepared.'), ('font_unusable', 'A font file of this site cannot be embedded. Replace it.')], max_length=30)),
                    ('issued_at', models.DateTimeField(blank=True, null=True)),
                    ('delivered_on', models.DateField(blank=True, null=True)),
                    ('served_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                    ('ground_gone_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawal_reason', models.TextField(blank=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['issuer', '-numbered_at'], name='notice_issuer'),
                        models.Index(fields=['lawyer', '-numbered_at'], name='notice_lawyer'),
                        models.Index(condition=models.Q(('state', 'issuing')), fields=['id'], name='notice_issuing'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('issuer', 'kind', 'year', 'number'), name='notice_number_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'issued'), _negated=True), models.Q(('file__isnull', False), ('issued_at__isnull', False)), _connector='OR'), name='issued_notice_has_a_file'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), _connector='OR'), name='withdrawn_notice_says_why'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Appeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='scoring.notice')),
                    ('lodged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('lodged_at', models.DateTimeField()),
                    ('received_on', models.DateField(blank=True, null=True)),
                    ('text', models.TextField()),
                    ('due_on', models.DateField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('lodged', 'Waiting for a decision'), ('upheld', 'Upheld'), ('dismissed', 'Dismissed'), ('settled', 'Settled: the notice was withdrawn')], default='lodged', max_length=10)),
                    ('answer', models.TextField(blank=True)),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('notice',), name='appeal_once_a_notice'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='NextFiles',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='next_files', to='scoring.notice')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('wanted', models.PositiveSmallIntegerField()),
                    ('after', models.DateField()),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['id'], name='next_files_open'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='NextFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='scoring.nextfiles')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                    ('flagged_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('of', 'case'), name='next_file_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Scheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(unique=True)),
                    ('rules', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='scheme_version_from_one'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CaseScore',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                    ('is_current', models.BooleanField(default=True)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.scheme')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                    ('station', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('case_type', models.CharField(choices=[('civil', 'Civil'), ('criminal', 'Criminal'), ('administrative', 'Administrative'), ('non_litigation', 'Non-litigation')], max_length=16)),
                    ('closed_on', models.DateField()),
                    ('derivation', models.TextField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('computed_at', models.DateTimeField()),
                    ('score', models.DecimalField(decimal_places=8, max_digits=12, null=True)),
                    ('grade', models.CharField(choices=[('excellent', 'Excellent'), ('good', 'Good'), ('pass', 'Pass'), ('fail', 'Fail'), ('pending', 'Pending, no grade'), ('none', 'No grade')], max_length=10)),
                    ('provisional', models.BooleanField()),
                    ('coverage', models.DecimalField(decimal_places=8, max_digits=12)),
                    ('review_version', models.PositiveIntegerField(null=True)),
                    ('evidence_version', models.PositiveBigIntegerField()),
                    ('released_on', models.DateField(null=True)),
                    ('weigh_again_on', models.DateField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('is_current', True)), fields=['lawyer', 'closed_on'], name='case_score_lawyer'),
                        models.Index(condition=models.Q(('is_current', True)), fields=['firm', 'closed_on'], name='case_score_firm'),
                        models.Index(condition=models.Q(('is_current', True)), fields=['centre', 'closed_on'], name='case_score_centre'),
                        models.Index(condition=models.Q(('is_current', True), ('weigh_again_on__isnull', False)), fields=['weigh_again_on'], name='case_score_weigh_again'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case',), name='case_score_one_current'),
                        models.CheckConstraint(condition=models.Q(('score__isnull', True), models.Q(('score__gte', 0), ('score__lte', 100)), _connector='OR'), name='case_score_in_range'),
                        models.CheckConstraint(condition=models.Q(('coverage__gte', 0), ('coverage__lte', 100)), name='case_score_coverage'),
                        models.CheckConstraint(condition=models.Q(models.Q(('grade__in', ('excellent', 'good', 'pass', 'fail')), ('score__isnull', False)), ('grade', 'pending'), models.Q(('grade', 'none'), ('score__isnull', True)), _connector='OR'), name='case_score_graded_has_a_score'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ClientVoiceBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('lawyer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                    ('number', models.PositiveIntegerField()),
                    ('n', models.PositiveIntegerField()),
                    ('clients', models.PositiveIntegerField()),
                    ('mean', models.DecimalField(decimal_places=8, max_digits=12)),
                    ('released_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['released_at', 'pk'],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('lawyer__isnull', False)), fields=('lawyer', 'firm', 'number'), name='voice_batch_of_lawyer_once'),
                        models.UniqueConstraint(condition=models.Q(('lawyer__isnull', True)), fields=('firm', 'number'), name='voice_batch_of_firm_once'),
                        models.CheckConstraint(condition=models.Q(('clients__gte', 5), ('n__gte', models.F('clients'))), name='voice_batch_not_small'),
                        models.CheckConstraint(condition=models.Q(('mean__gte', 0), ('mean__lte', 100)), name='voice_batch_in_range'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CaseVoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                    ('is_current', models.BooleanField(default=True)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.scheme')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                    ('station', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('case_type', models.CharField(choices=[('civil', 'Civil'), ('criminal', 'Criminal'), ('administrative', 'Administrative'), ('non_litigation', 'Non-litigation')], max_length=16)),
                    ('closed_on', models.DateField()),
                    ('derivation', models.TextField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('computed_at', models.DateTimeField()),
                    ('score', models.DecimalField(decimal_places=8, max_digits=12)),
                    ('response_id', models.PositiveBigIntegerField()),
                    ('answered_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('is_current', True)), fields=['lawyer', 'closed_on'], name='case_voice_lawyer'),
                        models.Index(condition=models.Q(('is_current', True)), fields=['firm', 'closed_on'], name='case_voice_firm'),
                        models.Index(condition=models.Q(('is_current', True)), fields=['centre', 'closed_on'], name='case_voice_centre'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case',), name='case_voice_one_current'),
                        models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='case_voice_in_range'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BatchedAnswer',
                fields=[
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='scoring.clientvoicebatch')),
                    ('voice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.casevoice')),
                ],
            ),
        ]),
    ]

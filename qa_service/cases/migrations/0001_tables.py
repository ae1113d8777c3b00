import django.db.models.deletion
import django.utils.timezone
import qa_service.common.encryption
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('cases', '0001_initial'),
        ('cases', '0002_contact_plan_terms'),
        ('cases', '0003_contact_plan_guards'),
        ('cases', '0004_rectification_flag'),
        ('cases', '0005_import_attempts'),
        ('cases', '0006_true_refusal_reasons'),
        ('cases', '0007_case_number_signs'),
        ('cases', '0008_own_case_refused'),
        ('cases', '0009_own_case_closing_date'),
        ('cases', '0010_erased_clients'),
        ('cases', '0011_reader_requests'),
        ('cases', '0012_co_clients'),
        ('cases', '0013_cases_under_way'),
        ('cases', '0014_complaint_requests'),
        ('cases', '0015_former_names_of_clients'),
        ('cases', '0016_open_quotes_and_repeated_headers'),
        ('cases', '0017_case_number_at_the_organ'),
        ('cases', '0018_settled_surveys'),
        ('cases', '0019_guardian_numbers'),
        ('cases', '0020_found_shared'),
        ('cases', '0021_bans_found_before'),
        ('cases', '0022_organ_asked'),
    ]

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        ('organisations', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Client',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('name', qa_service.common.encryption.EncryptedTextField()),
                    ('name_index', models.CharField(max_length=64)),
                    ('phone', qa_service.common.encryption.EncryptedTextField(blank=True)),
                    ('phone_index', models.CharField(blank=True, max_length=64)),
                    ('phone_masked', models.CharField(blank=True, max_length=12)),
                    ('former_phone_index', models.CharField(blank=True, max_length=64)),
                    ('former_name_index', models.CharField(blank=True, max_length=64)),
                    ('phone_owner', models.CharField(choices=[('client', "The client's own"), ('guardian', "The guardian's"), ('family', "Somebody else's in the family"), ('neighbour', "A neighbour's or the village's"), ('workplace', "The workplace's"), ('unknown', 'Not known')], default='client', max_length=10)),
                    ('gender', models.CharField(blank=True, choices=[('female', 'Female'), ('male', 'Male'), ('', 'Not stated')], max_length=10)),
                    ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('group', models.CharField(choices=[('migrant_worker', 'Migrant worker'), ('older_person', 'Older person'), ('disabled_person', 'Person with a disability'), ('minor', 'Minor'), ('woman', 'Woman'), ('service_family', 'Member or family of the armed forces'), ('other', 'Other person in hardship')], default='other', max_length=20)),
                    ('township', models.CharField(blank=True, max_length=40)),
                    ('dialect', models.CharField(blank=True, max_length=40)),
                    ('erased_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['phone_index'], name='client_phone'),
                        models.Index(condition=models.Q(('former_phone_index', ''), _negated=True), fields=['former_phone_index'], name='client_former_phone'),
                        models.Index(condition=models.Q(('former_name_index', ''), _negated=True), fields=['centre', 'former_name_index'], name='client_former_name'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('centre', 'name_index', 'phone_index'), name='client_once_a_centre'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ContactPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contact_plan', to='cases.client')),
                    ('sms_allowed', models.BooleanField(default=False)),
                    ('phone_allowed', models.BooleanField(default=True)),
                    ('visit_allowed', models.BooleanField(default=True)),
                    ('letter_allowed', models.BooleanField(default=True)),
                    ('reason', models.CharField(blank=True, choices=[('', 'Text messages allowed'), ('opted_out', 'Asked for no more messages'), ('safety', 'Safety'), ('in_custody', 'In custody'), ('minor', 'Under 18'), ('incapacity', 'Cannot act alone'), ('opponent_household', "Lives in the opponent's household"), ('not_consented', 'No consent to text messages'), ('number_shared', 'Several people share the number'), ('number_invalid', 'No usable number')], max_length=20)),
                    ('found_shared', models.BooleanField(default=False)),
                    ('needs_safety_check', models.BooleanField(default=False)),
                    ('guardian_only', models.BooleanField(default=False)),
                    ('safe_from', models.TimeField(blank=True, null=True)),
                    ('safe_until', models.TimeField(blank=True, null=True)),
                    ('language', models.CharField(default='zh-hans', max_length=10)),
                    ('code_word', qa_service.common.encryption.EncryptedTextField(blank=True)),
                    ('guardian_name', qa_service.common.encryption.EncryptedTextField(blank=True)),
                    ('guardian_phone', qa_service.common.encryption.EncryptedTextField(blank=True)),
                    ('guardian_index', models.CharField(blank=True, max_length=64)),
                    ('guardian_relation', models.CharField(blank=True, choices=[('', 'No guardian'), ('parent', 'Parent'), ('grandparent', 'Grandparent'), ('spouse', 'Husband or wife'), ('child', 'Son or daughter'), ('sibling', 'Brother or sister'), ('relative', 'Other relative'), ('institution', 'Village committee, civil affairs or other institution')], max_length=12)),
                    ('guardian_cleared', models.BooleanField(default=False)),
                    ('note', qa_service.common.encryption.EncryptedTextField(blank=True)),
                    ('confirmed_on', models.DateField(blank=True, null=True)),
                    ('expires_on', models.DateField(blank=True, null=True)),
                    ('revision', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('guardian_index', ''), _negated=True), fields=['guardian_index'], name='contact_plan_guardian_number'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('sms_allowed', False), ('reason', ''), _connector='OR'), name='no_text_where_a_reason_stands'),
                        models.CheckConstraint(condition=models.Q(('sms_allowed', False), ('expires_on__isnull', False), _connector='OR'), name='no_text_without_an_expiry'),
                        models.CheckConstraint(condition=models.Q(('found_shared', False), ('reason', 'number_shared'), _connector='OR'), name='found_shared_where_the_reason_says_so'),
                        models.CheckConstraint(condition=models.Q(('guardian_relation', ''), ('guardian_cleared', True), _connector='OR'), name='guardian_is_not_the_opponent'),
                        models.CheckConstraint(condition=models.Q(models.Q(('safe_from__isnull', True), ('safe_until__isnull', True)), ('safe_from__lt', models.F('safe_until')), _connector='OR'), name='safe_hours_in_order'),
                        models.CheckConstraint(condition=models.Q(models.Q(('guardian_index', ''), ('guardian_phone__isempty', True)), models.Q(('guardian_phone__isempty', False), models.Q(('guardian_index', ''), _negated=True)), _connector='OR'), name='guardian_is_found_by_the_number'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Case',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('number', models.CharField(max_length=64)),
                    ('case_type', models.CharField(choices=[('civil', 'Civil'), ('criminal', 'Criminal'), ('administrative', 'Administrative'), ('non_litigation', 'Non-litigation')], max_length=16)),
                    ('cause', models.CharField(blank=True, max_length=100)),
                    ('stage', models.CharField(choices=[('investigation', 'Investigation'), ('prosecution_review', 'Review for prosecution'), ('trial', 'Criminal trial'), ('first_instance', 'First instance'), ('second_instance', 'Second instance'), ('retrial', 'Retrial'), ('enforcement', 'Enforcement'), ('arbitration', 'Arbitration'), ('reconsideration', 'Administrative reconsideration'), ('non_litigation', 'Outside litigation')], max_length=20)),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cases.client')),
                    ('people_helped', models.PositiveIntegerField(default=1)),
                    ('station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                    ('organ', models.CharField(blank=True, max_length=100)),
                    ('organ_number', models.CharField(blank=True, default='', max_length=100)),
                    ('accepted_on', models.DateField()),
                    ('assigned_on', models.DateField(blank=True, null=True)),
                    ('closed_on', models.DateField(blank=True, null=True)),
                    ('hearing_on', models.DateField(blank=True, null=True)),
                    ('judgment_received_on', models.DateField(blank=True, null=True)),
                    ('filed_on', models.DateField(blank=True, null=True)),
                    ('outcome', models.CharField(blank=True, max_length=40)),
                    ('recovered_amount', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                    ('first_seen_at', models.DateTimeField()),
                    ('content_hash', models.CharField(max_length=64)),
                    ('revision', models.PositiveIntegerField(default=1)),
                    ('survey_released_at', models.DateTimeField(blank=True, null=True)),
                    ('survey_settled_at', models.DateTimeField(blank=True, null=True)),
                    ('organ_asked_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['centre', 'closed_on'], name='case_centre_closed'),
                        models.Index(fields=['lawyer', 'closed_on'], name='case_lawyer_closed'),
                        models.Index(fields=['firm', 'closed_on'], name='case_firm_closed'),
                        models.Index(condition=models.Q(('survey_released_at__isnull', False), ('survey_settled_at', None)), fields=['closed_on', 'id'], name='case_unsettled'),
                        models.Index(condition=models.Q(('organ_asked_at', None), ('survey_released_at__isnull', False), models.Q(('organ', ''), _negated=True)), fields=['centre', 'closed_on'], name='case_organ_not_asked'),
                        models.Index(condition=models.Q(('closed_on', None)), fields=['centre', 'assigned_on'], name='case_under_way'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('centre', 'number'), name='case_once_a_centre'),
                        models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='case_has_a_number'),
                        models.CheckConstraint(condition=models.Q(('closed_on__gte', models.F('accepted_on'))), name='case_closed_after_accepted'),
                        models.CheckConstraint(condition=models.Q(('closed_on__isnull', False), ('survey_released_at', None), _connector='OR'), name='case_released_when_closed'),
                        models.CheckConstraint(condition=models.Q(('survey_released_at__isnull', False), ('survey_settled_at', None), _connector='OR'), name='case_settled_when_released'),
                        models.CheckConstraint(condition=models.Q(('closed_on', None), ('hearing_on', None), _connector='OR'), name='case_hearing_while_under_way'),
                        models.CheckConstraint(condition=models.Q(('recovered_amount__gte', 0)), name='case_recovered_not_negative'),
                        models.CheckConstraint(condition=models.Q(('case_type__in', ['civil', 'criminal', 'administrative', 'non_litigation'])), name='case_type_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CoClient',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='co_clients', to='cases.case')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='co_cases', to='cases.client')),
                    ('added_at', models.DateTimeField()),
                    ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['added_at', 'pk'],
                    'constraints': [
                        models.UniqueConstraint(fields=('case', 'client'), name='co_client_once_a_case'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RiskFlag',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_flags', to='cases.case')),
                    ('kind', models.CharField(choices=[('bad_rating', 'Unsatisfied client'), ('complaint', 'Complaint'), ('money_alert', 'Sealed alert'), ('organ_low', 'Low opinion of the organ'), ('rectification', 'Among the next files after a rectification')], max_length=20)),
                    ('sealed', models.BooleanField(default=False)),
                    ('raised_at', models.DateTimeField()),
                    ('cleared_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('cleared_at__isnull', True)), fields=('case', 'kind'), name='flag_once_while_open'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='EvidenceChange',
                fields=[
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                    ('version', models.PositiveBigIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='ReaderRequest',
                fields=[
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                    ('readers', models.PositiveSmallIntegerField()),
                    ('for_fail', models.BooleanField()),
                    ('asked_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='ComplaintRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                    ('source', models.UUIDField(unique=True)),
                    ('facts', models.CharField(max_length=500)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Import',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('file_name', models.CharField(max_length=200)),
                    ('file_sha256', models.CharField(max_length=64)),
                    ('state', models.CharField(choices=[('previewed', 'Previewed'), ('queued', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('expired', 'Expired')], default='queued', max_length=10)),
                    ('dry_run', models.BooleanField(default=True)),
                    ('actor_id', models.CharField(max_length=64)),
                    ('actor_label', models.CharField(max_length=150)),
                    ('created_at', models.DateTimeField()),
                    ('progressed_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('expected_rows', models.PositiveIntegerField(default=0)),
                    ('last_line', models.PositiveIntegerField(default=0)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('new_count', models.PositiveIntegerField(default=0)),
                    ('updated_count', models.PositiveIntegerField(default=0)),
                    ('unchanged_count', models.PositiveIntegerField(default=0)),
                    ('refused_count', models.PositiveIntegerField(default=0)),
                    ('oddities', models.JSONField(default=dict)),
                    ('ignored_columns', models.JSONField(default=list)),
                    ('failure', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['centre', '-created_at'], name='import_centre_newest'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['previewed', 'queued', 'running', 'finished', 'failed', 'expired'])), name='import_state_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ImportFault',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='faults', to='cases.import')),
                    ('line', models.PositiveIntegerField()),
                    ('column', models.CharField(max_length=60)),
                    ('reason', models.CharField(choices=[('missing case number', 'missing case number'), ('not a case number', 'holds signs that no case number has'), ('case number twice with different content', 'case number twice with different content'), ('unknown case type', 'unknown case type'), ('unknown stage', 'unknown stage'), ('no client', 'no client'), ('count is not a number', 'count is not a number'), ('count out of range', 'count is outside 1–100,000'), ('age is not a number', 'age is not a number'), ('age out of range', 'age is outside 0–120'), ('no lawyer', 'no lawyer'), ('no licence number', 'no licence number'), ('licence number is unreadable', 'licence number is unreadable'), ('no firm', 'no firm'), ('unknown kind of firm', 'unknown kind of firm'), ('no acceptance date', 'no acceptance date'), ('impossible date', 'impossible date'), ('date is unreadable', 'not a date that can be read; write it like 2026-05-08'), ('date before 1950', 'date before 1950'), ('not a closed case', 'not a closed case'), ('closed in the future', 'closed in the future'), ('closed before accepted', 'closed before accepted'), ('amount is not a number', 'amount is not a number'), ('amount below zero', 'amount is below zero'), ('text is too long', 'text is too long'), ('unreadable characters', 'unreadable characters'), ('digits lost by the spreadsheet', 'digits lost by the spreadsheet'), ('more cells than the header', 'more cells than the header'), ('quotation mark never closed', 'a quotation mark opens here and is not closed: remove or close it, then upload the file again'), ('header row again', 'the row of column names again: remove it; the first one counts'), ('own case given to another', 'you or your firm handled this case: another person changes its lawyer, firm or closing date')], max_length=60)),
                    ('value', qa_service.common.encryption.EncryptedTextField(blank=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('job', 'line'), name='fault_once_a_line'),
                    ],
                },
            ),
        ]),
    ]

import datetime
import django.core.validators
import django.db.models.deletion
import qa_service.organisations.models
import uuid
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('organisations', '0001_initial'),
        ('organisations', '0002_contact_plan_days'),
        ('organisations', '0003_recovery_clocks'),
        ('organisations', '0004_explained_settings'),
        ('organisations', '0005_former_names'),
        ('organisations', '0006_records_bound'),
        ('organisations', '0007_clients_asked_a_case'),
        ('organisations', '0008_asking_costs'),
        ('organisations', '0009_limits_of_texts'),
        ('organisations', '0010_asking_organs'),
        ('organisations', '0011_plainer_help'),
        ('organisations', '0012_cases_under_way'),
        ('organisations', '0013_person_request_days'),
        ('organisations', '0014_postal_address'),
        ('organisations', '0015_acceptance_from'),
        ('organisations', '0016_blind_review'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('path', models.CharField(max_length=255, unique=True)),
                    ('depth', models.PositiveIntegerField()),
                    ('numchild', models.PositiveIntegerField(default=0)),
                    ('kind', models.CharField(choices=[('bureau', 'Bureau of justice'), ('centre', 'Legal aid centre'), ('station', 'Legal aid station')], max_length=10)),
                    ('code', models.CharField(max_length=32, unique=True)),
                    ('name', models.CharField(max_length=100)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('kind__in', ['bureau', 'centre', 'station'])), name='organisation_kind_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CentreSettings',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('centre', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='settings', to='organisations.organisation')),
                    ('go_live_on', models.DateField(blank=True, help_text='Clients of cases closed earlier are asked only when a manager releases them. Empty: nobody is asked at all. A change holds for what is imported from now on.', null=True, verbose_name='First day of closing asked about')),
                    ('sms_enabled', models.BooleanField(default=False, help_text='Off: clients are asked by telephone, visit, letter, paper. On also needs a gateway.', verbose_name='Text messages')),
                    ('first_contact_delay_days', models.PositiveSmallIntegerField(default=3, help_text='3 to 7 is usual. Asking ends 21 days after closing.', validators=[django.core.validators.MaxValueValidator(20)], verbose_name='Days from closing to the first text')),
                    ('clients_asked_a_case', models.PositiveSmallIntegerField(default=3, help_text='If a case has more clients than this, so many are drawn by lot, each with a telephone number of their own.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='Clients asked about one case')),
                    ('contact_opens', models.TimeField(default=datetime.time(9, 0), help_text='Earlier than this nobody is texted, nor on days off.', verbose_name='Texts from')),
                    ('contact_closes', models.TimeField(default=datetime.time(20, 0), verbose_name='Texts until')),
                    ('texts_a_day', models.PositiveIntegerField(default=500, help_text='Anything above it waits for the next day. Confirmations of a stop are always sent.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100000)], verbose_name='Texts a day, at most')),
                    ('texts_a_month', models.PositiveIntegerField(default=5000, help_text='Anything above it waits for the next month.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='Texts a month, at most')),
                    ('text_countries', models.CharField(default='86, 852, 853, 886', help_text='Dialling codes; people with other numbers are telephoned. A code may have its own limits a day and a month: 852=50/1000.', max_length=200, validators=[qa_service.organisations.models.countries_known], verbose_name='Countries texted')),
                    ('takes_open_cases', models.BooleanField(default=False, help_text='On: rows of an export that have no closing date are kept for follow-up while the case runs. Such a case is in no sample, grade or figure until it closes. Off: these rows are refused.', verbose_name='Take in cases under way')),
                    ('contact_plan_days', models.PositiveSmallIntegerField(default=180, help_text='After that a person telephones instead, and asks again.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1100)], verbose_name='Days a consent to texts holds')),
                    ('organs_from', models.DateField(blank=True, help_text='Empty: no organ is asked. A unit is asked once it stands in the address book of organs.', null=True, verbose_name='First day of closing about which courts and other organs are asked')),
                    ('organ_delay_days', models.PositiveSmallIntegerField(default=10, help_text='Long enough for the judgment to be served, short enough for the case to be remembered.', validators=[django.core.validators.MaxValueValidator(60)], verbose_name='Days from closing to asking the organ')),
                    ('office_phone', models.CharField(blank=True, help_text='Named in texts that ask to call, and on notices.', max_length=20, validators=[django.core.validators.RegexValidator('^[0-9+()\\- ]*$', 'Digits, spaces and dashes only.')], verbose_name='Telephone of the centre')),
                    ('postal_address', models.CharField(blank=True, help_text='Printed on letters to courts and other organs, to which their sheets come back.', max_length=120, verbose_name='Postal address')),
                    ('issuer_name', models.CharField(blank=True, help_text="Empty: the centre's own name.", max_length=100, verbose_name='Name that signs notices')),
                    ('document_prefix', models.CharField(blank=True, help_text='Such as 临援, before the year and number.', max_length=20, verbose_name='Prefix of document numbers')),
                    ('filing_limit_days', models.PositiveSmallIntegerField(default=30, help_text='From the end of the case, as the province sets it. Files later than this count as late.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='Days to hand in the file')),
                    ('acceptance_from', models.DateField(blank=True, help_text='Files of cases closed earlier are history. Empty: as the first day of closing asked about.', null=True, verbose_name='First day of closing whose files are accepted here')),
                    ('blind_review', models.BooleanField(default=False, help_text='The pages and the programs of readers leave it out. In the papers of the file itself it can be read.', verbose_name="Readers of files are not told the lawyer's name")),
                    ('time_zone', models.CharField(default='Asia/Shanghai', max_length=40, validators=[qa_service.organisations.models.time_zone_known], verbose_name='Time zone')),
                    ('recovery_acknowledge_days', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Unhappy clients: working days until somebody takes it on')),
                    ('recovery_contact_days', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Unhappy clients: working days until they are spoken with')),
                    ('recovery_settle_days', models.PositiveSmallIntegerField(default=15, help_text='All three run from the day the matter was raised.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Unhappy clients: working days until it is settled')),
                    ('recovery_bureau_after_days', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Unhappy clients: working days late before the bureau is told')),
                    ('records_bound_first', models.BooleanField(default=True, help_text="On: a client's words are erased only after somebody confirmed that the printed record was bound. Off: the centre keeps no such binder.", verbose_name='Follow-up records are bound on paper')),
                    ('person_request_days', models.PositiveSmallIntegerField(default=15, help_text='From the day a person asks to see, correct or erase what is held of them.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='Requests about personal data: working days to answer')),
                    ('call_cost', models.DecimalField(blank=True, decimal_places=2, help_text='In the currency of the installation. Empty: not known, and what an answer costs says so.', max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='What one telephone call costs')),
                    ('visit_cost', models.DecimalField(blank=True, decimal_places=2, help_text='In the currency of the installation. Empty: not known, and what an answer costs says so.', max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='What one visit costs')),
                    ('letter_cost', models.DecimalField(blank=True, decimal_places=2, help_text='In the currency of the installation. Empty: not known, and what an answer costs says so.', max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='What one letter costs, postage and paper')),
                    ('paper_cost', models.DecimalField(blank=True, decimal_places=2, help_text='In the currency of the installation. Empty: not known, and what an answer costs says so.', max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='What one paper form costs, postage and paper')),
                    ('call_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty: not known, and what an answer costs says so.', null=True, validators=[django.core.validators.MaxValueValidator(1440)], verbose_name='Minutes one telephone call takes')),
                    ('visit_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty: not known, and what an answer costs says so.', null=True, validators=[django.core.validators.MaxValueValidator(1440)], verbose_name='Minutes one visit takes, the way included')),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('contact_opens__lt', models.F('contact_closes'))), name='contact_hours_in_order', violation_error_message='The hours of texting must begin before they end.'),
                        models.CheckConstraint(condition=models.Q(('call_cost__gte', 0), ('letter_cost__gte', 0), ('paper_cost__gte', 0), ('visit_cost__gte', 0)), name='asking_costs_not_negative'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Firm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('name', models.CharField(max_length=100)),
                    ('kind', models.CharField(choices=[('law_firm', 'Law firm'), ('service_office', 'Basic-level legal service office'), ('centre_staff', 'Legal aid centre staff')], max_length=20)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('centre', 'name'), name='firm_once_a_centre'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='FormerName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='organisations.organisation')),
                    ('firm', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='organisations.firm')),
                    ('name', models.CharField(db_index=True, max_length=100)),
                    ('given_up_on', models.DateField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('organisation__isnull', True), ('firm__isnull', True), _connector='XOR'), name='former_name_of_one_thing'),
                        models.UniqueConstraint(fields=('organisation', 'name'), name='former_name_once_a_place'),
                        models.UniqueConstraint(fields=('firm', 'name'), name='former_name_once_a_firm'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Lawyer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=50)),
                    ('licence_number', models.CharField(max_length=32, unique=True)),
                    ('kind', models.CharField(choices=[('lawyer', 'Practising lawyer'), ('legal_worker', 'Basic-level legal worker'), ('centre_staff', 'Centre staff')], max_length=20)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.lawyer')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.firm')),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField(blank=True, null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('lawyer', 'firm', 'starts_on'), name='membership_once'),
                        models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='membership_in_order'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CalendarYear',
                fields=[
                    ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                    ('source', models.CharField(blank=True, max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('day', models.DateField(primary_key=True, serialize=False)),
                    ('is_workday', models.BooleanField()),
                    ('name', models.CharField(blank=True, max_length=40)),
                ],
            ),
        ]),
    ]

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_lawyer_role_once_and_first_passwords'),
        ('accounts', '0003_closed_at'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('organisations', '0001_tables'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('display_name', models.CharField(max_length=50)),
                    ('language', models.CharField(default='zh-hans', max_length=10)),
                    ('shortcuts_enabled', models.BooleanField(default=True)),
                    ('password_is_temporary', models.BooleanField(default=False)),
                    ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('lawyer', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'abstract': False,
                },
                managers=[
                    ('objects', django.contrib.auth.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name='Grant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                    ('role', models.CharField(choices=[('operator', 'Operator'), ('supervisor', 'Bureau supervisor'), ('manager', 'Centre manager'), ('reviewer', 'File reviewer'), ('observer', 'Hearing observer'), ('follow_up', 'Follow-up staff'), ('lawyer', 'Lawyer'), ('firm', 'Head of a firm')], max_length=12)),
                    ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                    ('firm', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('user', 'role', 'organisation'), name='grant_once_a_node'),
                        models.UniqueConstraint(fields=('user', 'role', 'firm'), name='grant_once_a_firm'),
                        models.UniqueConstraint(condition=models.Q(('role', 'lawyer')), fields=('user',), name='grant_lawyer_once'),
                        models.CheckConstraint(condition=models.Q(('role__in', ['operator', 'supervisor', 'manager', 'reviewer', 'observer', 'follow_up', 'lawyer', 'firm'])), name='grant_role_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('role', 'firm'), ('firm__isnull', False), ('organisation__isnull', True)), models.Q(('role', 'lawyer'), ('firm__isnull', True), ('organisation__isnull', True)), models.Q(models.Q(('role__in', ['firm', 'lawyer']), _negated=True), ('organisation__isnull', False), ('firm__isnull', True)), _connector='OR'), name='grant_is_held_somewhere'),
                    ],
                },
            ),
        ]),
    ]

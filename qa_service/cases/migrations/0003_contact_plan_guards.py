from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the fields: a constraint is checked against rows that the step before has filled.
    dependencies = [("cases", "0002_contact_plan_terms")]

    operations = [
        migrations.AddConstraint(
            model_name='contactplan',
            constraint=models.CheckConstraint(condition=models.Q(('sms_allowed', False), ('expires_on__isnull', False), _connector='OR'), name='no_text_without_an_expiry'),
        ),
        migrations.AddConstraint(
            model_name='contactplan',
            constraint=models.CheckConstraint(condition=models.Q(('guardian_relation', ''), ('guardian_cleared', True), _connector='OR'), name='guardian_is_not_the_opponent'),
        ),
        migrations.AddConstraint(
            model_name='contactplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('safe_from__isnull', True), ('safe_until__isnull', True)), ('safe_from__lt', models.F('safe_until')), _connector='OR'), name='safe_hours_in_order'),
        ),
    ]

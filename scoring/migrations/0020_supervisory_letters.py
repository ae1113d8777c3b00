"""A letter of the bureau to a centre is a paper too, about no lawyer and no case."""

from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import guards_lifted

LIFTED, LAID = guards_lifted("scoring_notice")


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_the_newest_first'),
        ('files', '0001_initial'),
        ('organisations', '0005_volunteers'),
        ('scoring', '0019_no_score_index_of_centres'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LIFTED,
        migrations.RemoveConstraint(
            model_name='notice',
            name='sanction_of_a_lawyer_in_a_case',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('commendation', 'Commendation notice'), ('rectification', 'Rectification notice'), ('decision', 'Decision on a sanction'), ('appeal_decision', 'Decision on an appeal'), ('supervision', 'Supervisory letter to a centre')], max_length=16),
        ),
        migrations.AlterField(
            model_name='numbercounter',
            name='kind',
            field=models.CharField(choices=[('commendation', 'Commendation notice'), ('rectification', 'Rectification notice'), ('decision', 'Decision on a sanction'), ('appeal_decision', 'Decision on an appeal'), ('supervision', 'Supervisory letter to a centre')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('rectification', 'decision', 'appeal_decision')), _negated=True), models.Q(('case__isnull', False), ('firm__isnull', False), ('lawyer__isnull', False)), _connector='OR'), name='sanction_of_a_lawyer_in_a_case'),
        ),
        LAID,
    ]

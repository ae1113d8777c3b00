"""An upload with which its case would have too many pages says so."""

from django.db import migrations, models
from django.db.models import Q

from qa_service.common.row_guards import guards_lifted

BEFORE = {
    "encrypted": "It is protected by a password. Save it without one and upload it again.",
    "broken": "It is damaged or no such file. Scan or save it anew.",
    "too_many": "It has more pages than one upload may have. Split it into volumes.",
    "too_slow": "A page of it is too large, or took too long to draw. Scan it at 300 dots to the inch.",
    "crashed": "It broke the program that draws pages, which runs apart for that reason. Scan it as an image.",
    "unguarded": "This machine cannot confine the program that draws pages. Ask the operator.",
    "gone": "The uploaded file is missing. Upload it again.",
}
FULL = "case_full"
TROUBLES = BEFORE | {
    FULL: "With it the scanned file would have more pages than one case may have. "
    "Take off what is there twice, and upload it again."
}
TABLES = {"objectionpaper": "objection_paper", "scan": "scan"}
LIFTED, LAID = guards_lifted(*(f"reviews_{model}" for model in TABLES))


def says_why(name, troubles):
    return models.CheckConstraint(
        condition=Q(state="unreadable", trouble__in=[*troubles]) | ~Q(state="unreadable") & Q(trouble=""),
        name=f"{name}_unreadable_says_why",
    )


def said_before(apps, _schema_editor):
    """On the way back: the nearest of what could be said then."""
    apps.get_model("reviews", "Scan").objects.filter(trouble=FULL).update(trouble="too_many")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0029_told_of_the_file")]

    operations = [
        LIFTED,
        *(migrations.RemoveConstraint(model, f"{name}_unreadable_says_why") for model, name in TABLES.items()),
        *(
            migrations.AlterField(
                model, "trouble", models.CharField(blank=True, choices=[*TROUBLES.items()], max_length=10)
            )
            for model in TABLES
        ),
        *(migrations.AddConstraint(model, says_why(name, TROUBLES)) for model, name in TABLES.items()),
        migrations.RunPython(migrations.RunPython.noop, said_before),
        LAID,
    ]

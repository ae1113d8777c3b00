"""A paper may also wait because it could not be signed."""

from django.db import migrations, models

REASONS = [
    ("missing_glyph", "No installed font can print one of its characters. Add a font that holds it."),
    ("fonts_not_ready", "The fonts are still being prepared."),
    ("font_unusable", "A font file of this site cannot be embedded. Replace it."),
    ("signing_failed", "It could not be signed with the certificate of its issuer."),
]


class Migration(migrations.Migration):
    dependencies = [("scoring", "0013_decision_papers")]

    operations = [
        migrations.AlterField("notice", "refused_for", models.CharField(blank=True, choices=REASONS, max_length=30)),
    ]

"""What one's own mark of an item says: an observer's of a hearing, a firm's of its file, a reviewer's for practice."""

from django.db import models

from reviews.enums import Anchor


class OwnMark(models.Model):
    """Half filled in it has no anchor yet. The form it stands on is the other half of its key."""

    item = models.ForeignKey("reviews.Item", on_delete=models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=8, choices=Anchor.choices, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=1000, blank=True)

    class Meta:
        abstract = True

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailState(TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Taken by the mail server")
    REFUSED = "refused", _("Not taken by the mail server")
    UNKNOWN = "unknown", _("Not known whether it was sent")


SETTLED_MAIL = (MailState.SENT, MailState.REFUSED, MailState.UNKNOWN)

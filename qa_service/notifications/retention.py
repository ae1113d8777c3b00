"""Notices to people with accounts name cases, never clients; read or not, they go after a year."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Field, Ground, Keeping, Part, Rule, Term
from qa_service.notifications.models import Mail, Notification

KEEPING: Final = Keeping(
    rules=(
        Rule(
            key="notifications.notices",
            title=_("Notices to people with accounts"),
            purpose=_("To tell staff and lawyers that work waits for them"),
            ground=Ground.SUPERVISION,
            since=_("the notice"),
            term=Term(days=365, shortest=30, longest=1095),
            parts=(
                Part(
                    model=Notification,
                    fields=(Field("params", _("Case number and names in it")),),
                    since="created_at",
                    moment=True,
                    deletes=True,
                ),
            ),
        ),
        Rule(
            key="notifications.mails",
            title=_("E-mails to courts and other organs"),
            purpose=_("To ask for their opinion of the lawyer's work, and to know what was sent"),
            ground=Ground.SUPERVISION,
            since=_("the sending"),
            term=Term(days=365, shortest=30, longest=1095),
            parts=(
                Part(
                    model=Mail,
                    fields=(
                        Field("to", _("Address of the unit")),
                        Field("subject", _("Subject")),
                        Field("body", _("Case numbers, lawyers and links")),
                    ),
                    since="settled_at",
                    moment=True,
                ),
            ),
        ),
    ),
    without=(
        (
            _("sentences and addresses of our own"),
            ("notifications.Notification.text", "notifications.Notification.url"),
        ),
    ),
)

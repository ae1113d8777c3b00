"""Notices to people with accounts name cases, never clients; read or not, they go after a year."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Field, Ground, Keeping, Part, Rule, Term
from qa_service.notifications.models import Notification

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
    ),
    without=(
        (
            _("sentences and addresses of our own"),
            ("notifications.Notification.text", "notifications.Notification.url"),
        ),
    ),
)

"""What is kept of people with accounts, and of whoever knocks at the door."""

from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.keeping import Field, Ground, Keeping, Part, Rule, Term

KNOCKED = (
    Field("username", _("Name typed at the door")),
    Field("ip_address", _("Address on the network")),
    Field("user_agent", _("Program")),
    Field("http_accept", _("What the program takes")),
    Field("path_info", _("Address of the page")),
)

KEEPING: Final = Keeping(
    rules=(
        Rule(
            key="accounts.sign_ins",
            title=_("Sign-ins and wrong passwords"),
            purpose=_("To slow guessing, and to find out afterwards who came in"),
            ground=Ground.SECURITY,
            since=_("the attempt"),
            term=Term(days=180, shortest=180, longest=730),
            parts=(
                Part(
                    model=AccessAttempt,
                    fields=(*KNOCKED, Field("get_data", _("Sent along")), Field("post_data", _("Sent along"))),
                    since="attempt_time",
                    moment=True,
                    deletes=True,
                ),
                Part(model=AccessFailureLog, fields=KNOCKED, since="attempt_time", moment=True, deletes=True),
                Part(
                    model=AccessLog,
                    fields=(*KNOCKED, Field("session_hash", _("Mark of the session"))),
                    since="attempt_time",
                    moment=True,
                    deletes=True,
                ),
            ),
        ),
        Rule(
            key="accounts.sessions",
            title=_("Sessions"),
            purpose=_("To keep a person signed in for the day"),
            ground=Ground.SECURITY,
            since=_("the end of the session"),
            term=Term(days=1, shortest=1, longest=1),
            parts=(
                Part(
                    model=Session,
                    fields=(Field("session_key", _("Key")), Field("session_data", _("Who is signed in"))),
                    since="expire_date",
                    moment=True,
                    deletes=True,
                ),
            ),
        ),
        Rule(
            key="accounts.mail",
            title=_("E-mail address of a closed account"),
            purpose=_("To send notices while the account is open"),
            ground=Ground.SUPERVISION,
            since=_("the closing of the account"),
            term=Term(days=90, shortest=1, longest=365),
            parts=(Part(model=User, fields=(Field("email", _("E-mail address")),), since="closed_at", moment=True),),
        ),
        Rule(
            key="accounts.people",
            title=_("People with accounts: name"),
            purpose=_("What somebody did or decided goes on bearing their name"),
            ground=Ground.RECORD,
            since=_("the closing of the account"),
            term=None,
            parts=(
                Part(
                    model=User,
                    fields=(Field("username", _("Name for signing in")), Field("display_name", _("Name"))),
                    since="",
                ),
            ),
        ),
    ),
    without=(
        (_("hashes and digests"), ("accounts.User.password", "knox.AuthToken.digest", "knox.AuthToken.token_key")),
        (_("language of the pages"), ("accounts.User.language",)),
        (
            _("what the program itself is made of"),
            (
                "auth.Permission.name",
                "auth.Permission.codename",
                "auth.Group.name",
                "contenttypes.ContentType.app_label",
                "contenttypes.ContentType.model",
            ),
        ),
    ),
)

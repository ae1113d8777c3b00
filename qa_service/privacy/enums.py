from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """Why something was erased."""

    TERM = "term", _("Its time was over")
    NAMED = "named", _("It named somebody whose data was erased")
    REQUEST = "request", _("The person asked for it")


class RequestKind(models.TextChoices):
    """What a person may ask (PIPL art. 44 to 48)."""

    ACCESS = "access", _("To know what is held (art. 45)")
    COPY = "copy", _("A copy to take away (art. 45)")
    CORRECTION = "correction", _("To have it put right (art. 46)")
    ERASURE = "erasure", _("To have it erased (art. 47)")
    OBJECTION = "objection", _("To be left alone from now on (art. 44)")
    EXPLANATION = "explanation", _("To have the rules explained (art. 48)")


class Asker(models.TextChoices):
    """Who asks for the person (PIPL art. 31 and 49)."""

    PERSON = "person", _("The person")
    GUARDIAN = "guardian", _("A guardian")
    AGENT = "agent", _("Somebody with a power of attorney")
    RELATIVE = "relative", _("A near relative of somebody who has died")


class Proof(models.TextChoices):
    """How it was shown who asks. No copy of the paper is kept."""

    IDENTITY_CARD = "card", _("Identity card seen")
    CALLED_BACK = "called", _("Called back on the number that was known")
    CODE_WORD = "code_word", _("Knew the code word")
    KNOWN = "known", _("Known in person to whoever received it")
    AUTHORITY = "authority", _("Identity card and the paper that gives the right to ask")


class CameBy(models.TextChoices):
    COUNTER = "counter", _("At the counter")
    TELEPHONE = "telephone", _("By telephone")
    LETTER = "letter", _("By letter")
    ONLINE = "online", _("By e-mail or another message")


class RequestState(models.TextChoices):
    OPEN = "open", _("To be answered")
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")


class Stay(models.TextChoices):
    """Why something stays although the person asked for erasure."""

    DUTY = "duty", _("The law or the archive asks for it until then (art. 47)")
    STOP = "stop", _("Without it, messages would go to the number again")
    PAPER = "paper", _("The printed record must first be bound into the file")
    UNDER_WAY = (
        "under_way",
        _("A case, a follow-up, a matter, a complaint, a review, a decision or another request is not finished"),
    )

"""How long texts, answers, notes of calls, matters and complaints are kept."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from qa_service.cases.models import Client
from qa_service.common.keeping import Field, Ground, Part, Rule, Term
from surveys.complaints import OVER
from surveys.enums import Audience, MessageState
from surveys.models import (
    Alert,
    Answer,
    Complaint,
    ComplaintStep,
    Contact,
    Conversation,
    LawyerQuestion,
    Message,
    OptOut,
    RecoveryStep,
    SecondEntry,
    SignedOpinion,
)

# The provider's list is still compared with our row, or a person still has to look at it.
UNSETTLED = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)


def _indexes(client: Client) -> list[str]:
    """By which numbers texts of nobody's conversation are known as this person's."""
    return [index for index in (client.phone_index, client.former_phone_index) if index]


def _own_indexes(client: Client) -> list[str]:
    """The same where nobody else has the number: a text of no follow-up may be another's."""
    others = Client.objects.exclude(pk=client.pk)
    return [index for index in _indexes(client) if not others.filter(phone_index=index).exists()]


def _settled_texts() -> QuerySet[Message]:
    return Message.objects.exclude(state__in=UNSETTLED)


def _entries_of_clients() -> QuerySet[SecondEntry]:
    """What came in from a unit beside its first sheet stays with that one, as evidence of the lawyer's work."""
    return SecondEntry.objects.filter(conversation__audience=Audience.CLIENT)


def _complaints_over() -> QuerySet[Complaint]:
    return Complaint.objects.filter(state__in=OVER).annotate(person=Coalesce(F("client"), F("case__client")))


def _steps_over() -> QuerySet[ComplaintStep]:
    person = Coalesce(F("complaint__client"), F("complaint__case__client"))
    return ComplaintStep.objects.filter(complaint__state__in=OVER).annotate(person=person)


def _unsealed(conversation: str) -> Callable[[Any], Q]:
    """Nothing that a client said of a case of which a matter is sealed from the one who looks: any of it may tell."""

    def shown(user: Any) -> Q:
        sealed = Alert.objects.filter(sealed=True).exclude(pk__in=Alert.objects.visible_to(user).values("pk"))
        theirs = sealed.order_by().filter(case=OuterRef("case"), conversation__recipient=OuterRef("recipient"))
        # Nor of one of which nobody has looked yet whether it raises one.
        told = Q(**{f"{conversation}__in": Conversation.objects.filter(Exists(theirs)).values("pk")}) | Q(
            **{f"{conversation}__in": Conversation.objects.with_matters_due().values("pk")}
        )
        return ~told | Q(**{f"{conversation}__isnull": True})

    return shown


def _matters_seen(user: Any) -> Q:
    return Q(recovery__alert__in=Alert.objects.visible_to(user).values("pk"))


TEXTS: Final = Rule(
    key="surveys.texts",
    title=_("Text messages: number and words"),
    purpose=_("To know what was sent and answered, and to settle what the carrier service left unclear"),
    ground=Ground.FOLLOW_UP,
    since=_("the text"),
    term=Term(days=180, shortest=61, longest=730),
    parts=(
        Part(
            model=Message,
            fields=(
                Field("phone", _("Telephone number")),
                Field("phone_index", _("Look-up index of the number")),
                Field("body", _("Words")),
            ),
            may_name=True,
            shown_to=_unsealed("conversation"),
            since="created_at",
            moment=True,
            place="conversation__case__centre",
            person="conversation__recipient",
            rows=_settled_texts,
            of_person=lambda client: Q(conversation=None, phone_index__in=_own_indexes(client)),
            beside=((_("Day"), "created_at"), (_("Way"), "direction"), (_("State"), "state")),
        ),
    ),
)
CONVERSATIONS: Final = Rule(
    key="surveys.conversations",
    title=_("Follow-ups: by which number a reply is known"),
    purpose=_("To know whose reply a text is"),
    ground=Ground.FOLLOW_UP,
    since=_("the last day on which an answer is taken"),
    term=Term(days=90, shortest=1, longest=365),
    parts=(
        Part(
            model=Conversation,
            fields=(Field("phone_index", _("Look-up index of the number")),),
            since="late_until",
            moment=True,
            place="case__centre",
            person="recipient",
            beside=(
                (_("Case number"), "case__number"),
                # Neither how far they got nor by which way: of whom the bureau sees to that is not told here.
                (_("Invited"), "invited_at"),
            ),
        ),
    ),
)
ANSWERS: Final = Rule(
    key="surveys.answers",
    title=_("Answers: what was written or said in the person's own words"),
    purpose=_("To put right what went wrong; the chosen marks stay, for they alone are counted"),
    ground=Ground.FOLLOW_UP,
    since=_("the closing of the case"),
    term=Term(days=730, shortest=180, longest=1825),
    bound_first=True,
    parts=(
        Part(
            model=Answer,
            fields=(Field("text", _("Words")),),
            may_name=True,
            shown_to=_unsealed("response__conversation"),
            since="response__conversation__case__closed_on",
            place="response__conversation__case__centre",
            person="response__conversation__recipient",
            beside=(
                (_("Case number"), "response__conversation__case__number"),
                (_("Question"), "question__text_zh"),
                (_("Chosen"), "choice__text_zh"),
                (_("Day"), "answered_at"),
            ),
        ),
        Part(
            model=Contact,
            fields=(Field("note", _("Note of the call or visit")),),
            may_name=True,
            shown_to=_unsealed("conversation"),
            since="conversation__case__closed_on",
            place="conversation__case__centre",
            person="conversation__recipient",
            beside=((_("Day"), "at"), (_("Way"), "channel"), (_("Outcome"), "outcome")),
        ),
        Part(
            model=SecondEntry,
            fields=(Field("answers", _("Answers keyed in again")), Field("note", _("Note"))),
            may_name=True,
            shown_to=_unsealed("conversation"),
            since="conversation__case__closed_on",
            place="conversation__case__centre",
            person="conversation__recipient",
            rows=_entries_of_clients,
            beside=((_("Day"), "entered_at"),),
        ),
    ),
)
OPINIONS: Final = Rule(
    key="surveys.opinions",
    title=_("Opinions of courts and other organs: who signed for the unit"),
    purpose=_("To ask back where an opinion is unclear; marks and remarks stay as evidence of the lawyer's work"),
    ground=Ground.SUPERVISION,
    since=_("the closing of the case"),
    term=Term(days=730, shortest=180, longest=1825),
    parts=(
        Part(
            model=SignedOpinion,
            fields=(Field("signed_by", _("Who signed")),),
            since="response__conversation__case__closed_on",
            place="response__conversation__case__centre",
            beside=((_("Case number"), "response__conversation__case__number"), (_("Received"), "received_on")),
        ),
    ),
)
MATTERS: Final = Rule(
    key="surveys.matters",
    title=_("Unhappy clients: notes of each step, what the lawyer was asked and replied"),
    purpose=_("To settle the matter, and to show afterwards that it was settled"),
    ground=Ground.FOLLOW_UP,
    since=_("the end of the matter"),
    term=Term(days=730, shortest=365, longest=1825),
    parts=(
        Part(
            model=RecoveryStep,
            fields=(Field("note", _("Note")),),
            may_name=True,
            shown_to=_matters_seen,
            since="recovery__alert__closed_at",
            moment=True,
            place="recovery__alert__case__centre",
            person="recovery__alert__conversation__recipient",
            beside=((_("Day"), "at"), (_("Step"), "act")),
        ),
        Part(
            model=LawyerQuestion,
            fields=(Field("text", _("Question to the lawyer")), Field("reply", _("Reply of the lawyer"))),
            may_name=True,
            shown_to=_matters_seen,
            since="recovery__alert__closed_at",
            moment=True,
            place="recovery__alert__case__centre",
            person="recovery__alert__conversation__recipient",
            beside=((_("Day"), "put_at"),),
        ),
    ),
)
COMPLAINTS: Final = Rule(
    key="surveys.complaints",
    title=_("Register of complaints: who complained, how they are reached, facts, reply, notes"),
    purpose=_("To look into the complaint and to answer it; number, ground, outcome and days stay"),
    ground=Ground.COMPLAINTS,
    since=_("the end of the complaint"),
    term=Term(days=1825, shortest=1095, longest=3650),
    parts=(
        Part(
            model=Complaint,
            fields=(
                Field("complainant_name", _("Who complained")),
                Field("contact", _("How they are reached")),
                Field("respondent_name", _("Whom it is about")),
                Field("facts", _("Facts")),
                Field("request", _("What is asked for")),
                Field("reply", _("Reply")),
            ),
            shown_to=lambda user: Q(pk__in=Complaint.objects.visible_to(user).values("pk")),
            since="updated_at",
            moment=True,
            place="centre",
            person="person",
            rows=_complaints_over,
            beside=((_("Number"), "label"), (_("Received"), "received_on"), (_("State"), "state")),
        ),
        Part(
            model=ComplaintStep,
            fields=(Field("note", _("Note")),),
            shown_to=lambda user: Q(complaint__in=Complaint.objects.visible_to(user).values("pk")),
            since="complaint__updated_at",
            moment=True,
            place="complaint__centre",
            person="person",
            rows=_steps_over,
            beside=((_("Day"), "at"), (_("Step"), "act")),
        ),
    ),
)
STOPPED: Final = Rule(
    key="surveys.opt_outs",
    title=_("Numbers that want no messages: look-up index only"),
    purpose=_("Not to text them. In force it stays, whatever else is erased: without it they would be texted again"),
    ground=Ground.STOP,
    since=_("the day on which the person allowed messages again"),
    term=Term(days=365, shortest=30, longest=1095),
    parts=(
        Part(
            model=OptOut,
            fields=(Field("phone_index", _("Look-up index of the number")),),
            since="lifted_at",
            moment=True,
            of_person=lambda client: Q(phone_index__in=_indexes(client)),
            beside=((_("Since"), "at"), (_("Source"), "source"), (_("Lifted"), "lifted_at")),
        ),
    ),
)

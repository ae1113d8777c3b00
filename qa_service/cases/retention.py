"""How long a client, how to reach them, their matter and what was uploaded of them are kept."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import CharField, DateField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate
from django.utils.translation import gettext_lazy as _

from qa_service.cases.enums import ImportState
from qa_service.cases.models import Case, Client, CoClient, ContactPlan, Import, ImportFault
from qa_service.common.keeping import ERASED, Field, Ground, Hold, Keeping, Part, Rule, Term
from qa_service.files.services import discard

AT_WORK: Final = (ImportState.QUEUED, ImportState.RUNNING)


def _last_closed(client: str) -> Coalesce:
    """The day on which the last case of a client closed; who has none any more counts from the last change."""
    theirs = Q(client=OuterRef(client)) | Q(co_clients__client=OuterRef(client))
    newest = Case.objects.filter(theirs).order_by("-closed_on").values("closed_on")[:1]
    changed = Client.objects.filter(pk=OuterRef(client)).values(day=TruncDate("updated_at"))[:1]
    return Coalesce(Subquery(newest), Subquery(changed), output_field=DateField())


def _clients() -> QuerySet[Client]:
    return Client.objects.annotate(last_closed=_last_closed("pk"))


def _cases() -> QuerySet[Case]:
    return Case.with_open.annotate(last_closed=_last_closed("client"))


def _plans() -> QuerySet[ContactPlan]:
    return ContactPlan.objects.annotate(last_closed=_last_closed("client"))


def _named_by_itself() -> Concat:
    """In the place of the look-up index of a name: no two erased people of a centre are one."""
    return Concat(Value("erased:"), Cast(F("public_id"), CharField()))


def _bytes_standing() -> QuerySet[Import]:
    return Import.objects.filter(file__isnull=False)


def let_go_of(keys: Iterable[int]) -> None:
    """Let go of the files of these imports; a preview can be confirmed no more.

    Whoever confirms one at that moment keeps its file: it is about to be read.
    """
    for job in Import.objects.select_related("file").filter(pk__in=list(keys), file__isnull=False):
        stored = job.file
        with transaction.atomic():
            idle = Import.objects.filter(pk=job.pk).exclude(state__in=AT_WORK)
            if not idle.update(file=None):
                continue
            Import.objects.filter(pk=job.pk, state=ImportState.PREVIEWED).update(state=ImportState.EXPIRED)
            if stored is not None:
                discard(stored)


PEOPLE: Final = Rule(
    key="cases.people",
    title=_("Clients: name, telephone number, township, dialect"),
    purpose=_("To follow up with the client, to answer a complaint, to know them when they come again"),
    ground=Ground.FOLLOW_UP,
    since=_("the closing of their last case"),
    term=Term(days=1095, shortest=365, longest=3650),
    bound_first=True,
    parts=(
        Part(
            model=Client,
            fields=(
                Field("name", _("Name"), ERASED),
                Field("name_index", _("Look-up index of the name"), _named_by_itself()),
                Field("phone", _("Telephone number")),
                Field("phone_index", _("Look-up index of the number")),
                Field("phone_masked", _("Last four digits of the number")),
                Field("former_phone_index", _("Look-up index of the former number")),
                Field("former_name_index", _("Look-up index of the former name")),
                Field("township", _("Township")),
                Field("dialect", _("Dialect")),
            ),
            since="last_closed",
            place="centre",
            person="pk",
            rows=_clients,
            stamp="erased_at",
            naming=("name", "phone"),
            beside=(
                (_("Gender"), "gender"),
                (_("Year of birth"), "birth_year"),
                (_("Group"), "group"),
                (_("Known since"), "created_at"),
            ),
        ),
        # Made of the whole row of the export, name and number included.
        Part(
            model=Case,
            fields=(Field("content_hash", _("Keyed hash of the exported row")),),
            since="last_closed",
            place="centre",
            person="client",
            rows=_cases,
        ),
    ),
)
MATTERS: Final = Rule(
    key="cases.matters",
    title=_("Cases: cause of the matter and how it ended"),
    purpose=_("To choose files for review and to read them in their kind"),
    ground=Ground.SUPERVISION,
    since=_("the closing of the case"),
    term=Term(days=1825, shortest=365, longest=10950),
    parts=(
        Part(
            model=Case,
            fields=(
                Field("cause", _("Cause"), ERASED),
                Field("outcome", _("Outcome"), ERASED),
            ),
            since="closed_on",
            place="centre",
            person="client",
            may_name=True,
            of_person=lambda client: Q(pk__in=CoClient.objects.filter(client=client.pk).values("case")),
            beside=(
                (_("Case number"), "number"),
                (_("Accepted"), "accepted_on"),
                (_("Closed"), "closed_on"),
                (_("Lawyer"), "lawyer__name"),
                (_("Firm"), "firm__name"),
            ),
        ),
    ),
)
PLANS: Final = Rule(
    key="cases.contact_plans",
    title=_("Contact plan: code word, guardian, note"),
    purpose=_("To reach the person without putting them in danger"),
    ground=Ground.CONSENT,
    since=_("the closing of their last case"),
    term=Term(days=180, shortest=90, longest=1095),
    parts=(
        Part(
            model=ContactPlan,
            fields=(
                Field("code_word", _("Code word")),
                Field("guardian_name", _("Name of the guardian")),
                Field("guardian_phone", _("Number of the guardian")),
                Field("guardian_index", _("Look-up index of the guardian's number")),
                Field("guardian_relation", _("Who the guardian is to the client")),
                Field("note", _("Note")),
            ),
            since="last_closed",
            place="client__centre",
            person="client",
            rows=_plans,
            naming=("guardian_name", "guardian_phone"),
            beside=(
                (_("Text messages allowed"), "sms_allowed"),
                (_("Reason"), "reason"),
                (_("Language"), "language"),
                (_("Last confirmed"), "confirmed_on"),
            ),
        ),
    ),
)
UPLOADS: Final = Rule(
    key="cases.uploads",
    title=_("Uploaded exports: the file itself"),
    purpose=_("To bring cases in; it goes as soon as it was read, and after a week where nobody confirmed it"),
    ground=Ground.FOLLOW_UP,
    since=_("the upload"),
    term=Term(days=7, shortest=7, longest=7),
    parts=(
        Part(
            model=Import,
            fields=(Field("file", _("The uploaded file"), standing=Q(file__isnull=False)),),
            since="progressed_at",
            moment=True,
            place="centre",
            rows=_bytes_standing,
            act=lambda keys, _now: let_go_of(keys),
        ),
    ),
)
REFUSED_ROWS: Final = Rule(
    key="cases.refused_rows",
    title=_("Refused rows of an export: the cell at fault, names of files and columns"),
    purpose=_("To put right what the export has wrong"),
    ground=Ground.FOLLOW_UP,
    since=_("the import"),
    term=Term(days=90, shortest=7, longest=365),
    parts=(
        Part(
            model=ImportFault,
            fields=(Field("value", _("Cell")),),
            since="job__progressed_at",
            moment=True,
            place="job__centre",
            may_name=True,
        ),
        Part(
            model=Import,
            fields=(
                Field("file_name", _("Name of the file"), ERASED),
                Field("ignored_columns", _("Columns not read"), [], standing=~Q(ignored_columns=[])),
            ),
            since="progressed_at",
            moment=True,
            place="centre",
        ),
    ),
)
IMPORTERS: Final = Rule(
    key="cases.importers",
    title=_("Imports: who brought them in"),
    purpose=_("To ask whoever uploaded a file"),
    ground=Ground.RECORD,
    since=_("the import"),
    term=None,
    parts=(Part(model=Import, fields=(Field("actor_label", _("Name of the member of staff")),), since=""),),
)

# An export that stops naming a case says nothing of its end; by then it is over.
OPEN_AT_MOST = timedelta(days=1825)
UNDER_WAY: Final = Hold(
    key="cases.under_way",
    label=_("A case of the person is under way."),
    rows=lambda day: Case.with_open.filter(closed_on=None, accepted_on__gt=day - OPEN_AT_MOST),
    client="client",
)
# Whoever was added by staff is helped by it as much as the one whom the export names.
JOINED_UNDER_WAY: Final = Hold(
    key="cases.joined_under_way",
    label=UNDER_WAY.label,
    rows=lambda day: CoClient.objects.current().filter(case__closed_on=None, case__accepted_on__gt=day - OPEN_AT_MOST),
    client="client",
)

KEEPING: Final = Keeping(
    rules=(PEOPLE, PLANS, MATTERS, UPLOADS, REFUSED_ROWS, IMPORTERS),
    holds=(UNDER_WAY, JOINED_UNDER_WAY),
    without=(
        (_("language in which the person is written to"), ("cases.ContactPlan.language",)),
        (_("number of the file in the archive, by which nobody finds the person here"), ("cases.Case.number",)),
        (_("courts and other public bodies"), ("cases.Case.organ",)),
        (_("number under which a court keeps the case in its own files"), ("cases.Case.organ_number",)),
        (
            _("hashes, counts and sentences of our own"),
            (
                "cases.ComplaintRequest.facts",
                "cases.Import.file_sha256",
                "cases.Import.actor_id",
                "cases.Import.oddities",
                "cases.Import.failure",
                "cases.ImportFault.column",
            ),
        ),
    ),
)

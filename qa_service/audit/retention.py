"""How long what the record says is kept."""

from typing import Final

from django.db.models import BigIntegerField, Case, QuerySet, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from qa_service.audit.models import Entry, Remark
from qa_service.common.keeping import Field, Ground, Keeping, Part, Rule, Term


def _remarks() -> QuerySet[Remark]:
    """With the client whom the entry is about, where it is about one."""
    key = Cast("entry__subject_id", BigIntegerField())
    person = Case(When(entry__subject_type="cases.Client", then=key), output_field=BigIntegerField())
    return Remark.objects.annotate(person=person)


KEEPING: Final = Keeping(
    rules=(
        Rule(
            key="audit.remarks",
            title=_("Reasons typed beside an entry of the record"),
            purpose=_("To show why somebody looked at a number or loosened a contact plan"),
            ground=Ground.RECORD,
            since=_("the entry"),
            term=Term(days=1095, shortest=365, longest=3650),
            parts=(
                Part(
                    model=Remark,
                    fields=(Field("text", _("Reason as typed")),),
                    since="at",
                    moment=True,
                    person="person",
                    rows=_remarks,
                    may_name=True,
                    beside=((_("Day"), "at"), (_("By"), "entry__actor_label")),
                ),
            ),
        ),
        Rule(
            key="audit.entries",
            title=_("Record of who did what"),
            purpose=_("To answer who saw or changed a person's data; it holds names of staff, never a client's"),
            ground=Ground.RECORD,
            since=_("the act"),
            term=None,
            parts=(Part(model=Entry, fields=(Field("actor_label", _("Name of the member of staff")),), since="at"),),
        ),
    ),
    without=(
        (
            _("keys, states and names of fields"),
            (
                "audit.Entry.actor_id",
                "audit.Entry.action",
                "audit.Entry.subject_type",
                "audit.Entry.subject_id",
                "audit.Entry.details",
            ),
        ),
    ),
)

"""Rows of the ground, with no surprises inside: each factory makes what its name says and what that needs."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.actors import Actor
from qa_service.cases.enums import CaseType, Stage
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.common import phones
from qa_service.common.encryption import blind_index
from qa_service.organisations.enums import FirmKind, LawyerKind, OrganisationKind
from qa_service.organisations.models import CalendarYear, CentreSettings, Firm, Lawyer, Membership, Organisation
from tests.scenes import scene

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai, a Friday
ACTOR = Actor(id="user:0", label="某人")
PASSWORD = "a-long-enough-pass"
_numbers = count(1)


@scene
def organisation(
    kind: str = OrganisationKind.CENTRE, parent: Organisation | None = None, **fields: Any
) -> Organisation:
    number = next(_numbers)
    defaults = {"code": f"org-{number}", "name": f"机构{number}", "confirmed_at": NOW}
    node = Organisation(kind=kind, **(defaults | fields))
    if parent is None:
        Organisation.objects.add_root(instance=node)
    else:
        Organisation.objects.add_child(Organisation.objects.get(pk=parent.pk), instance=node)
    return Organisation.objects.get(pk=node.pk)


@scene
def centre(parent: Organisation | None = None, settings: dict[str, Any] | None = None, **fields: Any) -> Organisation:
    node = organisation(OrganisationKind.CENTRE, parent, **fields)
    defaults = {
        "go_live_on": date(2026, 1, 1),
        "office_phone": "0739-5550100",
        "issuer_name": node.name,
        "document_prefix": "临援",
    }
    CentreSettings.objects.create(centre=node, **(defaults | (settings or {})))
    CalendarYear.objects.bulk_create((CalendarYear(year=year) for year in range(2024, 2029)), ignore_conflicts=True)
    return node


@scene
def firm(at: Organisation, **fields: Any) -> Firm:
    defaults = {"name": f"律师事务所{next(_numbers)}", "kind": FirmKind.LAW_FIRM, "confirmed_at": NOW}
    return Firm.objects.create(centre=at, **(defaults | fields))


@scene
def lawyer(of: Firm | None = None, **fields: Any) -> Lawyer:
    number = next(_numbers)
    defaults = {
        "name": f"律师{number}",
        "licence_number": f"1430720{number:010d}",
        "kind": LawyerKind.LAWYER,
        "confirmed_at": NOW,
    }
    person = Lawyer.objects.create(**(defaults | fields))
    if of is not None:
        Membership.objects.create(lawyer=person, firm=of, starts_on=date(2020, 1, 1))
    return person


@scene
def user(
    *roles: Role, at: Organisation | None = None, of: Lawyer | None = None, heads: Firm | None = None, **fields: Any
) -> User:
    number = next(_numbers)
    # In the order in which they were made: on the first page of people are the same whichever tests ran before.
    person = User(lawyer=of, **({"username": f"user{number:06}", "display_name": f"人员{number}"} | fields))
    person.set_password(PASSWORD)
    person.save()
    for role in roles:
        place = None if role in {Role.LAWYER, Role.FIRM} else at
        Grant.objects.create(user=person, role=role, organisation=place, firm=heads if role == Role.FIRM else None)
    return person


@scene
def client(at: Organisation, plan: dict[str, Any] | None = None, **fields: Any) -> Client:
    number = next(_numbers)
    name = fields.pop("name", f"受援人{number}")
    phone = fields.pop("phone", f"+861700{number:07d}")
    person = Client.objects.create(
        centre=at,
        name=name,
        name_index=blind_index(name),
        phone=phone,
        phone_index=blind_index(phone),
        phone_masked=phones.mask(phone),
        **({"birth_year": 1970} | fields),
    )
    terms: dict[str, Any] = {"sms_allowed": True, "expires_on": date(2030, 1, 1)} | (plan or {})
    terms["guardian_index"] = blind_index(terms.get("guardian_phone", ""))
    ContactPlan.objects.create(client=person, **terms)
    return person


@scene
def case(at: Organisation, **fields: Any) -> Case:
    number = next(_numbers)
    if "firm" not in fields:
        fields["firm"] = firm(at)
    if "lawyer" not in fields:
        fields["lawyer"] = lawyer(fields["firm"])
    if "client" not in fields:
        fields["client"] = client(at)
    defaults = {
        "number": f"临法援〔2026〕民字第{number:04d}号",
        "case_type": CaseType.CIVIL,
        "cause": "追索劳动报酬",
        "stage": Stage.FIRST_INSTANCE,
        "organ": "临江县人民法院",
        "accepted_on": date(2026, 5, 1),
        "assigned_on": date(2026, 5, 3),
        "closed_on": date(2026, 11, 10),
        "filed_on": date(2026, 11, 15),
        "outcome": "判决",
        "first_seen_at": NOW,
        "content_hash": f"{number:064d}",
        "survey_released_at": NOW,
    }
    return Case.objects.create(centre=at, **(defaults | fields))


def open_case(at: Organisation, **fields: Any) -> Case:
    """One under way, assigned a week before `NOW`."""
    days = {"accepted_on": date(2026, 11, 13), "assigned_on": date(2026, 11, 15)}
    nothing_yet = {"closed_on": None, "filed_on": None, "outcome": "", "survey_released_at": None}
    return case(at, **(days | nothing_yet | fields))

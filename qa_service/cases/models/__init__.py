"""Clients, how each may be contacted, their cases, and what other rooms must hear of a case."""

from qa_service.cases.models.cases import Case, CoClient, ComplaintRequest, EvidenceChange, ReaderRequest, RiskFlag
from qa_service.cases.models.clients import Client, ContactPlan
from qa_service.cases.models.imports import IMPORT_ROLES, Import, ImportFault

__all__ = [
    "IMPORT_ROLES",
    "Case",
    "Client",
    "CoClient",
    "ComplaintRequest",
    "ContactPlan",
    "EvidenceChange",
    "Import",
    "ImportFault",
    "ReaderRequest",
    "RiskFlag",
]

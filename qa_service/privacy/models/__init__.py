from qa_service.privacy.models.requests import HANDLERS, PersonRequest
from qa_service.privacy.models.sweeps import Erased, HeldBack, Sweep
from qa_service.privacy.models.terms import RetentionTerm

__all__ = ["HANDLERS", "Erased", "HeldBack", "PersonRequest", "RetentionTerm", "Sweep"]

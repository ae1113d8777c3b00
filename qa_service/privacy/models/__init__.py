from qa_service.privacy.models.sweeps import Erased, HeldBack, Sweep
from qa_service.privacy.models.terms import RetentionTerm

__all__ = ["Erased", "HeldBack", "RetentionTerm", "Sweep"]

"""Writing about what is kept, and for how long."""

from qa_service.privacy.services.erasing import Step, apply_retention
from qa_service.privacy.services.terms import RuleUnknown, TermNotYours, set_term

__all__ = ["RuleUnknown", "Step", "TermNotYours", "apply_retention", "set_term"]

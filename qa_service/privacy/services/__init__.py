"""Writing about what is kept, and for how long."""

from qa_service.privacy.services.terms import RuleUnknown, TermNotYours, set_term

__all__ = ["RuleUnknown", "TermNotYours", "set_term"]

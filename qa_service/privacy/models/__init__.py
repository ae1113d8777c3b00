from qa_service.privacy.models.terms import RetentionTerm

__all__ = ["RetentionTerm"]

"""Writing questionnaires and publishing them."""

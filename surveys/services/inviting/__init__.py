"""Asking those whose turn has come, and the next way where one failed."""

"""Texts that wait to leave, and what all workers know of the gateway."""

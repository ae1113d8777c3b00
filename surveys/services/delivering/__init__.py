"""From the outbox to the provider and back: the only place where anything waits on one."""

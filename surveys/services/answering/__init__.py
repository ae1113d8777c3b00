"""What was answered, whichever way it came, and what staff do to hear it."""

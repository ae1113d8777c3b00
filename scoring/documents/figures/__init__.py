"""Pictures of grades as content: what is drawn says the numbers of the table beside it."""

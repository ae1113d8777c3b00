"""What managers see of asking: counts of the database, handed to the pure `surveys.figures`."""

"""What asking comes to, in figures: pure, from counts that the database made."""

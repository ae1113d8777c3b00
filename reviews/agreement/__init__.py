"""How far readers agree, in numbers (pure): the same grade, beyond chance, who is milder, and how near the panel."""

"""Courts and other organs: the address book, letters, reminders, opinions."""

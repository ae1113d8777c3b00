"""What is done about what a client raised: alerts, recovery, the register of complaints, and their clocks."""

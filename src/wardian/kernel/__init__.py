"""What every part may rely on: no I/O, no framework."""

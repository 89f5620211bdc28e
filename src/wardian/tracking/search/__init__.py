"""Find runs: a small language of conditions and orders, and its SQL."""

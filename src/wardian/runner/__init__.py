"""What runs beside the user's code in a workload: the standard library only."""

"""Runs: parameters, metric series, logs, artifacts, lineage."""

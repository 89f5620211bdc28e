"""One file for each figure that we claim, each beside its peer in one run where the peer installs.

`python -m benchmarks` runs all; `python -m benchmarks startup ingest` runs some.
"""

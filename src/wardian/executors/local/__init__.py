"""Workloads as processes of this machine."""

"""Workloads as processes of this machine, each kept by a shim (`wardian.runner.shim`)."""

from wardian.executors.local.executor import LocalExecutor

__all__ = ["LocalExecutor"]

"""`from sameproject import sdk`, `import sameproject.sdk as same`: what notebooks written for SAME call."""

from wardian.runner.datasets import dataset
from wardian.runner.packages import import_packages

__all__ = ["dataset", "import_packages"]

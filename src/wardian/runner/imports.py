"""Which modules code imports, and which distributions on the package index provide them."""

import ast
import re
import sys
from collections.abc import Iterable

_PROVIDED_BY = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "git": "gitpython",
    "google.cloud": "google-cloud",
    "jwt": "pyjwt",
    "lightning": "lightning",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "OpenSSL": "pyopenssl",
    "osgeo": "gdal",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "psycopg2": "psycopg2-binary",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "umap": "umap-learn",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
"""Where the module and its distribution are named differently."""
_OURS = {"wardian", "sameproject"}
_STANDARD = frozenset(sys.stdlib_module_names) | {"__future__", "__main__"}
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def modules_of(source: str) -> set[str]:
    """Every module that the code imports, in full (`sklearn.datasets`); imports within the folder are left out.

    Raises SyntaxError.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


def optional_modules_of(source: str) -> set[str]:
    """Modules imported inside a `try` that catches the miss: the code says itself that it can do without."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Try) and any(_catches_import_error(handler) for handler in node.handlers):
            found |= modules_of(ast.unparse(ast.Module(body=node.body, type_ignores=[])))
    return found


def third_party(modules: Iterable[str], local: set[str]) -> set[str]:
    """The top-level modules that neither Python, Wardian nor the program's own folder provides."""
    tops = {module.partition(".")[0] for module in modules}
    return tops - _STANDARD - _OURS - local


def distribution_of(module: str) -> str:
    return _PROVIDED_BY.get(module, module.replace("_", "-").lower())


def normal_name(requirement: str) -> str:
    """`Scikit_Learn[extra]>=1` → `scikit-learn`, as package indexes compare names (PEP 503)."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else ""


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    caught = "" if handler.type is None else ast.unparse(handler.type)
    return not caught or any(name in caught for name in ("ImportError", "ModuleNotFoundError", "Exception"))

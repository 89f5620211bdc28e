"""`dataset(name)`: the data of a pointer, read by its extension, as SAME's SDK offers it to notebooks."""

import importlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wardian.runner import plan as plans
from wardian.runner.plan import Pointer

_READERS = {
    "read_csv": "csv",
    "read_stata": "dta",
    "read_feather": "feather",
    "read_html": "html",
    "read_json": "json",
    "read_orc": "orc",
    "read_parquet": "parquet",
    "read_pickle": "pickle pkl",
    "read_sas": "sas sas7bdat xpt",
    "read_spss": "sav",
    "read_sql": "sql",
    "read_fwf": "txt",
    "read_xml": "xml",
    "read_hdf": "hdf h4 hdf4 he2 h5 hdf5 he5",
    "read_excel": "xls xlsx ods",
}
READERS = {f".{extension}": reader for reader, extensions in _READERS.items() for extension in extensions.split()}
_IPFS_GATEWAY = "https://ipfs.io"


def dataset(name: str, same_file: str = "same.yaml", **options: Any) -> Any:
    """Read a dataset in the surroundings that `SAME_ENV` names; unset means `default`.

    `options` go to the pandas reader. Raises ValueError for an unknown name or kind of file.
    """
    address = address_of(name, same_file)
    extension = Path(urlsplit(address).path).suffix.lower()
    if extension not in READERS:
        raise ValueError(f"dataset {name} at {address}: no reader for {extension or 'a file without extension'}")
    try:
        pandas = importlib.import_module("pandas")
    except ImportError:
        raise ImportError(f"reading dataset {name} needs pandas: add it to the requirements") from None
    return getattr(pandas, READERS[extension])(address, **options)


def address_of(name: str, same_file: str = "same.yaml") -> str:
    """Where a dataset lies in the present surroundings."""
    environment = os.environ.get("SAME_ENV") or "default"
    pointers = {pointer.name: pointer for pointer in _pointers(same_file)}
    if name not in pointers:
        known = ", ".join(sorted(pointers)) or "none"
        raise ValueError(f"{name!r} is not a dataset of {same_file}; known: {known}")
    pointer = pointers[name]
    if environment != "default" and environment not in pointer.environments:
        known = ", ".join(["default", *pointer.environments])
        raise ValueError(f"dataset {name} has no address for the environment {environment!r}; known: {known}")
    parts = urlsplit(pointer.address(environment))
    if parts.scheme == "ipfs":
        gateway = os.environ.get("IPFS_GATEWAY", _IPFS_GATEWAY).rstrip("/")
        return f"{gateway}/ipfs/{parts.netloc}{parts.path}"
    return parts.path if parts.scheme == "file" else pointer.address(environment)


def _pointers(same_file: str) -> list[Pointer]:
    """From the run's own plan, or from another file that the notebook names."""
    folder = Path.cwd()
    if same_file == "same.yaml" and (folder / plans.PLAN_FILE).exists():
        return plans.load(folder).data
    text = Path(same_file).read_text("utf-8")
    try:
        data: dict[str, Any] = json.loads(text)
    except ValueError:
        try:
            data = importlib.import_module("yaml").safe_load(text)
        except ImportError:
            raise ImportError(f"reading {same_file} needs pyyaml: add it to the requirements") from None
    found: list[Pointer] = []
    for name, one in dict(data.get("datasets") or {}).items():
        environments = dict(one.get("environments") or {})
        found.append(Pointer(name, environments.pop("default", ""), environments))
    return found

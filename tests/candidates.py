"""What a run would have put out as a model, for tests of the registry and of serving."""

import asyncio
from collections.abc import Mapping

from wardian.kernel.ids import new_id
from wardian.registry.models import MANIFEST, Candidate, Manifest, ModelFile
from wardian.server.wiring import House
from wardian.storage.cas import Cas
from wardian.workloads.models import Environment


def stored_candidate(house: House, files: Mapping[str, bytes], **more: object) -> Candidate:
    """Keep the files as a run's artifacts would be kept, and read them as a model."""
    return asyncio.run(_stored(house.cas, files, more))


async def _stored(cas: Cas, files: Mapping[str, bytes], more: Mapping[str, object]) -> Candidate:
    kept = {path: await cas.put(data) for path, data in files.items()}
    given = {"run": new_id(), "path": "model", "environment": Environment(), "metrics": {"accuracy": 0.9}, **more}
    return Candidate(
        files={path: ModelFile(hash=stored.hash, size=stored.size) for path, stored in kept.items()},
        manifest=Manifest.parse(files[MANIFEST], MANIFEST),
        **given,
    )

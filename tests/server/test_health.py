"""What a load balancer and Prometheus ask."""

import sqlalchemy as sa

from tests.platform import Platform
from wardian.storage.sql import Tx


def test_ready_names_the_part_that_is_not(server: Platform) -> None:
    with server.anonymous() as prober:
        fine = prober.get("/readyz")
        assert (fine.status_code, fine.json()["parts"]) == (200, {"database": "ok", "blobs": "ok", "bus": "ok"})

        def age(tx: Tx) -> None:
            tx.run(sa.text("UPDATE alembic_version SET version_num = '0000'"))

        server.house.db.write_now(age)
        late = prober.get("/readyz")
        assert late.status_code == 503
        assert late.json()["parts"]["database"].startswith("schema 0000, this release needs ")
        assert prober.get("/healthz").status_code == 200


def test_requests_are_counted_by_route(server: Platform) -> None:
    with server.client() as client:
        client.get("/api/v1/projects/demo")
        figures = client.get("/metrics").text
    assert 'wardian_requests_total{method="GET",route="/api/v1/projects/{project}",status="200"}' in figures

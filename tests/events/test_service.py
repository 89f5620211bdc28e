import pytest
import sqlalchemy as sa

from tests.actors import Make
from wardian.events import service
from wardian.events.models import Event
from wardian.events.schemas import EventFilter
from wardian.events.tables import events, trail
from wardian.identity.models import SYSTEM
from wardian.kernel.paging import PageQuery
from wardian.storage.sql import Tx


def emit(tx: Tx, count: int, project: str | None = None) -> None:
    for n in range(count):
        service.emit(
            tx,
            SYSTEM,
            "run.created",
            noun="run",
            id=f"{n}",
            project=project,
            name=f"run {n}",
            value=1.5,
            deep={"é": [n]},
        )


class TestEmit:
    def test_higher_features_react_in_the_same_transaction(self, tx: Tx) -> None:
        heard: list[str] = []

        def reaction(_: Tx, event: Event) -> None:
            heard.append(f"{event.verb} {event.detail['deep']}")

        tx.reactions = {"run.created": [reaction], "run.*": [reaction], "workload.*": [reaction]}
        emit(tx, 1)
        assert heard == ["run.created {'é': [0]}"] * 2


class TestSeal:
    def test_every_event_gets_its_place_once(self, tx: Tx) -> None:
        emit(tx, 5)
        assert [service.seal(tx, 3), service.seal(tx, 3), service.seal(tx, 3)] == [3, 2, 0]
        assert list(tx.scalars(sa.select(events.c.seq).order_by(events.c.id))) == [1, 2, 3, 4, 5]
        assert service.verify(tx).model_dump(exclude={"head"}) == {"intact": True, "checked": 5, "broken_at": None}

    @pytest.mark.parametrize(
        "forgery",
        [
            events.update().where(events.c.seq == 3).values(actor_name="somebody else"),
            events.update().where(events.c.seq == 3).values(detail={"value": 2}),
            events.delete().where(events.c.seq == 3),
        ],
    )
    def test_tampering_shows_where(self, tx: Tx, forgery: sa.Executable) -> None:
        emit(tx, 5)
        service.seal(tx)
        tx.run(forgery)
        assert (service.verify(tx).intact, service.verify(tx).broken_at) == (False, 3)

    def test_cutting_the_end_shows(self, tx: Tx) -> None:
        emit(tx, 5)
        service.seal(tx)
        tx.run(events.delete().where(events.c.seq == 5))
        assert service.verify(tx).broken_at == 5
        assert tx.scalar(sa.select(trail.c.seq)) == 5


class TestReading:
    def test_only_projects_that_are_seen(self, tx: Tx, make: Make) -> None:
        mine, other = make.project(), make.project()
        emit(tx, 2, mine.id)
        emit(tx, 2, other.id)
        service.seal(tx)
        sees = make.guest(mine).sees()
        page = service.recent(tx, sees, EventFilter(noun="run"), PageQuery())
        assert {event.project for event in page.items} == {mine.id}
        assert service.after(tx, sees, EventFilter(project=other.id), 0) == []

    def test_pages_newest_first(self, tx: Tx) -> None:
        emit(tx, 5)
        service.seal(tx)
        first = service.recent(tx, None, EventFilter(), PageQuery(limit=3))
        rest = service.recent(tx, None, EventFilter(), PageQuery(limit=3, cursor=first.next))
        assert [event.seq for event in (*first.items, *rest.items)] == [5, 4, 3, 2, 1]
        assert [event.seq for event in service.after(tx, None, EventFilter(), 3)] == [4, 5]

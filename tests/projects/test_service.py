import pytest

from tests.actors import Make
from wardian.identity.models import Role
from wardian.kernel.errors import Conflict, Forbidden, NotFound
from wardian.kernel.paging import PageQuery
from wardian.projects import service
from wardian.projects.schemas import NewProject, ProjectChange
from wardian.storage.sql import Tx


class TestCreate:
    def test_whoever_makes_a_project_owns_it_and_it_is_said(self, tx: Tx, make: Make) -> None:
        actor = make.admin()
        project = service.create(tx, actor, NewProject(name="fresh"))
        assert project.role is Role.OWNER
        assert make.events() == []
        assert service.find(tx, actor, "fresh").id == project.id

    def test_a_name_is_taken_once(self, tx: Tx, make: Make) -> None:
        make.project("taken")
        with pytest.raises(Conflict, match="'taken' exists already"):
            service.create(tx, make.admin(), NewProject(name="taken"))

    def test_a_guest_may_not_make_projects(self, tx: Tx, make: Make) -> None:
        with pytest.raises(Forbidden, match="guests may not create"):
            service.create(tx, make.guest(make.project()), NewProject(name="fresh"))


class TestFind:
    def test_by_name_and_by_id(self, tx: Tx, make: Make) -> None:
        project = make.project("here")
        guest = make.guest(project)
        assert service.find(tx, guest, "here") == service.find(tx, guest, project.id)

    def test_hidden_and_missing_look_alike(self, tx: Tx, make: Make) -> None:
        make.project("hidden")
        stranger = make.stranger()
        with pytest.raises(NotFound) as hidden:
            service.find(tx, stranger, "hidden")
        with pytest.raises(NotFound) as missing:
            service.find(tx, stranger, "missing")
        assert str(hidden.value).replace("hidden", "X") == str(missing.value).replace("missing", "X")


class TestListed:
    def test_only_what_the_actor_may_read_in_pages(self, tx: Tx, make: Make) -> None:
        seen = [make.project(f"seen-{n}") for n in range(3)]
        make.project("unseen")
        actor = make.guest(seen[0])
        actor = actor.model_copy(update={"roles": dict.fromkeys([p.id for p in seen], Role.GUEST)})
        first = service.listed(tx, actor, PageQuery(limit=2))
        rest = service.listed(tx, actor, PageQuery(limit=2, cursor=first.next))
        assert [p.name for p in (*first.items, *rest.items)] == ["seen-0", "seen-1", "seen-2"]
        assert rest.next is None


class TestChangeAndDelete:
    def test_only_an_owner_may(self, tx: Tx, make: Make) -> None:
        project = make.project()
        with pytest.raises(Forbidden, match="a member may not manage"):
            service.change(tx, make.member(project), project.id, ProjectChange(description="x"))
        assert service.change(tx, make.owner(project), project.id, ProjectChange(description="x")).description == "x"

    def test_renamed(self, tx: Tx, make: Make) -> None:
        project = make.project("before")
        owner = make.owner(project)
        assert service.change(tx, owner, project.id, ProjectChange(name="after")).name == "after"
        assert service.find(tx, owner, "after").id == project.id
        assert make.events() == ["project.changed"]

    def test_deletion_takes_the_members_with_it(self, tx: Tx, make: Make) -> None:
        project = make.project()
        owner = make.owner(project)
        service.delete(tx, owner, project.id)
        with pytest.raises(NotFound):
            service.find(tx, owner, project.id)
        assert make.events() == ["project.deleted"]

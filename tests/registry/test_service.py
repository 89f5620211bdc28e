"""Use-cases of the registry on both databases."""

import pytest
import sqlalchemy as sa

from tests.candidates import candidate, registered
from wardian.identity.models import SYSTEM
from wardian.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from wardian.kernel.paging import PageQuery
from wardian.projects import service as projects
from wardian.registry import service
from wardian.registry.models import Manifest
from wardian.registry.schemas import ModelChange, NewModel, NewVersion
from wardian.registry.tables import versions
from wardian.storage.tables import objects
from wardian.workloads.models import Environment


def refs(tx, object_hash):
    return tx.scalar(sa.select(objects.c.refs).where(objects.c.hash == object_hash))


class TestVersions:
    def test_the_first_one_makes_its_model_and_they_are_counted(self, tx, make):
        project = make.project()
        member = make.member(project)
        names = [registered(tx, member, project).version for _ in range(3)]
        assert names == ["1", "2", "3"]
        model = service.get(tx, member, project.id, "digits")
        assert (model.versions, model.latest, model.created_by) == (3, "3", member.name)
        assert make.events() == ["model.created", *["model.registered"] * 3]

    def test_chosen_names_and_counted_ones_get_along(self, tx, make):
        project = make.project()
        given = [registered(tx, SYSTEM, project, version=name).version for name in ("v1.2.0", "3", None, None)]
        assert given == ["v1.2.0", "3", "4", "5"]
        assert service.get(tx, SYSTEM, project.id, "digits").latest == "5"

    def test_a_name_is_never_used_again_for_something_else(self, tx, make):
        project = make.project()
        registered(tx, SYSTEM, project, version="v1")
        with pytest.raises(Conflict, match="versions never change"):
            registered(tx, SYSTEM, project, version="v1")
        registered(tx, SYSTEM, project)
        service.delete_version(tx, SYSTEM, project.id, "digits", "2")
        assert registered(tx, SYSTEM, project).version == "3"

    def test_they_keep_what_is_known_of_them(self, tx, make):
        project = make.project()
        environment = Environment(kind="locked", lock="scikit-learn==1.5.0 --hash=sha256:00", python="3.11")
        made = candidate(tx, metrics={"loss": 0.25, "broken": None}, environment=environment)
        body = NewVersion(run=made.run, path=made.path, notes="the good one")
        version = service.register(tx, SYSTEM, project.id, "digits", body, made)
        assert (version.run, version.path, version.flavour, version.size) == (made.run, "model", "sklearn", 200)
        assert version.metrics == {"loss": 0.25, "broken": None}
        assert (version.environment, version.notes) == ("locked", "the good one")
        servable = service.servable(tx, version.id)
        assert servable.environment == environment
        assert servable.files == {path: file.hash for path, file in made.files.items()}

    def test_they_hold_their_files_until_they_are_deleted(self, tx, make):
        project = make.project()
        made = candidate(tx)
        hashes = [file.hash for file in made.files.values()]
        for _ in range(2):
            service.register(tx, SYSTEM, project.id, "digits", NewVersion(run=made.run, path="model"), made)
        assert [refs(tx, each) for each in hashes] == [2, 2]
        service.delete_version(tx, SYSTEM, project.id, "digits", "1")
        assert [refs(tx, each) for each in hashes] == [1, 1]
        service.delete(tx, SYSTEM, project.id, "digits")
        assert [refs(tx, each) for each in hashes] == [0, 0]
        assert service.listed(tx, SYSTEM, project.id, PageQuery()).items == []

    def test_a_project_that_goes_lets_go_of_them(self, tx, make):
        project = make.project()
        made = candidate(tx)
        service.register(tx, SYSTEM, project.id, "digits", NewVersion(run=made.run, path="model"), made)
        projects.delete(tx, SYSTEM, project.id)
        assert [refs(tx, file.hash) for file in made.files.values()] == [0, 0]
        assert tx.all(sa.select(versions)) == []

    def test_files_that_are_gone_are_refused(self, tx, make):
        project = make.project()
        made = candidate(tx)
        tx.run(objects.delete())
        with pytest.raises(Conflict, match="not here"):
            service.register(tx, SYSTEM, project.id, "digits", NewVersion(run=made.run, path="model"), made)

    def test_they_come_in_pages_newest_first(self, tx, make):
        project = make.project()
        for _ in range(5):
            registered(tx, SYSTEM, project)
        first = service.list_versions(tx, SYSTEM, project.id, "digits", PageQuery(limit=3))
        rest = service.list_versions(tx, SYSTEM, project.id, "digits", PageQuery(limit=3, cursor=first.next))
        assert [v.version for v in (*first.items, *rest.items)] == ["5", "4", "3", "2", "1"]
        assert rest.next is None


class TestRefs:
    def test_by_version_alias_or_the_newest(self, tx, make):
        project = make.project()
        for name in ("v1", "v2", "v3"):
            registered(tx, SYSTEM, project, version=name)
        service.set_alias(tx, SYSTEM, project.id, "digits", "champion", "v2")
        for ref, version in {"digits": "v3", "digits:v1": "v1", "digits@champion": "v2"}.items():
            assert service.resolve(tx, SYSTEM, project.id, ref).version == version

    @pytest.mark.parametrize("ref", ["digits:v9", "digits@nobody", "letters", "empty"])
    def test_what_is_not_there_is_named(self, tx, make, ref):
        project = make.project()
        registered(tx, SYSTEM, project)
        service.create(tx, SYSTEM, project.id, NewModel(name="empty"))
        with pytest.raises(NotFound, match=ref):
            service.resolve(tx, SYSTEM, project.id, ref)

    def test_what_is_no_ref_is_refused(self, tx, make):
        with pytest.raises(Invalid, match="NAME:VERSION or NAME@ALIAS"):
            service.resolve(tx, SYSTEM, make.project().id, "a:b@c")


class TestAliases:
    def test_they_move_and_say_so(self, tx, make):
        project = make.project()
        for _ in range(2):
            registered(tx, SYSTEM, project)
        for version in ("1", "2", "2"):
            model = service.set_alias(tx, SYSTEM, project.id, "digits", "champion", version)
        assert model.aliases == {"champion": "2"}
        assert make.events()[-2:] == ["model.alias-moved"] * 2
        assert service.get_version(tx, SYSTEM, project.id, "digits", "2").aliases == ["champion"]
        service.delete_alias(tx, SYSTEM, project.id, "digits", "champion")
        assert service.get(tx, SYSTEM, project.id, "digits").aliases == {}
        with pytest.raises(NotFound):
            service.delete_alias(tx, SYSTEM, project.id, "digits", "champion")

    def test_they_go_with_their_version(self, tx, make):
        project = make.project()
        registered(tx, SYSTEM, project)
        service.set_alias(tx, SYSTEM, project.id, "digits", "champion", "1")
        service.delete_version(tx, SYSTEM, project.id, "digits", "1")
        assert service.get(tx, SYSTEM, project.id, "digits").aliases == {}


class TestModels:
    def test_they_are_made_described_and_listed_by_name(self, tx, make):
        project = make.project()
        for name in ("b", "a", "c"):
            service.create(tx, SYSTEM, project.id, NewModel(name=name, tags={"team": "blue"}))
        with pytest.raises(Conflict, match="exists already"):
            service.create(tx, SYSTEM, project.id, NewModel(name="a"))
        changed = service.change(tx, SYSTEM, project.id, "a", ModelChange(description="reads digits"))
        assert (changed.description, changed.tags) == ("reads digits", {"team": "blue"})
        first = service.listed(tx, SYSTEM, project.id, PageQuery(limit=2))
        assert [model.name for model in first.items] == ["a", "b"]
        rest = service.listed(tx, SYSTEM, project.id, PageQuery(limit=2, cursor=first.next))
        assert [model.name for model in rest.items] == ["c"]

    def test_the_same_name_in_another_project_is_another_model(self, tx, make):
        one, other = make.project(), make.project()
        registered(tx, SYSTEM, one)
        with pytest.raises(NotFound):
            service.get(tx, SYSTEM, other.id, "digits")


class TestDoors:
    def test_a_guest_reads_and_a_stranger_sees_nothing(self, tx, make):
        project = make.project()
        registered(tx, SYSTEM, project)
        guest, stranger = make.guest(project), make.stranger()
        assert service.get_version(tx, guest, project.id, "digits", "1").version == "1"
        for act in (
            lambda actor: service.create(tx, actor, project.id, NewModel(name="other")),
            lambda actor: service.change(tx, actor, project.id, "digits", ModelChange(description="x")),
            lambda actor: service.change_notes(tx, actor, project.id, "digits", "1", "x"),
            lambda actor: service.delete(tx, actor, project.id, "digits"),
            lambda actor: service.delete_version(tx, actor, project.id, "digits", "1"),
            lambda actor: service.set_alias(tx, actor, project.id, "digits", "a", "1"),
            lambda actor: registered(tx, actor, project),
        ):
            with pytest.raises(Forbidden):
                act(guest)
            with pytest.raises(NotFound):
                act(stranger)


class TestManifest:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("{", "is not a model manifest"),
            ('{"file": "m"}', "flavour"),
            ('{"flavour": "f", "file": "m", "signature": {"inputs": [{"datatype": "FLOAT"}]}}', "signature.inputs.0"),
        ],
    )
    def test_what_is_wrong_with_it_is_named(self, text, reason):
        with pytest.raises(Invalid, match=reason):
            Manifest.parse(text.encode(), "model/model.json")

    def test_what_only_the_flavour_knows_may_be_in_it(self):
        parsed = Manifest.parse(b'{"flavour": "xgboost", "file": "m", "trees": 3}', "model.json")
        assert parsed.environment == "inherit"

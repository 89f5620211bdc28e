"""Use-cases of programs, in one transaction on both databases."""

import pytest

from wardian.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import PageQuery
from wardian.programs import archive, contents, planning, service, step_cache
from wardian.programs.schemas import CacheEntry, NewProgramRun
from wardian.programs.service import Prepared
from wardian.storage import references
from wardian.tracking import service as tracking
from wardian.tracking.schemas import RunQuery
from wardian.workloads import service as workloads
from wardian.workloads.schemas import WorkloadQuery


@pytest.fixture
def project(make):
    return make.project().id


@pytest.fixture
def stored(tx):
    """Names of objects that only seem to be stored."""

    def keep() -> str:
        name = new_id() * 2
        references.pin(tx, name, 10)
        references.stored(tx, name)
        return name

    return keep


@pytest.fixture
def prepared(folder):
    def prepare(version="1.0.0", greeting="hello"):
        text = (
            f"name: hello\nversion: {version}\ndescription: d{version}\n"
            "parameters: {times: 2}\nsteps:\n  - {name: s, script: s.py}\n"
        )
        root = folder({"wardian.yaml": text, "s.py": greeting, "README.md": "# Hello"})
        found = contents.read(root)
        digests = archive.digests(root)
        return Prepared(
            manifest=found.manifest,
            hash=archive.content_hash(digests),
            digests=digests,
            plan=planning.plan_of(found, "inherit"),
            readme=found.readme,
            source={},
            described_by=found.described_by,
        )

    return prepare


class TestVersions:
    def test_one_is_kept_and_said(self, tx, make, project, prepared, stored):
        version = service.add_version(tx, make.member(project), project, prepared(), stored())
        assert (version.program, version.version, version.steps[0].name) == ("hello", "1.0.0", "s")
        assert service.readme(tx, make.guest(project), project, "hello", "latest") == "# Hello"
        assert make.events() == ["program.created"]

    def test_the_same_content_is_the_same_version(self, tx, make, project, prepared, stored):
        actor = make.member(project)
        first = service.add_version(tx, actor, project, prepared(), stored())
        assert service.add_version(tx, actor, project, prepared(), stored()) == first

    def test_other_content_under_the_same_version_is_refused_with_what_differs(
        self, tx, make, project, prepared, stored
    ):
        actor = make.member(project)
        service.add_version(tx, actor, project, prepared(), stored())
        with pytest.raises(Conflict, match=r"hello:1\.0\.0 exists with other content \(s\.py changed\)"):
            service.add_version(tx, actor, project, prepared(greeting="bye"), stored())

    def test_the_latest_is_the_one_created_last(self, tx, make, project, prepared, stored):
        actor = make.member(project)
        for version in ("2.0", "1.0"):
            service.add_version(tx, actor, project, prepared(version), stored())
        [program] = service.listed(tx, actor, project, PageQuery()).items
        assert (program.latest, [one.version for one in program.versions]) == ("1.0", ["1.0", "2.0"])
        assert program.description == "d1.0"

    def test_deleting_frees_the_code(self, tx, make, project, prepared, stored):
        actor, code = make.member(project), stored()
        service.add_version(tx, actor, project, prepared(), code)
        service.delete_version(tx, actor, project, "hello", "1.0.0")
        assert code in references.to_sweep(tx, 10)
        with pytest.raises(NotFound):
            service.get(tx, actor, project, "hello")

    def test_guests_read_and_strangers_see_nothing(self, tx, make, project, prepared, stored):
        service.add_version(tx, make.member(project), project, prepared(), stored())
        with pytest.raises(Forbidden):
            service.delete(tx, make.guest(project), project, "hello")
        with pytest.raises(NotFound):
            service.get(tx, make.stranger(), project, "hello")


class TestRun:
    def test_record_and_workload_come_together(self, tx, make, project, prepared, stored):
        actor = make.member(project)
        service.add_version(tx, actor, project, prepared(), stored())
        body = NewProgramRun(parameters={"times": "5"})
        plan = service.plan_run(tx, actor, project, "hello", "latest", body)
        assert (plan.parameters, plan.given) == ({"times": 5}, ["times"])
        run = service.start_run(tx, actor, project, ("hello", "latest"), body, plan, stored())
        workload = workloads.get(tx, actor, run.workload)
        assert workload.spec.variables["WARDIAN_RUN"] == run.id
        assert (run.kind, run.params, run.status) == ("program", {"times": 5}, "queued")

    @pytest.mark.parametrize(
        ("given", "told"),
        [({"time": 1}, "unknown parameter time: did you mean times"), ({"times": "many"}, "parameter times")],
    )
    def test_a_wrong_parameter_is_refused_by_name_and_leaves_nothing(
        self, tx, make, project, prepared, stored, given, told
    ):
        actor = make.member(project)
        service.add_version(tx, actor, project, prepared(), stored())
        with pytest.raises(Invalid, match=told):
            service.plan_run(tx, actor, project, "hello", "1.0.0", NewProgramRun(parameters=given))
        assert not tracking.listed(tx, actor, project, RunQuery()).items
        assert not workloads.listed_in(tx, actor, project, WorkloadQuery()).items

    def test_an_unknown_version(self, tx, make, project):
        with pytest.raises(NotFound):
            service.plan_run(tx, make.member(project), project, "hello", "9", NewProgramRun())


class TestStepCache:
    def entry(self, *objects, valid_s=60.0):
        return CacheEntry(run="r", step="s", valid_s=valid_s, objects=list(objects), content={"a": [1]})

    def test_it_is_found_within_its_time_only(self, tx, make, project, stored):
        actor = make.member(project)
        step_cache.put(tx, actor, project, "k" * 64, self.entry(stored()))
        assert step_cache.get(tx, actor, project, "k" * 64, 10).content == {"a": [1]}
        tx.now = tx.now.replace(year=tx.now.year + 1)
        with pytest.raises(NotFound):
            step_cache.get(tx, actor, project, "k" * 64, 10**9)

    def test_a_later_result_replaces_it_and_frees_its_objects(self, tx, make, project, stored):
        actor, old, new = make.member(project), stored(), stored()
        step_cache.put(tx, actor, project, "k" * 64, self.entry(old))
        step_cache.put(tx, actor, project, "k" * 64, self.entry(new))
        assert old in references.to_sweep(tx, 10)
        assert step_cache.need_object(tx, actor, project, "k" * 64, new) == new
        with pytest.raises(NotFound):
            step_cache.need_object(tx, actor, project, "k" * 64, old)

    def test_a_project_takes_its_objects_along(self, tx, make, project, prepared, stored):
        actor, code, kept = make.owner(project), stored(), stored()
        service.add_version(tx, actor, project, prepared(), code)
        step_cache.put(tx, actor, project, "k" * 64, self.entry(kept))
        from wardian.projects import service as projects  # noqa: PLC0415 - one use

        projects.delete(tx, actor, project)
        assert {code, kept} <= set(references.to_sweep(tx, 10))

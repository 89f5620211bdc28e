import pytest

from tests.actors import Make
from wardian.identity import doors, service
from wardian.identity.doors import Credentials
from wardian.identity.models import Actor, Can, Role
from wardian.identity.schemas import NewKey, UserChange
from wardian.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn
from wardian.kernel.paging import PageQuery
from wardian.storage.sql import Tx


class TestMay:
    @pytest.mark.parametrize(
        ("role", "can"),
        [
            (Role.GUEST, {Can.READ}),
            (Role.MEMBER, {Can.READ, Can.WRITE, Can.RUN}),
            (Role.OWNER, set(Can)),
            (None, set[Can]()),
        ],
    )
    def test_each_role(self, role: Role | None, can: set[Can]) -> None:
        actor = Actor(id="u", name="u", roles={"p": role} if role else {})
        assert {c for c in Can if actor.may(c, "p")} == can
        assert not any(actor.may(c, "elsewhere") for c in Can)

    def test_what_is_hidden_is_not_found_and_what_is_seen_is_forbidden(self) -> None:
        guest = Actor(id="u", name="u", roles={"p": Role.GUEST})
        with pytest.raises(Forbidden, match="a guest may not write here"):
            guest.need(Can.WRITE, "p")
        with pytest.raises(NotFound):
            guest.need(Can.WRITE, "elsewhere")


class TestKeys:
    def test_a_key_does_what_its_user_may(self, tx: Tx, make: Make) -> None:
        actor = make.member(make.project())
        secret = service.create_key(tx, actor, NewKey(name="laptop"))
        given = Credentials.read(f"Bearer {secret.token}", None, None)
        signed_in = doors.authenticate(tx, given, writes=True)
        assert (signed_in.id, signed_in.kind, signed_in.roles) == (actor.id, "key", actor.roles)

    def test_the_secret_is_kept_as_a_hash_only(self, tx: Tx, make: Make) -> None:
        secret = service.create_key(tx, make.stranger(), NewKey(name="laptop"))
        stored = repr(tx.conn.exec_driver_sql("SELECT * FROM keys").all())
        assert secret.access in stored
        assert secret.secret not in stored

    @pytest.mark.parametrize("header", ["Bearer x.y", "Bearer ", "Basic !!!", "Digest a", "Basic eDp5"])
    def test_wrong_ones_are_refused(self, tx: Tx, header: str) -> None:
        with pytest.raises(NotSignedIn):
            doors.authenticate(tx, Credentials.read(header, None, None), writes=False)

    def test_gone_with_deletion_and_with_the_users_end(self, tx: Tx, make: Make) -> None:
        actor, admin = make.stranger(), make.admin()
        secrets = [service.create_key(tx, actor, NewKey(name=name)) for name in ("one", "two")]
        service.delete_key(tx, actor, secrets[0].key.id)
        service.change_user(tx, admin, actor.id, UserChange(disabled=True))
        for secret in secrets:
            with pytest.raises(NotSignedIn):
                doors.authenticate(tx, Credentials(access=secret.access, secret=secret.secret), writes=False)

    def test_only_ones_own_are_seen(self, tx: Tx, make: Make) -> None:
        mine = service.create_key(tx, make.stranger(), NewKey(name="mine")).key
        with pytest.raises(NotFound):
            service.get_key(tx, make.stranger(), mine.id)
        assert service.list_keys(tx, make.stranger(), PageQuery()).items == []
        assert mine in service.list_keys(tx, make.admin(), PageQuery()).items

    def test_a_workload_is_a_member_of_its_project_until_revoked(self, tx: Tx, make: Make) -> None:
        project = make.project()
        access, secret = service.mint_workload_key(tx, project.id, "w1", "train")
        actor = doors.authenticate(tx, Credentials(access=access, secret=secret), writes=True)
        assert (actor.kind, actor.roles) == ("workload", {project.id: Role.MEMBER})
        service.revoke_workload_keys(tx, "w1")
        with pytest.raises(NotSignedIn):
            doors.authenticate(tx, Credentials(access=access, secret=secret), writes=True)


class TestSessions:
    def test_writing_by_cookie_needs_the_token_against_forgery(self, tx: Tx, make: Make) -> None:
        user = make.user()
        token, csrf = doors.open_session(tx, user, hours=1)
        assert doors.authenticate(tx, Credentials(session=token), writes=False).id == user.id
        assert doors.authenticate(tx, Credentials(session=token, csrf=csrf), writes=True).id == user.id
        with pytest.raises(Forbidden, match="X-CSRF-Token"):
            doors.authenticate(tx, Credentials(session=token, csrf="guess"), writes=True)

    def test_they_end(self, tx: Tx, make: Make) -> None:
        token, _ = doors.open_session(tx, make.user(), hours=0)
        with pytest.raises(NotSignedIn, match="session has ended"):
            doors.authenticate(tx, Credentials(session=token), writes=False)


class TestMembers:
    def test_owners_decide_and_one_always_stays(self, tx: Tx, make: Make) -> None:
        project = make.project()
        owner, user = make.owner(project), make.user()
        assert service.set_member(tx, owner, project.id, user.name, Role.GUEST).role is Role.GUEST
        assert service.set_member(tx, owner, project.id, user.id, Role.MEMBER).role is Role.MEMBER
        with pytest.raises(Conflict, match="last owner"):
            service.set_member(tx, owner, project.id, owner.id, Role.GUEST)
        with pytest.raises(Conflict, match="last owner"):
            service.remove_member(tx, owner, project.id, owner.id)
        service.remove_member(tx, owner, project.id, user.name)
        assert [member.name for member in service.list_members(tx, owner, project.id)] == [owner.name]

    def test_members_may_not(self, tx: Tx, make: Make) -> None:
        project = make.project()
        with pytest.raises(Forbidden):
            service.set_member(tx, make.member(project), project.id, make.user().id, Role.OWNER)


class TestUsers:
    def test_the_last_admin_stays(self, tx: Tx, make: Make) -> None:
        admin = make.admin()
        with pytest.raises(Conflict, match="last admin"):
            service.change_user(tx, admin, admin.id, UserChange(disabled=True))
        with pytest.raises(Conflict, match="last admin"):
            service.delete_user(tx, admin, admin.id)

    def test_people_see_those_they_work_with(self, tx: Tx, make: Make) -> None:
        project = make.project()
        owner, guest, stranger = make.owner(project), make.guest(project), make.stranger()
        names = {user.name for user in service.list_users(tx, guest, PageQuery()).items}
        assert names == {owner.name, guest.name}
        with pytest.raises(NotFound):
            service.get_user(tx, guest, stranger.id)

    def test_the_first_start_makes_an_admin_once(self, tx: Tx) -> None:
        assert service.ensure_admin(tx, "root", "hash") is not None
        assert service.ensure_admin(tx, "root", "hash") is None

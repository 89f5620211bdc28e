"""Request bodies of identity."""

from typing import Annotated

from pydantic import Field, StringConstraints

from wardian.identity.models import Role
from wardian.kernel.models import Model
from wardian.kernel.names import Name

UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$")]
Password = Annotated[str, StringConstraints(min_length=8, max_length=256, pattern=r"^[^\x00]*$")]


class SignIn(Model):
    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=256)]


class NewUser(Model):
    name: UserName
    password: Password
    admin: bool = False


class UserChange(Model):
    admin: bool | None = None
    disabled: bool | None = None


class PasswordChange(Model):
    password: Password
    old_password: Annotated[str | None, Field(max_length=256)] = None
    """Needed unless an admin changes somebody else's."""


class NewKey(Model):
    name: Name
    days: Annotated[float | None, Field(gt=0, le=3650)] = None
    """How long it is valid; unlimited when left out."""


class RoleChange(Model):
    role: Role

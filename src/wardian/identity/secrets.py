"""Passwords, tokens and their hashes. Pure; nothing here touches the database."""

import hashlib
import hmac
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_ACCESS = string.ascii_uppercase + string.digits


def new_access() -> str:
    """20 characters, as S3 clients expect."""
    return "".join(secrets.choice(_ACCESS) for _ in range(20))


def new_secret() -> str:
    """40 characters: 238 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(40))


def new_password() -> str:
    """20 characters without look-alikes, for a person to type once."""
    alphabet = "".join(sorted(set(_ALPHABET) - set("0O1lI")))
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def token_hash(token: str) -> str:
    """Tokens are random and long, so a plain hash keeps them; passwords go through argon2."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def hash_password(password: str) -> str:
    """Argon2id with the library's recommended cost: about 50 ms and 64 MiB, so never inside a transaction."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - most processes never hash a password

    return PasswordHasher().hash(password)


def password_matches(kept: str, password: str) -> bool:
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

    try:
        return PasswordHasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False

"""
Digital signatures: how is a digest signed, and a signature checked? Ed25519, by ``cryptography`` (extra
``signing``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from handleflow.errors import UnusableKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MAKES_ONE = "openssl genpkey -algorithm ed25519 -out key.pem"
_SHOWS_IT = "openssl pkey -in key.pem -pubout -out key.pub"


def private_key(path: str | Path) -> Ed25519PrivateKey:
    """
    The private key in a PEM file, as ``openssl genpkey -algorithm ed25519`` makes one.

    Raises:
        UnusableKey: when there is none in it, or the extra ``signing`` is not installed.
    """
    _require_library()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  an extra
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    key = _loaded(path, lambda pem: load_pem_private_key(pem, None), "private", _MAKES_ONE)
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(f"{path} holds a key of another kind than Ed25519; {_MAKES_ONE}")
    return key


def public_key(path: str | Path) -> Ed25519PublicKey:
    """
    The public key in a PEM file.

    Raises:
        UnusableKey: when there is none in it, or the extra ``signing`` is not installed.
    """
    _require_library()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  an extra
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    key = _loaded(path, load_pem_public_key, "public", _SHOWS_IT)
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableKey(f"{path} holds a key of another kind than Ed25519; {_MAKES_ONE}")
    return key


def _loaded(path: str | Path, load: Callable[[bytes], object], what: str, hint: str) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  an extra

    try:
        return load(Path(path).read_bytes())
    except OSError as error:
        raise UnusableKey(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # a TypeError where a password is asked for
        raise UnusableKey(f"{path} holds no {what} key that can be read: {error}; {hint}") from None


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key (RFC 8032, 5.1.5)."""
    return key.public_bytes_raw()


def is_signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether *signature* of *message* was made with the private key of *key*."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  whoever has a key has the extra

    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _require_library() -> None:
    try:
        import cryptography  # noqa: F401, PLC0415  an extra
    except ImportError:
        raise UnusableKey("signatures need the extra: pip install 'handleflow[signing]'") from None

"""Salts: random bytes under each hash, so that nobody can try out what an entry or a private field says."""

from __future__ import annotations

from collections.abc import Callable

from handleflow.errors import StoreError
from handleflow.hash_chain import SALT_BYTES

Entropy = Callable[[int], bytes]
"""Gives so many random bytes, never the same twice: ``os.urandom``, unless a test hands in its own."""


def salt_from(entropy: Entropy) -> bytes:
    """
    A salt.

    Raises:
        StoreError: when *entropy* gives anything but so many bytes.
    """
    salt = entropy(SALT_BYTES)
    if type(salt) is not bytes or len(salt) != SALT_BYTES:
        raise StoreError(f"the randomness handed in gives {salt!r}, and {SALT_BYTES} bytes were asked for")
    return salt


class Unrepeated:
    """
    *entropy*, unless it gives the same bytes twice in a row: whoever knows a salt can try out what an entry says.

    Raises:
        StoreError: when it does.
    """

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._last = b""

    def __call__(self, size: int) -> bytes:
        """So many bytes."""
        salt = self._entropy(size)
        if salt == self._last:
            raise StoreError("the randomness handed in repeats itself; hand in os.urandom, or none")
        self._last = salt
        return salt

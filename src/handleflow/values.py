"""What is a value? An attrs class that never changes, light where there are many, and quick to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["frozen"]

if TYPE_CHECKING:
    from attrs import frozen
else:
    import attrs

    def frozen(kind=None, /, **settings):
        """
        ``attrs.frozen`` with one ``__repr__`` for all and no room for weak references.

        The library has nearly two hundred such classes. Nobody refers to a value weakly, and eight bytes for that
        were a fourteenth of a suggestion in memory; to compile as many ways to be shown took a sixth of the import.
        """

        def made(kind):
            if "__repr__" not in vars(kind):
                kind.__repr__ = _shown
            return attrs.frozen(kind, repr=False, weakref_slot=False, **settings)

        return made if kind is None else made(kind)

    def _shown(value):
        kind = type(value)
        told = (f"{field.name}={getattr(value, field.name)!r}" for field in attrs.fields(kind) if field.repr)
        return f"{kind.__qualname__.rpartition('>.')[2]}({', '.join(told)})"

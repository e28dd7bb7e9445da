"""Identity: who is it, whatever the name of the time? Text that is somebody's id and knows the name people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Party", "name_of", "party_from", "plain_party"]


class Party(str):
    """
    Somebody by id and name: a unit, a deputy, a leader.

    It is the text of its *id* wherever it is compared, sorted, looked for or kept as a key, so that two of one name
    are two and one that is renamed is the same. *name* is what people read. Who has no id of their own is plain text.

    What is no text (a number of a table, None where a row has no id) makes a blank one, which every act refuses:
    as text it would be somebody, and the same for all.
    """

    __slots__ = ("_name",)
    _name: str

    def __new__(cls, id: str, name: str = "") -> Party:
        told: tuple[object, object] = (id, name)
        is_text = isinstance(told[0], str) and isinstance(told[1], str)
        made = super().__new__(cls, id if is_text else "")
        object.__setattr__(made, "_name", (name if is_text else "") or str(made))
        return made

    @property
    def id(self) -> str:
        """The id as plain text."""
        return str(self)

    @property
    def name(self) -> str:
        """What people read."""
        return self._name

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} never changes: make another one")

    def __reduce__(self) -> tuple[type[Party], tuple[str, str]]:
        return type(self), (self.id, self._name)

    def __repr__(self) -> str:
        return f"Party({self.id!r}, {self._name!r})"


def name_of(text: str) -> str:
    """What people read of somebody: the name, or the text itself where nobody gave an id beside it."""
    return text.name if isinstance(text, Party) else text


def plain_party(text: str) -> str | dict[str, str]:
    """Somebody as JSON holds it: plain text where id and name are one, else both."""
    return {"id": text.id, "name": text.name} if isinstance(text, Party) else text


def party_from(plain: Any) -> Any:
    """Somebody from what JSON holds; anything else is left as it is."""
    is_party = isinstance(plain, Mapping) and plain.keys() == {"id", "name"}
    texts = (plain["id"], plain["name"]) if is_party else ()
    return Party(*texts) if texts and all(isinstance(each, str) for each in texts) else plain

"""
Canonical JSON: how does a value become JSON bytes that are the same for the same content, and JSON a value?

By the standard library, or by orjson where it is installed (extra ``fast``). Hashes stand for these bytes, so both
write the same ones (docs/adr/0002).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from handleflow.values import frozen

_MAKE_C_ENCODER = getattr(json.encoder, "c_make_encoder", None)


def encoder(*, sort_keys: bool, make: Callable[..., Any] | None = _MAKE_C_ENCODER) -> Callable[[object], str]:
    """
    What writes JSON text without blanks.

    *make* is what ``json`` makes an encoder in C with; Pythons that have none get ``json``'s own way.
    """
    standard = json.JSONEncoder(ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"))
    if make is None:
        return standard.encode
    # Made once: ``JSONEncoder.encode`` makes one for every value, half of the time that an entry's body takes.
    pieces = make(None, standard.default, json.encoder.encode_basestring, None, ":", ",", sort_keys, False, True)
    return lambda value: "".join(pieces(value, 0))


_sorted_text, _text = encoder(sort_keys=True), encoder(sort_keys=False)


def canonical(value: object) -> bytes:
    """JSON bytes that are the same for the same content: keys sorted, no blanks."""
    return _sorted_text(value).encode()


@frozen
class JsonLibrary:
    """
    One way to write and read JSON.

    *encode* writes what is made of text, whole numbers, booleans, None, lists, tuples, and dicts whose keys are
    sorted already; what else may stand there, a float above all, is for ``canonical``. *decode* reads whole numbers
    of more than 64 bits as floats or as they are.
    """

    encode: Callable[[object], bytes]
    decode: Callable[[str | bytes], Any]


def _decode(source: str | bytes) -> Any:
    return json.loads(source if isinstance(source, str) else source.decode())


STANDARD = JsonLibrary(lambda value: _text(value).encode(), _decode)


def with_orjson() -> JsonLibrary:
    """
    Writes in a tenth of the standard library's time, reads in a third of it.

    Raises:
        ImportError: when orjson is not installed.
    """
    import orjson  # noqa: PLC0415  an extra, and two milliseconds that an import of handleflow need not take

    # What the standard library refuses or writes otherwise is refused here too, and left to it.
    options = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME

    def encode(value: object) -> bytes:
        try:
            found = orjson.dumps(value, None, options)
        except TypeError:  # a number of more than 64 bits, half of a surrogate pair
            return STANDARD.encode(value)
        return bytes(memoryview(found))  # whoever keeps the bytes it gives keeps the four kilobytes it wrote them in

    return JsonLibrary(encode, orjson.loads)


@cache
def fastest() -> JsonLibrary:
    """orjson where it is installed, else the standard library."""
    try:
        return with_orjson()
    except ImportError:
        return STANDARD

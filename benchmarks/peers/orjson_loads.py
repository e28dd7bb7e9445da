"""The reader of JSON of the package ``orjson``."""

from orjson import loads

__all__ = ["loads"]

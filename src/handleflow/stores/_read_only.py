"""
Read-only mode: how is a store opened so that nothing can be written, be it a copy on a medium that takes nothing?
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_NOTHING_IS_WRITTEN = "-cdefault_transaction_read_only=on"


def nothing_written(where: str) -> str:
    """
    The URL of *where*, a path of an SQLite file or a database URL, under which nothing can be written.

    What is no URL is left as it is: whoever opens it says so.
    """
    try:
        url = make_url(where) if "://" in where else URL.create("sqlite", database=where)
    except ArgumentError:
        return where
    if url.drivername.startswith("postgresql"):
        before = url.query.get("options", ())
        options = " ".join([*([before] if isinstance(before, str) else before), _NOTHING_IS_WRITTEN])
        return url.update_query_dict({"options": options}).render_as_string(hide_password=False)
    if url.database in {None, "", ":memory:"} or "uri" in url.query:
        return where
    return _file(Path(str(url.database)).absolute())


def _file(path: Path) -> str:
    query = {"mode": "ro", "uri": "true"}
    is_in_use = path.with_name(f"{path.name}-wal").exists()
    if not is_in_use and not os.access(path.parent, os.W_OK):
        # Beside a file with a write-ahead log SQLite makes files of its own, though it only reads.
        query["immutable"] = "1"
    return URL.create("sqlite", database=f"file:{quote(str(path))}", query=query).render_as_string()

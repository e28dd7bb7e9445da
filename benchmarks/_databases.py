"""Where does PostgreSQL come from, and what if there is none?"""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa


@lru_cache(maxsize=1)
def why_none() -> str:
    """Why there is no PostgreSQL; empty where there is one."""
    try:
        from tests.databases import postgres_server  # noqa: PLC0415  it may not be there, as the server may not

        postgres_server()
    except ImportError as error:
        return f"not installed ({error.name or error})"
    return ""


def fresh(*options: str) -> str:
    """The URL of an empty schema, with *options* for its connections."""
    from tests.databases import fresh_postgres  # noqa: PLC0415  see above

    url = sa.make_url(fresh_postgres())
    told = " ".join((str(url.query["options"]), *options))
    return url.update_query_dict({"options": told}).render_as_string(hide_password=False)

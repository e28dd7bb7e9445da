"""
Does the library hold under every Python it names, and do its types?

Run it: nox, or one session: nox -s types
"""

from __future__ import annotations

import nox

nox.options.error_on_missing_interpreters = False  # one that is not on this machine is named and passed over
nox.options.reuse_existing_virtualenvs = True


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the fast tests."""
    session.install("-e", ".[demo,test]")
    session.run("scripts/test", external=True)


@nox.session(python="3.11")
def types(session: nox.Session) -> None:
    """Let both checkers read the types, under the oldest Python."""
    session.install("-e", ".[demo,test]")
    session.run("mypy")
    session.run("pyright")

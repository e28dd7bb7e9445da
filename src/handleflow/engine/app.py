"""Application loading: which engine does a host's ``package.module:engine`` name, and which rulebook of it?"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from traceback import extract_tb

from handleflow.engine._engine import Engine
from handleflow.errors import BrokenRulebook, NotAStore, UnknownRulebook, in_words
from handleflow.rulebooks import load
from handleflow.rulebooks.own_names import own_names
from handleflow.rules import Rulebook
from handleflow.words import Message


def engine_at(app: str) -> Engine:
    """
    The engine that a host's *app* names, as ``package.module:engine``; the current folder is on the path.

    Raises:
        NotAStore: when there is no such module, importing it fails, or no engine is called so.
        BrokenRulebook: when importing it fails of a rulebook, with every finding.
    """
    module, _, name = app.partition(":")
    if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise NotAStore(Message("app-misspelt", {"app": app}))
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    engine = _found_in(module, name, app)
    if not isinstance(engine, Engine):
        raise NotAStore(Message("app-no_engine", {"app": app, "name": name, "kind": type(engine).__name__}))
    return engine


def _found_in(module: str, name: str, app: str) -> object:
    try:
        return getattr(import_module(module), name)
    except BrokenRulebook:
        raise
    except SystemExit as ends:
        raise NotAStore(Message("app-ends", {"app": app, "module": module, "with": str(ends.code)})) from None
    except Exception as error:  # whatever a host's module raises while it is imported
        raise _unfit(error, module, name, app) from None


def _unfit(error: Exception, module: str, name: str, app: str) -> NotAStore:
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing is not None and f"{module}.".startswith(f"{missing}."):
        return NotAStore(Message("app-no_module", {"app": app, "module": missing}))
    if isinstance(error, AttributeError) and error.obj is sys.modules.get(module, error):
        known = tuple(key for key, value in vars(error.obj).items() if isinstance(value, Engine))
        return NotAStore(Message("app-no_name", {"app": app, "module": module, "name": name, "known": known}))
    why, at = in_words(error), _raised_at(error)
    return NotAStore(Message("app-not_imported", {"app": app, "module": module, "at": at, "why": why}))


def _raised_at(error: Exception) -> str | None:
    """The file and line of a host's that raised it; of what cannot be parsed the error says that itself."""
    ours = {__file__, import_module.__code__.co_filename}
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename not in ours]
    own = [frame for frame in frames if not frame.filename.startswith("<frozen importlib")]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else None


def rulebook_of(where: str, app: str | None = None) -> Rulebook:
    """
    A rulebook by its name or path; with *app* by its name among those of its engine, or by a path and read with the
    acts, guards and other names that they use.

    Raises:
        NotAStore: when *app* names no engine.
        UnknownRulebook: when there is no such rulebook.
        BrokenRulebook: with every finding at once.
    """
    if app is None:
        return load(where)
    held = engine_at(app).rulebooks
    found = next((rules for rules in held if rules.name == where), None)
    if found is not None:
        return found
    if where.endswith(".toml"):
        return load(where, **own_names(held))
    known = tuple(rules.name for rules in held)
    raise UnknownRulebook(Message("app-no_rulebook", {"app": app, "rulebook": where, "known": known}))

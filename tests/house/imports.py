"""Which modules does a module import, hidden imports too: in a function, for types alone, or by a name?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from tests.paths import ROOT

BY_NAME = {"import_module", "__import__"}


@frozen
class Import:
    """
    One import: of which module, in which line, and *how*: ``top``, ``function``, ``types`` or ``name``.

    *module* ends in ``*`` where only its beginning is written, and is empty where nothing of it is.
    """

    module: str
    line: int
    how: str
    function: str = ""


def modules(*folders: Path) -> dict[str, Path]:
    """Every module below *folders*, each of which holds a package, by its name."""
    return {
        ".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
    }


def imports(text: str) -> Iterator[Import]:
    """Every import of a module whose text that is."""
    yield from _within(ast.parse(text), "top", "")


def _within(node: ast.AST, how: str, function: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import(names):
                yield from (Import(alias.name, child.lineno, how, function) for alias in names)
            case ast.ImportFrom(module, names):
                yield from (Import(f"{module}.{alias.name}", child.lineno, how, function) for alias in names)
            case ast.Call(ast.Name(called) | ast.Attribute(attr=called), [name, *_]) if called in BY_NAME:
                yield Import(_written(name), child.lineno, "name", function)
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                yield from _within(child, "function", f"{function}.{name}")
            case ast.If(ast.Name("TYPE_CHECKING"), body, orelse):
                yield from _within(ast.Module(body, []), "types", function)
                yield from _within(ast.Module(orelse, []), how, function)
            case _:
                yield from _within(child, how, function)


def _written(name: ast.expr) -> str:
    match name:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr([ast.Constant(str(text)), *_]):
            return f"{text}*"
        case _:
            return ""


def found(each: Import, known: Mapping[str, object]) -> set[str]:
    """Which of the *known* modules it imports; none where it is of another package."""
    if each.module.endswith("*"):
        return {name for name in known if name.startswith(each.module[:-1])}
    names = (each.module, each.module.rpartition(".")[0])
    return set([name for name in names if name in known][:1])


def graph(known: Mapping[str, Path]) -> dict[str, set[str]]:
    """Of each of the *known* modules which others it imports, in whatever way."""
    return {
        name: {
            other
            for each in imports(path.read_text(encoding="utf-8"))
            for other in found(each, known)
            if other != name
        }
        for name, path in known.items()
    }


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """The modules of a circle, in order; none where there is none."""
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> list[str]:
        if name in way:
            return way[way.index(name) :]
        if name not in done:
            for other in sorted(edges[name]):
                if met := visit(other, [*way, name]):
                    return met
            done.add(name)
        return []

    return next(filter(None, (visit(name, []) for name in sorted(edges))), [])


PACKAGES = (ROOT / "src" / "handleflow", ROOT / "benchmarks")

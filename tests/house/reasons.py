"""Which reasons can the sources give? Read off the places that make one, each with its rule and its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from handleflow.errors import Reason

MADE = Reason.__name__
Arguments = dict[str, ast.expr]


@frozen
class Maker:
    """A function that makes a reason, with what it is given where a call says nothing."""

    function: ast.FunctionDef
    call: ast.Call

    def given(self, call: ast.Call) -> Arguments:
        """What *call* of the function gives each of its parameters."""
        return {**_defaults(self.function), **_bound([each.arg for each in self.function.args.args], call)}

    def reason(self, given: Arguments) -> tuple[str, str] | None:
        """The rule and the kind of what it makes when it is *given* that; None where they are not said outright."""
        made = {"kind": ast.Constant("state"), **_bound(["rule"], self.call)}
        rule, kind = (_text(made[name], given) for name in ("rule", "kind"))
        return (rule, kind) if rule and kind else None


def reasons(sources: Path) -> set[tuple[str, str]]:
    """The rule and the kind of every reason that something in *sources* can give."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in sorted(sources.rglob("*.py"))]
    makers = [maker for tree in trees for maker in _makers(tree)]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = {maker.reason(_defaults(maker.function)) for maker in makers}
    for maker in makers:
        found |= {maker.reason(maker.given(call)) for call in calls if _name(call) == maker.function.name}
    return {reason for reason in found if reason is not None}


def _makers(tree: ast.Module) -> Iterator[Maker]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _name(node) == MADE:
                    yield Maker(function, node)


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _defaults(function: ast.FunctionDef) -> Arguments:
    names = [each.arg for each in function.args.args]
    values = function.args.defaults
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def _bound(parameters: list[str], call: ast.Call) -> Arguments:
    named = {each.arg: each.value for each in call.keywords if each.arg}
    return {**dict(zip(parameters, call.args, strict=False)), **named}


def _text(value: ast.expr, given: Arguments) -> str | None:
    """What *value* is: said outright, a parameter that is given, or words with such a parameter after them."""
    match value:
        case ast.Constant(str(text)):
            return text
        case ast.Name(name):
            return _text(given[name], {}) if name in given else None
        case ast.BinOp(ast.Constant(str(first)), ast.Add(), ast.Call(ast.Attribute(ast.Name(name), "replace"))):
            rest = _text(ast.Name(name), given)
            return first + rest.replace(" ", "_") if rest else None
    return None

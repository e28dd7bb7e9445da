"""Rendering of a calculation trace: how is the explanation of a day read, as data, text and Markdown?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handleflow.core.explain import Step
from handleflow.words import say


def explanation_data(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps as plain data, days as ISO text, an absent citation as null, with their words in both languages."""
    return [{**step.as_dict(), "en": step.text("en"), "zh": step.text("zh")} for step in steps]


def explanation_text(steps: Iterable[Step], lang: str = "en") -> str:
    """The steps as lines of text in *lang*, each with its citation."""
    return "\n".join(f"  {_line(step, lang)}" for step in steps)


def explanation_markdown(title: str, steps: Iterable[Step], lang: str = "en") -> str:
    """The steps as a numbered list under a heading."""
    return "\n".join([f"## {title}", "", *(f"{n}. {_line(step, lang)}" for n, step in enumerate(steps, 1)), ""])


def _line(step: Step, lang: str) -> str:
    text = step.text(lang)
    return say("reason-cited", lang, words=text, citation=step.citation) if step.citation else text

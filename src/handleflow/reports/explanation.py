"""How is the explanation of a day read, as data, text and Markdown?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handleflow.core.explain import Step


def as_data(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps as plain data, days as ISO text, an absent citation as null."""
    return [
        {
            "what": step.what,
            "on": step.on.isoformat() if step.on else None,
            "en": step.en,
            "zh": step.zh,
            "citation": step.citation or None,
        }
        for step in steps
    ]


def as_text(steps: Iterable[Step], lang: str = "en") -> str:
    """The steps as lines of text in *lang*, each with its citation."""
    return "\n".join(f"  {_line(step, lang)}" for step in steps)


def as_markdown(title: str, steps: Iterable[Step], lang: str = "en") -> str:
    """The steps as a numbered list under a heading."""
    return "\n".join([f"## {title}", "", *(f"{n}. {_line(step, lang)}" for n, step in enumerate(steps, 1)), ""])


def _line(step: Step, lang: str) -> str:
    cited = f" [{step.citation}]" if step.citation else ""
    return f"{step.zh if lang == 'zh' else step.en}{cited}"

"""State diagram: what does a lifecycle look like?"""

from __future__ import annotations

from handleflow.rules import Lifecycle
from handleflow.words import label


def draw(lifecycle: Lifecycle, lang: str = "en") -> str:
    """The lifecycle as a Mermaid state diagram; acts that leave the state as it is stand in a note."""
    names = {state: f"s{n}" for n, state in enumerate(lifecycle.states)}
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state_label(lifecycle, state, lang)}" as {names[state]}' for state in names]
    for source in ("", *lifecycle.states):
        for target in lifecycle.states:
            acts = _acts_between(lifecycle, source, target, lang)
            if acts and source != target:
                lines.append(f"    {names.get(source, '[*]')} --> {names[target]}: {acts}")
    for state in lifecycle.states:
        if staying := _acts_between(lifecycle, state, state, lang):
            lines.append(f"    note right of {names[state]}: {staying}")
        if state in lifecycle.final_states:
            lines.append(f"    {names[state]} --> [*]")
    return "\n".join(lines) + "\n"


def state_label(lifecycle: Lifecycle, state: str, lang: str) -> str:
    """The words for a state: the lifecycle's own, else the library's."""
    own = lifecycle.labels.get(state)
    return label(state, lang) if own is None else own[1 if lang == "zh" else 0]


def _acts_between(lifecycle: Lifecycle, source: str, target: str, lang: str) -> str:
    verbs = dict.fromkeys(a.act.verb for a in lifecycle.leaving(source) if a.target == target)
    return " / ".join(label(verb, lang) for verb in verbs)

"""State diagram: what does a lifecycle look like?"""

from __future__ import annotations

from handleflow.rules import Lifecycle
from handleflow.words import CATALOGUE, Bilingual, MessageCatalogue


def draw(lifecycle: Lifecycle, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
    """
    The lifecycle as a Mermaid state diagram; acts that leave the state as it is stand in a note.

    ``CATALOGUE.naming(rules.labels)`` calls acts what a rulebook calls them.
    """
    names = {state: f"s{n}" for n, state in enumerate(lifecycle.states)}
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state_label(lifecycle, state, lang, words)}" as {names[state]}' for state in names]
    for source in ("", *lifecycle.states):
        for target in lifecycle.states:
            acts = _acts_between(lifecycle, source, target, lang, words)
            if acts and source != target:
                lines.append(f"    {names.get(source, '[*]')} --> {names[target]}: {acts}")
    for state in lifecycle.states:
        if staying := _acts_between(lifecycle, state, state, lang, words):
            lines.append(f"    note right of {names[state]}: {staying}")
        if state in lifecycle.final_states:
            lines.append(f"    {names[state]} --> [*]")
    return "\n".join(lines) + "\n"


def state_label(lifecycle: Lifecycle, state: str, lang: str, words: MessageCatalogue = CATALOGUE) -> str:
    """The words for a state: the lifecycle's own, else the library's."""
    own = lifecycle.labels.get(state)
    return words.naming({("state", state): Bilingual(*own)} if own else {}).label(state, lang, "state")


def _acts_between(lifecycle: Lifecycle, source: str, target: str, lang: str, words: MessageCatalogue) -> str:
    verbs = dict.fromkeys(a.act.verb for a in lifecycle.leaving(source) if a.target == target)
    return " / ".join(words.label(verb, lang, "act") for verb in verbs)

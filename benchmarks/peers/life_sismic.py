"""The life by the package ``sismic``: a statechart read once, an interpreter for each suggestion."""

from __future__ import annotations

from collections.abc import Sequence

from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml

CHART = import_from_yaml("""
statechart:
  name: matter
  preamble: heard = False
  root state:
    name: root
    initial: new
    states:
      - name: new
        transitions: [{event: receive, target: received}]
      - name: received
        transitions: [{event: assign, target: assigned}]
      - name: assigned
        transitions: [{event: accept, target: handling}]
      - name: handling
        transitions:
          - {event: hear, action: heard = True}
          - {event: reply, guard: heard, target: replied}
      - name: replied
        transitions: [{event: evaluate, target: evaluated}]
      - name: evaluated
""")


def lived(verbs: Sequence[str]) -> str:
    """A whole life."""
    matter = Interpreter(CHART)
    matter.execute()
    for verb in verbs:
        matter.queue(verb).execute()
    return str(matter.configuration[-1])


WAYS = {"sismic": (lived, "keeps states, guard as text that is evaluated; no history, terms, actors, reasons")}

"""Loader: how does a whole document become a rulebook?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handleflow.core import check_parts
from handleflow.errors import BrokenRulebook
from handleflow.rulebooks._documents import canonical
from handleflow.rulebooks._findings import told, told_of_rules
from handleflow.rulebooks._merging import with_whole_lifecycle
from handleflow.rulebooks._plain_data import name_of, require_plain
from handleflow.rulebooks._rule_rows import RuleReader
from handleflow.rulebooks._structuring import keys_of
from handleflow.rulebooks._vocabulary import Vocabulary
from handleflow.rules import Rulebook


def build(document: Mapping[str, Any], vocabulary: Vocabulary) -> Rulebook:
    """
    A rulebook from its whole document; none is made where anything is wrong.

    Raises:
        BrokenRulebook: with every finding at once: unknown keys, names, states, missing citations.
    """
    name = name_of(document)
    require_plain(name, document)
    whole = with_whole_lifecycle(document)
    parts, faults = RuleReader(vocabulary).rulebook(whole)
    faulty = {fault.path[0] for fault in faults}
    incomplete = {field.name for field, key in keys_of(Rulebook).items() if key in faulty}
    findings = (
        *vocabulary.findings,
        *(told(whole, fault) for fault in faults),
        *(told_of_rules(whole, finding) for finding in check_parts(parts, incomplete)),
    )
    if findings:
        raise BrokenRulebook(name, findings)
    return Rulebook(**parts, document=canonical(document))

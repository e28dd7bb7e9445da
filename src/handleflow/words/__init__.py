"""
What people read: one catalogue of sentences and labels, in each language there is a file for.

    label(code, lang)      what a state, an act, a role or a grade is called by the library
    say(id, lang, ...)     a sentence of the catalogue
    Message(id, facts)     a sentence that is said when somebody reads it
    CATALOGUE              the library's own; ``CATALOGUE.adding("bo", text)`` has a host's beside it, and
                           ``CATALOGUE.naming(rules.labels)`` what a rulebook calls its codes

The files are ``en.ftl`` and ``zh.ftl``; how they are edited: docs/how-to/edit-the-words.md.
"""

from handleflow.words.arguments import Bilingual, Fact, Facts, Labels, as_facts, plain_facts
from handleflow.words.message_catalogue import CATALOGUE, Message, MessageCatalogue, label, say
from handleflow.words.nearest import did_you_mean, listed

__all__ = [
    "CATALOGUE",
    "Bilingual",
    "Fact",
    "Facts",
    "Labels",
    "Message",
    "MessageCatalogue",
    "as_facts",
    "did_you_mean",
    "label",
    "listed",
    "plain_facts",
    "say",
]

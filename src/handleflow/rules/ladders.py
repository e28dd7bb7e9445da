"""What is said as a day nears and passes?"""

from __future__ import annotations

from attrs import field, frozen

from handleflow.legal_time import Span
from handleflow.model.fields import spoken
from handleflow.rules.citation import Citation

MEASURES = ("phone", "written", "on_site", "bulletin", "interview")


@frozen
class Rung:
    """
    One thing the clock says about terms of one rule, *offset* from the due day.

    *measure* is how (电话催办, 书面督办, 现场督办, 通报, 约谈), *answer_within* the days in which the unit
    must answer. Thresholds are the host's, never law.
    """

    id: str = field(validator=spoken)
    term: str = field(validator=spoken)
    offset: Span
    measure: str = field(validator=spoken)
    citation: Citation
    answer_within: Span | None = None
    en: str = ""
    zh: str = ""

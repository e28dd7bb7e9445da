"""Effect on deadlines: what does an event do to terms?"""

from __future__ import annotations

from handleflow.legal_time import Day, Span
from handleflow.model.nouns import Promise
from handleflow.values import frozen


@frozen(kw_only=True)
class Bearing:
    """
    What an event does to terms (期限); the core alone writes down as consequences what comes of it.

    It begins the terms whose rule names its kind as ``anchor``, and meets those whose rule names it in ``met_by``:
    those of *units* (of all it is about, where they are None), and that of the whole; one that replies meet waits for
    the last lead that owes its own. The rest happens only where it is said:

    - *due_on* is the day of the terms it begins whose rule has no span to count, *ref* their number, *round* their
      round where it is not the suggestion's. What meets such terms says by *ref* which one, whichever unit's it is.
    - *promises* are opened as commitments of the unit that replied.
    - *anchored_on*: of the parts that its units have now, the terms whose rule names its kind as ``anchor`` count
      from that day.
    - *extended_until*: the first running term of each unit that may be lengthened lasts until that day, or for as
      long after its day as *extended_within*, *by_consent* of the office, asked for on *asked_on*, or by the unit's
      own declaration.
    - *paused_on*: the clock of every running term that may be paused stops that day, until *paused_until* or for as
      long as *paused_within* where that is announced. *resumed_on*: all go on.
    - *passes_on*: what was one unit's is another's; its terms run on, but those of a role that it has no more.
    - *recounts*: another version of the rulebook decides from here on: every running term is counted anew, and so is
      one that ended on a provisional day; what it does not know ends, and what it alone knows begins.
    """

    units: tuple[str, ...] | None = None
    ref: int | None = None
    round: int | None = None
    due_on: Day | None = None
    promises: tuple[Promise, ...] = ()
    anchored_on: Day | None = None
    extended_until: Day | None = None
    extended_within: Span | None = None
    by_consent: bool = True
    asked_on: Day | None = None
    paused_on: Day | None = None
    paused_until: Day | None = None
    paused_within: Span | None = None
    resumed_on: Day | None = None
    passes_on: bool = False
    recounts: bool = False


NO_BEARING = Bearing()
"""That of an event that does no more than begin and meet terms, where rules name its kind."""

"""Is a lifecycle sound: its states, its forks, its ways out?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from handleflow.acts import ACTS, Adopt, Correct, Supervise, Withdraw
from handleflow.core._check_finding import Finding
from handleflow.model import CLOCK
from handleflow.model.fields import LONGEST_CODE
from handleflow.rules import Lifecycle, Rung, Transition
from handleflow.rules.lifecycle import OPEN
from handleflow.words import did_you_mean, listed


def states(lifecycle: Lifecycle) -> Iterator[Finding]:
    """States that cannot be called so."""
    for state in lifecycle.states:
        if not state.strip() or state.startswith("("):
            yield Finding(f"{state!r} is no name for a state", "state", state)
        if len(state) > LONGEST_CODE:
            words = f"state {state!r} is of {len(state)} characters, and {LONGEST_CODE} are kept"
            yield Finding(words, "state", state)
    doubled = sorted(state for state, times in Counter(lifecycle.states).items() if times > 1)
    if doubled:
        yield Finding(f"state named twice: {listed(doubled)}", "state", doubled[0])


def transitions(lifecycle: Lifecycle) -> Iterator[Finding]:
    """Transitions that lead from or to what is no state, or that nobody may take."""
    for each in lifecycle.transitions:
        yield from (Finding(words, "transition", each) for words in _transition(each, lifecycle))
    if OPEN in lifecycle.states:
        yield Finding(f"no state is called {OPEN!r}: a transition leaves all that are not final by it", "state", OPEN)
    for each, where in _overridden(lifecycle).items():
        if {*where} == {*lifecycle.open_states}:
            words = f"{each.act.verb} from all open states could never be taken: each has a transition of its own"
            yield Finding(words, "transition", each)


def _overridden(lifecycle: Lifecycle) -> dict[Transition, list[str]]:
    found: dict[Transition, list[str]] = {}
    for each, state in lifecycle.overridden:
        found.setdefault(each, []).append(state)
    return found


def overridden(lifecycle: Lifecycle) -> Iterator[str]:
    """Where a transition of its own goes before one from all open states."""
    for each, where in _overridden(lifecycle).items():
        of_its_own = listed([repr(state) for state in where])
        yield f"{each.act.verb} from all open states: a transition of its own goes before it in {of_its_own}"


def _transition(each: Transition, lifecycle: Lifecycle) -> Iterator[str]:
    verb, source, target = each.act.verb, each.source, each.target
    for state in {source, target}.difference({"", *lifecycle.states}):
        yield f"{verb}: unknown state {state!r}{did_you_mean(state, lifecycle.states)}"
    if not target:
        yield f"{verb} from {source!r} leads nowhere; '' is where a life comes from"
    if not each.roles:
        yield f"{verb} from {source!r} is open to nobody"
    if source in lifecycle.final_states and target != source:
        yield f"{source!r} is final, yet {verb} leads on to {target!r}"


def forks(lifecycle: Lifecycle) -> Iterator[Finding]:
    """Transitions that could never be taken, and forks without a default."""
    ways: dict[tuple[str, str, str], list[Transition]] = {}
    for each in lifecycle.transitions:
        for role in each.roles:
            ways.setdefault((each.source, each.act.verb, role), []).append(each)
    found: dict[str, Transition] = {}
    for (source, verb, _), way in ways.items():
        unguarded = [place for place, each in enumerate(way) if each.when is None]
        leaving = f"the transitions that leave {source!r} on {verb!r}"
        if unguarded and unguarded[0] < len(way) - 1:
            words = "one without a condition comes before another; the later one could never be taken"
            found[f"of {leaving} {words}"] = way[unguarded[0]]
        if not unguarded:
            found[f"{leaving} all have conditions; a default is needed"] = way[-1]
    yield from (Finding(words, "transition", each) for words, each in sorted(found.items(), key=lambda one: one[0]))


def silent_states(lifecycle: Lifecycle, rungs: Iterable[Rung]) -> Iterator[str]:
    """Open states in which no rung can speak, since the clock may not supervise there."""
    heard = {each.source for each in lifecycle.transitions if each.act is Supervise and CLOCK.role in each.roles}
    silent = [state for state in lifecycle.open_states if state not in heard]
    named = [repr(rung.id) for rung in rungs]
    if named and silent:
        said, states = listed(named), listed([repr(state) for state in silent])
        yield f"rung {said} cannot speak in {states}: no transition lets the clock supervise there; {_REMEDY}"


def closed_states(lifecycle: Lifecycle) -> Iterator[str]:
    """
    Open states in which nobody can set right what was recorded, or adopt another version; nor withdraw, perhaps.

    That one cannot withdraw any more is no more than a rule.
    """
    taken = {(each.act, each.source) for each in lifecycle.transitions}
    for state in lifecycle.open_states:
        closed = [act for act in (Correct, Adopt, Withdraw) if (act, state) not in taken]
        if closed and closed != [Withdraw]:
            yield f"nobody can {' or '.join(act.verb for act in closed)} in {state!r}; {_REMEDY}"


def made_of_the_librarys(lifecycle: Lifecycle) -> Iterator[str]:
    """Own acts that are subclasses of one of the library's, and lose what goes by the name of that one."""
    for act in lifecycle.acts:
        base = next((each for each in act.__mro__[1:] if each in ACTS), None)
        if base is not None and act not in ACTS:
            for_terms = "" if base.kind in act.counts_as else f"counts_as = ({base.kind!r},) for its terms, and "
            yield (
                f"act {act.verb!r} is made of {base.verb!r} and is another one: the guards and built-in checks of "
                f"{base.verb!r} are not asked of it; give it {for_terms}guards of its own, of = [{act.verb!r}]"
            )


_REMEDY = "add it to the sources of that act, or say source = 'open'"


def ways_out(lifecycle: Lifecycle) -> Iterator[Finding]:
    """States that nothing leads to, and those from which no life ends."""
    if not lifecycle.transitions:
        yield Finding("its lifecycle has no transition", "lifecycle")
    reachable = _reached(lifecycle, {""})
    ending = _reached(lifecycle, lifecycle.final_states, is_backward=True)
    for state in lifecycle.states:
        if state not in reachable:
            yield Finding(f"state {state!r} can never be reached", "state", state)
        elif state not in ending:
            yield Finding(f"from state {state!r} no final state can be reached", "state", state)


def _reached(lifecycle: Lifecycle, start: Iterable[str], is_backward: bool = False) -> set[str]:
    reached, fresh = set(start), set(start)
    while fresh:
        steps = (((t.target, t.source) if is_backward else (t.source, t.target)) for t in lifecycle.transitions)
        fresh = {end for begin, end in steps if begin in reached} - reached
        reached |= fresh
    return reached

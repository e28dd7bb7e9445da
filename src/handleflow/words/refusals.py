"""How is a "no" said? One function a reason, each in Chinese and English; the rule id is its name."""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.errors import Objection
from handleflow.words.labels import label
from handleflow.words.nearest import listed, listed_zh


def wrong_state(state: str, open_verbs: Iterable[str]) -> Objection:
    """The lifecycle knows no arrow for it from here."""
    verbs = tuple(open_verbs)
    return Objection(
        "wrong_state",
        f"it is {state!r}" if state else f"it is {label(state)}",
        f"目前处于“{label(state, 'zh')}”状态",
        facts=(("state", state),),
        remedy_en=f"from here: {listed(verbs, 'nothing')}",
        remedy_zh=f"当前可办：{listed_zh(label(verb, 'zh') for verb in verbs)}",
    )


def wrong_role(role: str, roles: Iterable[str]) -> Objection:
    """The arrow is another role's."""
    able = tuple(roles)
    return Objection(
        "wrong_role",
        f"a {label(role)} may not; {listed(map(label, able))} may",
        f"{label(role, 'zh')}无权办理，应由{'、'.join(label(r, 'zh') for r in able)}办理",
        facts=(("role", role), ("roles", listed(able))),
    )


def day_in_future(on: object, today: object) -> Objection:
    """It is said to have happened after today."""
    return Objection(
        "day_in_future",
        f"{on} has not come yet; today is {today}",
        f"{on} 尚未到来，今天是 {today}",
        facts=(("on", str(on)), ("today", str(today))),
    )


def told_too_late(on: object, today: object, role: str, span: str) -> Objection:
    """It happened longer ago than this role may still tell."""
    return Objection(
        "told_too_late",
        f"it happened on {on} and a {label(role)} may tell it {span} later at most; today is {today}",
        f"事项发生于 {on}，{label(role, 'zh')}最多可在 {span} 内补记，今天是 {today}",
        facts=(("on", str(on)), ("today", str(today)), ("role", role), ("within", span)),
        remedy_en="an office may record it, where the rulebook lets it",
        remedy_zh="规则允许时可由交办机构补记",
    )


def before_it_began(on: object, began: object) -> Objection:
    """It is said to have happened before the suggestion was received, or the unit assigned."""
    return Objection(
        "before_it_began",
        f"{on} is before it began, on {began}",
        f"{on} 早于起始日 {began}",
        facts=(("on", str(on)), ("began", str(began))),
    )


def day_too_early(on: object, earliest: object, what_en: str, what_zh: str) -> Objection:
    """A day lies before the one it follows."""
    return Objection(
        "day_too_early",
        f"{on} is before {earliest}, when {what_en}",
        f"{on} 早于{what_zh}之日 {earliest}",
        facts=(("on", str(on)), ("earliest", str(earliest))),
    )


def days_out_of_order(what: str, later: object, earlier: object) -> Objection:
    """A correction would put a day before the one it follows."""
    return Objection(
        "days_out_of_order",
        f"{what} on {later} would lie before {earlier}, which it follows",
        f"{what}（{later}）将早于其前置日期 {earlier}",
        facts=(("later", str(later)), ("earlier", str(earlier))),
    )


def opinion_of_nobody(co_units: Iterable[str]) -> Objection:
    """An older ledger's one opinion cannot be given to one co unit."""
    names = tuple(co_units)
    return Objection(
        "opinion_of_nobody",
        f"the day of a co unit's opinion needs exactly one co unit, not {len(names)}",
        f"会办意见日期须对应唯一会办单位，现有 {len(names)} 个",
        facts=(("co_units", listed(names)),),
    )


def no_reply(unit: str | None, there: Iterable[str | None]) -> Objection:
    """There is no reply of that unit to speak of."""
    names = [name or "?" for name in there]
    whose = unit or "an unknown unit"
    return Objection(
        "no_such_reply",
        f"there is no reply of {whose}; replied: {listed(names)}",
        f"没有{unit or '不明单位'}的答复；已答复：{listed_zh(names)}",
        facts=(("unit", whose), ("replied", listed(names))),
    )


def not_its_unit(name: str, units: Iterable[str]) -> Objection:
    """The unit has no part in it."""
    its = tuple(units)
    return Objection(
        "not_its_unit",
        f"{name} has no part in it; its units: {listed(its)}",
        f"{name}不是承办单位；承办单位：{listed_zh(its)}",
        facts=(("unit", name), ("units", listed(its))),
    )


def not_a_lead(name: str, leads: Iterable[str]) -> Objection:
    """Only a lead does this."""
    its = tuple(leads)
    return Objection(
        "not_a_lead",
        f"only a lead unit does this, and that is {listed(its, 'nobody yet')}",
        f"只有主办单位可以办理；主办单位：{listed_zh(its)}",
        facts=(("unit", name), ("leads", listed(its))),
    )


def not_accepted(name: str) -> Objection:
    """The lead has not signed for it yet."""
    return Objection(
        "not_accepted",
        f"{name} has not accepted it",
        f"{name}尚未签收",
        facts=(("unit", name),),
        remedy_en="accept first",
        remedy_zh="请先签收",
    )


def already_accepted(name: str) -> Objection:
    """The unit has signed for it already."""
    return Objection("already_accepted", f"{name} has accepted it already", f"{name}已签收", (("unit", name),))


def already_replied(name: str, round_number: int) -> Objection:
    """One reply a round."""
    return Objection(
        "already_replied",
        f"{name} has replied in round {round_number} already",
        f"{name}在第 {round_number} 轮已答复",
        facts=(("unit", name), ("round", str(round_number))),
        remedy_en="a new reply needs rehandling; a wrong word, a correction",
        remedy_zh="再次答复须先重新办理；文字差错请更正",
    )


def unit_named_twice(names: Iterable[str]) -> Objection:
    """A unit stands twice among leads and co units."""
    twice = listed(names)
    return Objection("unit_named_twice", f"named twice: {twice}", f"重复列出：{twice}", (("units", twice),))


def no_lead() -> Objection:
    """Nobody would answer for it."""
    return Objection(
        "no_lead",
        "it would have no lead unit",
        "没有主办单位",
        remedy_en="name at least one",
        remedy_zh="至少指定一个",
    )


def already_has_a_part(names: Iterable[str]) -> Objection:
    """A unit named anew handles it already."""
    its = listed(names)
    return Objection("already_has_a_part", f"already handling it: {its}", f"已在承办：{its}", (("units", its),))


def part_of_nobody(names: Iterable[str]) -> Objection:
    """A part describes a unit that is not named."""
    its = listed(names)
    return Objection(
        "part_of_nobody",
        f"a part is given for {its}, not named here",
        f"{its}未被指定却列有分工",
        (("units", its),),
    )


def nothing_open(rule: str, what_en: str, what_zh: str) -> Objection:
    """There is nothing of the kind to decide on."""
    return Objection(rule, f"there is no open {what_en}", f"没有待处理的{what_zh}")


def already_open(rule: str, what_en: str, what_zh: str) -> Objection:
    """One is waiting to be decided already."""
    return Objection(rule, f"a {what_en} is waiting already", f"已有待处理的{what_zh}")


def not_its_deputy(name: str, deputies: Iterable[str]) -> Objection:
    """The deputy did not make or sign it."""
    its = listed(deputies)
    return Objection(
        "not_its_deputy",
        f"{name} did not make it; its deputies: {its}",
        f"{name}不是提出代表；提出代表：{its}",
        facts=(("deputy", name), ("deputies", its)),
    )


def deputy_named_twice(names: Iterable[str]) -> Objection:
    """A deputy stands twice among those who made it."""
    twice = listed(names)
    return Objection("deputy_named_twice", f"named twice: {twice}", f"重复列出：{twice}", (("deputies", twice),))


def no_such(what_en: str, what_zh: str, asked: object, there: Iterable[object]) -> Objection:
    """What the act names does not exist."""
    known = tuple(map(str, there))
    return Objection(
        "no_such_" + what_en.replace(" ", "_"),
        f"there is no {what_en}: {asked}; there is: {listed(known)}",
        f"没有{what_zh}：{asked}；现有：{listed_zh(known)}",
        facts=(("asked", str(asked)), ("there", listed(known))),
    )


def already(rule: str, en: str, zh: str, **facts: object) -> Objection:
    """It has been done already."""
    return Objection(rule, en, zh, tuple((name, str(value)) for name, value in facts.items()))


def reason_needed(grade: str) -> Objection:
    """A verdict of dissatisfied says why."""
    return Objection(
        "reason_when_dissatisfied",
        f"a rating of {label(grade)} needs a reason",
        f"评价为{label(grade, 'zh')}时应说明理由",
        facts=(("grade", grade),),
    )


def rater_needed(role: str) -> Objection:
    """A rating entered for a deputy names the deputy."""
    return Objection(
        "rater_needed",
        f"a rating entered by a {label(role)} must name the deputy whose it is",
        f"{label(role, 'zh')}代录评价时应注明评价代表",
        facts=(("role", role),),
    )


def rated_for_another(by: str, rater: str) -> Objection:
    """A deputy rates in her own name."""
    return Objection(
        "rated_for_another",
        f"{by} rates in their own name, not for {rater}",
        f"{by}应以本人名义评价，不能代{rater}评价",
        facts=(("by", by), ("rater", rater)),
    )


def no_reminder() -> Objection:
    """No response is recorded only after reminders."""
    return Objection(
        "no_reminder",
        "no response is recorded only after the deputy was reminded",
        "须经催请后方可记录未反馈",
        remedy_en="give the days of the reminders",
        remedy_zh="请注明催请日期",
    )


def commitments_open(numbers: Iterable[int]) -> Objection:
    """Something was promised and is not yet kept."""
    its = listed(map(str, numbers))
    return Objection(
        "commitments_open",
        f"commitments are open: {its}",
        f"尚有未办结的承诺：{its}",
        facts=(("commitments", its),),
        remedy_en="fulfil them first",
        remedy_zh="请先办结承诺",
    )


def not_correctable(entry: int, field: str, correctable: Iterable[str]) -> Objection:
    """That field of that entry may not be touched."""
    able = tuple(correctable)
    return Objection(
        "not_correctable",
        f"{field!r} of entry {entry} cannot be corrected; there: {listed(able, 'nothing')}",
        f"第 {entry} 条的 {field!r} 不可更正；可更正：{listed_zh(able)}",
        facts=(("entry", str(entry)), ("field", field), ("correctable", listed(able))),
    )


def unfit_value(field: str, why: str) -> Objection:
    """The corrected value means nothing."""
    return Objection("unfit_value", f"{field!r}: {why}", f"{field!r} 的新值无效：{why}", (("field", field),))


def merged_with_itself() -> Objection:
    """A suggestion is merged with another one."""
    return Objection("merged_with_itself", "it cannot be merged with itself", "不能与自身并案")


def rejected_once(number: int) -> Objection:
    """An answer is sent back once."""
    return Objection(
        "rejected_once",
        f"the answer to supervision {number} was sent back already, or is itself a second answer",
        f"督办 {number} 的答复已退回一次",
        facts=(("supervision", str(number)),),
        remedy_en="urge again, by a stronger measure",
        remedy_zh="可另行督办",
    )


def supervised_lately(unit: str, number: int, on: object, until: object) -> Objection:
    """The unit was urged a short time ago; who insists says why."""
    return Objection(
        "supervised_lately",
        f"{unit} was urged on {on} (supervision {number}), and is left in peace until {until}",
        f"{unit}已于 {on} 被督办（第 {number} 次），{until} 前不重复督办",
        facts=(("unit", unit), ("supervision", str(number)), ("on", str(on)), ("until", str(until))),
        remedy_en="give a reason in insisting",
        remedy_zh="如仍需督办，请在 insisting 中说明理由",
    )


def unknown_colour(colour: str, known: Iterable[str]) -> Objection:
    """The rulebook has no such colour."""
    its = tuple(known)
    return Objection(
        "colour_is_known",
        f"{colour!r} is no colour of this rulebook; there is: {listed(its)}",
        f"本规则没有 {colour!r} 这一颜色；现有：{listed_zh(its)}",
        facts=(("colour", colour), ("known", listed(its))),
    )


def other_way_to_longer_time(mode: str, citation: str) -> Objection:
    """Longer time is had in another way: by consent of the office, or by the unit's own declaration."""
    return Objection(
        "extension_mode", f"longer time is had by {mode} here", f"延期方式应为 {mode}", citation=citation
    )


def extended_enough(done: int, most: int, citation: str) -> Objection:
    """It was extended as often as it may be."""
    return Objection(
        "extensions_are_left",
        f"it was extended {done} time(s), {most} at most",
        f"已延期 {done} 次，最多 {most} 次",
        citation=citation,
    )


def extension_too_late(due_on: object, citation: str) -> Objection:
    """Longer time is asked for before the day, not after it."""
    return Objection(
        "extension_in_time",
        f"the term ended on {due_on}; longer time is asked for before",
        f"期限已于 {due_on} 届满，应在届满前申请",
        citation=citation,
    )


def id_is_taken(id: str, received_on: object) -> Objection:
    """Somebody has begun a suggestion of this id already."""
    since = f" since {received_on}" if received_on else ""
    return Objection(
        "id_is_taken",
        f"there is a suggestion {id} already{since}",
        f"编号 {id} 已有建议",
        facts=(("id", id), ("received_on", str(received_on or ""))),
        remedy_en="look at that one, or give another id",
        remedy_zh="请核对该件，或另用编号",
    )

"""What is a state, an act or a grade called in front of people?"""

from __future__ import annotations

LABELS: dict[str, tuple[str, str]] = {
    # states
    "": ("not yet received", "未受理"),
    "received": ("received", "受理"),
    "assigned": ("assigned", "交办"),
    "handling": ("handling", "办理"),
    "replied": ("replied", "答复"),
    "evaluated": ("evaluated", "评价"),
    "closed": ("closed", "办结"),
    "withdrawn": ("withdrawn", "撤回"),
    "declined": ("declined", "不予受理"),
    # acts
    "receive": ("receive", "受理"),
    "take_over": ("take over", "接收在办件"),
    "decline": ("decline", "不予受理"),
    "classify": ("classify", "分类"),
    "assign": ("assign", "交办"),
    "distribute": ("distribute", "分办"),
    "object_to_assignment": ("object to the assignment", "对交办提出异议"),
    "answer_assignment_objection": ("answer the objection", "答复交办异议"),
    "accept": ("accept", "签收"),
    "request_return": ("request return", "申退"),
    "grant_return": ("grant return", "同意退回"),
    "refuse_return": ("refuse return", "不同意退回"),
    "reassign": ("reassign", "改办"),
    "plan": ("plan", "制定办理方案"),
    "report_measure": ("report a measure", "报告办理措施"),
    "record_contact": ("record contact", "记录沟通"),
    "give_opinion": ("give opinion", "提出会办意见"),
    "reject_opinion": ("reject opinion", "退回会办意见"),
    "request_extension": ("request extension", "申请延期"),
    "grant_extension": ("grant extension", "同意延期"),
    "refuse_extension": ("refuse extension", "不同意延期"),
    "declare_extension": ("declare extension", "说明延期"),
    "suspend": ("suspend", "中止"),
    "resume": ("resume", "恢复"),
    "draft_reply": ("draft reply", "拟稿"),
    "approve_draft": ("approve draft", "审核通过"),
    "return_draft": ("return draft", "退改"),
    "reply": ("reply", "答复"),
    "regrade": ("regrade", "调整办理结果类别"),
    "evaluate": ("evaluate", "评价"),
    "record_no_response": ("record no response", "记录未反馈"),
    "rehandle": ("rehandle", "重新办理"),
    "report_commitment": ("report on a commitment", "报告承诺进展"),
    "fulfil_commitment": ("fulfil a commitment", "承诺办结"),
    "rate_commitment": ("rate a commitment", "评价承诺"),
    "supervise": ("supervise", "督办"),
    "answer_supervision": ("answer supervision", "答复督办"),
    "reject_answer": ("reject an answer", "退回督办答复"),
    "mark_progress": ("mark progress", "标记进度"),
    "merge_with": ("merge", "并案"),
    "withdraw": ("withdraw", "撤回"),
    "correct": ("correct", "更正"),
    "adopt": ("adopt a rulebook version", "采用新版规则"),
    "close": ("close", "办结"),
    # roles
    "deputy": ("deputy", "人大代表"),
    "congress_office": ("congress office", "人大常委会办事机构"),
    "government_office": ("government office", "政府办公室"),
    "leader": ("leader", "领导"),
    "unit": ("handling unit", "承办单位"),
    "clock": ("clock", "时钟"),
    # parts in an assignment
    "lead": ("lead", "主办"),
    "co": ("co", "会办"),
    # grades
    "satisfied": ("satisfied", "满意"),
    "basically_satisfied": ("basically satisfied", "基本满意"),
    "dissatisfied": ("dissatisfied", "不满意"),
    # measures of supervision
    "phone": ("by telephone", "电话催办"),
    "written": ("in writing", "书面督办"),
    "on_site": ("on site", "现场督办"),
    "bulletin": ("by bulletin", "通报"),
    "interview": ("by interview", "约谈"),
    # terms with a day of their own
    "commitment": ("commitment", "承诺"),
    "supervision_answer": ("answer to a supervision", "督办答复"),
    # lights
    "green": ("green", "绿灯"),
    "blue": ("blue", "蓝灯"),
    "yellow": ("yellow", "黄灯"),
    "red": ("red", "红灯"),
    # terms a rulebook may have
    "assignment": ("assignment", "交办"),
    "reassignment": ("reassignment", "改办"),
    "first_contact": ("first contact", "首次联系"),
    "opinion": ("opinion", "会办意见"),
    "opinion_again": ("opinion given again", "再次提出会办意见"),
    "rating": ("rating", "评价"),
    "rehandled_reply": ("reply after rehandling", "重新答复"),
    "commitment_rating": ("rating of a commitment", "评价承诺"),
    # where a term stands
    "not_due": ("not due", "未到期"),
    "due_today": ("due today", "今日到期"),
    "overdue": ("overdue", "已逾期"),
    "running": ("running", "进行中"),
    "met": ("met", "已完成"),
    "dropped": ("dropped", "已终止"),
    "unknown": ("passed before the take-over", "接收前已过"),
    "not_computable": ("not computable", "无法计算"),
}


def label(code: str, lang: str = "en") -> str:
    """The words for *code* in *lang* (``en`` or ``zh``); a code without words stands for itself."""
    words = LABELS.get(code)
    if words is None:
        return code
    return words[1] if lang == "zh" else words[0]

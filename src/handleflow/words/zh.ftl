### 供人阅读的中文文字。等号左边是编号，不可改动；等号右边是文字，可以修改。
###
### { $unit } 代表说出这句话时已知的内容：名称、日期、数字，或者并列的几个名称。
### { $what -> [reply] 答复 *[other] 其他 } 按内容选择说法：none 指没有内容，yes、no 指是与否；带星号的一行在其他各行都不符合时采用。
### { LABEL($role, "role") } 说出代码的名称。{ OR($units, "无") } 在没有内容时说“无”。{ NEAREST($wrong, $known) } 提示最相近的名称。
### 以 .remedy 开头的一行说明怎样办理才可行。怎样修改、试验一句话，怎样增加另一种语言：docs/how-to/edit-the-words.md。

## 句子的组成

# 若干日、工作日、月。
amount-day = { $n } 日
amount-month = { $n } 个月
amount-workday = { $n } 个工作日

# 理由的依据，由 CITED 选择：某文件的条文，或者本机关规定。
citation-article = { $source } 第 { $article } 条
citation-host = 本机关规定

# 并列名称之间的标点；没有名称时的说法。
list-comma = 、
list-none = 无

# 与所写内容相近的名称；没有相近的，则列出现有名称。
nearest-known = ；现有：{ $names }
nearest-one = ；是否应为“{ $name }”？

# 一次不予准许及其全部理由；理由与补救办法；所依据的条文。
reason-cited = { $words } [{ CITED($citation) }]
reason-remedy = { $words }，{ $remedy }
reasons-comma = ；
refused = 建议 { $id }：{ LABEL($verb, "act") }未获准：{ $reasons }

# 是或否。
truth = { $value ->
        [yes] 是
       *[no] 否
    }

## 不予准许：办理状态与办理人

id_is_taken = 编号 { $id } 已有建议{ $received_on ->
        [none] { "" }
       *[other] ，{ $received_on } 受理
    }
    .remedy = 请核对该件，或另用编号
nobody_is_the_clock = 时钟不提出办理，只在巡查（sweep）时发出督办
    .remedy = 请以人员、机构或承办单位的名义办理
wrong_role = { LABEL($role, "role") }无权办理，应由{ LABEL($roles, "role") }办理

# $open：此人目前可以办理的事项。
wrong_state = 目前处于“{ LABEL($state, "state") }”状态
    .remedy = 当前可办：{ LABEL($open, "act") }

## 不予准许：日期

before_it_began = { $on } 早于起始日 { $began }
day_in_future = { $on } 尚未到来，今天是 { $today }
day_too_early = { $on } 早于{ $when ->
        [asked_for] 要求答复
        [assigned] 交办
        [promised] 作出承诺
        [promising] 作出承诺
        [resumed] 恢复
        [supervised] 督办
        [suspended] 中止
       *[replied] 作出答复
    }之日 { $earliest }

# 更正会使一个日期早于它应当在后的日期。
days_out_of_order = { $what ->
        [acceptance] { $whose }的签收
        [assignment] { $whose }的交办
        [rating] { $whose }的评价
        [receipt] { $whose }的收到
       *[reply] { $whose }的答复
    }（{ $later }）将早于其前置日期 { $earlier }
outside_calendar = { $why }
    .remedy = 请填写日历推算范围以内的日期
told_too_late = 事项发生于 { $on }，{ LABEL($role, "role") }最多可在 { $within }内补记，今天是 { $today }
    .remedy = 规则允许时可由交办机构补记

## 不予准许：承办单位与代表

already_published = { $unit }的答复已于 { $on } 公开
deputy_named_twice = 重复列出：{ $deputies }
deputy_unknown = 提出代表不明，{ $deputy }不能以提出代表身份办理
    .remedy = 先由交办机构更正第 { $entry } 条的 deputy（提出代表）
not_a_co_unit = { $unit }是主办单位，应作答复
not_a_lead = 只有主办单位可以办理；主办单位：{ $leads }
not_accepted = { $unit }尚未签收
    .remedy = 请先签收
not_its_deputy = { $deputy }不是提出代表；提出代表：{ $deputies }
not_its_unit = { $unit }不是承办单位；承办单位：{ $units }
not_public = 不得公开：{ $is_confidential ->
        [yes] 已定为保密
       *[no] { $visibility ->
            [none] 尚未注明公开属性
           *[other] 公开属性为{ LABEL($visibility, "visibility") }
        }
    }
    .remedy = 可以公开的，请先注明公开

## 不予准许：受理

nothing_classified = 未列明分类事项
opinion_of_nobody = 会办意见日期须对应唯一会办单位，现有 { $n } 个

## 不予准许：交办

already_accepted = { $unit }已签收
already_has_a_part = 已在承办：{ $units }
no_lead = 没有主办单位
    .remedy = 至少指定一个
no_objection_waiting = 没有待处理的交办异议
no_return_waiting = 没有待处理的申退
no_such_return_request = { $named }没有提出申退；已提出申退：{ $there }
nobody_named = 未指定单位
objection_waiting = 已有待处理的交办异议
part_of_nobody = { $units }未被指定却列有分工
receipt_is_recorded = 已记录{ $unit }于 { $on } 收到（第 { $entry } 条）
    .remedy = 请更正第 { $entry } 条
return_waiting = 已有待处理的申退
unit_named_twice = 重复列出：{ $units }

## 不予准许：办理与答复

already_replied = { $unit }在第 { $round } 轮已答复
    .remedy = 再次答复须先重新办理；文字差错请更正
already_suspended = 已处于中止状态
draft_waiting = 已有待审的答复意见
extension_waiting = 已有待处理的延期申请
longer_than_asked = { $until } 晚于申请的 { $requested }
no_draft_waiting = 没有待审的答复意见
no_end = 未写明截止日期或时长
    .remedy = 请写明其中一项
no_extension_waiting = 没有待处理的延期申请
no_such_draft = { $named }没有待审的答复意见；待审：{ $there }
no_such_extension_request = { $named }没有申请延期；已申请延期：{ $there }
no_such_opinion = { $named }没有有效的会办意见；已提出意见：{ $there }
no_such_reply = 没有{ OR($unit, "不明单位") }的答复；已答复：{ $replied }
not_suspended = 并未中止
two_ends = 同时写明至 { $until } 和时长 { $within }，请只写一项

## 不予准许：评价

already_rated = { $what ->
        [commitment] 承诺 { $commitment } 已评价
        [verdict] { $deputy }已评价该答复
       *[reply] 该答复已有评价
    }
commitments_open = 尚有未办结的承诺：{ $commitments }
    .remedy = 请先办结承诺
no_reminder = 须经催请后方可记录未反馈
    .remedy = 请注明催请日期
rated_for_another = { $by }应以本人名义评价，不能代{ $rater }评价
rater_needed = { LABEL($role, "role") }代录评价时应注明评价代表
reason_when_dissatisfied = 评价为{ LABEL($grade, "grade") }时应说明理由

## 不予准许：跟踪与督办

already_answered = 督办 { $supervision } 已于 { $on } 答复
already_fulfilled = 承诺 { $commitment } 已于 { $on } 办结
no_answer_to_judge = 没有待处理的督办答复
no_commitment_open = { $unit }没有未办结的承诺
no_such_answered_supervision = 督办 { $named } 没有答复；已答复的督办：{ $there }
no_such_commitment = 没有承诺 { $named }；现有承诺：{ $there }
no_such_supervision = 没有督办 { $named }；现有督办：{ $there }
no_supervision_open = { $unit }没有待答复的督办
rejected_once = 督办 { $supervision } 的答复已退回一次
    .remedy = 可另行督办
rung_is_the_clocks = 督办梯次由系统按期发出

## 不予准许：更正、并案与采用新版规则

already_adopted = 已适用 { $name } { $version }
already_merged = 已与 { $other } 并案
kept_apart = “{ $field }”涉及个人，另行存放
    .remedy = 请填写 private_value，不填写 value
merged_with_itself = 不能与自身并案
near_twin = “{ $name }”与已有名称“{ $twin }”几乎相同；若为同一单位或同一人，请统一写法
never_unknown = 第 { $entry } 条的“{ $field }”不能为未知
    .remedy = 请在 value 中填写应有的内容
no_such_entry = 没有第 { $entry } 条记录；现有第 1 至 { $last } 条
no_times = 没有写明任何时刻
not_correctable = 第 { $entry } 条的“{ $field }”不可更正；可更正：{ $correctable }
not_its_day = 第 { $entry } 条：该时刻属于 { $day }，不是 { $on }
not_kept_apart = 第 { $entry } 条的“{ $field }”不另行存放
    .remedy = 请填写 value，不填写 private_value
nothing_to_pass_on = { $unit } 在此件中没有可移交的事项；现有单位：{ $units }
succeeds_itself = { $unit } 不能由自己承接；请写明承接单位，或其新名称
time_runs_back = 第 { $entry } 条将早于排在其前的第 { $before } 条
unfit_value = “{ $field }”的新值无效：{ $why }

## 不予准许：各规则通用，按规则的文字与数字

channel_is_known = “{ $channel }”不是督办方式{ NEAREST($channel, $known, "channel") }
colour_is_known = 本规则没有“{ $colour }”这一颜色；现有：{ LABEL($known, "light") }
extension_in_time = 期限已于 { $due_on } 届满，应在届满前申请
extension_mode = 延期方式应为{ $mode ->
        [declaration] 承办单位自行说明
       *[consent] 交办机构同意
    }
extension_within_measure = { $within ->
        [none] { $until } 不在
       *[other] 延长 { $within }至 { $until }，不在
    } { $due_on } 之后至 { $latest } 之间
extensions_are_left = 已延期 { $done } 次，最多 { $limit } 次
long_track_is_known = { $rulebook } 没有较长期限的规定

# 或者规则可以延期而该单位没有可延长的期限；或者规则没有延期程序。
no_extension = { $is_known ->
        [yes] { $unit }没有可以延长的进行中期限
       *[no] { $rulebook } 没有延期程序{ $longer ->
            [none] { "" }
           *[other] ，较长期限（{ $longer }）在交办时确定
        }
    }
no_longer_in_force = { $rulebook } 施行至 { $until }，而此事发生于 { $on }
    .remedy = 请适用其后的规则
not_yet_in_force = { $rulebook } 自 { $since } 起施行，而此事发生于 { $on }
    .remedy = 请适用当时的规则
outcome_is_known = “{ $outcome }”不是 { $rulebook } 的办理结果类别{ NEAREST($outcome, $known) }
pause_is_known = { $rulebook } 的期限不可中止
promise_needs_day = { $outcome } 类（{ $called }）应注明解决时限
superseded = { $rulebook } 所依据的文本已被取代：{ $what }，文本日期 { $text_of }，施行日期：{ OR($since, "尚不清楚") }；此事发生于 { $on }
    .remedy = 请对照新文本核对规则，并适用依据新文本的规则
supervised_lately = { $unit }已于 { $on } 被督办（第 { $supervision } 次），{ $until } 前不重复督办
    .remedy = 如仍需督办，请在 override_reason 中说明理由

## 不予准许：规则指定的条件

co_opinions_are_in = 尚缺会办意见：{ $units }
    .remedy = 请会办单位提出意见
deputy_is_dissatisfied = 没有代表对{ $units }的答复表示不满意
deputy_was_heard = { $unit }在第 { $round } 轮尚未听取代表意见
    .remedy = 请先记录办前或办中沟通
draft_was_approved = { $unit }在第 { $round } 轮的答复意见尚未审核通过
    .remedy = 请先拟稿并经审核
lead_deputy_rates = 应由领衔代表评价：{ $lead_deputy }
lead_deputy_withdraws = 应由领衔代表撤回：{ $lead_deputy }

# $others：规则对其他事项归属的说明。
matter_is_accepted = 此件为{ LABEL($matter, "matter") }，不适用本规则：{ $others }
return_in_time = 申退应于 { $last } 前提出（自 { $from } 起 { $within }）

# $then：规则对此后如何办理的说明。
rounds_are_left = 已重新办理 { $done } 次，最多 { $limit } 次
    .remedy = { $then }
units_are_known = 不在承办单位名录内：{ $units }{ NEAREST($units, $known) }
withdrawal_is_unanimous = 尚未同意撤回：{ $missing }

## 历史：记录所说的内容

# 记录的一项及其内容；督办梯次；梯次所说的话及所涉日期 $about；期限。
entry-detail = { $name }：{ $what }
rung-named = { $rung }{ $occurrence ->
        [1] { "" }
       *[other] （第 { $occurrence } 次）
    }
rung-said = { $rung }（{ $about }）
term-named = { LABEL($rule, "term") }{ $unit ->
        [none] { "" }
       *[other] ，{ $unit }
    }（第 { $round } 轮，{ $ref }）

# 系统写入的原因。
why-adopted = 已采用 { $rulebook }
why-anchor_known = 起算日已查明
why-before_take_over = 应督办之日在接收之前
why-coalesced = 由其后的梯次一并督办
why-corrected = 第 { $entry } 条已更正
why-extended = 已延期
why-handled_again = 该答复须重新办理
why-no_longer_so = 情况已改变
why-notice_corrected = 通知所定日期已更正
why-over = 已处于“{ LABEL($state, "state") }”状态
why-passed_before = 适用之前应督办之日已过
why-received = 承办单位实际收到之日在后
why-relieved = 该单位已不再照原分工承办
why-resumed = 已恢复
why-suppressed = 该单位已于 { $on } 被督办（第 { $supervision } 次）
why-suspended = 已中止
why-term_met = 期限内事项已完成
why-time_corrected = 第 { $entry } 条的记录时刻已更正
why-unknown_rule = { $rulebook } 没有此期限

## 历史：各项名称

field-about = 所涉日期
field-address = 地址
field-agreed_by = 同意撤回的代表
field-anchor_entry = 起算记录
field-anchor_on = 起算日
field-answer = 答复
field-answer_by = 要求答复日期
field-as_written = 台账原文
field-asked_on = 申请日期
field-assigned_on = 交办日期
field-at = 时刻
field-attachments = 附件
field-attitude = 办理态度
field-by_consent = 经同意
field-category = 类别
field-channel = 方式
field-co_signers = 附议代表
field-co_units = 会办单位
field-colour = 颜色
field-commitment = 承诺
field-commitments = 承诺
field-contacted_on = 沟通日期
field-corrected = 被更正的记录
field-days_late = 逾期日数
field-deputy = 领衔代表
field-document_number = 文号
field-due_on = 到期日
field-end = 止
field-entry = 记录
field-explanation = 说明
field-extension = 延期
field-field = 更正内容
field-firing_key = 督办梯次
field-grade = 评价等次
field-ground = 依据
field-how = 承接原因
field-in_session = 会议期间
field-instead_of = 原承办单位
field-is_abstract = 摘要公开
field-is_announced = 事先写明
field-is_confidential = 保密
field-is_done = 已落实
field-is_key = 重点建议
field-is_long_track = 较长期限
field-is_notice_late = 通知晚于法定期限
field-is_provisional = 暂定
field-is_reconstructed = 重建
field-issuer = 发出机构
field-key = 期限
field-leader = 分管领导
field-leads = 主办单位
field-locality = 地区
field-mark = 标记
field-matter = 来件种类
field-meant_on = 应于
field-measure = 措施
field-measures = 措施
field-name = 名称
field-notice_on = 通知日期
field-number = 编号
field-on = 日期
field-opinion_on = 会办意见日期
field-other = 并案建议
field-outcome = 办理结果类别
field-override_reason = 再次督办理由
field-parts = 分工
field-pause = 中止
field-pauses = 中止
field-person = 经办人
field-phone = 电话
field-private_value = 非公开内容
field-rater = 评价代表
field-reason = 理由
field-received_on = 收到日期
field-reminded_on = 催请日期
field-replied_on = 答复日期
field-result = 办理结果评价
field-round = 轮次
field-section = 科室
field-session = 届次
field-session_closed_on = 闭会日期
field-signed_by = 签发人
field-snapshot = 办理结果类别
field-span = 期间
field-stage = 阶段
field-start = 起
field-successor = 承接单位
field-supervision = 督办
field-text = 内容
field-times = 正确时刻
field-title = 标题
field-to = 送
field-treated_as = 处理为
field-unit = 承办单位
field-unrolled_on = 顺延前到期日
field-until = 至
field-urged_on = 督办日期
field-url = 网址
field-value = 新值
field-version = 版本
field-visibility = 公开范围
field-within = 期间

## 期限的计算步骤

# 每一步都给出 $on，即该步得出的日期。
step-anchor = 自 { $on } 起算，{ $first_day ->
        [next_working_day] 下一工作日为第一日
        [rolled_forward] 先顺延至工作日再起算
        [same_day] 当日为第一日
       *[next_day] 次日为第一日
    }
step-calendar = 按日历 { $name } { $version } 计算，放假安排知道到 { $known_through } 为止
step-clipped = 该月无 { $day } 日，以月末 { $on } 为准
step-counted = { $span }，至 { $on }
step-extended = { $mode ->
        [consent] 经同意
       *[declaration] 经说明
    }延长{ $within ->
        [none] 至 { $on }
       *[other] { " " }{ $within }，至 { $on }
    }
step-fixed = 指定的日期
step-granted = { $mode ->
        [consent] { $asked_on ->
            [none] { $on } 同意延期
           *[other] { $asked_on } 申请延期，{ $on } 同意
        }
       *[declaration] { $on } 说明延期
    }
step-kept = 不早于延长 { $within }时所定的 { $on }
step-late_notice = 通知定为 { $notice }，不延长法定期限
step-longest = 最多可延长至 { $on }，即{ $base ->
        [chained] 再延 { $span }
       *[capped] 自起算日起 { $span }
    }
step-missed = { $on } 逾期，见第 { $entry } 条
step-not_longer = 延至 { $until } 的延期不缩短期限：{ $on }
step-notice = 通知定为 { $notice }，早于法定期限
step-paused = { $start } 至 { $end } 中止{ $is_announced ->
        [yes] （事先写明）
       *[no] { "" }
    }，顺延至 { $on }
step-rebutted = 第 { $entry } 条更正逾期，因第 { $cause } 条（{ LABEL($kind, "entry") }）
step-result = { $on ->
        [none] 无法计算
       *[other] 应于 { $on } 前完成
    }{ $is_provisional ->
        [yes] （暂定：尚无放假通知）
       *[no] { "" }
    }
step-rolled = 遇休息日（{ $rest_days }），移至 { $on }
step-standing = 自 { $start } 起中止，何时恢复尚不知
step-unknown = 起算日不明，无法计算

## 规则的待定事项与不同规定

note-calendar = 日历：{ $calendar } 知道到 { $on } 为止的放假安排；以后的日期为暂定
note-disagreement = 关于“{ $term }”另有规定：{ $words } [{ CITED($citation) }]
note-open = 待定：{ $what }：{ $words }
note-superseded = 已被取代：{ $what }，文本日期 { $text_of }，施行日期：{ OR($since, "尚不清楚") }［{ $source }］
note-text = 文本日期：{ OR($text_of, "尚不清楚") }；施行日期：{ OR($since, "尚不清楚") }{ $until ->
        [none] { "" }
       *[other] ；施行至 { $until }
    }

## 报告数字不明的原因

unknown-dayless = { $whole } 件中有 { $count } 件接收时没有可以判断是否逾期答复的日期
unknown-keyless = { $whole } 件中有 { $count } 件未注明是否为重要建议
unknown-nothing_rated = 没有答复得到评价
unknown-nothing_to_reply_to = 没有须答复的建议
unknown-unanswered = { $whole } 件中有 { $count } 件接收时未注明是否已答复
unknown-uncategorized = { $whole } 件中有 { $count } 件接收时没有类别
unknown-unclassified = { $whole } 件中有 { $count } 件接收时没有答复，或办理结果类别的标准不明
unknown-unheld = { $whole } 件中有 { $count } 件所依规则未存于此处，其期限无从得知
unknown-unitless = { $whole } 件中有 { $count } 件接收时没有承办单位名称
unknown-unrated = { $whole } 件中有 { $count } 件接收时未注明评价
unknown-unruled = { $whole } 件中有 { $count } 件所依规则未存于此处，可能未经答复即已办结

## 年度报告

report-answered_late = 逾期答复的督办
report-deadlines_missed = 逾期次数
report-key = 重要建议
report-key_resolved = 重要建议已解决
report-late_replies = 逾期答复
report-no_category = （未分类）
report-ordinary = 一般建议
report-provisional = 待放假通知确定的期限
report-replies_in_time = 按期答复
report-reply_rate = 答复率（%）
report-satisfied_or_basically_rate = 满意和基本满意率（%）
report-total = 件数
report-units = 承办单位

# 数字不明时的说法。
report-unknown = —（{ $why }）

## 看板：在办建议及其情况

board-awaits_notice = 已过，待放假通知
board-column_id = 编号
board-column_is = 情况
board-column_last_said = 最近督办
board-column_leader = 分管领导
board-column_light = 亮灯
board-column_state = 状态
board-column_title = 标题
board-column_unit = 承办单位
board-column_waits_for = 待办
board-days_late = 逾期 { $days } 日
board-days_left = 还有 { $days } 日
board-due = { $on }{ $is_provisional ->
        [yes] （暂定）
       *[no] { "" }
    }
board-paused = 中止中，还有 { $days } 日
board-unjudged = 无法判断
board-withheld = 涉密，不予显示

## 各承办单位情况

units-column_answers = 按期回复督办
units-column_contacts = 按期联系
units-column_due_soon = 将到期
units-column_in_time = 按期答复
units-column_late = 逾期答复
units-column_open = 在办
units-column_overdue = 逾期
units-column_provisional = 暂定期限
units-column_supervised = 被督办
units-column_unit = 承办单位

## 记录的问题：本不应出现的情况

# 整行文字：$id 是建议编号，括号内的则另有所指；$number 是第几条记录，0 指不专指某一条。
fault = 建议 { $id }{ $number ->
        [0] { "" }
       *[other] { " " }第 { $number } 条
    }：{ $what }
fault-after_end = 第 { $line } 行在结尾之后
fault-before_first_position = 位于总序第一位之前，系被人插入
fault-behind_newest = 位于已记录的最新版本 { $version } 之后：被人插入，或者被换回旧的快照
fault-cut_off = 已公布第 { $position } 位的摘要，而记录止于第 { $size } 位：有内容被截去，或者属于另一存储
fault-derived_otherwise = 所存的 { $names }（{ $n } 项）与历史推算不符；可用 `handleflow rebuild` 恢复
fault-digest_does_not_fit = 第 { $position } 位的摘要与此前各条记录不符
fault-digest_unreadable = 无法得出摘要：{ $why }
fault-ends_early = 历史到此为止，但已记录至第 { $version } 条
fault-entry_missing = 总序第 { $position } 位所指的记录不存在
fault-feed_ends_early = 止于第 { $size } 位，而已编至第 { $numbered } 位
fault-hash_does_not_fit = 此条或此前某条被改动：散列值不符
fault-in_feed_alone = 只见于总序第 { $position } 位
fault-key_of_no_act = 幂等键“{ $key }”没有对应的已记录事项
fault-never_in_feed = 从未进入总序，系被人插入
fault-no_end = 没有结尾
fault-no_hash = 没有散列值
fault-no_id = 有一行没有编号，系被人插入
fault-no_position = 在总序中没有位置
fault-not_compared = { $many } 件建议的唤醒时刻和分管领导未作核对：此规则未存于此处，或者缺少使用方自有的部分；请一并提供（`verify(store, engine.rulebooks)` 或 `handleflow verify --app`）
fault-not_foldable = 无法由历史推算：{ $why }
fault-not_going_on = 第 { $position } 位的摘要并非由第 { $since } 位的摘要延续而来
fault-not_proved = 没有证明表明摘要涵盖此条
fault-not_signed = 第 { $position } 位的摘要没有签名
fault-other_count = 内有 { $found } 件建议，自称 { $stated } 件
fault-other_digest_at_end = 结尾的摘要与各位置不符
fault-other_entry = 与总序第 { $position } 位的记录不同
fault-other_entry_expected = 总序第 { $position } 位应为其第 { $expected } 条记录
fault-other_hash_beside_snapshot = 散列值与快照旁所记不同
fault-other_positions = 内有总序 { $found } 位，自称 { $stated } 位
fault-other_text = 记录时适用的{ $what ->
        [calendar] 日历
       *[rulebook] 规则
    } { $name } { $version } 与现存文本不同
fault-out_of_order = 此处应为第 { $expected } 条；有记录被删去或者被插入
fault-position_missing = 总序第 { $before } 位之前缺少第 { $position } 位
fault-position_without_name = 总序第 { $position } 位没有名称，而又没有保留不交的内容
fault-private_field_altered = 不公开的“{ $field }”与封存时不同
fault-private_field_twice = 不公开的“{ $field }”出现两次
fault-published_otherwise = 前 { $position } 条记录与公布的摘要不符：记录被改动，或者属于另一存储
fault-reckoned_otherwise = 所附的期限计算与其记录和文本的推算不符
fault-removed = 历史尚在，建议本身已被删去；可用 `handleflow rebuild` 恢复
fault-rows_without_history = 有由历史推算的行而没有历史，系被人插入
fault-shows_nothing = 没有任何记录
fault-signed_by_another = 第 { $position } 位的摘要不是用此密钥签名
fault-text_altered = 文本与存入时不同
fault-text_not_handed_in = 文本与所提供的规则不同
fault-text_of_another = 文本属于 { $name }
fault-text_of_other_digest = { $what ->
        [calendar] 日历
       *[rulebook] 规则
    } { $name } { $version } 的文本与其摘要不符
fault-texts_not_those_named = 所附{ $what ->
        [calendar] 日历
       *[rulebook] 规则
    }文本与各条记录所指的不一致（应各附一次，依次排列）
fault-twice = 出现两次
fault-unfit_evidence = 证据无效：{ $why }
fault-unreadable = 无法读取：{ $why }
fault-waits_wrongly = 在等候总序位置的名单中，但并不存在、重复等候，或者已有位置
fault-wrong_private_salt = 不公开的“{ $field }”的盐值为 { $found } 字节，应为 { $wanted } 字节
fault-wrong_salt = 盐值为 { $found } 字节，应为 { $wanted } 字节

## 命令行：所见与所办

cli-awaiting_notice = { $days } 个期限已过，但尚待放假通知，暂不计逾期；参见 `handleflow calendar`
cli-backed_up = { $suggestions } 件建议{ $withheld ->
        [0] { "" }
       *[other] ，{ $withheld } 件保密建议未列入（--private 可列入）
    }；第 { $position } 位的摘要：{ $digest }
cli-board = { $on }：在办建议
cli-by = { $name }（{ LABEL($role, "role") }）
cli-calendar_added = 日历 { $calendar }，放假安排已知至 { $on }：{ $is_new ->
        [yes] 已加入
       *[no] 已有
    }
cli-calendar_adopted = { $before } 改为 { $rulebook }：{ $adopted } 件建议已采用，其中 { $moved } 件的期限有变动或得到确定
cli-calendar_ends = 日历 { $calendar } 所知的放假安排{ $is_past ->
        [yes] 已于 { $on } 到期（{ $days } 日前）
       *[no] 到 { $on } 为止（还有 { $days } 日）
    }：以后的日期为暂定，逾期待通知后再计；放假通知发布后，请用 `handleflow calendar add` 加入
cli-calendar_is_newest = 各规则均已采用所存的最新日历
cli-calendar_would_adopt = { $before } 将改为 { $rulebook }：{ $adopted } 件建议将采用，其中 { $moved } 件的期限将有变动或得到确定
cli-check_findings = { $rulebook }：{ $findings } 处问题
cli-check_sound = { $rulebook }：没有问题
cli-clock_skew = 本机时钟比存储的时间{ $is_behind ->
        [yes] 慢
       *[no] 快
    } { $seconds } 秒；请校准
cli-corrected_by = 已由第 { $entry } 条更正
cli-demo = 时钟所言（日期为重建）
cli-demo_day = 日期
cli-demo_id = 编号
cli-demo_kept = 已存入 { $store }，可试 `handleflow show { $id } --store { $store }`
cli-demo_missed = 逾期：{ $term }，{ $due_on }
cli-demo_urged = { $channel }：{ $text }
cli-demo_what = 内容
cli-demo_whom = 单位
cli-evidence_holds = 建议 { $id } 的 { $entries } 条记录属实，至 { $at } 第 { $position } 位的摘要：{ $digest }
cli-faults = { $faults } 处问题
cli-health_no_day = 无法计算的期限：{ $id } { $term }
cli-health_oldest = 最早应办：{ $on } { $id } { $what }{ $is_behind ->
        [yes] ，系统未按时巡查
       *[no] { "" }
    }
cli-health_spoke = 最近督办：{ OR($at, "从未") }
cli-health_swept = 最近巡查：{ OR($at, "从未") }
cli-health_waiting = 待督办：{ $waiting }
cli-history = 历史
cli-import = 已记录 { $recorded } 件，未准许 { $refused } 件，原已有 { $already_there } 件
cli-import_refused = 第 { $line } 行：{ $title }：{ $why }
cli-left_as_it_is = { $id } 保持原样：{ $why }
cli-nobody = （无{ LABEL($by, "role") }）
cli-rebuilt = { $changed } 件建议与其历史不符
cli-reconstructed = 重建
cli-report = 办理情况报告
cli-restored = 已接收 { $taken_in } 件建议，{ $there_already } 件原已有
cli-right_time = 时刻已更正：{ $at }
cli-rulebooks_in_force_from = 施行日期
cli-rulebooks_known_through = 放假安排已知至
cli-rulebooks_name = 名称
cli-rulebooks_open_points = 待定事项
cli-rulebooks_text_of = 文本日期 → 取代文本
cli-rulebooks_title = 标题
cli-rulebooks_verified_on = 核对日期
cli-rulebooks_version = 版本
cli-shipped = 随附的规则
cli-shipped_changed = 已知的变动与未读到的文本
cli-shipped_inherits = 沿用另一部规则的，其待定事项一并列出，已自行规定的除外。文本系从公开副本读取，对外引用请以官方数据库为准。
cli-shipped_intro = 每部规则所依据的文本、已知的后续变动和待定事项。本页由 `handleflow rulebooks --markdown` 输出。
cli-shipped_no_text = 文本日期尚不清楚
cli-shipped_nothing = 无
cli-shipped_open = 待定事项
cli-show_category = 类别
cli-show_co_signers = 附议代表
cli-show_commitment = 承诺 { $number }
cli-show_deputy = 领衔代表
cli-show_is_key = 重点建议
cli-show_locality = 地区
cli-show_matter = 来件种类
cli-show_merged_with = 并案
cli-show_no_response = 未反馈
cli-show_number = 编号
cli-show_promise = { $text }（{ OR($due_on, "未定日期") }）
cli-show_rating = { $rater }的评价
cli-show_received_on = 受理日期
cli-show_reply = { $unit }的答复
cli-show_rulebook = 规则
cli-show_session = 届次
cli-show_state = 状态
cli-show_taken_over_on = 接收日期
cli-show_units = 承办单位
cli-show_version = 版本
cli-sweep = 时钟所言
cli-sweep_broken_off = 巡查中断：{ $why }
cli-sweep_day = 日期
cli-sweep_kind = 种类
cli-sweep_nothing = 时钟没有要说的
cli-sweep_suggestion = 建议
cli-sweep_what = 内容
cli-terms = 期限
cli-terms_due = 到期
cli-terms_from = 起算
cli-terms_is = 情况
cli-terms_term = 期限
cli-units = { $on }：各承办单位情况
cli-unjudged = { $id }：{ board-unjudged }：{ $why }
cli-verified = { $faults ->
        [0] 没有改动、删去、插入或者截去
       *[other] { $faults } 处问题
    }；第 { $position } 位的摘要：{ $digest }
upgrade-done = 存储结构由版本 { $old } 升至 { $new }：各历史已加盐重新链接
upgrade-grant_anew = 各表系新建，请重新授权给：{ $granted }
upgrade-not_needed = 已是此版本

## 命令行：正在办理，显示于进度条旁

cli-doing_calendar = 日历
cli-doing_play = 演示全年
cli-doing_rebuild = 推算
cli-doing_sweep = 巡查
cli-doing_take_in = 接收备份
cli-doing_take_over = 接收台账
cli-doing_upgrade = 重新链接
cli-doing_write = 写出

## 命令行：无法办理的原因

cli-another_record = { $path } 不是所公布摘要的记录：{ $why }
cli-evidence_up_to = 证据须止于已签名的摘要：请用 --published 指明已公布摘要的文件，或者用 --sign KEY 签名目前的摘要并予公布
cli-key_without_published = 密钥用于核对已公布摘要的签名：请用 --published 指明其文件
cli-name_store = 请用 --store PATH|URL 指明存储
cli-name_store_and_rulebook = 请用 --store 指明存储、用 --rulebook 指明规则，或者用 --app 指明使用方自有的引擎
cli-name_store_or_app = 请用 --store PATH|URL 指明存储，或者用 --app 指明使用方自有的引擎
cli-no_file = 没有文件 { $path }
cli-no_ledger = 没有台账 { $path }
cli-no_rule = 规则 { $rulebook } 没有可计算的期限“{ $term }”{ NEAREST($term, $known) }
cli-no_store = { $where } 没有存储；可用 `handleflow import` 或 `handleflow demo --store` 建立
cli-no_store_to_upgrade = { $where } 没有存储
cli-no_term = 建议 { $id } 没有期限“{ $term }”{ NEAREST($term, $known) }
cli-none_signed = { $path } 中没有已签名的摘要；可用 `handleflow digest --sign KEY` 签名
cli-not_read = 无法读取 { $path }：{ $why }
cli-not_written = 无法写入 { $path }：{ $why }
cli-span_or_term = 请写明期间，或用 --term 指定规则中的期限，二者只取其一
cli-there_already = { $path } 已存在，请指定新文件

## 引擎的提醒

engine-not_held = 此处没有规则 { $rulebook }，而有 { $suggestions } 件建议依据该规则：事项、巡查、看板和报告都无法判断这些建议；请把该规则也交给引擎

## 常见错误

app-ends = { $app } 没有指明引擎：导入 { $module } 使程序结束（{ $with }）
app-misspelt = { $app } 没有指明引擎：请写作 package.module:engine
app-no_engine = { $app } 没有指明引擎：{ $name } 的类型是 { $kind }
app-no_module = { $app } 没有指明引擎：当前文件夹和搜索路径中没有模块 { $module }；请写作 package.module:engine
app-no_name = { $app } 没有指明引擎：模块 { $module } 中没有 { $name }{ NEAREST($name, $known) }
app-no_rulebook = { $app } 没有规则“{ $rulebook }”{ NEAREST($rulebook, $known) }
app-not_imported = { $app } 没有指明引擎：导入 { $module } 失败{ $at ->
        [none] {""}
       *[other] （{ $at }）
    }：{ $why }
error-a_file_by_load = 没有随附名为“{ $name }”的{ $kind ->
        [calendars] 日历
       *[other] 规则
    }；文件请用 `load()` 读取
error-altered_calendar = 日历 { $calendar } 在此处已有不同内容；请为改动后的日历另取版本
error-class_for_act = { $act } 是类而不是事项；请写明各项内容：{ $act }(...)
error-days_as_tuple = 多个日期请写作元组 `({ $given },)`，而不是 { $given }
error-empty_name = 名称须有内容，不能是 { $given }
error-empty_words = { $kind } 的“{ $field }”须有内容，不能是 { $given }
error-end_of_time = { $given } 在时间的尽头，并非每个时区都有对应的日期
error-from_the_future = 告知的时刻是 { $at }，而现在是 { $now }：尚未到来的时刻不予记录；最多可提前 { $seconds } 秒
error-is_there = 建议 { $id } 已存在；未作任何写入
error-key_of_other_fields = 建议 { $id }：幂等键“{ $key }”已用于同一事项，但{ LABEL($fields, "field") }不同；请另用一个键提出
error-key_reused = 建议 { $id }：幂等键“{ $key }”已用于其他事项或其他办理人
error-long_name = 名称有{ $n }个字符，最多可存{ $limit }个：{ $given }
error-long_word = { $act } 的 { $what } 超过{ $limit }个字符：“{ $word }”
error-lost_race = 建议 { $id }：按第 { $expected } 版作出决定，现为第 { $found } 版；请重新读取后再决定
error-names_as_tuple = 多个名称请写作元组 `({ $given },)`，而不是 { $given }
error-no_day = { $given } 不是日期；请提供日期，或写作“2026-02-10”
error-no_event_classes = { $given } 不是事项的类；自有事项请以类提供：own=[Visit]
error-no_group = together={ $given } 无效：请写明一个事务中处理多少件，1 至 { $most }
error-no_instant = { $given } 不是时刻；请提供带时区的 datetime
error-no_instant_text = { $given } 不是时刻；请写作 2026-02-10T09:00+08:00
error-no_pairs = 台账的一行以（列名，文字）成对保存，而不是 { $given }
error-no_rulebooks = { $given } 不是规则的列表；请提供由 `load_preset("cn.national")` 等得到的规则
error-no_span = “{ $written }”不是期间；请写整数和单位：3 months（个月）、10 workdays（个工作日）、5 days（日）
error-no_store = { $given } 不是存储；请提供由 `MemoryStore()` 等打开的存储
error-no_such_day = “{ $written }”不是日历上的日期
error-no_such_file = 没有文件 { $file }
error-no_such_reach = 从 { $start } 起算{ $n }{ $unit ->
        [day] 日
       *[other] 个月
    }，超出日历所能推算的范围
error-no_suggestion = 此存储中没有建议“{ $id }”
error-no_tables = { $where } 中没有存储的表；请运行迁移，或者调用 `create_schema()`
error-no_tolerance = tolerance={ $given } 无效：请提供 timedelta，从零到一日
error-no_word = { $act } 没有 { $what }；请写明一个小写的、与其他事项不同的 { $what }
error-no_zone = { $given } 没有时区；时刻必须带时区
error-none_when_unknown = { $kind } 的“{ $field }”不明时写 None，不能是 { $given }
error-not_begun = 没有建议“{ $id }”；建议始于：{ LABEL($acts, "act") }
error-not_held = 此处没有规则 { $rulebook }{ NEAREST($rulebook, $known) }
error-not_opened = { $where } 不能作为存储打开：{ $why }
error-not_shipped = 没有随附名为“{ $name }”的{ $kind ->
        [calendars] 日历
       *[other] 规则
    }{ NEAREST($name, $known) }
error-other_day = 按时钟今天是 { $on }，而确认的是 { $confirmed }；请先校准时钟
error-other_schema = { $where } 的存储结构是第 { $found } 版，而此处读取第 { $reads } 版{ $is_older ->
        [yes] ；可用 `handleflow upgrade --store` 升级
       *[other] ；它由更新的 handleflow 写成
    }
error-other_tables = { $where } 中有其他的表（{ $others }），没有存储
error-other_version = 建议 { $id }：要求的是第 { $expected } 版，现为第 { $found } 版
error-out_of_order = 建议 { $id }：告知的时刻 { $at } 早于最后一条记录的时刻 { $last }
error-outside_calendar = 日历“{ $calendar }”推算不到 { $on }：已公布 { $first } 至 { $last }，前后各推算{ $years }年
error-outside_calendar_by = 日历“{ $calendar }”推算不到从 { $on } 起算的{ $n }个工作日：已公布 { $first } 至 { $last }，前后各推算{ $years }年
error-overtaken = 建议 { $id }：其间他人已有记录，其时刻晚于所告知的时刻；请重新查看后再提出
error-taken_word = { $act } 的 { $what } 不能是“{ $word }”，{ $other } 已经使用；请另取一个
error-too_long = { $kind } 的“{ $field }”有{ $n }个字符，最多可存{ $limit }个
error-unconfirmed_day = 上次巡查在 { $last }，而按本机时钟现在是 { $now }，已超过 { $days } 日；请用 --confirm { $on } 确认日期；如果上次巡查的日期有误，请用 --set-back 改回
error-unknown_choice = { $kind } 的“{ $field }”不能是 { $given }{ NEAREST($wrong, $known) }
error-unreadable_fields = { $act } 的以下各项读回后不再是原来的内容：{ $fields }。可用的类型：str、int、float、bool、Day、DateTime、Span、Literal、Enum、attrs 类、tuple[X, ...]、X | None（PRIVATE 项必须如此）、在 JSON 中互不相同的 int | str
error-unreadable_file = 文件 { $file } 不能读取：{ $why }
error-unusable_name = “{ $name }”不能用作名称或编号：其中含有不可见字符 { $hidden }；请去掉后重写
error-wrong_argument = { $what } 不接受所给的内容：{ $arguments }
error-wrong_type = { $what } 的内容与各项的类型不符：{ $fields }

## 名称：办理状态

label-assigned = 交办
label-closed = 办结
label-declined = 不予受理
label-evaluated = 评价
label-handling = 办理
label-not_yet_received = 未受理
label-received = 受理
label-replied = 答复
label-withdrawn = 撤回

## 名称：办理事项

label-accept = 签收
label-adopt = 采用新版规则
label-answer_assignment_objection = 答复交办异议
label-answer_supervision = 答复督办
label-approve_draft = 审核通过
label-assign = 交办
label-classify = 分类
label-close = 办结
label-correct = 更正
label-correct_time = 更正记录时刻
label-declare_extension = 说明延期
label-decline = 不予受理
label-distribute = 分办
label-draft_reply = 拟稿
label-evaluate = 评价
label-fulfil_commitment = 承诺办结
label-give_opinion = 提出会办意见
label-grant_extension = 同意延期
label-grant_return = 同意退回
label-mark_progress = 标记进度
label-merge_with = 并案
label-object_to_assignment = 对交办提出异议
label-plan = 制定办理方案
label-publish = 公开
label-rate_commitment = 评价承诺
label-reassign = 改办
label-receive = 受理
label-record_contact = 记录沟通
label-record_no_response = 记录未反馈
label-record_receipt = 记录收到日期
label-refuse_extension = 不同意延期
label-refuse_return = 不同意退回
label-regrade = 调整办理结果类别
label-rehandle = 重新办理
label-reject_answer = 退回督办答复
label-reject_opinion = 退回会办意见
label-reply = 答复
label-report_commitment = 报告承诺进展
label-report_measure = 报告办理措施
label-request_extension = 申请延期
label-request_return = 申退
label-resume = 恢复
label-return_draft = 退改
label-succeed = 承接
label-supervise = 督办
label-suspend = 中止
label-take_over = 接收在办件
label-withdraw = 撤回

## 名称：历史中的记录

label-accepted = 已签收
label-adopted = 已采用新版规则
label-answer_rejected = 已退回督办答复
label-assignment_objected = 对交办提出异议
label-assignment_objection_answered = 已答复交办异议
label-classified = 已分类
label-commitment_fulfilled = 承诺已办结
label-commitment_opened = 承诺已列入跟踪
label-commitment_rated = 已评价承诺
label-commitment_reported = 已报告承诺进展
label-contact_recorded = 已记录沟通
label-corrected = 已更正
label-deadline_missed = 逾期
label-distributed = 已分办
label-draft_approved = 拟稿已审核通过
label-draft_returned = 拟稿已退改
label-extension_declared = 已说明延期
label-extension_granted = 已同意延期
label-extension_refused = 不同意延期
label-extension_requested = 已申请延期
label-measure_reported = 已报告办理措施
label-merged = 已并案
label-miss_rebutted = 逾期已更正
label-no_response_recorded = 已记录未反馈
label-opinion_given = 已提出会办意见
label-opinion_rejected = 已退回会办意见
label-planned = 已制定办理方案
label-progress_marked = 已标记进度
label-published = 已公开
label-reassigned = 已改办
label-regraded = 已调整办理结果类别
label-rehandling_demanded = 要求重新办理
label-reply_classified = 办理结果类别已定
label-reply_drafted = 已拟稿
label-resumed = 已恢复
label-return_granted = 已同意退回
label-return_refused = 不同意退回
label-return_requested = 已申退
label-rung_lapsed = 督办梯次已过
label-rung_suppressed = 督办梯次暂缓
label-succeeded = 已承接
label-supervised = 已督办
label-supervision_answered = 已答复督办
label-suspended = 已中止
label-suspension_ended = 中止已结束
label-taken_over = 接收在办件
label-term_dropped = 期限终止
label-term_met = 期限内事项已完成
label-term_moved = 期限变动
label-term_outcome_unknown = 期限在接收前已过
label-term_paused = 期限中止
label-term_set = 期限开始
label-term_undated = 期限无日期
label-time_corrected = 已更正记录时刻
label-unit_received = 承办单位收到

## 名称：人员与机构

label-clock = 时钟
label-congress_office = 人大常委会办事机构
label-deputy = 人大代表
label-government_office = 政府办公室
label-leader = 领导
label-unit = 承办单位

## 名称：承办分工

label-co = 会办
label-lead = 主办

## 名称：评价等次

label-basically_satisfied = 基本满意
label-dissatisfied = 不满意
label-satisfied = 满意

## 名称：来件种类

label-letter = 来信
label-motion = 议案
label-proposal = 提案
label-returned_for_revision = 退回修改
label-suggestion = 建议
label-unclear = 性质不明的来件

## 名称：督办方式

label-bulletin = 通报
label-interview = 约谈
label-on_site = 现场督办
label-phone = 电话催办
label-written = 书面督办

## 名称：自有日期的期限

label-commitment = 承诺
label-supervision_answer = 督办答复

## 名称：亮灯

label-blue = 蓝灯
label-green = 绿灯
label-red = 红灯
label-yellow = 黄灯

## 名称：规则可设的期限

label-assignment = 交办
label-commitment_rating = 评价承诺
label-first_contact = 首次联系
label-opinion = 会办意见
label-opinion_again = 再次提出会办意见
label-rating = 评价
label-reassignment = 改办
label-rehandled_reply = 重新答复
label-urging = 督促重新办理

## 名称：期限状况

label-dropped = 已终止
label-due_today = 今日到期
label-met = 已完成
label-not_computable = 无法计算
label-not_due = 未到期
label-overdue = 已逾期
label-paused = 中止中
label-running = 进行中
label-unknown = 接收前已过

## 名称：联系与反馈的方式

contact-ledger = 台账
contact-letter = 信函
contact-meeting = 座谈
contact-phone = 电话
contact-platform = 平台
contact-visit = 走访

## 名称：沟通的阶段

stage-after = 答复后
stage-before = 办前
stage-during = 办中

## 名称：公开范围

visibility-not_public = 不公开
visibility-public = 公开
visibility-title_only = 仅公开标题

## 名称：承接原因

how-abolished = 撤销
how-merged = 合并
how-renamed = 更名
how-split = 分设

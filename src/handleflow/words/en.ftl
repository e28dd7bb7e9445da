### What people read, in English. Each sentence has an id, which stays, and words, which you may change.
###
### { $unit } stands for what is known when the sentence is said: a name, a day, a number, or several names in one line.
### { $n -> [1] one day *[other] { $n } days } chooses by what it is; none stands for what is not there, yes and no for a
### truth, and the line with the star is taken where no other fits. { LABEL($role, "role") } says what a code is called.
### { OR($units, "nobody") } says "nobody" where there is none. { NEAREST($wrong, $known) } says which name was meant.
### A line that begins with .remedy says what would work instead. How a sentence is changed and tried, and how another
### language is added: docs/how-to/edit-the-words.md.

## How sentences are put together

# So many days, working days or months.
amount-day = { $n } { $n ->
        [1] day
       *[other] days
    }
amount-month = { $n } { $n ->
        [1] month
       *[other] months
    }
amount-workday = { $n } { $n ->
        [1] workday
       *[other] workdays
    }

# The ground of a reason, which CITED chooses by: an article of a source, or the office's own rule.
citation-article = { $source } art. { $article }
citation-host = the office's own rule

# Between several names in one line, and instead of them where there is none.
list-comma = { ", " }
list-none = none

# A name that is near to what somebody wrote; or, where none is, those there are.
nearest-known = ; known: { $names }
nearest-one = ; did you mean '{ $name }'?

# A refusal with all its reasons; a reason with its remedy; either with the article it stands on.
reason-cited = { $words } [{ CITED($citation) }]
reason-remedy = { $words }; { $remedy }
reasons-comma = { "; " }
refused = { LABEL($verb, "act") } refused for suggestion { $id }: { $reasons }

# Whether something is so.
truth = { $value ->
        [yes] yes
       *[no] no
    }

## Refusals: where it stands, and who asks

id_is_taken = there is a suggestion { $id } already{ $received_on ->
        [none] { "" }
       *[other] { " " }since { $received_on }
    }
    .remedy = look at that one, or give another id
nobody_is_the_clock = the clock asks for nothing, it speaks by a sweep
    .remedy = ask in the name of a person, an office or a unit
wrong_role = a { LABEL($role, "role") } may not; { LABEL($roles, "role") } may

# $open: what this person could ask for instead.
wrong_state = it is { $state ->
        [none] { LABEL($state, "state") }
       *[other] '{ LABEL($state, "state") }'
    }
    .remedy = from here: { OR(LABEL($open, "act"), "nothing") }

## Refusals: days

before_it_began = { $on } is before it began, on { $began }
day_in_future = { $on } has not come yet; today is { $today }
day_too_early = { $on } is before { $earliest }, when { $when ->
        [asked_for] it is asked for
        [assigned] it is assigned
        [promised] it was promised
        [promising] it is promised
        [resumed] the clock went on
        [supervised] it was supervised
        [suspended] it was suspended
       *[replied] the reply was given
    }

# A correction would put one day before another.
days_out_of_order = { $what ->
        [acceptance] acceptance by { $whose }
        [assignment] assignment of { $whose }
        [rating] rating by { $whose }
        [receipt] receipt by { $whose }
       *[reply] reply of { $whose }
    } on { $later } would lie before { $earlier }, which it follows
outside_calendar = { $why }
    .remedy = name a day within the reach of the calendar
told_too_late = it happened on { $on } and a { LABEL($role, "role") } may tell it { $within } later at most; today is { $today }
    .remedy = an office may record it, where the rulebook lets it

## Refusals: units and deputies

already_published = the reply of { $unit } was published on { $on }
deputy_named_twice = named twice: { $deputies }
deputy_unknown = nobody knows who made it, so that { $deputy } cannot speak for it
    .remedy = an office first sets right who made it: correct, entry { $entry }, field deputy
not_a_co_unit = { $unit } is a lead; it replies
not_a_lead = only a lead unit does this, and that is { OR($leads, "nobody yet") }
not_accepted = { $unit } has not accepted it
    .remedy = accept first
not_its_deputy = { $deputy } did not make it; its deputies: { $deputies }
not_its_unit = { $unit } has no part in it; its units: { $units }
not_public = it is not to be published: { $is_confidential ->
        [yes] it is confidential
       *[no] { $visibility ->
            [none] nobody said that it is public
           *[other] it is { LABEL($visibility, "visibility") }
        }
    }
    .remedy = classify it as public first, where it may be

## Refusals: receiving

nothing_classified = it names nothing to classify
opinion_of_nobody = the day of a co unit's opinion needs exactly one co unit, not { $n }

## Refusals: assigning

already_accepted = { $unit } has accepted it already
already_has_a_part = already handling it: { $units }
no_lead = it would have no lead unit
    .remedy = name at least one
no_objection_waiting = there is no open objection to the assignment
no_return_waiting = there is no open request to return it
no_such_return_request = there is no return request: { $named }; there is: { $there }
nobody_named = it names no unit
objection_waiting = an objection to the assignment is waiting already
part_of_nobody = a part is given for { $units }, not named here
receipt_is_recorded = { $unit } received it on { $on }: entry { $entry } says so
    .remedy = correct entry { $entry }
return_waiting = a request to return it is waiting already
unit_named_twice = named twice: { $units }

## Refusals: handling and replying

already_replied = { $unit } has replied in round { $round } already
    .remedy = a new reply needs rehandling; a wrong word, a correction
already_suspended = it is suspended already
draft_waiting = a draft is waiting already
extension_waiting = a request for longer time is waiting already
longer_than_asked = { $until } is later than { $requested }, which was asked for
no_draft_waiting = there is no open draft
no_end = neither a day that it lasts until nor a span that it lasts for is named
    .remedy = name one of them
no_extension_waiting = there is no open request for longer time
no_such_draft = there is no draft: { $named }; there is: { $there }
no_such_extension_request = there is no extension request: { $named }; there is: { $there }
no_such_opinion = there is no opinion: { $named }; there is: { $there }
no_such_reply = there is no reply of { OR($unit, "an unknown unit") }; replied: { $replied }
not_suspended = it is not suspended
two_ends = it is until { $until } and for { $within } as well; name one of them

## Refusals: evaluating

already_rated = { $what ->
        [commitment] commitment { $commitment } is rated
        [verdict] { $deputy } has rated this reply
       *[reply] this reply has a rating already
    }
commitments_open = commitments are open: { $commitments }
    .remedy = fulfil them first
no_reminder = no response is recorded only after the deputy was reminded
    .remedy = give the days of the reminders
rated_for_another = { $by } rates in their own name, not for { $rater }
rater_needed = a rating entered by a { LABEL($role, "role") } must name the deputy whose it is
reason_when_dissatisfied = a rating of { LABEL($grade, "grade") } needs a reason

## Refusals: following up and supervising

already_answered = supervision { $supervision } was answered on { $on }
already_fulfilled = commitment { $commitment } was fulfilled on { $on }
no_answer_to_judge = there is no open answer to a supervision
no_commitment_open = there is no open commitment of { $unit }
no_such_answered_supervision = there is no answered supervision: { $named }; there is: { $there }
no_such_commitment = there is no commitment: { $named }; there is: { $there }
no_such_supervision = there is no supervision: { $named }; there is: { $there }
no_supervision_open = there is no open supervision of { $unit }
rejected_once = the answer to supervision { $supervision } was sent back already, or is itself a second answer
    .remedy = urge again, by a stronger channel
rung_is_the_clocks = a rung of a ladder is spoken by the clock

## Refusals: correcting, merging, another version of a rulebook

already_adopted = { $name } { $version } decides already
already_merged = merged with { $other } already
kept_apart = '{ $field }' says something of a person, and is kept apart
    .remedy = give it as private_value, and no value
merged_with_itself = it cannot be merged with itself
near_twin = { $name } is nearly { $twin }, which is in use; if they are one, write it alike
never_unknown = '{ $field }' of entry { $entry } is never unknown
    .remedy = give as value what it should say
no_such_entry = there is no entry: { $entry }; there is: 1 to { $last }
no_times = no instant is named
not_correctable = '{ $field }' of entry { $entry } cannot be corrected; there: { OR($correctable, "nothing") }
not_its_day = entry { $entry }: that instant is on { $day }, not on { $on }
not_kept_apart = '{ $field }' of entry { $entry } is not kept apart
    .remedy = give it as value, and no private_value
nothing_to_pass_on = { $unit } has nothing here that could be passed on; units: { OR($units, "none") }
succeeds_itself = { $unit } cannot go on in its own place; name its successor, or its new name
time_runs_back = entry { $entry } would be earlier than entry { $before }, which stands before it
unfit_value = '{ $field }': { $why }

## Refusals: under every rulebook, by its own words and numbers

channel_is_known = '{ $channel }' is no channel of supervision{ NEAREST($channel, $known) }
colour_is_known = '{ $colour }' is no colour of this rulebook; there is: { LABEL($known, "light") }
extension_in_time = the term ended on { $due_on }; longer time is asked for before
extension_mode = longer time is had by { $mode } here
extension_within_measure = { $within ->
        [none] { $until } does
       *[other] { $within } end on { $until }; that does
    } not lie after { $due_on } and up to { $latest }
extensions_are_left = it was extended { $done } time(s), { $limit } at most
long_track_is_known = { $rulebook } knows no longer track

# Either the rulebook knows extensions, and this unit has no term to lengthen; or it knows none at all.
no_extension = { $is_known ->
        [yes] { $unit } has no running term that can be lengthened
       *[no] { $rulebook } knows no extension of a running term{ $longer ->
            [none] { "" }
           *[other] ; a longer track ({ $longer }) is set at assignment
        }
    }
no_longer_in_force = { $rulebook } was in force until { $until }, and this is of { $on }
    .remedy = handle it under the rulebook that followed
not_yet_in_force = { $rulebook } is in force from { $since } only, and this is of { $on }
    .remedy = handle it under the rulebook of that time
outcome_is_known = '{ $outcome }' is no class of outcome of { $rulebook }{ NEAREST($outcome, $known) }
pause_is_known = no term of { $rulebook } can be paused
promise_needs_day = class { $outcome } ({ $called }) promises a day, and none is named
superseded = { $rulebook } stands on a text that was replaced: { $what }, of { $text_of }, in force from { OR($since, "a day that is not known") }; this is of { $on }
    .remedy = compare the rulebook with the new text, and handle it under one that stands on that
supervised_lately = { $unit } was urged on { $on } (supervision { $supervision }), and is left in peace until { $until }
    .remedy = give a reason in override_reason

## Refusals: guards that a rulebook names

co_opinions_are_in = no standing opinion of { $units }
    .remedy = have them give their opinions
deputy_is_dissatisfied = no deputy is dissatisfied with the reply of { $units }
deputy_was_heard = { $unit } has not yet heard the deputy in round { $round }
    .remedy = record a contact before or during handling
draft_was_approved = no draft of { $unit } was approved in round { $round }
    .remedy = draft the reply and have it approved
lead_deputy_rates = the lead deputy rates it, and that is { $lead_deputy }
lead_deputy_withdraws = the lead deputy withdraws it, and that is { $lead_deputy }

# $others: the rulebook's own words on where other matters belong.
matter_is_accepted = a { LABEL($matter, "matter") } is not handled here: { $others }
return_in_time = a return was to be asked for by { $last }, { $within } from { $from }

# $then: the rulebook's own words on what follows.
rounds_are_left = it was handled again { $done } time(s), { $limit } at most
    .remedy = { $then }
units_are_known = not in the register of units: { $units }{ NEAREST($units, $known) }
withdrawal_is_unanimous = not yet agreed: { $missing }

## The history: what an entry says

# A field of an entry and what it holds; the rung of a ladder; what a rung says, $about which day; a term.
entry-detail = { $name }: { $what }
rung-named = { $rung }{ $occurrence ->
        [1] { "" }
       *[other] { " " }({ $occurrence })
    }
rung-said = { $rung } ({ $about })
term-named = { LABEL($rule, "term") }{ $unit ->
        [none] { "" }
       *[other] { " " }of { $unit }
    } (round { $round }, { $ref })

# Why the core wrote it.
why-adopted = { $rulebook } adopted
why-anchor_known = the day it is counted from became known
why-before_take_over = its day lies before the take-over
why-coalesced = a later rung speaks for it
why-corrected = entry { $entry } was corrected
why-extended = extended
why-handled_again = the reply is asked for again
why-no_longer_so = it is no longer so
why-notice_corrected = the day of the notice was corrected
why-over = it is { LABEL($state, "state") }
why-passed_before = its day had passed before it applied
why-received = the unit received it later
why-relieved = the unit no longer handles it as it did
why-resumed = resumed
why-suppressed = the same unit was urged on { $on } (supervision { $supervision })
why-suspended = suspended
why-term_met = its term was met
why-time_corrected = the time of entry { $entry } was corrected
why-unknown_rule = { $rulebook } knows no such term

## The history: what its fields are called

field-about = about which day
field-address = address
field-agreed_by = agreed by
field-anchor_entry = counted from entry
field-anchor_on = counted from
field-answer = answer
field-answer_by = answer by
field-as_written = as written in the ledger
field-asked_on = asked on
field-assigned_on = assigned on
field-at = at
field-attachments = attachments
field-attitude = attitude
field-by_consent = by consent
field-category = category
field-channel = channel
field-co_signers = co-signers
field-co_units = co units
field-colour = colour
field-commitment = commitment
field-commitments = commitments
field-contacted_on = contacted on
field-corrected = corrected entry
field-days_late = days late
field-deputy = deputy
field-document_number = document number
field-due_on = due on
field-end = end
field-entry = entry
field-explanation = explanation
field-extension = extension
field-field = field
field-firing_key = rung
field-grade = grade
field-ground = ground
field-how = how
field-in_session = in session
field-instead_of = instead of
field-is_abstract = abstract
field-is_announced = announced
field-is_confidential = confidential
field-is_done = done
field-is_key = key suggestion
field-is_long_track = longer track
field-is_notice_late = notice later than the law
field-is_provisional = provisional
field-is_reconstructed = reconstructed
field-issuer = issued by
field-key = term
field-leader = leader
field-leads = lead units
field-locality = locality
field-mark = mark
field-matter = matter
field-meant_on = meant for
field-measure = measure
field-measures = measures
field-name = name
field-notice_on = notice set
field-number = number
field-on = on
field-opinion_on = opinion on
field-other = other suggestion
field-outcome = class of outcome
field-override_reason = urged again since
field-parts = parts
field-pause = pause
field-pauses = pauses
field-person = person
field-phone = telephone
field-private_value = private value
field-rater = rater
field-reason = reason
field-received_on = received on
field-reminded_on = reminded on
field-replied_on = replied on
field-result = result
field-round = round
field-section = section
field-session = session
field-session_closed_on = session closed on
field-signed_by = signed by
field-snapshot = class of outcome
field-span = span
field-stage = stage
field-start = start
field-successor = successor
field-supervision = supervision
field-text = text
field-times = right times
field-title = title
field-to = to
field-treated_as = treated as
field-unit = unit
field-unrolled_on = due before rest days
field-until = until
field-urged_on = urged on
field-url = address on the web
field-value = value
field-version = version
field-visibility = visibility
field-within = for

## Why it is due on that day: the steps of an explanation

# Always given: $on, the day the step led to.
step-anchor = counted from { $on }; { $first_day ->
        [next_working_day] day one is the next working day
        [rolled_forward] moved to a working day first
        [same_day] day one is that day
       *[next_day] day one is the day after
    }
step-calendar = by the calendar { $name } { $version }, known through { $known_through }
step-clipped = that month has no day { $day }; its last is { $on }
step-counted = { $span } from there end on { $on }
step-extended = extended { $mode ->
        [consent] by consent
       *[declaration] by declaration
    }{ $within ->
        [none] { "" }
       *[other] , by { $within },
    } until { $on }
step-fixed = this day was named
step-granted = { $mode ->
        [consent] { $asked_on ->
            [none] longer time was granted on { $on }
           *[other] longer time was asked for on { $asked_on } and granted on { $on }
        }
       *[declaration] longer time was declared on { $on }
    }
step-kept = not before { $on }, which { $within } came to when they were given
step-late_notice = a notice set { $notice }; it does not lengthen the law
step-longest = may be extended to { $on } at most, { $base ->
        [chained] { $span } more
       *[capped] { $span } from the first day
    }
step-missed = { $on } was missed, says entry { $entry }
step-not_longer = an extension until { $until } does not shorten it: { $on }
step-notice = a notice set { $notice }, before the law's own day
step-paused = { $is_announced ->
        [yes] the clock stands, as announced, from { $start } to { $end }
       *[no] the clock stood from { $start } to { $end }
    }: { $on }
step-rebutted = rebutted by entry { $entry }, because of entry { $cause } ({ LABEL($kind, "entry") })
step-result = { $on ->
        [none] not computable
       *[other] due on { $on }
    }{ $is_provisional ->
        [yes] , provisional: no notice covers it yet
       *[no] { "" }
    }
step-rolled = moved over rest days ({ $rest_days }) to { $on }
step-standing = the clock has stood since { $start }; nobody knows until when
step-unknown = nobody knows the day it runs from, so it has no due day

## What a rulebook leaves open

note-calendar = calendar: { $calendar } knows the notices through { $on }; days beyond are provisional
note-disagreement = disagreement on '{ $term }': { $words } [{ CITED($citation) }]
note-open = open: { $what }: { $words }
note-superseded = superseded by { $what }, of { $text_of }, in force from { OR($since, "a day that is not known") } [{ $source }]
note-text = text of { OR($text_of, "a day that is not known") }, in force from { OR($since, "a day that is not known") }{ $until ->
        [none] { "" }
       *[other] { " " }until { $until }
    }

## Why a figure of the report is not known

unknown-dayless = { $count } of { $whole } were taken over without the days that tell a late reply from a timely one
unknown-keyless = { $count } of { $whole } do not say whether they are key suggestions
unknown-nothing_rated = no reply was rated
unknown-nothing_to_reply_to = there is no suggestion to reply to
unknown-unanswered = { $count } of { $whole } were taken over and nothing says whether they were replied to
unknown-uncategorized = { $count } of { $whole } were taken over without a category
unknown-unclassified = { $count } of { $whole } were taken over without a reply or a class whose scheme is known
unknown-unheld = { $count } of { $whole } are under a rulebook that is not held here, which alone knows their terms
unknown-unitless = { $count } of { $whole } were taken over without the name of a handling unit
unknown-unrated = { $count } of { $whole } were taken over and nothing says how they were rated
unknown-unruled = { $count } of { $whole } are under a rulebook that is not held here, and may be over without a reply

## The report at the end of a year

report-answered_late = supervisions answered late
report-deadlines_missed = days missed
report-key = key suggestions
report-key_resolved = key suggestions solved
report-late_replies = late replies
report-no_category = (no category)
report-ordinary = ordinary suggestions
report-provisional = days that wait for a holiday notice
report-replies_in_time = replies in time
report-reply_rate = replied, percent
report-satisfied_or_basically_rate = satisfied or basically satisfied, percent
report-total = suggestions
report-units = handling units

# Instead of a figure that is not known.
report-unknown = — ({ $why })

## The board: what is open, and how it stands

board-awaits_notice = past, waits for the holiday notice
board-column_id = #
board-column_is = is
board-column_last_said = last said
board-column_leader = leader
board-column_light = light
board-column_state = state
board-column_title = title
board-column_unit = unit
board-column_waits_for = waits for
board-days_late = { $days } day(s) overdue
board-days_left = { $days } day(s) left
board-due = { $on }{ $is_provisional ->
        [yes] {" "}(provisional)
       *[no] { "" }
    }
board-paused = stands still, { $days } day(s) left
board-unjudged = cannot be judged
board-withheld = confidential, withheld

## What each unit owes

units-column_answers = answers
units-column_contacts = contacts
units-column_due_soon = due soon
units-column_in_time = in time
units-column_late = late
units-column_open = open
units-column_overdue = overdue
units-column_provisional = provisional
units-column_supervised = supervised
units-column_unit = unit

## Faults: what a record shows that nobody should have been able to do

# The whole line: $id is the suggestion, or what else is meant in brackets; $number the entry, 0 where none is meant.
fault = suggestion { $id }{ $number ->
        [0] { "" }
       *[other] , entry { $number }
    }: { $what }
fault-after_end = line { $line } stands after its end
fault-before_first_position = it stands before the first position of the feed; somebody inserted it
fault-behind_newest = it stands behind version { $version }, the newest that was recorded: somebody inserted it, or put an older snapshot back
fault-cut_off = a digest was published at position { $position }, and the record ends at { $size }: something was cut off, or it is of another store
fault-derived_otherwise = its stored { $names } { $n ->
        [1] is
       *[other] are
    } not what its history derives; `handleflow rebuild` sets that right
fault-digest_does_not_fit = its digest at position { $position } does not fit the entries before it
fault-digest_unreadable = its digest cannot be told: { $why }
fault-ends_early = the history ends here, yet entry { $version } was recorded
fault-entry_missing = position { $position } of the feed names an entry that is not there
fault-feed_ends_early = it ends at position { $size }, and { $numbered } were numbered
fault-hash_does_not_fit = it was changed, or one before it was: its hash does not fit
fault-in_feed_alone = it stands at position { $position } of the feed alone
fault-key_of_no_act = the idempotency key '{ $key }' stands for no act that was recorded so
fault-never_in_feed = it never came into the feed; somebody inserted it
fault-no_end = it has no end
fault-no_hash = it has no hash
fault-no_id = a row without an id; somebody inserted it
fault-no_position = it has no position in the feed
fault-not_compared = the waking instants and leaders of { $many } suggestion(s) were not compared: it is not kept here, or not whole without a host; hand it in (`verify(store, engine.rulebooks)`, or `handleflow verify --app`)
fault-not_foldable = it cannot be folded: { $why }
fault-not_going_on = the digest at position { $position } does not go on from that at { $since }
fault-not_proved = nothing proves that the digest stands for it
fault-not_signed = the digest at position { $position } is not signed
fault-other_count = it holds { $found } suggestions, and tells of { $stated }
fault-other_digest_at_end = the digest at its end is not that of its positions
fault-other_entry = it is not the entry that stands at position { $position } of the feed
fault-other_entry_expected = at position { $position } of the feed its entry { $expected } should stand
fault-other_hash_beside_snapshot = its hash is not the one recorded beside the snapshot
fault-other_positions = it holds { $found } positions of the feed, and tells of { $stated }
fault-other_text = it was recorded under another text of { $what } { $name } { $version } than is kept
fault-out_of_order = entry { $expected } should stand here; one was removed or inserted
fault-position_missing = position { $position } of the feed is missing before { $before }
fault-position_without_name = position { $position } of the feed has no name, and nothing is withheld
fault-private_field_altered = the private field '{ $field }' is not what was sealed
fault-private_field_twice = the private field '{ $field }' stands there twice
fault-published_otherwise = the first { $position } entries are not those whose digest was published: the record was changed, or it is of another store
fault-reckoned_otherwise = the reckoning of its terms is not what its entries and texts come to here
fault-removed = its history is there, and it itself was removed; `handleflow rebuild` sets that right
fault-rows_without_history = rows that are derived of a history stand here without one; somebody inserted them
fault-shows_nothing = it shows no entry
fault-signed_by_another = the digest at position { $position } is not signed with this key
fault-text_altered = its text is not the one it was kept with
fault-text_not_handed_in = its text is not that of the rulebook handed in
fault-text_of_another = its text is that of { $name }
fault-text_of_other_digest = the text of { $what } { $name } { $version } is not the one of its digest
fault-texts_not_those_named = the texts of { $what }s are not those that its entries name, each once and in order
fault-twice = it stands there twice
fault-unfit_evidence = { $why }
fault-unreadable = it cannot be read: { $why }
fault-waits_wrongly = it waits for a position in the feed and is not there, waits twice, or has one
fault-wrong_private_salt = the salt of the private field '{ $field }' is of { $found } bytes, not of { $wanted }
fault-wrong_salt = its salt is of { $found } bytes, not of { $wanted }

## The command line: what is found and done

cli-awaiting_notice = { $days } day(s) have passed and are no misses yet: they wait for the holiday notice; see `handleflow calendar`
cli-backed_up = { $suggestions } suggestion(s){ $withheld ->
        [0] { "" }
       *[other] , { $withheld } confidential left out (--private takes them)
    }; digest at { $position }: { $digest }
cli-board = Open suggestions on { $on }
cli-by = { $name } ({ LABEL($role, "role") })
cli-calendar_added = calendar { $calendar }, known through { $on }: { $is_new ->
        [yes] added
       *[no] kept already
    }
cli-calendar_adopted = { $before } is now { $rulebook }: { $adopted } suggestion(s) adopted it, of { $moved } a day moved or became certain
cli-calendar_ends = calendar { $calendar } { $is_past ->
        [yes] has known no day since { $on }, { $days } day(s) ago
       *[no] knows no day after { $on }, { $days } day(s) from now
    }: days beyond are provisional, and a miss of one waits; when the year's notice is out, add it with `handleflow calendar add`
cli-calendar_is_newest = every rulebook counts by the newest calendar that is kept
cli-calendar_would_adopt = { $before } would become { $rulebook }: { $adopted } suggestion(s) would adopt it, of { $moved } a day would move or become certain
cli-check_findings = { $rulebook }: { $findings } finding(s)
cli-check_sound = { $rulebook }: sound
cli-clock_skew = the clock of this host is { $seconds } second(s) { $is_behind ->
        [yes] behind
       *[no] ahead of
    } the store's time; set it right
cli-corrected_by = corrected by { $entry }
cli-demo = What the clock said (on reconstructed days)
cli-demo_day = day
cli-demo_id = #
cli-demo_kept = kept in { $store }: try `handleflow show { $id } --store { $store }`
cli-demo_missed = missed: { $term }, { $due_on }
cli-demo_urged = { $channel }: { $text }
cli-demo_what = what
cli-demo_whom = of whom
cli-evidence_holds = { $entries } entries of suggestion { $id } hold, up to the digest at position { $position } of { $at }: { $digest }
cli-faults = { $faults } fault(s)
cli-health_no_day = no day: { $id } { $term }
cli-health_oldest = oldest unsaid: { $on } { $id } { $what }{ $is_behind ->
        [yes] : the clock is behind
       *[no] { "" }
    }
cli-health_spoke = last spoke: { OR($at, "never") }
cli-health_swept = last swept: { OR($at, "never") }
cli-health_waiting = waiting: { $waiting }
cli-history = History
cli-import = recorded { $recorded }, refused { $refused }, already there { $already_there }
cli-import_refused = line { $line }: { $title }: { $why }
cli-left_as_it_is = { $id } is left as it is: { $why }
cli-nobody = (no { LABEL($by, "role") })
cli-rebuilt = { $changed } suggestion(s) were not what their histories say
cli-reconstructed = reconstructed
cli-report = Report
cli-restored = { $taken_in } suggestion(s) taken in, { $there_already } were there already
cli-right_time = time set right: { $at }
cli-rulebooks_in_force_from = in force from
cli-rulebooks_known_through = holidays known through
cli-rulebooks_name = name
cli-rulebooks_open_points = open points
cli-rulebooks_text_of = text of → replaced by
cli-rulebooks_title = title
cli-rulebooks_verified_on = compared on
cli-rulebooks_version = version
cli-shipped = Shipped rulebooks
cli-shipped_changed = Known to have changed, or not read
cli-shipped_inherits = A rulebook that extends another one has its open points too, but for those that it settles. The texts were read in public copies; quote the official database to others.
cli-shipped_intro = On which text each rulebook stands, what is known to have changed since, and what it leaves open. This page is what `handleflow rulebooks --markdown` prints.
cli-shipped_no_text = the day of its text is not known
cli-shipped_nothing = nothing is known
cli-shipped_open = Left open
cli-show_category = category
cli-show_co_signers = co-signers
cli-show_commitment = commitment { $number }
cli-show_deputy = deputy
cli-show_is_key = key suggestion
cli-show_locality = locality
cli-show_matter = matter
cli-show_merged_with = merged with
cli-show_no_response = no response
cli-show_number = number
cli-show_promise = { $text } ({ OR($due_on, "no day") })
cli-show_rating = rating by { $rater }
cli-show_received_on = received on
cli-show_reply = reply of { $unit }
cli-show_rulebook = rulebook
cli-show_session = session
cli-show_state = state
cli-show_taken_over_on = taken over on
cli-show_units = units
cli-show_version = version
cli-sweep = The clock says
cli-sweep_broken_off = the sweep was broken off: { $why }
cli-sweep_day = day
cli-sweep_kind = kind
cli-sweep_nothing = the clock has nothing to say
cli-sweep_suggestion = suggestion
cli-sweep_what = what
cli-terms = Terms
cli-terms_due = due
cli-terms_from = from
cli-terms_is = is
cli-terms_term = term
cli-units = What units owe on { $on }
cli-unjudged = { $id }: { board-unjudged }: { $why }
cli-verified = { $faults ->
        [0] nothing was changed, removed, inserted or cut off
       *[other] { $faults } fault(s)
    }; digest at { $position }: { $digest }
upgrade-done = schema { $old } to { $new }: histories chained anew, with salts
upgrade-grant_anew = the tables are new: grant anew what was granted to { $granted }
upgrade-not_needed = it is of this version already

## The command line: what it is doing, beside a bar

cli-doing_calendar = calendar
cli-doing_play = playing the year
cli-doing_rebuild = folding
cli-doing_sweep = sweeping
cli-doing_take_in = taking in
cli-doing_take_over = taking over
cli-doing_upgrade = chaining anew
cli-doing_write = writing

## The command line: what cannot be done

cli-another_record = { $path } is not the record whose digests were published: { $why }
cli-evidence_up_to = evidence goes up to a signed digest: either name the file of those that were published with --published, or sign the one of now with --sign KEY, and publish it
cli-key_without_published = a key is for the signatures of published digests: name their file with --published
cli-name_store = name a store with --store PATH|URL
cli-name_store_and_rulebook = name a store with --store and a rulebook with --rulebook, or a host's own engine with --app
cli-name_store_or_app = name a store with --store PATH|URL, or a host's own engine with --app
cli-no_file = there is no file { $path }
cli-no_ledger = there is no ledger { $path }
cli-no_rule = rulebook { $rulebook } has no term '{ $term }' that is counted{ NEAREST($term, $known) }
cli-no_store = there is no store at { $where }; `handleflow import` or `handleflow demo --store` makes one
cli-no_store_to_upgrade = there is no store at { $where }
cli-no_term = suggestion { $id } has no term '{ $term }'{ NEAREST($term, $known) }
cli-none_signed = no digest of { $path } is signed; `handleflow digest --sign KEY` signs one
cli-not_read = { $path } cannot be read: { $why }
cli-not_written = { $path } cannot be written: { $why }
cli-span_or_term = say a span, or --term with the term of a rulebook, and not both
cli-there_already = { $path } is there already; name a new file

## What an engine warns of

engine-not_held = rulebook { $rulebook } is not held here, and { $suggestions } suggestion(s) hang on it: no act, clock, board or report can judge them; hand it to the engine too

## Errors that people meet

app-ends = { $app } names no engine: importing { $module } ends the program with { $with }
app-misspelt = { $app } names no engine: write it as package.module:engine
app-no_engine = { $app } names no engine: { $name } is of the type { $kind }
app-no_module = { $app } names no engine: there is no module { $module } in this folder or on the path; write it as package.module:engine
app-no_name = { $app } names no engine: module { $module } has no { $name }{ NEAREST($name, $known) }
app-no_rulebook = { $app } holds no rulebook '{ $rulebook }'{ NEAREST($rulebook, $known) }
app-not_imported = { $app } names no engine: importing { $module } fails{ $at ->
        [none] {""}
       *[other] {" "}at { $at }
    }: { $why }
error-a_file_by_load = no { $kind ->
        [calendars] calendar
       *[other] rulebook
    } called '{ $name }' ships; a file is read by load()
error-altered_calendar = calendar { $calendar } is kept here with other content; give the changed one a new version
error-class_for_act = { $act } is a class of acts, and no act; write { $act }(...) with its fields
error-days_as_tuple = give days as a tuple, ({ $given },), not { $given }
error-empty_name = a name must say something, not { $given }
error-empty_words = { $kind } needs words for '{ $field }', not { $given }
error-end_of_time = { $given } lies at the end of time, where not every zone has a day for it
error-from_the_future = told at { $at }, and it is { $now }: what has not come is not recorded; an instant may lie { $seconds } seconds ahead at most
error-is_there = suggestion { $id } is there already; nothing of it was written
error-key_of_other_fields = suggestion { $id }: key '{ $key }' stands for the same act with another { $fields }; ask for this one under a key of its own
error-key_reused = suggestion { $id }: key '{ $key }' stands for another act or actor
error-long_name = a name is of { $n } characters, and { $limit } are kept: { $given }
error-long_word = the { $what } of { $act } is longer than { $limit } characters: '{ $word }'
error-lost_race = suggestion { $id }: decided on version { $expected }, but it is at { $found }; load it again and decide again
error-names_as_tuple = give names as a tuple, ({ $given },), not { $given }
error-no_day = { $given } is not a day; give a date, or text such as '2026-02-10'
error-no_event_classes = { $given } is no class of events; hand in a host's own acts as classes: own=[Visit]
error-no_group = together={ $given }: give how many go into one transaction, 1 to { $most }
error-no_instant = { $given } is no instant; give a datetime with a time zone
error-no_instant_text = { $given } is no instant; give 2026-02-10T09:00+08:00
error-no_pairs = a row is kept as (column, text) pairs, not { $given }
error-no_rulebooks = { $given } is no list of rulebooks; give those that load(...) or load_preset(...) made: [load_preset("cn.national")]
error-no_span = '{ $written }' is not a span; write a whole number and a unit: 3 months, 10 workdays, 5 days
error-no_store = { $given } is no store; give one that MemoryStore() or SqlStore(...) opened, or your own
error-no_such_day = '{ $written }' is no day of the calendar
error-no_such_file = there is no file { $file }
error-no_such_reach = no calendar reaches { $n } { $unit ->
        [day] { $n ->
            [1] day
            [-1] day
           *[other] days
        }
       *[other] { $n ->
            [1] month
            [-1] month
           *[other] months
        }
    } from { $start }
error-no_suggestion = there is no suggestion '{ $id }' in this store
error-no_tables = { $where } has no tables of a store; run your migrations, or create_schema()
error-no_tolerance = tolerance={ $given }: give a timedelta, from nothing to a day
error-no_word = { $act } has no { $what }; give it one of its own, in lower case, that no other act has
error-no_zone = { $given } has no time zone; an instant needs one
error-none_when_unknown = { $kind }: '{ $field }' is None when unknown, not { $given }
error-not_begun = there is no suggestion '{ $id }'; one begins by { LABEL($acts, "act") }
error-not_held = no rulebook { $rulebook } is held here{ NEAREST($rulebook, $known) }
error-not_opened = { $where } cannot be opened as a store: { $why }
error-not_shipped = no { $kind ->
        [calendars] calendar
       *[other] rulebook
    } called '{ $name }' ships{ NEAREST($name, $known) }
error-other_day = it is { $on } by the clock, and { $confirmed } was confirmed; set the clock right first
error-other_schema = { $where } is a store of schema version { $found }; this library reads version { $reads }{ $is_older ->
        [yes] ; `handleflow upgrade --store` brings it up
       *[other] ; a newer handleflow wrote it
    }
error-other_tables = { $where } holds other tables ({ $others }) and no store
error-other_version = suggestion { $id }: expected version { $expected }, but it is at { $found }
error-out_of_order = suggestion { $id }: told at { $at }, before its last entry at { $last }
error-outside_calendar = calendar '{ $calendar }' does not reach { $on }: it is known from { $first } through { $last } and counts { $years } years beyond
error-outside_calendar_by = calendar '{ $calendar }' does not reach { $n } working days from { $on }: it is known from { $first } through { $last } and counts { $years } years beyond
error-overtaken = suggestion { $id }: somebody wrote meanwhile, at an instant after the one it was told at; look at it again
error-taken_word = { $act } cannot have the { $what } '{ $word }', which is that of { $other }; give it one of its own
error-too_long = { $kind }: '{ $field }' is of { $n } characters, and { $limit } are kept
error-unconfirmed_day = the last sweep was at { $last }, and by this host's clock it is { $now }, over { $days } days later; confirm the day: handleflow sweep --confirm { $on }, or set back the last sweep: --set-back DAY
error-unknown_choice = { $kind }: '{ $field }' cannot be { $given }{ NEAREST($wrong, $known) }
error-unreadable_fields = { $act }: not read back as what they were: { $fields }. Fields may be of str, int, float, bool, Day, DateTime, Span, Literal, Enum, attrs classes, tuple[X, ...], X | None (every PRIVATE one), and int | str, where no two look alike in JSON
error-unreadable_file = { $file } cannot be read: { $why }
error-unusable_name = { $name } cannot be a name or an id: these characters in it cannot be seen: { $hidden }; write it without them
error-wrong_argument = { $what } does not take what it is given: { $arguments }
error-wrong_type = { $what } is given what its fields are not of: { $fields }

## What codes are called: states

label-assigned = assigned
label-closed = closed
label-declined = declined
label-evaluated = evaluated
label-handling = handling
label-not_yet_received = not yet received
label-received = received
label-replied = replied
label-withdrawn = withdrawn

## What codes are called: acts

label-accept = accept
label-adopt = adopt a rulebook version
label-answer_assignment_objection = answer the objection
label-answer_supervision = answer supervision
label-approve_draft = approve draft
label-assign = assign
label-classify = classify
label-close = close
label-correct = correct
label-correct_time = correct recorded times
label-declare_extension = declare extension
label-decline = decline
label-distribute = distribute
label-draft_reply = draft reply
label-evaluate = evaluate
label-fulfil_commitment = fulfil a commitment
label-give_opinion = give opinion
label-grant_extension = grant extension
label-grant_return = grant return
label-mark_progress = mark progress
label-merge_with = merge
label-object_to_assignment = object to the assignment
label-plan = plan
label-publish = publish
label-rate_commitment = rate a commitment
label-reassign = reassign
label-receive = receive
label-record_contact = record contact
label-record_no_response = record no response
label-record_receipt = record a unit's receipt
label-refuse_extension = refuse extension
label-refuse_return = refuse return
label-regrade = regrade
label-rehandle = rehandle
label-reject_answer = reject an answer
label-reject_opinion = reject opinion
label-reply = reply
label-report_commitment = report on a commitment
label-report_measure = report a measure
label-request_extension = request extension
label-request_return = request return
label-resume = resume
label-return_draft = return draft
label-succeed = pass on to a successor
label-supervise = supervise
label-suspend = suspend
label-take_over = take over
label-withdraw = withdraw

## What codes are called: entries of a history

label-accepted = accepted
label-adopted = rulebook version adopted
label-answer_rejected = answer rejected
label-assignment_objected = assignment objected to
label-assignment_objection_answered = objection answered
label-classified = classified
label-commitment_fulfilled = commitment fulfilled
label-commitment_opened = commitment opened
label-commitment_rated = commitment rated
label-commitment_reported = commitment reported on
label-contact_recorded = contact recorded
label-corrected = corrected
label-deadline_missed = deadline missed
label-distributed = distributed
label-draft_approved = draft approved
label-draft_returned = draft returned
label-extension_declared = extension declared
label-extension_granted = extension granted
label-extension_refused = extension refused
label-extension_requested = extension requested
label-measure_reported = measure reported
label-merged = merged
label-miss_rebutted = miss rebutted
label-no_response_recorded = no response recorded
label-opinion_given = opinion given
label-opinion_rejected = opinion rejected
label-planned = planned
label-progress_marked = progress marked
label-published = published
label-reassigned = reassigned
label-regraded = regraded
label-rehandling_demanded = rehandling demanded
label-reply_classified = reply classified
label-reply_drafted = reply drafted
label-resumed = resumed
label-return_granted = return granted
label-return_refused = return refused
label-return_requested = return requested
label-rung_lapsed = rung lapsed
label-rung_suppressed = rung suppressed
label-succeeded = passed on to a successor
label-supervised = supervised
label-supervision_answered = supervision answered
label-suspended = suspended
label-suspension_ended = suspension ended
label-taken_over = taken over
label-term_dropped = term dropped
label-term_met = term met
label-term_moved = term moved
label-term_outcome_unknown = term passed before the take-over
label-term_paused = term paused
label-term_set = term set
label-term_undated = term without a day
label-time_corrected = recorded times corrected
label-unit_received = received by the unit

## What codes are called: roles

label-clock = clock
label-congress_office = congress office
label-deputy = deputy
label-government_office = government office
label-leader = leader
label-unit = handling unit

## What codes are called: parts in an assignment

label-co = co
label-lead = lead

## What codes are called: grades

label-basically_satisfied = basically satisfied
label-dissatisfied = dissatisfied
label-satisfied = satisfied

## What codes are called: matters

label-letter = letter
label-motion = motion
label-proposal = proposal
label-returned_for_revision = returned for revision
label-suggestion = suggestion
label-unclear = unclear matter

## What codes are called: ways to supervise

label-bulletin = by bulletin
label-interview = by interview
label-on_site = on site
label-phone = by telephone
label-written = in writing

## What codes are called: terms with a day of their own

label-commitment = commitment
label-supervision_answer = answer to a supervision

## What codes are called: lights

label-blue = blue
label-green = green
label-red = red
label-yellow = yellow

## What codes are called: terms a rulebook may have

label-assignment = assignment
label-commitment_rating = rating of a commitment
label-first_contact = first contact
label-opinion = opinion
label-opinion_again = opinion given again
label-rating = rating
label-reassignment = reassignment
label-rehandled_reply = reply after rehandling
label-urging = urging to handle it again

## What codes are called: where a term stands

label-dropped = dropped
label-due_today = due today
label-met = met
label-not_computable = not computable
label-not_due = not due
label-overdue = overdue
label-paused = standing still
label-running = running
label-unknown = passed before the take-over

## What codes are called: ways to reach somebody

contact-ledger = from a ledger
contact-letter = by letter
contact-meeting = at a meeting
contact-phone = by telephone
contact-platform = on the platform
contact-visit = by a visit

## What codes are called: when a deputy was heard

stage-after = after the reply
stage-before = before handling
stage-during = during handling

## What codes are called: who may read it

visibility-not_public = not public
visibility-public = public
visibility-title_only = title only

## What codes are called: how a unit came to be succeeded

how-abolished = abolished
how-merged = merged
how-renamed = renamed
how-split = split

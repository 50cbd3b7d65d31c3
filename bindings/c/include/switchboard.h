/* Switchboard in C: an embeddable workflow engine for utility customer service.
 *
 * One convention serves every call:
 *
 *   - It returns a status: SB_OK, or what sort of refusal it is. An error means that nothing changed; SB_OK means that the change is on disk.
 *   - Its last parameter, `answer`, receives one JSON text: the result when the status is SB_OK, otherwise the error
 *         {"kind": "rejected", "id": "SB0503", "message": "...", "place": "...", "hint": "...", "text": "all of it on one line",
 *          "findings": [{"rule", "severity": "error|warning|advice", "file", "line", "column", "element", "message", "hint",
 *                        "subject": {"kind", "name", "missing"}, "related": [], "text": all of it on one line}]}
 *     `id` is stable and listed in docs/rules.md; `place` and `hint` may be empty. A file can have several mistakes: the error is the first of them,
 *     `findings` has all of them as values; of any other error it is empty. `subject` is what a finding is about; it is missing when there is nothing
 *     of that kind and name. The text belongs to the caller: give it to sb_free. `answer` may be NULL when nobody wants to know. It is NULL
 * afterwards only when there was no memory for it.
 *   - Texts that go in are UTF-8, end with a zero byte, and are copied when they have to outlive the call. Where a parameter is said to be optional,
 *     NULL means that it is left out.
 *   - Instants in JSON are ISO 8601, in UTC or in the `zone` that the engine was opened with; they go in with `Z` or an offset (without one they are
 *     taken as UTC). Spans of time are seconds. Numbers keep all their digits.
 *
 * Threads: every function may be called from any thread at any time, on the same engine too. Callbacks run on the thread that called the function,
 * but a listener runs on the thread of any caller. No function throws and none leaves by longjmp; callbacks must not either. Handles: a handle that
 * is NULL or closed is refused with SB_USAGE, never followed.
 */
#ifndef SWITCHBOARD_H
#define SWITCHBOARD_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SB_API __attribute__((visibility("default")))
#else
#define SB_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status -------------------------------------------------------------------------------------------------------------------------------- */

/* Numbers are part of the binary interface and never change. */
typedef enum sb_status {
  SB_OK = 0,
  SB_USAGE = 1,     /* the call itself is wrong: a closed handle, a missing argument, an unknown option */
  SB_INVALID = 2,   /* the input does not follow its rules: bad JSON, a process with mistakes, data of another type */
  SB_NOT_FOUND = 3, /* the named thing does not exist */
  SB_CONFLICT = 4,  /* it exists already, or somebody else changed it */
  SB_REJECTED = 5,  /* the command does not fit the present state of the case */
  SB_LIMIT = 6,     /* a stated bound of size, depth or time was reached */
  SB_STORAGE = 7,   /* the store failed: disk full, damaged file, file of a newer version */
  SB_DEFECT = 8     /* a mistake of Switchboard itself; please report it */
} sb_status;

/* "ok", "usage", "invalid", "not_found", ... Static text, not to be freed. "unknown" for a number that is no status. */
SB_API const char* sb_status_name(sb_status status);

/* "0.1.0". Static text, not to be freed. */
SB_API const char* sb_version(void);
/* Version of the SQLite that is linked, "3.40.1". Static: not to be freed. */
SB_API const char* sb_sqlite_version(void);

/* Frees a text that a function of this library wrote to `answer`. NULL is allowed. */
SB_API void sb_free(char* text);

/* ---- The fields of the answers ------------------------------------------------------------------------------------------------------------------
 *
 * Written from engine/include/switchboard/records.hpp. In the order in which they stand in JSON: name, type, meaning.
 *
 * CaseInfo: One case: an instance of a process.
 *   instance      text: id of the instance: i-17
 *   case          text: case number
 *   process       text: id of the process
 *   definition    text: hash of the definition that it runs on
 *   customer      text: customer number; empty when the process names none
 *   state         active, suspended, completed or cancelled: where it is in its life
 *   at            list of texts: paths of the nodes with a token
 *   started       instant: when it began
 *   last          instant: when something happened last
 *   ended         instant or null: when it was completed or cancelled
 *   parent        text or null: instance that called it
 *   kept_until    instant or null: answer to a message for which nobody waits yet: it is kept until then, and all the rest is empty unless a case
 *                 listened; null: of everything else
 *   receivers     whole number: answer to a message that is for all who wait for it: how many cases and branches had it, of which this case is one;
 *                 0: of everything else
 *   organisation  text or null: unit of the company that it belongs to; null: to the whole
 *   reopens       text or null: instance of the case, ended before, that this one takes up again
 *
 * WorkInfo: One piece of work, for people or for programs.
 *   work                  text: id of the work: i-17.5
 *   instance              text: instance that it belongs to
 *   case                  text: case number
 *   process               text: id of the process
 *   node                  text: path of the node in its process
 *   name                  text: name of the node in the language of the engine
 *   kind                  user, service or send: for people (user), or a job for programs
 *   state                 offered, claimed, waiting_retry, failed, completed, withdrawn or suspended: where it is in its life; suspended while its
 *                         case is
 *   topic                 text: what a job is about; empty for work of people
 *   assignee              text or null: who has claimed it
 *   groups                list of texts: groups that may claim it
 *   form                  list of texts: case data to be filled in
 *   inputs                object or null: what the task hands in; null when it hands in nothing
 *   priority              whole number: more is more urgent
 *   retries               whole number: how often it may still fail
 *   due                   instant or null: when it should be done
 *   offered               instant: when it came up
 *   token                 whole number: number of the claim under which it is, or was last, held: what its holder shows; 0: never claimed
 *   lease_until           instant or null: from then on anybody may have the job; null: it is not held, or without an end
 *   damaged               text or null: what is wrong with its row in the database (SB0603): the fields besides ids, case and node are null then;
 *                         null: nothing
 *   place                 text: the node with the numbers of the repeated activities that it stands in: house[2]/room[1]; without any as node
 *   number                whole number: number of the instance of the innermost of these, from 1; 0: nothing around it is repeated
 *   organisation          text or null: unit of the company that it is offered to: its own, else that of the case; null: the whole
 *   documentation         text or null: what the process says about the task, in the language of the engine; null: nothing
 *   customer              text: customer number of its case, in a list by promise; empty: the process names none
 *   about                 text or null: in a list by promise: the first data of its case that its process declares search: true, as they are; null:
 *                         there are none
 *   promise               text or null: in a list by promise: name of the clock of its case that breaks next, or is broken and open; null: there is
 *                         none
 *   promise_due           instant or null: when that clock breaks; of one on hold: when it would if it went on now
 *   promise_left_seconds  seconds or null: real time until then; negative when it is broken
 *   promise_on_hold       true or false: that clock stands still and is not broken
 *   cursor                text or null: in a list by promise: as cursor of the question, the list goes on behind this work; null otherwise
 *
 * CountInfo: How many cases a question finds, of one state, process or node.
 *   key    text: the state, the process, or the path of the node; empty: all are counted as one, or the case stands nowhere (it is over)
 *   cases  whole number: how many
 *
 * FieldInfo: One entry of the form of a work, as things stand: what a user interface needs to draw it.
 *   name         text: name of the data, and of the field in the result
 *   label        text: what people call it, in the language of the engine
 *   type         text: type as the process language writes it: string, date-time, document, list<number>
 *   required     true or false: whether a result without it is refused (SB0534), as the data are now
 *   required_if  text or null: FEEL over data and the answers of this form that decides required; null: it does not change
 *   choices      any value: list of the values to choose from; null: any
 *   min          any value: least value, or least length of a text or list; null: none
 *   max          any value: greatest value, or greatest length; null: none
 *   value        any value: what the data are now
 *   hint         text or null: help for who fills it in
 *
 * Job: Work for a worker. All fields of WorkInfo, and:
 *   attempt  whole number: 1 for the first try
 *
 * ClockInfo: One round of a promise clock.
 *   case                     text: case number
 *   clock                    text: id of the clock in its process
 *   name                     text: name of the clock in the language of the engine
 *   process                  text: id of the process
 *   instance                 text: instance that it belongs to
 *   customer                 text: customer number; empty when the process names none
 *   state                    running, paused, met or cancelled: a clock that was stopped late is met and breached
 *   round                    whole number: 1 for the first; a clock that starts again begins another
 *   breached                 true or false: its due instant has passed
 *   mean                     true or false: it promises an average, so no single case breaks it
 *   internal                 true or false: a target of the company, not promised to the customer
 *   provisional              true or false: it is due beyond the published years of its calendar
 *   budget                   text: how much time is promised, as written: 5 bd
 *   started                  instant: when the round began
 *   due                      instant: when it breaks, pauses up to now counted in; of one on hold: when it would if it went on now
 *   original_due             instant: when it would have broken without pauses
 *   ended                    instant or null: when it was met or cancelled
 *   elapsed_business         number: time consumed, in elapsed_unit
 *   elapsed_unit             bd, bh or h: working days or open hours of a promise in these alone; of all others hours of real time without pauses
 *   elapsed_working_days     number (working days): working days consumed; of a promise not in working days alone those since the start, pauses
 *                            included
 *   elapsed_working_seconds  seconds: open time consumed; of a promise not in working hours alone that since the start, pauses included
 *   elapsed_wall_seconds     seconds: real time since the start, with pauses
 *   paused_seconds           seconds: real time spent in pauses
 *   left_seconds             seconds: real time until it is due; negative when it is overdue
 *   business_left            text or null: what is left of the promise in its own unit: 2.5 bd, -1.0 bh; null where that says no more than left: real
 *                            time, or a mixture of units
 *   percent                  number (%): share of the promise consumed
 *   stage                    text or null: path of the node whose end or entry stops the clock
 *   lane                     text or null: lane of that node
 *   holders                  list of texts: people or groups who have the work now
 *   source                   text: rule that the promise comes from: of the table's row that gave it, else of the clock
 *   unverified               text or null: what of the source nobody has checked
 *   table                    text or null: decision table that the promise was taken from when the round began
 *   row                      whole number: its row, from 1 in the order of the file; 0 when no row gave the promise
 *   edition                  text or null: edition of the source
 *   damaged                  text or null: what is wrong with its row in the database (SB0603): the fields besides ids and case are null then; null:
 *                            nothing
 *   changes                  any value: what operators did to this round, in order: a list of at, change (extend, void, pause, resume), amount of an
 *                            extension, by, reason, due_before and due_after; null when they did nothing
 *   on_hold                  true or false: it stands still and is not broken: it is not due before it goes on, and due moves with the pause
 *   organisation             text or null: unit of the company that its case belongs to; null: to the whole
 *
 * OutboxInfo: One record of the outbox: something that a customer or the company is to be told.
 *   id           whole number: number of the record in the database
 *   key          text: the same record always comes with the same key: whoever delivers it twice can tell
 *   kind         feedback, escalation, message or incident: what made it
 *   name         text: name of the feedback, escalation or message
 *   state        waiting, delivered, failed or dropped: waiting until it is told; failed: tried in vain so often that an operator must decide (an
 *                incident); dropped: he gave it up
 *   instance     text: instance that it comes from
 *   case         text: case number
 *   process      text: id of the process
 *   customer     text: customer number; empty when the process names none
 *   body         any value: what is to be told
 *   created      instant: when it came up
 *   delivered    instant or null: when it was told
 *   attempts     whole number: how often it was tried, since it came up or an operator had it tried again
 *   error        text or null: why the last attempt did not work; who dropped it, and why
 *   next_try     instant or null: from then on it may be tried, when those of its kind for this customer before it are through; null: it is over
 *   lease_until  instant or null: an adapter is telling it, and has it until then at most; null: nobody
 *   given_up     instant or null: when it failed for good, or was dropped
 *   damaged      text or null: what is wrong with its row in the database (SB0603): it cannot be told; null: nothing
 *   behind       whole number: of one that waits: the record of its kind for this customer that goes out before it; 0: none
 *   receipts     any value: what the adapter heard since, in the order in which it came: a list of kind (delivered, failed, read, signed), at, note,
 *                by; null: nothing
 *
 * MessageInfo: One message that came before anybody waited for it, and is kept.
 *   message     text: id of the message: m-5; its incident has the same
 *   name        text: name of the message
 *   key         text: with which it finds who waits
 *   to_case     true or false: it was sent to the case of a number, and the key is that number
 *   state       waiting, incident or dropped: waiting until somebody waits for it; incident: its time was over, or who waited refused it, and an
 *               operator must decide; dropped: he gave it up
 *   instance    text or null: instance that threw it; null: it came from outside
 *   arrived     instant: when it came
 *   until       instant: how long it is kept
 *   ends        incident or discard: what becomes of it then: an incident, or nothing that anybody is told of
 *   payload     any value: what it carries
 *   request_id  text or null: request id of whoever sent it
 *   rule        text or null: of an incident: id of the rule, explained in docs/rules.md
 *   error       text or null: of an incident: why; who dropped it, and why
 *   decided     instant or null: when it became an incident, or was dropped
 *   damaged     text or null: what is wrong with its row in the database (SB0603): nobody gets it; null: nothing
 *
 * RowInfo: One version of a row of a register.
 *   register_id  text: id of the register
 *   key          text: key of the row
 *   version      whole number: 1 for the first version of this row; 0: another system has it
 *   fields       object or null: every field with its value, null when nothing is known; a counter as it stood at at, or stands now
 *   at           instant: when it became so; of another system: now
 *   instance     text or null: instance of the case that made it so; null: it came from outside
 *   by           text or null: who gave it, from outside
 *   damaged      text or null: what is wrong with its row in the database (SB0603): its fields are not known; null: nothing
 *
 * HistoryInfo: One entry of a case's history.
 *   sequence  whole number: its number in the case, from 1
 *   at        instant: when it happened
 *   event     text: what happened: element-entered
 *   details   object or null: ids and values of what happened
 *   text      text or null: the same as a sentence in the language of the engine, with the names that the process declares, in an answer of history;
 *             what was before is known when it begins with the first entry; null: nothing that a reader needs
 *
 * IncidentInfo: One incident: what failed while a case ran, and waits for an operator.
 *   incident      text: id of the incident: i-17.9; o-5 is about record 5 of the outbox, which could not be told; m-5 about message 5, which nobody
 *                 took
 *   instance      text: instance that it belongs to
 *   case          text: case number
 *   process       text: id of the process
 *   node          text: path of the node where the token rests; empty when it is about a record of the outbox
 *   rule          text: id of the rule that was broken, explained in docs/rules.md
 *   message       text: what went wrong
 *   raised        instant: when it was raised
 *   damaged       text or null: what is wrong with the case in the database (SB0603): its incidents are not known, and the fields besides ids and
 *                 case are null; null: nothing
 *   place         text: the node with the numbers of the repeated activities that it stands in: house[2]/room[1]; without any as node
 *   number        whole number: number of the instance of the innermost of these, from 1; 0: nothing around it is repeated
 *   organisation  text or null: unit of the company that its case belongs to; null: to the whole
 *
 * DeploymentInfo: One deployed version of a process.
 *   process     text: id of the process
 *   number      whole number: 1 for the first deployment of this process
 *   version     text: the designer's tag; may be empty
 *   definition  text: hash of its content: the same content is the same definition
 *   deployed    instant: when it was deployed
 *   base        text or null: of an overlay, as deployments answers: the process that lies at the bottom of it, as which its cases count; null: it is
 *               none
 *
 * ResourceInfo: A calendar, a decision table, a register or the tree of organisations of the database.
 *   kind      text: calendar, decision, register or organisations
 *   id        text: its id
 *   file      text: the file that it was stored from
 *   stored    instant: when this text of it was stored
 *   by_hand   true or false: somebody gave this very text: a folder of processes does not take its place
 *   used_by   list of texts: processes whose latest deployment uses this text
 *   older_in  list of texts: processes whose latest deployment still has an older text of the table or register, until they are deployed again
 *
 * OrganisationInfo: One unit of the company.
 *   organisation  text: its id
 *   parent        text or null: the unit above it; null: it is the root
 *   name          text: what people call it, in the language of the engine
 *   level         text or null: what such a unit is: county; null: the tree does not say
 *   calendar      text or null: the calendar that it works by: its own, else that of the nearest unit above; null: none is named
 *   path          list of texts: units from the root down to this one
 *
 * TickReport: What one tick did.
 *   timers                  whole number: timers fired
 *   marks                   whole number: marks of clocks that fired
 *   retries                 whole number: failed jobs that are offered again
 *   stale                   whole number: things that were over before they were due
 *   damaged                 whole number: things that could not be carried out because a row is damaged; each is an incident in the outbox
 *   put_off                 whole number: cases and timer start events that have more due than one tick fires for one of them; the next tick goes on
 *   rederived               whole number: cases that a calendar moved which became another; the next tick goes on with those that are left
 *   kept                    whole number: messages that were kept until their time was over
 *   worst_lateness_seconds  seconds: how long the latest of them had been due
 *   next_due                instant or null: when the next thing is due
 *   listener_threw          whole number: exceptions of listeners since the last tick
 *
 * PruneReport: What `prune` took away.
 *   requests  whole number: answers kept for repeated requests
 *   outbox    whole number: records of the outbox that were delivered or dropped
 *
 * ImportReport: What an import of rows of a register did.
 *   written    whole number: rows that are new or became others
 *   unchanged  whole number: rows that were so already: no new version of them
 *   refused    whole number: rows that do not fit the register; the others are written all the same
 *   errors     list of texts: why, each with the number of its row, from 1: row 17: ...; the first 1,000
 *
 * Find: Filters of a query. What is left out, empty or false does not filter.
 *   case            text: case number
 *   process         text: id of the process; cases of overlays over it count as its own
 *   customer        text: customer number
 *   group           text: work that this group may claim
 *   assignee        text: work that this person has claimed
 *   state           text: in this state: a word of the answer's state; of instances also several, with commas between them
 *   clock           text: clocks of this id
 *   topic           text: jobs of this topic
 *   instance        text: of this instance
 *   due_before      instant or null: clocks and work due at this instant or before; clocks then come in order of due
 *   due_after       instant or null: clocks due behind this instant
 *   open_only       true or false: only what is not over
 *   roots_only      true or false: instances: without those that another one called
 *   after           whole number: only behind this instance or record: paging
 *   limit           whole number: at most so many
 *   organisation    text: what belongs to this unit of the company or one below it; of work, what is offered there; SB0535 when there is no such unit
 *   where           list of texts: instances: each NAME=TEXT, where NAME is data that the process declares search: true; NAME=TEXT*: what begins so;
 *                   all of them hold (SB0556)
 *   text            text: instances found by this text: by data that are declared search: true, by their case number or their customer number; with a
 *                   star behind it, by what begins so
 *   node            text: instances: open ones that stand at this node: its path, or the end of it
 *   started_from    instant or null: instances: begun at this instant or later
 *   started_before  instant or null: instances: begun before this instant
 *   ended_from      instant or null: instances: ended at this instant or later
 *   ended_before    instant or null: instances: ended before this instant
 *   by_promise      true or false: work: in the order in which the promises of the cases break, then by priority, then by age; with what is asked for
 *                   then (promise, about, cursor), and limit is exact
 *   parent          text: instances that this one called
 *   cursor          text: with by_promise: only behind the work that had this cursor (SB0540 when it is none)
 *
 * StartOptions: How a case is started.
 *   case         text: case number; empty: made from the instance id
 *   start_event  text: id of the start event, when the process has several
 *   version      text: the designer's tag or the hash of a definition; empty: the latest deployment
 *
 * Caller: Who gives a command, and under which name it can be repeated.
 *   by            text: a person, a worker or a program, as it stands in the history; empty: nobody in particular
 *   groups        list of texts or null: groups that by is in: one of them must be among the work's to claim it, or to complete or fail it while
 *                 nobody has it (SB0505); null: the program has seen to it that the caller may
 *   organisation  text: unit of the company that the caller acts for: the case, or the work, must belong to it or to one below it (SB0536); empty:
 *                 anywhere. Starting a case and sending a message or signal are not held against it
 *   request_id    text: makes a repeated call harmless: it is answered as it was the first time, and changes nothing; under another command or with
 *                 other data the same id is refused (SB0546); empty: a repeated call is a new command
 *   token         whole number: number of the claim under which the caller has the work, as fetch answered; an older one is refused (SB0511); 0: not
 *                 said
 *   reason        text: why, with set_data, resolve and release: asked for when data that only the process sets are corrected (SB0533) and when
 *                 somebody else's work is taken away (SB0505); it stands in the history
 *
 * Failure: How work failed.
 *   message   text: why, for people
 *   error     text: code of a BPMN error that the process may catch; empty: it is tried again while it has retries, at last an incident
 *   retries   whole number or null: how many are left; 0: an incident; null: one less than before
 *   retry_at  instant or null: when it is tried again, by the engine's clock; null: after the task's back-off
 *
 * Delivery: Which records of the outbox are delivered, and what becomes of those that cannot be. All fields of Find, and:
 *   attempts                  whole number: a record that was tried so often in vain has failed: the others go on, and an incident stands; 10
 *   back_off_seconds          seconds: how long after the first attempt the second comes; each further wait is twice as long; a minute
 *   longest_back_off_seconds  seconds: no wait is longer; an hour
 *   lease_seconds             seconds: how long the adapter has one record, by the engine's clock; after that another may try it, and a late answer
 *                             is dropped; five minutes
 *
 * PromiseQuery: What a report counts, and how it groups it. What is left out or empty does not filter.
 *   by            list of texts: keys to group by: process, overlay, clock, organisation, audience, customer, stage, lane, person, group, broke-at,
 *                 company, data.NAME, day, week, month, quarter, year
 *   process       text: clocks of this process and of overlays over it
 *   clock         text: clocks of this id
 *   audience      text: customer or internal
 *   from          instant or null: promises that count at this instant or later
 *   until         instant or null: promises that count before this instant
 *   page          whole number: rounds read at a time: what bounds the memory, beside the groups
 *   organisation  text: promises of cases that belong to this unit of the company or one below it (SB0535)
 */
/* ---- End of the fields --------------------------------------------------------------------------------------------------------------------- */

/* ---- Opening and closing ------------------------------------------------------------------------------------------------------------------- */

typedef struct sb_engine sb_engine;

/* The clock of an engine: microseconds since 1970-01-01T00:00:00Z. INT64_MIN says that it cannot tell: the running call is refused (SB1108),
 * nothing has changed, and a job that was being done meanwhile is offered again.
 * Called from any thread that uses the engine. */
typedef int64_t (*sb_clock)(void* user);

/* Opens an engine. `options` is optional JSON:
 *   {"database": path of a SQLite file (absent: in memory), "processes": folder of processes, calendars and tables, which must be there,
 *    "language": "zh" or "en" for names shown, "zone": IANA zone of instants in answers (absent: "UTC"),
 *    "create": true, "full_sync": true, "read_only": false,
 *    "busy_timeout_seconds": 10 (how long a command waits for another process that writes to the same file),
 *    "force_clock": take what the clock says also when that is more than 366 days after the latest instant recorded (false: SB0559),
 *    "accept_loss": open also when the log beside the database is damaged, without the transactions behind the damage (false: SB0618)}
 * `clock` is optional: the system's; `clock_user` is handed to it. Both must live until sb_close has returned.
 * On success *engine is the handle, to be closed with sb_close, and the answer is {}. On failure *engine is NULL. */
SB_API sb_status sb_open(const char* options, sb_clock clock, void* clock_user, sb_engine** engine, char** answer);

/* Closes the engine. The handle is closed at once; then this waits until the calls that still run on other threads have ended, so clock and listener
 * may be freed when it returns. Only from inside a callback of this engine it does not wait, since it would wait for itself: clock and listener are
 * then used until the last call that runs has returned. Closing a closed handle is refused like any other use of it. */
SB_API sb_status sb_close(sb_engine* engine, char** answer);

/* ---- Deploying ----------------------------------------------------------------------------------------------------------------------------- */

/* Compiles and stores one process given as YAML text. `file` (optional) names it in messages. Refused with every finding when it has mistakes.
 * Answer: a DeploymentInfo; the same content again gives the same deployment. */
SB_API sb_status sb_deploy(sb_engine* engine, const char* yaml, const char* file, char** answer);

/* The same for several that belong together, which may call each other in a ring: `texts` is a list of {"yaml": text, "file": name (may be left
 * out)}. All of them or none. Answer: a list of DeploymentInfo, in the order of `texts`, each process once. */
SB_API sb_status sb_deploy_together(sb_engine* engine, const char* texts, char** answer);

/* Deploys process `id` of the folder the engine was opened with, and those it calls. Answer: a DeploymentInfo. */
SB_API sb_status sb_deploy_process(sb_engine* engine, const char* id, char** answer);

/* A calendar, a decision table, a register or the tree of organisations, as YAML text; replaces the one of the same id, and no folder takes its place.
 * A calendar and the tree hold at once for all that name them; a table or register for deployments from now on: sb_resources says who still has the
 * older one. Answer: {}. */
SB_API sb_status sb_add_resource(sb_engine* engine, const char* yaml, const char* file, char** answer);

/* The same for a calendar, when open cases are to follow it in a certain way: "recount" (all is counted again), "from_now" (what was used up until
 * now stays, the rest counts on the new one), or "as_changed", which is what sb_add_resource does: other opening hours hold from now on, other days
 * for the whole time of a promise. sb_tick carries it out, some cases with each call. Answer: {}. */
SB_API sb_status sb_change_calendar(sb_engine* engine, const char* yaml, const char* file, const char* change, char** answer);

/* Answer: a list of DeploymentInfo. */
SB_API sb_status sb_deployments(sb_engine* engine, char** answer);

/* Calendars, decision tables, registers and the tree of organisations, and which of the latest deployments use them. Answer: a list of
 * ResourceInfo. */
SB_API sb_status sb_resources(sb_engine* engine, char** answer);

/* The units of the company, each after the one above it; none when no tree is deployed. Answer: a list of OrganisationInfo. */
SB_API sb_status sb_organisations(sb_engine* engine, char** answer);

/* ---- Commands ------------------------------------------------------------------------------------------------------------------------------ */

/* `caller` (optional) is a JSON object, a Caller: {"by": "wang", "request_id": "order/17"}. With a request id a repeated call is harmless: it is
 * answered as it was the first time. Where nothing else is said, the answer is the case as it is after the command: a CaseInfo. */

/* Starts a case. `data` (optional) is a JSON object; `options` is optional: StartOptions. */
SB_API sb_status sb_start(sb_engine* engine, const char* process, const char* data, const char* options, const char* caller, char** answer);

/* Completes work "i-17.5"; `result` (optional) is a JSON object. While nobody has the work, one of the "groups" of the caller, if they are given,
 * must be among the work's; so with sb_fail. */
SB_API sb_status sb_complete(sb_engine* engine, const char* work, const char* result, const char* caller, char** answer);

/* Takes work for "by" of the caller, and gives it back. With "groups" of the caller, one of them must be among the work's. Who gives back says who he
 * is, or shows the token of the claim (SB0510); somebody else than its holder gives a "reason" (SB0505). Answer: a WorkInfo. */
SB_API sb_status sb_claim(sb_engine* engine, const char* work, const char* caller, char** answer);
SB_API sb_status sb_release(sb_engine* engine, const char* work, const char* caller, char** answer);
/* A supervisor, "by" of the caller, gives the work of a person to `person`, for `reason`: both are asked for (SB0510) and stand in the history.
   Whoever had it has it no more. Answer: a WorkInfo. */
SB_API sb_status sb_assign(sb_engine* engine, const char* work, const char* person, const char* reason, const char* caller, char** answer);

/* A case comes to another unit of the company, under a name ("by" of the caller) and for `reason`: both are asked for (SB0510) and stand in the
 * history. Work that was not handed to a unit of its own goes along; who had claimed such work has it no more. */
SB_API sb_status sb_move(sb_engine* engine, const char* instance, const char* organisation, const char* reason, const char* caller, char** answer);
/* The same for one work of a person, whose case stays where it is. Answer: a WorkInfo. */
SB_API sb_status sb_move_work(sb_engine* engine, const char* work, const char* organisation, const char* reason, const char* caller, char** answer);

/* The claim of "token" of the caller lasts until `lease_seconds` from now, by the engine's clock. Answer: a WorkInfo. */
SB_API sb_status sb_extend(sb_engine* engine, const char* work, double lease_seconds, const char* caller, char** answer);

/* Work that failed; `failure` (optional) is a JSON object, a Failure. */
SB_API sb_status sb_fail(sb_engine* engine, const char* work, const char* failure, const char* caller, char** answer);

/* A message for whoever waits for it; `correlation` is usually the case number; `payload` (optional) is a JSON object. SB_NOT_FOUND when nobody
 * waits. A process that starts with this message gets a new case with that number. Where nobody waits yet and the process keeps such messages,
 * "kept_until" of the answer says until when, and the rest of it is empty. */
SB_API sb_status sb_message(sb_engine* engine, const char* name, const char* correlation, const char* payload, const char* caller, char** answer);

/* The same for a case by its number, whatever key the message has there. Where no case of that number waits, the number is taken as the key. */
SB_API sb_status sb_message_to_case(sb_engine* engine, const char* name, const char* case_no, const char* payload, const char* caller, char** answer);

/* A signal for everybody who waits for it. Answer: {"count": cases that got it}. */
SB_API sb_status sb_signal(sb_engine* engine, const char* name, const char* payload, const char* caller, char** answer);

/* `reason` (optional) stands in the history of the case. */
SB_API sb_status sb_cancel(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer);
SB_API sb_status sb_suspend(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer);
SB_API sb_status sb_resume(sb_engine* engine, const char* instance, const char* caller, char** answer);
/* With the open cases that it called, those that these called, and so on. Answer: a list of all of them, as they stand then. Each is a command of its
 * own: when one cannot be moved the others are all the same, and the error names both; repeated, it does what is left. */
SB_API sb_status sb_suspend_with_called(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer);
SB_API sb_status sb_resume_with_called(sb_engine* engine, const char* instance, const char* caller, char** answer);

/* Changes case data; `data` is a JSON object, what it does not name stays. Data that only the process sets need "by" and "reason" of the caller
 * (SB0533). */
SB_API sb_status sb_set_data(sb_engine* engine, const char* instance, const char* data, const char* caller, char** answer);

/* Of a case that has ended: what was recorded is corrected; "by" and "reason" of the caller must be given (SB0510). Each value stands in the history
 * with the one before, and nothing follows from it. SB0502: the case is open. */
SB_API sb_status sb_correct(sb_engine* engine, const char* instance, const char* data, const char* caller, char** answer);

/* Takes a case that has ended up again: a new case of its process begins with its data, `data` (optional) in their place, and "reopens" of the answer
 * names the old one. `options`: StartOptions. "by" and "reason" of the caller must be given (SB0510). SB0502: it is open, or another called it. */
SB_API sb_status sb_reopen(sb_engine* engine, const char* instance, const char* data, const char* options, const char* caller, char** answer);

/* Repairs incident "i-17.9": sets `data` (optional) first, then goes on where the case stopped. A record that could not be told, "o-5", is tried
 * again at once; without `data`. A message that nobody took in time, "m-5", is kept once more; without `data`. */
SB_API sb_status sb_resolve(sb_engine* engine, const char* incident, const char* data, const char* caller, char** answer);
/* Gives up what incident "i-17.9" keeps aside (a message, a signal, a call, the answer to a caller): it is not done again. A caller that waits for it
   hears that its call failed, for `reason` (optional). SB0510 when the incident is about the case itself. A record that could not be told, "o-5",
   never will be; nobody gets a message that is kept, or was ("m-5"). */
SB_API sb_status sb_drop(sb_engine* engine, const char* incident, const char* reason, const char* caller, char** answer);

/* An operator changes the open round of clock `clock`. `change`: "extend" (by `amount`: "2 bd", in the clock's own unit), "void" (it ends and no
   longer counts), "pause" (it stands still whatever the process says), "resume". `amount` is null or "" but for an extension. `reason`, and `by` of
   `caller`, are asked for (SB0510) and stay visible in `changes` of the clock and in the history. SB0513 when the clock cannot be changed so: it has
   ended, is late (extend), is not held (resume), promises an instant (pause). */
SB_API sb_status sb_change_clock(sb_engine* engine, const char* instance, const char* clock, const char* change, const char* amount,
                                 const char* reason, const char* caller, char** answer);

/* Somebody begins `activity` (id or path, in a repeated one with numbers: "review[2]/look") of an open ad-hoc sub-process once more. SB0504: none is
   open in which it can begin; SB0516: it cannot begin now, or in several places. */
SB_API sb_status sb_begin_activity(sb_engine* engine, const char* instance, const char* activity, const char* caller, char** answer);

/* A calendar changed: derives the open due instants of the case again; `reason` stands in its history. */
SB_API sb_status sb_rederive(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer);

/* ---- Time, work, outbox -------------------------------------------------------------------------------------------------------------------- */

/* Fires what is due now, at most `limit` things, in order of due.
 * Answer: a TickReport. */
SB_API sb_status sb_tick(sb_engine* engine, size_t limit, char** answer);

/* What a callback answers with. Valid only while the callback runs. A callback that does not answer has failed. The last answer counts; one that is
 * refused (bad JSON) counts as a failure unless a good one follows. */
typedef struct sb_reply sb_reply;

/* Done. `result` (optional, JSON object) is what a job hands to its task; for an outbox record it is ignored. */
SB_API sb_status sb_reply_ok(sb_reply* reply, const char* result);
/* Did not work; `message` says why. A job is tried again while it has retries; an outbox record is tried again after its back-off. */
SB_API sb_status sb_reply_fail(sb_reply* reply, const char* message);
/* Did not work in a way that the process models: the BPMN error `code`. For an outbox record the same as sb_reply_fail. */
SB_API sb_status sb_reply_error(sb_reply* reply, const char* code, const char* message);

/* Jobs for a worker, claimed for it in one transaction; `fetch` is a JSON object, a Fetch:
 *   {"worker": "billing-1", "topics": ["billing"], "most": 10, "lease_seconds": 300, "wait_seconds": 30}
 * Those of higher priority come first, then those offered earlier; also those whose lease has run out. Each carries a "token": who completes, fails,
 * extends or releases the job shows it as "token" of the caller, and is refused (SB0511) when somebody else has the job by then. Waits when there are
 * none, in real time; a job that this engine commits wakes it at once, one of another process within a tenth of a second. sb_close wakes it, too.
 * Answer: a list of Job, perhaps empty. */
SB_API sb_status sb_fetch(sb_engine* engine, const char* fetch, char** answer);

/* Waits until something of `interest`, a JSON object, an Interest, is there, at most so many seconds of real time.
 * Answer: {"there": true or false}. */
SB_API sb_status sb_wait(sb_engine* engine, const char* interest, double seconds_at_most, char** answer);

/* Wakes all who wait in sb_fetch or sb_wait; from now on these look once and do not wait. Answer: {}. */
SB_API sb_status sb_stop_waiting(sb_engine* engine, char** answer);

/* Does one job. `job` is JSON, a Job, valid while the callback runs. */
typedef void (*sb_worker)(void* user, const char* job, sb_reply* reply);

/* Runs the jobs of `topic` that are open now, at most `limit`, each once. Answer: {"count": jobs run}. A failed job is no failure of this call. */
SB_API sb_status sb_work_off(sb_engine* engine, const char* topic, sb_worker worker, void* user, size_t limit, char** answer);

/* Tells one outbox record (JSON, an OutboxInfo) to the world. It may come again with the same "key", after a crash or when it took longer than its
 * lease. */
typedef void (*sb_adapter)(void* user, const char* record, sb_reply* reply);

/* Hands the waiting outbox records that `find` (optional, a Delivery) finds to `adapter`, at most its "limit". What could not be told is tried again
 * after its back-off; those of its kind for the same customer wait behind it, nobody else does. After its "attempts" it is incident "o-5" of
 * sb_incidents, for sb_resolve or sb_drop. Several may deliver at once. Answer: {"count": records delivered}. */
SB_API sb_status sb_deliver(sb_engine* engine, const char* find, sb_adapter adapter, void* user, char** answer);

/* ---- Registers: what is known by key, as the file of a register declares it (sb_add_resource) ------------------------------------------------- */

/* Makes a row, or changes the fields that `fields` (JSON object) names; of a counter it says what it stands at. Nothing is written when it is so
 * already. Answer: a RowInfo. SB0580: there is no such register; SB0581: the key or a field does not fit it. */
SB_API sb_status sb_put_row(sb_engine* engine, const char* register_id, const char* key, const char* fields, const char* caller, char** answer);
/* Many rows: `rows` is a JSON list of objects, each with its key among its fields. A row that does not fit stops no other. Answer: an ImportReport. */
SB_API sb_status sb_import_rows(sb_engine* engine, const char* register_id, const char* rows, const char* caller, char** answer);
/* The row as it is now: a RowInfo. SB0584 (SB_NOT_FOUND): there is none. */
SB_API sb_status sb_row(sb_engine* engine, const char* register_id, const char* key, char** answer);
/* The rows as they are now, by key, behind key `after` (optional), at most `limit`: a list of RowInfo. */
SB_API sb_status sb_rows(sb_engine* engine, const char* register_id, const char* after, size_t limit, char** answer);
/* Every version of a row behind version `after`, ascending, with the case that made it: a list of RowInfo. */
SB_API sb_status sb_row_history(sb_engine* engine, const char* register_id, const char* key, uint64_t after, size_t limit, char** answer);

/* A system of yours that has registers. `question` is JSON, {"register_id", "key"}, valid while the callback runs. It answers with sb_reply_ok and the
 * row (a JSON object), with sb_reply_error "no-row" (it has this register and no such row) or "not-mine" (the engine looks into its own rows), or
 * with sb_reply_fail: that is an incident of the case that asks. */
typedef void (*sb_register_source)(void* user, const char* question, sb_reply* reply);
/* From now on `source` is asked before the engine's own rows, from any thread that uses the engine; NULL: nobody is. It must live until sb_close has
 * returned. Answer: {}. */
SB_API sb_status sb_set_register_source(sb_engine* engine, sb_register_source source, void* user, char** answer);

/* Writes everything that is committed now, as one state, to a new file `path`, durably, while others go on. Answer: {}. SB0617: the file is there
 * already, or the engine is in memory. */
SB_API sb_status sb_backup(sb_engine* engine, const char* path, char** answer);

/* What the adapter hears of record "o-5" after it has told it: `kind` is "delivered", "failed", "read" or "signed", `at` (ISO 8601, optional) when it
 * happened, `note` (optional) is for people. Each kind counts once, repeating it is harmless. When the feedback names a message for its receipts, that
 * goes to the case. Answer: an OutboxInfo. */
SB_API sb_status sb_receipt(sb_engine* engine, const char* record, const char* kind, const char* at, const char* note, const char* caller,
                            char** answer);

/* Forgets, of cases that ended before the instant `before` (ISO 8601): answers kept for repeated requests, and outbox records delivered or dropped. A
 * request repeated after that is a new one. Cases, their histories and clocks stay. Answer: a PruneReport. */
SB_API sb_status sb_prune(sb_engine* engine, const char* before, char** answer);

/* Told after every durable command: `change` is {"case": CaseInfo, "history": [HistoryInfo]}, valid while the callback runs. */
typedef void (*sb_listener)(void* user, const char* change);

/* Adds a listener: it is told of every command from now on, in commit order, on the threads of callers, one call at a time for all listeners. It may
 * command the engine. Who is slow slows all callers alike; commands are refused (SB0557) when it hangs and too much waits to be told. It must live
 * until sb_unlisten or sb_close has returned. Answer: {"listener": number for sb_unlisten}. */
SB_API sb_status sb_listen(sb_engine* engine, sb_listener listener, void* user, char** answer);

/* Ends what sb_listen began: when this returns, the listener is not running and never will be. Only from inside a listener it does not wait: the one
 * that ends itself must live until it has returned. Do not end a listener while holding a lock that it takes. Answer: {}. */
SB_API sb_status sb_unlisten(sb_engine* engine, uint64_t listener, char** answer);

/* ---- Queries: always what is on disk ------------------------------------------------------------------------------------------------------- */

/* `find` is an optional JSON object, a Find; every key is optional and narrows. */

SB_API sb_status sb_instance(sb_engine* engine, const char* instance, char** answer); /* a CaseInfo */
SB_API sb_status sb_data(sb_engine* engine, const char* instance, char** answer);     /* the data of a case, an object */
SB_API sb_status sb_instances(sb_engine* engine, const char* find, char** answer);    /* a list of CaseInfo */
/* How many cases `find` finds, by "state", "process" or "node" (null or empty: all in one): a list of CountInfo. */
SB_API sb_status sb_count(sb_engine* engine, const char* find, const char* by, char** answer);
SB_API sb_status sb_work(sb_engine* engine, const char* find, char** answer);         /* a list of WorkInfo */
/* The form of open work "i-17.5", with what it asks computed over the data as they are now: a list of FieldInfo. SB0504 when there is no such work.
 */
SB_API sb_status sb_form(sb_engine* engine, const char* work, char** answer);
SB_API sb_status sb_clocks(sb_engine* engine, const char* find, char** answer);       /* a list of ClockInfo */
SB_API sb_status sb_outbox(sb_engine* engine, const char* find, char** answer);       /* a list of OutboxInfo */
/* A list of MessageInfo: messages that came before anybody waited for them. Of `find` count case (the key), instance, state, open_only, after, limit. */
SB_API sb_status sb_messages(sb_engine* engine, const char* find, char** answer);
SB_API sb_status sb_incidents(sb_engine* engine, const char* find, char** answer);    /* a list of IncidentInfo */
/* A list of HistoryInfo with sequences above `after` (at most INT64_MAX, else SB1104), at most `limit`. */
SB_API sb_status sb_history(sb_engine* engine, const char* instance, uint64_t after, size_t limit, char** answer);
/* The work that a command under `request_id` was about, open or not: a WorkInfo with work, instance, case, process and node. null: no such command is
 * known. */
SB_API sb_status sb_work_of_request(sb_engine* engine, const char* request_id, char** answer);
/* The IANA zone of the default calendar of the latest deployment of `process`, a text: in which its people read times. */
SB_API sb_status sb_zone(sb_engine* engine, const char* process, char** answer);
/* Every name of `kind` ("clock", "message" or "signal") that a deployed process knows, in any of its versions: a list of texts, ascending. */
SB_API sb_status sb_names(sb_engine* engine, const char* kind, char** answer);
/* Kept and broken promises; `query` (optional) is a JSON object, a PromiseQuery. Answer: {"by", "rows": [{KEY..., "rounds", "finished", "open",
 * "cancelled", "kept", "broken", "kept_share", ...}], "total": {...}}, as `switchboard report --json` prints it (docs/cli.md). */
SB_API sb_status sb_report(sb_engine* engine, const char* query, char** answer);
/* Checks the invariants of the whole store. Answer: a list of violations as texts; empty: all hold. */
SB_API sb_status sb_check(sb_engine* engine, char** answer);

/* ---- Check of files: needs no engine --------------------------------------------------------------------------------------------------------- */

/* What `switchboard check` finds in files. `paths`: a JSON list of files and folders. `options` is optional: {"processes": folder behind them}.
 * Answer: a list of findings as above, empty when there is nothing to say; SB_OK also when there are errors among them. */
SB_API sb_status sb_check_files(const char* paths, const char* options, char** answer);

/* ---- Simulation: needs no engine ----------------------------------------------------------------------------------------------------------- */

/* How much is done, 0 to 1. Called from one thread at a time, not always the same one. */
typedef void (*sb_progress)(void* user, double share);

/* Plays a scenario. `scenario` is the path of a file, or, with "text": true, the YAML itself. `options` is optional:
 *   {"processes": folder, "seed", "replications", "cases", "until": "30 d", "warm_up": "1 d", "threads": 0 for one per processor,
 *    "text": false, "file": name of a text in messages (the folder of that name is searched for processes, too), "summary": false}
 * Answer: the result as docs/simulation.md explains it; with "summary": true, {"summary": table for a terminal, "result": the result}. */
SB_API sb_status sb_simulate(const char* scenario, const char* options, sb_progress progress, void* user, char** answer);

#ifdef __cplusplus
}
#endif

#endif

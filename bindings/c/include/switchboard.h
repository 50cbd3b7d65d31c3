/* Switchboard in C: an embeddable workflow engine for utility customer service.
 *
 * One convention serves every call:
 *
 *   - It returns a status: SB_OK, or what sort of refusal it is. An error means that nothing changed; SB_OK means that the change is on disk.
 *   - Its last parameter, `answer`, receives one JSON text: the result when the status is SB_OK, otherwise the error
 *         {"kind": "rejected", "id": "SB0503", "message": "...", "place": "...", "hint": "...", "text": "all of it on one line",
 *          "findings": ["..."]}
 *     `id` is stable and listed in docs/rules.md; `place` and `hint` may be empty. A file can have several mistakes: the error is the first of them,
 *     `findings` has all, one line each. (Of any other error it has the text alone.) The text belongs to the caller: give it to sb_free. `answer` may
 * be NULL when nobody wants to know. It is NULL afterwards only when there was no memory for it.
 *   - Texts that go in are UTF-8, end with a zero byte, and are copied when they have to outlive the call. Where a parameter is said to be optional,
 *     NULL means that it is left out.
 *   - Instants in JSON are ISO 8601, in UTC or in the `zone` that the engine was opened with; they go in with `Z` or an offset (without one they are
 *     taken as UTC). Spans of time are seconds. Numbers keep all their digits.
 *
 * Threads: every function may be called from any thread at any time, on the same engine too. Callbacks run on the thread that called the function,
 * but the listener runs on the thread that commits. No function throws and none leaves by longjmp; callbacks must not either. Handles: a handle that
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

/* Frees a text that a function of this library wrote to `answer`. NULL is allowed. */
SB_API void sb_free(char* text);

/* ---- Opening and closing ------------------------------------------------------------------------------------------------------------------- */

typedef struct sb_engine sb_engine;

/* The clock of an engine: microseconds since 1970-01-01T00:00:00Z. INT64_MIN says that it cannot tell: the running call is refused (SB1108),
 * nothing has changed, and a job that was being done meanwhile is offered again.
 * Called from any thread that uses the engine. */
typedef int64_t (*sb_clock)(void* user);

/* Opens an engine. `options` is optional JSON:
 *   {"database": path of a SQLite file (absent: in memory), "processes": folder of processes, calendars and tables, which must be there,
 *    "language": "zh" or "en" for names shown, "zone": IANA zone of instants in answers (absent: "UTC"),
 *    "create": true, "full_sync": true, "read_only": false}
 * `clock` is optional: the system's; `clock_user` is handed to it. Both must live until sb_close has returned.
 * On success *engine is the handle, to be closed with sb_close, and the answer is {}. On failure *engine is NULL. */
SB_API sb_status sb_open(const char* options, sb_clock clock, void* clock_user, sb_engine** engine, char** answer);

/* Closes the engine. The handle is closed at once; then this waits until the calls that still run on other threads have ended, so clock and listener
 * may be freed when it returns. Only from inside a callback of this engine it does not wait, since it would wait for itself: clock and listener are
 * then used until the last call that runs has returned. Closing a closed handle is refused like any other use of it. */
SB_API sb_status sb_close(sb_engine* engine, char** answer);

/* ---- Deploying ----------------------------------------------------------------------------------------------------------------------------- */

/* Compiles and stores one process given as YAML text. `file` (optional) names it in messages. Refused with every finding when it has mistakes.
 * Answer: a deployment {"process", "number", "version", "definition", "deployed"}; the same content again gives the same deployment. */
SB_API sb_status sb_deploy(sb_engine* engine, const char* yaml, const char* file, char** answer);

/* Deploys process `id` of the folder the engine was opened with, and those it calls. Answer: a deployment. */
SB_API sb_status sb_deploy_process(sb_engine* engine, const char* id, char** answer);

/* A calendar or a decision table for later deployments, as YAML text; replaces one of the same id. Answer: {}. */
SB_API sb_status sb_add_resource(sb_engine* engine, const char* yaml, const char* file, char** answer);

/* Answer: a list of deployments. */
SB_API sb_status sb_deployments(sb_engine* engine, char** answer);

/* ---- Commands ------------------------------------------------------------------------------------------------------------------------------ */

/* `by` (optional) is who does it; `request_id` (optional) makes a repeated call harmless: it is answered as it was the first time.
 * Where nothing else is said, the answer is the case as it is after the command:
 *   {"instance": "i-17", "case", "process", "definition", "customer", "state": "active|suspended|completed|cancelled",
 *    "at": [paths of the elements with a token], "started", "last", "ended": instant or null, "parent": instance or null} */

/* Starts a case. `data` (optional) is a JSON object; `options` is optional: {"case": number, "start_event", "version", "request_id"}. */
SB_API sb_status sb_start(sb_engine* engine, const char* process, const char* data, const char* options, char** answer);

/* Completes work "i-17/5"; `result` (optional) is a JSON object. */
SB_API sb_status sb_complete(sb_engine* engine, const char* work, const char* result, const char* by, const char* request_id, char** answer);

/* Takes work, and gives it back. Answer: the work, as in sb_work. */
SB_API sb_status sb_claim(sb_engine* engine, const char* work, const char* by, const char* request_id, char** answer);
SB_API sb_status sb_release(sb_engine* engine, const char* work, const char* by, const char* request_id, char** answer);

/* Work that failed: `message` says why; `error` (optional) is the code of a BPMN error, absent: it is tried again while it has retries. */
SB_API sb_status sb_fail(sb_engine* engine, const char* work, const char* message, const char* error, const char* by, const char* request_id,
                         char** answer);

/* A message for whoever waits for it; `correlation` is usually the case number; `payload` (optional) is a JSON object. SB_NOT_FOUND when nobody
 * waits. A process that starts with this message gets a new case with that number. */
SB_API sb_status sb_message(sb_engine* engine, const char* name, const char* correlation, const char* payload, const char* request_id, char** answer);

/* A signal for everybody who waits for it. Answer: {"count": cases that got it}. */
SB_API sb_status sb_signal(sb_engine* engine, const char* name, const char* payload, const char* request_id, char** answer);

SB_API sb_status sb_cancel(sb_engine* engine, const char* instance, const char* reason, const char* by, const char* request_id, char** answer);
SB_API sb_status sb_suspend(sb_engine* engine, const char* instance, const char* reason, const char* by, const char* request_id, char** answer);
SB_API sb_status sb_resume(sb_engine* engine, const char* instance, const char* by, const char* request_id, char** answer);

/* Changes case data; `data` is a JSON object, what it does not name stays. */
SB_API sb_status sb_set_data(sb_engine* engine, const char* instance, const char* data, const char* by, const char* request_id, char** answer);

/* Repairs incident "i-17/9": sets `data` (optional) first, then goes on where the case stopped. */
SB_API sb_status sb_resolve(sb_engine* engine, const char* incident, const char* data, const char* by, const char* request_id, char** answer);

/* A calendar changed: derives the open due instants of the case again; `reason` stands in its history. */
SB_API sb_status sb_rederive(sb_engine* engine, const char* instance, const char* reason, const char* request_id, char** answer);

/* ---- Time, work, outbox -------------------------------------------------------------------------------------------------------------------- */

/* Fires what is due now, at most `limit` things, in order of due.
 * Answer: {"timers", "marks", "retries", "stale", "damaged", "put_off", "worst_lateness_seconds", "next_due": instant or null}. "damaged": things
 * that could not be carried out because a row is damaged; "put_off": cases that have more due than one tick fires for one of them. */
SB_API sb_status sb_tick(sb_engine* engine, size_t limit, char** answer);

/* What a callback answers with. Valid only while the callback runs. A callback that does not answer has failed. The last answer counts; one that is
 * refused (bad JSON) counts as a failure unless a good one follows. */
typedef struct sb_reply sb_reply;

/* Done. `result` (optional, JSON object) is what a job hands to its task; for an outbox record it is ignored. */
SB_API sb_status sb_reply_ok(sb_reply* reply, const char* result);
/* Did not work; `message` says why. A job is tried again while it has retries; an outbox record is tried again at a later sb_deliver. */
SB_API sb_status sb_reply_fail(sb_reply* reply, const char* message);
/* Did not work in a way that the process models: the BPMN error `code`. For an outbox record the same as sb_reply_fail. */
SB_API sb_status sb_reply_error(sb_reply* reply, const char* code, const char* message);

/* Does one job. `job` is JSON, valid while the callback runs: the work, as in sb_work, and "attempt": 1 for the first try. */
typedef void (*sb_worker)(void* user, const char* job, sb_reply* reply);

/* Runs the jobs of `topic` that are open now, at most `limit`, each once. Answer: {"count": jobs run}. A failed job is no failure of this call. */
SB_API sb_status sb_work_off(sb_engine* engine, const char* topic, sb_worker worker, void* user, size_t limit, char** answer);

/* Tells one outbox record (JSON, as in sb_outbox) to the world. It may come again with the same "key" after a crash. */
typedef void (*sb_adapter)(void* user, const char* record, sb_reply* reply);

/* Hands waiting outbox records to `adapter`, at most `limit`. Answer: {"count": records delivered}. */
SB_API sb_status sb_deliver(sb_engine* engine, sb_adapter adapter, void* user, size_t limit, char** answer);

/* Told after every durable command: `change` is {"case": {...}, "history": [...]}, valid while the callback runs. */
typedef void (*sb_listener)(void* user, const char* change);

/* Sets the one listener of the engine, in commit order, on the committing thread; NULL removes it. It must live until sb_close has
 * returned, or this function when it replaces the listener: it waits until the one before is not running. Only from inside the listener itself it
 * does not: the one before must then live until it has returned. Do not replace a listener while holding a lock that it takes. Answer: {}. */
SB_API sb_status sb_listen(sb_engine* engine, sb_listener listener, void* user, char** answer);

/* ---- Queries: always what is on disk ------------------------------------------------------------------------------------------------------- */

/* `find` is an optional JSON object; every key is optional and narrows:
 *   {"case", "process", "customer", "group", "assignee", "state", "clock", "topic", "instance", "due_before": instant, "open_only": true,
 *    "after": number, "limit": 1000} */

SB_API sb_status sb_instance(sb_engine* engine, const char* instance, char** answer); /* one case */
SB_API sb_status sb_data(sb_engine* engine, const char* instance, char** answer);     /* its data, an object */
SB_API sb_status sb_instances(sb_engine* engine, const char* find, char** answer);    /* a list of cases */
/* A list of work: {"work": "i-17/5", "instance", "case", "process", "node", "name", "kind": "user|service|send", "state", "topic", "assignee",
 *  "groups": [], "form": [], "inputs": {} or null when the task hands in nothing, "priority", "retries", "due": instant or null, "offered": instant}
 */
SB_API sb_status sb_work(sb_engine* engine, const char* find, char** answer);
/* A list of clocks: {"instance", "case", "process", "clock", "name", "customer", "state": "running|paused|met|cancelled", "round", "breached",
 * "mean", "internal", "provisional", "budget", "started", "due", "original_due", "ended", "elapsed_wall_seconds", "elapsed_working_seconds",
 *  "elapsed_working_days", "elapsed_business", "elapsed_unit": "bd|bh|h", "paused_seconds", "left_seconds", "percent", "stage": path of the node that
 *  stops it or null, "lane" of that or null, "holders": [], "source", "unverified": text or null} */
SB_API sb_status sb_clocks(sb_engine* engine, const char* find, char** answer);
/* A list of records: {"id", "key", "kind": "feedback|escalation|message|incident", "name", "state", "instance", "case", "process", "customer",
 *  "body", "created", "delivered": instant or null, "attempts", "error"} */
SB_API sb_status sb_outbox(sb_engine* engine, const char* find, char** answer);
/* A list of incidents: {"incident": "i-17/9", "instance", "case", "process", "node", "rule", "message", "raised"} */
SB_API sb_status sb_incidents(sb_engine* engine, const char* find, char** answer);
/* A list of {"sequence", "at", "event", "details"} with sequences above `after` (at most INT64_MAX, else SB1104), at most `limit`. */
SB_API sb_status sb_history(sb_engine* engine, const char* instance, uint64_t after, size_t limit, char** answer);
/* Checks the invariants of the whole store. Answer: a list of violations as texts; empty: all hold. */
SB_API sb_status sb_check(sb_engine* engine, char** answer);

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

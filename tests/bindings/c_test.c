/* The C binding from C: C99, no other library, every text freed (the same program runs under valgrind). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <switchboard.h>

static int failures = 0;
static char* answer = NULL; /* of the latest call */

static void check(int good, const char* what, int line) {
  if (good) return;
  ++failures;
  printf("c_test.c:%d: %s\n    answer: %s\n", line, what, answer == NULL ? "NULL" : answer);
}
#define CHECK(condition) check((condition), #condition, __LINE__)
/* Runs a call whose last argument is OUT and checks its status. */
static char** fresh(void) {
  sb_free(answer);
  answer = NULL;
  return &answer;
}
#define OUT fresh()
#define IS(status, call) CHECK((call) == (status))
static int says(const char* part) { return answer != NULL && strstr(answer, part) != NULL; }

/* The value of the first `"key":"..."` in the answer, to be freed. */
static char* text_of(const char* key) {
  char pattern[64];
  const char* from;
  char* value;
  size_t size;
  snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
  from = answer == NULL ? NULL : strstr(answer, pattern);
  CHECK(from != NULL);
  if (from == NULL) return (char*)calloc(1, 1);
  from += strlen(pattern);
  size = strcspn(from, "\"");
  value = (char*)malloc(size + 1);
  memcpy(value, from, size);
  value[size] = 0;
  return value;
}

static char* read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  char* bytes = (char*)calloc(1, 1 << 16);
  size_t size;
  if (file == NULL) {
    printf("cannot read %s\n", path);
    exit(2);
  }
  size = fread(bytes, 1, (1 << 16) - 1, file);
  bytes[size] = 0;
  fclose(file);
  return bytes;
}

/* ---- callbacks ---- */

static const int64_t second = 1000000;
static const int64_t day = 86400 * (int64_t)1000000;

typedef struct {
  int64_t now;
  int broken;
} virtual_clock;
static int64_t tell(void* user) {
  const virtual_clock* clock = (const virtual_clock*)user;
  return clock->broken ? INT64_MIN : clock->now;
}

typedef enum { books, forgets, bad_json, fails, models_error, mends } manner;
typedef struct {
  manner how;
  int calls;
} worker_state;
static void book(void* user, const char* job, sb_reply* reply) {
  worker_state* state = (worker_state*)user;
  ++state->calls;
  check(strstr(job, "\"topic\":\"book-visit\"") != NULL && strstr(job, "\"attempt\":") != NULL, job, __LINE__);
  switch (state->how) {
    case books: check(sb_reply_ok(reply, "{\"visit\": \"Monday\"}") == SB_OK, "reply", __LINE__); break;
    case forgets: break;
    case bad_json: check(sb_reply_ok(reply, "{\"visit\": ") == SB_INVALID, "bad JSON in a reply", __LINE__); break;
    case fails: check(sb_reply_fail(reply, "no car is free") == SB_OK, "reply", __LINE__); break;
    case models_error: check(sb_reply_error(reply, "no-access", "nobody at home") == SB_OK, "reply", __LINE__); break;
    case mends: check(sb_reply_ok(reply, "[") == SB_INVALID && sb_reply_ok(reply, "{}") == SB_OK, "the last answer counts", __LINE__); break;
  }
}

static void deliver(void* user, const char* record, sb_reply* reply) {
  int* calls = (int*)user;
  check(strstr(record, "\"key\":") != NULL, record, __LINE__);
  if (++*calls == 1)
    sb_reply_fail(reply, "the gateway is down");
  else
    sb_reply_ok(reply, NULL);
}

static void refuse(void* user, const char* record, sb_reply* reply) {
  int* calls = (int*)user;
  ++*calls;
  check(strstr(record, "\"lease_until\":\"") != NULL, record, __LINE__);
  sb_reply_fail(reply, "no");
}

static void listen(void* user, const char* change) {
  int* calls = (int*)user;
  ++*calls;
  check(strstr(change, "{\"case\":{\"instance\":") == change && strstr(change, "\"history\":[{") != NULL, change, __LINE__);
}

/* ---- tests ---- */

static void a_case_from_start_to_end(const char* yaml) {
  virtual_clock clock = {1772413200 * (int64_t)1000000, 0}; /* 2026-03-02T01:00Z */
  worker_state worker = {books, 0};
  sb_engine* engine = NULL;
  int delivered = 0, heard = 0;
  char *instance, *work;
  IS(SB_OK, sb_open("{\"zone\": \"Asia/Shanghai\"}", tell, &clock, &engine, OUT));
  IS(SB_OK, sb_listen(engine, listen, &heard, OUT));
  IS(SB_OK, sb_deploy(engine, yaml, "meter-check.yaml", OUT));
  CHECK(says("\"process\":\"meter-check\"") && says("\"number\":1"));
  IS(SB_OK, sb_deploy(engine, yaml, "meter-check.yaml", OUT));
  CHECK(says("\"number\":1"));
  IS(SB_OK, sb_deployments(engine, OUT));
  CHECK(says("[{\"process\":\"meter-check\""));
  IS(SB_OK, sb_resources(engine, OUT));
  CHECK(says("[]"));

  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1001\"}", "{\"case\": \"M-1\"}", "{\"request_id\": \"r1\"}", OUT));
  CHECK(says("\"case\":\"M-1\"") && says("\"state\":\"active\"") && says("\"started\":\"2026-03-02T09:00:00+08:00\"") && says("\"ended\":null"));
  CHECK(heard > 0);
  instance = text_of("instance");
  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1001\"}", "{\"case\": \"M-1\"}", "{\"request_id\": \"r1\"}", OUT));
  CHECK(says(instance)); /* the same request: the same answer, no second case */

  IS(SB_OK, sb_work_off(engine, "book-visit", book, &worker, 10, OUT));
  CHECK(says("{\"count\":1}") && worker.calls == 1);
  IS(SB_OK, sb_data(engine, instance, OUT));
  CHECK(says("\"visit\":\"Monday\""));

  IS(SB_OK, sb_clocks(engine, "{\"case\": \"M-1\"}", OUT));
  CHECK(says("\"clock\":\"answer\"") && says("\"due\":\"2026-03-07T09:00:00+08:00\"") && says("\"breached\":false"));
  clock.now += 4 * day + second;
  IS(SB_OK, sb_tick(engine, 100, OUT));
  CHECK(says("\"marks\":1") && says("\"worst_lateness_seconds\":1") &&
        says("\"next_due\":\"2026-03-07T09:00:00.000001+08:00\"") /* exactly due is in time */);
  IS(SB_OK, sb_outbox(engine, "{\"open_only\": true}", OUT));
  CHECK(says("\"name\":\"still-working\"") && says("\"delivered\":null"));
  IS(SB_OK, sb_deliver(engine, "{\"limit\": 10}", deliver, &delivered, OUT));
  CHECK(says("{\"count\":0}") && delivered == 1);
  IS(SB_OK, sb_deliver(engine, "{\"limit\": 10}", deliver, &delivered, OUT));
  CHECK(says("{\"count\":0}") && delivered == 1); /* it waits for its next try */
  clock.now += 60 * second;
  IS(SB_OK, sb_deliver(engine, "{\"limit\": 10, \"attempts\": 2, \"lease_seconds\": 30}", refuse, &delivered, OUT));
  CHECK(says("{\"count\":0}") && delivered == 2);
  IS(SB_OK, sb_messages(engine, "{\"open_only\": true}", OUT));
  CHECK(says("[]"));
  IS(SB_OK, sb_incidents(engine, NULL, OUT));
  CHECK(says("\"incident\":\"o-1\"") && says("\"rule\":\"SB0562\"") && says("\"case\":\"M-1\""));
  IS(SB_USAGE, sb_resolve(engine, "o-1", "{\"visit\": \"Monday\"}", NULL, OUT));
  CHECK(says("SB0563"));
  IS(SB_OK, sb_resolve(engine, "o-1", NULL, "{\"by\": \"li\"}", OUT));
  CHECK(says(instance));
  IS(SB_OK, sb_deliver(engine, "{\"limit\": 10, \"attempts\": 1}", refuse, &delivered, OUT));
  IS(SB_OK, sb_drop(engine, "o-1", "moved away", "{\"by\": \"li\"}", OUT));
  IS(SB_OK, sb_outbox(engine, "{\"state\": \"dropped\"}", OUT));
  CHECK(says("dropped by li: moved away; before: no"));
  IS(SB_USAGE, sb_deliver(engine, "{\"back_off_seconds\": 0}", deliver, &delivered, OUT));
  CHECK(says("SB0556"));

  IS(SB_OK, sb_work(engine, "{\"group\": \"metering\", \"limit\": 5}", OUT));
  CHECK(says("\"node\":\"test\"") && says("\"form\":[\"error_percent\"]"));
  work = text_of("work");
  IS(SB_REJECTED, sb_claim(engine, work, "{\"by\": \"wang\", \"groups\": [\"drivers\"]}", OUT));
  CHECK(says("SB0505"));
  IS(SB_REJECTED, sb_complete(engine, work, "{\"error_percent\": 0.5}", "{\"by\": \"wang\", \"groups\": [\"drivers\"]}", OUT));
  CHECK(says("SB0505"));
  IS(SB_REJECTED, sb_fail(engine, work, "{\"message\": \"no\"}", "{\"by\": \"wang\", \"groups\": []}", OUT));
  CHECK(says("SB0505"));
  IS(SB_USAGE, sb_claim(engine, work, "{\"by\": \"wang\", \"groups\": \"metering\"}", OUT));
  CHECK(says("'groups' must be a list of texts"));
  IS(SB_OK, sb_claim(engine, work, "{\"by\": \"wang\", \"groups\": [\"metering\"], \"request_id\": \"claim\"}", OUT));
  CHECK(says("\"assignee\":\"wang\"") && strchr(work, '/') == NULL);
  IS(SB_OK, sb_work_of_request(engine, "claim", OUT));
  CHECK(says(work) && says("\"case\":\"M-1\"") && says("\"node\":\"test\""));
  IS(SB_OK, sb_work_of_request(engine, "never given", OUT));
  CHECK(says("null"));
  IS(SB_OK, sb_form(engine, work, OUT));
  CHECK(says("\"name\":\"error_percent\"") && says("\"type\":\"number\"") && says("\"required\":false"));
  IS(SB_NOT_FOUND, sb_form(engine, "i-1.9999", OUT));
  IS(SB_REJECTED, sb_release(engine, work, NULL, OUT));
  CHECK(says("SB0510"));
  IS(SB_REJECTED, sb_release(engine, work, "{\"by\": \"boss\"}", OUT));
  CHECK(says("SB0505"));
  IS(SB_REJECTED, sb_assign(engine, work, "li", "", "{\"by\": \"boss\"}", OUT));
  CHECK(says("SB0510"));
  IS(SB_OK, sb_assign(engine, work, "li", "wang is ill", "{\"by\": \"boss\"}", OUT));
  CHECK(says("\"assignee\":\"li\""));
  IS(SB_OK, sb_release(engine, work, "{\"by\": \"boss\", \"reason\": \"li is ill too\"}", OUT));
  IS(SB_OK, sb_organisations(engine, OUT));
  CHECK(says("[]"));
  IS(SB_REJECTED, sb_move(engine, instance, "hz", "wrong area", "{\"by\": \"boss\"}", OUT));
  CHECK(says("SB0535"));
  IS(SB_OK, sb_add_resource(engine, "switchboard: 1\norganisations: company\nunits: {zj: {level: province}, hz: {parent: zj}, nb: {parent: zj}}\n",
                            "company.yaml", OUT));
  IS(SB_OK, sb_organisations(engine, OUT));
  CHECK(says("\"organisation\":\"hz\",\"parent\":\"zj\""));
  IS(SB_REJECTED, sb_move(engine, instance, "hz", "", "{\"by\": \"boss\"}", OUT));
  IS(SB_OK, sb_move(engine, instance, "hz", "wrong area", "{\"by\": \"boss\"}", OUT));
  CHECK(says("\"organisation\":\"hz\""));
  IS(SB_REJECTED, sb_claim(engine, work, "{\"by\": \"li\", \"organisation\": \"nb\"}", OUT));
  CHECK(says("SB0536"));
  IS(SB_OK, sb_move_work(engine, work, "nb", "they know it", "{\"by\": \"boss\"}", OUT));
  CHECK(says("\"organisation\":\"nb\""));
  IS(SB_OK, sb_work(engine, "{\"organisation\": \"nb\"}", OUT));
  CHECK(says(work));
  IS(SB_USAGE, sb_change_clock(engine, instance, "answer", "stop", NULL, "a test", "{\"by\": \"li\"}", OUT));
  CHECK(says("'change' must be one of extend, void, pause, resume"));
  IS(SB_REJECTED, sb_change_clock(engine, instance, "answer", "void", NULL, "", "{\"by\": \"li\"}", OUT));
  IS(SB_REJECTED, sb_begin_activity(engine, instance, "look", "{\"by\": \"li\"}", OUT));
  CHECK(says("SB0504"));
  IS(SB_OK, sb_suspend(engine, instance, "holiday", "{\"by\": \"li\"}", OUT));
  CHECK(says("\"state\":\"suspended\""));
  IS(SB_REJECTED, sb_complete(engine, work, "{\"error_percent\": 0.5}", "{\"by\": \"wang\"}", OUT));
  IS(SB_OK, sb_resume(engine, instance, "{\"by\": \"li\"}", OUT));
  IS(SB_OK, sb_suspend_with_called(engine, instance, "holiday", "{\"by\": \"li\"}", OUT));
  CHECK(says("[{") && says("\"state\":\"suspended\""));
  IS(SB_REJECTED, sb_suspend_with_called(engine, instance, NULL, NULL, OUT));
  IS(SB_OK, sb_resume_with_called(engine, instance, NULL, OUT));
  CHECK(says("[{") && says("\"state\":\"active\""));
  IS(SB_OK, sb_set_data(engine, instance, "{\"visit\": \"Tuesday\"}", "{\"by\": \"li\"}", OUT));
  IS(SB_OK, sb_complete(engine, work, "{\"error_percent\": 0.1234567890123456789}", "{\"by\": \"wang\"}", OUT));
  CHECK(says("\"state\":\"completed\""));
  IS(SB_OK, sb_data(engine, instance, OUT));
  CHECK(says("\"error_percent\":0.1234567890123456789") && says("\"visit\":\"Tuesday\""));
  IS(SB_OK, sb_history(engine, instance, 0, 1000, OUT));
  CHECK(says("\"sequence\":1,") && says("\"event\":"));
  IS(SB_OK, sb_instances(engine, "{\"customer\": \"1001\"}", OUT));
  CHECK(says("\"state\":\"completed\""));
  IS(SB_OK, sb_instance(engine, instance, OUT));
  IS(SB_OK, sb_report(engine, "{\"by\": [\"clock\"], \"from\": \"2026-03-01T00:00:00Z\"}", OUT));
  CHECK(says("\"rows\":[{\"clock\":\"answer\"") && says("\"kept\":1"));
  IS(SB_USAGE, sb_report(engine, "{\"by\": [\"colour\"]}", OUT));
  IS(SB_OK, sb_names(engine, "clock", OUT));
  CHECK(says("\"answer\""));
  IS(SB_OK, sb_names(engine, "pending_calendar", OUT));
  CHECK(says("[]"));
  IS(SB_USAGE, sb_names(engine, "clocks", OUT));
  IS(SB_OK, sb_zone(engine, "meter-check", OUT));
  IS(SB_NOT_FOUND, sb_message_to_case(engine, "nobody", "M-1", NULL, NULL, OUT));
  clock.now += day;
  IS(SB_OK, sb_prune(engine, "2026-03-07T00:00:00Z", OUT));
  CHECK(says("{\"requests\":") && says("\"outbox\":1}"));
  IS(SB_USAGE, sb_prune(engine, "yesterday", OUT));
  IS(SB_OK, sb_incidents(engine, NULL, OUT));
  CHECK(says("[]"));
  IS(SB_OK, sb_check(engine, OUT));
  CHECK(says("[]"));
  IS(SB_USAGE, sb_listen(engine, NULL, NULL, OUT));
  IS(SB_OK, sb_unlisten(engine, 1, OUT));
  IS(SB_USAGE, sb_unlisten(engine, 1, OUT));
  heard = 0;
  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1002\"}", NULL, NULL, OUT));
  CHECK(heard == 0);
  IS(SB_OK, sb_close(engine, OUT));
  free(instance);
  free(work);
}

static void a_job_that_goes_wrong(const char* yaml, manner how, const char* history) {
  virtual_clock clock = {1772413200 * (int64_t)1000000, 0};
  worker_state worker = {how, 0};
  sb_engine* engine = NULL;
  char* instance;
  IS(SB_OK, sb_open(NULL, tell, &clock, &engine, OUT));
  IS(SB_OK, sb_deploy(engine, yaml, NULL, OUT));
  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1001\"}", NULL, NULL, OUT));
  instance = text_of("instance");
  IS(SB_OK, sb_work_off(engine, "book-visit", book, &worker, 10, OUT));
  CHECK(says("{\"count\":1}"));
  IS(SB_OK, sb_history(engine, instance, 0, 1000, OUT));
  CHECK(says(history));
  IS(SB_OK, sb_close(engine, OUT));
  free(instance);
}

static void bad_calls(const char* yaml) {
  virtual_clock clock = {1772413200 * (int64_t)1000000, 0};
  sb_engine* engine = NULL;
  sb_engine* closed = NULL;
  worker_state worker = {books, 0};
  int dummy = 0;
  /* handles */
  IS(SB_USAGE, sb_tick(NULL, 1, OUT));
  CHECK(says("\"id\":\"SB1101\"") && says("NULL"));
  IS(SB_USAGE, sb_close(NULL, OUT));
  IS(SB_USAGE, sb_open(NULL, NULL, NULL, NULL, OUT));
  CHECK(says("SB1102"));
  IS(SB_OK, sb_open(NULL, NULL, NULL, &closed, OUT));
  IS(SB_OK, sb_close(closed, OUT));
  IS(SB_USAGE, sb_close(closed, OUT));
  CHECK(says("SB1101") && says("closed"));
  IS(SB_USAGE, sb_start(closed, "x", NULL, NULL, NULL, OUT));
  IS(SB_USAGE, sb_work(closed, NULL, OUT));
  IS(SB_USAGE, sb_listen(closed, listen, &dummy, OUT));
  IS(SB_USAGE, sb_tick((sb_engine*)(void*)&dummy, 1, OUT)); /* not a handle at all */
  /* options */
  IS(SB_USAGE, sb_open("{\"databse\": \"x.db\"}", NULL, NULL, &engine, OUT));
  CHECK(says("SB1103") && says("did you mean 'database'?") && engine == NULL);
  IS(SB_USAGE, sb_open("{\"create\": \"yes\"}", NULL, NULL, &engine, OUT));
  CHECK(says("SB1104") && says("'create' must be true or false"));
  IS(SB_USAGE, sb_open("{\"zone\": \"Asia/Shanghia\"}", NULL, NULL, &engine, OUT));
  CHECK(says("SB1106"));
  IS(SB_USAGE, sb_open("[]", NULL, NULL, &engine, OUT));
  IS(SB_INVALID, sb_open("{\"create\": tru}", NULL, NULL, &engine, OUT));
  CHECK(says("\"place\":\"options:"));
  IS(SB_STORAGE, sb_open("{\"database\": \"/nowhere/at/all.db\"}", NULL, NULL, &engine, OUT));
  CHECK(engine == NULL);
  IS(SB_USAGE, sb_open("{\"database\": \"\"}", NULL, NULL, &engine, OUT));
  CHECK(says("SB1104") && says("leave it out for an engine in memory"));
  IS(SB_INVALID, sb_open("{\"database\": \"/tmp/dd\\u0000ev\"}", NULL, NULL, &engine, OUT));
  CHECK(says("SB0604") && says("zero byte"));
  IS(SB_NOT_FOUND, sb_open("{\"processes\": \"/nowhere/at/all\"}", NULL, NULL, &engine, OUT));
  CHECK(says("SB0545"));
  IS(SB_USAGE, sb_open("{\"language\": \"fr\"}", NULL, NULL, &engine, OUT));
  CHECK(engine == NULL);
  /* arguments */
  IS(SB_OK, sb_open(NULL, tell, &clock, &engine, OUT));
  IS(SB_USAGE, sb_deploy(engine, NULL, NULL, OUT));
  CHECK(says("SB1102") && says("'yaml'"));
  IS(SB_INVALID, sb_deploy(engine, "switchboard: 1\nprocess: x\nnods: {}\n", "x.yaml", OUT));
  CHECK(says("\"place\":\"x.yaml:3:1\"") && says("nodes"));
  CHECK(says("\"findings\":[{\"rule\":\"SB0107\",\"severity\":\"error\",\"file\":\"x.yaml\",\"line\":3,\"column\":1,"));
  CHECK(strstr(answer, "\\n") == NULL); /* on one line, each of them */
  IS(SB_USAGE, sb_deploy_together(engine, "[]", OUT));
  CHECK(says("SB1104") && says("'texts'"));
  IS(SB_USAGE, sb_deploy_together(engine, "[{\"yml\": \"\"}]", OUT));
  CHECK(says("SB1103"));
  IS(SB_OK, sb_deploy_together(
                engine,
                "[{\"yaml\": \"switchboard: 1\\nprocess: a\\nnodes:\\n  s: {type: startEvent, next: c}\\n  c: {type: callActivity, process: b, "
                "next: e}\\n  e: {type: endEvent}\\n\", \"file\": \"a.yaml\"}, {\"yaml\": \"switchboard: 1\\nprocess: b\\nnodes:\\n  s: {type: "
                "startEvent, next: e}\\n  e: {type: endEvent}\\n\"}]",
                OUT));
  CHECK(says("\"process\":\"a\"") && says("\"process\":\"b\""));
  IS(SB_INVALID, sb_add_resource(engine, "switchboard: 1\ncalendar: odd\nzone: Nowhere\nhollidays: []\n", "odd.yaml", OUT));
  CHECK(says("\"place\":\"odd.yaml:") && strstr(answer, "\\n") == NULL);
  IS(SB_OK, sb_deploy(engine, yaml, NULL, OUT));
  IS(SB_INVALID, sb_start(engine, "meter-check", "{\"customer_no\": }", NULL, NULL, OUT));
  CHECK(says("\"place\":\"data:1:") || says("\"place\":\"data:line"));
  IS(SB_USAGE, sb_start(engine, "meter-check", "[1]", NULL, NULL, OUT));
  CHECK(says("SB1104"));
  CHECK(sb_start(engine, "meter-check", NULL, NULL, NULL, OUT) != SB_OK); /* customer_no is required */
  CHECK(says("customer_no"));
  CHECK(sb_start(engine, "meter-check", "{\"customer_no\": 5}", NULL, NULL, OUT) != SB_OK);
  CHECK(says("is a number"));
  IS(SB_NOT_FOUND, sb_start(engine, "meter-chek", "{}", NULL, NULL, OUT));
  CHECK(says("\"kind\":\"not_found\"") && says("meter-chek"));
  IS(SB_INVALID, sb_claim(engine, "\xff\xfe", NULL, OUT));
  CHECK(says("SB1105") && says("\"place\":\"work\""));
  IS(SB_INVALID, sb_claim(engine, "i-1.1", "{\"by\": \"\xff\xfe\"}", OUT));
  CHECK(says("\"place\":\"caller:1:"));
  IS(SB_USAGE, sb_claim(engine, "i-1.1", "{\"bye\": \"wang\"}", OUT));
  CHECK(says("SB1103") && says("did you mean 'by'?"));
  IS(SB_USAGE, sb_work(engine, "{\"limit\": -1}", OUT));
  IS(SB_USAGE, sb_work(engine, "{\"due_before\": \"tomorrow\"}", OUT));
  CHECK(says("due_before"));
  IS(SB_NOT_FOUND, sb_instance(engine, "i-999", OUT));
  CHECK(sb_instance(engine, "not an id", OUT) != SB_OK);
  CHECK(sb_complete(engine, "i-999.1", NULL, NULL, OUT) != SB_OK);
  IS(SB_USAGE, sb_work_off(engine, "book-visit", NULL, NULL, 1, OUT));
  IS(SB_USAGE, sb_deliver(engine, NULL, NULL, NULL, OUT));
  IS(SB_USAGE, sb_reply_ok(NULL, NULL));
  IS(SB_USAGE, sb_history(engine, "i-1", (uint64_t)-1, 10, OUT));
  CHECK(says("SB1104") && says("\"place\":\"after\""));
  IS(SB_OK, sb_tick(engine, (size_t)-1, OUT));
  CHECK(says("\"damaged\":0") && says("\"put_off\":0"));
  IS(SB_USAGE, sb_tick(NULL, 1, NULL)); /* an answer nobody wants */
  IS(SB_OK, sb_tick(engine, 1, NULL));
  /* a clock that fails: an exception inside, a status outside, nothing changed, and the engine goes on */
  clock.broken = 1;
  IS(SB_USAGE, sb_start(engine, "meter-check", "{\"customer_no\": \"1\"}", NULL, NULL, OUT));
  CHECK(says("SB1108"));
  clock.broken = 0;
  IS(SB_OK, sb_instances(engine, NULL, OUT));
  CHECK(says("[]"));
  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1\"}", NULL, NULL, OUT));
  IS(SB_OK, sb_work_off(engine, "book-visit", book, &worker, 10, OUT));
  IS(SB_OK, sb_close(engine, OUT));
}

/* What `check` refuses is deployed by nobody, and told as values. */
static void calls_that_do_not_fit(void) {
  static const char* child =
      "switchboard: 1\nprocess: child\ndata:\n  subject: {type: string, required: true}\n"
      "nodes:\n  begin: {type: startEvent, next: done}\n  done: {type: endEvent}\n";
  static const char* parent =
      "switchboard: 1\nprocess: parent\nnodes:\n  begin: {type: startEvent, next: ask}\n"
      "  ask: {type: callActivity, process: child, next: done}\n  done: {type: endEvent}\n";
  sb_engine* engine = NULL;
  IS(SB_OK, sb_open(NULL, NULL, NULL, &engine, OUT));
  IS(SB_OK, sb_deploy(engine, child, "child.yaml", OUT));
  IS(SB_INVALID, sb_deploy(engine, parent, "parent.yaml", OUT));
  CHECK(says("\"id\":\"SB0461\"") && says("\"rule\":\"SB0461\"") && says("\"element\":\"ask\""));
  IS(SB_OK, sb_close(engine, OUT));
  IS(SB_USAGE, sb_check_files("[]", NULL, OUT));
  IS(SB_USAGE, sb_check_files("\"x.yaml\"", NULL, OUT));
  IS(SB_OK, sb_check_files("[\"/nowhere/x.yaml\"]", NULL, OUT));
  CHECK(says("\"rule\":\"SB0703\"") && says("\"file\":\"/nowhere/x.yaml\""));
  IS(SB_NOT_FOUND, sb_check_files("[\"/nowhere/x.yaml\"]", "{\"processes\": \"/nowhere\"}", OUT));
}

/* A system of ours that has registers. */
static void answer_row(void* user, const char* question, sb_reply* reply) {
  ++*(int*)user;
  if (strstr(question, "\"key\":\"own\"") != NULL)
    sb_reply_error(reply, "not-mine", "");
  else if (strstr(question, "\"key\":\"none\"") != NULL)
    sb_reply_error(reply, "no-row", "");
  else if (strstr(question, "\"key\":\"down\"") != NULL)
    sb_reply_fail(reply, "the line is cut");
  else
    sb_reply_ok(reply, "{\"name\": \"Foreign\"}");
}

static void registers(void) {
  sb_engine* engine = NULL;
  int asked = 0;
  IS(SB_OK, sb_open(NULL, NULL, NULL, &engine, OUT));
  IS(SB_NOT_FOUND, sb_row(engine, "customer", "1", OUT));
  CHECK(says("SB0580"));
  IS(SB_OK, sb_add_resource(engine, "switchboard: 1\nregister: customer\nkey: no\nfields: {no: string, name: {type: string, required: true}, debt: number}\n",
                            "customer.yaml", OUT));
  IS(SB_OK, sb_put_row(engine, "customer", "own", "{\"name\": \"Li\", \"debt\": 5}", "{\"by\": \"wang\"}", OUT));
  CHECK(says("\"version\":1") && says("\"debt\":5") && says("\"by\":\"wang\""));
  IS(SB_INVALID, sb_put_row(engine, "customer", "own", "{\"dept\": 5}", NULL, OUT));
  CHECK(says("SB0581") && says("debt"));
  IS(SB_OK, sb_import_rows(engine, "customer", "[{\"no\": \"2\", \"name\": \"B\"}, {\"no\": \"3\"}]", NULL, OUT));
  CHECK(says("\"written\":1") && says("\"refused\":1") && says("row 2: "));
  IS(SB_USAGE, sb_import_rows(engine, "customer", "{}", NULL, OUT));
  IS(SB_OK, sb_rows(engine, "customer", "2", 10, OUT));
  CHECK(says("\"key\":\"own\"") && !says("\"key\":\"2\""));
  IS(SB_OK, sb_row_history(engine, "customer", "own", 0, 10, OUT));
  CHECK(says("\"version\":1"));
  IS(SB_OK, sb_set_register_source(engine, answer_row, &asked, OUT));
  IS(SB_OK, sb_row(engine, "customer", "x", OUT));
  CHECK(says("Foreign") && says("\"version\":0"));
  IS(SB_OK, sb_row(engine, "customer", "own", OUT));
  IS(SB_NOT_FOUND, sb_row(engine, "customer", "none", OUT));
  IS(SB_INVALID, sb_row(engine, "customer", "down", OUT));
  CHECK(says("the line is cut") && asked == 4);
  IS(SB_OK, sb_set_register_source(engine, NULL, NULL, OUT));
  IS(SB_NOT_FOUND, sb_row(engine, "customer", "x", OUT));
  IS(SB_OK, sb_close(engine, OUT));
}

static void simulations(const char* processes) {
  char options[512];
  IS(SB_USAGE, sb_simulate(NULL, NULL, NULL, NULL, OUT));
  IS(SB_USAGE, sb_simulate("x", "{\"sed\": 1}", NULL, NULL, OUT));
  CHECK(says("did you mean 'seed'?"));
  CHECK(sb_simulate("/nowhere/x.scenario.yaml", NULL, NULL, NULL, OUT) != SB_OK);
  snprintf(options, sizeof options, "{\"processes\": \"%s\", \"seed\": 7, \"replications\": 2, \"cases\": 50, \"text\": true}", processes);
  CHECK(sb_simulate("switchboard: 1\nscenario: x\nnonsense: 1\n", options, NULL, NULL, OUT) == SB_INVALID);
  CHECK(says("SB10") || says("SB01"));
  CHECK(sb_simulate("switchboard: 1\nscenario: x\narrivals: {q: {rate: -1 per h}}\nresources: {a: 0}\n", options, NULL, NULL, OUT) == SB_INVALID);
  CHECK(says("\"findings\":[{\"rule\":\"SB10") && says("},{\"rule\":\"SB10") && strstr(answer, "\\n") == NULL);
}

static void* start_some(void* user) {
  int i;
  for (i = 0; i < 20; ++i) {
    char* mine = NULL;
    if (sb_start((sb_engine*)user, "meter-check", "{\"customer_no\": \"1\"}", NULL, NULL, &mine) != SB_OK) {
      printf("start in a thread: %s\n", mine);
      sb_free(mine);
      return user;
    }
    sb_free(mine);
  }
  return NULL;
}

static void threads(const char* yaml) {
  sb_engine* engine = NULL;
  pthread_t running[4];
  int i;
  IS(SB_OK, sb_open(NULL, NULL, NULL, &engine, OUT));
  IS(SB_OK, sb_deploy(engine, yaml, NULL, OUT));
  for (i = 0; i < 4; ++i) CHECK(pthread_create(&running[i], NULL, start_some, engine) == 0);
  for (i = 0; i < 4; ++i) {
    void* bad = NULL;
    pthread_join(running[i], &bad);
    CHECK(bad == NULL);
  }
  IS(SB_OK, sb_instances(engine, "{\"after\": 0, \"limit\": 1000}", OUT));
  CHECK(says("\"i-80\"") && !says("\"i-81\""));
  IS(SB_OK, sb_close(engine, OUT));
}

/* A clock and a listener that say when they are freed too early. Locks, not flags: this runs under tsan. */
struct guarded {
  pthread_mutex_t mutex;
  int alive, told, late;
};

static void look(struct guarded* g) {
  pthread_mutex_lock(&g->mutex);
  ++g->told;
  if (!g->alive) ++g->late;
  pthread_mutex_unlock(&g->mutex);
}

static int64_t slow_clock(void* user) {
  const struct timespec a_moment = {0, 200000};
  nanosleep(&a_moment, NULL);
  look((struct guarded*)user);
  return 1772413200000000;
}

static void slow_listener(void* user, const char* change) {
  const struct timespec a_moment = {0, 2000000};
  (void)change;
  look((struct guarded*)user);
  nanosleep(&a_moment, NULL);
  look((struct guarded*)user);
}

static void* start_until_closed(void* user) {
  for (;;) {
    char* mine = NULL;
    const sb_status status = sb_start((sb_engine*)user, "meter-check", "{\"customer_no\": \"1\"}", NULL, NULL, &mine);
    sb_free(mine);
    if (status == SB_USAGE) return NULL;
    if (status != SB_OK) return user;
  }
}

static void bury(struct guarded* g) {
  pthread_mutex_lock(&g->mutex);
  g->alive = 0;
  pthread_mutex_unlock(&g->mutex);
}

static int told(struct guarded* g) {
  int count;
  pthread_mutex_lock(&g->mutex);
  count = g->told;
  pthread_mutex_unlock(&g->mutex);
  return count;
}

/* What sb_listen and sb_close promise: when they return, nobody uses the listener and the clock any more. */
static void closing_waits(const char* yaml) {
  const struct timespec a_moment = {0, 5000000};
  struct guarded clock = {PTHREAD_MUTEX_INITIALIZER, 1, 0, 0}, first = {PTHREAD_MUTEX_INITIALIZER, 1, 0, 0}, later = first;
  sb_engine* engine = NULL;
  pthread_t running[3];
  int i;
  IS(SB_OK, sb_open(NULL, slow_clock, &clock, &engine, OUT));
  IS(SB_OK, sb_deploy(engine, yaml, NULL, OUT));
  IS(SB_OK, sb_listen(engine, slow_listener, &first, OUT));
  for (i = 0; i < 3; ++i) CHECK(pthread_create(&running[i], NULL, start_until_closed, engine) == 0);
  while (told(&first) < 5) nanosleep(&a_moment, NULL);
  IS(SB_OK, sb_listen(engine, slow_listener, &later, OUT));
  IS(SB_OK, sb_unlisten(engine, 1, OUT));
  bury(&first);
  while (told(&later) < 5) nanosleep(&a_moment, NULL);
  IS(SB_OK, sb_close(engine, OUT));
  bury(&later);
  bury(&clock);
  for (i = 0; i < 3; ++i) {
    void* bad = NULL;
    pthread_join(running[i], &bad);
    CHECK(bad == NULL);
  }
  CHECK(first.late == 0 && later.late == 0 && clock.late == 0);
}

/* From inside its own callback an engine closes without waiting for itself. */
static void close_in_listener(void* user, const char* change) {
  (void)change;
  if (sb_unlisten(*(sb_engine**)user, 1, NULL) != SB_OK || sb_close(*(sb_engine**)user, NULL) != SB_OK) ++failures;
}

static void closing_from_inside(const char* yaml) {
  sb_engine* engine = NULL;
  IS(SB_OK, sb_open(NULL, NULL, NULL, &engine, OUT));
  IS(SB_OK, sb_deploy(engine, yaml, NULL, OUT));
  IS(SB_OK, sb_listen(engine, close_in_listener, &engine, OUT));
  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1\"}", NULL, NULL, OUT));
  IS(SB_USAGE, sb_tick(engine, 1, OUT));
}

static void* stop_soon(void* handle) {
  const struct timespec a_moment = {0, 100000000};
  nanosleep(&a_moment, NULL);
  return sb_close((sb_engine*)handle, NULL) == SB_OK ? NULL : handle;
}

/* Jobs under a lease: who is too late is refused, and closing wakes who waits. */
static void a_worker(const char* yaml) {
  const char* fetch = "{\"worker\": \"a\", \"topics\": [\"book-visit\"], \"most\": 5, \"lease_seconds\": 60}";
  virtual_clock clock = {1772413200 * (int64_t)1000000, 0};
  sb_engine* engine = NULL;
  pthread_t other;
  void* bad = NULL;
  char* work;
  IS(SB_OK, sb_open(NULL, tell, &clock, &engine, OUT));
  IS(SB_OK, sb_deploy(engine, yaml, NULL, OUT));
  IS(SB_USAGE, sb_fetch(engine, NULL, OUT));
  CHECK(says("SB0556"));
  IS(SB_USAGE, sb_fetch(engine, "{\"worker\": \"a\", \"topics\": [\"x\"], \"wait_seconds\": -1}", OUT));
  IS(SB_OK, sb_fetch(engine, fetch, OUT));
  CHECK(says("[]"));
  IS(SB_OK, sb_start(engine, "meter-check", "{\"customer_no\": \"1\"}", NULL, NULL, OUT));
  IS(SB_OK, sb_wait(engine, "{\"topics\": [\"book-visit\"]}", 10, OUT));
  CHECK(says("{\"there\":true}"));
  IS(SB_OK, sb_fetch(engine, fetch, OUT));
  CHECK(says("\"token\":1") && says("\"attempt\":1") && says("\"lease_until\":\"2026-03-02T01:01:00Z\""));
  work = text_of("work");
  IS(SB_OK, sb_extend(engine, work, 120, "{\"by\": \"a\", \"token\": 1}", OUT));
  CHECK(says("\"lease_until\":\"2026-03-02T01:02:00Z\""));
  IS(SB_USAGE, sb_extend(engine, work, -1, "{\"by\": \"a\", \"token\": 1}", OUT));
  clock.now += 121 * second;
  IS(SB_OK, sb_fetch(engine, "{\"worker\": \"b\", \"topics\": [\"book-visit\"]}", OUT));
  CHECK(says("\"token\":2"));
  CHECK(sb_complete(engine, work, "{\"visit\": \"Monday\"}", "{\"by\": \"a\", \"token\": 1}", OUT) != SB_OK);
  CHECK(says("SB0511"));
  IS(SB_OK,
     sb_fail(engine, work, "{\"message\": \"busy\", \"retries\": 9, \"retry_at\": \"2026-03-02T10:00:00Z\"}", "{\"by\": \"b\", \"token\": 2}", OUT));
  IS(SB_OK, sb_work(engine, NULL, OUT));
  CHECK(says("\"retries\":9") && says("\"state\":\"waiting_retry\""));
  CHECK(pthread_create(&other, NULL, stop_soon, engine) == 0);
  IS(SB_OK, sb_fetch(engine, "{\"worker\": \"c\", \"topics\": [\"book-visit\"], \"wait_seconds\": 600}", OUT));
  CHECK(says("[]"));
  pthread_join(other, &bad);
  CHECK(bad == NULL);
  free(work);
}

int main(int argc, char** argv) {
  char* yaml;
  if (argc != 3) {
    printf("usage: c_test meter-check.yaml PROCESSES\n");
    return 2;
  }
  yaml = read_file(argv[1]);
  CHECK(strcmp(sb_status_name(SB_NOT_FOUND), "not_found") == 0 && strcmp(sb_status_name((sb_status)99), "unknown") == 0);
  CHECK(strlen(sb_version()) >= 5);
  sb_free(NULL);
  a_case_from_start_to_end(yaml);
  a_job_that_goes_wrong(yaml, forgets, "SB1110");
  a_job_that_goes_wrong(yaml, bad_json, "result:1:11: not JSON");
  a_job_that_goes_wrong(yaml, fails, "no car is free");
  a_job_that_goes_wrong(yaml, models_error, "no-access");
  a_job_that_goes_wrong(yaml, mends, "work-completed");
  bad_calls(yaml);
  registers();
  calls_that_do_not_fit();
  simulations(argv[2]);
  threads(yaml);
  closing_waits(yaml);
  closing_from_inside(yaml);
  a_worker(yaml);
  fresh();
  free(yaml);
  printf(failures == 0 ? "c_test: all good\n" : "c_test: %d failures\n", failures);
  return failures == 0 ? 0 : 1;
}

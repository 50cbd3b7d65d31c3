// Verbs around work: list, claim, release, complete, fail.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/answers.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/record_table.hpp"
#include "cli/session.hpp"
#include "cli/sources.hpp"
#include "cli/verb.hpp"
#include "cli/words.hpp"

namespace switchboard::cli {

namespace {

struct WorkRequest {
  WorkRef work;
  std::string data, message, error;
  Caller caller;
  Find find;
  bool all = false;
};
using WorkRun = Result<int> (*)(const Options&, const WorkRequest&);

std::string who_of(const WorkInfo& w) {
  if (!w.assignee.empty()) return w.assignee;
  if (!w.groups.empty()) return join(w.groups);
  return w.topic;
}

Result<int> list(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.find.process));
  Find find = request.find;
  find.open_only = !request.all;
  SB_TRY(const std::vector<WorkInfo> all, session.engine().work(find));
  if (all.empty()) note_if_unknown(session, find);
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  RecordTable<WorkInfo> table(language_of(options));
  table.show("assignee", [](const WorkInfo& w, const std::string&) { return who_of(w); });
  print(all.empty() ? "no open work\n" : table.text(all, zone_in(session)));
  return exit_ok;
}

Result<int> claim(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkId id, find_work_id(session, request.work, request.caller.request_id));
  SB_TRY(const WorkInfo w, session.engine().claim(id, request.caller));
  return answer(options, session, w);
}

Result<int> release(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkId id, find_work_id(session, request.work, request.caller.request_id));
  SB_TRY(const WorkInfo w, session.engine().release(id, request.caller));
  return answer(options, session, w);
}

Result<int> complete(const Options& options, const WorkRequest& request) {
  SB_TRY(const Value result, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkId id, find_work_id(session, request.work, request.caller.request_id));
  SB_TRY(const CaseInfo c, session.engine().complete(id, result, request.caller));
  return answer(options, session, c);
}

Result<int> fail(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkId id, find_work_id(session, request.work, request.caller.request_id));
  SB_TRY(const CaseInfo c, session.engine().fail(id, {request.message, request.error}, request.caller));
  return answer(options, session, c);
}

using WorkVerb = Verb<WorkRequest>;

WorkVerb verb(CLI::App& app, const Options& options, Action& action, const char* name, const char* about, WorkRun run) {
  return add_verb<WorkRequest>(app, options, action, "Work", name, about, run);
}

/// The option that says who does it.
CLI::Option* take_work(const WorkVerb& v) {
  v.sub->add_option("WORK", v.request->work.word, "work id (i-17.5), or with --case the node")->required();
  v.sub->add_option("--case", v.request->work.case_no, "case number; WORK is then the node, e.g. dispatch or call-back/dial")->type_name("NUMBER");
  v.sub->add_option("--request-id", v.request->caller.request_id, "makes a repeated call harmless")->type_name("TEXT");
  return v.sub->add_option("--by", v.request->caller.by, "who does it")->type_name("NAME");
}

}  // namespace

void add_work_verbs(CLI::App& app, const Options& options, Action& action) {
  WorkVerb v = verb(app, options, action, "work", "list open work", list);
  v.sub->add_option("--case", v.request->find.case_no, "of this case")->type_name("NUMBER");
  v.sub->add_option("--process", v.request->find.process, "of this process")->type_name("ID");
  v.sub->add_option("--group", v.request->find.group, "for this group")->type_name("GROUP");
  v.sub->add_option("--assignee", v.request->find.assignee, "of this person")->type_name("NAME");
  v.sub->add_option("--topic", v.request->find.topic, "jobs of this topic")->type_name("TOPIC");
  v.sub->add_option("--limit", v.request->find.limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();
  v.sub->add_flag("--all", v.request->all, "failed and waiting jobs too");

  v = verb(app, options, action, "claim", "take a work for yourself", claim);
  take_work(v)->required();

  v = verb(app, options, action, "release", "give a claimed work back", release);
  take_work(v);

  v = verb(app, options, action, "complete", "finish a work with its result", complete);
  take_work(v);
  v.sub->add_option("--data,--with", v.request->data, "the result")->type_name("JSON|@FILE");

  v = verb(app, options, action, "fail", "say that a work could not be done", fail);
  take_work(v);
  v.sub->add_option("--message", v.request->message, "why")->type_name("TEXT");
  v.sub->add_option("--error", v.request->error, "a BPMN error the process may catch; without it the job is tried again")->type_name("CODE");
}

}  // namespace switchboard::cli

// Verbs around work: list, claim, assign, release, complete, fail; for workers fetch and extend.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/answers.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/record_table.hpp"
#include "cli/session.hpp"
#include "cli/sources.hpp"
#include "cli/table.hpp"
#include "cli/verb.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::cli {

namespace {

struct WorkRequest {
  WorkRef work;
  std::string data, message, error, lease, wait, retry_at, person, unit;
  std::int32_t retries = -1;
  Caller caller;
  Find find;
  Fetch fetch;
  bool all = false;
};
using WorkRun = Result<int> (*)(const Options&, const WorkRequest&);

std::string who_of(const WorkInfo& w) {
  if (!w.assignee.empty()) return w.assignee;
  if (!w.groups.empty()) return join(w.groups);
  return w.topic;
}

/// Nothing for a group may be true, or the name a slip: says which groups have open work.
Result<void> note_if_no_group(const Session& session, const std::string& group) {
  Find open;
  open.open_only = true;
  SB_TRY(const std::vector<WorkInfo> all, session.engine().work(open));
  std::set<std::string> groups;
  for (const WorkInfo& w : all) groups.insert(w.groups.begin(), w.groups.end());
  const std::vector<std::string> names(groups.begin(), groups.end());
  const std::string near = model::nearest_name(group, names);
  note(fmt::format("nothing is open for the group '{}'; {}", group,
                   !near.empty()   ? fmt::format("did you mean '{}'?", near)
                   : names.empty() ? std::string("nor for any other")
                                   : "groups with open work: " + join(names)));
  return success();
}

/// Each with the place of its instance and who has it, and which promise of its case breaks next.
RecordTable<WorkInfo> work_table(const Options& options) {
  const std::string language = language_of(options);
  RecordTable<WorkInfo> table(language);
  table.show("about", [](const WorkInfo& w, const std::string&) { return w.about.empty() ? w.customer : one_line(Value(w.about), 60); });
  table.show("promise_due", [language](const WorkInfo& w, const std::string& zone) {
    return !w.promise_due ? std::string() : w.promise_on_hold ? on_hold(language) : shown_time(*w.promise_due, zone);
  });
  table.show("promise_left", [](const WorkInfo& w, const std::string&) {
    if (!w.promise_left) return std::string();
    const std::string left = short_duration(*w.promise_left);
    return w.promise_left->us < 0 && !w.promise_on_hold ? paint(left, Colour::red, 1) : left;
  });
  table.show("node", [](const WorkInfo& w, const std::string&) { return place_of(w); });
  table.show("assignee", [](const WorkInfo& w, const std::string&) { return who_of(w); });
  return table;
}

/// The same work as a list by promise has it: with what its case is known by and which promise breaks next.
Result<WorkInfo> with_promise(const Session& session, const WorkInfo& work) {
  Find of_case;
  of_case.instance = work.instance;
  of_case.by_promise = true;
  for (;;) {
    SB_TRY(const std::vector<WorkInfo> page, session.engine().work(of_case));
    for (const WorkInfo& w : page)
      if (w.work == work.work) return w;
    if (page.size() < of_case.limit) return work;
    of_case.cursor = page.back().cursor;
  }
}

/// "label: text", a line each; nothing for what is not there.
void print_facts(const WorkInfo& w, const std::string& language) {
  const bool zh = language == "zh";
  if (!w.documentation.empty()) print_line("\n" + w.documentation);
  const Context* inputs = w.inputs.context();
  if (inputs == nullptr || inputs->size() == 0) return;
  Table table(titles({"input", "value"}, language));
  for (const auto& [name, value] : inputs->entries()) table.add({name, one_line(value, 200)});
  print((zh ? "\n任务带来的数据\n" : "\nGiven with the task\n") + table.text());
}

/// One work: what it is, what the process says about it, what it is given, and its form as it is to be drawn.
Result<int> show_work(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  WorkRef ref = request.work;
  ref.case_no = request.find.case_no;
  SB_TRY(const WorkInfo found, find_work(session, ref));
  SB_TRY(const WorkInfo w, with_promise(session, found));
  SB_TRY(const std::vector<FieldInfo> form, session.engine().form(w.work));
  const std::string& zone = session.zone(w.process);
  if (options.json) {
    Context all = *to_value(w, zone).context();
    all.set("fields", to_value(form, zone));
    print_json(Value(std::move(all)));
    return exit_ok;
  }
  const auto its_zone = [&zone](const auto&) -> const std::string& { return zone; };
  print(work_table(options).text(std::vector<WorkInfo>{w}, its_zone));
  print_facts(w, language_of(options));
  if (!form.empty()) print("\n" + RecordTable<FieldInfo>(language_of(options)).text(form, its_zone));
  return exit_ok;
}

Result<int> list(const Options& options, const WorkRequest& request) {
  if (!request.work.word.empty()) return show_work(options, request);
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.find.process));
  Find find = request.find;
  find.open_only = !request.all;
  find.by_promise = true;
  find.limit = request.find.limit + 1;  // so that a page that is full and the last one says so
  SB_TRY(std::vector<WorkInfo> all, session.engine().work(find));
  const bool has_more = all.size() > request.find.limit;
  if (has_more) all.pop_back();
  note_damaged(all);
  note_pending_calendars(session);
  if (all.empty()) note_if_unknown(session, find);
  if (all.empty() && !find.group.empty()) {
    SB_TRYV(note_if_no_group(session, find.group));
  }
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  print(all.empty() ? "no open work\n" : work_table(options).text(all, zone_in(session)));
  if (has_more) print_line(next_page(all.back().cursor, language_of(options)));
  return exit_ok;
}

/// Carries out `command` on the work that is named. An id goes straight to the engine, which loads the case once; only when there is no such work,
/// what is open there is looked up, for the message.
template <class Command>
auto on_work(const Session& session, const WorkRequest& request, const Command& command) -> decltype(command(WorkId())) {
  const bool is_id = request.work.case_no.empty() && request.work.word.starts_with("i-");
  if (!is_id) {
    SB_TRY(const WorkId id, find_work_id(session, request.work, request.caller.request_id));
    return command(id);
  }
  auto done = command(request.work.word);
  if (done || (done.error().id != "SB0504" && done.error().id != "SB0548")) return done;
  SB_TRYV(find_work(session, request.work));
  return done;
}

Result<int> claim(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkInfo w, on_work(session, request, [&](const WorkId& id) { return session.engine().claim(id, request.caller); }));
  return answer(options, session, w);
}

Result<int> assign(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkInfo w, on_work(session, request, [&](const WorkId& id) {
           return session.engine().assign(id, request.person, request.caller.reason, request.caller);
         }));
  return answer(options, session, w);
}

/// A word with a dot, or a node beside a case number, is a work; else the whole case is meant.
Result<int> move(const Options& options, const WorkRequest& request) {
  const WorkRef& what = request.work;
  if (what.word.empty() && what.case_no.empty()) return wrong_use("move: what?", "give an instance id, a work id, or --case NUMBER");
  const bool is_case = what.word.empty() || (what.case_no.empty() && what.word.starts_with("i-") && what.word.find('.') == std::string::npos);
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  if (!is_case) {
    SB_TRY(const WorkInfo w, on_work(session, request, [&](const WorkId& id) {
             return session.engine().move_work(id, request.unit, request.caller.reason, request.caller);
           }));
    return answer(options, session, w);
  }
  SB_TRY(const CaseInfo found, find_case(session, {what.word, what.case_no}));
  SB_TRY(const CaseInfo c, session.engine().move(found.instance, request.unit, request.caller.reason, request.caller));
  return answer(options, session, c);
}

Result<int> release(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkInfo w, on_work(session, request, [&](const WorkId& id) { return session.engine().release(id, request.caller); }));
  return answer(options, session, w);
}

Result<int> complete(const Options& options, const WorkRequest& request) {
  SB_TRY(const Value result, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo c, on_work(session, request, [&](const WorkId& id) { return session.engine().complete(id, result, request.caller); }));
  return answer(options, session, c);
}

Result<int> fail(const Options& options, const WorkRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  Failure failure{request.message, request.error, {}, {}};
  if (request.retries >= 0) failure.retries = request.retries;
  if (!request.retry_at.empty()) {
    SB_TRY(failure.retry_at, instant_or_span("--retry-at", request.retry_at, session.now(), Direction::ahead));
  }
  SB_TRY(const CaseInfo c, on_work(session, request, [&](const WorkId& id) { return session.engine().fail(id, failure, request.caller); }));
  return answer(options, session, c);
}

Result<int> extend(const Options& options, const WorkRequest& request) {
  SB_TRY(const Duration lease, span("--lease", request.lease));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const WorkInfo w, on_work(session, request, [&](const WorkId& id) { return session.engine().extend(id, lease, request.caller); }));
  return answer(options, session, w);
}

Result<int> fetch(const Options& options, const WorkRequest& request) {
  Fetch wanted = request.fetch;
  if (!request.lease.empty()) {
    SB_TRY(wanted.lease, span("--lease", request.lease));
  }
  if (!request.wait.empty()) {
    SB_TRY(wanted.wait, span("--wait", request.wait));
  }
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const std::vector<Job> jobs, session.engine().fetch(wanted));
  if (options.json) {
    print_all(session, jobs);
    return exit_ok;
  }
  RecordTable<Job> table(language_of(options));
  table.show("node", [](const Job& j, const std::string&) { return place_of(j); });
  table.without({"about", "promise", "promise_due", "promise_left"});
  print(jobs.empty() ? "no jobs\n" : table.text(jobs, zone_in(session)));
  return exit_ok;
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
  v.sub
      ->add_option("--organisation", v.request->caller.organisation,
                   "unit of the company that the caller acts for: refused when the work is of others")
      ->type_name("UNIT");
  return v.sub->add_option("--by", v.request->caller.by, "who does it")->type_name("NAME");
}

/// Groups that are named are checked; without the option the shell has seen to it that the caller may.
void take_groups(const WorkVerb& v) {
  const auto request = v.request;
  v.sub
      ->add_option_function<std::vector<std::string>>(
          "--groups", [request](const std::vector<std::string>& groups) { request->caller.groups = groups; },
          "groups that the caller is in: refused when the work is for others")
      ->type_name("GROUP,...")
      ->delimiter(',');
}

CLI::Option* take_token(const WorkVerb& v) {
  return v.sub->add_option("--token", v.request->caller.token, "number of the claim, as fetch answered: an older one is refused")
      ->type_name("N")
      ->check(positive());
}

}  // namespace

void add_work_verbs(CLI::App& app, const Options& options, Action& action) {
  WorkVerb v = verb(app, options, action, "work", "list open work, what breaks next first; with WORK that one and its form", list);
  v.sub->add_option("WORK", v.request->work.word, "work id (i-17.5), or with --case the node: what a form of it needs to be drawn");
  v.sub->add_option("--case", v.request->find.case_no, "of this case")->type_name("NUMBER");
  v.sub->add_option("--process", v.request->find.process, "of this process")->type_name("ID");
  v.sub->add_option("--group", v.request->find.group, "for this group")->type_name("GROUP");
  v.sub->add_option("--organisation", v.request->find.organisation, "offered to this unit of the company or one below it")->type_name("UNIT");
  v.sub->add_option("--assignee", v.request->find.assignee, "of this person")->type_name("NAME");
  v.sub->add_option("--topic", v.request->find.topic, "jobs of this topic")->type_name("TOPIC");
  v.sub->add_option("--after", v.request->find.cursor, "only behind the work with this cursor: paging")->type_name("CURSOR");
  v.sub->add_option("--limit", v.request->find.limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();
  v.sub->add_flag("--all", v.request->all, "failed and waiting jobs too");

  v = verb(app, options, action, "claim", "take a work for yourself", claim);
  take_work(v)->required();
  take_groups(v);

  v = verb(app, options, action, "release", "give a claimed work back", release);
  take_work(v);
  take_token(v);
  v.sub->add_option("--reason", v.request->caller.reason, "why; asked for when somebody else has it")->type_name("TEXT");

  v = verb(app, options, action, "assign", "give a work to a person, for a reason", assign);
  take_work(v)->required();
  v.sub->add_option("--to", v.request->person, "who is to do it")->type_name("NAME")->required();
  v.sub->add_option("--reason", v.request->caller.reason, "why; it stands in the history")->type_name("TEXT")->required();

  v = verb(app, options, action, "move", "bring a case, or one work of it, to another unit of the company", move);
  v.sub->add_option("WHAT", v.request->work.word, "instance id (i-17) or work id (i-17.5); with --case the node of the work, or nothing: the case");
  v.sub->add_option("--case", v.request->work.case_no, "case number")->type_name("NUMBER");
  v.sub->add_option("--to", v.request->unit, "the unit")->type_name("UNIT")->required();
  v.sub->add_option("--by", v.request->caller.by, "who does it")->type_name("NAME")->required();
  v.sub->add_option("--reason", v.request->caller.reason, "why; it stands in the history")->type_name("TEXT")->required();
  v.sub
      ->add_option("--organisation", v.request->caller.organisation,
                   "unit of the company that the caller acts for: refused when the case is of others")
      ->type_name("UNIT");
  v.sub->add_option("--request-id", v.request->caller.request_id, "makes a repeated call harmless")->type_name("TEXT");

  v = verb(app, options, action, "complete", "finish a work with its result", complete);
  take_work(v);
  take_groups(v);
  take_token(v);
  v.sub->add_option("--data,--with", v.request->data, "the result")->type_name("JSON|@FILE");

  v = verb(app, options, action, "fail", "say that a work could not be done", fail);
  take_work(v);
  take_groups(v);
  v.sub->add_option("--message", v.request->message, "why")->type_name("TEXT");
  v.sub->add_option("--error", v.request->error, "a BPMN error the process may catch; without it the job is tried again")->type_name("CODE");
  take_token(v);
  v.sub->add_option("--retries", v.request->retries, "how many are left; left out: one less than before")->type_name("N")->check(whole_to(1'000'000));
  v.sub->add_option("--retry-at,--retry-in", v.request->retry_at, "when it is tried again; left out: after the task's back-off")
      ->type_name("TIME|SPAN");

  v = verb(app, options, action, "fetch", "take jobs for a worker, the most urgent first", fetch);
  v.sub->add_option("WORKER", v.request->fetch.worker, "name of the worker: no other has it")->required();
  v.sub->add_option("TOPIC", v.request->fetch.topics, "what its jobs are about")->required();
  v.sub->add_option("--most", v.request->fetch.most, "at most so many")->type_name("N")->check(positive())->capture_default_str();
  v.sub->add_option("--lease", v.request->lease, "how long it may have them; left out: the task's timeout, or 5 min")->type_name("SPAN");
  v.sub->add_option("--wait", v.request->wait, "how long to wait for a job when there is none")->type_name("SPAN");

  v = verb(app, options, action, "extend", "have a job for longer", extend);
  take_work(v);
  take_groups(v);
  take_token(v)->required();
  v.sub->add_option("--lease", v.request->lease, "how long from now")->type_name("SPAN")->required();
}

}  // namespace switchboard::cli

// Verbs that change cases: deploy, start, message, signal, tick, cancel, suspend, resume, clock, set, resolve.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "cli/answers.hpp"
#include "cli/deploying.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/sources.hpp"
#include "cli/table.hpp"
#include "cli/verb.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::cli {

namespace {

struct CaseRequest {
  std::vector<std::string> what;
  std::string before, word, data, reason, key, start, version;
  CaseRef of;
  Caller caller;
  std::size_t limit = 100'000;
  std::string extend;
  bool drop = false, annul = false, pause = false, resume = false, all = false, recount = false, from_now = false, called = false;
};
using CaseRun = Result<int> (*)(const Options&, const CaseRequest&);

Result<int> deploy(const Options& options, const CaseRequest& request) {
  if (request.recount && request.from_now)
    return wrong_use("deploy: --recount or --from-now?",
                     "give one of them, or none: other opening hours then hold from now on, other days are counted again");
  SB_TRY(Deployment wanted, read_deployment(options, request.what));
  if (request.recount) wanted.change = CalendarChange::recount;
  if (request.from_now) wanted.change = CalendarChange::from_now;
  SB_TRY(const Session session, Session::open(options, Missing::create));
  SB_TRY(const std::vector<DeploymentInfo> done, deploy_all(session, wanted));
  SB_TRYV(note_uses(session, wanted, done));
  if (options.json) {
    List all;
    for (const DeploymentInfo& d : done) all.push_back(to_value(d, session.zone(d.process)));
    print_json(all);
    return exit_ok;
  }
  for (const std::string& resource : wanted.resources) print_line(fmt::format("stored {}", resource));
  for (const DeploymentInfo& d : done)
    print_line(fmt::format("deployed {} number {}{} ({})", d.process, d.number, d.version.empty() ? "" : ", version " + d.version,
                           d.definition.substr(0, 12)));
  return exit_ok;
}

/// The process to start: deployed already, or found in the folder and deployed now.
Result<std::string> deployed_process(const Options& options, const Session& session, const std::string& word) {
  if (is_file(word)) {
    SB_TRY(const Deployment wanted, read_deployment(options, {word}));
    SB_TRY(const std::vector<DeploymentInfo> done, deploy_all(session, wanted));
    SB_TRYV(note_uses(session, wanted, done));
    if (done.empty()) return Error{ErrorKind::invalid, "SB0712", "the file is no process", word, "name the file of a process"};
    return done.back().process;
  }
  SB_TRY(const std::vector<DeploymentInfo> all, session.engine().deployments());
  const bool known = std::any_of(all.begin(), all.end(), [&](const DeploymentInfo& d) { return d.process == word; });
  if (known) return word;
  auto deployed = session.engine().deploy_process(word);
  if (deployed) {
    SB_TRYV(note_uses(session, {{}, {}, {word}}, {deployed.value()}));
    return deployed.value().process;
  }
  Error error = deployed.error();
  if (error.id != "SB0541") return error;
  std::vector<std::string> names;
  for (const DeploymentInfo& d : all) names.push_back(d.process);
  error.message = fmt::format("there is no process '{}': neither deployed nor in the folder of processes", word);
  if (const std::string near = model::nearest_name(word, names); !near.empty()) error.hint = fmt::format("did you mean '{}'? it is deployed", near);
  return error;
}

Result<int> start(const Options& options, const CaseRequest& request) {
  SB_TRY(const Value data, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::create));
  SB_TRY(const std::string process, deployed_process(options, session, request.word));
  const StartOptions start{request.of.case_no, request.start, request.version};
  SB_TRY(const CaseInfo c, session.engine().start(process, data, start, request.caller));
  return answer(options, session, c);
}

Result<int> message(const Options& options, const CaseRequest& request) {
  SB_TRY(const Value payload, data_argument(request.data));
  if (request.key.empty() && request.of.case_no.empty()) return wrong_use("message: for whom?", "give --case NUMBER or --key KEY");
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  Engine& engine = session.engine();
  SB_TRY(const CaseInfo c, request.key.empty() ? engine.message_to_case(request.word, request.of.case_no, payload, request.caller)
                                               : engine.message(request.word, request.key, payload, request.caller));
  return answer(options, session, c);
}

/// A signal that nobody waits for is none the worse; one that nobody can ever wait for is a slip.
void note_if_no_signal(const Session& session, const std::string& name) {
  const auto names = session.engine().names(NameKind::signal);
  if (!names || std::binary_search(names.value().begin(), names.value().end(), name)) return;
  const std::string near = model::nearest_name(name, names.value());
  note(fmt::format("no deployed process knows a signal '{}'{}", name, near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

Result<int> signal(const Options& options, const CaseRequest& request) {
  SB_TRY(const Value payload, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const std::size_t heard, session.engine().signal(request.word, payload, request.caller));
  if (heard == 0) note_if_no_signal(session, request.word);
  if (options.json) {
    print_json(Context{{"signal", request.word}, {"heard", number(heard)}});
  } else {
    print_line(fmt::format("signal {} reached {} case{}", request.word, heard, heard == 1 ? "" : "s"));
  }
  return exit_ok;
}

Result<int> tick(const Options& options, const CaseRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const TickReport r, session.engine().tick(request.limit));
  const std::string& zone = session.zone({});
  if (options.json) {
    print_json(to_value(r, zone));
  } else {
    print_line(fmt::format("fired {} timers, {} marks, {} retries; next due {}", r.timers, r.marks, r.retries,
                           r.next_due ? shown_time(*r.next_due, zone) : "never"));
    if (r.kept > 0) note(fmt::format("{} messages were kept until their time was over, and nobody waited for them ('switchboard messages')", r.kept));
    if (r.rederived > 0)
      note(fmt::format(
          "{} cases followed a calendar that was changed; those that are left follow with the next ticks, or before anything else happens to them",
          r.rederived));
    if (r.put_off > 0) note(fmt::format("{} cases have more due than one tick fires for a case; the next tick goes on with them", r.put_off));
    if (r.damaged > 0)
      note(fmt::format("{} damaged rows could not be carried out; each is an incident in the outbox, 'switchboard fsck' names them", r.damaged));
  }
  return exit_ok;
}

Result<int> backup(const Options& options, const CaseRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(session.engine().backup(request.word));
  if (options.json)
    print_json(Context{{"file", request.word}});
  else
    print_line(fmt::format("copied to {}", request.word));
  return exit_ok;
}

Result<int> prune(const Options& options, const CaseRequest& request) {
  SB_TRY(const Instant now, present(options));
  SB_TRY(const Instant before, instant_or_span("--before", request.before, now, Direction::back));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const PruneReport r, session.engine().prune(before));
  if (options.json) {
    print_json(to_value(r, session.zone({})));
  } else {
    print_line(fmt::format("forgot {} answered requests and {} delivered records of cases that ended before {}", r.requests, r.outbox,
                           shown_time(before, session.zone({}))));
  }
  return exit_ok;
}

Result<int> cancel(const Options& options, const CaseRequest& request) {
  SB_TRYV(check_ref(request.of));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_case(session, request.of));
  SB_TRY(const CaseInfo c, session.engine().cancel(found.instance, request.reason, request.caller));
  return answer(options, session, c);
}

/// Called cases are cases of their own.
Result<void> note_called(const Session& session, const CaseInfo& c) {
  Find open;
  open.case_no = c.case_no;  // a called case has the number of its caller
  open.open_only = true;
  SB_TRY(const std::vector<CaseInfo> all, session.engine().instances(open));
  for (const CaseInfo& called : all)
    if (called.parent == c.instance && called.state == CaseState::active)
      note(fmt::format("the case that it called goes on: {} ({}), at {}; '--called' takes it along", called.instance, called.process,
                       join(called.at)));
  return success();
}

Result<int> suspend(const Options& options, const CaseRequest& request) {
  SB_TRYV(check_ref(request.of));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_case(session, request.of));
  if (request.called) {
    SB_TRY(const std::vector<CaseInfo> all, session.engine().suspend_with_called(found.instance, request.reason, request.caller));
    return answer(options, session, all);
  }
  SB_TRY(const CaseInfo c, session.engine().suspend(found.instance, request.reason, request.caller));
  SB_TRYV(note_called(session, c));
  return answer(options, session, c);
}

Result<int> resume(const Options& options, const CaseRequest& request) {
  SB_TRYV(check_ref(request.of));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_case(session, request.of));
  if (request.called) {
    SB_TRY(const std::vector<CaseInfo> all, session.engine().resume_with_called(found.instance, request.caller));
    return answer(options, session, all);
  }
  SB_TRY(const CaseInfo c, session.engine().resume(found.instance, request.caller));
  return answer(options, session, c);
}

/// What is asked for, and by how much; exactly one of the four.
Result<ClockChange> wanted_change(const CaseRequest& request) {
  const auto& r = request;
  const int said = (r.extend.empty() ? 0 : 1) + (r.annul ? 1 : 0) + (r.pause ? 1 : 0) + (r.resume ? 1 : 0);
  if (said != 1) return wrong_use("clock: what is to be done?", "give one of --extend DURATION, --void, --pause, --resume");
  if (r.annul) return ClockChange::annul;
  if (r.pause) return ClockChange::pause;
  return r.resume ? ClockChange::resume : ClockChange::extend;
}

Result<int> clock(const Options& options, const CaseRequest& request) {
  CaseRef of = request.of;
  std::vector<std::string> words = request.what;
  if (of.case_no.empty() && words.size() == 2) {
    of.instance = words.front();
    words.erase(words.begin());
  }
  if (words.size() != 1) return wrong_use("clock: which?", "give INSTANCE CLOCK, or --case NUMBER CLOCK");
  SB_TRYV(check_ref(of));
  SB_TRY(const ClockChange change, wanted_change(request));
  if (request.reason.empty()) return wrong_use("clock: why?", "give --reason TEXT");
  if (request.caller.by.empty()) return wrong_use("clock: who?", "give --by NAME");
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_case(session, of));
  SB_TRY(const CaseInfo c, session.engine().change_clock(found.instance, words.front(), change, request.extend, request.reason, request.caller));
  if (options.json) return answer(options, session, c);
  Find find;
  find.instance = c.instance;
  find.clock = words.front();
  SB_TRY(const std::vector<ClockInfo> rounds, session.engine().clocks(find));
  if (rounds.empty()) return exit_ok;
  const ClockInfo& k = *std::max_element(rounds.begin(), rounds.end(), [](const ClockInfo& a, const ClockInfo& b) { return a.round < b.round; });
  const std::string& zone = session.zone(k.process);
  print_line(fmt::format("{}: {} {}, due {}, originally {}", k.case_no, k.clock, to_string(k.state),
                         k.on_hold ? std::string("when it goes on") : shown_time(k.due, zone), shown_time(k.original_due, zone)));
  return exit_ok;
}

Result<int> begin(const Options& options, const CaseRequest& request) {
  CaseRef of = request.of;
  std::vector<std::string> words = request.what;
  if (of.case_no.empty() && words.size() == 2) {
    of.instance = words.front();
    words.erase(words.begin());
  }
  if (words.size() != 1) return wrong_use("begin: what?", "give INSTANCE ACTIVITY, or --case NUMBER ACTIVITY");
  SB_TRYV(check_ref(of));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_case(session, of));
  SB_TRY(const CaseInfo c, session.engine().begin_activity(found.instance, words.front(), request.caller));
  return answer(options, session, c);
}

/// Open cases of the filter whose instants are to be derived again.
Result<std::vector<CaseInfo>> cases_to_rederive(const Session& session, const CaseRequest& request) {
  if (!request.of.instance.empty() || !request.of.case_no.empty()) {
    SB_TRY(CaseInfo found, find_case(session, request.of));
    return std::vector<CaseInfo>{std::move(found)};
  }
  SB_TRYV(known_process(session, request.word));
  std::vector<CaseInfo> all;
  Find find;
  find.process = request.word;
  find.open_only = true;
  for (;;) {
    SB_TRY(auto page, session.engine().instances(find));
    all.insert(all.end(), page.begin(), page.end());
    if (page.size() < find.limit) return all;
    find.after = std::stoull(page.back().instance.substr(2));
  }
}

/// What one case is refused for stops no other: it is said, and the exit code tells.
bool is_of_this_case(const Error& error) { return error.kind != ErrorKind::storage || error.id == "SB0603" || error.id == "SB0610"; }

/// One case after the other, each in a transaction of its own: what is interrupted is repeated without harm.
Result<int> rederive(const Options& options, const CaseRequest& request) {
  const bool is_one = !request.of.instance.empty() || !request.of.case_no.empty();
  if (is_one == (request.all || !request.word.empty()))
    return wrong_use("rederive: which cases?", "give INSTANCE, --case NUMBER, --process ID or --all");
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const std::vector<CaseInfo> cases, cases_to_rederive(session, request));
  std::size_t done = 0;
  for (const CaseInfo& c : cases) {
    const auto derived = session.engine().rederive(c.instance, request.reason, request.caller);
    if (!derived && (is_one || !is_of_this_case(derived.error()))) return derived.error();
    if (derived)
      ++done;
    else
      note(fmt::format("{} ({}): {}", c.case_no, c.instance, derived.error().text()));
  }
  if (options.json)
    print_json(Context{{"cases", number(done)}});
  else
    print_line(fmt::format("derived the due instants of {} case{} again", done, done == 1 ? "" : "s"));
  return done == cases.size() ? exit_ok : exit_refused;
}

Caller with_reason(const CaseRequest& request) {
  Caller caller = request.caller;
  caller.reason = request.reason;
  return caller;
}

using DataChange = Result<CaseInfo> (Engine::*)(const InstanceId&, const Value&, const Caller&);

Result<int> change_data(const Options& options, const CaseRequest& request, std::string_view verb, DataChange change) {
  SB_TRYV(check_ref(request.of));
  if (request.data.empty()) return wrong_use(fmt::format("{}: what?", verb), "give --data '{\"name\": value}'");
  SB_TRY(const Value data, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_case(session, request.of));
  SB_TRY(const CaseInfo c, (session.engine().*change)(found.instance, data, with_reason(request)));
  return answer(options, session, c);
}

Result<int> set(const Options& options, const CaseRequest& request) { return change_data(options, request, "set", &Engine::set_data); }
Result<int> correct(const Options& options, const CaseRequest& request) { return change_data(options, request, "correct", &Engine::correct); }

/// By its number, the one that ended last: the case that took it up has the number, too.
Result<CaseInfo> find_ended(const Session& session, const CaseRef& ref) {
  if (ref.case_no.empty()) return find_case(session, ref);
  Find find;
  find.case_no = ref.case_no;
  SB_TRY(std::vector<CaseInfo> all, session.engine().instances(find));
  std::erase_if(all, [](const CaseInfo& c) { return !c.parent.empty() || !c.ended; });
  if (all.empty()) return find_case(session, ref);  // says why not, or its engine does
  return *std::max_element(all.begin(), all.end(), [](const CaseInfo& a, const CaseInfo& b) { return *a.ended < *b.ended; });
}

Result<int> reopen(const Options& options, const CaseRequest& request) {
  SB_TRYV(check_ref(request.of));
  SB_TRY(const Value data, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const CaseInfo found, find_ended(session, request.of));
  const StartOptions start{request.key, request.start, request.version};
  SB_TRY(const CaseInfo c, session.engine().reopen(found.instance, data, start, with_reason(request)));
  return answer(options, session, c);
}

Result<int> resolve(const Options& options, const CaseRequest& request) {
  SB_TRY(const Value data, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  if (request.drop && !request.data.empty())
    return Error{ErrorKind::usage, "SB0701", "--drop takes no data: what stands aside is not done again", "--data", "leave out one of the two"};
  SB_TRY(const CaseInfo c, request.drop ? session.engine().drop(request.word, request.reason, request.caller)
                                        : session.engine().resolve(request.word, data, with_reason(request)));
  if (request.word.starts_with("o-") && !options.json) {
    print_line(fmt::format("record {} of the outbox {}", request.word.substr(2), request.drop ? "is dropped" : "waits to be told again"));
    return exit_ok;
  }
  if (request.word.starts_with("m-") && !options.json) {
    print_line(fmt::format("message {} {}", request.word, request.drop ? "is dropped: nobody gets it" : "is kept once more"));
    return exit_ok;
  }
  return answer(options, session, c);
}

using CaseVerb = Verb<CaseRequest>;

CaseVerb verb(CLI::App& app, const Options& options, Action& action, const char* name, const char* about, CaseRun run) {
  return add_verb<CaseRequest>(app, options, action, "Cases", name, about, run);
}

void take_request_id(const CaseVerb& v) {
  v.sub->add_option("--request-id", v.request->caller.request_id, "makes a repeated call harmless")->type_name("TEXT");
}

void take_data(const CaseVerb& v, const char* about) { v.sub->add_option("--data", v.request->data, about)->type_name("JSON|@FILE"); }

void take_organisation(const CaseVerb& v) {
  v.sub
      ->add_option("--organisation", v.request->caller.organisation,
                   "unit of the company that the caller acts for: refused when the case is of others")
      ->type_name("UNIT");
}

void take_case(const CaseVerb& v) {
  take_organisation(v);
  v.sub->add_option("INSTANCE", v.request->of.instance, "instance id, e.g. i-17");
  v.sub->add_option("--case", v.request->of.case_no, "case number")->type_name("NUMBER");
  v.sub->add_option("--by", v.request->caller.by, "who does it")->type_name("NAME");
  take_request_id(v);
}

Result<int> receipt(const Options& options, const CaseRequest& request) {
  const auto kind = parse_word<ReceiptKind>(request.key);
  if (!kind) return wrong_use(fmt::format("'{}' is no kind of receipt", request.key), "it is delivered, failed, read or signed");
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  std::optional<Instant> at;
  if (!request.before.empty()) {
    SB_TRY(at, instant_argument("--at", request.before, session.zone({})));
  }
  SB_TRY(const OutboxInfo o, session.engine().receipt(request.word, *kind, at, request.reason, request.caller));
  if (options.json)
    print_json(to_value(o, session.zone(o.process)));
  else
    print_line(fmt::format("record {} of the outbox: {}", o.id, request.key));
  return exit_ok;
}

}  // namespace

void add_case_verbs(CLI::App& app, const Options& options, Action& action) {
  CaseVerb v = verb(app, options, action, "deploy", "compile, check and store processes (files, or ids in the processes folder)", deploy);
  v.sub->add_option("PROCESS", v.request->what, "FILE or ID")->required();
  v.sub->add_flag("--recount", v.request->recount, "a calendar: open promises on it are counted again since they began, or last went on");
  v.sub->add_flag("--from-now", v.request->from_now, "a calendar that changed: what open promises have used up stays, the rest counts on it");

  v = verb(app, options, action, "start", "begin a case; deploys the process from the processes folder if it is not deployed yet", start);
  v.sub->add_option("PROCESS", v.request->word, "ID or FILE")->required();
  v.sub->add_option("--case", v.request->of.case_no, "case number; default: made from the instance id")->type_name("NUMBER");
  v.sub->add_option("--start", v.request->start, "start event, when there are several")->type_name("NODE");
  v.sub->add_option("--version", v.request->version, "designer's tag or hash; default: the latest deployment")->type_name("TEXT");
  take_data(v, "the case data");
  take_request_id(v);

  v = verb(app, options, action, "message", "deliver a message to the case that waits for it", message);
  v.sub->add_option("MESSAGE", v.request->word, "its name")->required();
  v.sub->add_option("--case", v.request->of.case_no, "case number: whatever key the case waits with")->type_name("NUMBER");
  v.sub->add_option("--key", v.request->key, "correlation key, where the process computes one")->type_name("KEY");
  take_data(v, "payload");
  take_request_id(v);

  v = verb(app, options, action, "signal", "send a signal to every case that waits for it", signal);
  v.sub->add_option("SIGNAL", v.request->word, "its name")->required();
  take_data(v, "payload");
  take_request_id(v);

  v = verb(app, options, action, "tick", "fire every timer and mark that is due now", tick);
  v.sub->add_option("--limit", v.request->limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();

  v = verb(app, options, action, "backup", "copy the database to a new file while others write to it", backup);
  v.sub->add_option("FILE", v.request->word, "the copy; must not be there yet")->required();

  v = verb(app, options, action, "prune", "forget answered requests and delivered records of cases that ended long ago", prune);
  v.sub->add_option("--before", v.request->before, "an instant, or how long ago ('90 d')")->type_name("INSTANT|DURATION")->required();

  v = verb(app, options, action, "cancel", "end a case before its end", cancel);
  take_case(v);
  v.sub->add_option("--reason", v.request->reason, "why")->type_name("TEXT");

  v = verb(app, options, action, "suspend", "stop a case; nothing happens in it until it is resumed; cases that it called go on", suspend);
  take_case(v);
  v.sub->add_flag("--called", v.request->called, "the cases that it called too, and those that these called");
  v.sub->add_option("--reason", v.request->reason, "why")->type_name("TEXT");

  v = verb(app, options, action, "resume", "let a suspended case go on", resume);
  take_case(v);
  v.sub->add_flag("--called", v.request->called, "the cases that it called too, whoever suspended them");

  v = verb(app, options, action, "clock", "extend, void or pause a promise, for a reason that stays with it", clock);
  v.sub->add_option("CLOCK", v.request->what, "instance id, unless --case names the case, and id of the clock")->required()->expected(1, 2);
  v.sub->add_option("--case", v.request->of.case_no, "case number")->type_name("NUMBER");
  v.sub->add_option("--extend", v.request->extend, "by so much, in its own unit: '2 bd'")->type_name("DURATION");
  v.sub->add_flag("--void", v.request->annul, "it does not count any more");
  v.sub->add_flag("--pause", v.request->pause, "it stands still until --resume, whatever the process says");
  v.sub->add_flag("--resume", v.request->resume, "it goes on, when the process lets it");
  v.sub->add_option("--reason", v.request->reason, "why; asked for")->type_name("TEXT");
  v.sub->add_option("--by", v.request->caller.by, "who does it; asked for")->type_name("NAME");
  take_organisation(v);
  take_request_id(v);

  v = verb(app, options, action, "begin", "begin an activity of an open ad-hoc sub-process once more", begin);
  v.sub->add_option("ACTIVITY", v.request->what, "instance id, unless --case names the case, and id or path of the activity")
      ->required()
      ->expected(1, 2);
  v.sub->add_option("--case", v.request->of.case_no, "case number")->type_name("NUMBER");
  v.sub->add_option("--by", v.request->caller.by, "who does it")->type_name("NAME");
  take_organisation(v);
  take_request_id(v);

  v = verb(app, options, action, "rederive", "a calendar changed: derive the due instants of open clocks and timers again", rederive);
  v.sub->add_option("INSTANCE", v.request->of.instance, "instance id, e.g. i-17");
  v.sub->add_option("--case", v.request->of.case_no, "case number")->type_name("NUMBER");
  v.sub->add_option("--process", v.request->word, "every open case of this process")->type_name("ID");
  v.sub->add_flag("--all", v.request->all, "every open case");
  v.sub->add_option("--reason", v.request->reason, "why; stands in the history of what moves")->type_name("TEXT");

  v = verb(app, options, action, "set", "correct the data of a case", set);
  take_case(v);
  take_data(v, "name -> value");
  v.sub->add_option("--reason", v.request->reason, "why; asked for, and --by, for data that only the process sets")->type_name("TEXT");

  v = verb(app, options, action, "correct", "correct what was recorded of a case that has ended; nothing follows from it", correct);
  take_case(v);
  take_data(v, "name -> value");
  v.sub->add_option("--reason", v.request->reason, "why; it stands in the history with the old values")->type_name("TEXT")->required();

  v = verb(app, options, action, "reopen", "take a case that has ended up again: a new one with its data, linked to it", reopen);
  take_case(v);
  take_data(v, "name -> value, in place of what the ended case has");
  v.sub->add_option("--number", v.request->key, "number of the new case; left out: the same")->type_name("NUMBER");
  v.sub->add_option("--start", v.request->start, "start event, when there are several")->type_name("NODE");
  v.sub->add_option("--version", v.request->version, "an older deployment, by its tag")->type_name("TAG");
  v.sub->add_option("--reason", v.request->reason, "why; it stands in the history of the new case")->type_name("TEXT")->required();

  v = verb(app, options, action, "resolve", "resolve an incident: try again, with corrected data if given", resolve);
  v.sub->add_option("INCIDENT", v.request->word, "its id, e.g. i-17.9; o-5: a record that could not be told")->required();
  take_organisation(v);
  v.sub->add_option("--by", v.request->caller.by, "who does it")->type_name("NAME");
  take_data(v, "name -> value");
  v.sub->add_flag("--drop", v.request->drop, "do not try again: what was wanted of another case, or was to be told, is given up");
  v.sub->add_option("--reason", v.request->reason, "why; asked for, and --by, for data that only the process sets")->type_name("TEXT");
  take_request_id(v);

  v = verb(app, options, action, "receipt", "what became of something that was told: delivered, failed, read or signed", receipt);
  v.sub->add_option("RECORD", v.request->word, "of the outbox: o-5")->required();
  v.sub->add_option("KIND", v.request->key, "delivered, failed, read or signed")->required();
  v.sub->add_option("--at", v.request->before, "when it happened; default: now")->type_name("INSTANT");
  v.sub->add_option("--note", v.request->reason, "what else there is to say")->type_name("TEXT");
  v.sub->add_option("--by", v.request->caller.by, "who says so")->type_name("NAME");
}

}  // namespace switchboard::cli

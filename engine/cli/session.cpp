#include "cli/session.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "cli/answers.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::cli {

Result<Session> Session::open(const Options& options, Missing missing, Use use) {
  std::error_code ignored;
  if (options.database.empty()) return wrong_use("--db is empty", "name the database file");
  if (missing == Missing::refuse && !std::filesystem::exists(options.database, ignored)) {
    return Error{ErrorKind::not_found, "SB0706", "there is no such database", options.database, "start a case first, or name the file with --db"};
  }
  Session session;
  SB_TRY(session.now_, present(options));
  EngineOptions engine;
  engine.database = options.database;
  if (const auto folder = processes_folder(options)) engine.processes = folder->string();
  if (!options.now.empty()) engine.clock = [now = session.now_] { return now; };
  engine.force_clock = options.force_clock;
  engine.accept_loss = options.accept_loss;
  engine.language = language_of(options);
  engine.create = missing == Missing::create;
  engine.read_only = use == Use::look;
  engine.busy_timeout = Duration::micros(static_cast<std::int64_t>(options.busy_timeout * 1e6));
  SB_TRY(session.engine_, Engine::open(engine));
  return session;
}

const std::string& Session::zone(const std::string& process) const {
  const auto [known, is_new] = zones_.try_emplace(process, default_zone);
  if (is_new && !process.empty()) {
    if (const Result<std::string> zone = engine_->zone(process)) known->second = zone.value();
  }
  return known->second;
}

namespace {

/// The nearest of `names` is the remedy; where none is near, `otherwise`.
Error not_among(const std::string& name, const std::vector<std::string>& names, std::string rule, std::string message, std::string otherwise) {
  const std::string near = model::nearest_name(name, names);
  return {
      ErrorKind::not_found, std::move(rule), std::move(message), {}, near.empty() ? std::move(otherwise) : fmt::format("did you mean '{}'?", near)};
}

}  // namespace

Result<void> known_process(const Session& session, const std::string& process) {
  if (process.empty()) return success();
  SB_TRY(const std::vector<DeploymentInfo> all, session.engine().deployments());
  std::vector<std::string> names;
  for (const DeploymentInfo& d : all) {
    if (d.process == process) return success();
    if (names.empty() || names.back() != d.process) names.push_back(d.process);
  }
  return not_among(process, names, "SB0717", fmt::format("no process '{}' is deployed in this database", process),
                   names.empty() ? "nothing is deployed yet: 'switchboard deploy' does it" : "deployed are " + join(names));
}

Result<void> known_clock(const Session& session, const std::string& clock) {
  if (clock.empty()) return success();
  SB_TRY(const std::vector<std::string> names, session.engine().names(NameKind::clock));
  if (std::binary_search(names.begin(), names.end(), clock)) return success();
  return not_among(clock, names, "SB0724", fmt::format("no deployed process has a clock '{}'", clock),
                   names.empty() ? "no process with clocks is deployed" : "there are " + join(names));
}

namespace {

void note_if_no_case(const Session& session, const std::string& case_no) {
  Find of_case;
  of_case.case_no = case_no;
  of_case.limit = 1;
  if (const auto cases = session.engine().instances(of_case); cases && cases.value().empty())
    note(fmt::format("there is no case '{}'; 'switchboard instances' lists them", case_no));
}

}  // namespace

void note_pending_calendars(const Session& session) {
  const auto pending = session.engine().names(NameKind::pending_calendar);
  if (!pending || pending.value().empty()) return;  // a question beside the answer
  note(fmt::format(
      "calendar {} was changed, and some open cases have still to follow: their instants are shown as they were before; 'switchboard tick' lets them "
      "follow, 'switchboard incidents' names those that cannot",
      join(pending.value())));
}

void note_if_unknown(const Session& session, const Find& find) {
  if (!find.case_no.empty()) return note_if_no_case(session, find.case_no);
  if (!find.clock.empty()) note(fmt::format("clock '{}' has not started here", find.clock));
}

Result<void> check_ref(const CaseRef& ref) {
  if (!ref.instance.empty() && !ref.case_no.empty()) return wrong_use("give an instance id or --case, not both", "");
  if (ref.instance.empty() && ref.case_no.empty()) return wrong_use("which case?", "give its instance id (i-17) or --case NUMBER");
  if (!ref.instance.empty() && !ref.instance.starts_with("i-"))
    return wrong_use(fmt::format("'{}' is not an instance id", ref.instance),
                     fmt::format("one looks like i-17; a case number is --case {}", ref.instance));
  return success();
}

Result<CaseInfo> find_case(const Session& session, const CaseRef& ref) {
  SB_TRYV(check_ref(ref));
  if (!ref.instance.empty()) return session.engine().instance(ref.instance);
  Find find;
  find.case_no = ref.case_no;
  SB_TRY(std::vector<CaseInfo> all, session.engine().instances(find));
  std::erase_if(all, [](const CaseInfo& c) { return !c.parent.empty(); });
  if (all.empty())
    return Error{ErrorKind::not_found, "SB0707", fmt::format("there is no case '{}'", ref.case_no), {}, "'switchboard instances' lists them"};
  const auto is_open = [](const CaseInfo& c) { return !c.ended; };
  if (all.size() > 1 && std::count_if(all.begin(), all.end(), is_open) == 1) return *std::find_if(all.begin(), all.end(), is_open);
  if (all.size() == 1) return all.front();
  std::vector<std::string> ids;
  for (const CaseInfo& c : all) ids.push_back(c.instance);
  return Error{ErrorKind::conflict,
               "SB0708",
               fmt::format("{} cases have the number '{}'", all.size(), ref.case_no),
               {},
               fmt::format("give one of {}", join(ids))};
}

namespace {

// `dial` and `call-back/dial` both name the node `dial` of a called case; the whole path is the closer match.
bool is_at(const WorkInfo& work, std::string_view node) {
  const auto ends_in = [](std::string_view longer, std::string_view shorter) {
    return longer.size() > shorter.size() && longer.ends_with(shorter) && longer[longer.size() - shorter.size() - 1] == '/';
  };
  return work.node == node || ends_in(work.node, node) || ends_in(node, work.node);
}

std::vector<std::string> ids_and_nodes(const std::vector<WorkInfo>& all) {
  std::vector<std::string> texts;
  for (const WorkInfo& w : all) texts.push_back(fmt::format("{} ({})", place_of(w), w.work));
  return texts;
}

}  // namespace

Result<WorkInfo> find_work(const Session& session, const WorkRef& ref) {
  Find find;
  find.open_only = true;
  if (ref.case_no.empty()) {
    if (!ref.word.starts_with("i-"))
      return wrong_use(fmt::format("'{}' is not a work id", ref.word),
                       fmt::format("one looks like i-17.5; a node needs its case: --case NUMBER {}", ref.word));
    find.instance = ref.word.substr(0, ref.word.find_first_of("./"));
    SB_TRY(const std::vector<WorkInfo> all, session.engine().work(find));
    std::string id = ref.word;
    std::replace(id.begin(), id.end(), '/', '.');  // earlier versions wrote i-17/5
    for (const WorkInfo& w : all) {
      if (w.work == id) return w;
    }
    if (all.empty()) {
      SB_TRYV(session.engine().instance(find.instance));  // SB0548: there is no such case
    }
    return Error{ErrorKind::not_found,
                 "SB0709",
                 fmt::format("there is no open work '{}'", ref.word),
                 {},
                 all.empty() ? "'switchboard work' lists it; or give --case NUMBER and a node" : "open there: " + join(ids_and_nodes(all))};
  }
  find.case_no = ref.case_no;
  SB_TRY(const std::vector<WorkInfo> all, session.engine().work(find));
  std::vector<WorkInfo> exact, near;
  for (const WorkInfo& w : all) {
    if (w.node == ref.word || w.place == ref.word) exact.push_back(w);
    if (is_at(w, ref.word)) near.push_back(w);
  }
  const std::vector<WorkInfo>& fitting = exact.empty() ? near : exact;
  if (all.empty()) {
    SB_TRY(const CaseInfo found, find_case(session, {{}, ref.case_no}));  // SB0707: there is no such case
    if (found.ended)
      return Error{ErrorKind::conflict,
                   "SB0709",
                   fmt::format("case '{}' is over: no work is open in it", ref.case_no),
                   {},
                   "'switchboard history' tells what happened"};
  }
  if (fitting.size() == 1) return fitting.front();
  if (fitting.size() > 1) {
    return Error{ErrorKind::conflict,
                 "SB0708",
                 fmt::format("'{}' has {} open works in case '{}'", ref.word, fitting.size(), ref.case_no),
                 {},
                 "give one of " + join(ids_and_nodes(fitting))};
  }
  return Error{ErrorKind::not_found,
               "SB0709",
               fmt::format("'{}' has no open work in case '{}'", ref.word, ref.case_no),
               {},
               all.empty() ? "the case has no open work" : "open: " + join(ids_and_nodes(all))};
}

Result<WorkId> find_work_id(const Session& session, const WorkRef& ref, const std::string& request_id) {
  if (!request_id.empty()) {
    if (ref.case_no.empty() && ref.word.starts_with("i-")) return ref.word;
    SB_TRY(const auto known, session.engine().work_of_request(request_id));
    if (known && known->case_no == ref.case_no && is_at(*known, ref.word)) return known->work;
  }
  SB_TRY(const WorkInfo found, find_work(session, ref));
  return found.work;
}

}  // namespace switchboard::cli

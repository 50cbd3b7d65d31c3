// Questions: instances, history, data, clocks, outbox, incidents, deployments, fsck.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <tuple>

#include "cli/answers.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/record_table.hpp"
#include "cli/session.hpp"
#include "cli/story.hpp"
#include "cli/table.hpp"
#include "cli/verb.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::cli {

namespace {

struct QueryRequest {
  Find find;
  CaseRef of;
  std::string due_before;
  Delivery numbers;  ///< of a delivery, without its filters
  std::string back_off, longest_back_off, lease;
  bool deliver = false, resources = false, count = false;
  std::string by, since, until, ended_since, ended_until, as = "events";
  bool called = false;
  std::size_t limit = 10'000;
};
using QueryRun = Result<int> (*)(const Options&, const QueryRequest&);

/// Nothing is left out in silence.
void note_if_cut(std::size_t found, const Find& find) {
  if (found >= find.limit) note(fmt::format("only the first {} are shown; --limit N shows more, --after KEY goes on behind one", found));
}

Result<int> instances(const Options& options, const QueryRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.find.process));
  SB_TRY(const std::vector<CaseInfo> all, session.engine().instances(request.find));
  note_if_cut(all.size(), request.find);
  note_pending_calendars(session);
  if (all.empty()) note_if_unknown(session, request.find);
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  print(all.empty() ? "no cases\n" : RecordTable<CaseInfo>(language_of(options)).text(all, zone_in(session)));
  return exit_ok;
}

/// The first data that are named and that no deployed process has cases found by: a mistyped name would find nothing.
Result<void> known_searched(const Session& session, const std::vector<std::string>& where) {
  if (where.empty()) return success();
  SB_TRY(const std::vector<std::string> names, session.engine().names(NameKind::search));
  for (const std::string& one : where) {
    const std::string name = one.substr(0, one.find('='));
    if (name.empty() || one.find('=') == std::string::npos || std::binary_search(names.begin(), names.end(), name)) continue;
    const std::string near = model::nearest_name(name, names);
    return Error{ErrorKind::not_found,
                 "SB0726",
                 fmt::format("no deployed process says `search: true` of data '{}'", name),
                 {},
                 !near.empty()   ? fmt::format("did you mean '{}'?", near)
                 : names.empty() ? "no process that is deployed has cases found by its data"
                                 : "there are " + join(names)};
  }
  return success();
}

Result<Find> cases_wanted(const QueryRequest& request, Instant now) {
  Find find = request.find;
  const auto take = [&](const char* option, const std::string& text, std::optional<Instant>& at) -> Result<void> {
    if (text.empty()) return success();
    SB_TRY(at, instant_or_span(option, text, now, Direction::back));
    return success();
  };
  SB_TRYV(take("--since", request.since, find.started_from));
  SB_TRYV(take("--until", request.until, find.started_before));
  SB_TRYV(take("--ended-since", request.ended_since, find.ended_from));
  SB_TRYV(take("--ended-until", request.ended_until, find.ended_before));
  return find;
}

Result<int> count(const Options& options, const Session& session, const QueryRequest& request, const Find& find) {
  SB_TRY(const std::vector<CountInfo> all, session.engine().count(find, request.by));
  std::uint64_t sum = 0;
  for (const CountInfo& c : all) sum += c.cases;
  if (options.json) {
    const std::string& zone = session.zone({});
    if (request.by.empty())
      print_json(Context{{"cases", number(sum)}});
    else
      print_json(to_value(all, zone));
  } else if (request.by.empty()) {
    print_line(fmt::format("{}", sum));
  } else {
    Table table(titles({request.by, "cases"}, language_of(options)));
    for (const CountInfo& c : all) table.add({c.key.empty() ? "-" : c.key, std::to_string(c.cases)});
    print(all.empty() ? "no cases\n" : table.text());
  }
  return exit_ok;
}

/// Cases, found by what people know of them: a page, and where the next begins.
Result<int> list_cases(const Options& options, const QueryRequest& request) {
  if (!request.by.empty() && !request.count) return wrong_use("`--by` is of `--count`", "add --count");
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.find.process));
  SB_TRYV(known_searched(session, request.find.where));
  SB_TRY(const Find find, cases_wanted(request, session.now()));
  if (request.count) return count(options, session, request, find);
  Find one_more = find;
  one_more.limit = find.limit + 1;  // so that a page that is full and the last one says so
  SB_TRY(std::vector<CaseInfo> all, session.engine().instances(one_more));
  std::string next;
  if (all.size() > find.limit) {
    all.pop_back();
    next = all.back().instance;
  }
  note_pending_calendars(session);
  if (all.empty()) note_if_unknown(session, request.find);
  if (options.json) {
    List cases;
    for (const CaseInfo& c : all) cases.push_back(to_value(c, session.zone(c.process)));
    print_json(Context{{"cases", std::move(cases)}, {"next", next.empty() ? Value() : Value(next)}});
    return exit_ok;
  }
  print(all.empty() ? "no cases\n" : RecordTable<CaseInfo>(language_of(options)).text(all, zone_in(session)));
  if (!next.empty()) print_line(next_page(next, language_of(options)));
  return exit_ok;
}

Result<int> history(const Options& options, const QueryRequest& request) {
  SB_TRYV(check_ref(request.of));
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const CaseInfo c, find_case(session, request.of));
  if (request.as == "text" || request.as == "report") {
    if (request.find.after != 0) return wrong_use("`--after` is of `--as events`: a story is told from its beginning", "leave one of them out");
    return tell_story(options, session, c, {request.as == "report", request.called || request.as == "report", request.limit});
  }
  if (request.called) return wrong_use("`--called` is of `--as text` and `--as report`", "add --as text");
  SB_TRY(const std::vector<HistoryInfo> all, session.engine().history(c.instance, request.find.after, request.limit));
  if (all.size() >= request.limit)
    note(fmt::format("only {} entries are shown; --after {} goes on", all.size(), all.empty() ? 0 : all.back().sequence));
  const std::string& zone = session.zone(c.process);
  if (options.json) {
    print_json(to_value(all, zone));
    return exit_ok;
  }
  print_line(fmt::format("case {} ({}, {}) is {}", c.case_no, c.process, c.instance, to_string(c.state)));
  const auto same_zone = [&](const HistoryInfo&) -> const std::string& { return zone; };
  print(RecordTable<HistoryInfo>(language_of(options)).text(all, same_zone));
  return exit_ok;
}

Result<int> data(const Options& options, const QueryRequest& request) {
  SB_TRYV(check_ref(request.of));
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const CaseInfo c, find_case(session, request.of));
  SB_TRY(const Value values, session.engine().data(c.instance));
  if (options.json) {
    print_json(values);
    return exit_ok;
  }
  Table table(titles({"data", "value"}, language_of(options)));
  if (const Context* context = values.context()) {
    for (const auto& [name, value] : context->entries()) table.add({name, to_feel(value)});
  }
  print(table.text());
  return exit_ok;
}

/// What breaks next comes first: running clocks by due instant, then those that stand still, then those that are over.
void sort_by_urgency(std::vector<ClockInfo>& all) {
  const auto rank = [](const ClockInfo& c) { return c.state == ClockState::running ? 0 : c.state == ClockState::paused ? 1 : 2; };
  std::stable_sort(all.begin(), all.end(), [&](const ClockInfo& a, const ClockInfo& b) {
    return std::tuple(rank(a), a.due, a.case_no, a.clock, a.round) < std::tuple(rank(b), b.due, b.case_no, b.clock, b.round);
  });
}

std::string state_of(const ClockInfo& c, const std::string& language) {
  const std::string state = word_in(c.state, language);
  if (c.breached) return paint(state + (language == "zh" ? "，超时" : ", breached"), Colour::red, 1);
  return c.state == ClockState::running && c.percent >= 80 ? paint(state, Colour::yellow, 1) : state;
}

bool is_open(const ClockInfo& c) { return c.state == ClockState::running || c.state == ClockState::paused; }

/// Open ones first, by due instant, through the index of open clocks; what is over fills the rest. Due before an instant are open ones only.
Result<std::vector<ClockInfo>> by_urgency(const Session& session, const Find& wanted) {
  if (wanted.after != 0 || !wanted.state.empty()) return session.engine().clocks(wanted);
  Find find = wanted;
  find.open_only = true;
  find.due_before = wanted.due_before.value_or(Instant::max());
  SB_TRY(std::vector<ClockInfo> all, session.engine().clocks(find));
  if (wanted.open_only || wanted.due_before || all.size() >= wanted.limit) return all;
  SB_TRY(const std::vector<ClockInfo> some, session.engine().clocks(wanted));
  const auto is_there = [&](const ClockInfo& c) {
    return std::any_of(all.begin(), all.end(), [&](const ClockInfo& other) { return is_damaged(other) && other.damaged == c.damaged; });
  };
  for (const ClockInfo& c : some) {
    const bool is_new = is_damaged(c) ? !is_there(c) : !is_open(c);  // whether a damaged round is open is not known
    if (is_new && all.size() < wanted.limit) all.push_back(c);
  }
  return all;
}

Result<int> clocks(const Options& options, const QueryRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.find.process));
  Find find = request.find;
  if (!request.due_before.empty()) {
    SB_TRY(find.due_before, instant_or_span("--due-before", request.due_before, session.now(), Direction::ahead));
  }
  SB_TRY(std::vector<ClockInfo> all, by_urgency(session, find));
  sort_by_urgency(all);
  note_if_cut(all.size(), request.find);
  note_damaged(all);
  note_pending_calendars(session);
  if (all.empty()) {
    SB_TRYV(known_clock(session, find.clock));
    note_if_unknown(session, request.find);
  }
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  const std::string language = language_of(options);
  RecordTable<ClockInfo> table(language);
  table.show("state", [&](const ClockInfo& c, const std::string&) { return state_of(c, language); });
  table.show("due", [&](const ClockInfo& c, const std::string& zone) {
    return (c.on_hold ? on_hold(language) : shown_time(c.due, zone)) + (c.provisional ? " (provisional)" : "") +
           (c.changes.is_null() ? "" : " (changed)");
  });
  table.show("left", [](const ClockInfo& c, const std::string&) { return is_open(c) ? short_duration(c.left) : std::string(); });
  table.show("percent", [](const ClockInfo& c, const std::string&) { return fmt::format("{:.0f}%", c.percent); });
  table.show("source", [](const ClockInfo& c, const std::string&) { return promised_by(c.table, c.row, c.source, c.edition, c.unverified); });
  print(all.empty() ? "no clocks\n" : table.text(all, zone_in(session)));
  return exit_ok;
}

std::string text_of(const OutboxInfo& o, const std::string& language) {
  const Context* body = o.body.context();
  if (body == nullptr) return one_line(o.body, 120);
  const Value* texts = body->find("texts") != nullptr ? body->find("texts") : body->find("text");
  if (texts == nullptr) return pairs(o.body, 120);
  const Context* by_language = texts->context();
  if (by_language == nullptr || by_language->size() == 0) return one_line(*texts, 120);
  const Value* chosen = by_language->find(language);
  return one_line(chosen != nullptr ? *chosen : by_language->entries().front().second, 120);
}

/// Why a record has not been told yet; empty when nothing keeps it.
std::string why_it_waits(const OutboxInfo& o, const std::string& zone, Instant now, bool zh) {
  if (o.state == OutboxState::failed) return fmt::format("{} o-{}", zh ? "异常" : "incident", o.id);
  if (o.state != OutboxState::waiting) return {};
  if (o.lease_until && *o.lease_until > now) return (zh ? "占用至 " : "leased until ") + shown_time(*o.lease_until, zone);
  if (o.behind != 0) return zh ? fmt::format("排在 {} 之后", o.behind) : fmt::format("record {} before it", o.behind);
  if (!o.next_try || *o.next_try <= now) return {};
  if (o.attempts > 0) return (zh ? "下次 " : "next try ") + shown_time(*o.next_try, zone);
  return (zh ? "不早于 " : "not before ") + shown_time(*o.next_try, zone);
}

std::string line_of(const OutboxInfo& o, const Session& session, const std::string& language) {
  return fmt::format("{}  {}  {}  {} {}{}: {}\n", o.id, shown_time(o.created, session.zone(o.process)), o.case_no, to_string(o.kind), o.name,
                     o.customer.empty() ? "" : " for " + o.customer, text_of(o, language));
}

/// Printing is the delivery: whoever reads this output is the channel. A record is delivered when it has left this program, and not before. One after
/// the other, so that none is tried when the output is broken already.
Result<int> deliver_outbox(const Options& options, const Session& session, const Delivery& wanted) {
  const std::string language = language_of(options);
  std::size_t printed = 0;
  std::size_t tried = 0;
  bool broken = false;
  const auto print_one = [&](const OutboxInfo& waiting) -> std::string {
    ++tried;
    OutboxInfo o = waiting;
    o.next_try.reset(), o.lease_until.reset();
    o.state = OutboxState::delivered, o.delivered = session.now();
    if (options.json)
      print_raw((printed == 0 ? "[\n" : ",\n") + to_json(to_value(o, session.zone(o.process)), 2));
    else
      print(line_of(o, session, language));
    broken = broken || std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
    if (broken) return "the output could not be written";
    ++printed;
    return {};
  };
  Delivery one = wanted;
  one.limit = 1;
  Result<std::size_t> done(std::size_t{0});
  for (std::size_t before = 0; !broken && done && tried < wanted.limit; before = tried) {
    done = session.engine().deliver(one, print_one);
    if (tried == before) break;
  }
  if (options.json) print(printed == 0 ? "[]\n" : "\n]\n");
  if (!done) return done.error();
  if (broken)
    return Error{
        ErrorKind::storage, "SB0722", fmt::format("the output could not be written: {} delivered, the rest waits", printed), {}, "deliver again"};
  if (printed == 0 && !options.json) print("nothing to deliver\n");
  if (printed == 0) note_if_unknown(session, wanted);
  return exit_ok;
}

Result<Delivery> delivery_of(const QueryRequest& request) {
  Delivery d = request.numbers;
  static_cast<Find&>(d) = request.find;
  if (!request.back_off.empty()) {
    SB_TRY(d.back_off, span("--back-off", request.back_off));
  }
  if (!request.longest_back_off.empty()) {
    SB_TRY(d.longest_back_off, span("--longest-back-off", request.longest_back_off));
  }
  if (!request.lease.empty()) {
    SB_TRY(d.lease, span("--lease", request.lease));
  }
  return d;
}

Result<int> outbox(const Options& options, const QueryRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, request.deliver ? Use::change : Use::look));
  SB_TRYV(known_process(session, request.find.process));
  if (request.deliver) {
    if (!request.find.state.empty())
      return Error{ErrorKind::usage, "SB0701", "`--deliver` takes what waits; `--state` says something else", {}, "leave one of them out"};
    SB_TRY(const Delivery wanted, delivery_of(request));
    return deliver_outbox(options, session, wanted);
  }
  SB_TRY(const std::vector<OutboxInfo> all, session.engine().outbox(request.find));
  note_if_cut(all.size(), request.find);
  if (all.empty()) note_if_unknown(session, request.find);
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  const std::string language = language_of(options);
  RecordTable<OutboxInfo> table(language);
  table.show("body", [&](const OutboxInfo& o, const std::string&) { return text_of(o, language); });
  table.show("behind", [&](const OutboxInfo& o, const std::string& zone) { return why_it_waits(o, zone, session.now(), language == "zh"); });
  print(all.empty() ? "nothing in the outbox\n" : table.text(all, zone_in(session)));
  return exit_ok;
}

Result<int> messages(const Options& options, const QueryRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const std::vector<MessageInfo> all, session.engine().messages(request.find));
  note_if_cut(all.size(), request.find);
  note_damaged(all);
  const std::string& zone = session.zone({});
  if (options.json) {
    print_json(to_value(all, zone));
    return exit_ok;
  }
  RecordTable<MessageInfo> table(language_of(options));
  table.show("payload", [](const MessageInfo& m, const std::string&) { return pairs(m.payload, 120); });
  table.show("state", [&](const MessageInfo& m, const std::string&) {
    const bool is_over = m.state == MessageState::waiting && m.until < session.now();
    return is_over ? std::string(language_of(options) == "zh" ? "已到期" : "over") : word_in(m.state, language_of(options));
  });
  const auto same_zone = [&](const MessageInfo&) -> const std::string& { return zone; };
  print(all.empty() ? "no messages are kept\n" : table.text(all, same_zone));
  return exit_ok;
}

Result<int> incidents(const Options& options, const QueryRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.find.process));
  SB_TRY(const std::vector<IncidentInfo> all, session.engine().incidents(request.find));
  note_damaged(all);
  if (all.empty()) note_if_unknown(session, request.find);
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  RecordTable<IncidentInfo> table(language_of(options));
  table.show("node", [](const IncidentInfo& i, const std::string&) { return place_of(i); });
  print(all.empty() ? "no incidents\n" : table.text(all, zone_in(session)));
  return exit_ok;
}

Result<int> deployments(const Options& options, const QueryRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const std::vector<ResourceInfo> resources, session.engine().resources());
  const std::string& zone = session.zone({});
  if (options.json && request.resources) {
    print_json(to_value(resources, zone));
    return exit_ok;
  }
  const auto same_zone = [&](const ResourceInfo&) -> const std::string& { return zone; };
  const std::string of_resources = resources.empty() ? std::string() : RecordTable<ResourceInfo>(language_of(options)).text(resources, same_zone);
  if (request.resources) {
    print(resources.empty() ? "there are no calendars and no decision tables\n" : of_resources);
    return exit_ok;
  }
  SB_TRY(const std::vector<DeploymentInfo> all, session.engine().deployments());
  if (options.json) {
    print_all(session, all);
    return exit_ok;
  }
  RecordTable<DeploymentInfo> table(language_of(options));
  table.show("definition", [](const DeploymentInfo& d, const std::string&) { return d.definition.substr(0, 12); });
  print(all.empty() ? "nothing is deployed\n" : table.text(all, zone_in(session)));
  if (!resources.empty()) print("\n" + of_resources);
  return exit_ok;
}

/// Says what is wrong with the log among all the rest, and so opens a database that the other verbs refuse for it.
Result<int> fsck(const Options& options, const QueryRequest&) {
  Options all = options;
  all.accept_loss = true;
  SB_TRY(const Session session, Session::open(all, Missing::refuse, Use::look));
  SB_TRY(const std::vector<std::string> violations, session.engine().check());
  if (options.json) {
    print_json(Context{{"sound", violations.empty()}, {"violations", strings(violations)}});
  } else {
    for (const std::string& v : violations) print_line(v);
    print_line(violations.empty() ? "sound: all invariants hold" : fmt::format("{} violations", violations.size()));
  }
  return violations.empty() ? exit_ok : exit_refused;
}

using QueryVerb = Verb<QueryRequest>;

QueryVerb verb(CLI::App& app, const Options& options, Action& action, const char* name, const char* about, QueryRun run) {
  return add_verb<QueryRequest>(app, options, action, "Questions", name, about, run);
}

/// "i-17" and 17 are the same key, "m-5" and 5 the same message.
std::string number_of(std::string_view prefix, const std::string& key) { return key.starts_with(prefix) ? key.substr(prefix.size()) : key; }

void take_filters(const QueryVerb& v) {
  v.sub->add_option("--case", v.request->find.case_no, "case number")->type_name("NUMBER");
  v.sub->add_option("--process", v.request->find.process, "process id")->type_name("ID");
  v.sub->add_option("--customer", v.request->find.customer, "customer number")->type_name("NUMBER");
  v.sub->add_option("--instance", v.request->find.instance, "instance id")->type_name("ID");
  v.sub->add_option("--after", v.request->find.after, "only behind this instance (i-17) or record: paging")
      ->type_name("KEY")
      ->transform([](const std::string& key) { return number_of("i-", key); });
  v.sub->add_option("--limit", v.request->find.limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();
  v.sub->add_flag("--open", v.request->find.open_only, "only what is not over");
}

template <Worded E>
void take_state(const QueryVerb& v) {
  const std::vector<std::string> states(WordsOf<E>::all.begin(), WordsOf<E>::all.end());
  v.sub->add_option("--state", v.request->find.state, "only in this state: " + join(states))->type_name("STATE")->check(one_of(states));
}

/// Several, with commas between them.
void take_states(const QueryVerb& v) {
  const std::vector<std::string> states(WordsOf<CaseState>::all.begin(), WordsOf<CaseState>::all.end());
  v.sub->add_option("--state", v.request->find.state, "only in one of these states: " + join(states))
      ->type_name("STATE,...")
      ->check([check = one_of(states)](const std::string& words) {
        for (std::size_t begin = 0; begin <= words.size();) {
          const std::size_t end = std::min(words.find(',', begin), words.size());
          if (std::string wrong = check(words.substr(begin, end - begin)); !wrong.empty()) return wrong;
          begin = end + 1;
        }
        return std::string();
      });
}

void add_list_verb(CLI::App& app, const Options& options, Action& action) {
  const QueryVerb v = verb(app, options, action, "list", "find cases by what is known of them, page by page; or count them", list_cases);
  v.request->find.limit = 100;
  take_filters(v);
  take_states(v);
  v.sub->add_option("--where", v.request->find.where, "data that the process declares `search: true` have this text; TEXT*: begin so")
      ->type_name("NAME=TEXT")
      ->allow_extra_args(false);
  v.sub->add_option("--find", v.request->find.text, "found by this text: by searched data, case number or customer number; TEXT*: what begins so")
      ->type_name("TEXT");
  v.sub->add_option("--node", v.request->find.node, "open cases that stand there: the path of a node, or the end of it")->type_name("NODE");
  const auto instant = [&](const char* name, std::string& text, const char* about) {
    v.sub->add_option(name, text, about)->type_name("INSTANT|DURATION");
  };
  instant("--since", v.request->since, "begun at this instant or later; a duration: so long ago ('7 d')");
  instant("--until", v.request->until, "begun before");
  instant("--ended-since", v.request->ended_since, "ended at this instant or later");
  instant("--ended-until", v.request->ended_until, "ended before");
  v.sub->add_flag("--count", v.request->count, "how many there are");
  v.sub->add_option("--by", v.request->by, "with --count: for each state, process or node")
      ->type_name("KEY")
      ->check(one_of({"state", "process", "node"}));
}

void take_case(const QueryVerb& v) {
  v.sub->add_option("INSTANCE", v.request->of.instance, "instance id, e.g. i-17");
  v.sub->add_option("--case", v.request->of.case_no, "case number")->type_name("NUMBER");
}

}  // namespace

void add_query_verbs(CLI::App& app, const Options& options, Action& action) {
  QueryVerb v = verb(app, options, action, "instances", "list cases", instances);
  take_filters(v);
  take_state<CaseState>(v);

  add_list_verb(app, options, action);

  v = verb(app, options, action, "history", "all that happened in a case", history);
  take_case(v);
  v.sub->add_option("--as", v.request->as, "events: each with its details; text: sentences in your language; report: a page to hand out, in Markdown")
      ->type_name("FORM")
      ->check(one_of({"events", "text", "report"}))
      ->capture_default_str();
  v.sub->add_flag("--called", v.request->called, "with the cases that it called, in the order of time; a report always has them");
  v.sub->add_option("--after", v.request->find.after, "only after this number")->type_name("N");
  v.sub->add_option("--limit", v.request->limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();

  v = verb(app, options, action, "data", "the data of a case", data);
  take_case(v);

  v = verb(app, options, action, "clocks", "promises, sorted by what breaks next", clocks);
  take_filters(v);
  take_state<ClockState>(v);
  v.sub->add_option("--clock", v.request->find.clock, "only this clock")->type_name("ID");
  v.sub->add_option("--due-before", v.request->due_before, "due before an instant, or within a duration from now ('2 h')")
      ->type_name("INSTANT|DURATION");

  v = verb(app, options, action, "outbox", "what is to be told to customers and supervisors", outbox);
  take_filters(v);
  take_state<OutboxState>(v);
  CLI::Option* deliver = v.sub->add_flag("--deliver", v.request->deliver, "print what waits and mark it delivered");
  const auto number = [&](const char* name, std::string& text, const char* about) {
    v.sub->add_option(name, text, about)->type_name("DURATION")->needs(deliver);
  };
  v.sub->add_option("--attempts", v.request->numbers.attempts, "with --deliver: a record tried so often in vain has failed")
      ->type_name("N")
      ->check(positive())
      ->capture_default_str()
      ->needs(deliver);
  number("--back-off", v.request->back_off, "with --deliver: wait before the second attempt, twice as long before each further one; default: 1 min");
  number("--longest-back-off", v.request->longest_back_off, "with --deliver: no wait is longer; default: 1 h");
  number("--lease", v.request->lease, "with --deliver: after that another may try a record that is not told yet; default: 5 min");

  v = verb(app, options, action, "messages", "messages that came before anybody waited for them, and are kept", messages);
  v.sub->add_option("--key", v.request->find.case_no, "the key with which it finds who waits")->type_name("KEY");
  v.sub->add_option("--instance", v.request->find.instance, "thrown by this instance")->type_name("ID");
  v.sub->add_option("--after", v.request->find.after, "only behind this message: paging")->type_name("N")->transform([](const std::string& id) {
    return number_of("m-", id);
  });
  v.sub->add_option("--limit", v.request->find.limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();
  v.sub->add_flag("--open", v.request->find.open_only, "only those that still wait");
  take_state<MessageState>(v);

  v = verb(app, options, action, "incidents", "what failed at run time and waits for an operator", incidents);
  take_filters(v);

  v = verb(app, options, action, "deployments", "processes in the database; calendars and tables, and who uses them", deployments);
  v.sub->add_flag("--resources", v.request->resources, "calendars and tables alone");

  v = verb(app, options, action, "fsck", "check the invariants of the whole database", fsck);
}

}  // namespace switchboard::cli

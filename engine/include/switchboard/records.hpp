// What the engine answers, and what it is asked with: each record with the description of its fields beside it. Everything that writes, reads, shows
// or explains a record goes through the description: JSON (switchboard/answers.hpp), the stored answers of requests, the columns of the command line,
// the comments of the C header, the records of Python and docs/answers.md. How to add a field: HACKING.md.
//
// A name is the same at every door. Where `case` is a reserved word (C++, SQL) it is `case_no`; a span of time has its unit in JSON alone
// (`left` is `left_seconds` there): docs/decisions/0043-one-vocabulary.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "switchboard/base/time.hpp"
#include "switchboard/value/value.hpp"
#include "switchboard/words.hpp"

namespace switchboard {

/// Text form of an instance key: "i-17".
using InstanceId = std::string;
/// Text form of the key of a work: "i-17.5", safe in the path of a URL. Commands and filters also read the older form, "i-17/5".
using WorkId = std::string;
/// Text form of the key of an incident: "i-17.9", read like a WorkId; "o-5" of record 5 of the outbox, which could not be told.
using IncidentId = std::string;

// ---- How a field is described ----------------------------------------------------------------------------------------------------------------

/// What a description says of a field beside its name, its type and its meaning.
struct Look {
  std::string_view zh{};       ///< heading of its column in Chinese
  std::size_t column = 0;      ///< its place in the table that the command line shows, from 1; 0: it is not shown
  std::string_view heading{};  ///< heading in English, when it is not the name
  std::string_view unit{};     ///< of a number: "working days", "%"
  bool null_if_empty = false;  ///< an empty text is null at the doors
  bool object = false;         ///< a value that is an object, or null
  bool known = false;          ///< told also when the row is damaged (SB0603)
  bool optional = false;       ///< its column is left out of a table in which nothing stands there
  bool dated = false;          ///< the value holds instants as texts, which are written in the zone of the answer
};

/// The row of the record is damaged: only what is `known` is known of it.
template <class R>
[[nodiscard]] constexpr bool is_damaged(const R& record) {
  if constexpr (requires { std::string_view(record.damaged); })
    return !record.damaged.empty();
  else
    return false;
}

/// The description of record R: its name, what it is, and `visit(v)`, which calls v(name, member, meaning, look) for each field in the order in which
/// they are written. The member may belong to a base of R.
template <class R>
struct Described;

// ---- Answers ---------------------------------------------------------------------------------------------------------------------------------

struct CaseInfo {
  InstanceId instance;
  std::string case_no, process, definition, customer;
  CaseState state = CaseState::active;
  std::vector<std::string> at;
  Instant started, last;
  std::optional<Instant> ended;
  InstanceId parent;
  std::optional<Instant> kept_until{};
  std::uint64_t receivers = 0;
  std::string organisation{};
  InstanceId reopens{};
};

template <>
struct Described<CaseInfo> {
  static constexpr std::string_view name = "CaseInfo", meaning = "One case: an instance of a process.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("instance", &CaseInfo::instance, "id of the instance: `i-17`", {.zh = "实例", .column = 1});
    v("case", &CaseInfo::case_no, "case number", {.zh = "工单号", .column = 2});
    v("process", &CaseInfo::process, "id of the process", {.zh = "流程", .column = 3});
    v("definition", &CaseInfo::definition, "hash of the definition that it runs on", {.zh = "定义"});
    v("customer", &CaseInfo::customer, "customer number; empty when the process names none", {.zh = "客户号", .column = 6});
    v("state", &CaseInfo::state, "where it is in its life", {.zh = "状态", .column = 4});
    v("at", &CaseInfo::at, "paths of the nodes with a token", {.zh = "所在环节", .column = 5});
    v("started", &CaseInfo::started, "when it began", {.zh = "开始", .column = 7});
    v("last", &CaseInfo::last, "when something happened last", {.zh = "最近", .column = 8});
    v("ended", &CaseInfo::ended, "when it was completed or cancelled", {.zh = "办结"});
    v("parent", &CaseInfo::parent, "instance that called it", {.zh = "上级实例", .null_if_empty = true});
    v("kept_until", &CaseInfo::kept_until,
      "answer to a message for which nobody waits yet: it is kept until then, and all the rest is empty unless a case listened; null: of everything "
      "else",
      {.zh = "保留至"});
    v("receivers", &CaseInfo::receivers,
      "answer to a message that is for all who wait for it: how many cases and branches had it, of which this case is one; 0: of everything else",
      {.zh = "接收数"});
    v("organisation", &CaseInfo::organisation, "unit of the company that it belongs to; null: to the whole",
      {.zh = "单位", .column = 7, .null_if_empty = true, .optional = true});
    v("reopens", &CaseInfo::reopens, "instance of the case, ended before, that this one takes up again", {.zh = "重启自", .null_if_empty = true});
  }
};

struct WorkInfo {
  WorkId work;
  InstanceId instance;
  std::string case_no, process, node, name;
  WorkKind kind = WorkKind::user;
  WorkState state = WorkState::offered;
  std::string topic, assignee;
  std::vector<std::string> groups, form;
  Value inputs;
  std::int32_t priority = 0;
  std::int32_t retries = 0;
  std::optional<Instant> due;
  Instant offered;
  std::uint64_t token = 0;
  std::optional<Instant> lease_until;
  std::string damaged;
  std::string place;
  std::uint32_t number = 0;
  std::string organisation{};
  std::string documentation{};
  std::string customer{}, about{};
  std::string promise{};
  std::optional<Instant> promise_due{};
  std::optional<Duration> promise_left{};
  bool promise_on_hold = false;
  std::string cursor{};
};

template <>
struct Described<WorkInfo> {
  static constexpr std::string_view name = "WorkInfo", meaning = "One piece of work, for people or for programs.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("work", &WorkInfo::work, "id of the work: `i-17.5`", {.zh = "待办", .column = 1, .known = true});
    v("instance", &WorkInfo::instance, "instance that it belongs to", {.zh = "实例", .known = true});
    v("case", &WorkInfo::case_no, "case number", {.zh = "工单号", .column = 2, .known = true});
    v("process", &WorkInfo::process, "id of the process", {.zh = "流程", .known = true});
    v("node", &WorkInfo::node, "path of the node in its process", {.zh = "环节", .column = 3, .known = true});
    v("name", &WorkInfo::name, "name of the node in the language of the engine", {.zh = "名称", .column = 4});
    v("kind", &WorkInfo::kind, "for people (user), or a job for programs", {.zh = "类别"});
    v("state", &WorkInfo::state, "where it is in its life; suspended while its case is", {.zh = "状态", .column = 6});
    v("topic", &WorkInfo::topic, "what a job is about; empty for work of people", {.zh = "主题"});
    v("assignee", &WorkInfo::assignee, "who has claimed it", {.zh = "承办", .column = 5, .heading = "who", .null_if_empty = true});
    v("groups", &WorkInfo::groups, "groups that may claim it", {.zh = "班组"});
    v("form", &WorkInfo::form, "case data to be filled in", {.zh = "表单"});
    v("inputs", &WorkInfo::inputs, "what the task hands in; null when it hands in nothing", {.zh = "输入", .object = true});
    v("priority", &WorkInfo::priority, "more is more urgent", {.zh = "优先级"});
    v("retries", &WorkInfo::retries, "how often it may still fail", {.zh = "重试"});
    v("due", &WorkInfo::due, "when it should be done", {.zh = "到期", .column = 7});
    v("offered", &WorkInfo::offered, "when it came up", {.zh = "产生"});
    v("token", &WorkInfo::token, "number of the claim under which it is, or was last, held: what its holder shows; 0: never claimed",
      {.zh = "凭证号"});
    v("lease_until", &WorkInfo::lease_until, "from then on anybody may have the job; null: it is not held, or without an end", {.zh = "占用至"});
    v("damaged", &WorkInfo::damaged,
      "what is wrong with its row in the database (SB0603): the fields besides ids, case and node are null then; null: nothing",
      {.zh = "损坏", .null_if_empty = true, .known = true});
    v("place", &WorkInfo::place, "the node with the numbers of the repeated activities that it stands in: `house[2]/room[1]`; without any as `node`",
      {.zh = "位置"});
    v("number", &WorkInfo::number, "number of the instance of the innermost of these, from 1; 0: nothing around it is repeated", {.zh = "序号"});
    v("organisation", &WorkInfo::organisation, "unit of the company that it is offered to: its own, else that of the case; null: the whole",
      {.zh = "单位", .column = 12, .null_if_empty = true, .optional = true});
    v("documentation", &WorkInfo::documentation, "what the process says about the task, in the language of the engine; null: nothing",
      {.zh = "说明", .null_if_empty = true});
    v("customer", &WorkInfo::customer, "customer number of its case, in a list by promise; empty: the process names none", {.zh = "客户号"});
    v("about", &WorkInfo::about,
      "in a list by promise: the first data of its case that its process declares `search: true`, as they are; null: there are none",
      {.zh = "客户", .column = 8, .null_if_empty = true});
    v("promise", &WorkInfo::promise,
      "in a list by promise: name of the clock of its case that breaks next, or is broken and open; null: there is none",
      {.zh = "承诺", .column = 9, .null_if_empty = true});
    v("promise_due", &WorkInfo::promise_due, "when that clock breaks; of one on hold: when it would if it went on now",
      {.zh = "承诺到期", .column = 10, .heading = "breaks"});
    v("promise_left", &WorkInfo::promise_left, "real time until then; negative when it is broken", {.zh = "剩余", .column = 11, .heading = "left"});
    v("promise_on_hold", &WorkInfo::promise_on_hold, "that clock stands still and is not broken", {.zh = "暂停中"});
    v("cursor", &WorkInfo::cursor, "in a list by promise: as `cursor` of the question, the list goes on behind this work; null otherwise",
      {.zh = "游标", .null_if_empty = true});
  }
};

/// How many cases there are of one key.
struct CountInfo {
  std::string key;
  std::uint64_t cases = 0;
};

template <>
struct Described<CountInfo> {
  static constexpr std::string_view name = "CountInfo", meaning = "How many cases a question finds, of one state, process or node.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("key", &CountInfo::key,
      "the state, the process, or the path of the node; empty: all are counted as one, or the case stands nowhere (it is over)",
      {.zh = "分组", .column = 1});
    v("cases", &CountInfo::cases, "how many", {.zh = "件数", .column = 2});
  }
};

struct FieldInfo {
  std::string name, label, hint, type;
  bool required = false;
  std::string required_if;
  Value choices, min, max, value;
};

template <>
struct Described<FieldInfo> {
  static constexpr std::string_view name = "FieldInfo",
                                    meaning = "One entry of the form of a work, as things stand: what a user interface needs to draw it.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("name", &FieldInfo::name, "name of the data, and of the field in the result", {.zh = "数据", .column = 1});
    v("label", &FieldInfo::label, "what people call it, in the language of the engine", {.zh = "名称", .column = 2});
    v("type", &FieldInfo::type, "type as the process language writes it: `string`, `date-time`, `document`, `list<number>`",
      {.zh = "类型", .column = 3});
    v("required", &FieldInfo::required, "whether a result without it is refused (SB0534), as the data are now", {.zh = "必填", .column = 4});
    v("required_if", &FieldInfo::required_if, "FEEL over data and the answers of this form that decides `required`; null: it does not change",
      {.zh = "必填条件", .null_if_empty = true});
    v("choices", &FieldInfo::choices, "list of the values to choose from; null: any", {.zh = "可选值", .column = 5});
    v("min", &FieldInfo::min, "least value, or least length of a text or list; null: none", {.zh = "最小", .column = 6});
    v("max", &FieldInfo::max, "greatest value, or greatest length; null: none", {.zh = "最大", .column = 7});
    v("value", &FieldInfo::value, "what the data are now", {.zh = "当前值", .column = 8});
    v("hint", &FieldInfo::hint, "help for who fills it in", {.zh = "提示", .column = 9, .null_if_empty = true});
  }
};

/// A worker's view of one job.
struct Job : WorkInfo {
  std::uint32_t attempt = 1;
};

template <>
struct Described<Job> {
  static constexpr std::string_view name = "Job", meaning = "Work for a worker.";
  template <class V>
  static constexpr void visit(V&& v) {
    Described<WorkInfo>::visit(v);
    v("attempt", &Job::attempt, "1 for the first try", {.zh = "次数"});
  }
};

struct ClockInfo {
  std::string case_no, clock, name, process;
  InstanceId instance;
  std::string customer;
  ClockState state = ClockState::running;
  std::uint32_t round = 1;
  bool breached = false, mean = false, internal = false, provisional = false;
  std::string budget;
  Instant started, due, original_due;
  std::optional<Instant> ended;
  double elapsed_business = 0;
  BusinessUnit elapsed_unit = BusinessUnit::h;
  double elapsed_working_days = 0;
  Duration elapsed_working, elapsed_wall, paused, left;
  std::string business_left;
  double percent = 0;
  std::string stage, lane;
  std::vector<std::string> holders;
  std::string source, unverified, table;
  std::uint32_t row = 0;
  std::string edition;
  std::string damaged;
  Value changes;
  bool on_hold = false;
  std::string organisation{};
};

template <>
struct Described<ClockInfo> {
  static constexpr std::string_view name = "ClockInfo", meaning = "One round of a promise clock.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("case", &ClockInfo::case_no, "case number", {.zh = "工单号", .column = 1, .known = true});
    v("clock", &ClockInfo::clock, "id of the clock in its process", {.zh = "时限", .column = 2, .known = true});
    v("name", &ClockInfo::name, "name of the clock in the language of the engine", {.zh = "名称", .column = 3});
    v("process", &ClockInfo::process, "id of the process", {.zh = "流程", .known = true});
    v("instance", &ClockInfo::instance, "instance that it belongs to", {.zh = "实例", .known = true});
    v("customer", &ClockInfo::customer, "customer number; empty when the process names none", {.zh = "客户号", .known = true});
    v("state", &ClockInfo::state, "a clock that was stopped late is met and breached", {.zh = "状态", .column = 4});
    v("round", &ClockInfo::round, "1 for the first; a clock that starts again begins another", {.zh = "轮次"});
    v("breached", &ClockInfo::breached, "its due instant has passed", {.zh = "超时"});
    v("mean", &ClockInfo::mean, "it promises an average, so no single case breaks it", {.zh = "平均承诺"});
    v("internal", &ClockInfo::internal, "a target of the company, not promised to the customer", {.zh = "内部"});
    v("provisional", &ClockInfo::provisional, "it is due beyond the published years of its calendar", {.zh = "暂定"});
    v("budget", &ClockInfo::budget, "how much time is promised, as written: `5 bd`", {.zh = "承诺", .column = 8});
    v("started", &ClockInfo::started, "when the round began", {.zh = "开始"});
    v("due", &ClockInfo::due, "when it breaks, pauses up to now counted in; of one on hold: when it would if it went on now",
      {.zh = "到期", .column = 5});
    v("original_due", &ClockInfo::original_due, "when it would have broken without pauses", {.zh = "原到期"});
    v("ended", &ClockInfo::ended, "when it was met or cancelled", {.zh = "结束"});
    v("elapsed_business", &ClockInfo::elapsed_business, "time consumed, in `elapsed_unit`", {.zh = "已用"});
    v("elapsed_unit", &ClockInfo::elapsed_unit,
      "working days or open hours of a promise in these alone; of all others hours of real time without pauses", {.zh = "单位"});
    v("elapsed_working_days", &ClockInfo::elapsed_working_days,
      "working days consumed; of a promise not in working days alone those since the start, pauses included",
      {.zh = "已用工作日", .unit = "working days"});
    v("elapsed_working", &ClockInfo::elapsed_working,
      "open time consumed; of a promise not in working hours alone that since the start, pauses included", {.zh = "已用工作时间"});
    v("elapsed_wall", &ClockInfo::elapsed_wall, "real time since the start, with pauses", {.zh = "已历时间"});
    v("paused", &ClockInfo::paused, "real time spent in pauses", {.zh = "暂停"});
    v("left", &ClockInfo::left, "real time until it is due; negative when it is overdue", {.zh = "剩余", .column = 6});
    v("business_left", &ClockInfo::business_left,
      "what is left of the promise in its own unit: `2.5 bd`, `-1.0 bh`; null where that says no more than `left`: real time, or a mixture of units",
      {.zh = "剩余工时", .null_if_empty = true});
    v("percent", &ClockInfo::percent, "share of the promise consumed", {.zh = "进度", .column = 7, .unit = "%"});
    v("stage", &ClockInfo::stage, "path of the node whose end or entry stops the clock", {.zh = "环节", .null_if_empty = true});
    v("lane", &ClockInfo::lane, "lane of that node", {.zh = "岗位", .null_if_empty = true});
    v("holders", &ClockInfo::holders, "people or groups who have the work now", {.zh = "承办", .column = 9});
    v("source", &ClockInfo::source, "rule that the promise comes from: of the table's row that gave it, else of the clock",
      {.zh = "来源", .column = 10});
    v("unverified", &ClockInfo::unverified, "what of the source nobody has checked", {.zh = "待核", .null_if_empty = true});
    v("table", &ClockInfo::table, "decision table that the promise was taken from when the round began", {.zh = "决策表", .null_if_empty = true});
    v("row", &ClockInfo::row, "its row, from 1 in the order of the file; 0 when no row gave the promise", {.zh = "行"});
    v("edition", &ClockInfo::edition, "edition of the source", {.zh = "版本", .null_if_empty = true});
    v("damaged", &ClockInfo::damaged,
      "what is wrong with its row in the database (SB0603): the fields besides ids and case are null then; null: nothing",
      {.zh = "损坏", .null_if_empty = true, .known = true});
    v("changes", &ClockInfo::changes,
      "what operators did to this round, in order: a list of `at`, `change` (extend, void, pause, resume), `amount` of an extension, `by`, `reason`, "
      "`due_before` and `due_after`; null when they did nothing",
      {.zh = "变更", .dated = true});
    v("on_hold", &ClockInfo::on_hold, "it stands still and is not broken: it is not due before it goes on, and `due` moves with the pause",
      {.zh = "暂停中"});
    v("organisation", &ClockInfo::organisation, "unit of the company that its case belongs to; null: to the whole",
      {.zh = "单位", .null_if_empty = true});
  }
};

struct OutboxInfo {
  std::uint64_t id = 0;
  std::string key;
  OutboxKind kind = OutboxKind::feedback;
  std::string name;
  OutboxState state = OutboxState::waiting;
  InstanceId instance;
  std::string case_no, process, customer;
  Value body;
  Instant created;
  std::optional<Instant> delivered;
  std::uint32_t attempts = 0;
  std::string error;
  std::optional<Instant> next_try{}, lease_until{}, given_up{};
  std::string damaged{};
  std::uint64_t behind = 0;
  Value receipts{};
};

template <>
struct Described<OutboxInfo> {
  static constexpr std::string_view name = "OutboxInfo",
                                    meaning = "One record of the outbox: something that a customer or the company is to be told.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("id", &OutboxInfo::id, "number of the record in the database", {.zh = "编号", .column = 1, .known = true});
    v("key", &OutboxInfo::key, "the same record always comes with the same key: whoever delivers it twice can tell");
    v("kind", &OutboxInfo::kind, "what made it", {.zh = "类别", .column = 4});
    v("name", &OutboxInfo::name, "name of the feedback, escalation or message", {.zh = "名称", .column = 5});
    v("state", &OutboxInfo::state,
      "waiting until it is told; failed: tried in vain so often that an operator must decide (an incident); dropped: he gave it up",
      {.zh = "状态", .column = 6, .known = true});
    v("instance", &OutboxInfo::instance, "instance that it comes from", {.zh = "实例", .known = true});
    v("case", &OutboxInfo::case_no, "case number", {.zh = "工单号", .column = 3, .known = true});
    v("process", &OutboxInfo::process, "id of the process", {.zh = "流程", .known = true});
    v("customer", &OutboxInfo::customer, "customer number; empty when the process names none", {.zh = "客户号"});
    v("body", &OutboxInfo::body, "what is to be told", {.zh = "内容", .column = 8, .heading = "message", .dated = true});
    v("created", &OutboxInfo::created, "when it came up", {.zh = "产生", .column = 2, .known = true});
    v("delivered", &OutboxInfo::delivered, "when it was told", {.zh = "送达", .known = true});
    v("attempts", &OutboxInfo::attempts, "how often it was tried, since it came up or an operator had it tried again", {.zh = "次数", .known = true});
    v("error", &OutboxInfo::error, "why the last attempt did not work; who dropped it, and why",
      {.zh = "原因", .null_if_empty = true, .known = true});
    v("next_try", &OutboxInfo::next_try,
      "from then on it may be tried, when those of its kind for this customer before it are through; null: it is over",
      {.zh = "下次", .known = true});
    v("lease_until", &OutboxInfo::lease_until, "an adapter is telling it, and has it until then at most; null: nobody",
      {.zh = "占用至", .known = true});
    v("given_up", &OutboxInfo::given_up, "when it failed for good, or was dropped", {.zh = "放弃", .known = true});
    v("damaged", &OutboxInfo::damaged, "what is wrong with its row in the database (SB0603): it cannot be told; null: nothing",
      {.zh = "损坏", .null_if_empty = true, .known = true});
    v("behind", &OutboxInfo::behind, "of one that waits: the record of its kind for this customer that goes out before it; 0: none",
      {.zh = "等待", .column = 7, .heading = "waits for", .known = true});
    v("receipts", &OutboxInfo::receipts,
      "what the adapter heard since, in the order in which it came: a list of `kind` (delivered, failed, read, signed), `at`, `note`, `by`; null: "
      "nothing",
      {.zh = "回执", .dated = true});
  }
};

struct MessageInfo {
  std::string message;
  std::string name, key;
  bool to_case = false;
  MessageState state = MessageState::waiting;
  InstanceId instance;
  Instant arrived, until;
  MessageEnd ends = MessageEnd::incident;
  Value payload;
  std::string request_id, rule, error;
  std::optional<Instant> decided{};
  std::string damaged{};
};

template <>
struct Described<MessageInfo> {
  static constexpr std::string_view name = "MessageInfo", meaning = "One message that came before anybody waited for it, and is kept.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("message", &MessageInfo::message, "id of the message: `m-5`; its incident has the same",
      {.zh = "编号", .column = 1, .heading = "id", .known = true});
    v("name", &MessageInfo::name, "name of the message", {.zh = "名称", .column = 3});
    v("key", &MessageInfo::key, "with which it finds who waits", {.zh = "键", .column = 4});
    v("to_case", &MessageInfo::to_case, "it was sent to the case of a number, and the key is that number", {.zh = "按工单号"});
    v("state", &MessageInfo::state,
      "waiting until somebody waits for it; incident: its time was over, or who waited refused it, and an operator must decide; dropped: he gave it "
      "up",
      {.zh = "状态", .column = 5, .known = true});
    v("instance", &MessageInfo::instance, "instance that threw it; null: it came from outside", {.zh = "实例", .null_if_empty = true});
    v("arrived", &MessageInfo::arrived, "when it came", {.zh = "到达", .column = 2});
    v("until", &MessageInfo::until, "how long it is kept", {.zh = "保留至", .column = 6});
    v("ends", &MessageInfo::ends, "what becomes of it then: an incident, or nothing that anybody is told of", {.zh = "到期后", .column = 7});
    v("payload", &MessageInfo::payload, "what it carries", {.zh = "内容", .column = 8, .dated = true});
    v("request_id", &MessageInfo::request_id, "request id of whoever sent it", {.zh = "请求号", .null_if_empty = true});
    v("rule", &MessageInfo::rule, "of an incident: id of the rule, explained in docs/rules.md", {.zh = "规则", .null_if_empty = true});
    v("error", &MessageInfo::error, "of an incident: why; who dropped it, and why", {.zh = "原因", .null_if_empty = true});
    v("decided", &MessageInfo::decided, "when it became an incident, or was dropped", {.zh = "处置"});
    v("damaged", &MessageInfo::damaged, "what is wrong with its row in the database (SB0603): nobody gets it; null: nothing",
      {.zh = "损坏", .null_if_empty = true, .known = true});
  }
};

struct RowInfo {
  std::string register_id, key;
  std::uint64_t version = 0;
  Value fields;
  Instant at;
  InstanceId instance;
  std::string by;
  std::string damaged{};
};

template <>
struct Described<RowInfo> {
  static constexpr std::string_view name = "RowInfo", meaning = "One version of a row of a register.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("register_id", &RowInfo::register_id, "id of the register", {.zh = "登记册", .known = true});
    v("key", &RowInfo::key, "key of the row", {.zh = "键", .column = 1, .known = true});
    v("version", &RowInfo::version, "1 for the first version of this row; 0: another system has it", {.zh = "版次", .column = 2, .known = true});
    v("fields", &RowInfo::fields, "every field with its value, null when nothing is known; a counter as it stood at `at`, or stands now",
      {.zh = "内容", .column = 6, .object = true});
    v("at", &RowInfo::at, "when it became so; of another system: now", {.zh = "时间", .column = 3, .heading = "time"});
    v("instance", &RowInfo::instance, "instance of the case that made it so; null: it came from outside",
      {.zh = "实例", .column = 4, .null_if_empty = true});
    v("by", &RowInfo::by, "who gave it, from outside", {.zh = "登记人", .column = 5, .null_if_empty = true});
    v("damaged", &RowInfo::damaged, "what is wrong with its row in the database (SB0603): its fields are not known; null: nothing",
      {.zh = "损坏", .null_if_empty = true, .known = true});
  }
};

/// What an import of rows did.
struct ImportReport {
  std::size_t written = 0, unchanged = 0, refused = 0;
  std::vector<std::string> errors;
};

template <>
struct Described<ImportReport> {
  static constexpr std::string_view name = "ImportReport", meaning = "What an import of rows of a register did.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("written", &ImportReport::written, "rows that are new or became others");
    v("unchanged", &ImportReport::unchanged, "rows that were so already: no new version of them");
    v("refused", &ImportReport::refused, "rows that do not fit the register; the others are written all the same");
    v("errors", &ImportReport::errors, "why, each with the number of its row, from 1: `row 17: ...`; the first 1,000");
  }
};

struct HistoryInfo {
  std::uint64_t sequence = 0;
  Instant at;
  std::string event;
  Value details;
  std::string text{};
};

template <>
struct Described<HistoryInfo> {
  static constexpr std::string_view name = "HistoryInfo", meaning = "One entry of a case's history.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("sequence", &HistoryInfo::sequence, "its number in the case, from 1", {.zh = "序号", .column = 1, .heading = "number"});
    v("at", &HistoryInfo::at, "when it happened", {.zh = "时间", .column = 2, .heading = "time"});
    v("event", &HistoryInfo::event, "what happened: `element-entered`", {.zh = "事件", .column = 3});
    v("details", &HistoryInfo::details, "ids and values of what happened", {.zh = "详情", .column = 4, .object = true, .dated = true});
    v("text", &HistoryInfo::text,
      "the same as a sentence in the language of the engine, with the names that the process declares, in an answer of `history`; what was before is "
      "known when it begins with the first entry; null: nothing that a reader needs",
      {.zh = "经过", .null_if_empty = true});
  }
};

struct DeploymentInfo {
  std::string process;
  std::uint64_t number = 0;
  std::string version, definition;
  Instant deployed;
  std::string base{};
};

template <>
struct Described<DeploymentInfo> {
  static constexpr std::string_view name = "DeploymentInfo", meaning = "One deployed version of a process.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("process", &DeploymentInfo::process, "id of the process", {.zh = "流程", .column = 1});
    v("number", &DeploymentInfo::number, "1 for the first deployment of this process", {.zh = "序号", .column = 2});
    v("version", &DeploymentInfo::version, "the designer's tag; may be empty", {.zh = "版本", .column = 3});
    v("definition", &DeploymentInfo::definition, "hash of its content: the same content is the same definition", {.zh = "定义", .column = 5});
    v("deployed", &DeploymentInfo::deployed, "when it was deployed", {.zh = "部署", .column = 4});
    v("base", &DeploymentInfo::base,
      "of an overlay, as `deployments` answers: the process that lies at the bottom of it, as which its cases count; null: it is none",
      {.zh = "基础流程", .column = 6, .null_if_empty = true, .optional = true});
  }
};

struct ResourceInfo {
  std::string kind, id, file;
  Instant stored;
  bool by_hand = false;
  std::vector<std::string> used_by, older_in;
};

template <>
struct Described<ResourceInfo> {
  static constexpr std::string_view name = "ResourceInfo",
                                    meaning = "A calendar, a decision table, a register or the tree of organisations of the database.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("kind", &ResourceInfo::kind, "calendar, decision, register or organisations", {.zh = "类别", .column = 1});
    v("id", &ResourceInfo::id, "its id", {.zh = "标识", .column = 2});
    v("file", &ResourceInfo::file, "the file that it was stored from", {.zh = "文件", .column = 3});
    v("stored", &ResourceInfo::stored, "when this text of it was stored", {.zh = "存入", .column = 6});
    v("by_hand", &ResourceInfo::by_hand, "somebody gave this very text: a folder of processes does not take its place", {.zh = "人工提供"});
    v("used_by", &ResourceInfo::used_by, "processes whose latest deployment uses this text", {.zh = "使用流程", .column = 4});
    v("older_in", &ResourceInfo::older_in,
      "processes whose latest deployment still has an older text of the table or register, until they are deployed again",
      {.zh = "仍用旧版", .column = 5});
  }
};

struct OrganisationInfo {
  std::string organisation, parent, name, level, calendar;
  std::vector<std::string> path;
};

template <>
struct Described<OrganisationInfo> {
  static constexpr std::string_view name = "OrganisationInfo", meaning = "One unit of the company.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("organisation", &OrganisationInfo::organisation, "its id", {.zh = "单位", .column = 1});
    v("parent", &OrganisationInfo::parent, "the unit above it; null: it is the root",
      {.zh = "上级", .column = 4, .heading = "below", .null_if_empty = true});
    v("name", &OrganisationInfo::name, "what people call it, in the language of the engine", {.zh = "名称", .column = 2});
    v("level", &OrganisationInfo::level, "what such a unit is: `county`; null: the tree does not say",
      {.zh = "级别", .column = 3, .null_if_empty = true, .optional = true});
    v("calendar", &OrganisationInfo::calendar, "the calendar that it works by: its own, else that of the nearest unit above; null: none is named",
      {.zh = "日历", .column = 5, .null_if_empty = true, .optional = true});
    v("path", &OrganisationInfo::path, "units from the root down to this one", {.zh = "路径"});
  }
};

struct IncidentInfo {
  IncidentId incident;
  InstanceId instance;
  std::string case_no, process, node, rule, message;
  Instant raised;
  std::string damaged{};
  std::string place{};
  std::uint32_t number = 0;
  std::string organisation{};
};

template <>
struct Described<IncidentInfo> {
  static constexpr std::string_view name = "IncidentInfo", meaning = "One incident: what failed while a case ran, and waits for an operator.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("incident", &IncidentInfo::incident,
      "id of the incident: `i-17.9`; `o-5` is about record 5 of the outbox, which could not be told; `m-5` about message 5, which nobody took",
      {.zh = "异常", .column = 1});
    v("instance", &IncidentInfo::instance, "instance that it belongs to", {.zh = "实例", .known = true});
    v("case", &IncidentInfo::case_no, "case number", {.zh = "工单号", .column = 2, .known = true});
    v("process", &IncidentInfo::process, "id of the process", {.zh = "流程", .column = 3, .known = true});
    v("node", &IncidentInfo::node, "path of the node where the token rests; empty when it is about a record of the outbox",
      {.zh = "环节", .column = 4});
    v("rule", &IncidentInfo::rule, "id of the rule that was broken, explained in docs/rules.md", {.zh = "规则", .column = 5});
    v("message", &IncidentInfo::message, "what went wrong", {.zh = "内容", .column = 7});
    v("raised", &IncidentInfo::raised, "when it was raised", {.zh = "时间", .column = 6, .heading = "time"});
    v("damaged", &IncidentInfo::damaged,
      "what is wrong with the case in the database (SB0603): its incidents are not known, and the fields besides ids and case are null; null: "
      "nothing",
      {.zh = "损坏", .null_if_empty = true, .known = true});
    v("place", &IncidentInfo::place,
      "the node with the numbers of the repeated activities that it stands in: `house[2]/room[1]`; without any as `node`", {.zh = "位置"});
    v("number", &IncidentInfo::number, "number of the instance of the innermost of these, from 1; 0: nothing around it is repeated", {.zh = "序号"});
    v("organisation", &IncidentInfo::organisation, "unit of the company that its case belongs to; null: to the whole",
      {.zh = "单位", .null_if_empty = true});
  }
};

/// What one tick did.
struct TickReport {
  std::size_t timers = 0, marks = 0, retries = 0, stale = 0, damaged = 0, put_off = 0, rederived = 0, kept = 0;
  Duration worst_lateness;
  std::optional<Instant> next_due;
  std::size_t listener_threw = 0;
};

template <>
struct Described<TickReport> {
  static constexpr std::string_view name = "TickReport", meaning = "What one tick did.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("timers", &TickReport::timers, "timers fired");
    v("marks", &TickReport::marks, "marks of clocks that fired");
    v("retries", &TickReport::retries, "failed jobs that are offered again");
    v("stale", &TickReport::stale, "things that were over before they were due");
    v("damaged", &TickReport::damaged, "things that could not be carried out because a row is damaged; each is an incident in the outbox");
    v("put_off", &TickReport::put_off, "cases and timer start events that have more due than one tick fires for one of them; the next tick goes on");
    v("rederived", &TickReport::rederived, "cases that a calendar moved which became another; the next tick goes on with those that are left");
    v("kept", &TickReport::kept, "messages that were kept until their time was over");
    v("worst_lateness", &TickReport::worst_lateness, "how long the latest of them had been due");
    v("next_due", &TickReport::next_due, "when the next thing is due");
    v("listener_threw", &TickReport::listener_threw, "exceptions of listeners since the last tick");
  }
};

/// What `prune` took away.
struct PruneReport {
  std::size_t requests = 0, outbox = 0;
};

template <>
struct Described<PruneReport> {
  static constexpr std::string_view name = "PruneReport", meaning = "What `prune` took away.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("requests", &PruneReport::requests, "answers kept for repeated requests");
    v("outbox", &PruneReport::outbox, "records of the outbox that were delivered or dropped");
  }
};

/// Calls f.operator()<R>() for each answer, in the order in which docs/answers.md has them.
template <class F>
constexpr void each_answer(F&& f) {
  f.template operator()<CaseInfo>();
  f.template operator()<WorkInfo>();
  f.template operator()<CountInfo>();
  f.template operator()<FieldInfo>();
  f.template operator()<Job>();
  f.template operator()<ClockInfo>();
  f.template operator()<OutboxInfo>();
  f.template operator()<MessageInfo>();
  f.template operator()<RowInfo>();
  f.template operator()<HistoryInfo>();
  f.template operator()<IncidentInfo>();
  f.template operator()<DeploymentInfo>();
  f.template operator()<ResourceInfo>();
  f.template operator()<OrganisationInfo>();
  f.template operator()<TickReport>();
  f.template operator()<PruneReport>();
  f.template operator()<ImportReport>();
}

// ---- Questions -------------------------------------------------------------------------------------------------------------------------------
// The braces of the option structs let a caller name only some fields (`{.case_no = "R-1"}`) without a warning about the others.

/// Filters; empty fields do not filter.
struct Find {
  std::string case_no{}, process{}, customer{}, group{}, assignee{}, state{}, clock{}, topic{};
  InstanceId instance{};
  std::optional<Instant> due_before{};
  std::optional<Instant> due_after{};
  bool open_only = false;
  bool roots_only = false;
  std::uint64_t after = 0;
  std::size_t limit = 1000;
  std::string organisation{};
  std::vector<std::string> where{};
  std::string text{}, node{};
  std::optional<Instant> started_from{}, started_before{}, ended_from{}, ended_before{};
  bool by_promise = false;
  std::string cursor{};
  InstanceId parent{};
};

template <>
struct Described<Find> {
  static constexpr std::string_view name = "Find", meaning = "Filters of a query. What is left out, empty or false does not filter.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("case", &Find::case_no, "case number");
    v("process", &Find::process, "id of the process; cases of overlays over it count as its own");
    v("customer", &Find::customer, "customer number");
    v("group", &Find::group, "work that this group may claim");
    v("assignee", &Find::assignee, "work that this person has claimed");
    v("state", &Find::state, "in this state: a word of the answer's `state`; of instances also several, with commas between them");
    v("clock", &Find::clock, "clocks of this id");
    v("topic", &Find::topic, "jobs of this topic");
    v("instance", &Find::instance, "of this instance");
    v("due_before", &Find::due_before, "clocks and work due at this instant or before; clocks then come in order of due");
    v("due_after", &Find::due_after, "clocks due behind this instant");
    v("open_only", &Find::open_only, "only what is not over");
    v("roots_only", &Find::roots_only, "instances: without those that another one called");
    v("after", &Find::after, "only behind this instance or record: paging");
    v("limit", &Find::limit, "at most so many");
    v("organisation", &Find::organisation,
      "what belongs to this unit of the company or one below it; of work, what is offered there; SB0535 when there is no such unit");
    v("where", &Find::where,
      "instances: each `NAME=TEXT`, where NAME is data that the process declares `search: true`; `NAME=TEXT*`: what begins so; all of them hold "
      "(SB0556)");
    v("text", &Find::text,
      "instances found by this text: by data that are declared `search: true`, by their case number or their customer number; with a star behind it, "
      "by "
      "what begins so");
    v("node", &Find::node, "instances: open ones that stand at this node: its path, or the end of it");
    v("started_from", &Find::started_from, "instances: begun at this instant or later");
    v("started_before", &Find::started_before, "instances: begun before this instant");
    v("ended_from", &Find::ended_from, "instances: ended at this instant or later");
    v("ended_before", &Find::ended_before, "instances: ended before this instant");
    v("by_promise", &Find::by_promise,
      "work: in the order in which the promises of the cases break, then by priority, then by age; with what is asked for then (`promise`, `about`, "
      "`cursor`), and `limit` is exact");
    v("parent", &Find::parent, "instances that this one called");
    v("cursor", &Find::cursor, "with `by_promise`: only behind the work that had this cursor (SB0540 when it is none)");
  }
};

/// What one who delivers asks for, beside the filters.
struct Delivery : Find {
  std::size_t attempts = 10;
  Duration back_off = Duration::minutes(1), longest_back_off = Duration::hours(1), lease = Duration::minutes(5);
};

template <>
struct Described<Delivery> {
  static constexpr std::string_view name = "Delivery",
                                    meaning = "Which records of the outbox are delivered, and what becomes of those that cannot be.";
  template <class V>
  static constexpr void visit(V&& v) {
    Described<Find>::visit(v);
    v("attempts", &Delivery::attempts, "a record that was tried so often in vain has failed: the others go on, and an incident stands; 10");
    v("back_off", &Delivery::back_off, "how long after the first attempt the second comes; each further wait is twice as long; a minute");
    v("longest_back_off", &Delivery::longest_back_off, "no wait is longer; an hour");
    v("lease", &Delivery::lease,
      "how long the adapter has one record, by the engine's clock; after that another may try it, and a late answer is dropped; five minutes");
  }
};

struct StartOptions {
  std::string case_no{}, start_event{}, version{};
};

template <>
struct Described<StartOptions> {
  static constexpr std::string_view name = "StartOptions", meaning = "How a case is started.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("case", &StartOptions::case_no, "case number; empty: made from the instance id");
    v("start_event", &StartOptions::start_event, "id of the start event, when the process has several");
    v("version", &StartOptions::version, "the designer's tag or the hash of a definition; empty: the latest deployment");
  }
};

struct Caller {
  std::string by{};
  std::optional<std::vector<std::string>> groups{};
  std::string organisation{}, request_id{};
  std::uint64_t token = 0;
  std::string reason{};
};

template <>
struct Described<Caller> {
  static constexpr std::string_view name = "Caller", meaning = "Who gives a command, and under which name it can be repeated.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("by", &Caller::by, "a person, a worker or a program, as it stands in the history; empty: nobody in particular");
    v("groups", &Caller::groups,
      "groups that `by` is in: one of them must be among the work's to claim it, or to complete or fail it while nobody has it (SB0505); null: the "
      "program has seen to it that the caller may");
    v("organisation", &Caller::organisation,
      "unit of the company that the caller acts for: the case, or the work, must belong to it or to one below it (SB0536); empty: anywhere. Starting "
      "a "
      "case and sending a message or signal are not held against it");
    v("request_id", &Caller::request_id,
      "makes a repeated call harmless: it is answered as it was the first time, and changes nothing; under another command or with other data the "
      "same "
      "id is refused (SB0546); empty: a repeated call is a new command");
    v("token", &Caller::token,
      "number of the claim under which the caller has the work, as fetch answered; an older one is refused (SB0511); 0: not said");
    v("reason", &Caller::reason,
      "why, with set_data, resolve and release: asked for when data that only the process sets are corrected (SB0533) and when somebody else's work "
      "is taken away (SB0505); it stands in the history");
  }
};

/// How work failed.
struct Failure {
  std::string message{}, error{};
  std::optional<std::int32_t> retries{};
  std::optional<Instant> retry_at{};
};

template <>
struct Described<Failure> {
  static constexpr std::string_view name = "Failure", meaning = "How work failed.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("message", &Failure::message, "why, for people");
    v("error", &Failure::error,
      "code of a BPMN error that the process may catch; empty: it is tried again while it has retries, at last an incident");
    v("retries", &Failure::retries, "how many are left; 0: an incident; null: one less than before");
    v("retry_at", &Failure::retry_at, "when it is tried again, by the engine's clock; null: after the task's back-off");
  }
};

/// What a worker asks for.
struct Fetch {
  std::string worker{};
  std::vector<std::string> topics{};
  std::size_t most = 1;
  std::optional<Duration> lease{};
  Duration wait{};
};

template <>
struct Described<Fetch> {
  static constexpr std::string_view name = "Fetch", meaning = "What a worker asks for.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("worker", &Fetch::worker, "whose the jobs become: a name that no other worker has");
    v("topics", &Fetch::topics, "what its jobs are about; at least one");
    v("most", &Fetch::most, "how many jobs at most; 1 to 10,000");
    v("lease", &Fetch::lease, "how long it may have each, by the engine's clock; null: the task's timeout, or five minutes");
    v("wait", &Fetch::wait, "how long to wait for a job when there is none: real time, whatever the engine's clock says");
  }
};

/// What somebody waits for: any of these that is named.
struct Interest {
  std::vector<std::string> topics{};
  InstanceId instance{};
  std::uint64_t after = 0;
  bool outbox = false;
  std::uint64_t outbox_after = 0;
};

template <>
struct Described<Interest> {
  static constexpr std::string_view name = "Interest", meaning = "What somebody waits for: any of these that is named.";
  template <class V>
  static constexpr void visit(V&& v) {
    v("topics", &Interest::topics, "there is a job of one of them that can be had");
    v("instance", &Interest::instance, "the history of this case goes beyond `after`");
    v("after", &Interest::after, "sequence of the last history entry that is known");
    v("outbox", &Interest::outbox, "a record behind `outbox_after` can be delivered now: its turn has come, and no back-off holds it");
    v("outbox_after", &Interest::outbox_after, "id of the last record that is known");
  }
};

namespace report {

/// What to count and how to group it.
///
/// Keys of `by`: `process` (of an overlay: the process at the bottom of it) and `overlay` (nothing for a process that is none); `organisation`: a
/// line for each unit of the company, which counts the cases of all units below it too; `clock`, `audience` (customer or internal), `customer`;
/// `stage` and `lane`: where the promise is to be kept (ClockInfo); `person` and `group`: who completed the work with which the round ended, and the
/// groups that it was offered to (of an open round: who has the open work of the case; nobody where no work ended it; reads the history of every
/// case); `broke-at`: where the case stood when the promise broke (nothing for one that did not break; reads the history of every case with a broken
/// one); `data.NAME`: an item of the case data, of the case itself or else of the one that called it; `company`: the same as `data.company`; `day`,
/// `week` (ISO 8601), `month`, `quarter`, `year`: of the instant at which the promise counts, in the zone of the process's calendar.
///
/// A promise counts at the earlier of its due instant and its end: when it was kept or broken, and while that is open, when it will be at the latest.
/// So the figures of a period that is over no longer change. A promise of an average counts at its end.
struct PromiseQuery {
  std::vector<std::string> by{};
  std::string process{}, clock{}, audience{};
  std::optional<Instant> from{}, until{};
  std::size_t page = 1000;
  std::string organisation{};
};

}  // namespace report

template <>
struct Described<report::PromiseQuery> {
  static constexpr std::string_view name = "PromiseQuery",
                                    meaning = "What a report counts, and how it groups it. What is left out or empty does not filter.";
  template <class V>
  static constexpr void visit(V&& v) {
    using report::PromiseQuery;
    v("by", &PromiseQuery::by,
      "keys to group by: `process`, `overlay`, `clock`, `organisation`, `audience`, `customer`, `stage`, `lane`, `person`, `group`, `broke-at`, "
      "`company`, "
      "`data.NAME`, `day`, `week`, `month`, `quarter`, `year`");
    v("process", &PromiseQuery::process, "clocks of this process and of overlays over it");
    v("clock", &PromiseQuery::clock, "clocks of this id");
    v("audience", &PromiseQuery::audience, "`customer` or `internal`");
    v("from", &PromiseQuery::from, "promises that count at this instant or later");
    v("until", &PromiseQuery::until, "promises that count before this instant");
    v("page", &PromiseQuery::page, "rounds read at a time: what bounds the memory, beside the groups");
    v("organisation", &PromiseQuery::organisation, "promises of cases that belong to this unit of the company or one below it (SB0535)");
  }
};

/// Calls f.operator()<R>() for each record of options.
template <class F>
constexpr void each_question(F&& f) {
  f.template operator()<Find>();
  f.template operator()<StartOptions>();
  f.template operator()<Caller>();
  f.template operator()<Failure>();
  f.template operator()<Delivery>();
  f.template operator()<report::PromiseQuery>();
}

}  // namespace switchboard

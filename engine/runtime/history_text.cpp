#include "runtime/history_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "runtime/ids.hpp"
#include "store/projection.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t longest_value = 160;  ///< bytes of a value in a sentence

std::string shortened(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= longest_value) return text;
  std::size_t cut = longest_value;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0u) == 0x80u) --cut;
  return text.substr(0, cut) + "...";
}

}  // namespace

/// One event being told. Each sentence stands once, in both languages.
struct Telling {
  Storyteller& teller;
  const model::ExecutableProcess& process;

  [[nodiscard]] bool zh() const { return teller.language_ == "zh"; }

  template <class... T>
  [[nodiscard]] std::string say(std::string_view english, std::string_view chinese, const T&... values) const {
    return fmt::format(fmt::runtime(zh() ? chinese : english), values...);
  }

  /// "a, b" of what is not empty.
  [[nodiscard]] std::string list(const Words& words) const {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : zh() ? "、" : ", ") + word;
    return all;
  }

  // Names.
  [[nodiscard]] std::string node(core::ElementIndex i) const {
    if (i.value >= process.elements.size()) return "?";
    const model::Element& e = process.at(i);
    const std::string name = e.name.empty() ? e.id : e.name.in(teller.language_);
    return zh() ? "「" + name + "」" : "'" + name + "'";
  }
  [[nodiscard]] std::string clock(core::ClockIndex i) const {
    if (i.value >= process.clocks.size()) return "?";
    const model::ClockSpec& c = process.clocks[i.value];
    const std::string name = c.name.empty() ? c.id : c.name.in(teller.language_);
    return zh() ? "「" + name + "」" : "'" + name + "'";
  }
  [[nodiscard]] std::string label(const model::DataSpec& spec) const { return spec.label.empty() ? spec.name : spec.label.in(teller.language_); }
  [[nodiscard]] std::string escalation(const std::string& code) const {
    for (const model::EscalationSpec& e : process.escalations)
      if (e.code == code && !e.name.empty()) return e.name.in(teller.language_);
    return code;
  }
  [[nodiscard]] std::string shown(const Value& v) const {
    if (v.is_null()) return zh() ? "（空）" : "(empty)";
    if (const bool* yes = v.boolean()) return *yes ? (zh() ? "是" : "yes") : (zh() ? "否" : "no");
    return shortened(to_display(v));
  }
  /// Local time of the process's calendar, to the minute, or to the second where there are any.
  [[nodiscard]] std::string time(Instant at) const {
    std::string text = to_string(at, process.calendar->spec().zone);
    if (text.size() < 19) return text;
    const bool has_seconds = text.compare(17, 2, "00") != 0;
    text.resize(has_seconds ? 19 : 16);
    text[10] = ' ';
    return text;
  }
  [[nodiscard]] std::string by(const std::string& who) const { return who.empty() ? std::string() : say(" (by {})", "（{}）", who); }
  [[nodiscard]] std::string by_why(const std::string& who, const std::string& why) const {
    if (who.empty() && why.empty()) return {};
    if (who.empty()) return say(": {}", "：{}", why);
    return why.empty() ? by(who) : say(" (by {}: {})", "（{}：{}）", who, why);
  }

  /// "old → new" where the old value is known and was one.
  [[nodiscard]] std::string becomes(const model::DataSpec& spec, const Value* before, const Value& after) const {
    if (before == nullptr || before->is_null()) return say("{} is {}", "{}：{}", label(spec), shown(after));
    return say("{} was {}, is {}", "{}由 {} 改为 {}", label(spec), shown(*before), shown(after));
  }

  // The case.
  std::string operator()(const core::InstanceStarted& e) {
    teller.data_ = e.data;
    teller.knows_data_ = true;
    const std::string name = process.name.empty() ? process.id : process.name.in(teller.language_);
    std::string text = say("case {} begins: {}", "工单 {} 开始：{}", e.case_no, name);
    if (!e.by_message.empty()) text += say(", by message {}", "，由消息 {} 触发", e.by_message);
    if (!e.customer.empty()) text += say(", customer {}", "，客户 {}", e.customer);
    if (e.reopens) text += say("; it takes case {} up again{}", "；重启原工单 {}{}", instance_id(e.reopens), by_why(e.reopened_by, e.reopen_reason));
    std::string given;
    for (std::size_t i = 0; i < process.data.size() && i < e.data.size(); ++i)
      if (!e.data[i].is_null())
        given += (given.empty() ? "" : zh() ? "，" : ", ") + say("{}: {}", "{}：{}", label(process.data[i]), shown(e.data[i]));
    return given.empty() ? text : text + say("; {}", "；{}", given);
  }
  std::string operator()(const core::InstanceCompleted& e) {
    return e.error.empty() ? say("the case is completed", "工单办结") : say("the case is completed with error {}", "工单以错误 {} 结束", e.error);
  }
  std::string operator()(const core::InstanceCancelled& e) { return say("the case is cancelled{}", "工单取消{}", by_why(e.by, e.reason)); }
  std::string operator()(const core::InstanceSuspended& e) { return say("the case is suspended{}", "工单挂起{}", by_why(e.by, e.reason)); }
  std::string operator()(const core::InstanceResumed& e) { return say("the case goes on{}", "工单恢复办理{}", by(e.by)); }
  std::string operator()(const core::CustomerIdentified& e) { return say("the customer is {}", "客户编号：{}", e.customer); }
  std::string operator()(const core::DataChanged& e) {
    const auto& declared = e.owner ? process.at(e.scope).data : process.data;
    if (e.slot.value >= declared.size()) return {};
    if (e.owner) return becomes(declared[e.slot.value], nullptr, e.value);
    if (!teller.knows_data_ || e.slot.value >= teller.data_.size()) return becomes(declared[e.slot.value], nullptr, e.value);
    const Value before = std::exchange(teller.data_[e.slot.value], e.value);
    return becomes(declared[e.slot.value], &before, e.value);
  }
  std::string operator()(const core::DataCorrected& e) {
    if (e.slot.value >= process.data.size()) return {};
    if (e.slot.value < teller.data_.size()) teller.data_[e.slot.value] = e.value;
    const model::DataSpec& spec = process.data[e.slot.value];
    return say("correction: {} was {}, is {}{}", "更正：{}由 {} 改为 {}{}", label(spec), shown(e.before), shown(e.value), by_why(e.by, e.reason));
  }
  std::string operator()(const core::NoteAdded& e) {
    constexpr std::string_view set = "data set: ";
    if (!e.text.starts_with(set)) return say("note: {}{}", "备注：{}{}", e.text, by(e.by));
    const std::string rest = e.text.substr(set.size());
    const std::size_t why = rest.find(": ");
    const std::string reason = why == std::string::npos ? std::string() : rest.substr(why + 2);
    return say("data are corrected{}", "更正数据{}", by_why(e.by, reason));
  }

  // Where it goes.
  std::string operator()(const core::ElementCompleted& e) {
    if (e.element.value >= process.elements.size() || process.at(e.element).type != model::NodeType::end_event) return {};
    return say("{} is reached", "到达{}", node(e.element));
  }
  std::string operator()(const core::TimerFired& e) { return say("the time of {} has come", "{}的时间已到", node(e.element)); }
  std::string operator()(const core::MessageReceived& e) { return say("message {} arrives", "收到消息 {}", e.name); }
  std::string operator()(const core::SignalReceived& e) { return say("signal {} arrives", "收到信号 {}", e.name); }
  std::string operator()(const core::MessageThrown& e) { return say("message {} is sent", "发出消息 {}", e.name); }
  std::string operator()(const core::SignalThrown& e) { return say("signal {} is sent", "发出信号 {}", e.name); }
  std::string operator()(const core::EscalationRaised& e) {
    return say("escalation: {}{}", "升级：{}{}", escalation(e.code), e.clock ? say(", of {}", "（{}）", clock(e.clock)) : std::string());
  }
  std::string operator()(const core::ErrorRaised& e) {
    return say("error {} at {}{}", "错误 {}，位于{}{}", e.code, node(e.element), e.message.empty() ? std::string() : say(": {}", "：{}", e.message));
  }
  std::string operator()(const core::ActivityBegun& e) {
    return e.asked ? say("{} is begun once more{}", "再次开始{}{}", node(e.element), by(e.by)) : std::string();
  }
  std::string operator()(const core::CompensationStarted& e) { return say("{} is undone", "撤销{}", node(e.element)); }
  std::string operator()(const core::TransactionCancelled& e) { return say("{} is given up as a whole", "{}整体取消", node(e.element)); }
  std::string operator()(const core::CallStarted& e) {
    teller.calls_[e.call.key] = e.call.element;
    return say("{} begins: a case of {} is called", "{}开始：调用流程 {}", node(e.call.element), e.call.process);
  }
  std::string operator()(const core::CallFinished& e) {
    return ended_call(e.call, "{} is done: the called case has ended", "{}完成：被调用工单已结束");
  }
  std::string operator()(const core::CallAbandoned& e) { return ended_call(e.call, "{} is no longer needed", "{}不再需要"); }
  std::string ended_call(core::CallKey call, std::string_view english, std::string_view chinese) {
    const auto known = teller.calls_.extract(call);
    return known ? say(english, chinese, node(known.mapped())) : std::string();
  }

  // Work.
  std::string operator()(const core::WorkOffered& e) {
    teller.work_[e.work.key] = e.work.element;
    if (!e.work.assignee.empty()) return say("{} is for {}", "{}交由 {} 办理", node(e.work.element), e.work.assignee);
    if (e.work.groups.empty()) return {};  // jobs of programs: that they are done is told
    return say("{} is offered to {}", "{}派给 {}", node(e.work.element), list(e.work.groups));
  }
  std::string operator()(const core::WorkClaimed& e) {
    const auto work = teller.work_.find(e.work);
    const bool had_it = std::exchange(teller.holders_[e.work], e.by) == e.by;
    if (had_it || work == teller.work_.end() || e.lease_until) return {};
    return say("{} takes {}", "{} 接办{}", e.by, node(work->second));
  }
  std::string operator()(const core::WorkReleased& e) {
    const auto work = teller.work_.find(e.work);
    teller.holders_.erase(e.work);
    return work == teller.work_.end() || e.by.empty() ? std::string() : say("{} is given back{}", "{}退回待办{}", node(work->second), by(e.by));
  }
  std::string operator()(const core::WorkAssigned& e) {
    teller.holders_[e.work] = e.to;
    return say("{} is given to {}{}", "{}改派给 {}{}", node(e.element), e.to, by_why(e.by, e.reason));
  }
  std::string operator()(const core::WorkCompleted& e) {
    teller.work_.erase(e.work);
    return say("{} is done{}", "{}完成{}", node(e.element), by(e.by));
  }
  std::string operator()(const core::WorkFailed& e) {
    const std::string why = e.message.empty() ? e.error : e.message;
    return say("{} failed{}", "{}失败{}", node(e.element), why.empty() ? std::string() : say(": {}", "：{}", why));
  }
  std::string operator()(const core::WorkWithdrawn& e) {
    const auto known = teller.work_.extract(e.work);
    return known ? say("{} is no longer needed", "{}不再需要", node(known.mapped())) : std::string();
  }

  // Promises.
  std::string operator()(const core::ClockStarted& e) {
    if (sla::waits_for_data(e.ledger))
      return say("promise {} begins; when it is due is not known yet", "时限{}开始，到期时间待定", clock(e.ledger.clock));
    if (e.ledger.mean) return {};
    return say("promise {} begins, due {}", "时限{}开始，{} 到期", clock(e.ledger.clock), time(e.ledger.due));
  }
  std::string operator()(const core::ClockPaused& e) { return say("promise {} stands still", "时限{}暂停", clock(e.ledger.clock)); }
  std::string operator()(const core::ClockResumed& e) {
    return say("promise {} runs again, due {}", "时限{}恢复计时，{} 到期", clock(e.ledger.clock), time(e.ledger.due));
  }
  std::string operator()(const core::ClockStopped& e) {
    if (e.ledger.mean) return {};
    return e.ledger.breached ? say("promise {} is met too late", "时限{}超时完成", clock(e.ledger.clock))
                             : say("promise {} is kept", "时限{}按时完成", clock(e.ledger.clock));
  }
  std::string operator()(const core::ClockCancelled& e) {
    return e.ledger.mean ? std::string() : say("promise {} is not needed any more", "时限{}取消", clock(e.ledger.clock));
  }
  std::string operator()(const core::ClockMoved& e) {
    return say("promise {} is due {} now{}", "时限{}改为 {} 到期{}", clock(e.ledger.clock), time(e.ledger.due), by_why({}, e.reason));
  }
  std::string operator()(const core::ClockChanged& e) {
    if (e.ledger.changes.empty()) return {};
    const sla::Change& c = e.ledger.changes.back();
    const std::string who = by_why(c.by, c.reason);
    const std::string name = clock(e.ledger.clock);
    switch (c.kind) {
      case sla::ChangeKind::extend: return say("promise {} is extended, due {} now{}", "时限{}延长，改为 {} 到期{}", name, time(c.due_after), who);
      case sla::ChangeKind::annul: return say("promise {} is made void{}", "时限{}作废{}", name, who);
      case sla::ChangeKind::pause: return say("promise {} is held{}", "时限{}人工暂停{}", name, who);
      case sla::ChangeKind::resume: return say("promise {} is held no more, due {}{}", "时限{}解除暂停，{} 到期{}", name, time(c.due_after), who);
    }
    return {};
  }
  std::string operator()(const core::ClockMarked& e) {
    if (e.skipped || e.ledger.clock.value >= process.clocks.size()) return {};
    const model::ClockSpec& spec = process.clocks[e.ledger.clock.value];
    const bool is_breach = e.mark >= spec.marks.size() || spec.marks[e.mark].kind == model::ClockMark::Kind::breach;
    if (is_breach) return say("promise {} is broken", "时限{}超时", clock(e.ledger.clock));
    return say("promise {} is at {}", "时限{}已到 {}", clock(e.ledger.clock), spec.marks[e.mark].text);
  }
  std::string operator()(const core::FeedbackGiven& e) {
    std::string text = e.texts.empty() ? std::string() : e.texts.front().second;
    for (const auto& one : e.texts)
      if (one.first == teller.language_) text = one.second;
    return say("the customer is told by {}: {}", "告知客户（{}）：{}", list(e.channels), shortened(text));
  }

  // What went wrong.
  std::string operator()(const core::IncidentRaised& e) {
    return say("incident at {}: {} [{}]", "异常，位于{}：{} [{}]", node(e.incident.element), e.incident.message, e.incident.rule);
  }
  std::string operator()(const core::IncidentResolved& e) { return say("the incident is resolved{}", "异常已处理{}", by(e.by)); }

  /// How tokens move, timers are set and parts are kept: nothing that a reader needs.
  template <class E>
  std::string operator()(const E& /*e*/) {
    return {};
  }
};

std::string Storyteller::tell(const model::ExecutableProcess& process, const core::Event& event) {
  return std::visit(Telling{*this, process}, event.body);
}

}  // namespace switchboard::runtime

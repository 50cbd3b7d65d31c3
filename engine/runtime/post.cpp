#include "runtime/post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/errand_names.hpp"
#include "runtime/ids.hpp"
#include "runtime/views.hpp"
#include "store/projection.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::runtime {

using driver::Deed;

Error nobody_waits(Definitions& definitions, std::string_view message, const std::string& where) {
  Error error{ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' {}", message, where), "",
              "look at the case: it may not have come there yet, or be past it"};
  const auto names = definitions.names(NameKind::message);
  if (!names || std::binary_search(names.value().begin(), names.value().end(), message)) return error;
  const std::string near = model::nearest_name(message, names.value());
  error.hint =
      "no deployed process knows this message" + (near.empty() ? std::string("; deploy the process that does") : "; did you mean '" + near + "'?");
  return error;
}

Post::Post(const Offices& offices, const store::Errand& errand)
    : offices_(offices), request_id_(request_of(errand.key)), errand_(&errand.key), chain_(errand.chain + 1) {}

bool Post::is_request_itself(const Deed& deed) const {
  return deed.kind == Deed::Kind::whole || (deed.kind == Deed::Kind::overheard && errand_ == nullptr);
}

std::string Post::request_of_deed(const Deed& deed) const {
  const core::Parent caller{deed.instance, core::CallKey{deed.key}};
  if (is_request_itself(deed)) return request_id_;
  switch (deed.kind) {
    case Deed::Kind::whole: break;
    case Deed::Kind::call: return request_of_call(caller);
    case Deed::Kind::refusal: return request_of_refusal(caller);
    case Deed::Kind::row: return request_of_row(caller);
    case Deed::Kind::withdrawal: return request_of_call(caller) + "/cancelled";
    case Deed::Kind::answer: return request_of_return(deed.instance);
    case Deed::Kind::overheard: return request_id_ + "/listened";
    case Deed::Kind::receiver:
      return request_id_.empty() ? request_id_ : request_id_ + "#" + request_part(deed.instance, core::SubscriptionKey{deed.key});
    case Deed::Kind::beginning:
      return request_id_.empty() ? request_id_ : fmt::format("{}#{}/{}", request_id_, deed.start->process->id, deed.start->start_event);
    case Deed::Kind::firing: return fmt::format("{}@{}", request_id_, deed.at.us);
    case Deed::Kind::kept: return {};
  }
  SB_UNREACHABLE("Deed::Kind");
}

void Post::take(Applied applied, const Deed& deed) {
  errands.insert(errands.end(), std::make_move_iterator(applied.errands.begin()), std::make_move_iterator(applied.errands.end()));
  applied.errands.clear();
  if (deed.keeps != nullptr) kept_until = deed.keeps->until;
  if (deed.kind != Deed::Kind::kept) last = std::move(applied);
}

Result<driver::Seen> Post::look(core::InstanceKey instance) {
  SB_TRY(seen_, offices_.commands.load_newest(instance));
  return driver::Seen{seen_.process.get(), seen_.instance.get()};
}

Result<std::vector<core::WaitingInstance>> Post::waiting(core::SubscriptionKind kind, std::string_view name, std::string_view key) {
  return offices_.store.waiting(kind, name, kind == core::SubscriptionKind::signal ? std::nullopt : std::optional(key));
}

Result<std::vector<core::WaitingInstance>> Post::held(core::SubscriptionKind kind, std::string_view name, std::string_view key) {
  return offices_.store.held(kind, name, kind == core::SubscriptionKind::signal ? std::nullopt : std::optional(key));
}

Result<std::vector<core::InstanceKey>> Post::cases_of(std::string_view case_no) {
  if (case_no.empty()) return std::vector<core::InstanceKey>();  // a query would find every case
  store::Query query;
  query.case_no = case_no;
  query.open_only = true;
  SB_TRY(const auto rows, offices_.store.instances(query));
  std::vector<core::InstanceKey> keys;
  keys.reserve(rows.size());
  for (const store::InstanceRow& row : rows) keys.push_back(row.instance);
  return keys;
}

Result<std::vector<driver::StartPoint>> Post::started_by(model::EventKind kind, std::string_view name) {
  return offices_.definitions.started_by(kind, name);
}

Result<model::ExecutablePtr> Post::definition(std::string_view process, std::string_view version) {
  return offices_.definitions.by_version(process, version);
}

Result<std::optional<core::InstanceKey>> Post::called_by(core::Parent caller) {
  SB_TRY(const auto known, offices_.store.answer_of(request_of_call(caller)));
  if (!known) return std::optional<core::InstanceKey>();
  SB_TRY(const auto called, read_answer<CaseInfo>(*known));
  SB_TRY(const auto key, parse_instance_id(called.instance));
  return std::optional(key);
}

Result<bool> Post::is_done(const Deed& deed) {
  SB_TRY(const auto known, offices_.store.answer_of(request_of_deed(deed)));
  return known.has_value();
}

Result<bool> Post::submit(const Deed& deed, core::InstanceKey instance, driver::CommandBody what) {
  const bool itself = is_request_itself(deed);
  Order order{instance, std::move(what), request_of_deed(deed), case_answer, itself ? use_ : RequestUse{}};
  order.chain = chain_;
  order.kept = deed.kept;
  order.writes = deed.writes;
  std::optional<driver::KeptMessage> keeps;
  if (deed.keeps != nullptr) {
    keeps = *deed.keeps;
    keeps->chain = chain_;
    order.keeps = &*keeps;
    order.answer = [until = keeps->until](const Loaded& after) {
      CaseInfo info = case_info(*after.process, *after.instance);
      info.kept_until = until;
      return answer_bytes(info);
    };
  }
  if (deed.nth > 0 && itself) {
    order.answer = [receivers = deed.nth](const Loaded& after) {
      CaseInfo info = case_info(*after.process, *after.instance);
      info.receivers = receivers;
      return answer_bytes(info);
    };
  }
  SB_TRY(auto applied, offices_.commands.apply(order));
  if (applied.stale) return false;
  take(std::move(applied), deed);
  receivers = deed.nth;
  is_answered = itself;
  return true;
}

Result<driver::Row> Post::row(const model::Register& of, const std::string& key) { return offices_.registers.row(of, key); }

Result<void> Post::start(const Deed& deed, const model::ExecutablePtr& process, core::StartInstance start) {
  SB_TRY(auto applied, offices_.commands.start_instance(process, std::move(start), request_of_deed(deed),
                                                        is_request_itself(deed) ? use_ : RequestUse{}, chain_, deed.kept));
  if (applied.stale) return driver::kept_no_more();
  take(std::move(applied), deed);
  return success();
}

Result<void> Post::keep(const Deed& deed, const driver::KeptMessage& message) {
  driver::KeptMessage kept = message;
  kept.chain = chain_;
  const std::string request_id = request_of_deed(deed);
  std::string answer;
  if (!request_id.empty()) {
    CaseInfo info;
    info.kept_until = kept.until;
    answer = with_use(answer_bytes(info), use_);
  }
  const auto written = offices_.keeper.keep(std::move(kept), request_id, std::move(answer));
  if (!written && written.error().id == store::known_request && errand_ == nullptr) {  // another thread was faster: its answer is the one
    SB_TRY(auto known, offices_.commands.answer_given(request_id, use_));
    if (known) {
      last = Applied{{}, std::move(known), false, {}};
      return success();
    }
  }
  if (!written && written.error().id != store::known_request) return written.error();
  kept_until = message.until;
  return success();
}

Result<void> Post::stays_kept(const driver::KeptMessage& message) {
  offices_.keeper.stays(message);
  return success();
}

Result<void> Post::set_time(const driver::KeptMessage& message, Instant until) { return offices_.keeper.set_time(message, until); }

Result<void> Post::note_unheard(core::InstanceKey from, const core::PublishMessage& message) {
  SB_ASSERT(errand_ != nullptr);
  SB_TRY(const auto sender, offices_.commands.load_existing(from));
  store::OutboxRow row;
  row.key = fmt::format("{}/{}-{}/{}", instance_id(from), store::word_of(store::OutboxRow::Kind::message), errand_->sequence, errand_->index);
  row.kind = store::OutboxRow::Kind::message;
  row.instance = from;
  row.case_no = sender.instance->case_no;
  row.process = sender.instance->process;
  row.name = message.name;
  row.customer = sender.instance->customer;
  row.body = Value(Context{{"correlation", message.correlation}, {"payload", message.payload}});
  row.created = sender.instance->last;
  return offices_.outbox.add(std::move(row), request_id_);
}

Result<void> Post::note_refused(const Deed& deed, core::InstanceKey about, const Error& why) {
  std::string name = request_of_deed(deed);
  if (name.empty()) {
    // From outside and without an id: each time is another one.
    SB_TRY(const Instant at, offices_.outbox.now());
    const std::string who = deed.start == nullptr ? part_id(deed.instance, deed.key) : deed.start->process->id + "/" + deed.start->start_event;
    name = fmt::format("signal to {} at {}", who, to_string(at));
  }
  return offices_.outbox.report_trouble(about, name, why);
}

}  // namespace switchboard::runtime

#include "runtime/request_use.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "runtime/ids.hpp"
#include "store/codec_rows.hpp"

namespace switchboard::runtime {

namespace {

std::int64_t seal_of_content(const Value& content) {
  std::string bytes;
  encode(content, bytes);
  return store::seal({bytes});
}

/// The command, what it is about, and what it says.
struct UseOf {
  core::InstanceKey instance;

  RequestUse on_case(const char* command, const Value& content) const { return use_of(command, instance_id(instance), content); }
  RequestUse on_part(const char* command, std::uint64_t part, const Value& content) const {
    return use_of(command, part_id(instance, part), content);
  }

  RequestUse operator()(const core::CompleteWork& c) const { return on_part("complete", c.work.value, c.result); }
  /// An extension repeated later would name another end: only the claim that it extends is compared.
  RequestUse operator()(const core::ClaimWork& c) const {
    if (c.token == 0) return on_part("claim", c.work.value, {});
    return on_part("extend", c.work.value, Value(static_cast<std::int64_t>(c.token)));
  }
  RequestUse operator()(const core::ReleaseWork& c) const { return on_part("release", c.work.value, {}); }
  RequestUse operator()(const core::AssignWork& c) const { return on_part("assign", c.work.value, Value(c.to)); }
  RequestUse operator()(const core::MoveToOrganisation& c) const {
    return c.work ? on_part("move", c.work.value, Value(c.to)) : on_case("move", Value(c.to));
  }
  RequestUse operator()(const core::FailWork& c) const { return on_part("fail", c.work.value, Value(c.error)); }
  RequestUse operator()(const core::SetData& c) const { return on_case("set", c.data); }
  RequestUse operator()(const core::CorrectData& c) const { return on_case("correct", c.data); }
  RequestUse operator()(const core::SuspendInstance& /*c*/) const { return on_case("suspend", {}); }
  RequestUse operator()(const core::ResumeInstance& /*c*/) const { return on_case("resume", {}); }
  RequestUse operator()(const core::CancelInstance& /*c*/) const { return on_case("cancel", {}); }
  RequestUse operator()(const core::ResolveIncident& c) const { return on_part(c.drop ? "drop" : "resolve", c.incident.value, c.data); }
  RequestUse operator()(const core::StandAside& /*c*/) const { return {}; }
  RequestUse operator()(const core::ChangeClock& c) const {
    return on_case("clock", Context{{"clock", c.clock}, {"change", std::string(to_string(c.kind))}, {"amount", calendar::to_string(c.amount)}});
  }
  RequestUse operator()(const core::BeginActivity& c) const { return on_case("begin", Value(c.activity)); }
  RequestUse operator()(const core::RederiveClocks& /*c*/) const { return on_case("rederive", {}); }

  // Starting a case and delivering have uses of their own (their callers); the rest the engine gives itself. A new command does not compile before
  // it says which it is.
  RequestUse operator()(const core::StartInstance& /*c*/) const { return {}; }
  RequestUse operator()(const core::DeliverMessage& /*c*/) const { return {}; }
  RequestUse operator()(const core::DeliverSignal& /*c*/) const { return {}; }
  RequestUse operator()(const core::RetryWork& /*c*/) const { return {}; }
  RequestUse operator()(const core::FireTimer& /*c*/) const { return {}; }
  RequestUse operator()(const core::FireMark& /*c*/) const { return {}; }
  RequestUse operator()(const core::FinishCall& /*c*/) const { return {}; }
  RequestUse operator()(const core::RaiseEscalation& /*c*/) const { return {}; }
};

}  // namespace

RequestUse use_of(core::InstanceKey instance, const CommandBody& what) { return std::visit(UseOf{instance}, what); }

RequestUse use_of(std::string_view command, std::string_view of, const Value& content) {
  return {std::string(command), std::string(of), seal_of_content(content), {}};
}

std::string with_use(std::string answer, const RequestUse& use) {
  if (use.command.empty() || answer.empty()) return answer;
  store::append_value(answer, Context{{"request", use.command}, {"of", use.of}, {"content", Value(use.content)}, {"element", use.element}});
  return answer;
}

std::optional<RequestUse> use_in(std::string_view answer) {
  const auto read = store::decode_value("an answer", answer);
  if (!read) return std::nullopt;
  // Form 1 kept it as the last field of the answer itself.
  const List* fields = read.value().form == 1 ? read.value().value.list() : nullptr;
  const Value* kept = read.value().beside ? &*read.value().beside : fields == nullptr || fields->empty() ? nullptr : &fields->back();
  const Context* last = kept == nullptr ? nullptr : kept->context();
  if (last == nullptr) return std::nullopt;
  const auto text = [last](const char* name) {
    const Value* v = last->find(name);
    return v == nullptr || v->string() == nullptr ? std::string() : *v->string();
  };
  const Value* content = last->find("content");
  const auto number = content == nullptr || content->number() == nullptr ? std::nullopt : content->number()->to_int64();
  if (!number || text("request").empty()) return std::nullopt;
  return RequestUse{text("request"), text("of"), *number, text("element")};
}

Result<void> same_use(std::string_view answer, const RequestUse& use) {
  if (use.command.empty()) return success();
  const auto kept = use_in(answer);
  if (!kept) return success();
  const bool is_same_thing = kept->command == use.command && is_same_part(kept->of, use.of);
  if (is_same_thing && kept->content == use.content) return success();
  return Error{ErrorKind::conflict, "SB0546",
               fmt::format("this request id belongs to another command: {} {}{}", kept->command, kept->of, is_same_thing ? ", with other data" : ""),
               "", "give every new command a request id of its own"};
}

}  // namespace switchboard::runtime

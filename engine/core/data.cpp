// Data in and out: every write is checked before anything is changed.
#include <fmt/format.h>

#include <algorithm>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::core {
namespace {

/// Names of the data that `place` sees.
std::vector<std::string> names_seen(const model::ExecutableProcess& process, ElementIndex place) {
  std::vector<std::string> known;
  for (const auto& d : process.data) known.push_back(d.name);
  for (; process.at(place).data_level > 0; place = process.at(place).scope)
    for (const auto& d : process.at(place).data)
      if (!d.fixed) known.push_back(d.name);
  return known;
}

Error unknown_name(const model::ExecutableProcess& process, ElementIndex place, std::string_view name) {
  const std::vector<std::string> known = names_seen(process, place);
  const std::string near = model::nearest_name(name, known);
  const std::string all = known.empty() ? "this process declares no data" : fmt::format("declared are {}", fmt::join(known, ", "));
  const auto inner = std::find_if(process.elements.begin(), process.elements.end(), [&](const model::Element& e) {
    return std::any_of(e.data.begin(), e.data.end(), [&](const model::DataSpec& d) { return d.name == name; });
  });
  if (inner != process.elements.end())
    return refusal(rules::data_refused, fmt::format("'{}' is data of '{}' and not seen from here", name, inner->path), all);
  return refusal(rules::data_refused, fmt::format("'{}' is not declared in the data of process '{}'", name, process.id),
                 near.empty() ? all : fmt::format("did you mean '{}'?", near));
}

Error too_large(const std::string& what, std::uint64_t bytes, std::uint64_t most, std::string hint) {
  return {ErrorKind::limit,
          std::string(rules::too_large),
          fmt::format("{} has {} bytes or more when it is written, more than {}", what, bytes, most),
          {},
          std::move(hint)};
}

Error case_too_large(std::uint64_t bytes) {
  return too_large("the case with this", bytes, limits::instance_bytes, "keep large things elsewhere and their names in the case; set data smaller");
}

/// What is written at once and below this makes no case too large that was not.
constexpr std::uint64_t is_small = 1'024;

Result<void> admit_into(const Execution& x, ElementIndex place, SlotIndex slot, const Value& value, Writes& writes, std::uint64_t& bytes) {
  auto fitted = model::admit(x.process.spec(place, slot), value);
  if (!fitted) return std::move(fitted).error();
  bytes += fitted.value().written_bytes();
  if (bytes > limits::instance_bytes) return case_too_large(bytes);
  writes.emplace_back(slot, std::move(fitted).value());
  return success();
}

Result<const Context*> context_of(const Value& result) {
  static const Context nothing;
  if (result.is_null()) return &nothing;
  if (const Context* c = result.context()) return c;
  return refusal(rules::malformed, fmt::format("a result is names with values, this is {}", to_feel(result)), "give a context: {name: value}");
}

/// Data that only the process sets are written where its file names them: by `out`, `set`, a declared payload. Whoever hands a result in gives a
/// value under such a name only where a form with `out` or a declared payload says so.
bool may_give(const Execution& x, ElementIndex place, SlotIndex slot, Giver giver) {
  if (giver != Giver::anybody || !x.process.spec(place, slot).set_by_process) return true;
  const auto& carried = x.process.at(place).out.carried;
  return std::find(carried.begin(), carried.end(), slot) != carried.end();
}

Error set_by_process_alone(const Execution& x, ElementIndex place, std::string_view name) {
  const std::string named =
      place.value == 0
          ? std::string()
          : fmt::format("; when it is to come from here the process says so, in `out` of '{}' or in a declared payload", x.process.at(place).path);
  return refusal(rules::set_by_process, fmt::format("'{}' is set by process '{}' alone: it cannot be handed in", name, x.process.id),
                 fmt::format("leave it out{}; an operator who must correct it says who he is and why (`--by NAME --reason TEXT`)", named));
}

/// Without `out`: results by name.
Result<Writes> map_by_name(const Execution& x, ElementIndex place, const Context& result, Names names, Giver giver = Giver::anybody) {
  Writes writes;
  if (names == Names::none_taken) return writes;
  writes.reserve(result.size());
  std::uint64_t bytes = 0;
  for (const auto& [name, value] : result.entries()) {
    const SlotIndex slot = x.process.find_data(place, name);
    const bool is_data = slot && !x.process.spec(place, slot).fixed;  // items and counters are given by the engine alone
    if (!is_data && names == Names::declared_taken) continue;
    if (!is_data) return unknown_name(x.process, place, name);
    if (!may_give(x, place, slot, giver)) return set_by_process_alone(x, place, name);
    SB_TRYV(admit_into(x, place, slot, value, writes, bytes));
  }
  return writes;
}

/// What a called process, a decision table or a register gives has names of its own: no person, worker or sender chose them.
bool is_of_another_process(const model::Element& element) {
  return element.type == model::NodeType::call_activity || element.type == model::NodeType::business_rule_task || element.register_use;
}

/// Whether `name` in a result would stand before data that only the process sets, so that `out` read what somebody claims.
bool is_claimed(const Execution& x, ElementIndex place, std::string_view name) {
  const SlotIndex slot = x.process.find_data(place, name);
  return slot && !may_give(x, place, slot, Giver::anybody);
}

/// With `out`, too, nobody hands in what only the process sets.
Result<void> check_claims(const Execution& x, ElementIndex place, const Context& result) {
  if (is_of_another_process(x.process.at(place))) return success();
  for (const Context::Entry& entry : result.entries())
    if (is_claimed(x, place, entry.first)) return set_by_process_alone(x, place, entry.first);
  return success();
}

/// What a result says without such names.
Context without_claims(const Execution& x, ElementIndex place, const Context& result) {
  if (is_of_another_process(x.process.at(place))) return result;
  Context rest;
  for (const Context::Entry& entry : result.entries())
    if (!is_claimed(x, place, entry.first)) rest.append_new(entry.first, entry.second);
  return rest;
}

bool is_among(const Writes& writes, SlotIndex slot) {
  return std::any_of(writes.begin(), writes.end(), [&](const auto& one) { return one.first == slot; });
}

/// With `out`: data first, then the result's names, which win (model::ResultScope). What is `given` already is left out.
Result<Writes> map_by_expressions(const Execution& x, const Place& place, const Context& result, const Writes& given_already = {}) {
  const model::ResultScope& out = x.process.at(place.element).out;
  Writes writes;
  writes.reserve(out.assignments.size());
  const Visible data = x.seen_from(place.seen_from);
  LentData lent(x.instance);
  std::uint64_t bytes = 0;
  for (const auto& [name, fallback] : out.names) {
    const Value* given = result.find(name);
    lent.add(given != nullptr ? *given : fallback ? data.at(fallback) : Value());
  }
  for (const model::Assignment& a : out.assignments) {
    if (is_among(given_already, a.target)) continue;
    auto value = value_of(a.value, data.frame());
    if (!value)
      return refusal(rules::data_refused, fmt::format("out '{}': {}", a.name, value.error().message), "hand in a result that it can be made of");
    SB_TRYV(admit_into(x, place.element, a.target, value.value(), writes, bytes));
  }
  return writes;
}

std::uint32_t level_of(const model::Element& element, const ElementInstance& e) {
  return is_body(element, e) ? element.body_level : element.data_level;
}

}  // namespace

Visible::Visible(const InstanceHost& host, const model::ExecutableProcess& process, const ProcessInstance& instance, ElementKey place)
    : host_(host), instance_(instance) {
  if (instance.scopes.empty() || !place) return;
  const ElementInstance* e = instance.find(place);
  SB_ASSERT(e != nullptr);
  levels_.resize(process.at(e->element).data_level);
  for (; e != nullptr && process.at(e->element).data_level > 0; e = instance.find(e->scope)) {
    const model::Element& element = process.at(e->element);
    const ScopeData* own = element.data.empty() && element.body_data.empty() ? nullptr : instance.find_scope(e->key);
    if (own != nullptr) levels_[level_of(element, *e) - 1] = own->values;
  }
}

feel::Frame Visible::frame() const {
  feel::Frame f = host_.frame(instance_.data);
  f.levels = levels_;
  return f;
}

ElementKey owner_of(const model::ExecutableProcess& process, const ProcessInstance& instance, ElementKey place, std::uint32_t level) {
  if (level == 0) return {};
  for (const ElementInstance* e = instance.find(place); e != nullptr; e = instance.find(e->scope)) {
    const model::Element& element = process.at(e->element);
    const bool has_own = !data_of(element, *e).empty();
    if (has_own && level_of(element, *e) == level) return e->key;
  }
  SB_UNREACHABLE("data of a scope that is not around this activation");
}

LentData::LentData(ProcessInstance& instance, ElementKey place) : LentData(instance) {
  if (instance.scopes.empty()) return;
  for (const ElementInstance* e = instance.find(place); e != nullptr; e = instance.find(e->scope))
    if (instance.find_scope(e->key) != nullptr) static_cast<void>(instance.scopes.edit(e->key));
}

std::vector<Value>& LentData::values_of(ElementKey owner) { return owner ? instance_.scopes.edit(owner).values : instance_.data; }

ElementKey seen_from(const Execution& x, const Waiting& w) {
  return x.process.at(w.event).type == model::NodeType::boundary_event ? x.instance.find(w.owner)->scope : w.owner;
}

Result<Writes> map_result(const Execution& x, const Place& place, const Value& result, Names names, Giver giver) {
  const model::ResultScope& out = x.process.at(place.element).out;
  if (result.is_null() && out.assignments.empty()) return Writes();
  SB_TRY(const Context* given, context_of(result));
  if (out.explicit_out && giver == Giver::anybody) {
    SB_TRYV(check_claims(x, place.element, *given));
  }
  SB_TRY(Writes writes, out.explicit_out ? map_by_expressions(x, place, *given) : map_by_name(x, place.element, *given, names));
  SB_TRYV(has_room_for(x, place.seen_from, writes));
  return writes;
}

namespace {

/// Whether every text and name in it is UTF-8. Bounded by the size and depth of the value.
bool is_all_utf8(const Value& v) {
  if (const std::string* text = v.string()) return is_utf8(*text);
  if (const List* l = v.list()) return std::all_of(l->begin(), l->end(), is_all_utf8);
  if (const Range* r = v.range()) return is_all_utf8(r->low) && is_all_utf8(r->high);
  const Context* c = v.context();
  return c == nullptr ||
         std::all_of(c->entries().begin(), c->entries().end(), [](const auto& e) { return is_utf8(e.first) && is_all_utf8(e.second); });
}

}  // namespace

Result<void> check_given(const Value& v) {
  const std::uint64_t bytes = v.written_bytes();
  if (bytes > limits::value_bytes)
    return too_large("the value", bytes, limits::value_bytes, "hand in less, or keep it elsewhere and hand in its name");
  if (!is_storable(v))
    return refusal(rules::data_refused, fmt::format("a function, or more than {} levels of lists and contexts, cannot be kept", limits::value_depth),
                   "hand in plain data");
  if (!is_all_utf8(v)) return refusal(rules::data_refused, "a text in it is not UTF-8", "write it in UTF-8");
  return success();
}

Result<void> has_room_for(const Execution& x, std::uint64_t bytes) {
  if (bytes < is_small) return success();
  const std::uint64_t after = written_bytes(x.instance) + bytes;
  if (after > limits::instance_bytes) return case_too_large(after);
  return success();
}

Result<void> has_room_for(const Execution& x, ElementKey place, const Writes& writes) {
  std::uint64_t more = 0;
  for (const auto& write : writes) more += write.second.written_bytes();
  if (more < is_small) return success();
  std::uint64_t less = 0;
  for (const auto& write : writes) {
    const ElementKey owner = x.instance.elements.empty() ? ElementKey{} : owner_of(x.process, x.instance, place, level_of(write.first));
    const SlotIndex slot{index_of(write.first)};
    less += (owner ? x.instance.find_scope(owner)->values[slot.value] : x.instance.data[slot.value]).written_bytes();
  }
  return more <= less ? success() : has_room_for(x, more - less);
}

Result<Writes> map_or_keep(Execution& x, const Place& place, const Value& result, Names names) {
  auto writes = map_result(x, place, result, names);
  x.unfit = writes ? Value() : result;
  return writes;
}

/// Without `out` the names that are declared are taken, as they were for the first time.
Result<Writes> map_rest(const Execution& x, const Place& place, const Value& result, const Writes& given) {
  const model::ResultScope& out = x.process.at(place.element).out;
  if (!result.is_null() && result.context() == nullptr && !given.empty()) return Writes();  // nothing of it could ever fit
  SB_TRY(const Context* kept, context_of(result));
  auto rest = [&]() -> Result<Writes> {
    if (out.explicit_out) return map_by_expressions(x, place, without_claims(x, place.element, *kept), given);
    Context others;
    for (const auto& [name, value] : kept->entries())
      if (!is_among(given, x.process.find_data(place.element, name))) others.append_new(name, value);
    return map_by_name(x, place.element, others, Names::declared_taken);
  }();
  if (rest) return rest;
  Error error = rest.error();
  error.hint = "give it as data, null if need be: what the result has besides is taken";
  return error;
}

Giver giver_of(const std::string& by, const std::string& reason) {
  return by.empty() || reason.empty() ? Giver::anybody : Giver::operator_with_reason;
}

Result<Writes> map_data(const Execution& x, const Value& data, Giver giver) {
  SB_TRY(const Context* given, context_of(data));
  SB_TRY(Writes writes, map_by_name(x, {0}, *given, Names::declared_only, giver));
  SB_TRYV(has_room_for(x, {}, writes));
  return writes;
}

Result<Writes> map_data(const Execution& x, const Value& data, ElementKey place, Giver giver) {
  SB_TRY(const Context* given, context_of(data));
  SB_TRY(Writes writes, map_by_name(x, x.instance.find(place)->element, *given, Names::declared_only, giver));
  SB_TRYV(has_room_for(x, place, writes));
  return writes;
}

Result<Writes> map_start(const Execution& x, ElementIndex start, const Value& data, Giver giver) {
  SB_TRY(const Context* given, context_of(data));
  SB_TRY(Writes writes, map_by_name(x, start, *given, Names::declared_only, giver));
  SB_TRYV(has_room_for(x, {}, writes));
  return writes;
}

Result<Writes> computed_defaults(const Execution& x, const Writes& given) {
  Writes writes;
  std::uint64_t bytes = 0;
  for (std::uint32_t i = 0; i < x.process.data.size(); ++i) {
    const model::DataSpec& spec = x.process.data[i];
    if (!spec.computed || is_among(given, {i})) continue;
    auto value = value_of(spec.computed, x.frame());
    if (!value)
      return refusal(rules::data_refused, fmt::format("default of '{}': {}", spec.name, value.error().message), "give it, or mend the default");
    SB_TRYV(admit_into(x, {0}, {i}, value.value(), writes, bytes));
  }
  return writes;
}

Result<Value> read_payload(const Execution& x, const Payloads& declared, const std::string& name, const Value& payload, Undeclared others) {
  return read_payload(x.host.zone(), declared, name, payload, others);
}

Result<Value> read_payload(std::string_view zone, const Payloads& declared, const std::string& name, const Value& payload, Undeclared others) {
  const auto fields = std::find_if(declared.begin(), declared.end(), [&](const auto& p) { return p.first == name; });
  if (fields == declared.end() || payload.context() == nullptr) return payload;
  Context read;
  read.reserve(payload.context()->size());
  for (const Context::Entry& entry : payload.context()->entries()) {
    const std::string& field = entry.first;  // clang 14 captures no structured binding
    const auto spec = std::find_if(fields->second.begin(), fields->second.end(), [&](const auto& f) { return f.first == field; });
    if (spec == fields->second.end()) {
      if (others == Undeclared::refused)
        return refusal(rules::data_refused, fmt::format("'{}' has no field '{}'", name, field), "leave it out, or declare it");
      read.append_new(field, entry.second);
      continue;
    }
    Value fitted = model::read_as(entry.second, spec->second, zone);
    if (!fitted.is_null()) fitted = feel::coerce(fitted, spec->second);
    if (fitted.is_null() && !entry.second.is_null())
      return refusal(rules::data_refused,
                     fmt::format("field '{}' of '{}' is {}, wanted is {}", field, name, to_feel(entry.second), spec->second.to_string()), {});
    read.append_new(field, std::move(fitted));
  }
  return Value(std::move(read));
}

Result<Value> payload_of(const model::ExecutableProcess& process, const Message& message) {
  const std::string_view zone = process.calendar == nullptr ? std::string_view("UTC") : process.calendar->spec().zone;
  return read_payload(zone, process.payloads, message.name, message.payload, Undeclared::refused);
}

Result<Value> build_inputs(const feel::Frame& frame, const std::vector<model::Assignment>& in) {
  if (in.empty()) return Value();
  Context inputs;
  inputs.reserve(in.size());
  std::uint64_t bytes = 0;
  for (const model::Assignment& a : in) {
    auto value = value_of(a.value, frame);
    if (!value) return failure(rules::cannot_enter, fmt::format("in '{}': {}", a.name, value.error().message));
    bytes += value.value().written_bytes();
    if (bytes > limits::value_bytes) return failure(rules::cannot_enter, too_large("what 'in' hands on", bytes, limits::value_bytes, {}).message);
    inputs.append_new(a.name, std::move(value).value());
  }
  return Value(std::move(inputs));
}

namespace {

/// What `in` gives to the activation's own data, in the order of the file, seen from `place`.
/// `kept`: what it gave before (kept_inputs), or nullptr.
Result<Writes> initial_data(const Execution& x, ElementIndex index, ElementKey place, const Value* kept) {
  Writes writes;
  const Visible seen = x.seen_from(place);
  std::uint64_t bytes = 0;
  for (const model::Assignment& a : x.process.at(index).in) {
    const Value* known = kept == nullptr || kept->context() == nullptr ? nullptr : kept->context()->find(a.name);
    auto value = known != nullptr ? Result<Value>(*known) : value_of(a.value, seen.frame());
    if (!value) return failure(rules::cannot_enter, fmt::format("in '{}': {}", a.name, value.error().message));
    auto admitted = model::admit(x.process.spec(index, a.target), value.value());
    if (!admitted) return failure(rules::cannot_enter, fmt::format("in '{}': {}", a.name, admitted.error().message));
    bytes += admitted.value().written_bytes();
    if (const auto room = has_room_for(x, bytes); !room) return failure(rules::cannot_enter, room.error().message);
    writes.emplace_back(a.target, std::move(admitted).value());
  }
  return writes;
}

Result<void> check_required(const model::Element& element, const std::vector<Value>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (element.data[i].required && values[i].is_null())
      return failure(rules::cannot_enter, fmt::format("'{}' must be given to '{}'", element.data[i].name, element.path));
  return success();
}

/// An instance of a repeated activity: `in` sees its item and number, so these come first.
Result<void> open_instance(Execution& x, const ElementInstance& self, std::vector<Value> values) {
  const model::Element& element = x.process.at(self.element);
  if (x.instance.find_scope(self.key) == nullptr) x.emit(ScopeOpened{self.key, self.element, std::move(values)});
  if (!model::is_container(element.type)) return success();  // `in` of a task is what its work is given
  SB_TRY(Writes given, initial_data(x, self.element, self.key, nullptr));
  write_all(x, self.key, std::move(given));
  return check_required(element, x.instance.find_scope(self.key)->values);
}

}  // namespace

Result<void> open_data(Execution& x, ElementKey key) {
  const ElementInstance self = *x.instance.find(key);
  const model::Element& element = x.process.at(self.element);
  if (element.data.empty()) return success();
  std::vector<Value> values;
  values.reserve(element.data.size());
  for (const model::DataSpec& d : element.data) values.push_back(d.default_value);
  if (self.number != 0) {
    give_item(x, self, values);
    return open_instance(x, self, std::move(values));
  }
  SB_TRY(Writes given, initial_data(x, self.element, self.scope, kept_inputs(x, key)));
  for (auto& [slot, value] : given) values[index_of(slot)] = std::move(value);
  SB_TRYV(check_required(element, values));
  x.emit(ScopeOpened{key, self.element, std::move(values)});
  return success();
}

void write(Execution& x, ElementKey place, SlotIndex slot, Value value) {
  const ElementKey owner = owner_of(x.process, x.instance, place, level_of(slot));
  const SlotIndex index{index_of(slot)};
  const Value& old = owner ? x.instance.find_scope(owner)->values[index.value] : x.instance.data[index.value];
  if (old == value) return;
  bool known = false;
  for (const Replaced& r : x.replaced) known = known || (r.slot == index && r.owner == owner);
  if (!known) x.replaced.push_back({owner, index, old});
  if (owner) return x.emit(DataChanged{index, std::move(value), owner, x.instance.find(owner)->element});
  const auto& of_customer = x.process.customer_slots;
  x.customer_changed = x.customer_changed || std::find(of_customer.begin(), of_customer.end(), index.value) != of_customer.end();
  x.emit(DataChanged{index, std::move(value)});
}

void write_all(Execution& x, ElementKey place, Writes&& writes) {
  for (auto& [slot, value] : writes) write(x, place, slot, std::move(value));
}

void identify_customer(Execution& x) {
  if (!x.customer_changed) return;
  x.customer_changed = false;
  const feel::Evaluation e = x.process.customer.evaluate(x.frame());
  if (e.value.is_null()) return;
  std::string customer = to_display(e.value);
  if (const auto usable = check_text("the customer", customer, TextKind::name); !usable)
    return x.emit(NoteAdded{"the customer stays as he was: " + usable.error().message, {}});
  if (customer != x.instance.customer) x.emit(CustomerIdentified{std::move(customer)});
}

}  // namespace switchboard::core

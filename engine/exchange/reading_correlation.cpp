// Correlation (BPMN 2.0.2, 8.4.2): by what a message finds its case.
#include <fmt/format.h>

#include <algorithm>

#include "exchange/reading.hpp"

namespace switchboard::exchange {

void ProcessReader::collect_retrievals() {
  for (const Item& item : f_.document.items())
    if (item.is("correlationPropertyRetrievalExpression") && item.parent != nullptr)
      if (const Item* message = f_.document.find(item, "messageRef"); message != nullptr) retrievals_[message].emplace(item.parent, &item);
}

std::vector<const Item*> ProcessReader::properties_of(const Item& key) const {
  std::vector<const Item*> properties;
  for (const Item* p : key.all("correlationPropertyRef"))
    if (const Item* property = f_.document.find(p->text()); property != nullptr) properties.push_back(property);
  return properties;
}

/// Several properties are one key together, as texts with a slash between them.
model::Expr ProcessReader::joined(const std::vector<model::Expr>& parts) {
  if (parts.size() == 1) return parts.front();
  std::string text;
  for (const model::Expr& part : parts) text += fmt::format("{}string({})", text.empty() ? "" : " + \"/\" + ", part.text);
  return {std::move(text), parts.front().at};
}

/// By the data that the process subscribes with; nothing when a property is bound to none.
std::optional<model::Expr> ProcessReader::key_by_subscription(const Item& subscription, const std::vector<const Item*>& properties) {
  std::vector<model::Expr> parts;
  for (const Item* property : properties) {
    const auto bindings = subscription.all("correlationPropertyBinding");
    const auto binding =
        std::find_if(bindings.begin(), bindings.end(), [&](const Item* b) { return f_.document.find(*b, "correlationPropertyRef") == property; });
    const Item* path = binding == bindings.end() ? nullptr : (*binding)->part("dataPath");
    if (path == nullptr || path->text().empty()) return std::nullopt;
    parts.push_back(expression(callable_, path));
  }
  return joined(parts);
}

/// By what the message itself carries: the same as data of this process where the path is the name of one.
std::optional<model::Expr> ProcessReader::key_by_payload(const std::map<const Item*, const Item*>& retrievals,
                                                         const std::vector<const Item*>& properties) const {
  std::vector<model::Expr> parts;
  for (const Item* property : properties) {
    const Item* path = retrievals.at(property)->part("messagePath");
    const std::string name(path == nullptr ? std::string_view() : path->text());
    if (std::none_of(out_.data.begin(), out_.data.end(), [&](const model::DataItem& d) { return d.name == name; })) return std::nullopt;
    parts.push_back({name, path->xml->text_at});
  }
  return joined(parts);
}

/// A key counts for a message when each of its properties says where it is found in that message. Without one, processes of one file that exchange
/// messages run as cases of one number.
model::Expr ProcessReader::key_of(const Item& message) {
  const model::Expr by_number{"case_no", message.at()};
  const auto retrievals = retrievals_.find(&message);
  if (retrievals == retrievals_.end()) return by_number;
  const auto counts = [&](const std::vector<const Item*>& properties) {
    return !properties.empty() && std::all_of(properties.begin(), properties.end(), [&](const Item* p) { return retrievals->second.contains(p); });
  };
  for (const Item* subscription : callable_.all("correlationSubscription")) {
    const Item* key = f_.document.find(*subscription, "correlationKeyRef");
    const auto properties = key == nullptr ? std::vector<const Item*>() : properties_of(*key);
    if (!counts(properties)) continue;
    if (auto found = key_by_subscription(*subscription, properties); found) return *found;
    lost(*subscription,
         fmt::format("it does not say which data are the key of message '{}': cases find each other by their number", message.called()),
         "add a correlationPropertyBinding with a dataPath for each property of the key");
    return by_number;
  }
  for (const Item& key : f_.document.items()) {
    if (!key.is("correlationKey")) continue;
    const auto properties = properties_of(key);
    if (!counts(properties)) continue;
    if (auto found = key_by_payload(retrievals->second, properties); found) return *found;
  }
  lost(message,
       fmt::format("it has a correlation, and '{}' does not say which of its data that is: its cases find each other by their number",
                   callable_.called()),
       "add a correlationSubscription to the process, whose dataPath names the data");
  return by_number;
}

}  // namespace switchboard::exchange

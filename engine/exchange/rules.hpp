// What BPMN 2.0.2 forbids beyond the form of its elements: chapters 7 to 10. Private to room exchange.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/document.hpp"

namespace switchboard::exchange {

using Items = std::vector<const Item*>;

/// What the rules look at: the document with its flows and events resolved.
class Facts {
 public:
  Facts(const Document& document, Said& said);

  const Document& document;
  Said& said;

  [[nodiscard]] const Items& incoming(const Item& node) const;
  [[nodiscard]] const Items& outgoing(const Item& node) const;
  /// Boundary events of an activity.
  [[nodiscard]] const Items& boundary(const Item& activity) const;
  /// Event definitions of an event, inline and by reference, in file order.
  [[nodiscard]] Items definitions(const Item& event) const;
  /// The activity to which an association leads from this event; null when none does.
  [[nodiscard]] const Item* handler(const Item& event) const;
  /// Catching link definitions that name this throwing one as their source.
  [[nodiscard]] const Items& catches_of(const Item& link) const;
  /// Whether the element stands in a process that is marked as executable (global tasks are not).
  [[nodiscard]] bool is_executable(const Item& item) const;
  [[nodiscard]] const Item* process_of(const Item& item) const;
  /// Whether any node of the file lists its flows (`incoming`, `outgoing`).
  [[nodiscard]] bool lists_flows() const { return lists_flows_; }

  void refuse(std::string_view rule, const Item& item, std::string message, std::string hint) const {
    said.error(rule, item.at(), item.called(), std::move(message), std::move(hint));
  }

 private:
  std::map<const Item*, Items> incoming_;
  std::map<const Item*, Items> outgoing_;
  std::map<const Item*, Items> boundary_;
  std::map<const Item*, const Item*> handlers_;
  std::map<const Item*, Items> catches_;
  bool lists_flows_ = false;
};

[[nodiscard]] bool is_container(const Item& item);          ///< a process or a sub-process
[[nodiscard]] bool is_event_sub_process(const Item& item);  ///< triggeredByEvent
[[nodiscard]] bool is_for_compensation(const Item& item);
/// The whole number of a valid attribute; `otherwise` when it is not there.
[[nodiscard]] std::int64_t number_of(const Item& item, std::string_view attribute, std::int64_t otherwise);

void check_flows(const Facts& facts);          // rules_flow.cpp: 7.6, 8.3.13, 10.4, 10.5 about connections
void check_gateways(const Facts& facts);       // rules_flow.cpp: 10.6
void check_events(const Facts& facts);         // rules_event.cpp: 10.5
void check_activities(const Facts& facts);     // rules_activity.cpp: 10.3
void check_data(const Facts& facts);           // rules_data.cpp: 10.4
void check_collaboration(const Facts& facts);  // rules_collaboration.cpp: 9, 11
void check_expressions(const Facts& facts);    // rules_expression.cpp: what an executable process needs

}  // namespace switchboard::exchange

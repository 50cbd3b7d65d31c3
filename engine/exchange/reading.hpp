// From the metamodel's objects to the model. Private to room exchange.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/rules.hpp"
#include "model/process.hpp"

namespace switchboard::exchange {

/// Reads one process (or global task). Lives as long as the document.
class ProcessReader {
 public:
  ProcessReader(const Facts& facts, const Item& callable);

  /// The process; null when it has no id.
  [[nodiscard]] model::Process process();
  /// A process with one task, for a global task.
  [[nodiscard]] model::Process global_task();

 private:
  // reading.cpp: the head and what is declared
  void head();
  void declarations();
  void declare(const Item& thing, std::vector<model::Declaration>& into, std::string_view code);
  void lanes(const Item& owner);

  // reading_correlation.cpp
  void collect_retrievals();
  [[nodiscard]] model::Expr key_of(const Item& message);
  [[nodiscard]] std::vector<const Item*> properties_of(const Item& key) const;
  [[nodiscard]] std::optional<model::Expr> key_by_subscription(const Item& subscription, const std::vector<const Item*>& properties);
  [[nodiscard]] std::optional<model::Expr> key_by_payload(const std::map<const Item*, const Item*>& retrievals,
                                                          const std::vector<const Item*>& properties) const;
  [[nodiscard]] static model::Expr joined(const std::vector<model::Expr>& parts);

  // reading_data.cpp
  void collect_data(const Item& container);
  void data_item(const Item& thing, std::vector<model::DataItem>& into);
  [[nodiscard]] std::string data_name(const Item& thing) const;
  [[nodiscard]] std::string source_name(const Item& thing) const;
  model::Expr carried(const Item& owner, const Item& association);
  void inputs(const Item& owner, model::Node& node);
  void outputs(const Item& owner, model::Node& node);
  void call_data(const Item& call, model::Node& node);
  [[nodiscard]] const Item* association_of(const Item& activity, std::string_view kind, const Item& end) const;

  // reading_nodes.cpp
  [[nodiscard]] std::vector<model::Node> body(const Item& container);
  [[nodiscard]] model::Node node(const Item& item);
  void flows(const Item& item, model::Node& node);
  void activity(const Item& item, model::Node& node);
  void task(const Item& item, model::Node& node);
  void people(const Item& item, model::Node& node);
  void compensation(const Item& host, const Item& boundary, model::Node& node);

  // reading_events.cpp
  void events(const Item& item, model::Node& node);
  [[nodiscard]] std::optional<model::EventDefinition> event(const Item& owner, const Item& definition);
  void timer(const Item& owner, const Item& definition, model::EventDefinition& out);
  [[nodiscard]] std::string link_name(const Item& owner, const Item& definition) const;
  void loop(const Item& item, model::Node& node);
  void behavior(const Item& item, const Item& loop, model::LoopDefinition& out);
  void multi_instance(const Item& item, const Item& loop, model::Node& node);

  // reading.cpp: small things
  [[nodiscard]] model::Expr expression(const Item& owner, const Item* expression);
  [[nodiscard]] model::Ref reference(const Item& item, std::string_view attribute) const;
  [[nodiscard]] std::string id_of(const Item& item);
  [[nodiscard]] static model::Text text(std::string_view words);
  [[nodiscard]] static model::Text documentation(const Item& item);
  void lost(const Item& item, std::string message, std::string hint) const;

  const Facts& f_;
  const Item& callable_;
  model::Process out_;
  bool executable_;
  std::map<const Item*, std::string> names_;  ///< of data
  std::set<std::string, std::less<>> taken_;
  std::map<const Item*, std::string> ids_;  ///< of nodes without one
  std::map<const Item*, const Item*> lane_of_;
  std::map<const Item*, std::map<const Item*, const Item*>> retrievals_;  ///< of a message: where each property is found in it
};

}  // namespace switchboard::exchange

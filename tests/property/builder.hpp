// What the parts of the builder share: bodies, nodes, flows, events.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "property/block.hpp"

namespace switchboard::testing {

using model::EventKind;
using model::Node;
using model::NodeType;

class Ground {
 protected:
  explicit Ground(Generated& g) : g_(g) {}
  virtual ~Ground() = default;
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  struct Body {
    std::vector<Node>& nodes;
    std::string path;                    ///< of the container with a slash, empty for the process
    std::vector<model::DataItem>& data;  ///< its own
    bool ad_hoc = false;                 ///< there are no end events in it
  };

  static std::string name(const char* what, int number) { return fmt::format("{}{}", what, number); }
  /// To nowhere, when `next` is empty.
  static void go(Node& n, const std::string& next) {
    if (!next.empty()) n.next.push_back({{next, {}}, {}, false, {}});
  }
  static void go_if(Node& n, std::string condition, const std::string& next) {
    n.next.push_back({{next, {}}, {std::move(condition), {}}, false, {}});
  }
  static void go_else(Node& n, const std::string& next) { n.next.push_back({{next, {}}, {}, true, {}}); }
  static model::Declaration declared(const char* id) {
    model::Declaration d;
    d.id = id;
    return d;
  }
  static Node node(std::string id, NodeType type) {
    Node n;
    n.id = std::move(id);
    n.type = type;
    return n;
  }
  std::string add(Body& body, Node n);
  /// Data of the case (conditional events: the driver sets them), or of the scope in which they are used.
  static void declare(std::vector<model::DataItem>& scope, const std::string& data, feel::Type::Kind kind, Value initial);
  /// The event that the driver, or the model itself, makes happen `fires` times for each activation.
  void set_event(Node& n, const std::string& path, Trigger trigger, int number, int fires);
  model::EventDefinition definition_of(const Node& n, const std::string& path, Trigger trigger, int number);

  /// Adds what `b` is made of, which goes on at `next`; empty: nowhere. Yields where it begins.
  virtual std::string emit(Body& body, const Block& b, const std::string& next) = 0;
  /// The same for an activity `n` that `b` says how to repeat, with its boundary events.
  virtual std::string emit_activity(Body& body, const Block& b, Node n, const std::string& next) = 0;

  std::string emit_compensate(Body& body, const Block& b, const std::string& next);
  std::string emit_ad_hoc(Body& body, const Block& b, const std::string& next);

  Generated& g_;
};

}  // namespace switchboard::testing

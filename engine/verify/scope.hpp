// Private to room verify: one scope of a process as a graph, and the diagnostics of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/process.hpp"

namespace switchboard::verify {

struct LimitCase;

inline constexpr std::size_t none = static_cast<std::size_t>(-1);

/// What is known of a condition without data.
enum class Truth : std::uint8_t { unknown, always, never };

struct ScopeFlow {
  std::size_t from = none;
  std::size_t to = none;
  const model::Flow* flow = nullptr;  ///< null: a link
  Truth truth = Truth::always;        ///< of an unconditional flow: always
  std::string id;                     ///< from->to
};

struct ScopeNode {
  const model::Node* node = nullptr;
  std::string path;
  std::size_t host = none;            ///< of a boundary event
  std::vector<std::size_t> in;        ///< flows
  std::vector<std::size_t> out;       ///< flows, file order
  std::vector<std::size_t> boundary;  ///< nodes
  bool begins = false;                ///< tokens come into being here
  [[nodiscard]] model::EventKind event() const { return node->events.empty() ? model::EventKind::none : node->events.front().kind; }
};

/// The nodes of one container with the flows and links between them. Boundary events are nodes of their host's scope.
struct Scope {
  const model::Node* container = nullptr;  ///< null: the process
  std::string path;                        ///< of the container; the process's id
  model::Position at;
  std::vector<ScopeNode> nodes;
  std::vector<ScopeFlow> flows;
  std::vector<std::shared_ptr<const model::Node>> made;  ///< nodes that nobody wrote: what an ad-hoc sub-process begins with
  std::set<std::string, std::less<>> handlers;           ///< activities that undo another one
  [[nodiscard]] bool is_event_sub_process() const { return container != nullptr && container->type == model::NodeType::event_sub_process; }
};

/// Whether boundary event `b` ends its host. What a repeated activity throws itself begins a flow beside it (docs/language.md).
[[nodiscard]] bool ends_host(const Scope& scope, std::size_t b);
/// Whether the repeated activity throws an event that boundary event `b` of it waits for.
[[nodiscard]] bool is_thrown_by_host(const Scope& scope, std::size_t b);

/// All scopes, the process first. Before the activities with which an ad-hoc sub-process begins stands a start event without an id, one for each when
/// they come one after the other.
[[nodiscard]] std::vector<Scope> scopes_of(const model::Process& process);

/// True when the node may wait for or begin with a token of its own: the start events of the scope, receive tasks and event-based gateways that begin
/// a case.
[[nodiscard]] inline bool is_start(const ScopeNode& n) { return n.begins; }
/// Nodes that no flow has to lead to: event sub-processes and compensation handlers.
[[nodiscard]] bool stands_apart(const Scope& scope, const ScopeNode& n);
/// What a token passes within one step of the engine; a join only when its tokens are there.
[[nodiscard]] bool at_once(const ScopeNode& n);
/// The same, and a timer that is written so that it is due when it is set: the engine fires it with the next tick, and the case goes on.
[[nodiscard]] bool waits_for_nothing(const ScopeNode& n);
/// The nodes to which flows and boundary events lead from `node`, itself included.
[[nodiscard]] std::vector<bool> reached_from(const Scope& scope, std::size_t node);
/// The place of byte `offset` of an expression.
[[nodiscard]] model::Position place_in(const model::Expr& expr, std::size_t offset);
/// The value of a condition that uses no data.
[[nodiscard]] Truth truth_of(const model::Expr& condition);

/// Where findings go.
class Findings {
 public:
  explicit Findings(const model::Process& process) : process_(process) {}
  void error(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint);
  void warning(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
               std::vector<std::string> related = {});
  void advice(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
              std::vector<std::string> related = {});
  /// A warning that `strict` makes an error.
  void soundness(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
                 std::vector<std::string> witness);
  void error(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
             std::vector<std::string> witness);
  [[nodiscard]] std::size_t errors() const { return errors_; }
  model::Diagnostics all;

 private:
  void add(std::string_view rule, model::Severity severity, model::Position at, std::string_view element, std::string message, std::string hint,
           std::vector<std::string> related);
  const model::Process& process_;
  std::size_t errors_ = 0;
};

// structure.cpp
/// Reachability (SB0401 to SB0404). False when something is found; `only_lost`: nothing but nodes that are never reached and lead to no others, so
/// that the token game can be played in what is left.
[[nodiscard]] bool check_reachability(const Scope& scope, Findings& findings, bool* only_lost = nullptr);
/// Gateways, events, boundaries, flows (SB0405 to SB0409, SB0420 to SB0429). False likewise.
[[nodiscard]] bool check_shapes(const Scope& scope, Findings& findings);
/// Events with several definitions, ad-hoc bodies, what begins a case: SB0416 to SB0418. False when the token game has no meaning.
[[nodiscard]] bool check_several(const Scope& scope, Findings& findings);

// loops.cpp
/// Loops that never wait and never change (SB0414). False when there is one.
bool check_loops(const Scope& scope, Findings& findings);

// compensation.cpp
/// Compensation that undoes nothing (SB0466), what nothing undoes (SB0467), transactions that nothing cancels (SB0425).
void check_compensation(const model::Process& process, Findings& findings);

// literals.cpp, usage.cpp, promises.cpp
/// Literals that the data beside them can never have (SB0430, SB0431).
void check_literals(const model::Process& process, Findings& findings);
/// What events throw against the declared payloads and what they catch (SB0433, SB0434).
void check_payloads(const model::Process& process, Findings& findings);
/// What looks like a hole of a text and is none (SB0449).
void check_holes(const model::Process& process, Findings& findings);
void check_usage(const model::Process& process, const std::vector<Scope>& scopes, Findings& findings);
void check_promises(const model::Process& process, const std::vector<Scope>& scopes, Findings& findings);
void check_late_days(const model::Process& process, const std::vector<Scope>& scopes, Findings& findings);
/// Marks that never fire, whatever limit the tables give (SB0451). Totals are not compared there: which stages a case goes through hangs on the data
/// that the tables are asked with.
void check_table_promises(const model::Process& process, const std::vector<LimitCase>& cases, Findings& findings);

}  // namespace switchboard::verify

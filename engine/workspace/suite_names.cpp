#include "workspace/suite_names.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "notation/yaml.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::workspace {

namespace {

using model::Diagnostics;
using notation::yaml::Node;

class SuiteNames {
 public:
  SuiteNames(const Project& all, const Parsed& text, const model::Process& process) : suite_(*text.suite) {
    for (const model::DataItem& d : process.data) data_.push_back(d.name);
    all_data_ = data_;
    model::for_each_node(process.nodes, [&](const model::Node& n, const model::Node*) {
      for (const model::DataItem& d : n.data) all_data_.push_back(d.name);
    });
    for (const model::ClockDefinition& c : process.sla) clocks_.push_back(c.id);
    for (const model::FeedbackDefinition& f : process.feedback) feedback_.push_back(f.id);
    gather_nodes(all, process.id);
    document_ = notation::yaml::read(text.text, text.file);
  }

  Diagnostics look() {
    for (const notation::TestCase& c : suite_.cases) {
      start_data(c);
      for (const notation::TestStep& step : c.steps) {
        using Kind = notation::TestStep::Kind;
        if (!step.must_be_refused && (step.kind == Kind::complete || step.kind == Kind::fail || step.kind == Kind::begin)) node(step.name);
        if (step.kind == Kind::change_clock) unknown("clock", step.name.name, step.name.at, clocks_);
        expectation(step.expect);
      }
      expectation(c.expect);
    }
    return std::move(found_);
  }

 private:
  void gather_nodes(const Project& all, const std::string& id) {
    for (const std::string& name : all.with_called(id)) {
      const model::Process& process = *all.process(name);
      model::for_each_node(process.nodes, [&](const model::Node& n, const model::Node*) { nodes_.push_back(n.id); });
      for (const model::Partner& partner : process.partners) nodes_.push_back(partner.participant);
      all_nodes_known_ = all_nodes_known_ && !calls_by_data(process);
      for (const model::Ref& call : calls_of(process)) all_nodes_known_ = all_nodes_known_ && all.process(call.name) != nullptr;
    }
  }

  void unknown(std::string_view kind, const std::string& name, model::Position at, const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    const std::string near = model::nearest_name(name, known);
    found_.push_back({"SB0956",
                      model::Severity::error,
                      suite_.file,
                      at,
                      suite_.id,
                      fmt::format("the process has no {} `{}`", kind, name),
                      near.empty() ? "correct the name" : fmt::format("did you mean `{}`?", near),
                      {}});
  }

  /// `handle/dispatch`, `house[2]/room`, `call-back/dial` in a called case: every part must be a node.
  void node(const model::Ref& ref) {
    if (!all_nodes_known_) return;
    const std::string path = without_numbers(ref.name);
    for (std::size_t from = 0; from <= path.size();) {
      const std::size_t end = std::min(path.find('/', from), path.size());
      unknown("node", path.substr(from, end - from), ref.at, nodes_);
      from = end + 1;
    }
  }
  void nodes(const std::optional<std::vector<model::Ref>>& refs) {
    if (!refs) return;
    for (const model::Ref& ref : *refs) node(ref);
  }

  void expectation(const notation::Expectation& e) {
    nodes(e.at_nodes);
    nodes(e.not_at);
    nodes(e.ended);
    for (const auto& [ref, value] : e.data) unknown("data item", ref.name, ref.at, all_data_);
    for (const auto& clock : e.clocks) unknown("clock", clock.id, clock.at, clocks_);
    if (!e.feedback) return;
    for (const model::Ref& ref : *e.feedback) unknown("feedback", ref.name, ref.at, feedback_);
  }

  /// Data is kept without places: these are read again.
  void start_data(const notation::TestCase& c) {
    const auto* cases = document_.root ? document_.root->find("cases") : nullptr;
    if (cases == nullptr) return;
    for (const Node& item : cases->value.items) {
      const auto* data = item.at == c.at ? item.find("data") : nullptr;
      if (data == nullptr) continue;
      for (const auto& e : data->value.entries) unknown("data item", e.key, e.at, data_);
    }
  }

  const notation::TestSuite& suite_;
  notation::yaml::Document document_;
  std::vector<std::string> data_, clocks_, feedback_, nodes_;
  std::vector<std::string> all_data_;  ///< those of sub-processes too
  bool all_nodes_known_ = true;
  Diagnostics found_;
};

}  // namespace

Diagnostics unknown_in_suite(const Project& all, const Parsed& suite, const model::Process& process) {
  return SuiteNames(all, suite, process).look();
}

}  // namespace switchboard::workspace

#include "exchange/scripts.hpp"

namespace switchboard::exchange {

namespace {

// Depth is bounded by that of the file.
void in_nodes(std::vector<model::Node>& nodes) {
  for (model::Node& n : nodes) {
    if (n.type == model::NodeType::script_task && !n.script.empty()) {
      n.type = model::NodeType::service_task;
      n.job = n.script;
      n.script.clear();
      n.script_format.clear();
    }
    in_nodes(n.nodes);
  }
}

}  // namespace

void scripts_as_jobs(model::Process& process) { in_nodes(process.nodes); }

}  // namespace switchboard::exchange

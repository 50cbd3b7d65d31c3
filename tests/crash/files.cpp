#include "files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>

namespace switchboard::testing {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

int parameter(const char* name, int usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::atoi(text);
}

namespace {

/// The values of a list, or nothing and the error noted.
template <class T>
std::vector<T> taken(Result<std::vector<T>> result, std::string& error) {
  if (result) return std::move(result).value();
  if (error.empty()) error = result.error().text();
  return {};
}

}  // namespace

std::string tour(Engine& engine, std::string& error) {
  std::string text;
  for (const CaseInfo& c : taken(engine.instances({}), error)) {
    text += fmt::format("{} {} {} {} {} {} {}\n", c.instance, c.case_no, c.process, c.customer, to_string(c.state), fmt::join(c.at, ","), c.parent);
    const auto data = engine.data(c.instance);
    if (!data && error.empty()) error = data.error().text();
    if (data) text += to_json(data.value()) + "\n";
    for (const HistoryInfo& h : taken(engine.history(c.instance, 0, 100'000), error))
      text += fmt::format("{} {} {} {}\n", h.sequence, h.at.us, h.event, to_json(h.details));
  }
  for (const WorkInfo& w : taken(engine.work({}), error))
    text += fmt::format("{} {} {} {}\n", w.work, w.node, to_string(w.state), fmt::join(w.groups, ","));
  for (const ClockInfo& c : taken(engine.clocks({}), error))
    text += fmt::format("{} {} {} {} {}\n", c.instance, c.clock, to_string(c.state), c.breached, c.due.us);
  for (const OutboxInfo& o : taken(engine.outbox({}), error))
    text += fmt::format("{} {} {} {} {}\n", o.key, to_string(o.kind), o.name, o.customer, to_json(o.body));
  for (const DeploymentInfo& d : taken(engine.deployments(), error)) text += fmt::format("{} {} {}\n", d.process, d.definition, d.number);
  return text;
}

}  // namespace switchboard::testing

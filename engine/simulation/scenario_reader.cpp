#include "simulation/scenario_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "calendar/duration.hpp"

namespace switchboard::simulation {

using yaml::Kind;

void ScenarioReader::error(std::string_view rule, Position at, const std::string& element, std::string message, std::string hint) {
  findings.push_back({std::string(rule), model::Severity::error, file_, at, element, std::move(message), std::move(hint), {}});
}

void ScenarioReader::only(const yaml::Node& node, const std::string& element, std::initializer_list<std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const auto& entry : node.entries) {
    if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
    const std::string near = model::nearest_name(entry.key, names);
    error("SB1001", entry.at, element, fmt::format("unknown key `{}`", entry.key),
          near.empty() ? fmt::format("known here: {}", fmt::join(names, ", ")) : fmt::format("did you mean `{}`?", near));
  }
}

bool ScenarioReader::is_map(const yaml::Node& node, const std::string& element, std::string_view what) {
  if (node.is(Kind::map)) return true;
  error("SB1002", node.at, element, fmt::format("expected {}, found {}", what, yaml::describe(node.kind)), "write it as `key: value` lines");
  return false;
}

std::string ScenarioReader::text(const yaml::Node& node, const std::string& element) {
  if (node.is_scalar() && !node.is_left_out()) return node.text;
  error("SB1002", node.at, element, fmt::format("expected a text, found {}", yaml::describe(node.kind)), "");
  return {};
}

double ScenarioReader::number(const yaml::Node& node, const std::string& element, double least, double most) {
  if (!node.is(Kind::number)) {
    error("SB1002", node.at, element, fmt::format("expected a number, found {}", yaml::describe(node.kind)), "");
    return least;
  }
  const double n = node.number.to_double();
  if (n < least || n > most || !std::isfinite(n)) {
    error("SB1003", node.at, element, fmt::format("{} is out of range", node.text), fmt::format("a number from {} to {}", least, most));
    return least;
  }
  return n;
}

std::uint64_t ScenarioReader::count(const yaml::Node& node, const std::string& element, std::uint64_t least) {
  const double n = number(node, element, static_cast<double>(least), 1e15);
  if (n != std::floor(n)) error("SB1003", node.at, element, fmt::format("{} is not a whole number", node.text), "");
  return static_cast<std::uint64_t>(n);
}

bool ScenarioReader::truth(const yaml::Node& node, const std::string& element) {
  if (node.is(Kind::boolean)) return node.boolean;
  error("SB1002", node.at, element, fmt::format("expected true or false, found {}", yaml::describe(node.kind)), "");
  return false;
}

Duration ScenarioReader::duration(const yaml::Node& node, const std::string& element) {
  const std::string written = text(node, element);
  auto parsed = calendar::parse_duration(written);
  if (!parsed) {
    error("SB1004", node.at, element, parsed.error().message, "a duration such as `45 min`, `8 h`, `30 d`");
    return {};
  }
  const auto& d = parsed.value();
  if (d.months != 0 || d.working_days != 0 || d.working.us != 0) {
    error("SB1004", node.at, element, fmt::format("`{}` is not pure wall-clock time", written),
          "use d, h, min, s: closed hours come from the calendars of the resources");
    return {};
  }
  return d.wall + Duration::days(d.days);
}

double ScenarioReader::rate(const yaml::Node& node, const std::string& element) {
  const std::string written = text(node, element);
  double amount = 0;
  char unit[16] = {};
  const bool read =
      std::sscanf(written.c_str(), "%lf per %15[a-z]", &amount, unit) == 2 || std::sscanf(written.c_str(), "%lf / %15[a-z]", &amount, unit) == 2;
  const std::string u(unit);
  const double us = u == "s" ? 1e6 : u == "min" ? 60e6 : u == "h" ? 3600e6 : u == "d" ? 86400e6 : 0;
  if (!read || us == 0) {
    error("SB1005", node.at, element, fmt::format("`{}` is not a rate", written), "write `12 per h`; units s, min, h, d");
    return 0;
  }
  if (amount <= 0 || !std::isfinite(amount)) {
    error("SB1005", node.at, element, fmt::format("a rate must be above zero, found {}", amount), "");
    return 0;
  }
  return amount / us;
}

double ScenarioReader::quantity(const yaml::Node& node, const std::string& element, bool durations) {
  if (durations) return static_cast<double>(duration(node, element).us);
  return number(node, element, -1e15, 1e15);
}

std::vector<double> ScenarioReader::quantities(const yaml::Node& node, const std::string& element, bool durations, std::size_t wanted) {
  std::vector<double> all;
  if (node.is(Kind::list) && node.items.size() == wanted) {
    for (const auto& item : node.items) all.push_back(quantity(item, element, durations));
    if (std::is_sorted(all.begin(), all.end())) return all;
    error("SB1003", node.at, element, "the numbers must ascend", wanted == 3 ? "[least, most likely, most]" : "[least, most]");
  } else {
    error("SB1002", node.at, element, fmt::format("expected a list of {}", wanted), wanted == 3 ? "[least, most likely, most]" : "[least, most]");
  }
  all.assign(wanted, 0.0);
  return all;
}

Distribution ScenarioReader::with_deviation(Distribution::Kind kind, const yaml::Node& node, const std::string& element, bool durations) {
  Distribution d;
  d.kind = kind;
  if (!is_map(node, element, "`{mean: ..., sd: ...}`")) return d;
  only(node, element, {"mean", "sd", "shape", "scale"});
  const auto* mean = node.find("mean");
  const auto* sd = node.find("sd");
  const auto* shape = node.find("shape");
  const auto* scale = node.find("scale");
  if (mean != nullptr && sd != nullptr) {
    d.a = quantity(mean->value, element, durations);
    d.b = quantity(sd->value, element, durations);
  } else if (kind == Distribution::Kind::gamma && shape != nullptr && scale != nullptr) {
    const double k = number(shape->value, element, 1e-6, 1e6);
    const double theta = quantity(scale->value, element, durations);
    d.a = k * theta;
    d.b = std::sqrt(k) * theta;
  } else {
    error("SB1006", node.at, element, "the distribution needs `mean` and `sd`", kind == Distribution::Kind::gamma ? "or `shape` and `scale`" : "");
  }
  if (d.b < 0 || (d.a <= 0 && kind != Distribution::Kind::normal))
    error("SB1003", node.at, element, "mean must be above zero and sd not negative", "");
  return d;
}

Distribution ScenarioReader::empirical(const yaml::Node& node, const std::string& element, bool durations) {
  Distribution d;
  d.kind = Distribution::Kind::empirical;
  double sum = 0;
  if (!node.is(Kind::list) || node.items.empty())
    error("SB1002", node.at, element, "expected a list of values, or of [value, weight]", "[[5 min, 2], [10 min, 1]]");
  for (const auto& item : node.items) {
    double weight = 1;
    if (item.is(Kind::list) && item.items.size() == 2) weight = number(item.items[1], element, 0, 1e12);
    const yaml::Node& value = item.is(Kind::list) && !item.items.empty() ? item.items[0] : item;
    sum += weight;
    d.table.emplace_back(quantity(value, element, durations), sum);
  }
  if (sum <= 0) error("SB1003", node.at, element, "the weights must add up to more than zero", "");
  for (auto& row : d.table) row.second /= sum;
  return d;
}

Distribution ScenarioReader::distribution(const yaml::Node& node, const std::string& element, bool durations) {
  Distribution d;
  if (node.is_scalar()) {
    d.a = quantity(node, element, durations);
    return d;
  }
  if (!node.is(Kind::map) || node.entries.size() != 1) {
    error("SB1006", node.at, element, "expected one distribution", "`45 min` or `{exponential: 45 min}`");
    return d;
  }
  const std::string& word = node.entries[0].key;
  const yaml::Node& v = node.entries[0].value;
  if (word == "fixed" || word == "exponential") {
    d.kind = word == "fixed" ? Distribution::Kind::fixed : Distribution::Kind::exponential;
    d.a = quantity(v, element, durations);
    if (d.a < 0 || (d.a == 0 && word == "exponential")) error("SB1003", v.at, element, "the mean must be above zero", "");
  } else if (word == "lognormal" || word == "normal" || word == "gamma") {
    d = with_deviation(word == "lognormal" ? Distribution::Kind::lognormal
                       : word == "normal"  ? Distribution::Kind::normal
                                           : Distribution::Kind::gamma,
                       v, element, durations);
  } else if (word == "triangular" || word == "uniform") {
    const auto q = quantities(v, element, durations, word == "uniform" ? 2 : 3);
    d.kind = word == "uniform" ? Distribution::Kind::uniform : Distribution::Kind::triangular;
    d.a = q[0];
    d.b = q[1];
    if (q.size() == 3) d.c = q[2];
  } else if ((word == "erlang" || word == "weibull") && is_map(v, element, "a map of parameters")) {
    d.kind = word == "erlang" ? Distribution::Kind::erlang : Distribution::Kind::weibull;
    only(v, element, {"stages", "mean", "shape", "scale"});
    const auto* first = v.find(word == "erlang" ? "stages" : "shape");
    const auto* second = v.find(word == "erlang" ? "mean" : "scale");
    if (first == nullptr || second == nullptr) {
      error("SB1006", v.at, element, fmt::format("`{}` needs {}", word, word == "erlang" ? "`stages` and `mean`" : "`shape` and `scale`"), "");
    } else {
      d.a = word == "erlang" ? static_cast<double>(count(first->value, element, 1)) : number(first->value, element, 1e-6, 1e6);
      d.b = quantity(second->value, element, durations);
      if (d.a > 1000 && word == "erlang") error("SB1003", v.at, element, "at most 1000 stages", "use `gamma` or `normal`");
    }
  } else if (word == "empirical") {
    d = empirical(v, element, durations);
  } else {
    const std::vector<std::string> known = {"fixed",      "exponential", "lognormal", "normal",  "gamma",
                                            "triangular", "uniform",     "erlang",    "weibull", "empirical"};
    const std::string near = model::nearest_name(word, known);
    error("SB1006", node.entries[0].at, element, fmt::format("unknown distribution `{}`", word),
          near.empty() ? fmt::format("known: {}", fmt::join(known, ", ")) : fmt::format("did you mean `{}`?", near));
  }
  return d;
}

ByData ScenarioReader::by_data(const yaml::Node& node, const std::string& element) {
  ByData all;
  const auto* by = node.is(Kind::map) ? node.find("by") : nullptr;
  if (by == nullptr) {
    all.otherwise = distribution(node, element, true);
    all.has_otherwise = true;
    return all;
  }
  all.data = text(by->value, element);
  for (const auto& entry : node.entries) {
    if (entry.key == "by") continue;
    const Distribution d = distribution(entry.value, element, true);
    if (entry.key == "else") {
      all.otherwise = d;
      all.has_otherwise = true;
    } else {
      all.by_value.emplace_back(entry.key, d);
    }
  }
  return all;
}

Value to_value(const yaml::Node& node) {
  switch (node.kind) {
    case Kind::null: return {};
    case Kind::boolean: return {node.boolean};
    case Kind::number: return {node.number};
    case Kind::string: return {node.text};
    case Kind::list: {
      List items;
      for (const auto& item : node.items) items.push_back(to_value(item));
      return {std::move(items)};
    }
    case Kind::map: {
      Context c;
      for (const auto& e : node.entries) c.set(e.key, to_value(e.value));
      return {std::move(c)};
    }
  }
  return {};
}

Generator ScenarioReader::generator(const yaml::Node& node, const std::string& element, int depth) {
  Generator g;
  if (!node.is(Kind::map) || node.entries.empty()) {
    g.constant = to_value(node);
    return g;
  }
  const std::string& word = node.entries[0].key;
  const yaml::Node& v = node.entries[0].value;
  if (word == "by") {
    g.data = text(v, element);
    if (depth > 4) error("SB1007", node.at, element, "`by` is nested too deep", "four levels at most");
    for (std::size_t i = 1; i < node.entries.size() && depth <= 4; ++i) {
      Generator inner = generator(node.entries[i].value, element, depth + 1);
      auto& into = node.entries[i].key == "else" ? g.otherwise : g.by_value;
      into.push_back({node.entries[i].key, std::move(inner)});
    }
    return g;
  }
  if (node.entries.size() != 1) {
    error("SB1007", node.at, element, "expected one way to make the value",
          "a constant, {choose: ...}, {probability: ...}, {number: ...}, {integer: [a, b]}, {sequence: text}, {value: ...}, {by: data, ...}");
    return g;
  }
  if (word == "value") {
    g.constant = to_value(v);
  } else if (word == "choose" && is_map(v, element, "`{value: weight, ...}`")) {
    g.kind = Generator::Kind::choose;
    double sum = 0;
    for (const auto& e : v.entries) {
      sum += number(e.value, element, 0, 1e12);
      const Value choice = e.key == "true" ? Value(true) : e.key == "false" ? Value(false) : e.key == "null" ? Value() : Value(e.key);
      g.choices.emplace_back(choice, sum);
    }
    if (sum <= 0) error("SB1003", v.at, element, "the weights must add up to more than zero", "");
    for (auto& c : g.choices) c.second /= sum > 0 ? sum : 1;
  } else if (word == "probability") {
    g.kind = Generator::Kind::choose;
    g.choices = {{Value(true), number(v, element, 0, 1)}, {Value(false), 1.0}};
  } else if (word == "number") {
    g.kind = Generator::Kind::number;
    g.distribution = distribution(v, element, false);
  } else if (word == "integer") {
    g.kind = Generator::Kind::integer;
    const auto q = quantities(v, element, false, 2);
    g.distribution.a = std::floor(q[0]);
    g.distribution.b = std::floor(q[1]);
  } else if (word == "sequence") {
    g.kind = Generator::Kind::sequence;
    g.prefix = text(v, element);
  } else {
    const std::vector<std::string> known = {"choose", "probability", "number", "integer", "sequence", "value", "by"};
    const std::string near = model::nearest_name(word, known);
    error("SB1007", node.entries[0].at, element, fmt::format("unknown way to make a value: `{}`", word),
          near.empty() ? fmt::format("known: {}", fmt::join(known, ", ")) : fmt::format("did you mean `{}`?", near));
  }
  return g;
}

std::vector<NamedGenerator> ScenarioReader::generators(const yaml::Node& node, const std::string& element) {
  std::vector<NamedGenerator> all;
  if (!is_map(node, element, "a map of data names")) return all;
  for (const auto& e : node.entries) all.push_back({e.key, e.at, generator(e.value, element, 0)});
  return all;
}

std::vector<calendar::Hours> ScenarioReader::hours(const yaml::Node& node, const std::string& element) {
  std::vector<calendar::Hours> all;
  const auto one = [&](const yaml::Node& n) {
    int h1 = 0;
    int m1 = 0;
    int h2 = 0;
    int m2 = 0;
    const std::string written = text(n, element);
    const bool read = std::sscanf(written.c_str(), "%2d:%2d-%2d:%2d", &h1, &m1, &h2, &m2) == 4;
    const int from = h1 * 60 + m1;
    const int to = h2 * 60 + m2;
    if (!read || from < 0 || m1 > 59 || m2 > 59 || to > 1440 || from >= to) {
      error("SB1008", n.at, element, fmt::format("`{}` is no span of hours", written), "write \"08:30-17:30\"; a night shift is two spans");
      return;
    }
    all.push_back({static_cast<std::int16_t>(from), static_cast<std::int16_t>(to)});
  };
  if (node.is(Kind::list)) {
    for (const auto& item : node.items) one(item);
  } else {
    one(node);
  }
  return all;
}

std::array<bool, 7> ScenarioReader::days(const yaml::Node& node, const std::string& element) {
  static const std::vector<std::string> names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto index = [&](const std::string& name) { return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()); };
  std::array<bool, 7> all{};
  std::vector<const yaml::Node*> parts;
  if (node.is(Kind::list)) {
    for (const auto& item : node.items) parts.push_back(&item);
  } else {
    parts.push_back(&node);
  }
  for (const auto* part : parts) {
    const std::string written = text(*part, element);
    const auto dash = written.find('-');
    const std::size_t from = index(written.substr(0, dash));
    const std::size_t to = dash == std::string::npos ? from : index(written.substr(dash + 1));
    if (from > 6 || to > 6) {
      error("SB1008", part->at, element, fmt::format("`{}` is no day of the week", written), "mon, tue, ... or mon-fri");
      continue;
    }
    for (std::size_t d = from;; d = (d + 1) % 7) {
      all[d] = true;
      if (d == to) break;
    }
  }
  return all;
}

}  // namespace switchboard::simulation

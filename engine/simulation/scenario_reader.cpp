#include "simulation/scenario_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "calendar/duration.hpp"

namespace switchboard::simulation {

using yaml::Kind;

namespace {

/// Words of other tools for our keys, for the hint.
constexpr std::pair<std::string_view, std::string_view> other_words[] = {
    {"servers", "capacity"}, {"count", "capacity"},     {"amount", "capacity"},       {"number", "capacity"}, {"units", "capacity"},
    {"discipline", "queue"}, {"interarrival", "every"}, {"inter-arrival", "every"},   {"lambda", "rate"},     {"poisson", "rate"},
    {"mean", "every"},       {"service", "duration"},   {"service-time", "duration"}, {"time", "duration"},   {"pool", "resource"},
    {"lane", "resource"},    {"warmup", "warm-up"},     {"duration", "until"},        {"horizon", "until"},   {"runs", "replications"},
    {"pulse", "pulses"},     {"storm", "pulses"},       {"tasks", "activities"},      {"pools", "resources"}, {"calendar", "shifts"},
    {"schedule", "shifts"},  {"length", "for"}};

}  // namespace

void ScenarioReader::error(std::string_view rule, Position at, const std::string& element, std::string message, std::string hint) {
  findings.push_back({std::string(rule), model::Severity::error, file_, at, element, std::move(message), std::move(hint), {}});
}

bool ScenarioReader::only(const yaml::Node& node, const std::string& element, std::initializer_list<std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  const std::size_t before = findings.size();
  for (const auto& entry : node.entries) {
    if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
    std::string near = model::nearest_name(entry.key, names);
    for (const auto& [other, ours] : other_words)
      if (near.empty() && entry.key == other && std::find(names.begin(), names.end(), ours) != names.end()) near = ours;
    error("SB1001", entry.at, element, fmt::format("unknown key `{}`", entry.key),
          near.empty() ? fmt::format("known here: {}", fmt::join(names, ", ")) : fmt::format("did you mean `{}`?", near));
  }
  return findings.size() == before;
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

std::uint64_t ScenarioReader::count(const yaml::Node& node, const std::string& element, std::uint64_t least, std::uint64_t most) {
  const double n = number(node, element, static_cast<double>(least), static_cast<double>(most));
  if (n != std::floor(n)) error("SB1003", node.at, element, fmt::format("{} is not a whole number", node.text), "");
  return static_cast<std::uint64_t>(n);
}

bool ScenarioReader::truth(const yaml::Node& node, const std::string& element) {
  if (node.is(Kind::boolean)) return node.boolean;
  error("SB1002", node.at, element, fmt::format("expected true or false, found {}", yaml::describe(node.kind)), "");
  return false;
}

Duration ScenarioReader::duration(const yaml::Node& node, const std::string& element) {
  constexpr Duration longest = Duration::days(36525);
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
  const Duration all = d.wall + Duration::days(d.days);
  if (all > longest) error("SB1003", node.at, element, fmt::format("`{}` is longer than a hundred years", written), "");
  return std::min(all, longest);
}

double ScenarioReader::rate(const yaml::Node& node, const std::string& element) {
  static const std::vector<std::pair<std::string_view, double>> units = {{"s", 1e6},       {"sec", 1e6},    {"second", 1e6},   {"min", 60e6},
                                                                         {"minute", 60e6}, {"h", 3600e6},   {"hour", 3600e6},  {"d", 86400e6},
                                                                         {"day", 86400e6}, {"w", 604800e6}, {"week", 604800e6}};
  const std::string written = text(node, element);
  const std::size_t end = written.find_first_of(" /");
  const std::size_t slash = written.find('/');
  const std::size_t per = slash != std::string::npos ? slash : written.find("per ");
  const auto amount = Decimal::parse(written.substr(0, end));
  std::string unit;
  if (amount && per != std::string::npos && end != std::string::npos && written.find_first_not_of(' ', end) == per)
    unit = written.substr(per + (slash != std::string::npos ? 1 : 4));
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  const auto known = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == unit; });
  if (!amount || known == units.end()) {
    error("SB1005", node.at, element, fmt::format("`{}` is not a rate", written), "write `12 per h`; units s, min, h, d, w");
    return 0;
  }
  const double n = amount->to_double();
  if (!(n > 0) || n > 1e9) {
    error("SB1005", node.at, element, fmt::format("a rate must be above zero and at most a thousand million, found {}", written.substr(0, end)),
          "leave the entry out when nothing arrives");
    return 0;
  }
  return n / known->second;
}

std::optional<double> ScenarioReader::percent(const yaml::Node& node) const {
  if (!node.is(Kind::string) || node.text.empty() || node.text.back() != '%') return std::nullopt;
  std::string digits = node.text.substr(0, node.text.size() - 1);
  while (!digits.empty() && digits.back() == ' ') digits.pop_back();
  const auto d = Decimal::parse(digits);
  return d ? std::optional<double>(d->to_double() / 100) : std::nullopt;
}

double ScenarioReader::share(const yaml::Node& node, const std::string& element) {
  const auto p = percent(node);
  if (!p && !node.is(Kind::number)) {
    error("SB1002", node.at, element,
          fmt::format("expected a probability, found {}", node.is_scalar() ? "`" + node.text + "`" : std::string(yaml::describe(node.kind))),
          "from 0 to 1, such as `0.3`, or `30 %`");
    return 0;
  }
  const double n = p ? *p : node.number.to_double();
  if (n >= 0 && n <= 1) return n;
  error("SB1003", node.at, element, fmt::format("{} is no probability", node.text), "from 0 to 1, such as `0.3`, or `30 %`");
  return 0;
}

std::vector<double> ScenarioReader::shares(const std::vector<const yaml::Node*>& weights, Position at, const std::string& element) {
  std::vector<double> all;
  double sum = 0;
  bool probabilities = false;
  for (const auto* w : weights) {
    const auto p = percent(*w);
    const double n = p ? *p : number(*w, element, 0, 1e12);
    probabilities = probabilities || p || n != std::floor(n);
    all.push_back(n);
    sum += n;
  }
  if (sum <= 0) {
    error("SB1003", at, element, "the weights must add up to more than zero", "give at least one of them a weight");
    return std::vector<double>(weights.size(), 1.0 / static_cast<double>(std::max<std::size_t>(1, weights.size())));
  }
  if (probabilities && std::abs(sum - 1) > 1e-6 && std::abs(sum - 100) > 1e-4)
    error("SB1016", at, element, fmt::format("the probabilities add up to {:.6g}, not to 1", sum),
          "let them add up to 1, or write whole numbers as weights");
  for (double& n : all) n /= sum;
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

void ScenarioReader::choices(Generator& g, const yaml::Node& node, const std::string& element) {
  std::vector<const yaml::Node*> weights;
  g.kind = Generator::Kind::choose;
  if (node.is(Kind::list) && !node.items.empty()) {
    for (const auto& item : node.items) {
      if (!item.is(Kind::list) || item.items.size() != 2)
        return error("SB1007", item.at, element, "not a pair of value and weight", "{choose: [[10, 3], [35, 1]]}");
      g.choices.emplace_back(to_value(item.items[0]), 0.0);
      weights.push_back(&item.items[1]);
    }
  } else if (node.is(Kind::map) && !node.entries.empty()) {
    for (const auto& e : node.entries) {
      g.choices.emplace_back(e.key == "true" ? Value(true) : e.key == "false" ? Value(false) : e.key == "null" ? Value() : Value(e.key), 0.0);
      weights.push_back(&e.value);
    }
  } else {
    return error("SB1007", node.at, element, "`choose` needs values with their weights", "{choose: {urban: 75, rural: 25}}");
  }
  const auto shares_of = shares(weights, node.at, element);
  double sum = 0;
  for (std::size_t i = 0; i < shares_of.size(); ++i) g.choices[i].second = sum += shares_of[i];
  g.choices.back().second = 1.0;
}

namespace {

constexpr const char* generator_forms =
    "a constant, {choose: {a: 3, b: 1}}, {probability: 0.3}, {number: DISTRIBUTION}, {integer: [a, b]}, {sequence: text}, {after: DISTRIBUTION}, "
    "{value: ...}, {by: data, ...}";

}  // namespace

Generator ScenarioReader::generator(const yaml::Node& node, const std::string& element, int depth) {
  Generator g;
  g.at = node.at;
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
      into.push_back({node.entries[i].key, node.entries[i].at, std::move(inner)});
    }
    return g;
  }
  if (node.entries.size() != 1) {
    error("SB1007", node.at, element, "expected one way to make the value", generator_forms);
    return g;
  }
  if (word == "value") {
    g.constant = to_value(v);
  } else if (word == "choose") {
    choices(g, v, element);
  } else if (word == "probability") {
    g.kind = Generator::Kind::choose;
    g.choices = {{Value(true), share(v, element)}, {Value(false), 1.0}};
  } else if (word == "number" || word == "after") {
    g.kind = word == "after" ? Generator::Kind::instant : Generator::Kind::number;
    g.distribution = distribution(v, element, word == "after");
  } else if (word == "integer") {
    g.kind = Generator::Kind::integer;
    if (!v.is(Kind::list) || v.items.size() != 2) {
      error("SB1007", v.at, element, "`integer` needs its least and its most", "{integer: [1, 6]}");
      return g;
    }
    g.distribution.a = std::floor(number(v.items[0], element, -1e15, 1e15));
    g.distribution.b = std::floor(number(v.items[1], element, -1e15, 1e15));
    if (g.distribution.b < g.distribution.a) error("SB1003", v.at, element, "the numbers must ascend", "{integer: [1, 6]}");
  } else if (word == "sequence") {
    g.kind = Generator::Kind::sequence;
    g.prefix = text(v, element);
  } else {
    const std::vector<std::string> known = {"choose", "probability", "number", "integer", "sequence", "after", "value", "by"};
    const std::string near = model::nearest_name(word, known);
    error("SB1007", node.entries[0].at, element, fmt::format("unknown way to make a value: `{}`", word),
          near.empty() ? generator_forms : fmt::format("did you mean `{}`?", near));
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

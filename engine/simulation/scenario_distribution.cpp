// Distributions as a scenario writes them: `{gamma: {mean: 6 min, sd: 3 min}}`, `{uniform: [2 min, 10 min]}`, `{distribution: gamma, mean: ...}`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "simulation/scenario_reader.hpp"

namespace switchboard::simulation {

using yaml::Kind;
using D = Distribution::Kind;

namespace {

struct Form {
  std::string_view word;
  D kind;
  std::string_view example;
};
constexpr std::array<Form, 14> forms = {{
    {"fixed", D::fixed, "{fixed: 45 min}"},
    {"constant", D::fixed, "{fixed: 45 min}"},
    {"deterministic", D::fixed, "{fixed: 45 min}"},
    {"exponential", D::exponential, "{exponential: 45 min}, {exponential: {mean: 45 min}} or {exponential: {rate: 4 per h}}"},
    {"lognormal", D::lognormal, "{lognormal: {mean: 45 min, sd: 20 min}}, cv in place of sd"},
    {"log-normal", D::lognormal, "{lognormal: {mean: 45 min, sd: 20 min}}, cv in place of sd"},
    {"normal", D::normal, "{normal: {mean: 45 min, sd: 10 min}}, cv in place of sd"},
    {"gamma", D::gamma, "{gamma: {mean: 45 min, sd: 20 min}} or {gamma: {shape: 2, scale: 20 min}}"},
    {"triangular", D::triangular, "{triangular: [10 min, 30 min, 60 min]}: least, most likely, most"},
    {"uniform", D::uniform, "{uniform: [10 min, 60 min]}: least, most"},
    {"erlang", D::erlang, "{erlang: {stages: 3, mean: 45 min}}"},
    {"weibull", D::weibull, "{weibull: {shape: 1.5, scale: 45 min}}"},
    {"empirical", D::empirical, "{empirical: [[5 min, 2], [10 min, 1]]}: value, weight"},
    {"hyperexponential", D::hyperexponential, "{hyperexponential: [[5 min, 0.7], [30 min, 0.3]]}: mean, probability"},
}};

const Form* form_of(std::string_view word) {
  const auto found = std::find_if(forms.begin(), forms.end(), [&](const Form& f) { return f.word == word; });
  return found == forms.end() ? nullptr : &*found;
}

std::string hint_for(std::string_view word) {
  if (word == "mean" || word == "rate") return "name the distribution: `{exponential: 6 min}` has the mean 6 min";
  std::vector<std::string> known;
  for (const Form& f : forms) known.emplace_back(f.word);
  const std::string near = model::nearest_name(word, known);
  return near.empty() ? fmt::format("known: {}", fmt::join(known, ", ")) : fmt::format("did you mean `{}`?", near);
}

/// The parameters of one distribution, by name or by position.
class Parameters {
 public:
  Parameters(ScenarioReader& reader, const Form& form, const yaml::Node& node, const std::string& element, bool durations, bool flat)
      : r_(reader), form_(form), node_(node), element_(element), durations_(durations), flat_(flat) {}

  Distribution read() {
    Distribution d;
    d.kind = form_.kind;
    switch (form_.kind) {
      case D::fixed: fixed(d); break;
      case D::exponential: exponential(d); break;
      case D::lognormal:
      case D::normal:
      case D::gamma: by_moments(d); break;
      case D::triangular:
      case D::uniform: bounds(d); break;
      case D::erlang: erlang(d); break;
      case D::weibull: weibull(d); break;
      case D::empirical:
      case D::hyperexponential: table(d); break;
    }
    return d;
  }

 private:
  void wrong(std::string_view rule, Position at, std::string message) {
    if (!failed_) r_.error(rule, at, element_, std::move(message), fmt::format("write {}", form_.example));
    failed_ = true;
  }
  const yaml::Node* named(std::string_view name) const {
    const auto* entry = node_.is(Kind::map) ? node_.find(name) : nullptr;
    return entry == nullptr ? nullptr : &entry->value;
  }
  /// Every key of the map must be one of `known`.
  bool is_named(std::initializer_list<std::string_view> known) {
    if (!node_.is(Kind::map)) return false;
    for (const auto& e : node_.entries)
      if (!(flat_ && e.key == "distribution") && std::find(known.begin(), known.end(), e.key) == known.end())
        wrong("SB1006", e.at, fmt::format("`{}` has no parameter `{}`", form_.word, e.key));
    return true;
  }
  double quantity(const yaml::Node& node) {
    const std::size_t before = r_.findings.size();
    const double q = durations_ ? static_cast<double>(r_.duration(node, element_).us) : r_.number(node, element_, -1e15, 1e15);
    failed_ = failed_ || r_.findings.size() > before;
    return q;
  }
  double plain(const yaml::Node& node, double least, double most) {
    const std::size_t before = r_.findings.size();
    const double n = r_.number(node, element_, least, most);
    failed_ = failed_ || r_.findings.size() > before;
    return n;
  }
  bool above_zero(double x, Position at, std::string_view what) {
    if (x > 0) return true;
    wrong("SB1003", at, fmt::format("{} must be above zero", what));
    return false;
  }

  void fixed(Distribution& d) {
    const bool map = is_named({"value"});
    const yaml::Node* value = map ? named("value") : &node_;
    if (value == nullptr || !value->is_scalar()) return wrong("SB1006", node_.at, fmt::format("`{}` needs its value", form_.word));
    d.a = quantity(*value);
  }

  void exponential(Distribution& d) {
    if (!is_named({"mean", "rate"})) {
      if (!node_.is_scalar()) return wrong("SB1006", node_.at, "`exponential` needs its mean");
      d.a = quantity(node_);
    } else if (const auto* rate = named("rate"); rate != nullptr && named("mean") == nullptr) {
      const double r = durations_ ? r_.rate(*rate, element_) : plain(*rate, 1e-15, 1e15);
      d.a = r > 0 ? 1.0 / r : 1.0;
      return;
    } else if (const auto* mean = named("mean"); mean != nullptr && rate == nullptr) {
      d.a = quantity(*mean);
    } else {
      return wrong("SB1006", node_.at, "`exponential` needs its mean, or its rate");
    }
    if (!failed_) (void)above_zero(d.a, node_.at, "the mean");
  }

  void by_moments(Distribution& d) {
    const bool is_gamma = form_.kind == D::gamma;
    if (!is_gamma ? !is_named({"mean", "sd", "cv"}) : !is_named({"mean", "sd", "cv", "shape", "scale"}))
      return wrong("SB1006", node_.at, fmt::format("`{}` needs its parameters by name", form_.word));
    const auto* mean = named("mean");
    const auto* sd = named("sd");
    const auto* cv = named("cv");
    const auto* shape = named("shape");
    const auto* scale = named("scale");
    if (mean != nullptr && (sd != nullptr) != (cv != nullptr) && shape == nullptr && scale == nullptr) {
      d.a = quantity(*mean);
      d.b = sd != nullptr ? quantity(*sd) : plain(*cv, 0, 1000) * std::abs(d.a);
    } else if (mean == nullptr && sd == nullptr && cv == nullptr && shape != nullptr && scale != nullptr) {
      const double k = plain(*shape, 1e-6, 1e6);
      const double theta = quantity(*scale);
      d.a = k * theta;
      d.b = std::sqrt(k) * theta;
    } else {
      return wrong("SB1006", node_.at,
                   fmt::format("`{}` needs `mean` and one of `sd` and `cv`{}", form_.word, is_gamma ? ", or `shape` and `scale`" : ""));
    }
    if (failed_) return;
    if (form_.kind != D::normal) (void)above_zero(d.a, node_.at, "the mean");
    if (d.b < 0) wrong("SB1003", node_.at, "the standard deviation must not be negative");
  }

  void bounds(Distribution& d) {
    const bool three = form_.kind == D::triangular;
    std::vector<const yaml::Node*> all;
    if (three ? is_named({"min", "mode", "max"}) : is_named({"min", "max"})) {
      all = three ? std::vector<const yaml::Node*>{named("min"), named("mode"), named("max")}
                  : std::vector<const yaml::Node*>{named("min"), named("max")};
    } else if (node_.is(Kind::list)) {
      for (const auto& item : node_.items) all.push_back(&item);
    }
    if (all.size() != (three ? 3U : 2U) || std::find(all.begin(), all.end(), nullptr) != all.end())
      return wrong("SB1006", node_.at, fmt::format("`{}` needs {}", form_.word, three ? "three numbers" : "two numbers"));
    d.a = quantity(*all[0]);
    d.b = quantity(*all[1]);
    if (three) d.c = quantity(*all[2]);
    if (!failed_ && (d.b < d.a || (three && d.c < d.b))) wrong("SB1003", node_.at, "the numbers must ascend");
  }

  void erlang(Distribution& d) {
    if (!is_named({"stages", "mean"}) || named("stages") == nullptr || named("mean") == nullptr)
      return wrong("SB1006", node_.at, "`erlang` needs `stages` and `mean`");
    d.a = static_cast<double>(r_.count(*named("stages"), element_, 1, 1000));
    d.b = quantity(*named("mean"));
    if (!failed_) (void)above_zero(d.b, node_.at, "the mean");
  }

  void weibull(Distribution& d) {
    if (!is_named({"shape", "scale"}) || named("shape") == nullptr || named("scale") == nullptr)
      return wrong("SB1006", node_.at, "`weibull` needs `shape` and `scale`");
    d.a = plain(*named("shape"), 0.05, 1000);
    d.b = quantity(*named("scale"));
    if (!failed_) (void)above_zero(d.b, node_.at, "the scale");
  }

  void table(Distribution& d) {
    const bool hyper = form_.kind == D::hyperexponential;
    std::vector<std::pair<double, const yaml::Node*>> rows;
    if (!node_.is(Kind::list) || node_.items.empty()) return wrong("SB1006", node_.at, fmt::format("`{}` needs a list of pairs", form_.word));
    for (const auto& item : node_.items) {
      if (item.is(Kind::list) && item.items.size() == 2)
        rows.emplace_back(quantity(item.items[0]), &item.items[1]);
      else if (!hyper && item.is_scalar())
        rows.emplace_back(quantity(item), nullptr);
      else
        return wrong("SB1006", item.at, fmt::format("not a pair of {}", hyper ? "mean and probability" : "value and weight"));
      if (hyper && !failed_) (void)above_zero(rows.back().first, item.at, "the mean");
    }
    for (const auto& [value, weight] : rows) d.table.emplace_back(value, weight == nullptr ? 1.0 : 0.0);
    std::vector<const yaml::Node*> weights;
    for (const auto& row : rows)
      if (row.second != nullptr) weights.push_back(row.second);
    if (!weights.empty() && weights.size() != rows.size()) return wrong("SB1006", node_.at, "either every value has a weight, or none");
    std::vector<double> shares =
        weights.empty() ? std::vector<double>(rows.size(), 1.0 / static_cast<double>(rows.size())) : r_.shares(weights, node_.at, element_);
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) d.table[i].second = sum += shares[i];
    d.table.back().second = 1.0;
  }

  ScenarioReader& r_;
  const Form& form_;
  const yaml::Node& node_;
  const std::string& element_;
  bool durations_;
  bool flat_;
  bool failed_ = false;
};

}  // namespace

bool ScenarioReader::is_distribution(const yaml::Node& node) {
  return node.is(Kind::map) && !node.entries.empty() && (node.entries[0].key == "distribution" || form_of(node.entries[0].key) != nullptr);
}

Distribution ScenarioReader::distribution(const yaml::Node& node, const std::string& element, bool durations) {
  if (node.is_scalar()) {
    Distribution d;
    d.a = durations ? static_cast<double>(duration(node, element).us) : number(node, element, -1e15, 1e15);
    return d;
  }
  const auto* flat = node.is(Kind::map) ? node.find("distribution") : nullptr;
  if (!node.is(Kind::map) || (flat == nullptr && node.entries.size() != 1)) {
    error("SB1006", node.at, element, "expected one distribution", durations ? "`45 min` or `{exponential: 45 min}`" : "`3` or `{uniform: [1, 9]}`");
    return {};
  }
  const std::string word = flat != nullptr ? flat->value.text : node.entries[0].key;
  const Form* form = form_of(word);
  if (form == nullptr) {
    error("SB1006", flat != nullptr ? flat->value.at : node.entries[0].at, element, fmt::format("unknown distribution `{}`", word), hint_for(word));
    return {};
  }
  return Parameters(*this, *form, flat != nullptr ? node : node.entries[0].value, element, durations, flat != nullptr).read();
}

ByData ScenarioReader::by_data(const yaml::Node& node, const std::string& element, const std::function<Distribution(const yaml::Node&)>& read) {
  ByData all;
  all.at = node.at;
  const auto* by = node.is(Kind::map) ? node.find("by") : nullptr;
  if (by == nullptr) {
    all.otherwise = read(node);
    all.has_otherwise = true;
    return all;
  }
  all.data = text(by->value, element);
  for (const auto& entry : node.entries) {
    if (entry.key == "by") continue;
    const Distribution d = read(entry.value);
    if (entry.key == "else") {
      all.otherwise = d;
      all.has_otherwise = true;
    } else {
      all.by_value.emplace_back(entry.key, d);
      all.by_at.push_back(entry.at);
    }
  }
  return all;
}

ByData ScenarioReader::durations_by_data(const yaml::Node& node, const std::string& element) {
  return by_data(node, element, [&](const yaml::Node& n) { return distribution(n, element, true); });
}

ByData ScenarioReader::shares_by_data(const yaml::Node& node, const std::string& element) {
  return by_data(node, element, [&](const yaml::Node& n) {
    Distribution d;
    d.a = share(n, element);
    return d;
  });
}

}  // namespace switchboard::simulation

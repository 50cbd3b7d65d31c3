// Reading rounds from an engine, page by page, and finding the keys they are grouped by.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "report/people.hpp"
#include "report/period.hpp"
#include "report/places.hpp"
#include "report/tally.hpp"

namespace switchboard::report {

namespace {

constexpr std::array<std::string_view, 18> plain_keys{"process",   "overlay", "clock",    "organisation", "stage",    "lane",
                                                      "person",    "group",   "broke-at", "audience",     "customer", "company",
                                                      "data.NAME", "day",     "week",     "month",        "quarter",  "year"};
constexpr std::string_view data_prefix = "data.";
constexpr std::size_t deepest_call = 64;

std::string all_keys() {
  std::string all;
  for (const std::string_view key : plain_keys) all += fmt::format("{}{}", all.empty() ? "" : ", ", key);
  return all;
}

Error wrong(std::string message, std::string hint) { return {ErrorKind::usage, "SB0720", std::move(message), {}, std::move(hint)}; }

/// The data item a key asks for; nothing when it asks for something else.
std::optional<std::string> data_name(const std::string& key) {
  if (key == "company") return key;
  if (!key.starts_with(data_prefix)) return std::nullopt;
  return key.substr(data_prefix.size());
}

Result<void> check_key(const std::string& key) {
  const auto data = data_name(key);
  const bool plain = key != "data.NAME" && std::find(plain_keys.begin(), plain_keys.end(), key) != plain_keys.end();
  if (plain || (data && !data->empty() && key != "data.NAME")) return success();
  return wrong(fmt::format("there is nothing to group by called '{}'", key), "one of " + all_keys());
}

Result<void> check(const PromiseQuery& query) {
  for (const std::string& key : query.by) {
    SB_TRYV(check_key(key));
  }
  std::set<std::string> seen;
  for (const std::string& key : query.by) {
    if (!seen.insert(key).second) return wrong(fmt::format("'{}' is named twice", key), "name every key once");
  }
  if (!query.audience.empty() && query.audience != "customer" && query.audience != "internal")
    return wrong(fmt::format("there is no audience '{}'", query.audience), "customer or internal");
  if (query.from && query.until && *query.from >= *query.until)
    return wrong("the period is empty: it ends before it begins", "the end is not part of the period; give a later one");
  return success();
}

/// Number of an instance id, for paging.
std::uint64_t number_of(const InstanceId& id) {
  std::uint64_t number = 0;
  const std::size_t digits = id.find_first_of("0123456789");
  if (digits != std::string::npos) std::from_chars(id.data() + digits, id.data() + id.size(), number);
  return number;
}

/// Stands between the units of a path: before everything that is in an id, so that what is below a unit follows it.
constexpr char below = '\x01';

std::string joined(const std::vector<std::string>& path, std::size_t units) {
  std::string text;
  for (std::size_t i = 0; i < units; ++i) text += (i == 0 ? "" : std::string(1, below)) + path[i];
  return text;
}

/// What a report is about beside its rounds: the company, and what lies below overlays.
struct Company {
  std::map<std::string, std::vector<std::string>> paths;  ///< of units, from the root down
  std::string root;                                       ///< empty: there is no tree
  std::map<std::string, std::string> bases;               ///< of overlays

  [[nodiscard]] static Result<Company> of(Engine& engine, const PromiseQuery& query) {
    Company company;
    const auto asks = [&](std::string_view key) { return std::find(query.by.begin(), query.by.end(), key) != query.by.end(); };
    if (asks("organisation")) {
      SB_TRY(const auto units, engine.organisations());
      for (const OrganisationInfo& unit : units) company.paths.emplace(unit.organisation, unit.path);
      if (!units.empty()) company.root = units.front().organisation;
    }
    if (asks("process") || asks("overlay")) {
      SB_TRY(const auto deployments, engine.deployments());
      for (const DeploymentInfo& d : deployments)  // ascending numbers: the latest one says it
        company.bases.insert_or_assign(d.process, d.base);
    }
    return company;
  }
  [[nodiscard]] std::string base_of(const std::string& process) const {
    const auto found = bases.find(process);
    return found == bases.end() ? std::string() : found->second;
  }
  /// Of what belongs to no unit: the root alone.
  [[nodiscard]] std::vector<std::string> path_of(const std::string& unit) const {
    const auto found = paths.find(unit);
    if (found != paths.end()) return found->second;
    return root.empty() ? std::vector<std::string>() : std::vector<std::string>{root};
  }
};

/// Finds the keys of rounds. Remembers what it read of the last instance only: rounds of one come together.
class Keys {
 public:
  Keys(Engine& engine, const PromiseQuery& query, Company company)
      : engine_(engine), by_(query.by), within_(query.organisation), company_(std::move(company)) {}

  /// The groups that a round counts in: one, or one for each unit from the root, or from the one that is asked for, down to that of its case.
  [[nodiscard]] Result<std::vector<std::vector<std::string>>> of(const ClockInfo& round) {
    SB_TRY(std::vector<std::string> keys, keys_of(round));
    const auto place = std::find(by_.begin(), by_.end(), "organisation");
    if (place == by_.end()) return std::vector<std::vector<std::string>>{std::move(keys)};
    std::vector<std::vector<std::string>> groups;
    const std::vector<std::string> path = company_.path_of(round.organisation);
    for (std::size_t i = within_.empty() ? 0 : static_cast<std::size_t>(std::find(path.begin(), path.end(), within_) - path.begin()); i < path.size();
         ++i) {
      groups.push_back(keys);
      groups.back()[static_cast<std::size_t>(place - by_.begin())] = joined(path, i + 1);
    }
    if (groups.empty()) groups.push_back(std::move(keys));
    return groups;
  }

  /// The first data item asked for that no case declares; empty when there is none.
  [[nodiscard]] std::string undeclared() const {
    for (const std::string& key : by_) {
      if (const auto name = data_name(key); name && !declared_.contains(*name)) return *name;
    }
    return {};
  }
  [[nodiscard]] const std::set<std::string>& names_seen() const { return names_; }

 private:
  [[nodiscard]] Result<std::vector<std::string>> keys_of(const ClockInfo& round) {
    if (round.instance != instance_) {
      data_.clear();
      people_.reset();
      holders_.reset();
    }
    instance_ = round.instance;
    std::vector<std::string> keys;
    keys.reserve(by_.size());
    for (const std::string& key : by_) {
      SB_TRY(auto text, key_of(round, key));
      keys.push_back(std::move(text));
    }
    return keys;
  }

  [[nodiscard]] Result<std::string> key_of(const ClockInfo& round, const std::string& key) {
    if (key == "process" || key == "overlay") {
      const std::string base = company_.base_of(round.process);
      if (key == "overlay") return base.empty() ? base : round.process;
      return base.empty() ? round.process : base;
    }
    if (key == "organisation") return round.organisation;  // where there is no tree
    if (key == "clock") return round.clock;
    if (key == "stage") return round.stage;
    if (key == "lane") return round.lane;
    if (key == "customer") return round.customer;
    if (key == "audience") return std::string(round.internal ? "internal" : "customer");
    if (key == "person" || key == "group") {
      SB_TRY(const Doer doer, doer_of(round));
      return key == "person" ? doer.person : doer.group;
    }
    if (key == "broke-at") return round.breached ? places_at(engine_, round.instance, round.due) : Result<std::string>(std::string());
    if (const auto period = period_of(key)) {
      SB_TRY(const auto zone, zone_of(round.process));
      return name_of(*period, counts_at(round), zone);
    }
    return data_of(round.instance, *data_name(key));
  }

  /// Of a round that has ended who completed work at that instant, of an open one who has the open work.
  [[nodiscard]] Result<Doer> doer_of(const ClockInfo& round) {
    if (!round.ended) {
      if (!holders_) {
        SB_TRY(holders_, holders_of(engine_, round.instance));
      }
      return *holders_;
    }
    if (!people_) {
      SB_TRY(people_, people_of(engine_, round.instance));
    }
    return people_->at(*round.ended);
  }

  [[nodiscard]] Result<std::string> zone_of(const std::string& process) {
    const auto known = zones_.find(process);
    if (known != zones_.end()) return known->second;
    SB_TRY(const auto zone, engine_.zone(process));
    zones_.emplace(process, zone);
    return zone;
  }

  /// Of the case itself, else of the one that called it, and so on.
  [[nodiscard]] Result<std::string> data_of(InstanceId instance, const std::string& name) {
    if (const auto known = data_.find(name); known != data_.end()) return known->second;
    std::string text;
    for (std::size_t depth = 0; depth < deepest_call && !instance.empty() && text.empty(); ++depth) {
      SB_TRY(const auto values, engine_.data(instance));
      text = shown(values, name);
      if (!text.empty()) break;
      SB_TRY(const auto of, engine_.instance(instance));
      instance = of.parent;
    }
    return data_.emplace(name, std::move(text)).first->second;
  }

  [[nodiscard]] std::string shown(const Value& values, const std::string& name) {
    const Context* all = values.context();
    if (all == nullptr) return {};
    if (!declared_.contains(name)) {
      for (const auto& [known, value] : all->entries()) names_.insert(known);
    }
    const Value* found = all->find(name);
    if (found == nullptr) return {};
    declared_.insert(name);
    return found->is_null() ? std::string() : to_display(*found);
  }

  Engine& engine_;
  const std::vector<std::string>& by_;
  std::string within_;
  Company company_;
  InstanceId instance_;
  std::map<std::string, std::string> data_;   ///< of `instance_`, by name
  std::optional<People> people_;              ///< of `instance_`
  std::optional<Doer> holders_;               ///< of `instance_`, while the report is made
  std::map<std::string, std::string> zones_;  ///< by process
  std::set<std::string> declared_, names_;    ///< items asked for that some case has; all items seen, while one is missing
};

bool fits(const PromiseQuery& query, const ClockInfo& round) {
  if (!query.audience.empty() && (query.audience == "internal") != round.internal) return false;
  const Instant at = counts_at(round);
  return (!query.from || at >= *query.from) && (!query.until || at < *query.until);
}

Error nobody_declares(const std::string& name, const std::set<std::string>& names) {
  std::string all;
  for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
  return {ErrorKind::not_found, "SB0721", fmt::format("no case that counts here has data '{}'", name), {}, all.empty() ? all : "there are " + all};
}

}  // namespace

Result<PromiseReport> promises(Engine& engine, const PromiseQuery& query) {
  SB_TRYV(check(query));
  Tally tally(query.by);
  SB_TRY(Company company, Company::of(engine, query));
  Keys keys(engine, query, std::move(company));
  Find find;
  find.process = query.process;
  find.clock = query.clock;
  find.organisation = query.organisation;
  find.limit = std::max<std::size_t>(1, query.page);
  bool counted = false;
  std::vector<std::string> damaged;
  for (;;) {
    SB_TRY(const auto rounds, engine.clocks(find));
    for (const ClockInfo& round : rounds) {
      if (!round.damaged.empty()) damaged.push_back(round.damaged);
      if (!round.damaged.empty() || !fits(query, round)) continue;
      SB_TRY(const auto of, keys.of(round));
      tally.add(of, round);
      counted = true;
    }
    if (rounds.size() < find.limit) break;
    find.after = number_of(rounds.back().instance);  // pages hold whole instances
  }
  if (const std::string name = keys.undeclared(); counted && !name.empty()) return nobody_declares(name, keys.names_seen());
  PromiseReport report = std::move(tally).report();
  const auto place = std::find(query.by.begin(), query.by.end(), "organisation");
  for (PromiseRow& row : report.rows) {
    if (place == query.by.end()) break;
    std::string& unit = row.keys[static_cast<std::size_t>(place - query.by.begin())];
    unit = unit.substr(unit.rfind(below) + 1);
  }
  report.damaged = std::move(damaged);
  return report;
}

}  // namespace switchboard::report

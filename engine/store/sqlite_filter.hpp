// Conditions of a statement that is put together at run time.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/projection.hpp"
#include "store/sqlite_connection.hpp"
#include "store/store.hpp"

namespace switchboard::store {

/// Conditions that are joined by AND, with their values in order.
class Filter {
 public:
  void require(std::string_view condition) { where_ += fmt::format("{}{}", where_.empty() ? " WHERE " : " AND ", condition); }
  void require(std::string_view condition, Bound value) {
    require(condition);
    values_.push_back(std::move(value));
  }
  void require(std::string_view condition, const std::vector<Bound>& values) {
    require(condition);
    values_.insert(values_.end(), values.begin(), values.end());
  }
  /// An empty text does not filter.
  void maybe(std::string_view condition, const std::string& text) {
    if (!text.empty()) require(condition, text);
  }
  void maybe(std::string_view condition, InstanceKey key) {
    if (key) require(condition, static_cast<std::int64_t>(key.value));
  }
  void maybe(std::string_view condition, const std::optional<Instant>& at) {
    if (at) require(condition, at->us);
  }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] const std::vector<Bound>& values() const { return values_; }

 private:
  std::string where_;
  std::vector<Bound> values_;
};

/// A statement with its values in order. Each is made so that it finds its index; tests look at the plans.
struct Statement {
  std::string sql;
  std::vector<Bound> values;
};
/// Columns: id, case_no, process, definition, customer, parent, state, stage, started, last, ended, reopens.
[[nodiscard]] Statement statement_of_instances(const Query& q);
/// Columns: what is counted by, how many.
[[nodiscard]] Statement statement_of_count(const Query& q, CountBy by);
[[nodiscard]] Statement statement_of_work(const Query& q);

[[nodiscard]] inline std::int64_t signed_of(std::uint64_t n) { return static_cast<std::int64_t>(n); }

/// By case: through the instance's own indexes, wherever the rows stand.
inline void filter_case(Filter& f, const Query& q, std::string_view instance_column) {
  if (!q.case_no.empty()) f.require(fmt::format("{} IN (SELECT id FROM instance WHERE case_no = ?)", instance_column), q.case_no);
  if (!q.customer.empty()) f.require(fmt::format("{} IN (SELECT id FROM instance WHERE customer = ?)", instance_column), q.customer);
}

inline void filter_process(Filter& f, const Query& q, std::string_view column) {
  if (q.overlays.empty()) return f.maybe(fmt::format("{} = ?", column), q.process);
  std::vector<std::string> all = q.overlays;
  all.push_back(q.process);
  f.require(fmt::format("{} IN (SELECT value FROM json_each(?))", column), json_of(all));
}

/// Belongs to one of the units that are asked for.
inline void filter_organisation(Filter& f, const Query& q, std::string_view column) {
  if (q.organisations.empty()) return;
  f.require(fmt::format("{} IN (SELECT value FROM json_each(?))", column), json_of(q.organisations));
}

}  // namespace switchboard::store

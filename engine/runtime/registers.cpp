#include "runtime/registers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include "base/plain_text.hpp"
#include "runtime/answers.hpp"
#include "runtime/ids.hpp"
#include "runtime/request_use.hpp"
#include "runtime/requests.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t import_page_size = 1'000;
constexpr int most_attempts = 100;
constexpr std::size_t most_errors = 1'000;

/// Of a row that is not what was written: whoever reads it is told, and nobody else is held up.
Error damaged_row(const std::string& what) {
  return {ErrorKind::invalid, "SB0603", what, "", "put the row anew; keep a copy, run `switchboard fsck`"};
}

Error no_such_row(const model::Register& of, std::string_view key) {
  return {ErrorKind::not_found, "SB0584", fmt::format("register '{}' has no row '{}'", of.id, key), "", "list the rows, or put it"};
}

const Context* fields_in(const Value& value) {
  static const Context none;
  return value.is_null() ? &none : value.context();
}

Error no_fields(std::string_view what) {
  return {ErrorKind::invalid, "SB0581", fmt::format("{} is no object of fields", what), "", "give {\"field\": value}"};
}

}  // namespace

void Registers::set_source(RegisterSource source) {
  const std::lock_guard lock(mutex_);
  source_ = std::move(source);
}

Result<driver::Row> Registers::row(const model::Register& of, const std::string& key) {
  SB_TRY(const Instant at, time_.now());
  RegisterSource source;
  {
    const std::lock_guard lock(mutex_);
    source = source_;
  }
  if (source) {
    auto given = Result<std::optional<Value>>(std::optional<Value>());
    try {
      given = source(of.id, key);
    } catch (const std::exception& thrown) {
      given = Error{ErrorKind::invalid, "SB0583", made_plain(thrown.what(), TextKind::prose), "", ""};
    } catch (...) {
      given = Error{ErrorKind::invalid, "SB0583", "something that is no exception of the standard library was thrown", "", ""};
    }
    if (!given)
      return Error{ErrorKind::invalid, "SB0583",
                   fmt::format("register '{}', key '{}': the system that has it did not answer: {}", of.id, key, given.error().message), "",
                   "resolve the incident when it answers again"};
    if (given.value()) return driver::Row{*given.value(), 0, true, at};
  }
  SB_TRY(auto found, store_.register_row(of.id, key));
  if (!found) return driver::Row{{}, 0, false, at};
  if (!found->damage.empty()) return damaged_row(found->damage);
  return driver::Row{std::move(found->value), found->version, false, at};
}

/// As of the instant that a version was made, for versions; of now, for the row as it is.
Result<RowInfo> Registers::info_of(const model::Register& of, const store::RegisterRow& row) const {
  RowInfo info;
  info.register_id = row.of;
  info.key = row.key;
  info.version = row.version;
  info.at = row.at;
  info.by = row.by;
  if (row.instance) info.instance = instance_id(row.instance);
  info.damaged = row.damage;
  if (!row.damage.empty()) return info;
  auto shown = model::row_shown(of, row.key, row.value, row.at);
  // Of an older form of the register: as it is kept.
  info.fields = shown ? Value(std::move(shown).value()) : row.value;
  return info;
}

Result<RowInfo> Registers::row_info(std::string_view register_id, std::string_view key) {
  SB_TRY(const auto of, definitions_.register_called(register_id));
  SB_TRYV(model::check_key(*of, key));
  const std::string wanted(key);
  SB_TRY(const driver::Row now, row(*of, wanted));
  if (now.value.is_null()) return no_such_row(*of, key);
  store::RegisterRow stored{of->id, wanted, now.version, now.value, now.now, {}, {}, {}};
  if (!now.is_foreign) {
    SB_TRY(auto found, store_.register_row(of->id, wanted));
    if (found) stored = std::move(*found);
  }
  SB_TRY(auto info, info_of(*of, stored));
  if (auto shown = model::row_shown(*of, wanted, stored.value, now.now)) info.fields = Value(std::move(shown).value());
  return info;
}

Result<std::vector<RowInfo>> Registers::rows(std::string_view register_id, std::string_view after, std::size_t limit) {
  SB_TRY(const auto of, definitions_.register_called(register_id));
  SB_TRY(const Instant now, time_.now());
  SB_TRY(auto found, store_.register_rows(of->id, std::string(after), limit));
  std::vector<RowInfo> infos;
  infos.reserve(found.size());
  for (const store::RegisterRow& row : found) {
    SB_TRY(auto info, info_of(*of, row));
    if (row.damage.empty())
      if (auto shown = model::row_shown(*of, row.key, row.value, now)) info.fields = Value(std::move(shown).value());
    infos.push_back(std::move(info));
  }
  return infos;
}

Result<std::vector<RowInfo>> Registers::history(std::string_view register_id, std::string_view key, std::uint64_t after, std::size_t limit) {
  SB_TRY(const auto of, definitions_.register_called(register_id));
  SB_TRYV(model::check_key(*of, key));
  SB_TRY(const auto found, store_.register_history(of->id, std::string(key), after, limit));
  if (found.empty() && after == 0) return no_such_row(*of, key);
  std::vector<RowInfo> infos;
  for (const store::RegisterRow& row : found) {
    SB_TRY(auto info, info_of(*of, row));
    infos.push_back(std::move(info));
  }
  return infos;
}

/// `before`: what an earlier line of the same import makes of it; null: nothing does.
Result<Registers::Changed> Registers::change_of(const model::Register& of, const std::string& key, const Context& fields, const std::string& by,
                                                Instant at, const driver::RowWrite* before) {
  SB_TRYV(model::check_key(of, key));
  Value kept;
  std::uint64_t version = 0;
  if (before != nullptr) {
    kept = before->value;
    version = before->expected + 1;
  } else {
    SB_TRY(auto stored, store_.register_row(of.id, key));
    if (stored) {
      version = stored->version;
      kept = stored->damage.empty() ? stored->value : Value();
    }
  }
  SB_TRY(auto after, model::row_given(of, key, kept, fields, at));
  const bool is_same = version > 0 && after == kept;
  return Changed{driver::RowWrite{of.id, key, version, std::move(after), by}, is_same};
}

Result<RowInfo> Registers::put(std::string_view register_id, std::string_view key, const Value& fields, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRY(const auto of, definitions_.register_called(register_id));
  const Context* given = fields_in(fields);
  if (given == nullptr) return no_fields("the row");
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of("put_row", fmt::format("{}/{}", register_id, key), Context{{"fields", fields}});
  const std::string row_key(key);
  for (int i = 0; i < most_attempts; ++i) {
    if (!caller.request_id.empty()) {
      SB_TRY(const auto known, store_.answer_of(caller.request_id));
      if (known) {
        SB_TRYV(same_use(*known, use));
        return row_info(register_id, key);
      }
    }
    Transition t;
    SB_TRY(t.at, time_.now());
    SB_TRY(auto changed, change_of(*of, row_key, *given, caller.by, t.at, nullptr));
    if (changed.is_same && caller.request_id.empty()) return row_info(register_id, key);
    if (!changed.is_same) t.rows = {std::move(changed.write)};
    t.request_id = caller.request_id;
    if (!t.request_id.empty()) t.answer = with_use(answer_bytes(std::size_t{1}), use);
    Transition* one = &t;
    committer_.commit({&one, 1});
    if (!t.refused) return row_info(register_id, key);
    if (t.refused->id != driver::row_changed && t.refused->id != store::known_request) return *t.refused;
  }
  return driver::changed_row({of->id, row_key, 0, {}, {}});
}

Result<ImportReport> Registers::import_rows(std::string_view register_id, const std::vector<Value>& rows, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRY(const auto of, definitions_.register_called(register_id));
  ImportReport report;
  for (std::size_t from = 0; from < rows.size();) {
    SB_TRY(from, import_page(*of, rows, from, caller, report));
  }
  return report;
}

/// One transaction; behind the last row of it. What is wrong with a row is noted with its number, from 1, and stops no other.
Result<std::size_t> Registers::import_page(const model::Register& of, const std::vector<Value>& rows, std::size_t from, const Caller& caller,
                                           ImportReport& report) {
  const std::size_t end = std::min(rows.size(), from + import_page_size);
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    ImportReport page;
    Transition t;
    SB_TRY(t.at, time_.now());
    std::map<std::string, std::size_t> written;  // its last write in this page, by key
    for (std::size_t i = from; i < end; ++i) {
      const auto refuse = [&](const Error& why) {
        ++page.refused;
        page.errors.push_back(fmt::format("row {}: {}", i + 1, why.text()));
      };
      const Context* fields = rows[i].context();
      const Value* key = fields == nullptr ? nullptr : fields->find(of.key.name);
      if (key == nullptr || key->string() == nullptr) {
        refuse({ErrorKind::invalid, "SB0581", fmt::format("the row has no key: '{}' of register '{}' is a text", of.key.name, of.id), "", "give it"});
        continue;
      }
      const auto before = written.find(*key->string());
      auto changed = change_of(of, *key->string(), model::fields_from_texts(of, *fields), caller.by, t.at,
                               before == written.end() ? nullptr : &t.rows[before->second]);
      if (!changed && changed.error().kind == ErrorKind::storage) return changed.error();
      if (!changed) {
        refuse(changed.error());
        continue;
      }
      if (changed.value().is_same) {
        ++page.unchanged;
        continue;
      }
      ++page.written;
      written[*key->string()] = t.rows.size();
      t.rows.push_back(std::move(changed.value().write));
    }
    if (!t.rows.empty()) {
      Transition* one = &t;
      committer_.commit({&one, 1});
      if (t.refused && t.refused->id == driver::row_changed) continue;
      if (t.refused) return *t.refused;
    }
    report.written += page.written;
    report.unchanged += page.unchanged;
    report.refused += page.refused;
    for (std::string& line : page.errors)
      if (report.errors.size() < most_errors) report.errors.push_back(std::move(line));
    return end;
  }
  return driver::changed_row({of.id, "*", 0, {}, {}});
}

}  // namespace switchboard::runtime

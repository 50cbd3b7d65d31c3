// The findings of one file while it is read.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/diagnostic.hpp"

namespace switchboard::notation {

class Findings {
 public:
  explicit Findings(std::string_view file) : file_(file) {}

  void error(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
             model::Subject subject = {}) {
    all_.push_back(
        {std::string(rule), model::Severity::error, file_, at, std::string(element), std::move(message), std::move(hint), {}, std::move(subject)});
  }
  void warning(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint) {
    all_.push_back({std::string(rule), model::Severity::warning, file_, at, std::string(element), std::move(message), std::move(hint), {}});
  }
  void add(model::Diagnostics more) {
    for (auto& d : more) all_.push_back(std::move(d));
  }

  /// A key, or a text, that most likely stands for another one: read as that one from here on, so that what follows from it is not reported as well.
  struct Misspelt {
    model::Position at;
    std::string meant;
  };
  std::vector<Misspelt> misspelt;

  [[nodiscard]] bool is_said(std::string_view rule, model::Position at) const {
    for (const auto& d : all_)
      if (d.rule == rule && d.at == at) return true;
    return false;
  }
  /// Takes back what turns out to be wrong.
  template <class F>
  void forget(F&& is_wrong) {
    std::erase_if(all_, is_wrong);
  }
  [[nodiscard]] bool is_said(model::Position at) const {
    return std::any_of(all_.begin(), all_.end(), [&](const model::Diagnostic& d) { return d.at == at; });
  }
  [[nodiscard]] bool has_errors() const { return model::has_errors(all_); }
  [[nodiscard]] const std::string& file() const { return file_; }
  /// Everything found, sorted.
  [[nodiscard]] model::Diagnostics take() {
    model::sort_and_unique(all_);
    return std::move(all_);
  }

 private:
  std::string file_;
  model::Diagnostics all_;
};

/// "did you mean `x`?" when there is a near name, else the list of what is there (at most eight), else `otherwise`.
[[nodiscard]] std::string suggestion(std::string_view wanted, const std::vector<std::string>& names, std::string_view otherwise);

}  // namespace switchboard::notation

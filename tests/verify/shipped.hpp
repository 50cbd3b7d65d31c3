// The shipped processes with one file edited: everything that reading, compiling and checking says about that file, as `switchboard check` does.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/executable.hpp"
#include "notation/load.hpp"
#include "verify/check.hpp"

namespace switchboard::testing {

class Shipped {
 public:
  Shipped() : folder_(notation::load_folder(root())) {}

  static std::filesystem::path root() { return std::filesystem::path(SWITCHBOARD_SOURCE_DIR) / "processes"; }

  /// The text of a file under processes/.
  [[nodiscard]] std::string text(const std::string& file) const {
    const auto found = folder_.texts.find((root() / file).generic_string());
    return found == folder_.texts.end() ? std::string{} : found->second;
  }
  [[nodiscard]] const notation::Folder& folder() const { return folder_; }

  /// Findings about `text` in place of `file`.
  [[nodiscard]] model::Diagnostics check(const std::string& text, const std::string& file) const {
    auto found = raw(text, file);
    notation::unfold_places(found, [&](const std::string& other) { return other == file ? &text : nullptr; });
    model::sort_and_unique(found);
    return found;
  }

 private:
  [[nodiscard]] model::Diagnostics raw(const std::string& text, const std::string& file) const {
    switch (notation::kind_of(text).value_or(notation::FileKind::process)) {
      case notation::FileKind::overlay: return overlay(text, file);
      case notation::FileKind::calendar: return calendar(text, file);
      case notation::FileKind::decision: {
        auto loaded = notation::load_decision(text, file);
        if (!loaded.value) return loaded.diagnostics;
        return verify::merge_findings(loaded.diagnostics, notation::compile_decision_file(*loaded.value, file).diagnostics);
      }
      default: break;
    }
    auto loaded = notation::load_process(text, file);
    if (!loaded.draft) return loaded.diagnostics;
    if (!loaded.value) return verify::merge_findings(std::move(loaded.diagnostics), compiled(*loaded.draft));
    return verify::merge_findings(std::move(loaded.diagnostics), whole(*loaded.value));
  }

  [[nodiscard]] model::Diagnostics compiled(const model::Process& p) const { return model::compile(p, folder_.library, {}).diagnostics; }

  [[nodiscard]] model::Diagnostics whole(const model::Process& p) const {
    verify::Surroundings around{folder_.library, {}};
    for (const auto& other : folder_.processes) around.processes.emplace(other.id, &other);
    auto found = verify::merge_findings(compiled(p), verify::check(p));
    return verify::merge_findings(std::move(found), verify::check_surroundings(p, around));
  }

  static model::Diagnostics calendar(const std::string& text, const std::string& file) {
    auto loaded = notation::load_calendar(text, file);
    if (!loaded.value) return loaded.diagnostics;
    const auto made = calendar::BusinessCalendar::make(*loaded.value);
    if (!made)
      loaded.diagnostics.push_back(
          {made.error().id, model::Severity::error, file, {2, 1}, made.error().place, made.error().message, made.error().hint, {}});
    return loaded.diagnostics;
  }

  [[nodiscard]] const model::Process* process(const std::string& id) const {
    for (const auto& p : folder_.processes)
      if (p.id == id) return &p;
    return nullptr;
  }

  [[nodiscard]] model::Diagnostics overlay(const std::string& text, const std::string& file) const {
    auto loaded = notation::load_overlay(text, file);
    if (!loaded.value) return loaded.diagnostics;
    const model::Process* base = process(loaded.value->of.name);
    if (base == nullptr)
      return {{"SB0142",
               model::Severity::error,
               file,
               loaded.value->of.at,
               loaded.value->id,
               "there is no process `" + loaded.value->of.name + "`",
               "",
               {}}};
    auto result = notation::apply_overlay(*base, *loaded.value);
    if (!result.value) return result.diagnostics;
    return notation::findings_of_overlay(whole(*result.value), *loaded.value, files(*loaded.value), {});
  }

  /// Of what `top` lies over, bottom first, then its own.
  [[nodiscard]] std::vector<std::string> files(const notation::Overlay& top) const {
    std::vector<std::string> out{top.file};
    std::string below = top.of.name;
    for (bool more = true; more;) {
      more = false;
      for (const auto& o : folder_.overlays) {
        if (o.id != below) continue;
        out.insert(out.begin(), o.file);
        below = o.of.name;
        more = true;
        break;
      }
    }
    const model::Process* bottom = process(below);
    out.insert(out.begin(), bottom == nullptr ? std::string{} : bottom->file);
    return out;
  }

  notation::Folder folder_;
};

}  // namespace switchboard::testing

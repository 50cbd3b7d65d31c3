#include "cli/deploying.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/findings.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "cli/words.hpp"

namespace switchboard::cli {

namespace {

bool names_a_file(const std::string& word) { return word.ends_with(".yaml") || word.ends_with(".yml"); }

/// Depth first: what is called goes first, and what calls in a ring goes as it comes.
class Order {
 public:
  explicit Order(const workspace::Project& project) : project_(project) {
    for (const model::Process* p : project_.given_processes()) visit(p->id);
  }
  [[nodiscard]] std::vector<std::string> take() && { return std::move(files_); }

 private:
  void visit(const std::string& id) {
    const auto& given = project_.given_processes();
    const auto process = std::find_if(given.begin(), given.end(), [&](const model::Process* p) { return p->id == id; });
    if (process == given.end() || !seen_.insert(id).second) return;
    for (const model::Ref& call : workspace::calls_of(**process)) visit(call.name);
    const std::string& file = project_.texts_of(id).front()->file;  // one file may have several
    if (std::find(files_.begin(), files_.end(), file) == files_.end()) files_.push_back(file);
  }

  const workspace::Project& project_;
  std::set<std::string> seen_;
  std::vector<std::string> files_;
};

model::Diagnostics errors_of(workspace::Project& project) {
  model::Diagnostics found = project.reading(workspace::Layer::given);
  for (const model::Process* p : project.given_processes()) {
    const model::Diagnostics more = project.obstacles(p->id);
    found.insert(found.end(), more.begin(), more.end());
  }
  std::erase_if(found, [](const model::Diagnostic& d) { return d.severity != model::Severity::error; });
  model::sort_and_unique(found);
  return found;
}

}  // namespace

bool is_file(const std::string& word) {
  std::error_code ignored;
  return names_a_file(word) && std::filesystem::is_regular_file(word, ignored);
}

Result<Deployment> read_deployment(const Options& options, const std::vector<std::string>& words) {
  Deployment wanted;
  std::vector<std::string> files;
  for (const std::string& word : words) (names_a_file(word) ? files : wanted.ids).push_back(word);
  if (files.empty()) return wanted;
  for (const std::string& file : files) {
    SB_TRY(const std::string text, read_file(file));
    const auto kind = notation::kind_of(text).value_or(notation::FileKind::process);
    if (kind == notation::FileKind::test || kind == notation::FileKind::scenario || kind == notation::FileKind::contract)
      return Error{ErrorKind::invalid, "SB0712", "the file is no process, calendar, decision table, register or tree of organisations", file,
                   "leave it out"};
  }
  SB_TRY(workspace::Workspace all, read_project(files, options));
  workspace::Project& project = all.project();
  if (model::Diagnostics errors = errors_of(project); !errors.empty()) {
    const std::size_t count = errors.size();
    return refusal_for(std::move(errors), project, "SB0542",
                       fmt::format("{} error{} in the files, nothing is deployed", count, count == 1 ? "" : "s"));
  }
  for (const notation::FileKind kind :
       {notation::FileKind::calendar, notation::FileKind::decision, notation::FileKind::registers, notation::FileKind::organisations})
    for (const workspace::Parsed* text : project.given(kind)) wanted.resources.push_back(text->file);
  wanted.processes = Order(project).take();
  return wanted;
}

Result<std::vector<DeploymentInfo>> deploy_all(const Session& session, const Deployment& wanted) {
  std::vector<DeploymentInfo> done;
  for (const std::string& file : wanted.resources) {
    SB_TRY(const std::string text, read_file(file));
    SB_TRYV(session.engine().add_resource(text, file, wanted.change));
  }
  std::vector<ProcessText> texts;
  for (const std::string& file : wanted.processes) {
    SB_TRY(std::string text, read_file(file));
    texts.push_back({std::move(text), file});
  }
  if (!texts.empty()) {
    SB_TRY(done, session.engine().deploy_together(texts));
  }
  for (const std::string& id : wanted.ids) {
    SB_TRY(DeploymentInfo d, session.engine().deploy_process(id));
    done.push_back(std::move(d));
  }
  return done;
}

namespace {

std::vector<std::string> among(const std::vector<std::string>& names, const std::vector<DeploymentInfo>& done, bool wanted) {
  std::vector<std::string> found;
  for (const std::string& name : names) {
    const bool is_done = std::any_of(done.begin(), done.end(), [&](const DeploymentInfo& d) { return d.process == name; });
    if (is_done == wanted) found.push_back(name);
  }
  return found;
}

}  // namespace

Result<void> note_uses(const Session& session, const Deployment& wanted, const std::vector<DeploymentInfo>& done) {
  SB_TRY(const std::vector<ResourceInfo> resources, session.engine().resources());
  for (const ResourceInfo& r : resources) {
    const bool is_given = std::find(wanted.resources.begin(), wanted.resources.end(), r.file) != wanted.resources.end();
    const std::vector<std::string> others = among(r.used_by, done, false);
    if (is_given && !r.older_in.empty())
      note(fmt::format("still with the older {} '{}': {}; deploy {} again to use the new one", r.kind == "register" ? "register" : "table", r.id,
                       join(r.older_in), r.older_in.size() == 1 ? "it" : "them"));
    if (is_given && r.kind == "calendar" && !others.empty()) note(fmt::format("the calendar '{}' now holds for {} as well", r.id, join(others)));
    const std::vector<std::string> users = among(r.used_by, done, true);
    if (!is_given && r.by_hand && !users.empty())
      note(fmt::format("{} {} the {} '{}' that was stored from {}", join(users), users.size() == 1 ? "uses" : "use",
                       r.kind == "decision" ? std::string("table") : r.kind, r.id, r.file));
  }
  return success();
}

}  // namespace switchboard::cli

#include "workspace/workspace.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::workspace {

void Workspace::put(const std::string& name, std::string text, Layer layer) {
  Text& here = texts_[{layer, name}];
  if (here.what && here.what->text == text) return;
  is_changed_ = true;
  if (!here.what) here.order = next_++;
  if (const auto before = cleared_.find({layer, name}); before != cleared_.end() && before->second->text == text) {
    here.what = before->second;
    return;
  }
  here.what = read_text(std::move(text), name);
  ++texts_read_;
}

void Workspace::put(ParsedPtr text, Layer layer) {
  Text& here = texts_[{layer, text->file}];
  if (!here.what) here.order = next_++;
  is_changed_ = is_changed_ || here.what != text;
  here.what = std::move(text);
}

void Workspace::remove(const std::string& name, Layer layer) {
  if (texts_.erase({layer, name}) != 0) is_changed_ = true;
}

void Workspace::refuse(const std::filesystem::path& path, const Error& error, Layer layer) {
  refused_.emplace_back(layer, Finding{error.id, model::Severity::error, path.generic_string(), {1, 1}, {}, error.message, error.hint, {}});
  is_changed_ = true;
}

void Workspace::clear(Layer layer) {
  for (auto at = texts_.begin(); at != texts_.end();) {
    if (at->first.first == layer) {
      cleared_.insert_or_assign(at->first, std::move(at->second.what));
      at = texts_.erase(at);
      is_changed_ = true;
    } else {
      ++at;
    }
  }
  is_changed_ = std::erase_if(refused_, [&](const auto& one) { return one.first == layer; }) != 0 || is_changed_;
}

void Workspace::know(const std::string& calendar, calendar::CalendarPtr made) {
  calendar::CalendarPtr& known = calendars_[calendar];
  is_changed_ = is_changed_ || known != made;
  known = std::move(made);
}

void Workspace::know(std::shared_ptr<const model::Process> process, Layer layer) {
  Known& known = known_[process->id];
  is_changed_ = is_changed_ || known.process != process || known.layer != layer;
  known = {std::move(process), layer};
}

void Workspace::forget_known() {
  is_changed_ = is_changed_ || !known_.empty();
  known_.clear();
}

Project& Workspace::project() {
  if (!is_changed_) return *project_;
  std::vector<std::pair<std::uint64_t, File>> ordered;
  for (const auto& [name, text] : texts_) ordered.emplace_back(name.first == Layer::folder ? 0 : text.order, File{name.first, text.what});
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return std::pair(a.second.layer, a.first) < std::pair(b.second.layer, b.first); });
  std::vector<File> files;
  files.reserve(ordered.size());
  for (auto& [order, file] : ordered) {
    const Layer layer = file.layer;
    const ParsedPtr text = file.what;
    files.push_back(std::move(file));
    for (const ParsedPtr& pool : text->pools) files.push_back({layer, pool});
  }
  project_ = std::unique_ptr<Project>(new Project(std::move(files), calendars_, known_, project_.get()));
  for (const auto& [layer, finding] : refused_) project_->note(layer, {finding});
  cleared_.clear();
  is_changed_ = false;
  return *project_;
}

}  // namespace switchboard::workspace

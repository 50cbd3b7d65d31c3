// Which text counts for which name, and what overlays make of processes.
#include "workspace/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "verify/check.hpp"
#include "workspace/calendars.hpp"

namespace switchboard::workspace {

using model::SubjectKind;
using notation::FileKind;

Project::Project(std::vector<File> files, const std::map<std::string, calendar::CalendarPtr, std::less<>>& calendars, const Processes& known,
                 Project* before)
    : files_(std::move(files)) {
  for (const File& file : files_) {
    by_file_.emplace(file.what->file, &file);
    resolve(file);
  }
  std::vector<const File*> extending;
  for (const auto& [thing, file] : winners_) {
    const Parsed& what = *file->what;
    if (what.business_calendar) library_.calendars.emplace(what.id, what.business_calendar);
    if (what.is_extending()) extending.push_back(file);
    if (what.decision) library_.decisions.emplace(what.id, *what.decision);
    if (what.organisations) take_organisations(*file);
    if (what.registered) library_.registers.emplace(what.id, what.registered);
    if (what.process) processes_.emplace(what.id, Made{what.process, file, nullptr, {file->what}});
  }
  for (const auto& [id, made] : calendars)
    if (!winners_.contains({SubjectKind::calendar, id})) library_.calendars.emplace(id, made);
  make_extending(extending, before);
  for (const auto& [id, one] : known) {
    const auto winner = winners_.find({SubjectKind::process, id});
    if (winner != winners_.end() && winner->second->layer <= one.layer) continue;
    if (winner != winners_.end()) winners_.erase(winner);
    processes_.insert_or_assign(id, Made{one.process, nullptr, nullptr, {one.process}});
  }
  for (const File& file : files_) {
    if (file.layer == Layer::given && file.what->process && counts(file)) given_processes_.push_back(file.what->process.get());
  }
  lay_overlays(before);
  Names names;
  for (const auto& [thing, file] : winners_) names.all.insert(thing);
  for (const auto& [id, made] : processes_) names.all.emplace(SubjectKind::process, id);
  for (const auto& [id, made] : library_.calendars) names.all.emplace(SubjectKind::calendar, id);
  for (const auto& [id, made] : library_.decisions) names.all.emplace(SubjectKind::decision, id);
  for (const auto& [id, made] : library_.registers) names.all.emplace(SubjectKind::registers, id);
  names.broken = broken_given_;
  if (before == nullptr) {
    names_ = std::make_shared<const Names>(std::move(names));
    return;
  }
  names_ = *before->names_ == names ? before->names_ : std::make_shared<const Names>(std::move(names));
  checked_ = std::move(before->checked_);
  analysed_ = std::move(before->analysed_);
  effort_ = before->effort_;
}

/// There is one tree. Of several that are not one the other's newer text, the one of the highest layer counts, then the one of the first name.
void Project::take_organisations(const File& file) {
  const Parsed& what = *file.what;
  const File* other = organisations_;
  if (other == nullptr || file.layer < other->layer) organisations_ = &file;
  library_.organisations = organisations_->what->organisations;
  if (other == nullptr || other->layer != file.layer) return;
  note(file.layer, {{"SB0155",
                     model::Severity::error,
                     what.file,
                     what.at,
                     what.id,
                     fmt::format("`{}` is a second tree of organisations: `{}` is in {}", what.id, other->what->id, other->what->file),
                     "a company has one tree: put the units of both under one root, in one file",
                     {},
                     {SubjectKind::organisations, what.id, false}}});
}

/// Calendars that extend others. One that comes out as before stays the same object: what was found with it holds.
void Project::make_extending(const std::vector<const File*>& extending, const Project* before) {
  std::vector<std::string> known;
  for (const auto& [id, made] : library_.calendars) known.push_back(id);
  const std::map<std::string, calendar::CalendarPtr, std::less<>> others = library_.calendars;
  const auto find = [&](const std::string& id) -> CalendarSource {
    const auto winner = winners_.find({SubjectKind::calendar, id});
    if (winner != winners_.end()) return {winner->second->what.get(), nullptr};
    const auto other = others.find(id);
    return {nullptr, other == others.end() ? nullptr : other->second};
  };
  for (const File* file : extending) {
    const Parsed& what = *file->what;
    MadeCalendar made = make_calendar(what, find, known);
    if (made.calendar == nullptr) {
      if (made.fault) note(file->layer, {*made.fault});
      broken_.emplace(Thing{SubjectKind::calendar, what.id}, file);
      if (file->layer == Layer::given) broken_given_.emplace(SubjectKind::calendar, what.id);
      continue;
    }
    if (before != nullptr) {
      const auto was = before->library_.calendars.find(what.id);
      const auto same = [](const calendar::CalendarSpec& a, const calendar::CalendarSpec& b) {
        return a.version == b.version && a.notes == b.notes && a.sources == b.sources && a.names == b.names;
      };
      if (was != before->library_.calendars.end() && same(was->second->spec(), made.calendar->spec())) made.calendar = was->second;
    }
    library_.calendars.emplace(what.id, std::move(made.calendar));
  }
}

/// Whether it is the text that counts for what it declares.
bool Project::counts(const File& file) const {
  const auto winner = winners_.find({declares(file.what->kind), file.what->id});
  return winner != winners_.end() && winner->second == &file;
}

void Project::note(Layer layer, const model::Diagnostics& found) {
  model::Diagnostics& all = reading_[static_cast<std::size_t>(layer)];
  all.insert(all.end(), found.begin(), found.end());
}

void Project::resolve(const File& file) {
  const Parsed& what = *file.what;
  note(file.layer, what.found);
  const Thing thing{declares(what.kind), what.id};
  bool is_sound = !model::has_errors(what.found);
  if (what.is_read) {
    const auto [owner, is_first] = owners_.emplace(std::pair(file.layer, thing), &file);
    if (is_first) {
      note(file.layer, what.made);
      is_sound = is_sound && !model::has_errors(what.made);
    } else {
      const std::string kind(to_string(thing.first));
      note(file.layer, {{"SB0128",
                         model::Severity::error,
                         what.file,
                         what.at,
                         what.id,
                         fmt::format("the {} `{}` is also in {}", kind, what.id, owner->second->what->file),
                         "rename or delete one of them",
                         {},
                         {thing.first, thing.second, false}}});
      return;  // the first one counts, and this mistake is not its own
    }
  }
  const auto [winner, is_new] = winners_.emplace(thing, &file);  // layers come in order: what is there already hides this one
  if (!is_new && winner->second->layer == file.layer && what.is_read && !winner->second->what->is_read) winner->second = &file;
  if (is_sound) return;
  broken_.emplace(thing, &file);
  if (file.layer == Layer::given) broken_given_.insert(thing);
}

// An overlay may lie over the result of another one, so those whose base is there go first, until none is left that could.
void Project::lay_overlays(Project* before) {
  std::vector<const File*> waiting;
  for (const File& file : files_) {
    if (file.what->overlay && counts(file)) waiting.push_back(&file);
  }
  for (bool more = true; more;) more = std::erase_if(waiting, [&](const File* file) { return lay(*file, before); }) != 0;
  report_lost(waiting);
}

// False when its base is not there (yet).
bool Project::lay(const File& file, Project* before) {
  const notation::Overlay& overlay = *file.what->overlay;
  const auto base = processes_.find(overlay.of.name);
  if (base == processes_.end()) return false;
  Made made{nullptr, &file, file.what, base->second.from};
  made.from.push_back(file.what);
  const auto known = before == nullptr ? std::map<std::string, Made, std::less<>>::iterator{} : before->processes_.find(overlay.id);
  if (before != nullptr && known != before->processes_.end() && known->second.overlay && known->second.laid_from == made.from) {
    made = known->second;
    made.file = &file;
  } else {
    notation::Loaded<model::Process> result = notation::apply_overlay(*base->second.process, overlay);
    made.found = std::move(result.diagnostics);
    made.laid_from = made.from;
    if (result.value) made.process = std::make_shared<const model::Process>(std::move(*result.value));
  }
  note(file.layer, made.found);
  if (made.process) {
    if (file.layer == Layer::given) given_processes_.push_back(made.process.get());
    processes_.insert_or_assign(overlay.id, std::move(made));
  } else {
    broken_.emplace(Thing{SubjectKind::process, overlay.id}, &file);
    if (file.layer == Layer::given) broken_given_.emplace(SubjectKind::process, overlay.id);
  }
  return true;
}

// One mistake is told once: a base that is there with errors, or that could not be laid over anything itself, is no finding of those above it.
void Project::report_lost(const std::vector<const File*>& lost) {
  const auto below = [&](const std::string& id) -> const notation::Overlay* {
    const auto found = std::find_if(lost.begin(), lost.end(), [&](const File* other) { return other->what->overlay->id == id; });
    return found == lost.end() ? nullptr : &*(*found)->what->overlay;
  };
  const auto report = [&](const File& file, std::string message, std::string hint, model::Subject subject) {
    const notation::Overlay& o = *file.what->overlay;
    note(file.layer, {{"SB0142", model::Severity::error, o.file, o.of.at, o.id, std::move(message), std::move(hint), {}, std::move(subject)}});
  };
  for (const File* file : lost) {
    const notation::Overlay* o = &*file->what->overlay;
    const Thing base{SubjectKind::process, o->of.name};
    if (file->layer == Layer::given ? broken_given_.contains(base) : broken_.contains(base)) continue;
    std::string ring = o->id;
    std::set<std::string> seen;
    const notation::Overlay* at = below(o->of.name);
    for (; at != nullptr && at != o && seen.insert(at->id).second; at = below(at->of.name)) ring += " > " + at->id;
    if (at == o && std::all_of(seen.begin(), seen.end(), [&](const std::string& id) { return o->id < id; }))
      report(*file, fmt::format("these overlays lie over each other in a ring: {} > {}", ring, o->id), "the lowest must lie over a process",
             {SubjectKind::process, o->id, false});
    if (below(o->of.name) != nullptr) continue;
    const std::string near = model::nearest_name(o->of.name, process_ids());
    report(*file,
           fmt::format("there is no process `{0}` to lay over: not in the given files, no {0}.yaml beside this one, not in the folder of processes",
                       o->of.name),
           near.empty() ? "give its file too" : fmt::format("did you mean '{}'?", near), missing(SubjectKind::process, o->of.name));
  }
  for (const File* file : lost) {
    const Thing thing{SubjectKind::process, file->what->overlay->id};
    broken_.emplace(thing, file);
    if (file->layer == Layer::given) broken_given_.insert(thing);
  }
}

const model::Process* Project::process(std::string_view id) const {
  const auto found = processes_.find(id);
  return found == processes_.end() ? nullptr : found->second.process.get();
}

std::vector<std::string> Project::process_ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, made] : processes_) ids.push_back(id);
  return ids;
}

const notation::Overlay* Project::overlay(std::string_view id) const {
  const auto found = processes_.find(id);
  return found == processes_.end() || !found->second.overlay ? nullptr : &*found->second.overlay->overlay;
}

std::vector<const Parsed*> Project::texts_of(std::string_view id) const {
  std::vector<const Parsed*> texts;
  for (auto found = processes_.find(id); found != processes_.end() && found->second.file != nullptr;) {
    texts.push_back(found->second.file->what.get());
    if (!found->second.overlay) break;
    found = processes_.find(found->second.overlay->overlay->of.name);
  }
  return texts;
}

std::vector<std::string> Project::files_below(std::string_view id) const {
  std::vector<std::string> files;
  for (const Parsed* text : texts_of(id)) files.push_back(text->file);
  std::reverse(files.begin(), files.end());
  return files;
}

std::vector<std::string> Project::with_called(std::string_view id) const {
  std::vector<std::string> all{std::string(id)};
  std::set<std::string> seen(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const model::Process* p = process(all[i]);
    if (p == nullptr) continue;
    for (const model::Ref& other : needed_by(*p))
      if (seen.insert(other.name).second) all.push_back(other.name);
  }
  std::erase_if(all, [&](const std::string& name) { return process(name) == nullptr; });
  return all;
}

const Parsed* Project::resource(SubjectKind kind, std::string_view id) const {
  const auto found = winners_.find(Thing{kind, std::string(id)});
  return found == winners_.end() ? nullptr : found->second->what.get();
}

const std::string* Project::text(std::string_view file) const {
  const auto found = by_file_.find(file);
  return found == by_file_.end() ? nullptr : &found->second->what->text;
}

std::vector<const Parsed*> Project::given(FileKind kind) const {
  std::vector<const Parsed*> texts;
  for (const File& file : files_) {
    const Parsed& what = *file.what;
    if (file.layer != Layer::given || what.kind != kind || (!what.is_read && kind != FileKind::scenario)) continue;
    const auto owner = owners_.find({Layer::given, Thing{declares(kind), what.id}});
    if (owner == owners_.end() || owner->second == &file) texts.push_back(&what);
  }
  return texts;
}

std::vector<const Parsed*> Project::given() const {
  std::vector<const Parsed*> texts;
  for (const File& file : files_)
    if (file.layer == Layer::given) texts.push_back(file.what.get());
  return texts;
}

bool Project::is_broken(SubjectKind kind, std::string_view id) const { return broken_given_.contains(Thing{kind, std::string(id)}); }

std::vector<model::Ref> calls_of(const model::Process& process) {
  std::vector<model::Ref> calls;
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) {
    if (node.type == model::NodeType::call_activity && !node.process.empty()) calls.push_back(node.process);
  });
  return calls;
}

std::vector<model::Ref> needed_by(const model::Process& process) {
  std::vector<model::Ref> all = calls_of(process);
  for (const model::Partner& partner : process.partners) all.push_back(partner.process);
  return all;
}

bool calls_by_data(const model::Process& process) {
  bool found = false;
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) { found = found || !node.process_by.empty(); });
  return found;
}

std::vector<model::Ref> calendars_of(const model::Process& process) {
  std::vector<model::Ref> calendars{process.calendar};
  for (const model::ClockDefinition& clock : process.sla) calendars.push_back(clock.calendar);
  for (const model::FeedbackDefinition& feedback : process.feedback) calendars.push_back(feedback.calendar);
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) {
    for (const model::EventDefinition& event : node.events) calendars.push_back(event.timer.calendar);
  });
  for (model::Ref& asked : verify::calendars_asked(process)) calendars.push_back(std::move(asked));
  std::erase_if(calendars, [](const model::Ref& ref) { return ref.empty(); });
  return calendars;
}

std::vector<model::Ref> calendars_of(const model::Organisations& tree) {
  std::vector<model::Ref> calendars;
  for (const model::Unit& unit : tree.units())
    if (!unit.calendar.empty()) calendars.push_back(unit.calendar);
  return calendars;
}

std::vector<model::Ref> registers_of(const model::Process& process) {
  std::vector<model::Ref> registers;
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) {
    if (node.register_use && !node.register_use.name.empty()) registers.push_back(node.register_use.name);
  });
  return registers;
}

std::vector<model::Ref> decisions_of(const model::Process& process) {
  std::vector<model::Ref> decisions = process.decisions;
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) { decisions.push_back(node.decision); });
  std::erase_if(decisions, [](const model::Ref& ref) { return ref.empty(); });
  return decisions;
}

}  // namespace switchboard::workspace

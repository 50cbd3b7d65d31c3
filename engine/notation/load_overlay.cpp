// Overlays (docs/language.md, Overlays).
#include <algorithm>

#include "calendar/duration.hpp"
#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

Overlay::ClockChange change_of(const yaml::Entry& entry, Findings& findings) {
  const yaml::Node& node = entry.value;
  Overlay::ClockChange c;
  c.id = entry.key;
  c.at = entry.at;
  if (const yaml::Node* within = value_at(node, "within")) {
    c.mean = within->is(yaml::Kind::map);
    c.within = expression_of(c.mean ? value_at(*within, "mean") : within);
  }
  c.calendar = ref_of(value_at(node, "calendar"));
  c.has_marks = value_at(node, "marks") != nullptr;
  c.marks = marks_of(value_at(node, "marks"), "sla." + entry.key, findings);
  c.loosen = flag_of(value_at(node, "loosen"), false);
  c.reason = text_of(value_at(node, "reason"));
  c.source = text_of(value_at(node, "source"));
  c.unverified = unverified_of(value_at(node, "unverified"));
  if (c.loosen && c.reason.empty())
    findings.error("SB0140", entry.at, "sla." + entry.key, "a loosened limit needs the key `reason`", "say why the promise is weaker here");
  return c;
}

Overlay overlay_of(const yaml::Node& root, Findings& findings) {
  Overlay o;
  o.file = findings.file();
  o.id = text_of(value_at(root, "overlay"));
  if (const yaml::Entry* own = root.find("overlay")) o.at = own->at;
  o.of = ref_of(value_at(root, "of"));
  o.name = label_of(value_at(root, "name"));
  o.source = text_of(value_at(root, "source"));
  if (!o.id.empty() && o.id == o.of.name)
    findings.error("SB0110", o.of.at, "", "an overlay needs an id of its own", "name the process that comes out differently from `" + o.id + "`");
  if (const yaml::Node* sla = value_at(root, "sla"))
    for (const yaml::Entry& e : sla->entries)
      if (e.value.is(yaml::Kind::map)) o.sla.push_back(change_of(e, findings));
  o.feedback = feedback_of(value_at(root, "feedback"), findings);
  if (const yaml::Node* data = value_at(root, "data"))
    for (const yaml::Entry& e : data->entries)
      if (const yaml::Node* literal = value_at(e.value, "default")) o.defaults.push_back({e.key, e.at, *literal});
  return o;
}

enum class Compared : std::uint8_t { tighter, looser, unknown };

Compared compare(const model::DurationExpr& before, bool before_mean, const model::DurationExpr& after, bool after_mean) {
  const auto a = calendar::parse_duration(before.text);
  const auto b = calendar::parse_duration(after.text);
  if (!before_mean && after_mean) return Compared::looser;
  if (!a || !b) return Compared::unknown;
  // A calendar day counts as 24 h here; daylight saving makes no promise looser.
  const auto parts = [](const calendar::WorkingDuration& d) {
    return std::vector<std::int64_t>{d.months, d.working_days, (Duration::days(d.days) + d.wall).us, d.working.us};
  };
  const auto x = parts(a.value());
  const auto y = parts(b.value());
  bool less = false;
  bool more = false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    less = less || y[i] < x[i];
    more = more || y[i] > x[i];
  }
  if (less && more) return Compared::unknown;
  return more ? Compared::looser : Compared::tighter;
}

template <class T>
std::vector<std::string> ids_of(const std::vector<T>& all) {
  std::vector<std::string> out;
  for (const T& t : all) out.push_back(t.id);
  return out;
}

class Application {
 public:
  Application(model::Process& process, Findings& findings) : process_(process), findings_(findings) {}

  void clock(const Overlay::ClockChange& change) {
    const auto found = std::find_if(process_.sla.begin(), process_.sla.end(), [&](const auto& c) { return c.id == change.id; });
    const std::string element = "sla." + change.id;
    if (found == process_.sla.end())
      return findings_.error("SB0142", change.at, element, "the process has no clock `" + change.id + "`",
                             suggestion(change.id, ids_of(process_.sla), "an overlay changes clocks, it adds none"));
    if (!change.within.empty()) {
      limit(*found, change, element);
      found->within = change.within;
      found->mean = change.mean;
    }
    if (!change.calendar.empty()) found->calendar = change.calendar;
    if (change.has_marks) found->marks = change.marks;
    if (!change.source.empty()) found->source = change.source;
    if (!change.within.empty() || !change.unverified.empty()) found->unverified = change.unverified;
  }

  void feedback(const model::FeedbackDefinition& f) {
    const auto found = std::find_if(process_.feedback.begin(), process_.feedback.end(), [&](const auto& x) { return x.id == f.id; });
    if (found == process_.feedback.end())
      process_.feedback.push_back(f);
    else
      *found = f;
  }

  void initial(const Overlay::DefaultChange& change) {
    const auto found = std::find_if(process_.data.begin(), process_.data.end(), [&](const auto& d) { return d.name == change.name; });
    const std::string element = "data." + change.name;
    if (found == process_.data.end()) {
      std::vector<std::string> names;
      for (const auto& d : process_.data) names.push_back(d.name);
      return findings_.error("SB0122", change.at, element, "unknown data name `" + change.name + "`",
                             suggestion(change.name, names, "an overlay changes defaults, it adds no data"));
    }
    auto value = literal_of(change.literal, found->type, found->type_text, element, findings_);
    if (!value) return;
    const auto& allowed = found->enumeration;
    if (!value->is_null() && !allowed.empty() && std::find(allowed.begin(), allowed.end(), *value) == allowed.end())
      findings_.error("SB0132", change.literal.at, element, "the default " + to_feel(*value) + " is not one of `enum`", "choose one of the values");
    found->default_value = value->is_null() ? std::nullopt : std::move(value);
  }

 private:
  void limit(const model::ClockDefinition& before, const Overlay::ClockChange& change, const std::string& element) {
    if (change.loosen) return;
    const Compared result = compare(before.within, before.mean, change.within, change.mean);
    const std::string both = "`" + before.within.text + "` -> `" + change.within.text + "`";
    if (result == Compared::looser)
      findings_.error("SB0140", change.within.at, element, "the overlay loosens a limit: " + both,
                      "tighten it, or say `loosen: true` and `reason: ...`");
    if (result == Compared::unknown)
      findings_.warning("SB0141", change.within.at, element, "nobody can see whether this limit is tighter: " + both,
                        "write both as durations of one unit, or say `loosen: true` and `reason: ...`");
  }

  model::Process& process_;
  Findings& findings_;
};

}  // namespace

Loaded<Overlay> load_overlay(std::string_view text, std::string_view file) {
  Loaded<Overlay> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::overlay, findings)) {
    Overlay overlay = overlay_of(*root, findings);
    if (!findings.has_errors()) out.value = overlay;
    out.draft = std::move(overlay);
  }
  out.diagnostics = findings.take();
  return out;
}

Loaded<model::Process> apply_overlay(const model::Process& base, const Overlay& overlay) {
  Loaded<model::Process> out;
  Findings findings(overlay.file);
  model::Process process = base;
  process.id = overlay.id;
  process.at = overlay.at;
  process.file = overlay.file;
  if (!overlay.name.empty()) process.name = overlay.name;
  Application application(process, findings);
  for (const auto& change : overlay.sla) application.clock(change);
  for (const auto& f : overlay.feedback) application.feedback(f);
  for (const auto& d : overlay.defaults) application.initial(d);
  resolve_names(process, findings);
  if (!findings.has_errors()) out.value = process;
  out.draft = std::move(process);
  out.diagnostics = findings.take();
  return out;
}

}  // namespace switchboard::notation

// Overlays (docs/language.md, Overlays).
#include <algorithm>
#include <limits>

#include "base/limits.hpp"
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
  for (model::FeedbackDefinition& f : feedback_of(value_at(root, "feedback"))) {
    Overlay::FeedbackChange change{std::move(f), {}};
    for (const yaml::Entry& key : value_at(*value_at(root, "feedback"), change.entry.id)->entries) change.written.insert(key.key);
    o.feedback.push_back(std::move(change));
  }
  if (const yaml::Node* data = value_at(root, "data"))
    for (const yaml::Entry& e : data->entries)
      if (const yaml::Node* literal = value_at(e.value, "default")) o.defaults.push_back({e.key, e.at, *literal});
  return o;
}

enum class Compared : std::uint8_t { tighter, looser, unknown };

/// The duration that `text` is, bare or as a FEEL string; nullopt when FEEL computes it.
std::optional<calendar::WorkingDuration> literal(std::string_view text) {
  auto parsed = calendar::parse_duration(text);
  if (!parsed && text.size() >= 2 && text.front() == '"' && text.back() == '"') parsed = calendar::parse_duration(text.substr(1, text.size() - 2));
  return parsed ? std::optional(parsed.value()) : std::nullopt;
}

bool on_calendar(const calendar::WorkingDuration& d) { return d.working_days != 0 || d.working.us != 0; }

constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

/// At least and at most so much time passes. A month has 28 to 31 days; n working days end no sooner than n days after the start, whatever the
/// calendar, and may be as far away as a calendar likes.
struct Span {
  std::int64_t least = 0;
  std::int64_t most = 0;
};
Span span_of(const calendar::WorkingDuration& d) {
  const std::int64_t fixed = (Duration::days(d.days) + d.wall).us;
  const std::int64_t least = fixed + Duration::days(28 * d.months + d.working_days).us + d.working.us;
  return {least, on_calendar(d) ? for_ever : fixed + Duration::days(31 * d.months).us};
}

Compared compare(const model::DurationExpr& before, bool before_mean, const model::DurationExpr& after, bool after_mean) {
  if (!before_mean && after_mean) return Compared::looser;
  if (before.text == after.text) return Compared::tighter;
  const auto a = literal(before.text);
  const auto b = literal(after.text);
  if (!a || !b) return Compared::unknown;
  // A calendar day counts as 24 h here; daylight saving makes no promise looser.
  const auto parts = [](const calendar::WorkingDuration& d) {
    return std::vector<std::int64_t>{d.months, d.working_days, (Duration::days(d.days) + d.wall).us, d.working.us};
  };
  const auto x = parts(*a);
  const auto y = parts(*b);
  bool less = false;
  bool more = false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    less = less || y[i] < x[i];
    more = more || y[i] > x[i];
  }
  if (!less || !more) return more ? Compared::looser : Compared::tighter;
  if (span_of(*b).most <= span_of(*a).least) return Compared::tighter;
  if (span_of(*b).least > span_of(*a).most) return Compared::looser;
  return Compared::unknown;
}

/// Places that an overlay brings into a process are encoded: the number of the overlay times `lines`, plus the line. So a place says in which of the
/// files it stands.
class Layer {
 public:
  static constexpr std::uint32_t lines = 1U << 23U;  // more than a file of limits::file_bytes can have
  static_assert(limits::file_bytes < lines);

  explicit Layer(std::uint32_t number) : offset_(number * lines) {}
  [[nodiscard]] static std::uint32_t of(model::Position at) { return at.line / lines; }
  [[nodiscard]] static model::Position plain(model::Position at) { return {at.line % lines, at.column}; }

  [[nodiscard]] model::Position above(model::Position at) const { return {at.line + offset_, at.column}; }
  [[nodiscard]] model::Ref above(model::Ref ref) const { return {std::move(ref.name), above(ref.at)}; }
  [[nodiscard]] std::vector<model::ClockMark> above(std::vector<model::ClockMark> marks) const {
    for (auto& m : marks) {
      m.at = above(m.at);
      m.escalate.at = above(m.escalate.at);
      m.feedback.at = above(m.feedback.at);
    }
    return marks;
  }
  [[nodiscard]] model::FeedbackDefinition above(model::FeedbackDefinition f) const {
    for (model::Position* at : {&f.at, &f.on.at, &f.text_at, &f.to.at, &f.calendar.at, &f.condition.at, &f.channels_by.at, &f.receipt.at})
      *at = above(*at);
    for (auto& one : f.on.any) {
      one.name.at = above(one.name.at);
      one.condition.at = above(one.condition.at);
    }
    for (auto& [language, at] : f.text_positions) at = above(at);
    return f;
  }

 private:
  std::uint32_t offset_;
};

template <class T>
std::vector<std::string> ids_of(const std::vector<T>& all) {
  std::vector<std::string> out;
  for (const T& t : all) out.push_back(t.id);
  return out;
}

class Application {
 public:
  Application(model::Process& process, const Layer& layer, Findings& findings) : process_(process), layer_(layer), findings_(findings) {}

  void clock(const Overlay::ClockChange& change) {
    const auto found = std::find_if(process_.sla.begin(), process_.sla.end(), [&](const auto& c) { return c.id == change.id; });
    const std::string element = "sla." + change.id;
    if (found == process_.sla.end())
      return findings_.error("SB0142", change.at, element, "the process has no clock `" + change.id + "`",
                             suggestion(change.id, ids_of(process_.sla), "an overlay changes clocks, it adds none"));
    limit(*found, change, element);
    if (!change.within.empty()) {
      found->within = change.within;
      found->within.at = layer_.above(change.within.at);
      found->mean = change.mean;
    }
    if (!change.calendar.empty()) found->calendar = layer_.above(change.calendar);
    if (change.has_marks) found->marks = layer_.above(change.marks);
    if (!change.source.empty()) found->source = change.source;
    if (!change.within.empty() || !change.unverified.empty()) found->unverified = change.unverified;
  }

  void feedback(const Overlay::FeedbackChange& c) {
    model::FeedbackDefinition f = layer_.above(c.entry);
    const auto found = std::find_if(process_.feedback.begin(), process_.feedback.end(), [&](const auto& x) { return x.id == f.id; });
    const bool known = found != process_.feedback.end();
    f.place = known ? found->place : static_cast<std::uint32_t>(process_.feedback.size() + 1);  // behind those of the process
    if (known) {
      change(*found, std::move(f), c.written);
      return;
    }
    if (!c.written.contains("text"))
      return findings_.error("SB0108", c.entry.at, "feedback." + f.id, "a feedback needs the key `text`, and the process has none of this id",
                             suggestion(f.id, ids_of(process_.feedback), "write `text: {zh: ..., en: ...}`"));
    process_.feedback.push_back(std::move(f));
  }

  /// What the overlay does not write stays as it was.
  static void change(model::FeedbackDefinition& was, model::FeedbackDefinition f, const std::set<std::string>& written) {
    const auto is_written = [&written](const char* key) { return written.contains(key); };
    if (is_written("name")) was.name = std::move(f.name);
    if (is_written("on")) was.on = std::move(f.on);
    if (is_written("if")) was.condition = std::move(f.condition);
    if (is_written("channels")) {
      was.channels = std::move(f.channels);
      was.channels_by = std::move(f.channels_by);
    }
    if (is_written("text")) {
      was.text = std::move(f.text);
      was.text_at = f.text_at;
      was.text_positions = std::move(f.text_positions);
    }
    if (is_written("to")) was.to = std::move(f.to);
    if (is_written("receipt")) was.receipt = std::move(f.receipt);
    if (is_written("calendar")) was.calendar = std::move(f.calendar);
    if (is_written("source")) was.source = std::move(f.source);
  }

  void initial(const Overlay::DefaultChange& change) {
    const auto found = std::find_if(process_.data.begin(), process_.data.end(), [&](const auto& d) { return d.name == change.name; });
    const std::string element = "data." + change.name;
    if (found == process_.data.end()) {
      std::vector<std::string> names;
      for (const auto& d : process_.data) names.push_back(d.name);
      return findings_.error("SB0122", change.at, element, "unknown data name `" + change.name + "`",
                             suggestion(change.name, names, "an overlay changes defaults, it adds no data"),
                             missing(model::SubjectKind::data, change.name));
    }
    if (model::Expr computed = computed_default(change.literal); !computed.empty()) {
      computed.at = layer_.above(computed.at);
      found->computed = std::move(computed);
      found->default_value.reset();
      return;
    }
    auto value = literal_of(change.literal, found->type, found->type_text, element, findings_);
    if (!value) return;
    found->computed = {};
    const auto& allowed = found->enumeration;
    if (!value->is_null() && !allowed.empty() && std::find(allowed.begin(), allowed.end(), *value) == allowed.end())
      findings_.error("SB0132", change.literal.at, element, "the default " + to_feel(*value) + " is not one of `enum`", "choose one of the values");
    found->default_value = value->is_null() ? std::nullopt : std::move(value);
  }

 private:
  void limit(const model::ClockDefinition& before, const Overlay::ClockChange& change, const std::string& element) {
    if (change.loosen) return;
    calendar(before, change, element);
    if (change.within.empty()) return;
    const Compared result = compare(before.within, before.mean, change.within, change.mean);
    const std::string both = "`" + before.within.text + "` -> `" + change.within.text + "`";
    if (result == Compared::looser)
      findings_.error("SB0140", change.within.at, element, "the overlay loosens a limit: " + both,
                      "tighten it, or say `loosen: true` and `reason: ...`");
    if (result == Compared::unknown)
      findings_.error("SB0141", change.within.at, element, "nobody can see whether this limit is tighter: " + both,
                      "write both as durations of one unit, or say `loosen: true` and `reason: ...`");
  }

  /// The same working time on another calendar may end later.
  void calendar(const model::ClockDefinition& before, const Overlay::ClockChange& change, const std::string& element) {
    const std::string& present = before.calendar.empty() ? process_.calendar.name : before.calendar.name;
    if (change.calendar.empty() || change.calendar.name == present) return;
    const auto now = literal((change.within.empty() ? before.within : change.within).text);
    if (now && !on_calendar(*now)) return;
    findings_.error("SB0141", change.calendar.at, element,
                    "nobody can see whether this limit is tighter: it was counted on the calendar `" + (present.empty() ? "cn" : present) + "`",
                    "leave the calendar, state the limit in wall time, or say `loosen: true` and `reason: ...`");
  }

  model::Process& process_;
  const Layer& layer_;
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
  const std::uint32_t number = Layer::of(base.at) + 1;
  const Layer layer(number);
  process.id = overlay.id;
  process.at = layer.above(overlay.at);
  process.file = overlay.file;
  if (!overlay.name.empty()) process.name = overlay.name;
  Application application(process, layer, findings);
  for (const auto& change : overlay.sla) application.clock(change);
  for (const auto& f : overlay.feedback) application.feedback(f);
  for (const auto& d : overlay.defaults) application.initial(d);
  Findings names(overlay.file);
  resolve_names(process, names);
  for (model::Diagnostic& d : names.take()) {
    if (Layer::of(d.at) != number) continue;  // stands in the process below, and is reported with that
    d.at = Layer::plain(d.at);
    findings.add({std::move(d)});
  }
  if (!findings.has_errors()) out.value = process;
  out.draft = std::move(process);
  out.diagnostics = findings.take();
  return out;
}

model::Diagnostics findings_of_overlay(model::Diagnostics found, const Overlay& overlay, const std::vector<std::string>& files,
                                       const model::Diagnostics& below) {
  for (model::Diagnostic& d : found) {
    const std::size_t number = Layer::of(d.at);
    d.at = Layer::plain(d.at);
    if (number < files.size()) d.file = files[number];
    if (d.file == overlay.file) continue;
    const auto known = std::find(below.begin(), below.end(), d);
    if (known != below.end()) continue;
    // The process below does not have this finding, so the overlay has caused it.
    d.message += " (" + d.file + ":" + std::to_string(d.at.line) + ")";
    d.file = overlay.file;
    d.at = overlay.of.at;
  }
  model::sort_and_unique(found);
  return found;
}

}  // namespace switchboard::notation

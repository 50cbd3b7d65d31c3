// Every field of a process is part of its identity, or has no meaning: each is changed in turn, and the hash must be another. The fields are found
// by reflection (Boost.PFR), so that one which is added to a struct and forgotten in the canonical form is found here without a list to keep.
#include <boost/pfr.hpp>

#include "compiled.hpp"
#include "model/compiler.hpp"

using namespace switchboard;

namespace {

/// Fields that say nothing about what a process does: where it stood, and what stands beside in another form.
template <class T>
std::vector<const void*> without_meaning(const T& /*t*/) {
  return {};
}
std::vector<const void*> without_meaning(const model::Process& p) { return {&p.file}; }
std::vector<const void*> without_meaning(const model::DataItem& d) { return {&d.type_text}; }  // `type` says it
std::vector<const void*> without_meaning(const model::ClockMark& m) { return {&m.text}; }      // kind, percent and left say it

std::vector<const void*> without_meaning(const model::ClockDefinition& k) {
  return {&k.place, &k.says_once};
}  // of several; tested below. `restart: once` is what holds without it
std::vector<const void*> without_meaning(const model::FeedbackDefinition& f) { return {&f.place}; }  // likewise

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

/// Walks every field of a process, depth first, and changes the one with the number `wanted`.
class Changer {
 public:
  explicit Changer(std::size_t wanted) : wanted_(wanted) {}
  /// Where the change was made; empty when there is no such field.
  std::string where;

  void look(model::Position& /*place*/, const std::string& /*name*/) {}
  void look(std::map<std::string, model::Position>& /*places*/, const std::string& /*name*/) {}
  void look(std::string& s, const std::string& name) {
    if (here(name)) s += "x";
  }
  void look(bool& b, const std::string& name) {
    if (here(name)) b = !b;
  }
  void look(double& d, const std::string& name) {
    if (here(name)) d += 1;
  }
  void look(std::uint32_t& n, const std::string& name) {
    if (here(name)) ++n;
  }
  void look(std::int64_t& n, const std::string& name) {
    if (here(name)) ++n;
  }
  void look(Value& v, const std::string& name) {
    if (here(name)) v = Value("changed");
  }
  void look(feel::Type& t, const std::string& name) {
    if (here(name)) t = feel::Type(feel::Type::Kind::date);
  }
  void look(std::map<std::string, std::string>& texts, const std::string& name) {
    if (here(name)) texts["zz"] = "new";
    for (auto& [language, text] : texts) look(text, name + "." + language);
  }
  template <class E>
  requires std::is_enum_v<E>
  void look(E& e, const std::string& name) {
    if (here(name)) e = static_cast<E>(static_cast<int>(e) == 1 ? 2 : 1);
  }
  template <class T>
  void look(std::optional<T>& o, const std::string& name) {
    REQUIRE_MESSAGE(o.has_value(), name);  // the sample has everything
    look(*o, name);
    if (here(name + " missing")) o.reset();
  }
  template <class A, class B>
  void look(std::pair<A, B>& p, const std::string& name) {
    look(p.first, name + ".first");
    look(p.second, name + ".second");
  }
  template <class T>
  void look(std::vector<T>& all, const std::string& name) {
    const bool bottom = std::is_same_v<T, model::Node> && all.empty();  // of the innermost node
    REQUIRE_MESSAGE((!all.empty() || bottom), name);
    for (std::size_t i = 0; i < all.size(); ++i) look(all[i], name + "[" + std::to_string(i) + "]");
    if (!all.empty() && here(name + " shorter")) all.pop_back();
  }
  template <class T>
  requires std::is_aggregate_v<T>
  void look(T& t, const std::string& name) {
    const auto left_out = without_meaning(t);
    boost::pfr::for_each_field(t, [&](auto& field, std::size_t i) {
      if (std::find(left_out.begin(), left_out.end(), static_cast<const void*>(&field)) == left_out.end())
        look(field, name + "." + std::to_string(i));
    });
  }

 private:
  bool here(const std::string& name) {
    if (next_++ != wanted_) return false;
    where = name;
    return true;
  }
  std::size_t wanted_;
  std::size_t next_ = 0;
};

/// Gives every field something: empty texts a text, empty lists one entry. Nodes are nested once.
class Filler {
 public:
  void fill(model::Position& /*place*/) {}
  void fill(std::map<std::string, model::Position>& /*places*/) {}
  void fill(std::string& s) { s = "t" + std::to_string(++count_); }
  void fill(bool& b) { b = true; }
  void fill(double& d) { d = 7; }
  void fill(std::uint32_t& n) { n = 1; }
  void fill(std::int64_t& n) { n = 7; }
  void fill(Value& v) { v = Value(++count_); }
  void fill(feel::Type& t) { t = feel::Type(feel::Type::Kind::number); }
  void fill(std::map<std::string, std::string>& texts) { texts["en"] = "t" + std::to_string(++count_); }
  void fill(model::EventKind& e) { e = model::EventKind::timer; }  // of an event only that looks at its timer
  template <class E>
  requires std::is_enum_v<E>
  void fill(E& e) { e = static_cast<E>(static_cast<int>(E{}) == 0 ? 1 : 0); }
  void fill(model::ClockMark::Kind& e) { e = model::ClockMark::Kind::percent; }  // a percentage is looked at in such a mark only
  template <class T>
  void fill(std::optional<T>& o) {
    fill(o.emplace());
  }
  template <class A, class B>
  void fill(std::pair<A, B>& p) {
    fill(p.first);
    fill(p.second);
  }
  template <class T>
  void fill(std::vector<T>& all) {
    if constexpr (std::is_same_v<T, model::Node>) {
      if (depth_ == 2) return;
      ++depth_;
      fill(all.emplace_back());
      --depth_;
    } else {
      fill(all.emplace_back());
    }
  }
  template <class T>
  requires std::is_aggregate_v<T>
  void fill(T& t) {
    boost::pfr::for_each_field(t, [&](auto& field) { fill(field); });
  }

 private:
  std::int64_t count_ = 0;
  int depth_ = 0;
};

std::string identity(const model::Process& p) { return model::canonical_text(model::canonical(p), {}); }

}  // namespace

TEST_CASE("each field of a process, at any depth, is part of its identity") {
  model::Process sample;
  Filler().fill(sample);
  const std::string before = identity(sample);
  std::size_t count = 0;
  for (;; ++count) {
    model::Process changed = sample;
    Changer changer(count);
    changer.look(changed, "process");
    if (changer.where.empty()) break;
    CHECK_MESSAGE(identity(changed) != before, "not in the canonical form: " << changer.where);
  }
  MESSAGE("fields changed: " << count);
  CHECK(count > 350);
}

TEST_CASE("the order of clocks and feedback in the file is part of the identity when it is not the order of their names") {
  model::Process p;
  for (const char* id : {"a", "b", "c"}) {
    p.sla.emplace_back().id = p.feedback.emplace_back().id = id;
    p.sla.back().place = p.feedback.back().place = static_cast<std::uint32_t>(p.sla.size());
  }
  // A file in the order of names has the identity that it had before the order counted.
  model::Process unordered = p;
  for (auto& k : unordered.sla) k.place = 0;
  for (auto& f : unordered.feedback) f.place = 0;
  CHECK(identity(p) == identity(unordered));
  model::Process clocks = p;
  std::swap(clocks.sla[0].place, clocks.sla[2].place);
  model::Process feedback = p;
  std::swap(feedback.feedback[0].place, feedback.feedback[2].place);
  CHECK(identity(clocks) != identity(p));
  CHECK(identity(feedback) != identity(p));
  CHECK(identity(clocks) != identity(feedback));
  // Where the texts stand in memory does not matter.
  std::swap(clocks.sla[0], clocks.sla[2]);
  std::swap(p.sla[0].place, p.sla[2].place);
  CHECK(identity(clocks) == identity(p));
}

TEST_CASE("places, the name of the file and texts kept beside their meaning are no part of the identity") {
  model::Process sample;
  Filler().fill(sample);
  model::Process moved = sample;
  moved.file = "elsewhere.yaml";
  moved.at = {7, 7};
  moved.nodes[0].next_at = {8, 8};
  moved.data[0].type_text = "other words";
  CHECK(identity(moved) == identity(sample));
}

// Things with ascending keys of which one case may have very many: activations, work, timers. Few lie side by side in one vector. Many lie in a tree
// over the digits of their keys whose nodes are shared by copies: a copy costs the same however many there are, a change copies the nodes on the way
// to one thing, and what differs between two copies is found without looking at what they share.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "switchboard/base/assert.hpp"

namespace switchboard::core {

/// T has a member `key` (base/key.hpp) that never changes while it is in here. A plain value: threads may read copies of one at the same time.
/// References and iterators into it do not survive a change.
template <class T>
class Parts {
  struct Node;

 public:
  using value_type = T;
  using KeyType = decltype(T::key);
  /// More than so many lie in a tree, until there are fewer than half of them.
  static constexpr std::size_t most_in_vector = 64;

  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    const_iterator() = default;
    const T& operator*() const { return *at_; }
    const T* operator->() const { return at_; }
    const_iterator& operator++() {
      if (at_ + 1 != end_)
        ++at_;
      else
        *this = of_->behind(at_->key.value);
      return *this;
    }
    const_iterator operator++(int) {
      const_iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const const_iterator& a, const const_iterator& b) { return a.at_ == b.at_; }

   private:
    friend class Parts;
    const_iterator(const Parts* of, const T* at, const T* end) : of_(of), at_(at), end_(end) {}
    const Parts* of_ = nullptr;
    const T* at_ = nullptr;   ///< nullptr: behind the last
    const T* end_ = nullptr;  ///< of what lies side by side
  };

  Parts() = default;
  Parts(std::initializer_list<T> all) {
    for (const T& one : all) put(one);
  }
  [[nodiscard]] const_iterator begin() const { return in_tree() ? first_of(root_.get(), levels_) : range(few_); }
  [[nodiscard]] const_iterator end() const { return {}; }
  [[nodiscard]] std::size_t size() const { return in_tree() ? many_ : few_.size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// Not empty.
  [[nodiscard]] const T& front() const { return *begin(); }
  [[nodiscard]] const T& back() const { return in_tree() ? last_of(root_.get(), levels_) : few_.back(); }
  /// Costs as much as going there. For tests.
  [[nodiscard]] const T& operator[](std::size_t n) const { return *std::next(begin(), static_cast<std::ptrdiff_t>(n)); }
  [[nodiscard]] bool in_tree() const { return root_.get() != nullptr; }

  /// nullptr: there is none.
  [[nodiscard]] const T* find(KeyType key) const {
    if (in_tree()) return find_in_tree(key.value);
    // What was opened last is asked for most.
    constexpr std::size_t looked_at = 8;
    std::size_t looked = 0;
    for (auto i = few_.rbegin(); i != few_.rend(); ++i) {
      if (i->key == key) return &*i;
      if (++looked == looked_at) return find_in(few_, key.value);
    }
    return nullptr;
  }
  /// What is there under this key, to be changed. It must be there.
  [[nodiscard]] T& edit(KeyType key) {
    if (!in_tree()) {
      for (auto i = few_.end(); i != few_.begin();)
        if ((--i)->key == key) return *i;
      SB_UNREACHABLE("a key that is not there is to be changed");
    }
    SB_ASSERT(find_in_tree(key.value) != nullptr);
    Ptr* node = &root_;
    for (unsigned level = levels_; level > 0; --level) {
      Node& inner = own(*node);
      node = &inner.inner[inner.place(digit(key.value, level))];
    }
    return *place_in(own(*node).leaf, key.value);
  }
  /// What has this key already is replaced. True: there was none.
  bool put(T item) {
    if (!in_tree()) {
      if (few_.empty() || few_.back().key < item.key) {
        few_.push_back(std::move(item));
      } else {
        const auto place = place_in(few_, item.key.value);
        if (place->key == item.key) {
          *place = std::move(item);
          return false;
        }
        few_.insert(place, std::move(item));
      }
      if (few_.size() > most_in_vector) plant();
      return true;
    }
    const bool added = put_in_tree(std::move(item));
    if (added) ++many_;
    return added;
  }
  /// It must be there.
  void erase(KeyType key) {
    if (!in_tree()) {
      for (auto i = few_.end(); i != few_.begin();)
        if ((--i)->key == key) {
          few_.erase(i);
          return;
        }
      SB_UNREACHABLE("a key that is not there is to be taken away");
    }
    SB_ASSERT(find_in_tree(key.value) != nullptr);
    erase_in(root_, levels_, key.value);
    if (--many_ < most_in_vector / 2) fell();
  }
  void clear() { *this = {}; }

  /// The sum of `of` over all. What a node gave is remembered, so it costs what has changed since: `of` is the same with every call.
  template <class Of>
  [[nodiscard]] std::uint64_t sum(Of of) const {
    if (in_tree()) return sum_in(root_.get(), levels_, of);
    std::uint64_t all = 0;
    for (const T& one : few_) all += of(one);
    return all;
  }

  /// Goes through what differs, ascending: `gone` for what is in `before` alone, `fresh` for what is in `after` alone, `both` for what is in both and
  /// may differ. What the two share is not looked at.
  template <class Gone, class Fresh, class Both>
  friend void compare(const Parts& before, const Parts& after, const Gone& gone, const Fresh& fresh, const Both& both) {
    if (before.in_tree() && after.in_tree())
      return compare_nodes(before.root_.get(), before.levels_, after.root_.get(), after.levels_, gone, fresh, both);
    compare_ranges(before.begin(), before.end(), after.begin(), after.end(), gone, fresh, both);
  }
  friend bool operator==(const Parts& a, const Parts& b) {
    if (a.size() != b.size()) return false;
    bool same = true;
    const auto differs = [&](const T&) { same = false; };
    compare(a, b, differs, differs, [&](const T& x, const T& y) { same = same && x == y; });
    return same;
  }

  /// How many nodes of `after` are not those of `before`: what a step has copied. For tests.
  [[nodiscard]] static std::size_t fresh_nodes(const Parts& before, const Parts& after) {
    return fresh_below(before.root_.get(), before.levels_, after.root_.get(), after.levels_);
  }

 private:
  static constexpr unsigned digit_bits = 5;
  static constexpr unsigned most_levels = 12;

  class Ptr {
   public:
    Ptr() = default;
    explicit Ptr(Node* node) : node_(node) {}
    Ptr(const Ptr& other) : node_(other.node_) {
      if (node_ != nullptr) node_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    Ptr(Ptr&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    Ptr& operator=(Ptr other) noexcept {
      std::swap(node_, other.node_);
      return *this;
    }
    ~Ptr() {
      if (node_ != nullptr && node_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete node_;
    }
    [[nodiscard]] Node* get() const { return node_; }

   private:
    Node* node_ = nullptr;
  };

  /// On level 0 a leaf: things whose keys differ in the last digit alone. Above: one node for every digit that is there.
  struct Node {
    static constexpr std::uint64_t unknown = UINT64_MAX;
    Node() = default;
    Node(const Node& other) : present(other.present), inner(other.inner), leaf(other.leaf) {}
    Node& operator=(const Node&) = delete;
    [[nodiscard]] bool has(unsigned digit) const { return ((present >> digit) & 1u) != 0; }
    [[nodiscard]] std::size_t place(unsigned digit) const { return static_cast<std::size_t>(std::popcount(present & ((1u << digit) - 1u))); }

    mutable std::atomic<std::uint32_t> owners = 1;
    mutable std::atomic<std::uint64_t> sum = unknown;
    std::uint32_t present = 0;
    std::vector<Ptr> inner;
    std::vector<T> leaf;
  };

  static unsigned digit(std::uint64_t key, unsigned level) { return static_cast<unsigned>(key >> (digit_bits * level)) & 31u; }
  template <class Range>
  static auto place_in(Range& sorted, std::uint64_t key) {
    return std::lower_bound(sorted.begin(), sorted.end(), key, [](const T& one, std::uint64_t wanted) { return one.key.value < wanted; });
  }
  static const T* find_in(const std::vector<T>& sorted, std::uint64_t key) {
    const auto found = place_in(sorted, key);
    return found != sorted.end() && found->key.value == key ? &*found : nullptr;
  }
  const_iterator range(const std::vector<T>& all) const {
    return all.empty() ? const_iterator() : const_iterator(this, all.data(), all.data() + all.size());
  }
  const_iterator first_of(const Node* node, unsigned level) const {
    for (; level > 0; --level) node = node->inner.front().get();
    return range(node->leaf);
  }
  static const T& last_of(const Node* node, unsigned level) {
    for (; level > 0; --level) node = node->inner.back().get();
    return node->leaf.back();
  }
  [[nodiscard]] const T* find_in_tree(std::uint64_t key) const {
    if (levels_ < most_levels && (key >> (digit_bits * (levels_ + 1))) != 0) return nullptr;
    const Node* node = root_.get();
    for (unsigned level = levels_; level > 0; --level) {
      const unsigned d = digit(key, level);
      if (!node->has(d)) return nullptr;
      node = node->inner[node->place(d)].get();
    }
    return find_in(node->leaf, key);
  }
  /// The leaf behind the one that has `key`, which is the last in it.
  [[nodiscard]] const_iterator behind(std::uint64_t key) const {
    if (!in_tree()) return {};
    const Node* node = root_.get();
    const Node* next = nullptr;  // the first node behind, on the lowest level where there is one
    unsigned next_level = 0;
    for (unsigned level = levels_; level > 0; --level) {
      const std::size_t place = node->place(digit(key, level));
      if (place + 1 < node->inner.size()) {
        next = node->inner[place + 1].get();
        next_level = level - 1;
      }
      node = node->inner[place].get();
    }
    return next == nullptr ? const_iterator() : first_of(next, next_level);
  }

  /// The node, to be changed: a copy of it when others have it too.
  static Node& own(Ptr& node) {
    if (node.get()->owners.load(std::memory_order_acquire) != 1) node = Ptr(new Node(*node.get()));
    node.get()->sum.store(Node::unknown, std::memory_order_relaxed);
    return *node.get();
  }
  bool put_in_tree(T&& item) {
    const std::uint64_t key = item.key.value;
    while (levels_ < most_levels && (key >> (digit_bits * (levels_ + 1))) != 0) {
      if (Node& root = *root_.get(); !root.leaf.empty() || !root.inner.empty()) {
        Ptr above(new Node);
        above.get()->present = 1;
        above.get()->inner.push_back(std::move(root_));
        root_ = std::move(above);
      }
      ++levels_;
    }
    Ptr* node = &root_;
    for (unsigned level = levels_; level > 0; --level) {
      Node& inner = own(*node);
      const unsigned d = digit(key, level);
      const std::size_t place = inner.place(d);
      if (!inner.has(d)) {
        inner.inner.insert(inner.inner.begin() + static_cast<std::ptrdiff_t>(place), Ptr(new Node));
        inner.present |= 1u << d;
      }
      node = &inner.inner[place];
    }
    std::vector<T>& leaf = own(*node).leaf;
    const auto place = place_in(leaf, key);
    if (place != leaf.end() && place->key.value == key) {
      *place = std::move(item);
      return false;
    }
    leaf.insert(place, std::move(item));
    return true;
  }
  /// True: the node has nothing left.
  static bool erase_in(Ptr& node, unsigned level, std::uint64_t key) {
    Node& n = own(node);
    if (level == 0) {
      n.leaf.erase(place_in(n.leaf, key));
      return n.leaf.empty();
    }
    const unsigned d = digit(key, level);
    const std::size_t place = n.place(d);
    if (erase_in(n.inner[place], level - 1, key)) {
      n.inner.erase(n.inner.begin() + static_cast<std::ptrdiff_t>(place));
      n.present &= ~(1u << d);
    }
    return n.inner.empty();
  }
  void plant() {
    std::vector<T> all = std::exchange(few_, {});
    root_ = Ptr(new Node);
    levels_ = 0;
    many_ = all.size();
    for (T& one : all) put_in_tree(std::move(one));
  }
  void fell() {
    std::vector<T> all(begin(), end());
    root_ = {};
    levels_ = 0;
    many_ = 0;
    few_ = std::move(all);
  }

  template <class Of>
  static std::uint64_t sum_in(const Node* node, unsigned level, const Of& of) {
    if (const std::uint64_t known = node->sum.load(std::memory_order_relaxed); known != Node::unknown) return known;
    std::uint64_t all = 0;
    if (level == 0)
      for (const T& one : node->leaf) all += of(one);
    else
      for (const Ptr& below : node->inner) all += sum_in(below.get(), level - 1, of);
    node->sum.store(all, std::memory_order_relaxed);
    return all;
  }

  static std::size_t fresh_below(const Node* b, unsigned b_level, const Node* a, unsigned a_level) {
    if (a == nullptr || a == b) return 0;
    for (; b != nullptr && b_level > a_level; --b_level) b = b->has(0) ? b->inner[b->place(0)].get() : nullptr;
    std::size_t fresh = a == b ? 0 : 1;
    if (fresh == 0 || a_level == 0) return fresh;
    for (unsigned d = 0; d < 32; ++d) {
      if (!a->has(d)) continue;
      const bool is_higher = b_level < a_level;  // the tree before was lower: it stands below the first digit
      const Node* const other = b == nullptr ? nullptr : is_higher ? (d == 0 ? b : nullptr) : b->has(d) ? b->inner[b->place(d)].get() : nullptr;
      fresh += fresh_below(other, is_higher ? b_level : b_level - 1, a->inner[a->place(d)].get(), a_level - 1);
    }
    return fresh;
  }

  template <class B, class A, class Gone, class Fresh, class Both>
  static void compare_ranges(B b, const B b_end, A a, const A a_end, const Gone& gone, const Fresh& fresh, const Both& both) {
    while (b != b_end || a != a_end) {
      if (a == a_end || (b != b_end && b->key < a->key)) {
        gone(*b);
        ++b;
      } else if (b == b_end || a->key < b->key) {
        fresh(*a);
        ++a;
      } else {
        both(*b, *a);
        ++b;
        ++a;
      }
    }
  }
  template <class Each>
  static void for_all(const Node* node, unsigned level, const Each& each) {
    if (level == 0)
      for (const T& one : node->leaf) each(one);
    else
      for (const Ptr& below : node->inner) for_all(below.get(), level - 1, each);
  }
  /// Either may be nullptr: it has nothing there. The lower one stands where the first digit of the higher one is 0.
  template <class Gone, class Fresh, class Both>
  static void compare_nodes(const Node* b, unsigned b_level, const Node* a, unsigned a_level, const Gone& gone, const Fresh& fresh,
                            const Both& both) {
    if (b == a) return;
    if (b == nullptr) return for_all(a, a_level, fresh);
    if (a == nullptr) return for_all(b, b_level, gone);
    if (b_level == 0 && a_level == 0) return compare_ranges(b->leaf.begin(), b->leaf.end(), a->leaf.begin(), a->leaf.end(), gone, fresh, both);
    const unsigned level = std::max(b_level, a_level);
    const auto below = [level](const Node* node, unsigned own_level, unsigned d) -> const Node* {
      if (own_level < level) return d == 0 ? node : nullptr;
      return node->has(d) ? node->inner[node->place(d)].get() : nullptr;
    };
    const unsigned b_below = std::min(b_level, level - 1);
    const unsigned a_below = std::min(a_level, level - 1);
    for (unsigned d = 0; d < 32; ++d) compare_nodes(below(b, b_level, d), b_below, below(a, a_level, d), a_below, gone, fresh, both);
  }

  std::vector<T> few_;
  Ptr root_;
  unsigned levels_ = 0;
  std::size_t many_ = 0;
};

}  // namespace switchboard::core

// The open files and directories of one SFTP session, by the handle strings that the client holds. A handle is 8 bytes:
// the slot, and a serial number that no other handle of this table has had, so that a closed handle never names a file
// opened later. What the client sends is compared byte for byte.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "hawser/sftp/fields.h"
#include "hawser/wire/writer.h"

namespace hawser::sftp {

// A handle as the table gives it out; converts to what a HANDLE message carries.
class HandleId {
 public:
  HandleId(std::uint32_t slot, std::uint32_t serial) {
    wire::store_uint32(bytes_.data(), slot);
    wire::store_uint32(bytes_.data() + 4, serial);
  }
  std::string_view text() const { return as_text(bytes_); }
  operator HandleView() const { return text(); }

 private:
  std::array<std::uint8_t, 8> bytes_;
};

template <class T>
class HandleTable {
 public:
  static constexpr std::size_t default_capacity = 256;

  explicit HandleTable(std::size_t capacity = default_capacity) : capacity_(capacity) {}

  // A place that is kept while its file is being opened, so that the limit is tested before the file is touched. Must
  // not outlive the table.
  class Reservation {
   public:
    explicit Reservation(HandleTable& table) : table_(&table) { ++table.reserved_; }
    Reservation(Reservation&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {}
    Reservation& operator=(Reservation&&) = delete;
    ~Reservation() {
      if (table_ != nullptr) --table_->reserved_;
    }

   private:
    HandleTable* table_;
  };

  bool full() const { return size_ + reserved_ >= capacity_; }

  // nullopt when the table is full.
  std::optional<Reservation> reserve() {
    if (full()) return std::nullopt;
    return std::optional<Reservation>(std::in_place, *this);
  }

  HandleId insert(Reservation, T value) { return place(std::move(value)); }

  // nullopt when the table is full.
  std::optional<HandleId> insert(T value) {
    if (full()) return std::nullopt;
    return place(std::move(value));
  }

  // Null for a handle that this table did not give out or that was removed. Valid until the handle is removed.
  T* find(std::string_view handle) {
    Slot* slot = slot_of(handle);
    return slot == nullptr ? nullptr : &*slot->value;
  }

  // Ends the handle and gives what it stood for; nullopt as with `find`.
  std::optional<T> remove(std::string_view handle) {
    Slot* slot = slot_of(handle);
    if (slot == nullptr) return std::nullopt;
    std::optional<T> value = std::exchange(slot->value, std::nullopt);
    free_.push_back(slot->index);
    --size_;
    return value;
  }

  // Ends all handles; calls `use(T&&)` for each.
  template <class Use>
  void drain(Use use) {
    for (const std::unique_ptr<Slot>& slot : slots_) {
      if (!slot->value) continue;
      std::optional<T> value = std::exchange(slot->value, std::nullopt);
      free_.push_back(slot->index);
      --size_;
      use(std::move(*value));
    }
  }

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }

 private:
  struct Slot {
    std::uint32_t index;
    std::uint32_t serial = 0;
    std::optional<T> value;
  };

  HandleId place(T value) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back(std::make_unique<Slot>(Slot{free_.back(), 0, std::nullopt}));
    }
    Slot& slot = *slots_[free_.back()];
    free_.pop_back();
    slot.serial = ++last_serial_;
    slot.value.emplace(std::move(value));
    ++size_;
    return HandleId(slot.index, slot.serial);
  }

  Slot* slot_of(std::string_view handle) {
    if (handle.size() != 8) return nullptr;
    const Bytes bytes = as_bytes(handle);
    const std::uint32_t index = wire::load_uint32(bytes.data());
    if (index >= slots_.size()) return nullptr;
    Slot& slot = *slots_[index];
    return slot.value && slot.serial == wire::load_uint32(bytes.data() + 4) ? &slot : nullptr;
  }

  std::size_t capacity_;
  std::size_t size_ = 0;
  std::size_t reserved_ = 0;
  std::uint32_t last_serial_ = 0;
  std::vector<std::unique_ptr<Slot>> slots_;  // one block each: `find`'s pointers survive later inserts
  std::vector<std::uint32_t> free_;
};

}  // namespace hawser::sftp

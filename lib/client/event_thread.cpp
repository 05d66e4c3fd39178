#include "client/event_thread.h"

#include <asio/post.hpp>

namespace hawser::client {
namespace {

// A peer that does not answer our goodbye must not hold up the end of the program.
constexpr std::chrono::seconds farewell{2};

}  // namespace

EventThread::EventThread() : work_(context_.get_executor()) {
  thread_ = std::thread([this] {
    context_.run();
    ended_.set_value();
  });
}

EventThread::~EventThread() {
  work_.reset();
  if (ended_.get_future().wait_for(farewell) != std::future_status::ready) context_.stop();
  thread_.join();
}

void EventThread::post(Task task) { asio::post(context_, std::move(task)); }

}  // namespace hawser::client

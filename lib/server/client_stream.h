// A client's socket as its connection sees it: with the client's own address, which a proxy in between may have told,
// and with its bytes counted.
#pragma once

#include <memory>

#include "hawser/net/stream.h"
#include "traffic.h"

namespace hawser::server {

std::unique_ptr<net::Stream> client_stream(asio::generic::stream_protocol::socket socket, std::string peer_address,
                                           std::shared_ptr<Traffic> traffic);

}  // namespace hawser::server

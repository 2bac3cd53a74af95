#include "service/grpc_server.hpp"

#include <grpcpp/grpcpp.h>

#include <boost/asio/ip/address.hpp>

namespace parley::service {
namespace {

// The host of HOST:PORT or [HOST]:PORT; empty when it is neither.
std::string host_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos || colon + 1 == listen.size()) return {};
  const auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  return host.contains(':') ? std::string{} : host;
}

bool is_loopback(const std::string& host) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  return no_address ? host == "localhost" : address.is_loopback();
}

void keep_alive(grpc::ServerBuilder& builder, const Keepalive& keepalive) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(keepalive.ping_after.count()));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(keepalive.give_up_after.count()));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // The clients ping often, and are not to be thrown out for it.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 100);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
}

}  // namespace

GrpcServer::GrpcServer(SharedSecret secret, Keepalive keepalive) : secret_(std::move(secret)), keepalive_(keepalive) {}

GrpcServer::~GrpcServer() { stop(std::chrono::seconds(1)); }

std::expected<std::uint16_t, std::string> GrpcServer::start(const std::string& listen,
                                                            const std::vector<GrpcService*>& services) {
  const auto host = host_of(listen);
  if (host.empty()) return std::unexpected("'" + listen + "' is not HOST:PORT");
  if (secret_.empty() && !is_loopback(host)) {
    return std::unexpected("internal calls on " + listen + " need a shared secret: only a loopback listener does without");
  }
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.SetMaxSendMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // or two processes would share a port and never know
  keep_alive(builder, keepalive_);
  for (auto* service : services) {
    service->admit(secret_);
    builder.RegisterService(&service->handlers());
  }
  server_ = builder.BuildAndStart();
  if (!server_ || port == 0) {
    server_.reset();
    return std::unexpected("can't listen on " + listen + " for internal calls");
  }
  services_ = services;
  return static_cast<std::uint16_t>(port);
}

void GrpcServer::stop(std::chrono::milliseconds deadline) {
  if (!server_) return;
  for (auto* service : services_) service->drain();
  server_->Shutdown(std::chrono::system_clock::now() + deadline);
  server_->Wait();
  for (auto* service : services_) service->settle();
  server_.reset();
}

bool authentic(const grpc::CallbackServerContext& context, const SharedSecret& secret) {
  if (secret.empty()) return true;
  const auto [first, last] = context.client_metadata().equal_range(kSecretMetadata);
  return first != last && secret.matches({first->second.data(), first->second.size()});
}

}  // namespace parley::service

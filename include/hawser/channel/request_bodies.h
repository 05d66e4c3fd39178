// What stands in the type-specific part of channel opens, channel requests and global requests. Decode it with
// `wire::decode<T>`, which refuses a part that is cut short or too long, and make it with `wire::encode`.
#pragma once

#include "hawser/wire/codec.h"

namespace hawser::channel {

// Channel types: what stands in CHANNEL_OPEN.

// RFC 4254 §6.1
struct SessionOpen {
  static constexpr std::string_view type = "session";
  static constexpr auto fields = std::tuple<>{};
};

// RFC 4254 §6.3.2
struct X11Open {
  static constexpr std::string_view type = "x11";
  std::string_view originator_address;
  std::uint32_t originator_port = 0;
  static constexpr auto fields = std::tuple{wire::field("originator_address", &X11Open::originator_address),
                                            wire::field("originator_port", &X11Open::originator_port)};
};

// RFC 4254 §7.2
struct DirectTcpipOpen {
  static constexpr std::string_view type = "direct-tcpip";
  std::string_view host_to_connect;
  std::uint32_t port_to_connect = 0;
  std::string_view originator_address;
  std::uint32_t originator_port = 0;
  static constexpr auto fields = std::tuple{wire::field("host_to_connect", &DirectTcpipOpen::host_to_connect),
                                            wire::field("port_to_connect", &DirectTcpipOpen::port_to_connect),
                                            wire::field("originator_address", &DirectTcpipOpen::originator_address),
                                            wire::field("originator_port", &DirectTcpipOpen::originator_port)};
};

// RFC 4254 §7.2
struct ForwardedTcpipOpen {
  static constexpr std::string_view type = "forwarded-tcpip";
  std::string_view connected_address;
  std::uint32_t connected_port = 0;
  std::string_view originator_address;
  std::uint32_t originator_port = 0;
  static constexpr auto fields = std::tuple{wire::field("connected_address", &ForwardedTcpipOpen::connected_address),
                                            wire::field("connected_port", &ForwardedTcpipOpen::connected_port),
                                            wire::field("originator_address", &ForwardedTcpipOpen::originator_address),
                                            wire::field("originator_port", &ForwardedTcpipOpen::originator_port)};
};

// OpenSSH PROTOCOL §2.4. Both reserved fields are sent empty and not looked at.
struct DirectStreamlocalOpen {
  static constexpr std::string_view type = "direct-streamlocal@openssh.com";
  std::string_view socket_path;
  std::string_view reserved_string;
  std::uint32_t reserved_number = 0;
  static constexpr auto fields = std::tuple{wire::field("socket_path", &DirectStreamlocalOpen::socket_path),
                                            wire::field("reserved_string", &DirectStreamlocalOpen::reserved_string),
                                            wire::field("reserved_number", &DirectStreamlocalOpen::reserved_number)};
};

// OpenSSH PROTOCOL §2.4
struct ForwardedStreamlocalOpen {
  static constexpr std::string_view type = "forwarded-streamlocal@openssh.com";
  std::string_view socket_path;
  std::string_view reserved;
  static constexpr auto fields = std::tuple{wire::field("socket_path", &ForwardedStreamlocalOpen::socket_path),
                                            wire::field("reserved", &ForwardedStreamlocalOpen::reserved)};
};

// OpenSSH PROTOCOL.agent §2: a server opens it towards the client's agent.
struct AuthAgentOpen {
  static constexpr std::string_view type = "auth-agent@openssh.com";
  static constexpr auto fields = std::tuple<>{};
};

// Channel requests: what stands in CHANNEL_REQUEST.

// RFC 4254 §6.2. `modes` is read by decode_pty_modes (pty_modes.h).
struct PtyRequest {
  static constexpr std::string_view type = "pty-req";
  std::string_view term;
  std::uint32_t width_characters = 0;
  std::uint32_t height_rows = 0;
  std::uint32_t width_pixels = 0;
  std::uint32_t height_pixels = 0;
  Bytes modes;
  static constexpr auto fields = std::tuple{wire::field("term", &PtyRequest::term),
                                            wire::field("width_characters", &PtyRequest::width_characters),
                                            wire::field("height_rows", &PtyRequest::height_rows),
                                            wire::field("width_pixels", &PtyRequest::width_pixels),
                                            wire::field("height_pixels", &PtyRequest::height_pixels),
                                            wire::field("modes", &PtyRequest::modes)};
};

// RFC 4254 §6.3.1
struct X11Request {
  static constexpr std::string_view type = "x11-req";
  bool single_connection = false;
  std::string_view authentication_protocol;
  std::string_view authentication_cookie;
  std::uint32_t screen_number = 0;
  static constexpr auto fields =
      std::tuple{wire::field("single_connection", &X11Request::single_connection),
                 wire::field("authentication_protocol", &X11Request::authentication_protocol),
                 wire::field("authentication_cookie", &X11Request::authentication_cookie),
                 wire::field("screen_number", &X11Request::screen_number)};
};

// RFC 4254 §6.4
struct EnvRequest {
  static constexpr std::string_view type = "env";
  std::string_view variable_name;
  std::string_view variable_value;
  static constexpr auto fields = std::tuple{wire::field("variable_name", &EnvRequest::variable_name),
                                            wire::field("variable_value", &EnvRequest::variable_value)};
};

// RFC 4254 §6.5
struct ShellRequest {
  static constexpr std::string_view type = "shell";
  static constexpr auto fields = std::tuple<>{};
};

// RFC 4254 §6.5. The command is bytes in no particular encoding.
struct ExecRequest {
  static constexpr std::string_view type = "exec";
  std::string_view command;
  static constexpr auto fields = std::tuple{wire::field("command", &ExecRequest::command)};
};

// RFC 4254 §6.5
struct SubsystemRequest {
  static constexpr std::string_view type = "subsystem";
  std::string_view subsystem_name;
  static constexpr auto fields = std::tuple{wire::field("subsystem_name", &SubsystemRequest::subsystem_name)};
};

// RFC 4254 §6.7; never wants a reply
struct WindowChange {
  static constexpr std::string_view type = "window-change";
  std::uint32_t width_characters = 0;
  std::uint32_t height_rows = 0;
  std::uint32_t width_pixels = 0;
  std::uint32_t height_pixels = 0;
  static constexpr auto fields = std::tuple{wire::field("width_characters", &WindowChange::width_characters),
                                            wire::field("height_rows", &WindowChange::height_rows),
                                            wire::field("width_pixels", &WindowChange::width_pixels),
                                            wire::field("height_pixels", &WindowChange::height_pixels)};
};

// RFC 4254 §6.8; never wants a reply
struct XonXoff {
  static constexpr std::string_view type = "xon-xoff";
  bool client_can_do = false;
  static constexpr auto fields = std::tuple{wire::field("client_can_do", &XonXoff::client_can_do)};
};

// RFC 4254 §6.9, the name without "SIG"; never wants a reply
struct Signal {
  static constexpr std::string_view type = "signal";
  std::string_view signal_name;
  static constexpr auto fields = std::tuple{wire::field("signal_name", &Signal::signal_name)};
};

// RFC 4254 §6.10; never wants a reply
struct ExitStatus {
  static constexpr std::string_view type = "exit-status";
  std::uint32_t exit_status = 0;
  static constexpr auto fields = std::tuple{wire::field("exit_status", &ExitStatus::exit_status)};
};

// RFC 4254 §6.10; never wants a reply
struct ExitSignal {
  static constexpr std::string_view type = "exit-signal";
  std::string_view signal_name;
  bool core_dumped = false;
  std::string_view error_message;
  std::string_view language_tag;
  static constexpr auto fields = std::tuple{
      wire::field("signal_name", &ExitSignal::signal_name), wire::field("core_dumped", &ExitSignal::core_dumped),
      wire::field("error_message", &ExitSignal::error_message), wire::field("language_tag", &ExitSignal::language_tag)};
};

// RFC 4335 §3, in milliseconds
struct Break {
  static constexpr std::string_view type = "break";
  std::uint32_t break_length = 0;
  static constexpr auto fields = std::tuple{wire::field("break_length", &Break::break_length)};
};

// OpenSSH PROTOCOL.agent §2
struct AuthAgentRequest {
  static constexpr std::string_view type = "auth-agent-req@openssh.com";
  static constexpr auto fields = std::tuple<>{};
};

// OpenSSH PROTOCOL §2.1: the sender will read no more of what it is sent; never wants a reply
struct EndOfWrite {
  static constexpr std::string_view type = "eow@openssh.com";
  static constexpr auto fields = std::tuple<>{};
};

// Global requests: what stands in GLOBAL_REQUEST.

// RFC 4254 §7.1
struct TcpipForward {
  static constexpr std::string_view type = "tcpip-forward";
  std::string_view address_to_bind;
  std::uint32_t port_to_bind = 0;
  static constexpr auto fields = std::tuple{wire::field("address_to_bind", &TcpipForward::address_to_bind),
                                            wire::field("port_to_bind", &TcpipForward::port_to_bind)};
};

// RFC 4254 §7.1
struct CancelTcpipForward {
  static constexpr std::string_view type = "cancel-tcpip-forward";
  std::string_view address_to_bind;
  std::uint32_t port_to_bind = 0;
  static constexpr auto fields = std::tuple{wire::field("address_to_bind", &CancelTcpipForward::address_to_bind),
                                            wire::field("port_to_bind", &CancelTcpipForward::port_to_bind)};
};

// RFC 4254 §7.1: in REQUEST_SUCCESS, only where port 0 was asked for.
struct TcpipForwardReply {
  std::uint32_t bound_port = 0;
  static constexpr auto fields = std::tuple{wire::field("bound_port", &TcpipForwardReply::bound_port)};
};

// OpenSSH PROTOCOL §2.4
struct StreamlocalForward {
  static constexpr std::string_view type = "streamlocal-forward@openssh.com";
  std::string_view socket_path;
  static constexpr auto fields = std::tuple{wire::field("socket_path", &StreamlocalForward::socket_path)};
};

// OpenSSH PROTOCOL §2.4
struct CancelStreamlocalForward {
  static constexpr std::string_view type = "cancel-streamlocal-forward@openssh.com";
  std::string_view socket_path;
  static constexpr auto fields = std::tuple{wire::field("socket_path", &CancelStreamlocalForward::socket_path)};
};

// OpenSSH PROTOCOL §2.2
struct NoMoreSessions {
  static constexpr std::string_view type = "no-more-sessions@openssh.com";
  static constexpr auto fields = std::tuple<>{};
};

using ChannelOpenBodies = std::tuple<SessionOpen, X11Open, DirectTcpipOpen, ForwardedTcpipOpen, DirectStreamlocalOpen,
                                     ForwardedStreamlocalOpen, AuthAgentOpen>;
using ChannelRequestBodies =
    std::tuple<PtyRequest, X11Request, EnvRequest, ShellRequest, ExecRequest, SubsystemRequest, WindowChange, XonXoff,
               Signal, ExitStatus, ExitSignal, Break, AuthAgentRequest, EndOfWrite>;
using GlobalRequestBodies = std::tuple<TcpipForward, CancelTcpipForward, TcpipForwardReply, StreamlocalForward,
                                       CancelStreamlocalForward, NoMoreSessions>;

}  // namespace hawser::channel

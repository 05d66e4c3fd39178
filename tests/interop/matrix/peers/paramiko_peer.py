"""paramiko_peer.py client|server FOLDER: see README.md."""

import glob
import socket
import sys
import threading

import paramiko

role, folder = sys.argv[1], sys.argv[2]
KEY_CLASSES = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


def load_key(path):
    for key_class in KEY_CLASSES:
        try:
            return key_class.from_private_key_file(path)
        except paramiko.SSHException:
            pass
    raise SystemExit("no key: " + path)


def usable_kex(name):
    # Without moduli a server offers the group exchange and fails.
    has_groups = role == "client" or paramiko.Transport.load_server_moduli()
    return not name.startswith("gss-") and (has_groups or "group-exchange" not in name)


class EveryAlgorithm(paramiko.Transport):
    """Host key algorithms are left alone: what a server can prove depends on its keys."""

    _preferred_kex = tuple(filter(usable_kex, paramiko.Transport._kex_info))
    _preferred_ciphers = tuple(paramiko.Transport._cipher_info)
    _preferred_macs = tuple(paramiko.Transport._mac_info)
    _preferred_compression = tuple(paramiko.Transport._compression_info)


def log_in(port, key_file, content):
    transport = EveryAlgorithm(socket.create_connection(("127.0.0.1", port)))
    try:
        transport.connect(username="alice", pkey=load_key(key_file))
        channel = transport.open_session()
        channel.exec_command("cat")
        sender = threading.Thread(target=lambda: (channel.sendall(content), channel.shutdown_write()))
        sender.start()
        back = channel.makefile("rb").read()
        sender.join()
        if back != content or channel.recv_exit_status() != 0:
            raise paramiko.SSHException("other bytes came back")
    finally:
        transport.close()


def client():
    with open(folder + "/content", "rb") as file:
        content = file.read()
    for line in sys.stdin:
        port, key_file = line.split()
        try:
            log_in(int(port), key_file, content)
            print("result: ok")
        except Exception as error:  # whatever it is, the next login is due
            print("result:", repr(error).replace("\n", " "))


class Server(paramiko.ServerInterface):
    def __init__(self):
        with open(folder + "/authorized_keys") as file:
            self.keys = [line.split()[1] for line in file]

    def get_allowed_auths(self, username):
        return "publickey"

    def check_auth_publickey(self, username, key):
        known = username == "alice" and key.get_base64() in self.keys
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, channel_id):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        threading.Thread(target=cat, args=(channel,), daemon=True).start()
        return command == b"cat"


def cat(channel):
    while data := channel.recv(32768):
        channel.sendall(data)
    channel.send_exit_status(0)
    channel.close()


def serve(connection):
    transport = EveryAlgorithm(connection)
    for path in sorted(glob.glob(folder + "/host_*")):
        if not path.endswith(".pub"):
            transport.add_server_key(load_key(path))
    try:
        transport.start_server(server=Server())
    except (EOFError, paramiko.SSHException):
        transport.close()


def server():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening", listener.getsockname()[1], flush=True)
    while True:
        serve(listener.accept()[0])


client() if role == "client" else server()

"""paramiko_client.py PORT KEY KNOWN_HOSTS FOLDER: everything paramiko's SFTP client offers, against the server on PORT."""

import os
import sys

import paramiko

port, key, known_hosts, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
content = os.urandom(3_000_000)
local = os.path.join(folder, "paramiko")
with open(local, "wb") as file:
    file.write(content)

client = paramiko.SSHClient()
client.load_host_keys(known_hosts)
client.connect("127.0.0.1", port, "alice", key_filename=key, look_for_keys=False, allow_agent=False)
sftp = client.open_sftp()

sftp.mkdir("d")
sftp.put(local, "d/up")  # checks the size by stat afterwards
sftp.get("d/up", local + ".back")
assert open(local + ".back", "rb").read() == content
assert sftp.listdir("d") == ["up"]
sftp.rename("d/up", "d/renamed")
sftp.chmod("d/renamed", 0o640)
sftp.utime("d/renamed", (1_000_000_000, 1_100_000_000))
status = sftp.stat("d/renamed")
assert status.st_size == len(content) and status.st_mode & 0o777 == 0o640 and status.st_mtime == 1_100_000_000
sftp.symlink("renamed", "d/link")
assert sftp.readlink("d/link") == "renamed" and sftp.lstat("d/link").st_mode & 0o170000 == 0o120000
with sftp.open("d/renamed", "r+") as file:  # resume: what is there stays, the rest is written behind it
    file.truncate(1_000_000)
    assert file.stat().st_size == 1_000_000
    file.seek(1_000_000)
    file.set_pipelined(True)
    file.write(content[1_000_000:])
with sftp.open("d/renamed") as file:
    file.prefetch()
    assert file.read() == content
with sftp.open("d/renamed", "a") as file:
    file.write(b"tail")
with sftp.open("d/renamed") as file:
    file.seek(len(content))
    assert file.read(100) == b"tail" and file.read(1) == b""
try:
    sftp.open("d/renamed", "x")
    raise AssertionError("an exclusive open of a file that exists succeeded")
except IOError:
    pass
try:
    sftp.stat("missing")
    raise AssertionError("a missing file has attributes")
except FileNotFoundError:
    pass
sftp.posix_rename("d/renamed", "d/link")
sftp.remove("d/link")
assert sftp.listdir("d") == []
sftp.rmdir("d")
assert sftp.normalize("d/..") == "/"
client.close()
print("done")

"""asyncssh_peer.py client|server FOLDER: see README.md."""

import asyncio
import glob
import sys
import warnings

warnings.filterwarnings("ignore")  # of ciphers that nobody uses here

import asyncssh
from asyncssh.compression import get_compression_algs
from asyncssh.encryption import get_encryption_algs
from asyncssh.kex import get_kex_algs
from asyncssh.mac import get_mac_algs
from asyncssh.public_key import get_public_key_algs

role, folder = sys.argv[1], sys.argv[2]


def names(algorithms):
    return [name.decode() for name in algorithms if not name.startswith((b"gss-", b"rsa1024-", b"rsa2048-"))]


ALGORITHMS = {
    "kex_algs": names(get_kex_algs()),
    "encryption_algs": names(get_encryption_algs()),
    "mac_algs": names(get_mac_algs()),
    "compression_algs": names(get_compression_algs()),
    "signature_algs": names(get_public_key_algs()),
}


async def log_in(port, key_file, content):
    async with asyncssh.connect("127.0.0.1", port, username="alice", client_keys=[key_file], known_hosts=None,
                                server_host_key_algs=ALGORITHMS["signature_algs"], agent_path=None, config=None,
                                **ALGORITHMS) as ssh:
        done = await ssh.run("cat", input=content, encoding=None, check=True)
        if done.stdout != content:
            raise RuntimeError("other bytes came back")


async def client():
    with open(folder + "/content", "rb") as file:
        content = file.read()
    for line in sys.stdin:
        port, key_file = line.split()
        try:
            await log_in(int(port), key_file, content)
            print("result: ok")
        except Exception as error:  # whatever it is, the next login is due
            print("result:", repr(error).replace("\n", " "))


async def cat(process):
    while data := await process.stdin.read(32768):
        process.stdout.write(data)
        await process.stdout.drain()
    process.exit(0)


async def server():
    keys = [path for path in sorted(glob.glob(folder + "/host_*")) if not path.endswith(".pub")]
    listener = await asyncssh.listen("127.0.0.1", 0, server_host_keys=keys,
                                     authorized_client_keys=folder + "/authorized_keys", process_factory=cat,
                                     encoding=None, config=None, **ALGORITHMS)
    print("listening", listener.sockets[0].getsockname()[1], flush=True)
    await listener.wait_closed()


asyncio.run(client() if role == "client" else server())

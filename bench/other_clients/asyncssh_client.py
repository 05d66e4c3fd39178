#!/usr/bin/python3
"""Gets or puts one file with AsyncSSH, and prints the cipher that was used.

  asyncssh_client.py PORT USER KEY CIPHERS DIRECTION LOCAL REMOTE

CIPHERS are names, comma separated, best first. The server is our own: its host key is not looked at.
"""
import asyncio
import sys

import asyncssh


async def move(port, user, key, ciphers, direction, local, remote):
    async with asyncssh.connect("127.0.0.1", int(port), username=user, client_keys=[key], known_hosts=None, config=None,
                                agent_path=None, encryption_algs=ciphers.split(",")) as connection:
        async with connection.start_sftp_client() as sftp:
            if direction == "get":
                await sftp.get(remote, local)
            else:
                await sftp.put(local, remote)
        return connection.get_extra_info("send_cipher")


print(asyncio.run(move(*sys.argv[1:])))

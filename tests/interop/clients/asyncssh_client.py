"""asyncssh_client.py PORT KEY KNOWN_HOSTS FOLDER: what AsyncSSH's SFTP client offers, against the server on PORT."""

import asyncio
import os
import sys
import warnings

warnings.filterwarnings("ignore")  # of ciphers that nobody uses here

import asyncssh

port, key, known_hosts, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]


async def main():
    content = os.urandom(3_000_000)
    tree = os.path.join(folder, "asyncssh")
    os.makedirs(os.path.join(tree, "sub"))
    for name in ("one", "sub/two"):
        with open(os.path.join(tree, name), "wb") as file:
            file.write(content)
    os.utime(os.path.join(tree, "one"), (1_000_000_000, 1_100_000_000))

    async with asyncssh.connect("127.0.0.1", port, username="alice", client_keys=[key], known_hosts=known_hosts) as ssh:
        async with ssh.start_sftp_client() as sftp:
            await sftp.put(tree, "tree", recurse=True, preserve=True)
            await sftp.get("tree", tree + ".back", recurse=True, preserve=True)
            for name in ("one", "sub/two"):
                assert open(os.path.join(tree + ".back", name), "rb").read() == content
            status = await sftp.stat("tree/one")
            assert status.size == len(content) and status.mtime == 1_100_000_000
            assert sorted(await sftp.listdir("tree")) == [".", "..", "one", "sub"]
            assert sorted(await sftp.glob("tree/*")) == ["tree/one", "tree/sub"]
            await sftp.rename("tree/one", "tree/three")
            await sftp.posix_rename("tree/three", "tree/sub/two")
            await sftp.symlink("two", "tree/sub/soft")
            await sftp.link("tree/sub/two", "tree/sub/hard")
            assert await sftp.readlink("tree/sub/soft") == "two"
            assert (await sftp.lstat("tree/sub/soft")).type == asyncssh.FILEXFER_TYPE_SYMLINK
            await sftp.chmod("tree/sub/two", 0o604)
            assert (await sftp.stat("tree/sub/hard")).permissions & 0o777 == 0o604
            assert (await sftp.statvfs("tree")).bsize > 0
            await sftp.truncate("tree/sub/two", 10)
            async with sftp.open("tree/sub/two", "rb+") as file:
                await file.write(b"end", 10)
                await file.fsync()
                assert await file.read(20, 0) == content[:10] + b"end"
            try:
                await sftp.stat("missing")
                raise AssertionError("a missing file has attributes")
            except asyncssh.SFTPNoSuchFile:
                pass
            await sftp.rmtree("tree")
            assert not await sftp.exists("tree")
    print("done")


asyncio.run(main())

#!/usr/bin/python3
"""Gets or puts one file with paramiko, and prints the cipher that was used.

  paramiko_client.py PORT USER KEY CIPHERS DIRECTION LOCAL REMOTE

CIPHERS are names, comma separated, best first; those that it does not know are left out. The server is our own: its host key is not
looked at.
"""
import sys

import paramiko


def move(port, user, key, ciphers, direction, local, remote):
    transport = paramiko.Transport(("127.0.0.1", int(port)))
    options = transport.get_security_options()
    options.ciphers = [cipher for cipher in ciphers.split(",") if cipher in options.ciphers]
    transport.connect(username=user, pkey=paramiko.Ed25519Key.from_private_key_file(key))
    with paramiko.SFTPClient.from_transport(transport) as sftp:
        if direction == "get":
            sftp.get(remote, local)
        else:
            sftp.put(local, remote)
    print(transport.local_cipher)
    transport.close()


move(*sys.argv[1:])

"""inetd.py PROGRAM ARGUMENT...: runs the program with each connection as its standard input and output. Prints `listening PORT`."""

import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))
print("listening", listener.getsockname()[1], flush=True)
while True:
    connection = listener.accept()[0]
    subprocess.Popen(sys.argv[1:], stdin=connection, stdout=connection)
    connection.close()

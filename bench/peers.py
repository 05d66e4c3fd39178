"""What the benches share: the servers that are compared, their CPU time and memory, and tables of interleaved runs.

    options = peers.parser(__doc__).parse_args()
    with peers.Workplace(options.build) as place:
        servers = [place.start(name) for name in peers.SERVERS]
        cases = {(server.name,): functools.partial(measure, server) for server in servers}
        medians = peers.interleave(options.runs, cases)
    peers.report(options, text, medians)

Both servers listen on 127.0.0.1, have the same host key, let in the same user key, and serve `data` of the workplace, which is on tmpfs
where there is one: `Server.root` is what stands for it at the beginning of a remote path.
"""
import argparse
import copy
import ctypes
import getpass
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SERVERS = ("openssh", "hawser")


def parser(doc, runs=3):
    """The options that every bench has."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--build", default="build", help="build folder (default: build)")
    made.add_argument("--runs", type=int, default=runs, help=f"interleaved runs (default: {runs})")
    made.add_argument("--json", help="write the medians to this file as well")
    return made


def run(arguments, **options):
    """What a program prints; ends the bench if the program fails."""
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def process_tree(pid):
    """A process and its descendants that live."""
    todo = [pid]
    while todo:
        one = todo.pop()
        yield one
        try:
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children", encoding="ascii") as file:
                    todo += [int(child) for child in file.read().split()]
        except FileNotFoundError:
            pass


def tree_cpu_seconds(pid):
    """User and system time of a process and its descendants, the ended ones included."""
    ticks = 0
    for one in process_tree(pid):
        try:
            with open(f"/proc/{one}/stat", encoding="ascii") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            ticks += sum(int(fields[i]) for i in (11, 12, 13, 14))
        except FileNotFoundError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def tree_memory(pid):
    """PSS (a shared page counts once, divided among those who share it) and RSS of a process and its descendants, in KiB."""
    total = {"pss": 0, "rss": 0}
    for one in process_tree(pid):
        try:
            with open(f"/proc/{one}/smaps_rollup", encoding="ascii") as file:
                for line in file:
                    name = line.split(":")[0].lower()
                    if name in total:
                        total[name] += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def adopt_orphans():
    """The calling process, and the program it becomes, is the parent of all descendants whose own parent ends, so that their CPU time
    is not lost: a process of sshd may end before those that it has started."""
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


class Server:
    def __init__(self, name, process, port, root):
        self.name = name
        self.process = process
        self.port = port
        self.root = root

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def memory(self):
        return tree_memory(self.process.pid)

    def measured(self, action):
        """What `action` returns, the seconds it takes, and the CPU seconds of the clients it runs and of this server."""
        server_before = self.cpu_seconds()
        client_before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        result = action()
        seconds = time.monotonic() - start
        client_after = resource.getrusage(resource.RUSAGE_CHILDREN)
        time.sleep(0.2)  # the server's processes end, and their time is known
        return result, seconds, {
            "client_cpu": client_after.ru_utime + client_after.ru_stime - client_before.ru_utime - client_before.ru_stime,
            "server_cpu": self.cpu_seconds() - server_before,
        }

    def behind(self, port):
        """The same server, where it is reached through something that listens on this port."""
        other = copy.copy(self)
        other.port = port
        return other

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Workplace:
    """A temporary folder with keys, data and the servers that were started; all of it goes at the end of `with`."""

    def __init__(self, build):
        self.build = build
        self.hawser = os.path.abspath(f"{build}/tools/hawser")
        self.user = getpass.getuser()
        self.servers = []
        self.folder = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="hawser-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        os.makedirs(self.path("data"))
        for name in ("host", "client"):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name)])
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.stop()
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def bench_program(self, name):
        return os.path.abspath(f"{self.build}/bench/{name}")

    def write_random(self, name, size):
        """A file of random bytes; gives its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            for start in range(0, size, 1 << 20):
                file.write(os.urandom(min(1 << 20, size - start)))
        return path

    def start(self, name, sshd_options="", hawser_limits=""):
        """Of the options, each server takes its own: lines of sshd_config(5), lines of [limits] of hawser-serve.toml(5)."""
        server = self._start_sshd(sshd_options) if name == "openssh" else self._start_hawser(hawser_limits)
        self.servers.append(server)
        self.trust(server.port)
        return server

    def trust(self, port):
        """Clients expect our host key on this port."""
        with open(self.path("host.pub"), encoding="ascii") as file:
            key = file.read()
        with open(self.path("known_hosts"), "a", encoding="ascii") as file:
            file.write(f"[127.0.0.1]:{port} {key}")

    def _start_sshd(self, options):
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        port = free_port()
        with open(self.path("sshd_config"), "w", encoding="ascii") as file:
            file.write(
                f"Port {port}\nListenAddress 127.0.0.1\nHostKey {self.path('host')}\nAuthorizedKeysFile {self.path('client.pub')}\n"
                "StrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nPidFile none\n"
                f"Subsystem sftp internal-sftp\n{options}")
        process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", self.path("sshd_config")], stderr=subprocess.DEVNULL,
                                   preexec_fn=adopt_orphans)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return Server("openssh", process, port, self.path("data"))
            except OSError:
                time.sleep(0.01)
        process.kill()
        sys.exit("sshd did not start")

    def _start_hawser(self, limits):
        with open(self.path("serve.toml"), "w", encoding="utf-8") as file:
            file.write(f'[listen]\naddresses = ["127.0.0.1:0"]\nhost_keys = ["{self.path("host")}"]\n'
                       '[algorithms]\npolicy = "modern"\n'  # libssh2 needs it
                       f'[limits]\n{limits}\n'
                       f'[[users]]\nname = "{self.user}"\nroot = "{self.path("data")}"\n'
                       f'authorized_keys_file = "{self.path("client.pub")}"\n')
        with open(self.path("hawser.log"), "w", encoding="utf-8") as log:
            process = subprocess.Popen([self.hawser, "serve", "--config", self.path("serve.toml")], stdout=subprocess.PIPE, stderr=log,
                                       text=True)
        for line in process.stdout:
            if "listening on 127.0.0.1:" in line:
                return Server("hawser", process, int(line.split("listening on 127.0.0.1:")[1].split()[0]), "")
        sys.exit("hawser serve did not start")

    def sftp(self, server, batch, *options):
        """Runs OpenSSH's client with these commands."""
        arguments = ["sftp", "-b", "-", "-F", "/dev/null", "-P", str(server.port), "-i", self.path("client"), "-o", "IdentitiesOnly=yes",
                     "-o", f"UserKnownHostsFile={self.path('known_hosts')}", *options, f"{self.user}@127.0.0.1"]
        run(arguments, input=batch)

    def hawser_transfer(self, direction, *arguments):
        """Runs `hawser get` or `hawser put`."""
        run([self.hawser, direction, "--quiet", "--identity", self.path("client"), "--known-hosts", self.path("known_hosts"), *arguments])

    def move(self, client, server, direction, local, remote, cipher=None, mac=None):
        """Gets or puts one file with OpenSSH's client or ours."""
        if client == "openssh":
            paths = f"{server.root}{remote} {local}" if direction == "get" else f"{local} {server.root}{remote}"
            options = (["-c", cipher] if cipher else []) + (["-o", f"MACs={mac}"] if mac else [])
            self.sftp(server, f"{direction} {paths}\n", *options)
        else:
            paths = [self.url(server, remote), local] if direction == "get" else [local, self.url(server, remote)]
            options = (["--ciphers", cipher] if cipher else []) + (["--macs", mac] if mac else [])
            self.hawser_transfer(direction, *options, *paths)

    def transfer(self, server, direction, move, name="source"):
        """What Server.measured tells about `move(direction, local, remote)` for the file data/NAME, which must arrive unchanged."""
        source = self.path(f"data/{name}")
        written = self.path("local" if direction == "get" else "data/target")
        local, remote = (written, f"/{name}") if direction == "get" else (source, "/target")
        measured = server.measured(lambda: move(direction, local, remote))
        run(["cmp", written, source])
        os.remove(written)
        return measured

    def url(self, server, path):
        return f"sftp://{self.user}@127.0.0.1:{server.port}{server.root}{path}"

    def generator_arguments(self, program, server, *arguments):
        """The command line of one of this folder's load generators."""
        return [self.bench_program(program), str(server.port), self.user, self.path("client"), self.path("host.pub"),
                *(str(argument) for argument in arguments)]


def interleave(runs, cases):
    """Runs every case once, then all again: {key: function that gives {field: number}} becomes {key: {field: median}}."""
    samples = {}
    for number in range(runs):
        for key, measure in cases.items():
            samples.setdefault(key, []).append(measure())
        print(f"run {number + 1} of {runs} done", file=sys.stderr)
    return {key: {field: statistics.median(one[field] for one in many) for field in many[0]} for key, many in samples.items()}


def table(header, rows):
    def line(cells):
        return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"

    return "\n".join([line(header), "|" + "---|" * len(header)] + [line(row) for row in rows])


def report(options, text, medians):
    print(text)
    if options.json:
        with open(options.json, "w", encoding="ascii") as file:
            json.dump({" ".join(filter(None, key)): value for key, value in medians.items()}, file, indent=1)

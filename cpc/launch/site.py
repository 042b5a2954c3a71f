"""What one launcher has running on one data folder: how it is started, written down and stopped."""

import os

from cpc.launch import prepare
from cpc.launch.postgres import Postgres
from cpc.launch.processes import ignore_signals, signals_held, started_at, stop_all, stop_leftovers
from cpc.launch.valkey import Valkey


class Site:
    """Everything that one `./run` or `./run manage` has started on one data folder, and how it ends."""

    def __init__(self, data, console, *, for_tests=False):
        self.data = data
        self.console = console
        self.for_tests = for_tests
        self.children = []  # in the order of their start
        self.state = {"pid": os.getpid(), "started": started_at(os.getpid()), "processes": []}

    def tell(self, **facts):
        """Writes down what runs, for `./run manage` and for the next start."""
        self.state.update(facts)
        self.data.write_json("state.json", self.state)

    def start_child(self, child):
        """Starts it and writes it down, in place of one of the same name that has ended."""
        with signals_held():
            child.start()
            self.children = [each for each in self.children if each.name != child.name] + [child]
            self.tell(processes=[each.record() for each in self.children])

    def clear_leftovers(self):
        """Stops what a launcher left behind that was ended by force."""
        names = stop_leftovers(self.data.read_json("state.json").get("processes", []))
        if names:
            self.console.step(f"Stopped what an interrupted run had left: {', '.join(names)}")
        self.data.forget("state.json")

    def start_servers(self, *, database, number):
        """(DATABASE_URL, REDIS_URL): the person's own, else those of servers started here. Raises LaunchError."""
        if not self.for_tests:  # whose database is made by the tests
            prepare.refuse_unusable_servers()
        database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        password = self.data.database_password()
        if not database_url:
            server = Postgres(
                self.data.path / "postgres", password=password, log=self.data.log("postgres"), for_tests=self.for_tests
            )
            server.start(self.start_child, self.console)
            database_url = server.url(database)
            self.console.step("PostgreSQL is up")
        if not redis_url:
            server = Valkey(self.data.path, password=password, log=self.data.log("valkey"))
            server.start(self.start_child)
            redis_url = server.url(number)
            self.console.step("Valkey is up")
        return database_url, redis_url

    def stop(self):
        """Stops what uses the servers, then the servers, then forgets them. Nothing interrupts it."""
        ignore_signals()
        servers = [each for each in self.children if each.name in ("postgres", "valkey")]
        stop_all([each for each in self.children if each not in servers])
        stop_all(servers)
        self.children = []
        self.data.forget("state.json")


def start_servers_and_database(site, *, today, facts_only):
    """Starts the servers and makes the database. Returns the environment for the project's processes."""
    database_url, redis_url = site.start_servers(**database_names(facts_only))
    variables = prepare.project_environment(site.data, database_url=database_url, redis_url=redis_url, today=today)
    if not os.environ.get("DATABASE_URL"):
        prepare.create_database(variables)
    return variables


def load(site, variables, *, today, facts_only):
    """Brings the database up to date, and writes down how, for commands beside this start and for the next one. Returns the lines
    that tell who can log in."""
    accounts = prepare.prepare_database(site.data, variables, facts_only=facts_only, console=site.console)
    chosen = {"today": today, "facts_only": facts_only}
    site.data.write_json("last.json", chosen)
    site.tell(database_url=variables["DATABASE_URL"], redis_url=variables["REDIS_URL"], **chosen)
    return accounts


def database_names(facts_only):
    """Facts alone have a database of their own: a sample that was loaded once cannot be taken out of a ledger."""
    return {"database": "alianza_facts", "number": 1} if facts_only else {"database": "alianza", "number": 0}

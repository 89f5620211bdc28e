"""A run that counts until it is told that it is enough, and what must be in its books then."""

from pathlib import Path

from tests.e2e.home import PROJECT, Home, program
from tests.platform import wait_until

COUNTING = {
    "wardian.yaml": """
        name: counting
        version: 1.0.0
        parameters: {folder: {type: string}}
        steps: [{name: count, script: count.py}]
    """,
    "count.py": """
        import time
        from pathlib import Path

        import wardian

        folder, step = Path(wardian.parameters()["folder"]), 0
        with wardian.init(machine=None) as run:
            while not (folder / "enough").exists():
                run.log({"loss": 1 / (step + 1), "twice": 2 * step}, step=step)
                print(f"step {step}\\n", end="", flush=True)  # one write: no notice of the SDK gets into the line
                (folder / "reached").write_text(str(step))
                if step % 50 == 0:
                    run.log_text("note", f"at {step}", step=step)
                step += 1
                time.sleep(0.003)
            (folder / "trained").write_text("")
        print("counted", step)
    """,
}


class Counting:
    """One such run."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        folder.mkdir()
        home.wardian("create", "program", "-f", program(folder / "program", COUNTING))
        self.id = home.json("run", "program", "counting", f"--folder={folder}", "--detach")["id"]
        wait_until(self.kept, 60)

    @property
    def step(self) -> int:
        """How far the program itself is, whether or not a server hears of it."""
        reached = self.folder / "reached"
        return int((reached.exists() and reached.read_text()) or 0)

    def goes_on(self, steps: int = 100) -> None:
        until = self.step + steps
        wait_until(lambda: self.step >= until)

    def kept(self) -> int:
        """How many points the server has."""
        with self.home.client() as client:
            return client.runs.get(PROJECT, self.id)["metrics"].get("loss", {}).get("count", 0)

    def is_heard_again(self) -> None:
        before = self.kept()
        wait_until(lambda: self.kept() > before)

    def enough(self) -> None:
        (self.folder / "enough").write_text("")
        wait_until((self.folder / "trained").exists)

    def assert_books_are_whole(self) -> None:
        assert self.home.ended(self.id)["status"] == "succeeded"
        last = self.step + 1
        assert self.home.points(self.id, "loss") == [(step, 1 / (step + 1)) for step in range(last)]
        assert self.home.points(self.id, "twice") == [(step, 2.0 * step) for step in range(last)]
        printed = [line for line in self.home.log(self.id).splitlines() if line.startswith(("step ", "counted"))]
        assert printed == [*(f"step {step}" for step in range(last)), f"counted {last}"]
        with self.home.client() as client:
            notes = [each["step"] for each in client.artifacts.list(PROJECT, self.id, "media/")]
            assert sorted(notes) == list(range(0, last, 50))
            (workload,) = client.workloads.list()
        assert (workload["status"], workload["attempt"], workload["exit_code"]) == ("succeeded", 0, 0)

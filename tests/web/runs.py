"""Runs as a training script would log them, through the API."""

import httpx2

RUNS = "/api/v1/projects/demo/runs"


def create(api: httpx2.Client, name: str, **more: object) -> str:
    answer = api.post(RUNS, json={"name": name, "params": {"lr": 0.1, "depth": 3}, **more})
    answer.raise_for_status()
    return answer.json()["id"]


def log(api: httpx2.Client, run: str, first: int, count: int, key: str = "train/loss") -> None:
    steps = list(range(first, first + count))
    points = {key: {"step": steps, "value": [1 / (step + 1) for step in steps]}}
    api.post(f"{RUNS}/{run}/points", json={"points": points}).raise_for_status()


def write(api: httpx2.Client, run: str, start: int, text: str) -> int:
    answer = api.post(f"{RUNS}/{run}/log", params={"start": start}, content=text.encode())
    answer.raise_for_status()
    return answer.json()["end"]


def keep(api: httpx2.Client, run: str, path: str, content: bytes, media_type: str, **facts: object) -> None:
    answer = api.put(
        f"{RUNS}/{run}/artifacts/{path}", params=facts, content=content, headers={"Content-Type": media_type}
    )
    answer.raise_for_status()


def finish(api: httpx2.Client, run: str, status: str = "succeeded") -> None:
    api.post(f"{RUNS}/{run}/finish", json={"status": status}).raise_for_status()

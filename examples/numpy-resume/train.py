"""Logistic regression in plain NumPy, with checkpoints: an interrupted training goes on where it was."""

import argparse
import os
from pathlib import Path

import numpy as np

import wardian

CHECKPOINT = "checkpoint.npz"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--lr", type=float, default=0.5)
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--stop_after", type=int, default=0)
    parser.add_argument("--resume", default="")
    parser.add_argument("--seed", type=int, default=3)
    return parser.parse_args()


def two_moons(seed: int, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Points on two half circles, with squares and products as further features."""
    random = np.random.default_rng(seed)
    angle = random.uniform(0, np.pi, count)
    label = random.integers(0, 2, count)
    x = np.where(label, 1 - np.cos(angle), np.cos(angle)) + random.normal(0, 0.15, count)
    y = np.where(label, 0.5 - np.sin(angle), np.sin(angle)) + random.normal(0, 0.15, count)
    return np.stack([np.ones(count), x, y, x * y, x**2, y**2, x**3, y**3], axis=1), label


def last_checkpoint(run_id: str, features: int) -> tuple[int, np.ndarray]:
    """Epoch and weights of another run's last checkpoint; the beginning where there is none."""
    if not run_id:
        return 0, np.zeros(features)
    wardian.Client().artifacts.download(os.environ["WARDIAN_PROJECT"], run_id, CHECKPOINT, Path(CHECKPOINT))
    with np.load(CHECKPOINT) as kept:
        return int(kept["epoch"]), kept["weights"]


def main() -> None:
    chosen = arguments()
    x, label = two_moons(chosen.seed)
    began, weights = last_checkpoint(chosen.resume, x.shape[1])
    if began:
        print(f"going on after epoch {began} of run {chosen.resume}")
    with wardian.init() as run:
        for epoch in range(began + 1, chosen.epochs + 1):
            probability = 1 / (1 + np.exp(-x @ weights))
            weights = weights - chosen.lr * x.T @ (probability - label) / len(label)
            loss = -np.mean(label * np.log(probability + 1e-12) + (1 - label) * np.log(1 - probability + 1e-12))
            run.log({"loss": float(loss), "accuracy": float(np.mean((probability > 0.5) == label))}, step=epoch)
            if epoch % chosen.every == 0 or epoch == chosen.epochs:
                np.savez(CHECKPOINT, epoch=epoch, weights=weights)
                run.log_artifact(CHECKPOINT, kind="checkpoint")
            if chosen.stop_after and epoch - began >= chosen.stop_after:
                raise SystemExit(f"interrupted after epoch {epoch}")
        print(f"loss {loss:.6f} after epoch {chosen.epochs}")


if __name__ == "__main__":
    main()

"""Trains a small neural network on the UCI handwritten digits, and records how it goes."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import ConfusionMatrixDisplay, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

import wardian

DEFAULTS = {"epochs": 10, "lr": 0.05, "hidden": 64, "batch": 32, "seed": 7}


def images(seed: int) -> list[np.ndarray]:
    """Train and test images (8x8 pixels, 0 to 16) and the digits they show."""
    digits = load_digits()
    return train_test_split(digits.data, digits.target, test_size=0.25, random_state=seed, stratify=digits.target)


def confusion(model: object, x: np.ndarray, y: np.ndarray) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    ConfusionMatrixDisplay.from_estimator(model, x, y, ax=axes, colorbar=False, cmap="Blues")
    axes.set_title("What was read, against what was written")
    return figure


def main() -> None:
    chosen = DEFAULTS | wardian.parameters()
    x_train, x_test, y_train, y_test = images(chosen["seed"])
    scale = MaxAbsScaler().fit(x_train)
    network = MLPClassifier(
        hidden_layer_sizes=(chosen["hidden"],),
        solver="sgd",
        learning_rate_init=chosen["lr"],
        batch_size=min(chosen["batch"], len(x_train)),
        random_state=chosen["seed"],
    )
    model = make_pipeline(scale, network)
    with wardian.init(params=chosen) as run:
        for epoch in range(1, chosen["epochs"] + 1):
            network.partial_fit(scale.transform(x_train), y_train, classes=range(10))
            guessed = model.predict_proba(x_test)
            measured = {
                "loss/train": float(network.loss_),
                "loss/test": float(log_loss(y_test, guessed)),
                "accuracy": float((guessed.argmax(axis=1) == y_test).mean()),
            }
            run.log(measured, step=epoch)
            print(
                f"epoch {epoch:3d}  loss {measured['loss/test']:.4f}  accuracy {measured['accuracy']:.4f}", flush=True
            )
        run.log_figure("confusion", confusion(model, x_test, y_test), step=chosen["epochs"])
        wrong = np.flatnonzero(model.predict(x_test) != y_test)[:8]
        for index in wrong:
            caption = f"written {y_test[index]}, read {model.predict(x_test[index : index + 1])[0]}"
            run.log_image(f"misread/{index}", x_test[index].reshape(8, 8) / 16, step=chosen["epochs"], caption=caption)
        run.log_model("model", model, example=x_test[:2])


if __name__ == "__main__":
    main()

"""A program that learns to multiply in no time, and the predictions of what it has learned."""

from tests.e2e.home import Home

SCALER = {
    "wardian.yaml": """
        name: scaler
        version: 1.0.0
        parameters: {factor: {type: float, default: 2.0}}
        steps: [{name: learn, script: learn.py}]
        serve: {path: model, name: scaler}
    """,
    "learn.py": """
        import numpy as np
        from sklearn.linear_model import LinearRegression

        import wardian

        x = np.arange(8.0).reshape(-1, 1)
        with wardian.init(machine=None) as run:
            model = LinearRegression().fit(x, x[:, 0] * wardian.parameters()["factor"])
            run.log({"score": model.score(x, x[:, 0] * wardian.parameters()["factor"])})
            run.log_model("model", model, example=x[:2])
    """,
}


def predicted(home: Home, deployment: str = "scaler") -> list[float]:
    (output,) = home.json("predict", deployment, "-d", "[[1.0], [10.0]]")["outputs"]
    return [round(value, 6) for value in output["data"]]

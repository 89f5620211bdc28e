"""The one error a model server raises on purpose."""


class Refused(Exception):
    """A request that is answered with `status` and `{"error": message}` of the Open Inference Protocol."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status

"""What runs inside a model server: uvicorn, msgspec, numpy and the model's own packages, nothing else of Wardian."""

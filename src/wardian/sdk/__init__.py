"""The Python SDK: `init` and `Run` record, `Client` speaks the whole native API; all are names of `wardian`."""

"""Where workloads run. Each executor is one package behind the entry-point group `wardian.executors`."""

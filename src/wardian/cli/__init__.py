"""The command line: the verb first, one lazily loaded file per noun."""

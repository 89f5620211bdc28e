"""`python -m wardian` is `wardian`."""

from wardian.cli.main import main

if __name__ == "__main__":
    main()
